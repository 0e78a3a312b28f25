//! What needs other files says nothing where they may not be read.

use std::collections::BTreeMap;

use lint_core::{FileError, Files, Linter, NoFiles, Settings, Source};

const COMPOSE: &str = r#"
services:
  web:
    build:
      context: web
      target: prod
      args: {VERSON: "1"}
    ports: ["8080:81"]
    read_only: true
    depends_on:
      api: {condition: service_healthy}
  api:
    build: {dockerfile: api.Dockerfile}
    image: example/api
  other:
    build: nowhere
"#;
const API: &str = "FROM alpine:3.20\nCOPY ../x web/package.json requirements.txt /\n";

/// The rules that need a Dockerfile and a Compose file together.
const RULES: [&str; 9] = [
    "dependency-without-healthcheck",
    "missing-copy-source",
    "missing-dockerfile",
    "undeclared-build-argument",
    "unexposed-port",
    "unknown-build-target",
    "unordered-base-image",
    "unused-dockerfile",
    "unwritable-path",
];

fn found(sources: &[Source], files: &dyn Files) -> Vec<String> {
    let mut settings = Settings::default();
    settings.select = RULES.map(str::to_owned).to_vec();
    let report = Linter::new(settings).lint_with(sources, files);
    assert_eq!(report.failures, []);
    let mut found: Vec<String> = report.findings.iter().map(|found| found.rule.name.to_owned()).collect();
    found.sort();
    found.dedup();
    found
}

/// A disk on which nothing but one folder may be read.
struct Locked;

impl Files for Locked {
    fn read(&self, _: &str) -> Result<String, FileError> {
        Err(FileError::Unreadable("permission denied".to_owned()))
    }

    fn exists(&self, _: &str) -> bool {
        false
    }
}

#[test]
fn nothing_is_missing_where_nobody_may_look() {
    let compose = [Source::compose("compose.yaml", COMPOSE)];
    assert_eq!(found(&compose, &NoFiles), [""; 0]);
    assert_eq!(found(&compose, &Locked), [""; 0]);
}

#[test]
fn what_the_caller_hands_over_is_joined_and_nothing_else_is_claimed() {
    let sources = [
        Source::compose("compose.yaml", COMPOSE),
        Source::dockerfile("api.Dockerfile", API),
        Source::dockerfile("old.Dockerfile", "FROM scratch\n"),
    ];
    assert_eq!(found(&sources, &NoFiles), ["dependency-without-healthcheck"]);
    assert_eq!(found(&sources, &Locked), ["dependency-without-healthcheck"]);
}

#[test]
fn a_dockerfile_alone_has_no_context() {
    let api = [Source::dockerfile("api.Dockerfile", API)];
    assert_eq!(found(&api, &BTreeMap::new()), [""; 0]);
}
