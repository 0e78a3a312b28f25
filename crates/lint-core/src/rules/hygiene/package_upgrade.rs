use crate::model::runs::commands::run_of;
use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "package-upgrade",
        docs: "All packages of the base image are upgraded in the build.

## Why
What the image holds then depends on the day it was built, and on whether the layer came out of a cache: two
builds of one commit differ, and a cached layer is upgraded no more. Every upgraded file is in the image
twice.

## Instead
Build on a base image that is kept up to date, pin it by digest, and let a bot raise the digest. Upgrade a
single package by name where a fix cannot wait.

## Fix safety
The packages stay at the versions of the base image.

## When to allow it
Where security fixes reach the distribution before they reach the base image, and images are rebuilt without
cache. Because many do that with good reason (hadolint took its own rules back), this one runs on request
only.
",
        severity: Severity::Low,
        profile: Profile::OptIn,
        references: &[
            Reference::Hadolint("DL3005"),
            Reference::Hadolint("DL3017"),
            Reference::Hadolint("DL3031"),
            Reference::Hadolint("DL3035"),
            Reference::Hadolint("DL3039"),
            Reference::Trivy("DS-0024"),
            Reference::Semgrep("avoid-apt-get-upgrade"),
            Reference::Semgrep("avoid-apk-upgrade"),
            Reference::Semgrep("avoid-yum-update"),
            Reference::Semgrep("avoid-dnf-update"),
            Reference::Semgrep("avoid-zypper-update"),
            Reference::Kics("Run Using Upgrade Commands"),
            Reference::Kics("Run Using dnf Update"),
            Reference::Kics("Use of Apk Upgrade"),
            Reference::Kics("Yum Update Enabled"),
            Reference::Kics("Run Using Zypper Update"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if run_of(subject.instruction).is_none() || !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    for command in subject.plan.package_commands(subject.index) {
        if !upgrades_everything(command) {
            continue;
        }
        let span = command.verb.last().map_or(command.span, |verb| command.program_span.cover(verb.span()));
        cx.report(subject.place(span), "this upgrades every package of the base image")
            .help("use a newer base image, or name the packages")
            .maybe_fix(Fix::of(
                "Leave the upgrade out",
                Applicability::Unsafe,
                [subject.edits().remove_command(subject.index, command.span)],
            ));
    }
}

fn upgrades_everything(command: &PackageCommand) -> bool {
    // `zypper patch --cve CVE-2026-1` mends one fault.
    let named = command.option(&["--cve", "--bugzilla", "--advisory", "--category", "--severity"]).is_some();
    command.manager.record().system
        && command.action == Action::Upgrade
        && (command.operands.is_empty() || command.manager == Manager::Pacman)
        && !named
        && !command.only_says()
}
