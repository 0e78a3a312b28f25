use crate::model::runs::commands::run_of;
use crate::model::runs::packages::undone::Undone;
use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::model::runs::program::may_be_options;
use crate::rule::prelude::*;
use crate::rule::subject::StageSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "recommended-packages",
        docs: "Packages are installed that nobody asked for.

## Why
On Debian and Ubuntu `apt-get install` also installs what a package recommends: documentation, graphical
helpers, servers. They make the image larger, and each of them is one more program to attack and to patch.

## Instead
`apt-get install --no-install-recommends`, and by name what turns out to be missing: `ca-certificates` is
the usual one.

## Fix safety
What is left out may have been in use, so the fix is applied on request only.

## Limits
Only in the stages the image is made of. A setting (`APT::Install-Recommends`) in the stage or in one it is
built upon counts. What the same `RUN` removes again with all that came with it
(`apt-get purge --auto-remove`) is not reported.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[
            Reference::cis("4.3"),
            Reference::Hadolint("DL3015"),
            Reference::Trivy("DS-0029"),
            Reference::Semgrep("missing-no-install-recommends"),
            Reference::Kics("APT-GET Not Avoiding Additional Packages"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

const OPTION: &str = "--no-install-recommends";

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    if subject.plan.configures(subject.stage.index, &["Install-Recommends"]) {
        return;
    }
    for instruction in subject.instructions() {
        if run_of(instruction.instruction).is_none() {
            continue;
        }
        let commands = subject.plan.package_commands(instruction.index);
        for (at, command) in commands.iter().enumerate().filter(|(_, command)| recommends(command)) {
            if Undone::of(commands, &subject.plan.course(instruction.index)).removes_whole(at) {
                continue;
            }
            let Some(verb) = command.verb.last() else { continue };
            let span = command.program_span.cover(verb.span());
            let edit = instruction.edits().add_option(instruction.index, verb.span(), OPTION);
            let fix = edit.map(|edit| Fix::new(format!("Add `{OPTION}`"), Applicability::Unsafe, vec![edit]));
            cx.report(instruction.place(span), "this also installs what the packages recommend")
                .help(format!("add `{OPTION}`, and name what is needed"))
                .maybe_fix(fix);
        }
    }
}

fn recommends(command: &PackageCommand) -> bool {
    command.manager == Manager::Apt
        && command.action == Action::Install
        && command.program != "aptitude"
        && command.verb.last().is_some_and(|verb| verb.is("install"))
        && command.option(&[OPTION, "--install-recommends", "--reinstall", "--download-only"]).is_none()
        && !command
            .options
            .iter()
            .any(|option| option.value.as_ref().is_some_and(|value| value.contains("Install-Recommends")))
        && !command.operands.iter().any(may_be_options)
        && !command.operands.is_empty()
        && !command.only_says()
}
