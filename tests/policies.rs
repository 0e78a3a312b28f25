//! Policies: rules that a configuration brings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lint_core::config::{Layer, policy_library, read};
use lint_core::fix::fix;
use lint_core::policy::{FieldState, reference, run_example};
use lint_core::report::sarif::SarifRun;
use lint_core::syntax::text::source::SourceFile;
use lint_core::{Applicability, Linter, Report, Settings, Source, SourceKind};

type Files = BTreeMap<String, String>;

fn files(of: &[(&str, &str)]) -> Files {
    of.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn sources(files: &Files) -> Vec<Source> {
    let source = |(name, text): (&String, &String)| match name {
        name if name.ends_with("Dockerfile") => Some(Source::dockerfile(name, text)),
        name if name.ends_with("compose.yaml") => Some(Source::compose(name, text)),
        _ => None,
    };
    files.iter().filter_map(source).collect()
}

fn settings(config: &str) -> Settings {
    let configuration = read(config).unwrap_or_else(|errors| panic!("{errors:?}"));
    Settings::resolve(&[Layer::new("", configuration.options)], "").unwrap()
}

fn linter(config: &str) -> Linter {
    let mut settings = settings(config);
    if settings.select.is_empty() {
        settings.select = vec!["policy".to_owned()];
    }
    Linter::new(settings)
}

fn report(config: &str, of: &[(&str, &str)]) -> Report {
    let files = files(of);
    linter(config).lint_with(&sources(&files), &files)
}

/// What is found, as `place name: message`.
fn found(config: &str, of: &[(&str, &str)]) -> Vec<String> {
    let report = report(config, of);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    let told = |f: &lint_core::Finding| format!("{} {}: {}", f.location(), f.rule().name, f.message());
    report.findings.iter().map(told).collect()
}

fn errors(config: &str) -> Vec<String> {
    let file = SourceFile::new("c", config);
    read(config).expect_err(config).iter().map(|error| error.located(&file)).collect()
}

/// A policy of one expression for services.
fn requiring(require: &str) -> String {
    let require = serde_json::Value::from(require);
    format!("policies:\n  - name: p\n    for: service\n    unknown: fail\n    require: {require}\n")
}

#[test]
fn the_page_has_the_reference() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/policies.md");
    let written = std::fs::read_to_string(&path).unwrap();
    let mark = "cargo test --test policies -->\n\n";
    let (page, _) = written.split_once(mark).expect("the page has the mark");
    let wanted = format!("{page}{mark}{}", reference());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
        return;
    }
    assert!(written == wanted, "docs/policies.md is stale; run: BLESS=1 cargo test --test policies");
}

#[test]
fn the_twenty_of_the_library_say_what_their_examples_say() {
    assert_eq!(policy_library().len(), 20);
    for policy in policy_library() {
        let declared = policy.declared("").expect("it is on");
        let name = policy.name.clone().unwrap();
        let named = read(&format!("policies: [{name}]\n")).unwrap().options.policies.unwrap();
        assert_eq!(named[0].written(), *policy);
        let tests = policy.tests.as_deref().unwrap_or_default();
        for expect in ["pass", "fail"] {
            assert!(tests.iter().any(|test| test.expect == expect), "{:?} {expect}", policy.name);
        }
        for test in tests {
            assert_eq!(run_example(&declared, test), Ok(()), "{:?}: {test:?}", policy.name);
        }
    }
}

#[test]
fn an_example_that_does_not_hold_is_told() {
    let mut policy = policy_library()[0].clone();
    let declared = policy.declared("").unwrap();
    let test = &mut policy.tests.as_mut().unwrap()[0];
    test.expect = "fail".to_owned();
    assert!(run_example(&declared, test).unwrap_err().contains("expected to fail"));
    let mut failing = policy_library()[0].tests.clone().unwrap()[3].clone();
    failing.at = Some("compose.yaml:9".to_owned());
    assert!(run_example(&declared, &failing).unwrap_err().contains("nothing is found at compose.yaml:9"));
    (failing.at, failing.message) = (None, Some("nowhere".to_owned()));
    assert!(run_example(&declared, &failing).unwrap_err().contains("no message holds"));
}

