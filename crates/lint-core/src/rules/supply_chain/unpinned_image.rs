use crate::model::known::image_tags::is_moving;
use crate::model::project::images::pulled;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unpinned-image",
        docs: "A service runs whatever image the tag `latest` stands for at the time.

## Why
`latest` is the default for a missing tag, not the latest version: it, like `edge` and `nightly`, is moved at will, so that two machines, or one
machine before and after a pull, run different programs. When something breaks there is no version to go back to, and
nobody can say what was running.

## Instead
Name a version: `postgres:17.2`. A digest behind it (`@sha256:...`) makes it the same image for ever.

## Limits
Tags that are moved as often as `latest` count like it (`edge`, `nightly`, `main`, `latest-alpine`), unless a version, a date
or a commit follows. Images that a service of the project builds are not pulled, nor are those without a registry in their name that a script, a
workflow or a bake file of the tree builds. A tag that a variable sets (`app:${TAG}`) is not known.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[Reference::cis("5.28"), Reference::Cwe(829), Reference::Owasp("#13"), Reference::Nist("4.2.2"), Reference::ComposeLint("CL-0004"), Reference::Dclint("service-image-require-explicit-tag")],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(image) = pulled(subject.project, subject.service) else { return };
    let reference = &image.reference;
    if reference.digest.is_some() || !reference.effective_tag().is_some_and(is_moving) {
        return;
    }
    let name = reference.familiar_name();
    let tag = reference.effective_tag().unwrap_or_default();
    let message = match reference.tag {
        Some(_) => format!("`{name}:{tag}` is whatever image the tag stands for at the time"),
        None => format!("`{name}` has no tag, so it is whatever image `latest` stands for at the time"),
    };
    subject.report_field(cx, image.field, message).help("name a version, and best its digest too");
}
