//! Containers that are written down as something else than a Compose file: what is found in them, and where.

#[path = "inputs/acts.rs"]
mod acts;
#[path = "inputs/beside.rs"]
mod beside;
#[path = "inputs/callers.rs"]
mod callers;
#[path = "inputs/cases.rs"]
mod cases;
#[path = "inputs/examples.rs"]
mod examples;
#[path = "inputs/fixes.rs"]
mod fixes;
#[path = "inputs/jobs.rs"]
mod jobs;
#[path = "inputs/layers.rs"]
mod layers;
#[path = "inputs/lines.rs"]
mod lines;
#[path = "inputs/lowered.rs"]
mod lowered;
#[path = "inputs/same.rs"]
mod same;

use std::collections::BTreeMap;

use lint_core::kind::{NameSays, by_name, by_text, starts};
use lint_core::session::Session;
use lint_core::{Linter, RunProfile, Settings, Source, SourceKind};

/// What a file of that name is.
fn kind(name: &str, text: &str) -> Option<SourceKind> {
    match by_name(std::path::Path::new(name)) {
        NameSays::Kind(kind) => Some(kind),
        NameSays::MayStart(kind) => starts(kind, text).then_some(kind),
        NameSays::Perhaps { .. } => by_text(text),
        _ => None,
    }
}

/// What is found in a file beside others: each rule with the text it points at.
fn found(files: &[(&str, &str)], profile: RunProfile) -> Vec<String> {
    let texts: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let (name, text) = files[0];
    let Some(kind) = kind(name, text) else { return vec!["no input".to_owned()] };
    let mut settings = Settings::default();
    settings.profile = profile;
    settings.today = "2026-11-29".parse().ok();
    let report = Linter::new(settings).lint_with(&[Source::path(name, kind)], &texts);
    assert!(report.failures.is_empty(), "{name}: {:?}", report.failures);
    let told = report.findings().iter().map(|finding| {
        assert_eq!(finding.file().name(), name, "{}", finding.message());
        format!("{}: {}", finding.rule().name, finding.file().slice(finding.span()))
    });
    told.collect()
}

/// The rules that what is merely absent is reported by: every container that stays lacks some.
const ABSENCES: [&str; 4] =
    ["new-privileges-allowed: ", "writable-root-filesystem: ", "missing-user: ", "missing-healthcheck: "];

/// Without what is merely absent.
fn present(found: Vec<String>) -> Vec<String> {
    let is_absent = |told: &String| ABSENCES.iter().any(|rule| told.starts_with(rule));
    found.into_iter().filter(|told| !is_absent(told)).collect()
}

