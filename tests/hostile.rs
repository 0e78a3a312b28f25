//! Input is written by strangers: whatever it is, the linter answers, soon, and points into the file.

#[path = "hostile/callers.rs"]
mod callers;
#[path = "hostile/inputs.rs"]
mod inputs;
#[path = "hostile/memory.rs"]
mod memory;
#[path = "hostile/mutated.rs"]
mod mutated;
#[path = "hostile/runs.rs"]
mod runs;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lint_core::report::{concise, json};
use lint_core::{Linter, Report, RunProfile, Settings, Source};

fn lint(sources: &[Source]) -> Report {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Audit;
    let files: BTreeMap<String, String> = BTreeMap::new();
    let report = Linter::new(settings).lint_with(sources, &files);
    assert_eq!(report.failures, [], "a rule panicked");
    for finding in report.findings() {
        let labels = finding.labels.iter().map(|label| &label.place);
        for place in labels.chain([&finding.place]).chain(&finding.scopes) {
            let text = place.file.text();
            assert!(text.get(place.span.range()).is_some(), "{finding:?} points outside of its file");
        }
        assert!(finding.severity <= finding.rule().severity);
        assert!(!finding.message().is_empty());
    }
    assert!(json::write(&report).starts_with('['));
    assert_eq!(concise::write(&report).is_empty(), report.findings.is_empty());
    report
}

/// Generous: a debug build on a busy machine. What is quadratic takes minutes at these sizes.
fn within(limit: Duration, what: &str, sources: &[Source]) -> Report {
    let start = Instant::now();
    // Threads that lint have small stacks.
    let report = std::thread::scope(|scope| {
        let work = std::thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, || lint(sources));
        work.unwrap().join().unwrap()
    });
    assert!(start.elapsed() < limit, "{what} took {:?}", start.elapsed());
    report
}

#[test]
fn hostile_dockerfiles() {
    let long = Duration::from_secs(60);
    let repeat = |head: &str, part: &str, times: usize| format!("{head}{}", part.repeat(times));
    for (what, text) in [
        ("nothing", String::new()),
        ("NUL", "FROM alpine\nRUN a\0b\nUSER \0\n".to_owned()),
        ("one long line", repeat("FROM alpine\nRUN echo ", "x", 4_000_000)),
        ("a continued line", repeat("FROM alpine\nRUN true", " && \\\n true", 100_000)),
        ("instructions", repeat("FROM alpine\n", "ENV A=$A:b\n", 30_000)),
        (
            "stages",
            format!(
                "FROM alpine AS s0\n{}",
                (0..5_000).map(|i| format!("FROM s{i} AS s{}\n", i + 1)).collect::<String>()
            ),
        ),
        ("substitutions", repeat("FROM alpine\nRUN ", "$(", 30_000)),
        ("expansions", repeat("FROM alpine\nUSER ", "${a:-", 10_000)),
        ("quotes", repeat("FROM alpine\nENV a=", "'\"", 30_000)),
        ("heredocs", repeat("FROM alpine\n", "RUN <<E\nx\nE\n", 10_000)),
        ("unterminated heredoc", repeat("FROM alpine\nRUN <<E\n", "x\n", 100_000)),
        ("comments", repeat("FROM alpine\n", "# plimsoll: ignore[x]\n", 10_000)),
        ("used comments", repeat("FROM alpine\n", "# hadolint ignore=DL3004\nRUN sudo x\n", 5_000)),
        ("pipes", repeat("FROM alpine\nRUN a", "|a", 30_000)),
        ("users", repeat("FROM alpine\nRUN ", "adduser -D a;", 5_000)),
        ("bases", (0..30_000).map(|i| format!("FROM S{i} AS s{}\n", i + 1)).collect()),
        (
            "pairs",
            format!(
                "FROM alpine\nENV{}",
                (0..30_000).map(|i| format!(" A{i}=$A{}", i + 7)).collect::<String>()
            ),
        ),
        (
            "functions",
            format!(
                "FROM alpine\nRUN{}",
                (0..10_000).map(|i| format!(" f{i}() {{ id; }}; f{i};")).collect::<String>()
            ),
        ),
    ] {
        within(long, what, &[Source::dockerfile("Dockerfile", text)]);
    }
}

