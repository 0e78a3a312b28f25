use crate::model::known::end_of_life::{compiler, ended};
use crate::model::known::successors::of_ended;
use crate::rule::dockerfile_edits::with_tag;
use crate::rule::prelude::*;
use crate::rule::subject::StageSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "end-of-life-base-image",
        docs: "The image is built on a release that gets no security fixes any more.

## Why
Faults found from now on stay in every image built on it: nobody repairs the packages, and scanners often know
nothing of a release that is no longer maintained. Its package servers are moved to an archive one day, and
then the build fails too.

## Instead
Move to a release that is maintained, and rebuild regularly with `--pull`.

## Fix safety
Offered where the newest maintained release of the image is known. What is installed and run on it meets other versions.

## Limits
The table of releases and their ends is part of the linter and as old as the version of it you run; what
ended since then is not known. It covers some 190 products, their mirrors and the images of one architecture
(`arm64v8/node`). Support one pays for may go on. Of the stages that do not become the image, only Go's and
GraalVM's compilers count: their library becomes part of the program, and its faults with it. An image named
by its digest alone may be any release.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("4.4"),
            Reference::Cwe(1104),
            Reference::Cwe(1395),
            Reference::Owasp("#0"),
            Reference::Nist("4.1.1"),
            Reference::Tally("tally/ruby/eol-ruby-version"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let plan = subject.plan;
    let becomes_image = plan.is_in_target_chain(subject.stage.index);
    // A compiler's own library is in what it compiles, which another stage copies.
    if !becomes_image && !subject.is_reachable() {
        return;
    }
    for image in plan.used_images(subject.stage).iter().filter(|image| image.is_base) {
        let release = if becomes_image { ended(&image.reference) } else { compiler(&image.reference) };
        let Some(release) = release else { continue };
        let then = if becomes_image { "" } else { ", and its library becomes part of what it compiles" };
        let fix = of_ended(&image.reference).and_then(|next| {
            let edit = with_tag(plan, image, &next.tag);
            Fix::of(format!("Move to `{}`", next.tag), Applicability::Unsafe, [edit])
        });
        cx.report(subject.place(image.span), format!("{release}{then}"))
            .help("use a release that is maintained")
            .maybe_fix(fix);
    }
}
