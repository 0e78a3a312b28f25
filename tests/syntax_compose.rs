//! The typed view of Compose files over `fixtures/syntax/compose`: what is there, with its bytes, and what
//! Compose would refuse.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use lint_parser::text::source::SourceFile;

#[test]
fn compose() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/syntax/compose");
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        let text = fs::read_to_string(case.join("compose.yaml")).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("project", dump(&text)));
    }
}

fn dump(text: &str) -> String {
    let parsed = lint_parser::compose::parse(text);
    let mut out = String::new();
    let file = SourceFile::new("compose.yaml", text);
    for error in &parsed.errors {
        let place = file.line_column(error.span.start());
        let slice = error.span.slice(text);
        writeln!(out, "{}:{} {slice:?}: {}", place.line, place.column, error.message).unwrap();
        if let Some(help) = &error.help {
            writeln!(out, "  help: {help}").unwrap();
        }
    }
    writeln!(out, "{:#?}", parsed.tree).unwrap();
    out
}
