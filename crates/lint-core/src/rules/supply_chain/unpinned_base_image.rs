use crate::model::image_tags::is_moving;
use crate::model::stage::Base;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::image;
use lint_parser::text::mapped::Mapped;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unpinned-base-image",
        docs: "A stage starts from, or copies out of, whatever image the tag `latest` stands for at the time.

## Why
`latest` is the default for a missing tag, not the latest version: it, like `edge` and `nightly`, is moved at will, so that the same Dockerfile
builds another image next month. When something breaks there is no version to go back to, and nobody can say what
was built upon.

## Instead
Name a version: `debian:12.8-slim`. A digest behind it (`@sha256:...`) makes it the same image for ever.

## Limits
Tags that are moved as often as `latest` count like it (`edge`, `nightly`, `sid`, `latest-alpine`), unless a version, a date
or a commit follows. Looked at are `FROM`, `COPY --from` and `RUN --mount=from` of the stages that are built. Where an `ARG` nobody sets
stands for the registry or for the end of the name (`${REGISTRY}/debian`, `debian$TAG`), the name it leaves has no tag. A single word in `COPY --from=name` may be a build context, and is reported only where it
is the name of a well-known image.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("5.28"),
            Reference::Cwe(829),
            Reference::Owasp("#13"),
            Reference::Nist("4.2.2"),
            Reference::Hadolint("DL3006"),
            Reference::Hadolint("DL3007"),
            Reference::Trivy("DS-0001"),
            Reference::Checkov("CKV_DOCKER_7"),
            Reference::Semgrep("missing-image-version"),
            Reference::Semgrep("avoid-latest-version"),
            Reference::Kics("Image Version Not Explicit"),
            Reference::Kics("Image Version Using 'latest'"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    if let Some((name, is_behind)) = untagged_with_argument(subject) {
        let message = match is_behind {
            true => format!("`{name}` has no tag, whatever registry the argument names"),
            false => format!(
                "without the argument this is `{name}`, whatever image `latest` stands for at the time"
            ),
        };
        cx.report(subject.place(subject.stage.base_span), message)
            .help("name a version, and best its digest too");
    }
    for image in subject.plan.used_images(subject.stage) {
        let reference = &image.reference;
        if reference.digest.is_some() || !reference.effective_tag().is_some_and(is_moving) {
            continue;
        }
        let name = reference.familiar_name();
        let tag = reference.effective_tag().unwrap_or_default();
        let message = match reference.tag {
            Some(_) => format!("`{name}:{tag}` is whatever image the tag stands for at the time"),
            None => format!("`{name}` has no tag, so it is whatever image `latest` stands for at the time"),
        };
        cx.report(subject.place(image.span), message).help("name a version, and best its digest too");
    }
}

/// `${REGISTRY}/debian` and `debian$TAG`, where nothing sets the argument: what is left is a name without a tag. With it,
/// whether the argument stands before the name.
fn untagged_with_argument(subject: &StageSubject<'_>) -> Option<(String, bool)> {
    let plan = subject.plan;
    let Some(InstructionKind::From(from)) = plan.instruction(subject.stage.from).map(|from| &from.kind)
    else {
        return None;
    };
    let expanded = plan.globals.expand(&from.image, plan.dockerfile.tree.escape);
    if !matches!(subject.stage.base, Base::Unknown)
        || !expanded.unset.iter().any(|variable| !variable.guarded)
    {
        return None;
    }
    let left = expanded.text()?;
    // What follows a variable may end a tag that the variable began: `${IMAGE}-slim`.
    let (name, is_behind) = match left.strip_prefix('/') {
        Some(name) => (name, true),
        None if from.image.text().starts_with('$') => return None,
        None => (left, false),
    };
    let reference = image::parse(&Mapped::verbatim(name, 0)).ok()?;
    let is_stage = plan.stages.iter().any(|stage| stage.name.as_deref() == Some(name));
    (reference.tag.is_none() && reference.digest.is_none() && !is_stage).then(|| (name.to_owned(), is_behind))
}
