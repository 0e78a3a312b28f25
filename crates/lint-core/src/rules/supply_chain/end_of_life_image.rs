use crate::model::known::end_of_life::ended;
use crate::model::known::successors::of_ended;
use crate::model::project::images::pulled;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "end-of-life-image",
        docs: "A service runs a release that gets no security fixes any more.

## Why
Faults found from now on stay open in it for as long as it runs: the project repairs newer releases only, and an update of
the image brings nothing. A database or a proxy that the network reaches is where such faults are tried first.

## Instead
Move to a release that is maintained. Databases usually want their data converted, or dumped and loaded
again: make a copy of the volume first.

## Fix safety
The fix names the newest release that was maintained when the table was written, of the same first number where there is one; what
the tag says of the variant stays, and a distribution it names is left to the image. It is unsafe: another release runs. Where data
has to be converted for the newer release it is only shown. Images that are not official, and tags that are not understood, have none.

## Limits
The table of releases and their ends is part of the linter and as old as the version of it you run; what ended since then
is not known. It covers the images of some 190 products, their mirrors, and the distribution that a tag names
(`-buster`, `-alpine3.15`). Support one pays for may go on. An image named by its digest alone may be any release, and
one that a service of the project builds is `end-of-life-base-image`'s.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("4.4"),
            Reference::Cwe(1104),
            Reference::Cwe(1395),
            Reference::Owasp("#0"),
            Reference::Nist("4.1.1"), Reference::Kubescape("C-0292"), Reference::Trivy("KCV-0093")],
        fixable: Fixable::Sometimes(UNSAFE_OR_DISPLAY),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(image) = pulled(subject.project, subject.service) else { return };
    let Some(release) = ended(&image.reference) else { return };
    let fix = of_ended(&image.reference).and_then(|next| {
        let change = image.with_tag(&subject.editor(), &next.tag)?;
        let title = format!("Move to `{}`", next.tag);
        Some(if next.converts { change.shown(title) } else { change.unsafely(title) })
    });
    subject
        .report_field(cx, image.field, release.to_string())
        .maybe_fix(fix)
        .help("move to a release that is maintained");
}
