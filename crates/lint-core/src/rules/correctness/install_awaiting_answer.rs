use lint_parser::shell::word::Word;

use crate::model::runs::commands::run_of;
use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::model::runs::program::may_be_options;
use crate::rule::prelude::*;
use crate::rule::subject::StageSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "install-awaiting-answer",
        docs: "A package manager asks for confirmation, and nobody is there to answer.

## Why
`dnf install` and `zypper install` ask before they install anything, `apt-get install` before it installs more
than was named, all of them before they remove anything. A build has no terminal: the answer is no, and the build
stops. Whether they ask depends on what there is to do that day: what the packages need, what nothing needs any more.

## Instead
`apt-get install -y`, `dnf install -y`, `zypper --non-interactive install`, `pacman --noconfirm -S`.

## Fix safety
A build that succeeds today does the same with `-y`.

## Limits
A confirmation that a configuration file of the stage switches off (`APT::Get::Assume-Yes`,
`assumeyes`) is taken into account, and so is one that is piped in (`yes | …`). `microdnf` asks in some
versions only, and is left alone.
",
        severity: Severity::Medium,
        references: &[
            Reference::Hadolint("DL3014"),
            Reference::Hadolint("DL3030"),
            Reference::Hadolint("DL3034"),
            Reference::Hadolint("DL3038"),
            Reference::Trivy("DS-0021"),
            Reference::Semgrep("missing-assume-yes-switch"),
            Reference::Semgrep("missing-yum-assume-yes-switch"),
            Reference::Semgrep("missing-dnf-assume-yes-switch"),
            Reference::Semgrep("missing-zypper-no-confirm-switch"),
            Reference::Kics("APT-GET Missing '-y'"),
            Reference::Kics("Missing Flag From Dnf Install"),
            Reference::Kics("Yum Install Allows Manual Input"),
            Reference::Kics("Missing Zypper Non-interactive Switch"),
        ],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

/// What a configuration file says to the same effect.
const CONFIGURED: [&str; 6] =
    ["Assume-Yes", "assumeyes", "always_yes", "ALWAYS_YES", "defaultyes", "assume-yes \"true"];

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    // Looked at when there is something to say: most stages are answered.
    let mut configured = None;
    for instruction in subject.instructions() {
        if run_of(instruction.instruction).is_none() {
            continue;
        }
        for command in subject.plan.package_commands(instruction.index) {
            let Some(yes) = missing_answer(command) else { continue };
            let Some(verb) = command.verb.last() else { continue };
            if *configured.get_or_insert_with(|| subject.plan.configures(subject.stage.index, &CONFIGURED)) {
                return;
            }
            let span = command.program_span.cover(verb.span());
            let place = instruction.place(span);
            let edit = instruction.edits().add_option(instruction.index, verb.span(), yes);
            cx.report(place, format!("`{}` {}", words(command), asks(command)))
                .help(format!("add `{yes}`"))
                .maybe_fix(Fix::of(format!("Add `{yes}`"), Applicability::Safe, [edit]));
        }
    }
}

/// When it asks, which depends on what it finds to do.
fn asks(command: &PackageCommand) -> &'static str {
    let is = |names: &[&str]| command.verb.last().is_some_and(|verb| names.iter().any(|name| verb.is(name)));
    let is_autoremove = is(&["autoremove", "autopurge", "auto-remove"]);
    match (command.manager, command.action) {
        _ if is_autoremove => "asks as soon as there is something to remove",
        (_, Action::Remove) => "asks before it removes what is installed",
        (_, Action::Upgrade) => "asks as soon as there is something to upgrade",
        // What is named it installs without a word, if that needs nothing else.
        (Manager::Apt, _) => "asks as soon as it must install more than what is named",
        _ => "will ask before it goes on",
    }
}

fn words(command: &PackageCommand) -> String {
    let verb = command.verb.iter().filter_map(Word::literal_text).collect::<Vec<_>>().join(" ");
    format!("{} {verb}", command.program)
}

/// The option that is missing.
fn missing_answer(command: &PackageCommand) -> Option<&'static str> {
    if command.fed && command.wrapper != Some("xargs") {
        return None;
    }
    if !matches!(command.action, Action::Install | Action::Upgrade | Action::Remove) {
        return None;
    }
    if command.options.iter().any(|option| {
        option.value.as_ref().is_some_and(|value| CONFIGURED.iter().any(|name| value.contains(name)))
    }) {
        return None;
    }
    // `apt-get $OPTIONS install`, and the verb itself where it is a variable.
    if command.operands.iter().chain(&command.verb).any(may_be_options) {
        return None;
    }
    let record = command.manager.record();
    if command.only_says() || command.option(&["-h"]).is_some() || command.option(record.answers).is_some() {
        return None;
    }
    let verb = |names: &[&str]| command.verb.iter().any(|verb| names.iter().any(|name| verb.is(name)));
    let answered = match command.manager {
        Manager::Apt => {
            let quiet =
                command.options.iter().filter(|option| matches!(option.name.as_str(), "-q" | "--quiet"));
            // `-q=2` reads as the letters `q`, `=` and `2`.
            let quietest = command.option(&["-2"]).is_some();
            quiet.count() > 1 || quietest
        }
        Manager::Dnf => command.program == "microdnf",
        Manager::Zypper => verb(&["source-install", "si"]),
        Manager::Pacman => command.operands.is_empty(),
        // `conda env create` does not ask.
        Manager::Conda => verb(&["env"]),
        _ => false,
    };
    if answered {
        return None;
    }
    record.answers.first().copied()
}
