//! A fault is told once: all rules of each profile over every case of every rule.

use std::collections::{BTreeMap, BTreeSet};

use lint_core::{Finding, Linter, RunProfile, Settings, Source, rules};

#[path = "rule_cases/texts.rs"]
mod texts;

use crate::texts::{Texts, cases, kind, read};

/// Rules about what a service, a stage or a daemon lacks. All that it lacks is told at its name, for want of another
/// place, and each is a setting of its own.
const LACKS: &[&str] = &[
    "anonymous-control-plane",
    "authorization-disabled",
    "component-profiling",
    "daemon-allows-new-privileges",
    "inter-container-communication",
    "kubelet-read-only-port",
    "lasting-service-account-tokens",
    "live-restore-disabled",
    "local-only-logging",
    "missing-audit-log",
    "missing-authorization-plugin",
    "missing-default-ulimits",
    "missing-healthcheck",
    "missing-network-policy",
    "missing-seccomp-profile",
    "missing-user",
    "mounted-service-account-token",
    "new-privileges-allowed",
    "open-etcd",
    "root-daemon",
    "seccomp-default-off",
    "seccomp-disabled",
    "tampered-node",
    "unchecked-client-certificates",
    "undropped-capabilities",
    "unencrypted-secrets-at-rest",
    "unlimited-cpu",
    "unlimited-memory",
    "unlimited-pids",
    "unlimited-pod-pids",
    "unverified-kubelet",
    "user-namespaces-disabled",
    "userland-proxy-enabled",
    "weak-admission",
    "weak-component-tls",
    "writable-root-filesystem",
];

/// Two faults in one span, and why they are two. `*` stands for any rule.
const TWO_FAULTS: &[(&str, &str, &str)] = &[
    ("image-without-digest", "lost-image-group", "what the name stands for, and whom it runs as"),
    ("weak-admission", "weak-admission", "what is admitted unseen, and what is not looked for"),
    ("unverified-kubelet", "unverified-kubelet", "who asks a kubelet, and which kubelet answers"),
    (
        "lasting-service-account-tokens",
        "lasting-service-account-tokens",
        "how long tokens count, and the keys that they are signed by",
    ),
    ("missing-audit-log", "missing-audit-log", "what is recorded, and how long it is kept"),
    ("open-etcd", "open-etcd", "who may ask etcd, and how etcd proves itself"),
    ("capability-with-prefix", "refused-pod", "how a name is written, and what it contradicts"),
    (
        "base-image-without-digest",
        "end-of-life-base-image",
        "a digest of an old release pins the old release",
    ),
    ("end-of-life-image", "image-without-digest", "a digest of an old release pins the old release"),
    ("cd-instead-of-workdir", "ignored-failure", "where a command runs, and whether its failure is seen"),
    ("exposed-data-store", "port-conflict", "who reaches a port, and that two services want it"),
    ("exposed-data-store", "port-of-another-project", "who reaches a port, and that two projects want it"),
    (
        "port-of-another-project",
        "port-on-all-interfaces",
        "that two projects want a port, and who reaches it",
    ),
    ("*", "yaml11-boolean", "how a value is written, and what it says"),
    ("*", "unpinned-system-package", "which version is installed, and whether the package should be there"),
    (
        "consecutive-runs",
        "inconsistent-instruction-casing",
        "the instruction, and how its keyword is written",
    ),
    ("group-given-as-comment", "unused-user", "the user's group, and that nothing runs as the user"),
    (
        "ignored-failure",
        "unchecked-download",
        "whether the download may fail, and whether it is the right one",
    ),
    ("ignored-failure", "wget-progress-bar", "whether the download may fail, and what it prints"),
    (
        "pipe-without-pipefail",
        "unchecked-download",
        "whether the download may fail, and whether it is the right one",
    ),
    ("unchecked-download", "wget-progress-bar", "what comes, and what is printed meanwhile"),
    ("docker-group-granted", "unused-user", "the user's group, and that nothing runs as the user"),
    ("sparse-lastlog", "unused-user", "the user's number, and that nothing runs as the user"),
    ("duplicate-stage-name", "stage-name-casing", "the name, and how it is written"),
    (
        "engine-socket-exposed",
        "sensitive-host-mount",
        "a directory has the engine's socket in it, and secrets besides",
    ),
    ("engine-socket-exposed", "writable-system-mount", "read-only, the socket still takes orders"),
    (
        "ignored-failure",
        "package-cache-in-layer",
        "what the command leaves behind, and that nobody sees it fail",
    ),
    ("install-awaiting-answer", "package-upgrade", "that the command will ask, and what it does"),
    ("install-awaiting-answer", "package-cache-in-layer", "two options that one command lacks"),
    ("install-awaiting-answer", "recommended-packages", "two options that one command lacks"),
    (
        "package-cache-in-layer",
        "package-index-update-alone",
        "what the command leaves behind, and that it is stale",
    ),
    ("package-cache-in-layer", "package-upgrade", "what the command leaves behind, and what it does"),
    ("invalid-base-image", "unpinned-base-image", "no image without the argument, and no tag with it"),
    ("invalid-compose", "port-on-all-interfaces", "the port is refused for something else"),
    ("invalid-compose", "unused-resource", "the resource is refused for something else"),
    ("legacy-key-value", "tls-verification-disabled", "how a value is written, and what it says"),
    ("plain-http-download", "remote-add-without-checksum", "who may listen, and who may change what comes"),
    ("port-conflict", "port-on-all-interfaces", "whether the port can be had, and by whom it is reached"),
    (
        "port-on-all-interfaces",
        "ssh-server-in-container",
        "another program on that port is reached by all too",
    ),
    ("port-on-all-interfaces", "unexposed-port", "who reaches the port, and that nothing listens there"),
    ("reserved-stage-name", "stage-name-casing", "the name, and how it is written"),
];

