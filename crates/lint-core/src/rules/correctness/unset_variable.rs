use std::collections::{BTreeMap, HashSet};

use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::interpolation::VariableState;
use lint_parser::text::span::Span;

use crate::model::project::Project;
use crate::model::project::command_texts::CommandTexts;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unset-variable",
        docs: "A variable that nothing sets becomes nothing.

## Why
Compose warns of it, once, and goes on with the empty text: `image: app:${TAG}` becomes `app:`, a password
becomes none, and a value that holds a `$` of its own loses what follows it.

## Instead
Set the variable in the `.env` file beside the project, give it a default (`${TAG:-1.4}`), or have Compose
refuse the project without it (`${TAG:?set a tag}`). Write `$$` where a dollar sign is meant.

## Limits
The environment of whoever runs Compose is not read: what is set only there is reported. That is what makes
two runs of the linter agree. Scripts, Makefiles and
workflows of the tree are read for what they set when they start the project, and a `.env.example` beside it
for what is to be set: such variables are not reported. `environment` of a project in the configuration says
the rest.

It is on by default although some of what it finds will be set where it is deployed. It says what Compose says
itself, on every run; it says it once for each variable of a file, and low. In public Compose files, which
bring a `.env` or write defaults, it finds something in one of two hundred. And nothing tells harmless
blanks from harmful ones: the same empty text switches a password off in one image and a log level in the
other.

## When to allow it
The variable is always set where the project is deployed. `${NAME:?}` says so, in one place of the project, and Compose then checks it.
",
        severity: Severity::Low,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

/// What any shell and Compose itself set.
const ALWAYS_SET: [&str; 7] = ["COMPOSE_PROJECT_NAME", "HOME", "LOGNAME", "PATH", "PWD", "SHELL", "USER"];

fn check(project: &Project, cx: &mut Context<'_>) {
    let commands = CommandTexts::of(project);
    // One `${NAME:?}` is enough: without a value Compose stops before anything becomes empty.
    let demanded: HashSet<&str> = project
        .variables
        .iter()
        .filter(|(_, variable)| matches!(variable.state, VariableState::Required(_)))
        .map(|(_, variable)| &*variable.name)
        .collect();
    let mut uses: BTreeMap<(SourceId, &str), Vec<Span>> = BTreeMap::new();
    for (source, variable) in &project.variables {
        let is_unset = variable.state == VariableState::Unset
            && !ALWAYS_SET.contains(&&*variable.name)
            && !demanded.contains(&*variable.name);
        // In a command it is likely meant for the shell there: `dollar-in-command`.
        if is_unset && !commands.hold(*source, variable.span) {
            uses.entry((*source, &variable.name)).or_default().push(variable.span);
        }
    }
    for ((source, name), mut spans) in uses {
        spans.sort_unstable();
        spans.dedup();
        let Some(&first) = spans.first() else { continue };
        let others = match spans.len() {
            1 => String::new(),
            2 => ", here and in 1 more place".to_owned(),
            places => format!(", here and in {} more places", places - 1),
        };
        let message = format!(
            "nothing here sets `{name}`: unless the environment does, it becomes the empty text{others}"
        );
        cx.report(project.place(Origin { source, span: first }), message).help(format!(
            "set it in `.env`, write `${{{name}:-default}}`, or `${{{name}:?message}}` to have Compose insist"
        ));
    }
}
