use lint_parser::compose::read::read;
use lint_parser::compose::value::ValueKind;

use crate::model::project::Project;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "several-documents",
        docs: "A Compose file of several YAML documents.

## Why
Compose merges each document over the one before, as if they were files named one after the other with `-f`.
Who knows `---` from other tools expects them to stand side by side, and most programs that read Compose
files see the first one only.

## Instead
Put them into files of their own, or into one document.
",
        severity: Severity::Style,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for (source, text) in project.sources.iter() {
        if text.stream.documents.len() < 2 {
            continue;
        }
        let second = read(&text.stream, source).tree.into_iter().nth(1);
        let Some(ValueKind::Mapping(mapping)) = second.map(|document| document.kind) else { continue };
        let Some(first) = mapping.entries.first() else { continue };
        cx.report(project.place(first.key_origin), "this document is merged over the one before it")
            .help("put it into a file of its own, or join the documents");
    }
}
