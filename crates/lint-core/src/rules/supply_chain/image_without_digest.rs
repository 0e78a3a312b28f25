use crate::model::known::image_tags::is_moving;
use crate::model::project::images::pulled;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "image-without-digest",
        docs: "A service's image is named by a tag alone.

## Why
A tag can be moved to another image, by the publisher for a rebuild and by whoever takes over the
publisher's account for anything. A digest is the hash of the image: what it names cannot change.

## Instead
Write both: `postgres:17.2@sha256:...`. Tools such as Renovate keep them up to date.

## Limits
Images without a tag are `unpinned-image`'s. Images that a service of the project builds are not pulled, nor
are those without a registry in their name that a script, a workflow or a bake file of the tree builds.

## When to allow it
You want rebuilt images under the same tag as soon as they are there.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("4.2"),
            Reference::cis("5.28"),
            Reference::Cwe(829),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
            Reference::ComposeLint("CL-0019"),
            Reference::Kubescape("C-0306"),
            Reference::Checkov("CKV_K8S_43"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(image) = pulled(subject.project, subject.service) else { return };
    let reference = &image.reference;
    let Some(tag) = reference.effective_tag().filter(|tag| !is_moving(tag)) else { return };
    if reference.digest.is_some() {
        return;
    }
    subject
        .report_field(cx, image.field, format!("the tag `{tag}` can be moved to another image"))
        .help("add the image's digest behind the tag: `@sha256:...`");
}
