//! What fixes make of the files.

use std::collections::BTreeMap;

use lint_core::{Linter, Settings, Source};

use crate::kind;

/// The text after the fixes of one rule.
fn fixed(name: &str, text: &str, rule: &str) -> String {
    let texts = BTreeMap::from([(name.to_owned(), text.to_owned())]);
    let kind = kind(name, text).unwrap();
    let report = Linter::new(Settings::default()).lint_with(&[Source::path(name, kind)], &texts);
    let findings = report.findings().iter().filter(|finding| finding.rule().name == rule);
    let mut edits: Vec<_> = findings.flat_map(|finding| &finding.fixes).flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start()));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.span.range(), &edit.text);
    }
    // What was mended is not told again.
    let texts = BTreeMap::from([(name.to_owned(), text.clone())]);
    let after = Linter::new(Settings::default()).lint_with(&[Source::path(name, kind)], &texts);
    assert!(!after.findings().iter().any(|finding| finding.rule().name == rule), "{text}");
    text
}

#[test]
fn fixes_are_made_in_the_language_of_the_file() {
    for (name, rule, before, after) in [
        (
            "run.sh",
            "new-privileges-allowed",
            "docker run -d \\\n  a:1\n",
            "docker run --security-opt no-new-privileges -d \\\n  a:1\n",
        ),
        (
            "package.json",
            "new-privileges-allowed",
            "{\"scripts\": {\"up\": \"docker run -d a:1\"}}",
            "{\"scripts\": {\"up\": \"docker run --security-opt no-new-privileges -d a:1\"}}",
        ),
        (
            "a.container",
            "new-privileges-allowed",
            "[Container]\nImage=a:1\n",
            "[Container]\nNoNewPrivileges=true\nImage=a:1\n",
        ),
        (
            "a.container",
            "new-privileges-allowed",
            "[Container]\r\nImage=a:1\r\n",
            "[Container]\r\nNoNewPrivileges=true\r\nImage=a:1\r\n",
        ),
        (
            "run.sh",
            "exposed-data-store",
            "docker run -d -p5432:5432 postgres:18\n",
            "docker run -d -p127.0.0.1:5432:5432 postgres:18\n",
        ),
        (
            "a.container",
            "exposed-data-store",
            "[Container]\nImage=postgres:18\nPublishPort=5432:5432\n",
            "[Container]\nImage=postgres:18\nPublishPort=127.0.0.1:5432:5432\n",
        ),
        ("run.sh", "privileged-service", "docker run --rm --privileged a:1\n", "docker run --rm a:1\n"),
        (
            ".devcontainer.json",
            "privileged-service",
            "{\"image\": \"a:1\", \"privileged\": true}",
            "{\"image\": \"a:1\", \"privileged\": false}",
        ),
    ] {
        assert_eq!(fixed(name, before, rule), after);
    }
}