#[test]
fn hostile_compose_files() {
    let long = Duration::from_secs(60);
    let mut bomb = String::from("x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n");
    for i in 1..12 {
        bomb.push_str(&format!("x{i}: &x{i} [{}]\n", vec![format!("*x{}", i - 1); 10].join(",")));
    }
    bomb.push_str("services: {a: {image: x, command: *x11}}\n");
    let mut merges = String::from("x-0: &x0 {a: b}\n");
    for i in 1..2_000 {
        merges.push_str(&format!("x-{i}: &x{i} {{<<: *x{}, k{i}: v}}\n", i - 1));
    }
    let shared = |services: usize| {
        let mut text = String::from("x-b: &b {image: 'nginx:1', privileged: true}\nservices:\n");
        (0..services).for_each(|i| text.push_str(&format!("  s{i}: {{<<: *b}}\n")));
        text
    };
    let extends = |services: usize| {
        let mut text = String::from("services:\n  s0: {image: 'x:1'}\n");
        (1..services).for_each(|i| text.push_str(&format!("  s{i}: {{extends: s{}}}\n", i - 1)));
        text
    };
    for (what, text) in [
        ("nothing", String::new()),
        ("NUL", "services:\n  a: {image: \"x\0\"}\n".to_owned()),
        ("deep flow", format!("services: {}", "[".repeat(50_000))),
        ("deep mappings", format!("services: {}", "{a: ".repeat(50_000))),
        ("deep sequences", format!("services:\n  a: {}", "- ".repeat(50_000))),
        ("alias bomb", bomb),
        ("merge chain", merges),
        ("shared anchor", shared(2_000)),
        ("extends chain", extends(500)),
        ("extends itself", "services:\n  a: {extends: b}\n  b: {extends: a}\n".to_owned()),
        ("includes itself", "include: [compose.yaml]\nservices: {a: {image: 'x:1'}}\n".to_owned()),
        ("cyclic alias", "services: &a\n  b: *a\n".to_owned()),
        ("one long line", format!("services:\n  a: {{image: 'x:1', command: {}}}\n", "x".repeat(4_000_000))),
        ("variables", format!("services:\n  a: {{image: '{}'}}\n", "${A:-".repeat(20_000))),
        (
            "keys",
            format!(
                "services:\n  a:\n    image: x:1\n    labels:\n{}",
                (0..30_000).map(|i| format!("      k{i}: v\n")).collect::<String>()
            ),
        ),
        ("documents", "---\nservices: {a: {image: 'x:1'}}\n".repeat(500)),
        ("tabs", "services:\n\ta: b\n".to_owned()),
    ] {
        within(long, what, &[Source::compose("compose.yaml", text)]);
    }
}

/// Values that hold the ones before them would be as long, together, as the square of their number. Past some megabytes they are
/// unknown, and the report says so.
#[test]
fn variables_that_grow_are_given_up() {
    let line = |i: usize| format!("ARG A{}=$A{i}:/x\n", i + 1);
    let chain = (0..10_000).map(line).collect::<String>();
    let long = "x".repeat(100_000);
    for (what, text) in [
        ("one variable", format!("FROM alpine\n{}", "ENV A=$A:/directory\n".repeat(20_000))),
        ("many variables", format!("FROM alpine\nARG A0=/directory\n{chain}")),
        ("arguments before the stages", format!("ARG A0=/directory\n{chain}FROM alpine:$A10000\n")),
        ("a long value", format!("FROM alpine\nENV A={long}\n{}", "COPY $A$A /\n".repeat(10_000))),
        ("a value that doubles", format!("FROM alpine\nENV A=x\n{}", "ENV A=$A$A\n".repeat(1_000))),
    ] {
        let report = within(Duration::from_secs(60), what, &[Source::dockerfile("Dockerfile", text)]);
        let notes: Vec<_> = report.notes.iter().map(|note| note.message.as_str()).collect();
        assert!(matches!(&*notes, [note] if note.starts_with("variables grow")), "{what}: {notes:?}");
    }
    // What people write grows too.
    let text = format!("FROM alpine\n{}", "ENV PATH=$PATH:/opt/tool/bin\n".repeat(200));
    assert_eq!(lint(&[Source::dockerfile("Dockerfile", text)]).notes, []);
}

