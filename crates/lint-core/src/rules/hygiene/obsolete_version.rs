use lint_parser::compose::read::read;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::fix::{Applicability, Edit, Fix};
use crate::model::project::Project;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "obsolete-version",
        docs: "`version` means nothing any more.

## Why
Compose ignores it, with a warning at every command. It once chose a file format; there is only one now.

## Instead
Remove the line.

## Fix safety
Compose ignores the attribute, so nothing changes. A line that holds something else is left alone.
",
        severity: Severity::Style,
        references: &[Reference::Dclint("no-version-field")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for (source, text) in project.sources.iter() {
        if !text.file.text().contains("version") {
            continue;
        }
        for document in &read(&text.stream, source).tree {
            let Some(entry) = document.get("version") else { continue };
            // A fragment that an anchor brings in is written elsewhere.
            if entry.key_origin.source != source || entry.via.is_some() {
                continue;
            }
            let draft = cx
                .report(project.place(entry.key_origin), "`version` is obsolete, and Compose warns of it")
                .help("remove the line");
            if let Some(span) = line_of(&text.file, entry.key_origin.span, entry.value.origin.span) {
                draft.fix(Fix {
                    title: "Remove the line".to_owned(),
                    applicability: Applicability::Safe,
                    edits: vec![Edit { file: text.file.clone(), span, text: String::new() }],
                });
            }
        }
    }
}

/// The line that a key and its value have to themselves.
fn line_of(file: &SourceFile, key: Span, value: Span) -> Option<Span> {
    let number = file.line(key.start());
    let line = file.line_span(number);
    let text = file.text();
    let before = text.get(line.start()..key.start())?.trim_start_matches('\u{feff}');
    let after = text.get(value.end().max(key.end())..line.end())?.trim();
    let alone = before.is_empty() && (after.is_empty() || after.starts_with('#') || after == ":");
    if !alone || file.line(value.end()) != number {
        return None;
    }
    let next = file.line_span(number + 1).start();
    Some(Span::new(key.start(), next.max(line.end())))
}
