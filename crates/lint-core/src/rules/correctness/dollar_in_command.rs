use std::collections::HashSet;

use lint_parser::compose::value::Origin;
use lint_parser::interpolation::VariableState;
use lint_parser::text::span::Span;

use crate::finding::fix::{Applicability, Edit, Fix};
use crate::model::project::Project;
use crate::model::project::command_texts::CommandTexts;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "dollar-in-command",
        docs: r#"A variable in a command is replaced before the container sees it.

## Why
Compose replaces `$NAME` itself, from its own environment. Nothing sets this one there, so the command gets the empty text,
even where the container has a variable of that name.

## Instead
Write `$$NAME` to leave it to the shell in the container.

## Limits
Only what a shell reads is reported: `sh -c`, `CMD-SHELL`. Outside a shell (`["echo", "$$NAME"]`) nothing in the container would
replace it, and `unset-variable` says that nothing sets it.

## Fix safety
The command then gets what the container has under that name, which may be something.
"#,
        severity: Severity::Medium,
        fixable: Fixable::Always(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    let commands = CommandTexts::of(project);
    let mut seen = HashSet::new();
    for (source, variable) in &project.variables {
        let origin = Origin { source: *source, span: variable.span };
        let unset = variable.state == VariableState::Unset && commands.hold(*source, variable.span);
        if !unset || !seen.insert(origin) {
            continue;
        }
        let place = project.place(origin);
        let edit =
            Edit { file: place.file.clone(), span: Span::at(place.span.start()), text: "$".to_owned() };
        let message =
            format!("Compose replaces `{}` with nothing before the container sees it", variable.name);
        cx.report(place, message).help("write `$$` to leave it to the shell in the container").fix(Fix {
            title: "Leave the variable to the container".to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![edit],
        });
    }
}