/// Comments that cover the same findings are asked once for each rule, and a name that nobody knows is looked for once.
#[test]
fn comments_by_the_thousand() {
    let runs = "RUN apt-get install x\n".repeat(2_000);
    for (what, comment) in [
        ("names", format!("# plimsoll: ignore-file[{}] why\n", vec!["DL3008"; 2_000].join(","))),
        ("comments", "# plimsoll: ignore-file[DL3008] why\n".repeat(2_000)),
        ("comments of others", "# hadolint global ignore=DL3008\n".repeat(2_000)),
    ] {
        let text = format!("{comment}FROM debian:12\n{runs}");
        let report = within(Duration::from_secs(60), what, &[Source::dockerfile("Dockerfile", text)]);
        let unpinned = |rule: &lint_core::RuleMeta| rule.answers_to("DL3008");
        assert!(report.findings.iter().all(|finding| !unpinned(finding.rule)), "{what}");
        assert_eq!(report.accepted.iter().filter(|a| unpinned(a.finding.rule)).count(), 2_000, "{what}");
    }
    let unknown = "FROM alpine\n# plimsoll: ignore[root-usr]\nRUN true\n".repeat(2_000);
    let report = within(Duration::from_secs(60), "unknown", &[Source::dockerfile("Dockerfile", unknown)]);
    let meant =
        |finding: &&lint_core::Finding| finding.help.as_deref().is_some_and(|h| h.contains("root-user"));
    assert_eq!(report.findings.iter().filter(meant).count(), 2_000);
}

/// Names of a project are looked up, not searched.
#[test]
fn projects_of_many_names() {
    let list = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    let mounts = list(20_000, |i| format!("      - v{i}:/d{i}\n"));
    let volumes = list(20_000, |i| format!("  v{i}:\n"));
    let services = list(2_000, |i| format!("  s{i}: {{image: 'x:1', env_file: shared.env}}\n"));
    let shared = list(100, |i| format!("KEY_{i}=value\n"));
    for (what, text) in [
        ("volumes", format!("services:\n  a:\n    image: x:1\n    volumes:\n{mounts}volumes:\n{volumes}")),
        ("unused volumes", format!("services: {{a: {{image: 'x:1'}}}}\nvolumes:\n{volumes}")),
    ] {
        within(Duration::from_secs(60), what, &[Source::compose("compose.yaml", text)]);
    }
    let sources = [Source::compose("compose.yaml", format!("services:\n{services}"))];
    let files = BTreeMap::from([("shared.env".to_owned(), shared)]);
    let start = Instant::now();
    assert_eq!(Linter::default().lint_with(&sources, &files).failures, []);
    assert!(start.elapsed() < Duration::from_secs(60));
}

/// A build is planned once, however many services ask for it.
#[test]
fn many_services_over_one_long_dockerfile() {
    let line = |i: usize| format!("ENV A{i}=x\nRUN apk add p{i} && echo $A{i}\nCOPY f{i} /f{i}\n");
    let dockerfile = format!("FROM alpine:3.22\n{}", (0..1_500).map(line).collect::<String>());
    let services = |build: &str| {
        let services = (0..400).map(|i| format!("  s{i}:\n    build:{build}\n")).collect::<String>();
        format!("services:\n{services}")
    };
    let inline = dockerfile.replace('$', "$$").replace('\n', "\n    ");
    let anchor = format!("x-build: &b\n  dockerfile_inline: |\n    {inline}\n{}", services(" *b"));
    for (what, sources) in [
        (
            "a Dockerfile",
            vec![
                Source::compose("compose.yaml", services(" .")),
                Source::dockerfile("Dockerfile", dockerfile),
            ],
        ),
        ("a Dockerfile in an anchor", vec![Source::compose("compose.yaml", anchor)]),
    ] {
        within(Duration::from_secs(60), what, &sources);
    }
}

/// Services that each ask for another stage have each a plan of their own, of all stages.
#[test]
fn many_services_over_many_stages() {
    let stages = (0..1_000).map(|i| format!("FROM alpine:3.22 AS s{i}\nRUN sudo x\n")).collect::<String>();
    let services = |count: usize| {
        let services = (0..count).map(|i| format!("  s{i}: {{build: {{context: ., target: s{i}}}}}\n"));
        format!("services:\n{}", services.collect::<String>())
    };
    let report = |count| {
        let compose = Source::compose("compose.yaml", services(count));
        let sources = [compose, Source::dockerfile("Dockerfile", stages.clone())];
        within(Duration::from_secs(60), "services over stages", &sources)
    };
    assert_eq!(report(50).notes, []);
    let notes: Vec<_> = report(1_000).notes.into_iter().map(|note| note.message).collect();
    assert!(matches!(&*notes, [note] if note.contains("more than 500000 instructions")), "{notes:?}");
}