/// Compares the cases of an input with what they expect.
fn check(cases: &[(&str, &str, &[&str])]) {
    let mut wrong = Vec::new();
    for (name, text, expected) in cases {
        let found = present(found(&[(name, text)], RunProfile::Default));
        if found != *expected {
            wrong.push(format!("{name}:\n{text}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 20, "{} cases", cases.len());
    let silent = cases.iter().filter(|(.., expected)| expected.is_empty()).count();
    assert!(silent * 3 >= cases.len(), "{silent} of {} are silent", cases.len());
}

/// Files by their names and texts, the first of which is judged.
type Files<'a> = &'a [(&'a str, &'a str)];

/// Compares the cases of files that are judged with others beside them.
fn check_beside(cases: &[(Files<'_>, &[&str])]) {
    let mut wrong = Vec::new();
    for (files, expected) in cases {
        let found = present(found(files, RunProfile::Default));
        if found != *expected {
            wrong.push(format!(
                "{}:\n{}\n  expected {expected:?}\n  found    {found:?}",
                files[0].0, files[0].1
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_absent_is_asked_of_what_stays() {
    let absent = |command: &str| {
        let text = format!("{command}\n");
        let all = found(&[("run.sh", &text)], RunProfile::Default);
        all.iter().filter(|told| ABSENCES.iter().any(|rule| told.starts_with(rule))).count()
    };
    assert!(absent("docker run -d --restart=always team/app:1") >= 2);
    assert!(absent("docker create team/app:1") >= 2);
    for command in [
        "docker run --rm team/app:1",
        "docker run -it team/app:1",
        "docker run -d --rm team/app:1",
        "docker run -d $OPTIONS team/app:1",
    ] {
        assert_eq!(absent(command), 0, "{command}");
    }
    // What `docker service create` cannot say is not asked of it.
    let service = found(&[("run.sh", "docker service create --name a team/app:1\n")], RunProfile::Default);
    assert!(!service.iter().any(|told| told.starts_with("new-privileges-allowed")), "{service:?}");
}

#[test]
fn an_image_that_is_built_here_is_judged_as_what_it_is() {
    let dockerfile = "FROM alpine:3.22\nRUN adduser -D app\nUSER app\nCMD [\"true\"]\n";
    let files = [
        ("run.sh", "docker build -t team/app -f Dockerfile .\ndocker run -d --user nobody2 team/app\n"),
        ("Dockerfile", dockerfile),
    ];
    let all = found(&files, RunProfile::Default);
    assert!(!all.iter().any(|told| told.starts_with("unpinned-image")), "{all:?}");
    assert!(all.iter().any(|told| told == "invalid-user: nobody2"), "{all:?}");
}

#[test]
fn an_image_that_a_service_builds_comes_from_no_registry() {
    let script = "docker run --rm -p 127.0.0.1:80:80 app\n";
    let built = "services:\n  app:\n    build: .\n    image: app\n";
    let pulled = "services:\n  app:\n    build: .\n";
    for (compose, expected) in [(built, 0), (pulled, 1)] {
        let texts = BTreeMap::from([
            ("run.sh".to_owned(), script.to_owned()),
            ("compose.yaml".to_owned(), compose.to_owned()),
            ("Dockerfile".to_owned(), "FROM debian:13\nUSER 1000\n".to_owned()),
        ]);
        let sources =
            [Source::path("run.sh", SourceKind::Commands), Source::path("compose.yaml", SourceKind::Compose)];
        let is_told = |findings: &[lint_core::Finding]| {
            findings.iter().filter(|finding| finding.rule().name == "unpinned-image").count()
        };
        let report = Linter::new(Settings::default()).lint_with(&sources, &texts);
        assert_eq!(is_told(report.findings()), expected, "{compose}");
        // Typed in an editor, the one decides about the other before either is saved.
        let mut session = Session::new(Linter::new(Settings::default()), Box::new(texts));
        session.set_sources(sources);
        session.judge(&|| false);
        assert_eq!(is_told(&session.findings("run.sh")), expected, "{compose}");
        let other = if expected == 0 { pulled } else { built };
        session.open("compose.yaml", other);
        session.judge(&|| false);
        assert_eq!(is_told(&session.findings("run.sh")), 1 - expected, "{other}");
    }
}

#[test]
fn comments_silence_what_they_stand_above() {
    for (name, text) in [
        ("run.sh", "# plimsoll: ignore[privileged-service] wanted\ndocker run --rm \\\n  --privileged a:1\n"),
        ("run.sh", "docker run --rm --privileged a:1 # plimsoll: ignore[privileged-service] wanted\n"),
        (
            "Makefile",
            "# plimsoll: ignore[privileged-service] wanted\nup:\n\tdocker run --rm --privileged a:1\n",
        ),
        (
            "web.container",
            "# plimsoll: ignore[privileged-service] wanted\n[Container]\nImage=a:1\nPodmanArgs=--privileged\n",
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\n  \"image\": \"a:1\",\n  // plimsoll: ignore[privileged-service] wanted\n  \"privileged\": true\n}\n",
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    # plimsoll: ignore[privileged-service] wanted\n    container:\n      image: a:1\n      options: --privileged\n",
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - run: |\n          # plimsoll: ignore[privileged-service] wanted\n          docker run --privileged a:1\n",
        ),
        (
            "docker-bake.hcl",
            "# plimsoll: ignore[invalid-bake] wanted\ntarget \"a\" {\n  targets = []\n  context = \"cwd://\"\n}\n",
        ),
    ] {
        let told = present(found(&[(name, text)], RunProfile::Default));
        assert_eq!(told, Vec::<String>::new(), "{text}");
        // Without the comment there is something to silence.
        let bare = text.replace("plimsoll: ignore", "a note");
        assert_eq!(present(found(&[(name, &bare)], RunProfile::Default)).len(), 1, "{text}");
    }
}
