//! Input is written by strangers: whatever it is, the linter answers, soon, and points into the file.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lint_core::report::{concise, json};
use lint_core::{Linter, Report, RunProfile, Settings, Source, SourceKind};
use proptest::prelude::*;

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
fn hostile_inputs() {
    let long = Duration::from_secs(60);
    let deep =
        |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
    let mut bomb = String::from("x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n");
    for i in 1..12 {
        bomb.push_str(&format!("x{i}: &x{i} [{}]\n", vec![format!("*x{}", i - 1); 10].join(",")));
    }
    bomb.push_str("a: {image: node, services: *x11}\n");
    let recipe = |command: &str, times: usize| format!("a:\n{}", format!("\t{command}\n").repeat(times));
    for (kind, name, text) in [
        (SourceKind::Commands, "Makefile", recipe("docker run --privileged a:1", 400_000)),
        (SourceKind::Commands, "Makefile", recipe("docker run --privileged -v /:/h a:1", 10_000)),
        (
            SourceKind::Commands,
            "Makefile",
            format!("include Makefile\nA = $(A)$(A)\na:\n{}", "\tdocker run $(A) x\n".repeat(5_000)),
        ),
        (SourceKind::Commands, "run.sh", format!("docker run {} a:1\n", "-v /:/h ".repeat(30_000))),
        (SourceKind::Commands, "run.sh", format!("docker run {}\n", "$A -x ".repeat(20_000))),
        (SourceKind::Commands, "run.sh", format!("docker run {}", deep("$(docker run ", ")", 10_000))),
        (SourceKind::Commands, "run.sh", format!("docker run -{} a\n", "i".repeat(200_000))),
        (
            SourceKind::Commands,
            "run.sh",
            format!(". ./run.sh\n{}", "docker run --privileged a:1\n".repeat(5_000)),
        ),
        (
            SourceKind::Commands,
            "a.service",
            format!("[Service]\nExecStart=docker run {}a:1\n", "-v /:/h \\\n".repeat(20_000)),
        ),
        (
            SourceKind::Commands,
            "package.json",
            format!("{{\"scripts\": {}}}", deep("{\"a\": ", "1}", 10_000)),
        ),
        (
            SourceKind::Pipeline,
            ".github/workflows/a.yml",
            format!(
                "jobs:\n  a:\n    steps:\n{}",
                "      - run: docker run --privileged a:1\n".repeat(5_000)
            ),
        ),
        (
            SourceKind::Pipeline,
            ".github/workflows/b.yml",
            format!(
                "jobs:\n{}",
                (0..5_000)
                    .map(|i| format!("  a{i}: {{container: {{image: a, options: --privileged}}}}\n"))
                    .collect::<String>()
            ),
        ),
        (SourceKind::Pipeline, ".gitlab-ci.yml", bomb),
        (SourceKind::Pipeline, "azure-pipelines.yml", format!("a: {}", deep("[", "]", 10_000))),
        (SourceKind::Bake, "docker-bake.hcl", format!("a = {}", deep("[", "]", 10_000))),
        (SourceKind::Bake, "docker-bake.hcl", format!("a = \"{}", "${\"".repeat(10_000))),
        (SourceKind::Bake, "docker-bake.hcl", format!("a = {}1", "!".repeat(10_000))),
        (
            SourceKind::Bake,
            "docker-bake.hcl",
            format!(
                "target \"a\" {{\n matrix = {{\n{} }}\n}}\n",
                (0..20).map(|i| format!("a{i} = [1,2,3,4,5,6,7,8,9,10]\n")).collect::<String>()
            ),
        ),
        (
            SourceKind::Bake,
            "docker-bake.hcl",
            (0..3_000)
                .map(|i| format!("target \"t{i}\" {{ inherits = [\"t{}\", \"t{}\"] }}\n", i + 1, i + 2))
                .collect(),
        ),
        (
            SourceKind::Bake,
            "docker-bake.hcl",
            (0..2_000)
                .map(|i| format!("variable \"v{i}\" {{ default = \"${{v{}}}${{v{}}}\" }}\n", i + 1, i + 1))
                .collect::<String>()
                + "target \"a\" { context = v0 }\n",
        ),
        (SourceKind::Bake, "docker-bake.json", deep("{\"target\":", "1}", 10_000)),
        (
            SourceKind::Quadlet,
            "a.container",
            format!(
                "[Container]\nImage=a:1\n{}",
                "Volume=/:/h\nPodmanArgs=--privileged -v /:/x\n".repeat(10_000)
            ),
        ),
        (SourceKind::Quadlet, "a.container", format!("[Container]\nExec={}\n", "a \\\n".repeat(100_000))),
        (
            SourceKind::DevContainer,
            "devcontainer.json",
            format!("{{\"image\": \"a\", \"runArgs\": [{}\"\"]}}", "\"-v\", \"/:/h\", ".repeat(20_000)),
        ),
        (SourceKind::DevContainer, "devcontainer.json", "/*".repeat(500_000)),
        (SourceKind::DevContainer, "devcontainer.json", deep("{\"build\": ", "}", 10_000)),
    ] {
        within(long, name, &[Source::new(name, kind, Some(text))]);
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

const DOCKERFILE: &str = "# syntax=docker/dockerfile:1\nARG V=3\nFROM python:${V}-slim AS base\nARG U=app\nENV A=1 B=\"two words\"\nRUN --mount=type=cache,target=/c useradd -u 1 $U && \\\n  # note\n  curl -k https://x.example/i.sh | sh\nCOPY --from=base --chmod=0777 <<EOF /a b/ ./\ntext $A\nEOF\nUSER ${U:-root}\nHEALTHCHECK --interval=5s CMD [\"true\"]\nENTRYPOINT [\"gosu\", \"app\"]\nCMD sh -c 'exec x'\n# plimsoll: ignore[root-user] why\nEXPOSE 80/tcp 22\n";

const COMPOSE: &str = "x-base: &base\n  restart: always # plimsoll: ignore[all]\n  environment: {PASSWORD: \"${P:-secret}\"}\nservices:\n  web:\n    <<: *base\n    build: {context: ., dockerfile_inline: \"FROM alpine\\nUSER root\"}\n    ports: [\"80:80\", \"127.0.0.1:${X:-1}-5:1-5/udp\"]\n    volumes: [/var/run/docker.sock:/s:ro, \"d:/d\", data:/v]\n    security_opt: [no-new-privileges:true]\n    depends_on: {db: {condition: service_healthy}}\n  db:\n    extends: {service: web}\n    image: postgres\n    ports: !reset []\n    deploy: {resources: {limits: {memory: 1g}}}\nvolumes: {data: {driver_opts: {o: bind, device: /etc}}}\n";

const DAEMON_JSON: &str = "{\n  \"hosts\": [\"tcp://0.0.0.0:2375\", \"fd://\"],\n\t\"icc\": true, \"log-level\": \"d\\u00e9\\ud83d\\ude00bug\",\n  \"default-ulimits\": {\"nofile\": {\"Soft\": -1.5e3}},\n  \"insecure-registry\": [\"r:5000\"], \"live-restore\": \"true\", \"iptables\": false\n}\n";

const UNIT: &str = "# plimsoll: ignore-file[root-daemon] why\n[Socket]\nListenStream=\nListenStream=%t/docker.sock\nListenStream=[::]:2375\nSocketMode=0666\n; note\nSocketGroup=users\n\n[Service]\nExecStart=-/usr/bin/dockerd -H fd:// \\\n  # plimsoll: ignore[insecure-registry]\n  --insecure-registry='r:5000' --icc $OPTS\nExecStart=/bin/sh -c \"dockerd -D -l=debug\"\n";

const DAEMON_DOCKERFILE: &str = "FROM docker:27-dind\nCOPY <<EOF /etc/docker/daemon.json\n{\"icc\": true, \"hosts\": [\"tcp://x:1\"]}\nEOF\nRUN cat > /etc/systemd/system/docker.socket <<'E'\n[Socket]\nListenStream=2375\nE\nRUN echo '{\"debug\": tru}' > /etc/docker/daemon.json && tee /etc/docker/daemon.json <<E\n{\nE\n";

/// A text with some pieces cut, doubled, swapped for others or filled with noise.
fn mutated(text: &'static str) -> impl Strategy<Value = String> {
    let noise = prop_oneof![
        Just("$".to_owned()),
        Just("\"".to_owned()),
        Just("\\\n".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("é😀".to_owned()),
        Just("{".to_owned()),
        Just("<<".to_owned()),
        Just("\r\n".to_owned()),
        Just("*base".to_owned()),
        Just("# plimsoll: ignore[".to_owned()),
        ".{0,8}",
    ];
    let cut = (0..text.len(), 0..40usize, noise);
    prop::collection::vec(cut, 1..6).prop_map(move |cuts| {
        let mut text = text.to_owned();
        for (at, length, noise) in cuts {
            let boundary = |mut i: usize, text: &str| {
                i = i.min(text.len());
                while !text.is_char_boundary(i) {
                    i -= 1;
                }
                i
            };
            let start = boundary(at, &text);
            let end = boundary(start + length, &text).max(start);
            text.replace_range(start..end, &noise);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}|[ -~\\n\\t]{0,300}") {
        lint(&[Source::dockerfile("Dockerfile", text.clone()), Source::compose("compose.yaml", text)]);
    }

    #[test]
    fn mutated_dockerfiles_are_answered(text in mutated(DOCKERFILE)) {
        lint(&[Source::dockerfile("Dockerfile", text)]);
    }

    #[test]
    fn mutated_files_of_the_daemon_are_answered(json in mutated(DAEMON_JSON), unit in mutated(UNIT), dockerfile in mutated(DAEMON_DOCKERFILE)) {
        lint(&[
            Source::daemon_json("daemon.json", json),
            Source::systemd_unit("docker.service", unit.clone()),
            Source::systemd_unit("docker.socket.d/x.conf", unit),
            Source::dockerfile("Dockerfile", dockerfile),
        ]);
    }

    #[test]
    fn mutated_compose_files_are_answered(text in mutated(COMPOSE)) {
        lint(&[Source::compose("compose.yaml", text)]);
    }
}

#[test]
fn a_byte_order_mark_is_all_there_is_of_a_daemon_json() {
    let heredoc = "FROM docker:27-dind\nRUN cat > /etc/docker/daemon.json <<E\n\u{feff}\nE\n";
    lint(&[Source::daemon_json("daemon.json", "\u{feff}"), Source::dockerfile("Dockerfile", heredoc)]);
    lint(&[Source::daemon_json("daemon.json", "")]);
}

/// What is longer than any command that people write is not read, and the report says so.
#[test]
fn commands_that_are_too_long() {
    let long = "echo hi; ".repeat(1_000_000);
    for (what, source) in [
        ("a command line", Source::dockerfile("Dockerfile", format!("FROM alpine\nRUN {long}\n"))),
        ("a heredoc", Source::dockerfile("Dockerfile", format!("FROM alpine\nRUN <<E\n{long}\nE\n"))),
        (
            "a command",
            Source::compose("c.yaml", format!("services:\n  a:\n    image: x:1\n    command: {long}\n")),
        ),
        (
            "a script",
            Source::compose(
                "c.yaml",
                format!("services:\n  a:\n    image: x:1\n    command: [sh, -c, '{long}']\n"),
            ),
        ),
    ] {
        let notes = within(Duration::from_secs(60), what, &[source]).notes;
        let is_honest = notes.iter().any(|note| note.message.contains("longer than 262144 bytes"));
        assert!(is_honest, "{what}: {notes:?}");
    }
}

/// What runs is read once however much of it there is, so that twice as much takes twice as long.
#[test]
fn much_that_runs() {
    let runs: String = (0..5_000)
        .map(|i| format!("RUN apt-get update && apt-get install -y p{i} && curl -fsSL https://x/{i} | sh\n"))
        .collect();
    let services: String = (0..1_000)
        .map(|i| {
            format!("  s{i}: {{image: 'x:{i}', command: [sh, -c, 'sh -c \"chmod 777 /a{i} && id\"']}}\n")
        })
        .collect();
    let nested =
        (0..12).fold("id".to_owned(), |inner, _| format!("sh -c '{}'", inner.replace('\'', "'\\''")));
    for (what, source) in [
        ("instructions", Source::dockerfile("Dockerfile", format!("FROM debian:12\n{runs}"))),
        ("services", Source::compose("c.yaml", format!("services:\n{services}"))),
        ("scripts in scripts", Source::dockerfile("Dockerfile", format!("FROM debian:12\nRUN {nested}\n"))),
        (
            "wrappers",
            Source::dockerfile("Dockerfile", format!("FROM debian:12\nRUN {}id\n", "sudo ".repeat(40_000))),
        ),
        (
            "programs that find runs",
            Source::dockerfile(
                "Dockerfile",
                format!("FROM debian:12\nRUN find / {}\n", "-exec sh -c id ; ".repeat(10_000)),
            ),
        ),
    ] {
        within(Duration::from_secs(60), what, &[source]);
    }
}

/// What a script does is followed no further than it is worth: functions that call one another, variables and directories that
/// grow, loops in loops, downloads by the thousand of which nothing is used.
#[test]
fn much_that_is_followed() {
    let calls: String =
        (0..60).map(|i| format!("f{i}() {{ f{n}; f{n}; rm -rf /x; }}; ", n = i + 1)).collect();
    let grows: String = (1..4_000).map(|i| format!("V{i}=$V{}/x; chmod 777 $V{i}; ", i - 1)).collect();
    let loops = (0..12).fold("rm -rf $v0$v1$v2".to_owned(), |text, i| {
        format!("for v{i} in {}; do {text}; done", "x ".repeat(40))
    });
    let downloads: String =
        (0..1_500).map(|i| format!("curl -o f{i} https://x.example.com/f{i}; true {i}; ")).collect();
    let checks: String = (0..1_500)
        .map(|i| format!("echo 'x  f{i}.tgz' | sha256sum -c; wget https://x.example.com/g{i}; "))
        .collect();
    let instructions =
        |line: &dyn Fn(usize) -> String, count: usize| (0..count).map(line).collect::<String>();
    for (what, text) in [
        ("functions", format!("RUN {calls} f0; f0; apt-get update\n")),
        (
            "functions of themselves",
            format!("RUN f() {{ f; g; }}; g() {{ f; }}; {} chmod 777 /x\n", "f; g; ".repeat(10_000)),
        ),
        ("variables", format!("RUN V0=/a; {grows}\n")),
        ("directories", format!("RUN {} chmod 777 x\n", "cd aaaaaaaaaa; ".repeat(15_000))),
        ("subshells", format!("RUN {}chmod 777 x{}\n", "(cd a; ".repeat(60), ")".repeat(60))),
        ("loops", format!("RUN {loops}; chmod 777 /x\n")),
        ("braces", format!("RUN chmod 777 {}\n", "{a,b}".repeat(4_000))),
        ("downloads", format!("RUN {downloads}\n")),
        ("checks", format!("RUN {checks}\n")),
        ("pipes", format!("RUN {}\n", "make | sort | tee x; ".repeat(5_000))),
        ("setuid bits", format!("RUN {}\n", "chmod u+s /x; chmod 755 /y; ".repeat(4_000))),
        ("traps", format!("RUN {}\n", "trap 'trap \"rm x\" EXIT' EXIT; ".repeat(8_000))),
        (
            "sudoers",
            instructions(&|i| format!("RUN echo 'u ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/u{i}\n"), 3_000),
        ),
        ("unsigned", instructions(&|i| format!("RUN apk add --allow-untrusted ./p{i}.apk\n"), 3_000)),
        (
            "keys",
            instructions(
                &|i| format!("RUN curl -o /etc/apt/trusted.gpg.d/k{i}.asc https://x.example.com/k\n"),
                2_000,
            ),
        ),
    ] {
        within(
            Duration::from_secs(60),
            what,
            &[Source::dockerfile("Dockerfile", format!("FROM debian:12\n{text}"))],
        );
    }
}

/// Lints a small project beside files that may call Docker.
fn beside(files: &[(String, String)]) {
    let compose = "services:\n  web:\n    image: web:${TAG}\n    build: .\n";
    let mut all: BTreeMap<String, String> = files.iter().cloned().collect();
    all.insert("compose.yaml".to_owned(), compose.to_owned());
    all.insert("Dockerfile".to_owned(), "FROM acme/base\nCOPY --from=src / /\n".to_owned());
    all.insert("other.yaml".to_owned(), "services:\n  web:\n    depends_on: [db]\n".to_owned());
    let sources = [
        Source::path("compose.yaml", SourceKind::Compose),
        Source::path("other.yaml", SourceKind::Compose),
        Source::path("Dockerfile", SourceKind::Dockerfile),
    ];
    let start = Instant::now();
    let report = std::thread::scope(|scope| {
        let lint = || Linter::default().lint_with(&sources, &all);
        let work = std::thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, lint);
        work.unwrap().join().unwrap()
    });
    assert_eq!(report.failures, [], "{}", files[0].0);
    assert!(start.elapsed() < Duration::from_secs(60), "{} took {:?}", files[0].0, start.elapsed());
}

#[test]
fn hostile_callers() {
    let one = |name: &str, text: String| beside(&[(name.to_owned(), text)]);
    let many = |name: &dyn Fn(usize) -> String, text: &dyn Fn(usize) -> String, count: usize| {
        let files: Vec<_> = (0..count).map(|i| (name(i), text(i))).collect();
        beside(&files);
    };
    // Makefiles: variables that grow, that hold each other, and files that include each other.
    let grows: String = (0..40).map(|i| format!("V{} = $(V{i})$(V{i})$(V{i})\n", i + 1)).collect();
    one("Makefile", format!("V0 = docker\n{grows}all:\n\t$(V40) build .\n"));
    one(
        "Makefile",
        format!("A = $(A)\nB = $(C)\nC = $(B)\n{}", "all:\n\tdocker build $(A) $(B)\n".repeat(5_000)),
    );
    one("Makefile", format!("all:\n\tdocker build {}\n", "$(".repeat(100_000)));
    one("Makefile", format!("all:\n{}", "\tdocker build -t a . \\\n".repeat(15_000)));
    one("Makefile", "A += docker build .\n".repeat(20_000) + "all:\n\t$(A)\n");
    let includes = |i: usize| format!("include {}.mk {}.mk {i}.mk\nall:\n\tdocker build .\n", i + 1, i * 2);
    many(&|i| format!("{i}.mk"), &includes, 300);
    // Scripts: nested, endless, and reading each other.
    one("a.sh", "docker $(".repeat(50_000));
    one("a.sh", format!("docker build {}", "'\"".repeat(100_000)));
    one("a.sh", format!("{}docker build .{}", "(".repeat(60_000), ")".repeat(60_000)));
    one(
        "a.sh",
        (0..12).fold("docker build .".to_owned(), |text, i| {
            format!("for v{i} in {}; do {text}; done", "x ".repeat(40))
        }),
    );
    one("a.sh", (0..40).fold("A=docker\n".to_owned(), |text, _| text + "A=\"$A $A\"\n") + "$A build .\n");
    one("a.sh", "docker build . && cd .. && ".repeat(10_000));
    one("a.sh", (0..20_000).map(|i| format!("V{i}=docker\n(V{i}=2; docker build .)\n")).collect());
    one("a.sh", "bash -c \"".repeat(20_000) + "docker build .");
    // Those that make Dockerfiles of others.
    one("a.sh", "cat Dockerfile-a > Dockerfile; ".repeat(8_000));
    one("a.sh", "{ cat Dockerfile-a; ".repeat(60) + &"} > Dockerfile; ".repeat(60));
    many(
        &|i| format!("{i}.sh"),
        &|i| format!("for d in *; do sed s/a/{i}/ Dockerfile-$d > Dockerfile; done\n").repeat(50),
        300,
    );
    one("a.sh", format!("docker build -t {} .", "$X ".repeat(60_000)));
    let reads = |i: usize| {
        format!(". ./{}.sh\n. ./{}.sh\n. ./{i}.sh\n./{}.sh\ndocker compose up\n", i + 1, i * 2, i / 2)
    };
    many(&|i| format!("{i}.sh"), &reads, 300);
    many(
        &|i| format!("{i}.sh"),
        &|i| {
            format!(
                "export V{i}=1\n{}docker compose up\n",
                (0..300).map(|to| format!("./{to}.sh\n")).collect::<String>()
            )
        },
        300,
    );
    // YAML, JSON, HCL, Markdown.
    one(".github/workflows/a.yml", format!("jobs: {}", "{steps: [{run: docker}, ".repeat(30_000)));
    one(".github/workflows/a.yml", format!("a: {}docker", "{{".repeat(100_000)));
    one(
        ".github/workflows/a.yml",
        format!(
            "env:\n{}jobs:\n{}",
            env_lines(10_000),
            "  a:\n    steps:\n      - run: docker build .\n".repeat(5_000)
        ),
    );
    one("docker-bake.hcl", "target \"a\" { inherits = [\"a\", \"a\"] context = [".repeat(10_000));
    one(
        "docker-bake.hcl",
        (0..300)
            .map(|i| {
                format!(
                    "target \"t{i}\" {{ inherits = [\"t{}\", \"t{}\", \"t{i}\"] }}\n",
                    i + 1,
                    (i * 7) % 300
                )
            })
            .collect(),
    );
    one("docker-bake.json", "{\"target\": {\"a\": ".repeat(50_000));
    one("package.json", format!("{{\"scripts\": {{\"a\": \"docker build {}\"}}}}", "$( ".repeat(50_000)));
    one("README.md", "```sh\ndocker build .\n".repeat(20_000));
    one("justfile", format!("a:\n    docker {}\n", "{{".repeat(100_000)));
    // Nothing that is found is run, and what is not text is passed by.
    one("a.sh", "touch /tmp/plimsoll-was-here; docker build $(touch /tmp/plimsoll-was-here)\n".to_owned());
    assert!(!std::path::Path::new("/tmp/plimsoll-was-here").exists());
    one("a.sh", "docker build \u{F8F0}/\u{F8F1}\0 .\n".to_owned());
}

fn env_lines(count: usize) -> String {
    (0..count).map(|i| format!("  V{i}: docker\n")).collect()
}

/// The name of a test that runs itself once more, in a process whose memory is measured.
const MEASURED: &str = "PLIMSOLL_TEST_MEASURED";

/// What has been judged is let go: a run needs the memory of its largest project and of its findings, not of all files.
#[test]
#[cfg(target_os = "linux")]
fn what_has_been_judged_is_let_go() {
    use lint_core::{Linter, Settings, Source, SourceKind};

    /// Dockerfiles that are made when they are asked for, so that none is kept by whoever has them.
    struct Made;

    impl lint_core::Files for Made {
        fn read(&self, path: &str) -> Result<String, lint_core::FileError> {
            let number = path.strip_suffix("/Dockerfile").ok_or(lint_core::FileError::NotFound)?;
            let run = "RUN apt-get update && apt-get install -y curl git && rm -rf /var/lib/apt/lists/*\n";
            Ok(format!("FROM debian:13\nLABEL number={number}\n{}USER 1000\n", run.repeat(70)))
        }

        fn exists(&self, _: &str) -> bool {
            false
        }
    }

    if std::env::var_os(MEASURED).is_some() {
        let sources: Vec<Source> =
            (0..3000).map(|n| Source::path(format!("{n}/Dockerfile"), SourceKind::Dockerfile)).collect();
        let mut settings = Settings::default();
        settings.select = vec!["root-user".to_owned()];
        settings.jobs = 2;
        assert!(Linter::new(settings).lint_with(&sources, &Made).findings().is_empty());
        return;
    }
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 600000; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().expect("it has a path"))
        .args(["--exact", "what_has_been_judged_is_let_go", "--nocapture"])
        .env(MEASURED, "1")
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .expect("it runs again");
    // 3,000 trees of 70 kB of memory for each 6 kB of text, and more of what rules ask of them, do not fit.
    assert!(output.status.success(), "{output:?}");
}
