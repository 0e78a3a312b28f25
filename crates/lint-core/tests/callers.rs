//! What command lines say, and what is said by hand in their place.

use std::collections::BTreeMap;

use lint_core::settings::{DeclaredImage, DeclaredProject};
use lint_core::{Files, Linter, RunProfile, Settings, Source, SourceKind};

fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn found(settings: Settings, window: &dyn Files, names: &[&str]) -> Vec<String> {
    let kind = |name: &str| match name.ends_with("Dockerfile") {
        true => SourceKind::Dockerfile,
        false => SourceKind::Compose,
    };
    let sources: Vec<Source> = names.iter().map(|name| Source::path(*name, kind(name))).collect();
    let report = Linter::new(settings).lint_with(&sources, window);
    assert_eq!(report.failures, []);
    report
        .findings()
        .iter()
        .map(|finding| format!("{} {}", finding.location(), finding.rule().name))
        .collect()
}

fn selecting(rules: &[&str]) -> Settings {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Strict;
    settings.select = rules.iter().map(|rule| (*rule).to_owned()).collect();
    settings
}

/// A window that lists no scripts, as most have none.
struct Unlisted(BTreeMap<String, String>);

impl Files for Unlisted {
    fn read(&self, path: &str) -> Result<String, lint_core::FileError> {
        self.0.read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.exists(path)
    }
}

#[test]
fn a_project_may_be_declared_with_how_it_is_started() {
    let window = files(&[
        (
            "tests/a.yaml",
            "services:\n  web:\n    build: web\n    privileged: ${P}\n    labels: [\"${NOBODY}\"]\n  tool:\n    image: a:1\n    privileged: true\n    profiles: [tools]\n",
        ),
        ("web/Dockerfile", "FROM debian:13\n"),
    ]);
    let rules = ["privileged-service", "unset-variable", "missing-dockerfile"];
    let plain = found(selecting(&rules), &window, &["tests/a.yaml"]);
    let expected = [
        "tests/a.yaml:3:12 missing-dockerfile",
        "tests/a.yaml:4:17 unset-variable",
        "tests/a.yaml:5:15 unset-variable",
        "tests/a.yaml:8:17 privileged-service",
    ];
    assert_eq!(plain, expected);

    let mut project = DeclaredProject::default();
    project.files = vec!["tests/a.yaml".to_owned()];
    project.directory = Some(".".to_owned());
    project.profiles = vec!["web".to_owned()];
    project.environment = BTreeMap::from([("P".to_owned(), "true".to_owned())]);
    let mut settings = selecting(&rules);
    settings.projects = vec![project];
    let declared = found(settings, &window, &["tests/a.yaml"]);
    assert_eq!(declared, ["tests/a.yaml:4:17 privileged-service", "tests/a.yaml:5:15 unset-variable"]);
}

#[test]
fn images_may_be_declared_with_their_target() {
    let text = "FROM debian:13 AS server\nCMD [\"a\"]\nFROM debian:13 AS worker\nCMD [\"b\"]\nFROM debian:13 AS other\nUSER 1000\nCMD [\"c\"]\n";
    let window = files(&[("a/Dockerfile", text), ("b/Dockerfile", "FROM acme/a\nUSER 1000\n")]);
    let rules = ["missing-user", "unpinned-base-image"];
    let names = ["a/Dockerfile", "b/Dockerfile"];
    let plain = found(selecting(&rules), &window, &names);
    assert_eq!(
        plain,
        [
            "a/Dockerfile:1:6 missing-user",
            "a/Dockerfile:3:6 missing-user",
            "b/Dockerfile:1:6 unpinned-base-image",
        ]
    );

    let mut image = DeclaredImage::default();
    image.dockerfile = "a/Dockerfile".to_owned();
    image.target = Some("server".to_owned());
    image.tags = vec!["acme/a".to_owned()];
    let mut settings = selecting(&rules);
    settings.images = vec![image];
    assert_eq!(found(settings, &window, &names), ["a/Dockerfile:1:6 missing-user"]);
}

#[test]
fn without_a_list_what_usually_lies_beside_is_looked_at() {
    let window = files(&[
        ("app/compose.yaml", "services:\n  web:\n    image: a:${TAG}\n"),
        ("app/Makefile", "up:\n\tTAG=1 docker compose up\n"),
    ]);
    let rules = ["unset-variable"];
    assert!(found(selecting(&rules), &Unlisted(window.clone()), &["app/compose.yaml"]).is_empty());
    let mut other = window;
    let script = other.remove("app/Makefile").unwrap();
    other.insert("app/up.mk".to_owned(), script);
    assert_eq!(found(selecting(&rules), &Unlisted(other.clone()), &["app/compose.yaml"]).len(), 1);
    assert!(found(selecting(&rules), &other, &["app/compose.yaml"]).is_empty());
}