#[test]
fn no_two_findings_tell_the_same_fault() {
    let mut doubles: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for case in cases("") {
        let mut texts = Texts::new();
        read(if case.is_dir() { &case } else { case.parent().unwrap() }, &case, &mut texts);
        for profile in [RunProfile::Default, RunProfile::Strict, RunProfile::Audit] {
            let findings = lint(profile, &texts);
            for (one, other) in pairs(&findings) {
                let at = format!("{} {}", case.display(), one.location());
                doubles.entry((one.rule.name, other.rule.name)).or_default().insert(at);
            }
        }
    }
    doubles.retain(|(one, other), _| !are_two(one, other));
    let told: Vec<_> = doubles
        .iter()
        .map(|((one, other), at)| format!("{one} + {other}: {}", at.first().map_or("", String::as_str)))
        .collect();
    assert!(told.is_empty(), "one fault or two?\n{}", told.join("\n"));
}

#[test]
fn a_rule_answers_to_the_names_of_those_that_became_part_of_it() {
    let [rule] = rules::find("dependency-never-healthy")[..] else { panic!("one rule has it") };
    assert_eq!(rule.name, "dependency-without-healthcheck");
}

#[test]
fn what_is_left_out_is_heard_where_the_other_does_not_run() {
    let text = "FROM debian:13\nRUN useradd svc\nCMD [\"/app\"]\n";
    let names = |ignore: &[&str], text: &str| {
        let mut settings = Settings::default();
        settings.ignore = ignore.iter().map(|&name| name.to_owned()).collect();
        let report = Linter::new(settings).lint(&[Source::dockerfile("Dockerfile", text)]);
        report.findings.iter().map(|finding| finding.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&[], text), ["unused-user"]);
    assert_eq!(names(&["unused-user"], text), ["missing-user"]);
    let accepted = text.replace("RUN", "# plimsoll: ignore[unused-user] for the build\nRUN");
    // One comment accepts the fault, whatever tells it.
    assert!(names(&[], &accepted).is_empty());
}

fn lint(profile: RunProfile, texts: &Texts) -> Vec<Finding> {
    let mut settings = Settings::default();
    settings.profile = profile;
    settings.today = "2030-01-01".parse().ok();
    let sources: Vec<_> =
        texts.keys().filter_map(|name| Some(Source::path(name.clone(), kind(name)?))).collect();
    Linter::new(settings).lint_with(&sources, texts).findings
}

/// Findings about the same bytes of the same subject. The same bytes may stand for two stages or services.
fn pairs(findings: &[Finding]) -> Vec<(&Finding, &Finding)> {
    let mut places: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let span = finding.span();
        let subject = (finding.file().name(), span.start(), span.end(), &finding.service);
        places.entry(subject).or_default().push(finding);
    }
    let mut pairs = Vec::new();
    for findings in places.values() {
        for (at, one) in findings.iter().enumerate() {
            let others = findings[at + 1..]
                .iter()
                .filter(|other| one.stage.is_none() || other.stage.is_none() || one.stage == other.stage);
            pairs.extend(others.map(|other| (*one, *other)));
        }
    }
    pairs
}

fn are_two(one: &str, other: &str) -> bool {
    let lacks = one != other && [one, other].iter().any(|name| LACKS.contains(name));
    let is = |pattern: &str, name: &str| pattern == "*" || pattern == name;
    lacks
        || TWO_FAULTS.iter().any(|(first, second, _)| {
            (is(first, one) && is(second, other)) || (is(first, other) && is(second, one))
        })
}
