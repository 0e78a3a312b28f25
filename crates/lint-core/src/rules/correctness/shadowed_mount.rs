use std::collections::{HashMap, HashSet};

use lint_parser::compose::lower::lower;
use lint_parser::compose::read::read;
use lint_parser::compose::value::Origin;

use crate::files::normalise;
use crate::model::project::Project;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "shadowed-mount",
        docs: "A mount is replaced by a later one at the same path.

## Why
Compose keeps one mount for each path in the container, the last. The other one is not there, and nobody is told.

## Instead
Mount one of them at another path, or remove it.

## Fix safety
The fix removes what is not mounted.

## Limits
An override file that mounts something else at a path of its base means to; only one list is looked at.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    let mut reported = HashSet::new();
    for (source, text) in project.sources.iter() {
        if !text.file.text().contains("volumes") {
            continue;
        }
        for document in &read(&text.stream, source).tree {
            // The merged project has the last mount alone, so the file is looked at by itself.
            let services = lower(document).project.services;
            for named in services.iter().flat_map(|services| &services.value.entries) {
                let Some(mounts) = &named.field.value.volumes else { continue };
                let mut seen: HashMap<String, Origin> = HashMap::new();
                for item in &mounts.value.items {
                    let Some(target) = &item.value.target else { continue };
                    if target.value.as_str().contains('$') {
                        continue;
                    }
                    let path = normalise(target.value.as_str());
                    let Some(earlier) = seen.insert(path, item.origin) else { continue };
                    if reported.insert(earlier) {
                        report(project, cx, &named.name, (earlier, item.origin), target.value.as_str());
                    }
                }
            }
        }
    }
}

fn report(project: &Project, cx: &mut Context<'_>, service: &str, places: (Origin, Origin), path: &str) {
    cx.report(
        project.place(places.0),
        format!("this is not mounted: a later mount takes its place at `{path}`"),
    )
    .service(Some(service))
    .label(project.place(places.1), "the later mount")
    .maybe_fix(
        project.editor().remove_item(places.0).map(|change| change.safely("Remove what is not mounted")),
    )
    .help("mount one of them at another path, or remove it");
}
