use lint_parser::image::parse;
use lint_parser::text::mapped::Mapped;

use crate::model::kit::names::full_name;
use crate::model::kit::remote::{Moving, moving};
use crate::model::known::image_tags::is_moving;
use crate::model::project::Project;
use crate::model::project::build_sources::sources;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unpinned-build-context",
        docs: "A build reads a repository, an archive or an image that may be another one tomorrow.

## Why
What a context holds is built, and often run during the build. Of a repository without a commit it is whatever its branch holds at the
time; of an archive whatever the server sends; of an image without a version whatever `latest` stands for. Whoever can push there
decides what is in the image, and no two builds need be the same.

## Instead
Name a commit behind the address: `https://github.com/owner/name.git#<40 digits>`, then `:directory` where the context is not the whole
repository. Download an archive in the Dockerfile, with `ADD --checksum=sha256:...`. Name the version of an image, and best its digest:
`docker-image://alpine:3.22@sha256:...`.

## Limits
A tag that is called like a release is told as less, since most people leave tags where they are. Of images the version is asked for, not
the digest. What a variable decides is not known, and what is built here comes from no registry.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[Reference::Cwe(494), Reference::Owasp("#13"), Reference::Nist("4.1.5")],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(build) = &subject.spec().build else { return };
    for source in sources(&build.value) {
        let Some(address) = source.address else { continue };
        let via = source.via.or(build.via);
        if let Some(image) = address.strip_prefix("docker-image://") {
            if let Some(message) = moving_image(subject.project, image) {
                subject
                    .report_part(cx, source.origin, via, message)
                    .help("name a version, and best its digest too");
            }
            continue;
        }
        // The oldest way to say it, which Docker still takes.
        let is_short = address.starts_with("github.com/");
        let Some(why) = moving(&if is_short { format!("git://{address}") } else { address.to_owned() })
        else {
            continue;
        };
        let (message, help, severity) = told(&why);
        subject.report_part(cx, source.origin, via, message).help(help).at_most(severity);
    }
}

const COMMIT: &str = "name a commit behind `#`, all 40 digits of it";

fn told(why: &Moving) -> (String, &'static str, Severity) {
    match why {
        Moving::DefaultBranch => (
            "what is built is whatever the repository holds at the time".to_owned(),
            COMMIT,
            Severity::Medium,
        ),
        Moving::Branch(branch) => {
            (format!("what is built is whatever `{branch}` holds at the time"), COMMIT, Severity::Medium)
        }
        Moving::Release(tag) => {
            (format!("the tag `{tag}` can be moved, and something else is built then"), COMMIT, Severity::Low)
        }
        Moving::File => (
            "what is built is whatever the server sends at the time".to_owned(),
            "download it in the Dockerfile with `ADD --checksum=sha256:...`, or build from a repository at a commit",
            Severity::Medium,
        ),
    }
}

fn moving_image(project: &Project, image: &str) -> Option<String> {
    let reference = parse(&Mapped::verbatim(image, 0)).ok()?;
    if reference.digest.is_some() || !reference.effective_tag().is_some_and(is_moving) {
        return None;
    }
    let is_ours = reference.registry.is_none()
        && project.local_images.as_ref().is_some_and(|images| images.hold(&reference, ""));
    if is_ours || project.builds(&full_name(&reference)) {
        return None;
    }
    let name = reference.familiar_name();
    Some(match reference.tag {
        Some(_) => {
            let tag = reference.effective_tag().unwrap_or_default();
            format!("`{name}:{tag}` is whatever image the tag stands for at the time")
        }
        None => format!("`{name}` has no tag, so it is whatever image `latest` stands for at the time"),
    })
}