#[test]
fn hostile_files_of_the_daemon() {
    let long = Duration::from_secs(60);
    let keys = |count: usize| {
        let members: Vec<_> = (0..count).map(|i| format!("\"iccc{i}\": [{i}]")).collect();
        format!("{{{}}}", members.join(","))
    };
    for (what, text) in [
        ("nothing", String::new()),
        ("NUL", "{\"\0\": \0}".to_owned()),
        ("deep arrays", "[".repeat(100_000)),
        ("deep objects", "{\"a\":".repeat(100_000)),
        ("keys", keys(50_000)),
        ("one key", format!("{{{}\"icc\": 1}}", "\"hosts\": [\"tcp://a\"],".repeat(50_000))),
        ("a long list", format!("{{\"hosts\": [{}\"\"]}}", "\"tcp://0.0.0.0:2375\",".repeat(20_000))),
        ("one long string", format!("{{\"log-level\": \"{}", "\\u00e9".repeat(500_000))),
        ("half a pair", "{\"a\": \"\\ud83d\\ud83d\\u\"}".to_owned()),
    ] {
        let source = Source::daemon_json("daemon.json", text);
        within(long, what, &[source]);
    }
    for (what, text) in [
        ("nothing", String::new()),
        ("NUL", "[\0]\n\0=\0\n".to_owned()),
        ("sections", "[Service]\n".repeat(100_000)),
        (
            "a continued line",
            format!("[Service]\nExecStart=dockerd {}", "-H tcp://x:1 \\\n# c\n".repeat(20_000)),
        ),
        ("commands", format!("[Service]\n{}", "ExecStart=dockerd -D --icc\n".repeat(20_000))),
        ("resets", format!("[Service]\n{}", "ExecStart=dockerd -D\nExecStart=\n".repeat(50_000))),
        ("quotes", format!("[Service]\nExecStart=dockerd {}", "\"'".repeat(100_000))),
        ("shells", format!("[Service]\nExecStart={}", "sh -c ".repeat(20_000))),
        ("streams", format!("[Socket]\n{}", "ListenStream=2375\n".repeat(20_000))),
        ("comments", format!("[Socket]\n{}", "# plimsoll: ignore[x]\n".repeat(10_000))),
        ("no end", "[Service]\nExecStart=\\".to_owned()),
    ] {
        for name in ["docker.service", "docker.socket"] {
            let source = Source::systemd_unit(name, text.clone());
            within(long, what, &[source]);
        }
    }
}

#[test]
fn a_broken_file_does_not_keep_the_others_from_being_judged() {
    let sources = [
        Source::compose("a/compose.yaml", "services:\n\tbroken\n"),
        Source::dockerfile("b/Dockerfile", "FROM alpine\nUSER root\n"),
        Source::compose("c/compose.yaml", "services: {a: {image: 'x:1', privileged: true}}\n"),
    ];
    let found: Vec<_> = lint(&sources).findings.iter().map(|f| f.rule.name).collect();
    for name in ["syntax-error", "root-user", "privileged-service"] {
        assert!(found.contains(&name), "{name} is not among {found:?}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_report() {
    let sources: Vec<_> = (0..40)
        .flat_map(|i| {
            let compose = format!("services:\n  a{i}: {{build: ., privileged: true}}\n");
            [
                Source::compose(format!("p{i}/compose.yaml"), compose),
                Source::dockerfile(format!("p{i}/Dockerfile"), "FROM alpine\nUSER root\n"),
            ]
        })
        .collect();
    let report = |jobs| {
        let mut settings = Settings::default();
        settings.jobs = jobs;
        json::write(&Linter::new(settings).lint(&sources))
    };
    let one = report(1);
    assert!(one.contains("privileged-service"));
    assert_eq!(one, report(2));
    assert_eq!(one, report(16));
}
