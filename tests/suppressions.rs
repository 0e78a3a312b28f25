//! What a comment silences, and what it does not.

use std::collections::BTreeMap;

use lint_core::engine::linter::{Linter, Source};
use lint_core::settings::Settings;

/// The rules found, with their lines.
fn found(sources: &[Source], files: &[(&str, &str)], select: &[&str]) -> Vec<String> {
    let mut settings = Settings::default();
    settings.select = select.iter().map(|name| (*name).to_owned()).collect();
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let report = Linter::new(settings).lint_with(sources, &files);
    assert_eq!(report.failures, []);
    let line = |f: &lint_core::finding::finding::Finding| f.file().line(f.span().start());
    report.findings().iter().map(|f| format!("{}:{} {}", f.file().name(), line(f), f.rule().name)).collect()
}

fn compose(text: &str) -> Vec<String> {
    found(&[Source::compose("compose.yaml", text)], &[], &["privileged-service", "hygiene"])
}

fn dockerfile(text: &str) -> Vec<String> {
    found(&[Source::dockerfile("Dockerfile", text)], &[], &["root-user", "missing-user", "hygiene"])
}

#[test]
fn a_trailing_comment_covers_the_node_that_begins_on_its_line() {
    let silent = [
        "services:\n  a:\n    image: x:1\n    privileged: true # plimsoll: ignore[privileged-service] why\n",
        "services:\n  a: # plimsoll: ignore[privileged-service]\n    image: x:1\n    privileged: true\n",
        "services: # plimsoll: ignore[privileged-service]\n  a: { image: x:1, privileged: true }\n",
        "services:\n  a: { image: x:1, privileged: true } # plimsoll: ignore[privileged-service]\n",
    ];
    for text in silent {
        assert_eq!(compose(text), Vec::<String>::new(), "{text}");
    }
    let elsewhere =
        "services:\n  a:\n    image: x:1 # plimsoll: ignore[privileged-service]\n    privileged: true\n";
    assert_eq!(compose(elsewhere), ["compose.yaml:3 unused-ignore", "compose.yaml:4 privileged-service"]);
}

#[test]
fn a_comment_alone_covers_the_next_node_and_its_children() {
    let silent = [
        "services:\n  # plimsoll: ignore[privileged-service]\n  a:\n    image: x:1\n    privileged: true\n",
        "services:\n  a:\n    image: x:1\n    # plimsoll: ignore[privileged-service]\n\n    # another\n    privileged: true\n",
        "# plimsoll: ignore-file[privileged-service]\nservices:\n  a: { image: x:1, privileged: true }\n",
        "# plimsoll: ignore[CL-0002]\nservices:\n  a: { image: x:1, privileged: true }\n",
    ];
    for text in silent {
        assert_eq!(compose(text), Vec::<String>::new(), "{text}");
    }
    let other = "services:\n  # plimsoll: ignore[privileged-service]\n  a: { image: x:1 }\n  b: { image: x:1, privileged: true }\n";
    assert_eq!(compose(other), ["compose.yaml:2 unused-ignore", "compose.yaml:4 privileged-service"]);
}

#[test]
fn a_comment_where_a_shared_value_is_used_silences_that_use_alone() {
    let text = "x-p: &p\n  privileged: true\nservices:\n  a:\n    image: x:1\n    <<: *p # plimsoll: ignore[privileged-service]\n  b:\n    image: x:1\n    <<: *p\n";
    assert_eq!(compose(text), ["compose.yaml:2 privileged-service"]);
    let at_the_source = "x-p: &p\n  # plimsoll: ignore[privileged-service]\n  privileged: true\nservices:\n  a:\n    image: x:1\n    <<: *p\n  b:\n    image: x:1\n    <<: *p\n";
    assert_eq!(compose(at_the_source), Vec::<String>::new());
}

