use crate::model::runs::commands::run_of;
use crate::model::runs::packages::{Manager, PackageCommand};
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "apt-in-script",
        docs: "`apt` is used where `apt-get` should be.

## Why
`apt` is for people: its own manual says that its behaviour may change between versions, and it warns about
this in every build log. `apt-get` and `apt-cache` stay as they are.

## Instead
`apt-get` for what changes something, `apt-cache` for what asks.

## Fix safety
The commands that are replaced do the same under both names.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[
            Reference::Hadolint("DL3027"),
            Reference::Checkov("CKV_DOCKER_9"),
            Reference::Semgrep("prefer-apt-get"),
            Reference::Kics("Run Using apt"),
        ],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if run_of(subject.instruction).is_none() {
        return;
    }
    for command in subject.plan.package_commands(subject.index) {
        if command.manager != Manager::Apt || command.program != "apt" {
            continue;
        }
        let span = command.program_span;
        let instead = replacement(command);
        let edit = instead.and_then(|instead| subject.edits().replace_word(span, "apt", instead));
        let instead = instead.unwrap_or("apt-get");
        cx.report(subject.place(span), "`apt` makes no promise to scripts")
            .help(format!("use `{instead}`"))
            .maybe_fix(Fix::of(format!("Use `{instead}`"), Applicability::Safe, [edit]));
    }
}

fn replacement(command: &PackageCommand) -> Option<&'static str> {
    let verb = command.verb.last()?.literal_text()?;
    match &*verb {
        "update" | "install" | "remove" | "purge" | "autoremove" | "clean" | "autoclean" | "build-dep"
        | "source" | "download" | "dist-upgrade" => Some("apt-get"),
        "show" | "search" | "policy" | "depends" | "rdepends" => Some("apt-cache"),
        // `apt upgrade` also installs new packages, `full-upgrade` and `list` have other names elsewhere.
        _ => None,
    }
}
