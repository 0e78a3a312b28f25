use crate::model::project::Project;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "two-config-files",
        docs: "Compose loads another file than this one.

## Why
In one directory Compose takes the first of `compose.yaml`, `compose.yml`, `docker-compose.yml` and
`docker-compose.yaml`, and ignores the others with a warning. What is mended in this one never runs.

## Instead
Remove the file that is not used, or give it a name that Compose does not look for and name it with `-f`.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    let Some(other) = &project.shadowed_by else { return };
    let Some((_, source)) = project.sources.iter().next() else { return };
    let first = source.file.line_span(1);
    cx.report(
        Place::new(&source.file, first),
        format!("Compose does not load this file: it takes `{other}`"),
    )
    .help("remove one of them, or name this one with `-f` and rename it");
}
