use std::collections::HashMap;

use crate::model::container::assembly::Assembly;
use crate::model::project::built::full_names;
use crate::model::project::service::Service;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unordered-base-image",
        docs: r#"An image is built upon one that another service builds, and nothing says which comes first.

## Why
Compose builds services side by side. The first build on a new machine asks a registry for the base image,
which is not there or, worse, is somebody else's of the same name; every later one may use the base of the
time before.

## Instead
Name the service as a build context: `additional_contexts: {base: "service:base"}` and `FROM base`. Compose
builds the base first then, and never pulls it.

## Limits
A service that depends on the one whose image it needs is not reported.
"#,
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::Spoofing],
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Assembly(check)],
};

fn check(assembly: &Assembly<'_>, cx: &mut Context<'_>) {
    let project = assembly.project;
    if assembly.parts().iter().all(|part| part.built_bases.is_empty()) {
        return;
    }
    let mut builders: HashMap<String, &Service> = HashMap::new();
    for part in assembly.parts() {
        for image in full_names(part.service) {
            builders.entry(image).or_insert(part.service);
        }
    }
    for part in assembly.parts() {
        for base in &part.built_bases {
            let Some(&builder) = builders.get(&base.image) else { continue };
            if builder.name == part.service.name || assembly.waits_for(part.service, &builder.name) {
                continue;
            }
            let name = &builder.name;
            let mut draft = cx
                .report(base.place.clone(), format!("`{name}` builds this image, perhaps after it is needed"))
                .service(Some(&part.service.name))
                .label(project.place(builder.key), "the service that builds it")
                .label(project.place(part.service.key), "the service that needs it")
                .help(format!("use `additional_contexts` with `service:{name}`"));
            for &key in &part.service.keys {
                draft = draft.scope(project.place(key));
            }
        }
    }
}
