use lint_parser::text::span::Span;

use crate::finding::fix::{Applicability, Edit, Fix};
use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "empty-continuation-line",
        docs: r"A continued instruction has a blank line in it.

## Why
BuildKit goes on reading behind the blank line, which most readers take for the end of the instruction:
what looks like a new instruction may be an argument of the last. Docker has announced that it will
refuse such files.

## Instead
Delete the blank line, or put a comment there. Or delete the `\` before it, if the instruction was
meant to end.

## Fix safety
BuildKit drops the line, so deleting it changes nothing.

## Limits
One finding for an instruction, on its last line before any heredoc, where BuildKit reports it.
",
        severity: Severity::Low,
        references: &[Reference::BuildKit("NoEmptyContinuation")],
        fixable: Fixable::Always(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let file = &plan.dockerfile.file;
    for instruction in &plan.dockerfile.tree.instructions {
        let (Some(first), Some(last)) = (instruction.blank_lines.first(), instruction.blank_lines.last())
        else {
            continue;
        };
        let end = instruction.arguments.span().end().max(last.end());
        let line = file.line_span(file.line(end));
        let text = line.slice(file.text());
        let start = line.start() + text.len() - text.trim_start().len();
        let span = Span::new(start.min(end), end);
        let edits = instruction.blank_lines.iter().map(|blank| {
            let number = file.line(blank.start());
            // With what a Compose file that holds the Dockerfile indents it by.
            let start = file.line_span(number).start();
            let next = file.line_span(number + 1).start();
            Edit { file: file.clone(), span: Span::new(start, next.max(blank.end())), text: String::new() }
        });
        let fix = Fix {
            title: "Delete the blank lines".to_owned(),
            applicability: Applicability::Safe,
            edits: edits.collect(),
        };
        cx.report(
            Place::new(file, span),
            format!("this `{}` has a blank line in it", instruction.keyword.value),
        )
        .label(Place::new(file, *first), "the blank line")
        .help("delete the blank line, or end the instruction before it")
        .fix(fix);
    }
}
