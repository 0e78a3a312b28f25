use lint_parser::text::near::closest;
use lint_parser::text::span::Span;

use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "ignored-directive",
        docs: "A comment looks like a directive for BuildKit, and is none.

## Why
`# syntax=`, `# escape=` and `# check=` count only on the first lines: behind any other comment, a blank
line or an instruction they are ordinary comments. So are those with a letter wrong. BuildKit then reads the
file
with the syntax it has itself, and skips no check.

## Instead
Put directives on the first lines, in front of a licence or a description.

## Fix safety
A directive that counts may change how the whole file is read.

## Limits
Only comments in front of the first instruction are looked at.
",
        severity: Severity::Low,
        references: &[Reference::Tally("tally/syntax-directive-typo")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

const DIRECTIVES: [&str; 3] = ["syntax", "escape", "check"];

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let tree = &plan.dockerfile.tree;
    for comment in tree.comments.iter().take_while(|comment| comment.instruction == 0) {
        let Some((name, value)) = comment.text.value.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim());
        // A sentence has blanks.
        if value.is_empty()
            || value.contains(char::is_whitespace)
            || !name.bytes().all(|b| b.is_ascii_alphabetic())
        {
            continue;
        }
        let lower = name.to_ascii_lowercase();
        let known = DIRECTIVES.contains(&lower.as_str());
        let Some(meant) = (if known { Some(lower.as_str()) } else { closest(&lower, DIRECTIVES) }) else {
            continue;
        };
        let is_value = match meant {
            "syntax" => value.contains('/'),
            "escape" => matches!(value, "\\" | "`"),
            _ => value.contains("skip") || value.contains("error"),
        };
        if !is_value {
            continue;
        }
        // Written twice it stops the build, as the parser has said.
        if plan.dockerfile.errors.iter().any(|error| comment.span.encloses(error.span)) {
            continue;
        }
        let place = Place::new(&plan.dockerfile.file, comment.span);
        if known {
            cx.report(place, format!("`{meant}` counts on the first lines of the file alone"))
                .help("move it in front of all other comments and blank lines");
        } else {
            let at = comment.span.start() + 1;
            let at = at + comment.text.value.len() - comment.text.value.trim_start().len();
            let span = Span::new(at, at + name.len());
            let counts = tree.comments.first().is_some_and(|first| first.span == comment.span);
            let edit = Edits::of(plan).replace_word(span, name, meant).filter(|_| counts);
            cx.report(place, format!("there is no directive `{}`", name.escape_debug()))
                .help(format!("did you mean `{meant}`?"))
                .maybe_fix(Fix::of(format!("Write `{meant}`"), Applicability::Unsafe, [edit]));
        }
    }
}
