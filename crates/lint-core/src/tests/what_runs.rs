//! Each script is read once, however many rules ask what it runs.

use std::collections::BTreeMap;

use lint_parser::shell;

use crate::{Linter, RunProfile, Settings, Source};

/// How many scripts a lint of a file by all rules reads.
fn scripts_read(source: Source) -> usize {
    let settings = Settings { profile: RunProfile::Audit, ..Settings::default() };
    let before = shell::parsed();
    let files: BTreeMap<String, String> = BTreeMap::new();
    let report = Linter::new(settings).lint_with(&[source], &files);
    assert!(report.failures.is_empty());
    shell::parsed() - before
}

fn in_dockerfile(text: &str) -> usize {
    scripts_read(Source::dockerfile("Dockerfile", text))
}

#[test]
fn of_an_instruction() {
    assert_eq!(in_dockerfile("FROM alpine\nRUN sh -c \"echo hi && id\"\n"), 2);
    assert_eq!(in_dockerfile("FROM alpine\nRUN sudo su app -c 'sh -c \"id\"'\n"), 3);
    assert_eq!(in_dockerfile("FROM alpine\nRUN [\"find\", \"/\", \"-exec\", \"sh\", \"-c\", \"id\"]\n"), 1);
}

#[test]
fn of_a_service() {
    let text = "services:\n  a:\n    image: alpine\n    post_start:\n      - command: [sh, -c, id]\n        user: app\n    \
                healthcheck:\n      test: id && sh -c 'id'\n";
    assert_eq!(scripts_read(Source::compose("compose.yaml", text)), 3);
}
