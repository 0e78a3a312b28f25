use crate::model::known::image_tags::is_moving;
use crate::model::known::successors::of_latest;
use crate::rule::dockerfile_edits::with_tag;
use crate::rule::prelude::*;
use crate::rule::subject::StageSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unpinned-base-image",
        docs: "A stage starts from, or copies out of, whatever image the tag `latest` stands for at the time.

## Why
`latest` is the default for a missing tag, not the latest version: it, like `edge` and `nightly`, is moved
at will, so that the same Dockerfile builds another image next month. When something breaks there is no
version to go back to, and nobody can say what was built upon.

## Instead
Name a version: `debian:12.8-slim`. A digest behind it (`@sha256:...`) makes it the same image for ever.

## Fix safety
Offered where the release that `latest` stands for is known. The base then stays at that release.

## Limits
Tags that are moved as often as `latest` count like it (`edge`, `nightly`, `sid`, `latest-alpine`), unless a
version, a date or a commit follows. Looked at are `FROM`, `COPY --from` and `RUN --mount=from` of the
stages that are built. Where an `ARG` nobody sets stands for the registry or for the end of the name
(`${REGISTRY}/debian`, `debian$TAG`), the name it leaves has no tag. A single word in `COPY --from=name` may
be a build context, and is reported only where it is the name of a well-known image. Images that a service,
a script, a workflow or a bake file of the tree builds come from no registry. A default that says it must be
overridden (`ARG BASE=mustoverride`) is no image.
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
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    // A stage with a name can be built by itself: `docker build --target unit-test`.
    let by_itself = !subject.is_reachable();
    if by_itself && subject.stage.name.is_none() {
        return;
    }
    if let Some(name) = subject.plan.untagged_base(subject.stage) {
        let message =
            format!("`{name}` gets no tag here, so it is whatever image `latest` stands for at the time");
        let draft = cx.report(subject.place(subject.stage.base_span), message);
        let draft = if by_itself { draft.weakened() } else { draft };
        draft.help("write the tag after the name, or give the argument a default that has one");
    }
    for image in subject.plan.used_images(subject.stage) {
        let reference = &image.reference;
        if reference.digest.is_some() || !reference.effective_tag().is_some_and(is_moving) {
            continue;
        }
        // What is handed to the build in its place is told where that is done.
        if subject.plan.is_context(reference) {
            continue;
        }
        let name = reference.familiar_name();
        let tag = reference.effective_tag().unwrap_or_default();
        let message = match reference.tag {
            Some(_) => format!("`{name}:{tag}` is whatever image the tag stands for at the time"),
            None => format!("`{name}` has no tag, so it is whatever image `latest` stands for at the time"),
        };
        let draft = cx.report(subject.place(image.span), message);
        let draft = if by_itself { draft.weakened() } else { draft };
        let fix = of_latest(reference).and_then(|tag| {
            let edit = with_tag(subject.plan, &image, &tag);
            Fix::of(format!("Name the release: `{tag}`"), Applicability::Unsafe, [edit])
        });
        draft.maybe_fix(fix).help("name a version, and best its digest too");
    }
}