#[test]
fn faults_are_told_with_their_places() {
    let text = r#"policies:
  - name: a
    for: container
    require: "container.usr.uid == 1"
  - name: b
    for: container
    require: container.user.uid == 'x'
  - name: c
    for: container
    require: "container.user.uid"
  - name: d
    for: image
    when: "image.registry in [1]"
    require: "image.tag.startWith('x')"
    message: "hello {image.nope} x"
    help: "{ oops"
  - name: e
    for: service
    require: |
      container.restart == 'alway' &&
        service.name.matches('(')
    suggest: {read_only: true, user: "{service.nam}"}
  - no-latset
  - use: uid-range
    with: {least: "10", foo: 1}
  - {for: service}
  - name: f
    for: service
    require: "é == 1 +"
  - name: f
    for: mount
    require: "true"
  - name: G
    for: service
    require: "has(service)"
  - name: h
    for: port
    require: "port.target + 'x' == '' || ports.size() > 1 || mount.host"
  - name: i
    for: service
    require: "'é' != service.nme"
  - name: j
    for: service
    require: "service.labels.all(1, true)"
  - name: k
    for: service
    require: "service.profiles.all(p, p > 1) && matches('a')"
"#;
    insta::assert_snapshot!(errors(text).join("\n"), @r#"
    c:4:25: a container has no `usr`; did you mean `user`?
    c:7:33: a whole number is never equal to text
    c:10:15: a truth value is needed here, and this is a whole number
    c:13:12: text is never in a list of which each element is a whole number
    c:14:25: there is no function `startWith`; did you mean `startsWith`?
    c:15:28: an image has no `nope`; it has reference, registry, repository, name, tag, digest, use, built, scratch, known, user, root, ended, exposes, volumes
    c:16:12: this brace is never closed; `{{` stands for a brace
    c:20:28: it is never 'alway'; did you mean 'always'?
    c:22:48: a service has no `nam`; did you mean `name`?
    c:23:5: the library has no policy `no-latset`; did you mean `no-latest`?
    c:25:19: `least` takes a whole number, not text
    c:25:30: this policy takes no `foo`; it takes least, most
    c:26:5: a policy needs `require`, or `use` and the name of one of the library's
    c:26:5: a policy needs a `name`
    c:29:15: `é` is not expected here
    c:30:11: there is a policy `f` already
    c:33:11: `G` cannot be the name of a policy: small letters, digits and dashes
    c:38:27: `+` does not go with a whole number and text; `string(…)` makes text of a number
    c:41:30: a service has no `nme`; did you mean `name`?
    c:44:34: a name for each element is needed here, as in `list.all(x, x > 0)`
    c:47:41: text is neither less nor more than a whole number
    "#);
    let shape = "policies:\n  - name: a\n    for: servic\n    require: \"true\"\n    severity: bad\n    stride: [x]\n    unknown: maybe\n    tests: [{compose: a}]\n    requires: x\n";
    insta::assert_snapshot!(errors(shape).join("\n"), @r#"
    c:3:10: `for` cannot be `servic`; did you mean `service`?
    c:5:15: `severity` cannot be `bad`; there are critical, high, medium, low, style, off
    c:6:14: `stride` cannot be `x`; there are spoofing, tampering, repudiation, information-disclosure, denial-of-service, elevation-of-privilege
    c:7:14: `unknown` cannot be `maybe`; there are pass, note, fail
    c:8:13: an item of `tests` needs `expect`
    c:9:5: unknown key `requires`; did you mean `require`?
    "#);
}

#[test]
fn hostile_expressions_are_refused_or_stopped() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    for expression in [
        nested("(", "1", ")", 90),
        nested("(", "1", ")", 1_000),
        nested("string(", "1", ")", 500),
        nested("f(", "1", ")", 1_000),
        nested("[1].all(x, ", "true", ")", 40),
        format!("{} == 1", vec!["1"; 1_000].join(" + ")),
        format!("container{}", ".x".repeat(1_000)),
        "a".repeat(5_000),
        "f(".repeat(1_000),
        "service.name.matches('((a{1000}){1000}){1000}')".to_owned(),
        format!("[{}] == []", vec!["1"; 2_000].join(",")),
        "\u{0}".to_owned(),
        "9223372036854775808 == 1".to_owned(),
    ] {
        assert_eq!(errors(&requiring(&expression)).len(), 1, "{expression:.40}");
    }
    let ten = format!("[{}]", vec!["1"; 40].join(","));
    let all =
        format!("{ten}.map(a, {ten}.map(b, {ten}.map(c, {ten} + {ten} + {ten} + {ten} + {ten}))) == []");
    let long = format!(
        "'{}'.replace('a', '{}').replace('a', '{}').size() > 1",
        "a".repeat(900),
        "a".repeat(900),
        "a".repeat(900)
    );
    let many = format!(
        "{ten}.all(a, {ten}.all(b, {}))",
        ["container.capabilities.exists(x, x == 'Y') == false"; 8].join(" && ")
    );
    let compose = "services:\n  a:\n    image: a:1\n";
    for expression in [all, long, many] {
        // A check that has been stopped may be absorbed by nothing.
        let report = report(&requiring(&format!("{expression} || true")), &[("compose.yaml", compose)]);
        assert_eq!(report.failures.len(), 1, "{expression:.60}");
        assert!(report.findings.is_empty());
    }
    let slow = requiring("('a' + service.name).matches('^(a+)+$') || true");
    assert!(found(&slow, &[("compose.yaml", compose)]).is_empty());
}

#[test]
fn expressions_mean_what_they_mean_in_cel() {
    let compose = "services:\n  web:\n    image: nginx:1.27\n    mem_limit: 512m\n    cpus: 0.5\n    labels: {team: a, tier: b}\n    profiles: [x, y]\n    user: '1000:${GID}'\n    restart: ${R:-always}\n    hostname: ${H}\n    environment: {A: '1', DB_PASSWORD: s3cr3t-Value}\n";
    let holds = |expression: &str| found(&requiring(expression), &[("compose.yaml", compose)]);
    for expression in [
        "1 + 2 * 3 == 7 && 7 / 2 == 3 && -7 % 3 == -1 && 1.5 + 1.5 == 3.0",
        "1 == 1.0 && 1 < 1.5 && 2 in [1, 2] && !(3 in [1, 2])",
        "'abc'.size() == 3 && size('é') == 1 && [1, 2].size() == 2 && {'a': 1}.size() == 1",
        "'a' + 'b' == 'ab' && [1] + [2] == [1, 2] && 'b' > 'a'",
        "'a.b'.split('.') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && 'abc'.substring(1, 2) == 'b'",
        "'ABC'.lowerAscii() == 'abc' && ' a '.trim() == 'a' && 'aXa'.replace('X', 'b') == 'aba'",
        "'abc'.indexOf('c') == 2 && int('12') == 12 && string(12) == '12' && double(1) == 1.0",
        "'web-1'.matches('[0-9]$') && !'web'.matches('^[0-9]') && matches('a', 'a')",
        "[1, 2, 3].filter(x, x > 1) == [2, 3] && [1, 2].map(x, x * 2) == [2, 4]",
        "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6] && [1, 2].exists_one(x, x == 1) && ![1, 1].exists_one(x, x == 1)",
        "[].all(x, false) && ![].exists(x, true)",
        "true ? true : 1 / 0 == 1",
        "(1 / 0 == 1 || true) && !(1 / 0 == 1 && false)",
        "[0, 1].exists(x, 1 / x == 1) && ![0, 1].all(x, 1 / x == 2)",
        "service.labels.team == 'a' && service.labels['tier'] == 'b' && 'team' in service.labels",
        "has(service.labels.team) && !has(service.labels.none) && service.labels.exists(l, l == 'team')",
        "has(container.limits.memory) && container.limits.memory == 512 * 1024 * 1024 && !has(container.limits.pids)",
        "container.limits.cpus == 0.5 && container.limits.cpus <= 1",
        "container.user.uid == 1000 && !container.user.root && known(container.user.uid)",
        "container.restart == 'always' && state(container.restart) == 'default' && state(service.name) == 'known'",
        "!known(service.hostname) && state(service.hostname) == 'unknown' && (service.hostname == 'x' || true)",
        "!known(container.environment.DB_PASSWORD) && has(container.environment.DB_PASSWORD)",
        "container.variables.exists(v, v.name == 'DB_PASSWORD' && v.secret)",
        "container['image'].tag == '1.27' && container.image.name == 'nginx'",
        "r'a\\d' == 'a\\\\d' && \"it's\" == 'it\\'s'",
    ] {
        assert_eq!(holds(expression), [""; 0], "{expression}");
    }
    for (expression, why) in [
        ("1 / 0 == 1", "a division by zero"),
        ("service.labels['none'] == 'x'", "no such key: `none`"),
        ("service.profiles[7] == 'x'", "there is no element 7"),
        ("9223372036854775807 + 1 > 0", "a number is too large"),
        ("int(service.name) == 1", "`web` is no whole number"),
        ("service.hostname == 'x'", "`service.hostname` is not known from the files"),
        ("container.environment['DB_PASSWORD'] == 'x'", "is withheld"),
        ("service.name == 'x'", "not met"),
    ] {
        let found = holds(expression);
        assert!(found.len() == 1 && found[0].contains(why), "{expression}: {found:?}");
        assert!(!found[0].contains("s3cr3t"));
    }
}

#[test]
fn findings_point_at_what_sets_the_value() {
    let base = "services:\n  base:\n    user: '0'\n    ports: ['80:80']\n";
    let compose = "x-l: &l\n  mem_limit: 8g\nservices:\n  web:\n    <<: *l\n    image: a:1\n    extends: {file: base.yaml, service: base}\n    env_file: [web.env]\n    environment: {A: 'no'}\n  app:\n    build: .\n";
    let all = [
        ("compose.yaml", compose),
        ("base.yaml", base),
        ("web.env", "B=no\n"),
        ("Dockerfile", "FROM alpine:3.20 AS build\nUSER root\nFROM build\nENV C=no\nRUN apk add curl\n"),
    ];
    let config = r#"policies:
  - {name: user, for: container, require: "!container.user.root", message: "uid {container.user.uid}"}
  - {name: memory, for: service, require: "container.limits.memory <= 1073741824"}
  - {name: pids, for: service, require: "has(container.limits.pids)"}
  - {name: port, for: port, require: "port.published >= 1024", message: "{port.published}"}
  - {name: variable, for: variable, require: "variable.value != 'no'", message: "{variable.name} from {variable.from}"}
  - {name: image, for: image, require: "image.use != 'base'", message: "{image.reference}"}
  - {name: stage, for: stage, require: "!stage.target || stage.name != ''"}
  - {name: run, for: instruction, require: "!instruction.packages.exists(p, p.name == 'curl')"}
  - {name: project, for: project, require: "project.services.all(s, s.container.image.tag == 'x' || s.name == 'app')"}
"#;
    insta::assert_snapshot!(found(config, &all).join("\n"), @r#"
    Dockerfile:1:6 policy/image: alpine:3.20
    Dockerfile:2:1 policy/user: uid 0
    Dockerfile:3:1 policy/stage: the policy `stage` is not met
    Dockerfile:4:1 policy/variable: C from image
    Dockerfile:5:13 policy/run: the policy `run` is not met
    base.yaml:3:11 policy/user: uid 0
    base.yaml:4:13 policy/port: 80
    compose.yaml:2:14 policy/memory: the policy `memory` is not met
    compose.yaml:4:3 policy/pids: the policy `pids` is not met
    compose.yaml:6:12 policy/project: the policy `project` is not met
    compose.yaml:9:22 policy/variable: A from environment
    compose.yaml:10:3 policy/pids: the policy `pids` is not met
    web.env:1:1 policy/variable: B from env_file
    "#);
}

#[test]
fn policies_are_like_other_rules() {
    let config = "policies:\n  - {name: tag, for: image, require: \"image.tag != 'latest'\", severity: high, stride: [tampering], category: supply-chain, message: 'moving'}\n";
    let compose = "services:\n  a:\n    image: nginx\n  b:\n    # plimsoll: ignore[policy/tag] a test\n    image: nginx\n";
    let seen = report(config, &[("compose.yaml", compose)]);
    assert_eq!(seen.findings.len(), 1);
    assert_eq!((seen.accepted.len(), seen.findings[0].service.as_deref()), (1, Some("a")));
    let silenced =
        |more: &str| report(&format!("{config}{more}"), &[("compose.yaml", compose)]).findings.len();
    assert_eq!(silenced("ignore: [policy/tag]\n"), 0);
    assert_eq!(silenced("ignore: [policy]\n"), 0);
    assert_eq!(silenced("select: [policy/tag]\n"), 1);
    assert_eq!(silenced("select: [secrets]\n"), 0);
    assert_eq!(silenced("per-service-ignores: {a: [policy/tag]}\n"), 0);
    assert_eq!(silenced("per-file-ignores: {'*': [policy/tag]}\n"), 0);
    let low = report(&format!("{config}severity: {{policy/tag: low}}\n"), &[("compose.yaml", compose)]);
    assert_eq!(low.findings[0].severity, lint_core::Severity::Low);
    let unknown = report(
        "policies: [no-latest]\nselect: [policy, hygiene]\n",
        &[("compose.yaml", "services:\n  a:\n    # plimsoll: ignore[policy/nope] x\n    image: a:1\n")],
    );
    assert!(
        unknown.findings.iter().any(|f| f.rule().name == "unknown-rule-in-ignore"),
        "{:?}",
        unknown.findings
    );

    let near = report(
        "policies: [no-latest]\nselect: [policy, hygiene]\n",
        &[("compose.yaml", "services:\n  a:\n    # plimsoll: ignore[policy/no-latset] x\n    image: a:1\n")],
    );
    let near = near.findings.iter().find(|f| f.rule().name == "unknown-rule-in-ignore").expect("it is told");
    assert_eq!(near.message(), "there is no policy `policy/no-latset`");
    assert_eq!(near.help.as_deref(), Some("did you mean `policy/no-latest`?"));

    let linter = linter(config);
    let rules = linter.rules();
    let rule = rules.iter().find(|rule| rule.name == "policy/tag").expect("it is listed");
    assert_eq!((rule.severity, rule.stride.len()), (lint_core::Severity::High, 1));
    assert!(rule.docs.contains("## Why") && rule.url().ends_with("docs/policies.md"));
    let mut sarif = SarifRun::new(rules.into_iter().map(|rule| (rule, rule.severity)));
    let _ = &mut sarif;
    let baseline = lint_core::baseline::Baseline::of(&seen.findings, "", "");
    let files = files(&[("compose.yaml", compose)]);
    let accepted = linter.with_baseline(baseline).lint_with(&sources(&files), &files);
    assert_eq!((accepted.findings.len(), accepted.baselined.len()), (0, 1));
}

#[test]
fn what_is_not_known_is_what_the_policy_says_it_is() {
    let compose = "services:\n  a:\n    image: example.com/a:${TAG}\n";
    let of = |unknown: &str| {
        let config = format!(
            "policies:\n  - {{name: t, for: image, require: \"image.tag == 'x'\", unknown: {unknown}}}\n"
        );
        let report = report(&config, &[("compose.yaml", compose)]);
        (report.findings.len(), report.notes.len())
    };
    assert_eq!((of("pass"), of("note"), of("fail")), ((0, 0), (0, 1), (1, 0)));
    let config = "policies:\n  - {name: t, for: image, when: \"image.tag == 'x'\", require: \"false\"}\n";
    assert_eq!(found(config, &[("compose.yaml", compose)]), [""; 0]);
    // Of a Dockerfile by itself nobody knows how it is started.
    let config =
        "policies:\n  - {name: t, for: container, require: \"container.read_only && service.name == 'x'\"}\n";
    assert_eq!(found(config, &[("Dockerfile", "FROM alpine:3.20\n")]), [""; 0]);
}

#[test]
fn containers_are_judged_whatever_they_are_written_as() {
    let config = "policies:\n  - {name: uid, for: container, require: 'container.user.uid >= 2000', message: '{service.name} of {project.kind}'}\n  - {name: memory, for: service, require: 'has(container.limits.memory)', message: '{project.path}'}\n  - {name: ports, for: port, require: '!port.all_interfaces', message: '{port.published}'}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      image: nginx:1.29\n      securityContext: {runAsUser: 1000}\n";
    let files = files(&[
        ("pod.yaml", pod),
        ("start.sh", "docker run -d --name cache -u 5 -m 1g -p 6379:6379 valkey:9\n"),
        ("app.container", "[Container]\nImage=docker.io/library/alpine:3.23\nUser=1000\nPublishPort=80:80\n"),
    ]);
    let sources = [
        Source::path("pod.yaml", SourceKind::Kubernetes),
        Source::path("start.sh", SourceKind::Commands),
        Source::path("app.container", SourceKind::Quadlet),
    ];
    let report = linter(config).lint_with(&sources, &files);
    let told = |f: &lint_core::Finding| format!("{} {}: {}", f.location(), f.rule().name, f.message());
    let told: Vec<String> = report.findings.iter().map(told).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    app.container:1:1 policy/memory: app.container
    app.container:3:6 policy/uid: app of quadlet
    app.container:4:13 policy/ports: 80
    pod.yaml:6:13 policy/memory: pod.yaml
    pod.yaml:8:36 policy/uid: web of kubernetes
    start.sh:1:31 policy/uid: cache of command
    start.sh:1:42 policy/ports: 6379
    "#);
}

#[test]
fn a_suggestion_is_a_fix() {
    let config = "policies:\n  - name: r\n    for: service\n    require: \"container.read_only && container.user.uid >= 10000 && 'team' in service.labels\"\n    suggest: {read_only: true, user: '10001:{container.user.uid}', labels: {team: '{service.name}'}}\n";
    let compose = "services:\n  a:\n    image: a:1\n    user: '7'\n    labels:\n      x: y\n";
    let files = files(&[("compose.yaml", compose)]);
    let fixed = fix(&linter(config), &sources(&files), &files, Applicability::Unsafe, &|_| true);
    let text: Vec<&str> = fixed.files.iter().map(|file| file.after.as_str()).collect();
    insta::assert_snapshot!(text.join("---\n"), @r#"
    services:
      a:
        image: a:1
        user: "10001:7"
        labels:
          x: y
          team: a
        read_only: true
    "#);
}

#[test]
fn the_view_answers_for_every_field_of_its_reference() {
    let compose = "name: p\nservices:\n  web:\n    build: {context: ., args: {A: b}}\n    image: app\n    ports: ['80:80', '53:53/udp']\n    volumes: ['./a:/a:ro', 'd:/d', {type: tmpfs, target: /t}]\n    tmpfs: [/x]\n    devices: ['/dev/a:/dev/b:r']\n    environment: {A: b, TOKEN: ghp_0123456789abcdefghijklmnopqrstuvwxyz}\n    depends_on: [db]\n    env_file: [a.env]\n    logging: {driver: local, options: {max-size: 1m}}\n    healthcheck: {test: [CMD, a], interval: 5s}\n    labels: {a: b}\n  db: {image: 'postgres:16'}\nvolumes: {d: {driver_opts: {a: b}}}\nnetworks: {n: {internal: true}}\nsecrets: {s: {file: ./s}}\nconfigs: {c: {content: x}}\n";
    let dockerfile = "FROM alpine:3.20 AS base\nARG V=1\nRUN --mount=type=cache,target=/c apk add curl=$V git\nCOPY --chown=app:app a b /d/\nFROM base\nUSER app\nCMD [\"a\"]\n";
    let files = files(&[("compose.yaml", compose), ("Dockerfile", dockerfile), ("a.env", "E=f\n")]);
    let explained = Linter::default().explain(&sources(&files), &files);
    let fields: Vec<_> = explained.iter().flat_map(|one| &one.fields).collect();
    let text = reference();
    let mut part = "";
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            part = name;
        }
        let Some(name) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) else { continue };
        let is_part = part.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let told_elsewhere = ["services", "container", "stage", "stages"].contains(&name);
        if is_part && !told_elsewhere && !name.contains('(') && !name.contains('.') {
            let ends = |path: &str| path.contains(&format!(".{name}"));
            assert!(fields.iter().any(|field| ends(&field.path)), "{part}.{name}");
        }
    }
    assert!(fields.iter().all(|field| field.state != FieldState::Withheld || field.value.is_null()));
    assert!(fields.iter().any(|field| field.state == FieldState::Withheld));
    assert!(!format!("{explained:?}").contains("ghp_0123"));
}
