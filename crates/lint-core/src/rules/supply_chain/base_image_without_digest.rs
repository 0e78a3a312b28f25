use crate::model::known::image_tags::is_moving;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "base-image-without-digest",
        docs: "A base image is named by a tag alone.

## Why
A tag can be moved to another image, by the publisher for a rebuild and by whoever takes over the
publisher's account for anything. A digest is the hash of the image: what it names cannot change.

## Instead
Write both: `debian:12.8-slim@sha256:...`. Tools such as Renovate keep them up to date.

## Limits
Images without a tag are `unpinned-base-image`'s. Images that a service, a script, a workflow or a bake file
of the tree builds come from no registry.

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
            Reference::Semgrep("dockerfile-source-not-pinned"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    for image in subject.plan.used_images(subject.stage) {
        let reference = &image.reference;
        let Some(tag) = reference.effective_tag().filter(|tag| !is_moving(tag)) else { continue };
        if reference.digest.is_some() {
            continue;
        }
        cx.report(subject.place(image.span), format!("the tag `{tag}` can be moved to another image"))
            .help("add the image's digest behind the tag: `@sha256:...`");
    }
}
