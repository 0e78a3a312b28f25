use crate::model::known::image_tags::is_moving;
use crate::model::known::successors::of_latest;
use crate::model::project::images::pulled;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

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

## Fix safety
The fix names the newest release of an official image that was maintained when the linter's table was written, by as many numbers as
the image has tags for. It is unsafe: it may be another release than the one that runs today. Other images have none.

## Limits
Tags that are moved as often as `latest` count like it (`edge`, `nightly`, `main`, `latest-alpine`), unless a version, a date
or a commit follows. Images that a service of the project builds are not pulled, nor are those without a registry in their name that a script, a
workflow or a bake file of the tree builds. A tag that a variable sets (`app:${TAG}`) is not known.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[Reference::cis("5.28"), Reference::Cwe(829), Reference::Owasp("#13"), Reference::Nist("4.2.2"), Reference::ComposeLint("CL-0004"), Reference::Dclint("service-image-require-explicit-tag"), Reference::CisKubernetes("5.5.1"), Reference::KubeLinter("latest-tag"), Reference::Trivy("KSV-0013"), Reference::Checkov("CKV_K8S_14"), Reference::Polaris("tagNotSpecified")],
        fixable: Fixable::Sometimes(UNSAFE),
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
    let fix = of_latest(reference).and_then(|tag| {
        Some(image.with_tag(&subject.editor(), &tag)?.unsafely(format!("Name the release: `{tag}`")))
    });
    subject
        .report_field(cx, image.field, message)
        .maybe_fix(fix)
        .help("name a version, and best its digest too");
}