#[test]
fn text_that_looks_like_a_comment_is_text() {
    let block = "services:\n  a:\n    image: x:1\n    command: |\n      # plimsoll: ignore[privileged-service]\n    privileged: true\n";
    assert_eq!(compose(block), ["compose.yaml:6 privileged-service"]);
    let heredoc = "FROM alpine:3.21\nRUN <<EOF\n# plimsoll: ignore[root-user]\nEOF\nUSER root\n";
    assert_eq!(dockerfile(heredoc), ["Dockerfile:5 root-user"]);
}

#[test]
fn a_comment_covers_the_next_instruction_whatever_stands_between() {
    let silent = [
        "FROM alpine:3.21\n# plimsoll: ignore[root-user] why\nUSER root\n",
        "FROM alpine:3.21\n# plimsoll: ignore[root-user]\n\n# another comment\n\nUSER root\n",
        "FROM alpine:3.21\nUSER \\\n# plimsoll: ignore[DL3002]\n  root\n",
        "# plimsoll: ignore-file[root-user]\nFROM alpine:3.21\nUSER root\n",
        "# syntax=docker/dockerfile:1\n# plimsoll: ignore-file[root-user]\nFROM alpine:3.21\nUSER root\n",
    ];
    for text in silent {
        assert_eq!(dockerfile(text), Vec::<String>::new(), "{text}");
    }
    let too_early = "FROM alpine:3.21\n# plimsoll: ignore[root-user]\nRUN true\nUSER root\n";
    assert_eq!(dockerfile(too_early), ["Dockerfile:2 unused-ignore", "Dockerfile:4 root-user"]);
}

#[test]
fn an_absence_is_silenced_at_the_from_of_its_stage() {
    assert_eq!(dockerfile("# plimsoll: ignore[missing-user]\nFROM alpine:3.21\n"), Vec::<String>::new());
    assert_eq!(dockerfile("FROM alpine:3.21\n"), ["Dockerfile:1 missing-user"]);
}

#[test]
fn an_absence_is_silenced_at_the_name_of_its_service() {
    let select = ["writable-root-filesystem", "hygiene"];
    let text = "services:\n  a: # plimsoll: ignore[writable-root-filesystem]\n    image: x:1\n";
    assert_eq!(found(&[Source::compose("compose.yaml", text)], &[], &select), Vec::<String>::new());
}

#[test]
fn several_comments_add_up() {
    let text =
        "FROM alpine:3.21\n# plimsoll: ignore[root-user]\n# plimsoll: ignore[missing-user]\nUSER root\n";
    assert_eq!(dockerfile(text), ["Dockerfile:3 unused-ignore"]);
}

#[test]
fn a_comment_in_an_included_file_counts() {
    let main = "include: [infra.yaml]\n";
    let infra =
        "services:\n  a:\n    image: x:1\n    privileged: true # plimsoll: ignore[privileged-service]\n";
    let select = ["privileged-service", "hygiene"];
    let files = [("compose.yaml", main), ("infra.yaml", infra)];
    assert_eq!(found(&[Source::compose("compose.yaml", main)], &files, &select), Vec::<String>::new());
}

#[test]
fn names_of_rules_that_do_not_run_are_not_unused() {
    let text = "FROM alpine:3.21\n# plimsoll: ignore[privileged-service]\nUSER 1000\n";
    let sources = [Source::dockerfile("Dockerfile", text)];
    assert_eq!(found(&sources, &[], &["root-user", "hygiene"]), Vec::<String>::new());
    assert_eq!(found(&sources, &[], &["privileged-service", "hygiene"]), ["Dockerfile:2 unused-ignore"]);
}

#[test]
fn a_syntax_error_cannot_be_silenced() {
    let text = "# plimsoll: ignore-file[syntax-error]\nservices:\n\ta: b\n";
    let sources = [Source::compose("compose.yaml", text)];
    assert_eq!(found(&sources, &[], &["syntax-error"]), ["compose.yaml:3 syntax-error"]);
}
