use lint_parser::text::span::Span;

use crate::model::runs::commands::run_of;
use crate::model::runs::packages::Action;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "curl-and-wget-installed",
        docs: "Both `curl` and `wget` are installed.

## Why
They do the same. Each is one more program in the image that an attacker can fetch tools with, with libraries
of its own to patch.

## Instead
One of them, or none: `ADD` fetches files without either, with `--checksum`.

## Limits
What counts is that a stage of the image installs both. Using the `wget` that BusyBox brings beside a `curl`
costs nothing and is not reported; what builders install does not ship.
",
        severity: Severity::Style,
        profile: Profile::OptIn,
        references: &[
            Reference::Hadolint("DL4001"),
            Reference::Trivy("DS-0014"),
            Reference::Semgrep("use-either-wget-or-curl"),
            Reference::Kics("Run Using 'wget' and 'curl'"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    let mut installed: [Option<Span>; 2] = [None, None];
    for instruction in subject.instructions() {
        if run_of(instruction.instruction).is_none() {
            continue;
        }
        for command in subject.plan.package_commands(instruction.index) {
            for package in &command.operands {
                let Some(package_name) = package.literal_text() else { continue };
                let name = package_name.split(['=', '<', '>', '~', ':']).next().unwrap_or_default();
                let Some(at) = ["curl", "wget"].iter().position(|known| *known == name) else { continue };
                let Some(slot) = installed.get_mut(at) else { continue };
                match command.action {
                    Action::Install => *slot = slot.or(Some(package.span())),
                    // Needed for the build alone, and gone from the image's files again.
                    Action::Remove => *slot = None,
                    _ => {}
                }
            }
        }
    }
    let [Some(curl), Some(wget)] = installed else { return };
    let (first, second) = if curl.start() < wget.start() { (curl, wget) } else { (wget, curl) };
    cx.report(subject.place(second), "`curl` and `wget` do the same, and both are installed")
        .label(subject.place(first), "the other")
        .help("keep one of them");
}
