use lint_parser::compose::ast::field::{Attribute, Map};
use lint_parser::compose::value::Origin;

use crate::model::project::Project;
use crate::model::project::fault::About;
use crate::model::project::service::Service;
use crate::model::project::used::Used;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unused-resource",
        docs: "A network, volume, secret, config or model that no service uses.

## Why
Compose does not create it. Most often it is a leftover, or a misspelt name: the service that should use it then uses another.

## Instead
Remove it, or name it in the service that needs it.

## Fix safety
Compose does not create what no service uses, so nothing changes. What holds an anchor is left alone.
",
        severity: Severity::Style,
        fixable: Fixable::Sometimes(SAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    // What a file leaves to another one, that one may use.
    let is_partial = |service: &Service| service.fragment || !service.complete;
    if project.opaque || project.services.is_empty() || project.services.iter().any(is_partial) {
        return;
    }
    // A service that could not be read uses nobody knows what.
    let refused = project.faults.iter().any(|fault| fault.about == About::Schema);
    if refused {
        return;
    }
    let mut used = Used::of(project);
    used.configs.append(&mut used.credentials);
    used.volumes.append(&mut used.cluster_volumes);
    let spec = &project.spec;
    let sections = [
        ("network", names(&spec.networks), &used.networks),
        ("volume", names(&spec.volumes), &used.volumes),
        ("secret", names(&spec.secrets), &used.secrets),
        ("config", names(&spec.configs), &used.configs),
        ("model", names(&spec.models), &used.models),
    ];
    for (kind, declared, used) in sections {
        // A name made of a variable may be any of them.
        if used.iter().any(|name| name.contains('$') || name.is_empty()) {
            continue;
        }
        for (name, key) in declared.into_iter().filter(|(name, _)| !used.contains(*name)) {
            cx.report(project.place(key), format!("no service uses the {kind} `{name}`"))
                .maybe_fix(
                    project
                        .editor()
                        .remove_key(key)
                        .map(|change| change.safely(format!("Remove the {kind}"))),
                )
                .help("remove it, or name it in the service that needs it");
        }
    }
}

fn names<T>(section: &Attribute<Map<T>>) -> Vec<(&str, Origin)> {
    let entries = section.iter().flat_map(|section| section.value.iter());
    entries.map(|(name, field)| (name, field.key)).collect()
}
