use crate::model::end_of_life::ended;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "end-of-life-base-image",
        docs: "The image is built on a release that gets no security fixes any more.

## Why
Faults found from now on stay in every image built on it: nobody repairs the packages, and scanners often know
nothing of a release that is no longer maintained. Its package servers are moved to an archive one day, and then the
build fails too.

## Instead
Move to a release that is maintained, and rebuild regularly with `--pull`.

## Limits
The table of releases and their ends is part of the linter and as old as the version of it you run: it lists releases
of Debian, Ubuntu, Alpine, CentOS, Fedora, Amazon Linux, Node.js, Python, Go, PHP, Ruby, .NET, PostgreSQL, MySQL,
MariaDB and MongoDB whose public support had ended when it was written. Support one pays for may go on. Only the
stages that become the image count; an image named by its digest alone may be any release.
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
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    for image in subject.plan.used_images(subject.stage).iter().filter(|image| image.is_base) {
        let Some(release) = ended(&image.reference) else { continue };
        let message = format!("{} has had no security fixes since {}", release.name, release.ended);
        cx.report(subject.place(image.span), message).help("use a release that is maintained");
    }
}
