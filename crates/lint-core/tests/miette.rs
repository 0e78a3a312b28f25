//! Findings handed to miette.
#![cfg(feature = "miette")]

use lint_core::report::concise::is_unprintable;
use lint_core::report::miette::FindingDiagnostic;
use lint_core::syntax::text::source::SourceFile;
use lint_core::syntax::text::span::Span;
use lint_core::{Finding, Label, Linter, Place, Source};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, JSONReportHandler, NarratableReportHandler,
};

fn drawn(diagnostic: &dyn Diagnostic) -> String {
    let mut out = String::new();
    let theme = GraphicalTheme::unicode_nocolor();
    GraphicalReportHandler::new_themed(theme).with_links(false).render_report(&mut out, diagnostic).unwrap();
    out
}

fn first(text: &str) -> Finding {
    Linter::default().lint(&[Source::dockerfile("Dockerfile", text)]).findings()[0].clone()
}

#[test]
fn nothing_of_the_file_reaches_the_terminal_but_text() {
    let finding = first("FROM debian:12\nUSER root \u{1b}[2J\u{202e}\u{85}\n");
    let out = drawn(&FindingDiagnostic::new(&finding));
    assert!(out.contains("USER root ?[2J\u{FFFD}¿"), "{out}");
    assert!(!out.chars().any(|c| c != '\n' && is_unprintable(c)), "{out:?}");
}

#[test]
fn labels_of_the_file_are_marked_and_others_are_related() {
    let mut finding = first("FROM debian:12\nUSER root\n");
    let other = SourceFile::new("compose.yaml", "services:\n  web:\n    build: .\n");
    finding.labels = vec![
        Label::new(Place::new(&finding.place.file, Span::new(0, 4)), "this stage"),
        Label::new(Place::new(&other, Span::new(12, 15)), "built here"),
    ];
    let diagnostic = FindingDiagnostic::new(&finding);
    assert_eq!(diagnostic.labels().unwrap().count(), 2);
    assert_eq!(diagnostic.related().unwrap().count(), 1);
    let out = drawn(&diagnostic);
    for part in ["this stage", "built here", "compose.yaml:2:3", finding.rule.name, "Dockerfile:"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let mut narrated = String::new();
    NarratableReportHandler::new().render_report(&mut narrated, &diagnostic).unwrap();
    assert!(narrated.contains("built here"), "{narrated}");
    let mut json = String::new();
    JSONReportHandler::new().render_report(&mut json, &diagnostic).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
}
