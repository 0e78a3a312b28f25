use crate::model::project::Project;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unused-bake-target",
        docs: "Nothing builds a target of a Bake file.

## Why
A target that is left over is kept up for nothing, or is the one that was meant to be in a group: then what it makes is not built, and
nobody is told.

## Instead
Put it into a group, or remove it. What people build by its name gets a `description`, which `docker buildx bake --list=targets` shows.

## Limits
A target is used that a group has, that another one inherits or takes as a context, that an expression reads, and whose name stands in a script, a
Makefile, a workflow or a README. One without a group can still be built by its name, so nothing is said of a file without groups (but for
what is called `_base` and nothing inherits), of targets with a `description`, and of those that are called as what people start by hand
(`dev`, `test`, `lint`). Nor is anything said where a Compose file lies beside, or a name cannot be worked out.
",
        severity: Severity::Low,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    let (Some(name), Some(first)) = (&project.besides.unreached, project.services.first()) else { return };
    let message = match name.starts_with('_') {
        true => format!("no target inherits `{name}`"),
        false => format!("no group has `{name}`, no target needs it, and no command here names it"),
    };
    cx.report(project.place(first.key), message)
        .help("remove it, put it into a group, or say with `description` what it is for");
}
