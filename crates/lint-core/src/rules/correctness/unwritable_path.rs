use crate::model::container::Container;
use crate::model::container::needed_paths;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unwritable-path",
        docs: "The program of a read-only container has to write where nothing is mounted.

## Why
With `read_only: true` only mounts can be written. These programs write a process id, a socket or temporary
files before they do anything else, and stop when they cannot, so the container does not start.

## Instead
Keep `read_only` and add a `tmpfs` for each of the paths.

## Limits
Known for the official images of nginx, httpd, PostgreSQL, MySQL and MariaDB, with their own command and their
own configuration. Once one of these is replaced, or another service's volumes are mounted, nothing is said.
",
        severity: Severity::Medium,
        references: &[Reference::Tally("tally/copy-after-user-without-chown")],
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some(of) = container.service else { return };
    let Some(read_only) = of.service.spec.read_only.as_ref().filter(|read_only| read_only.value.is(true))
    else {
        return;
    };
    let Some(needed) = needed_paths::unmounted(container) else { return };
    if needed.paths.is_empty() {
        return;
    }
    let paths: Vec<String> = needed.paths.iter().map(|path| format!("`{path}`")).collect();
    let paths = paths.join(" and ");
    let mut draft = cx
        .report(
            of.project.place(read_only.origin),
            format!("{} has to write to {paths}, where nothing is mounted", needed.program),
        )
        .help(format!("add `tmpfs: [{}]`", needed.paths.join(", ")));
    if let Some(via) = read_only.via {
        draft = draft.scope(of.project.place(via));
    }
    match (container.target(), &of.service.spec.image) {
        (Some((plan, stage)), _) => {
            draft.label(Place::new(&plan.dockerfile.file, stage.base_span), "the image it is built on");
        }
        (None, Some(image)) => {
            draft.label(of.project.place(image.origin), "the image it runs");
        }
        (None, None) => {}
    }
}
