use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell::wrappers::User;
use lint_parser::text::span::Span;

use crate::model::runs::Program;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "sudo-in-run",
        docs: "A `RUN` uses `sudo`.

## Why
A build already runs as root unless `USER` says otherwise, so `sudo` adds nothing but a program that is
set up to hand out root, which then ships in the image and waits there for whoever gets in. Where `USER`
has named somebody else, `sudo` works only because that user may become root without a password.

## Instead
Do what needs root before `USER`, or between `USER root` and `USER app`. Programs that must begin as root
and step down at run time have `setpriv`, `gosu` and `su-exec`.

## Fix safety
Where the build is root, `sudo` does nothing. Offered where that is certain.

## Limits
`sudo -u app …`, which gives rights away rather than taking them, is not reported.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::Cwe(250),
            Reference::Hadolint("DL3004"),
            Reference::Trivy("DS-0010"),
            Reference::Checkov("CKV2_DOCKER_1"),
            Reference::Semgrep("no-sudo-in-dockerfile"),
            Reference::Kics("Run Using Sudo"),
        ],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    let programs = subject.run().unwrap_or_default();
    let sudo = programs.iter().position(|program| program.name() == Some("sudo") && takes_root(program));
    let Some(sudo) = sudo.and_then(|at| programs.get(at)) else { return };
    cx.report(subject.place(sudo.name_span()), "`sudo` in a build")
        .help("run the command without it, under `USER root` if another user is set")
        .maybe_fix(without(subject, programs));
}

/// The commands without it, where root runs them all the same.
fn without(subject: &InstructionSubject<'_>, programs: &[Program]) -> Option<Fix> {
    // A trigger runs in another stage, as whoever is the user there.
    let is_trigger = matches!(subject.instruction.kind, InstructionKind::Onbuild(_));
    if is_trigger || !subject.plan.runs_as_root(subject.index) {
        return None;
    }
    let edits =
        programs.iter().filter(|program| program.name() == Some("sudo") && takes_root(program)).map(|sudo| {
            let inner = sudo.runs()?.words.first()?.span();
            // `sudo -E` and `sudo A=b` mean more than the command.
            let is_next = sudo.args().first().is_some_and(|first| first.span() == inner);
            let span = Span::new(sudo.name_span().start(), inner.start());
            let written = subject.plan.dockerfile.file.slice(span);
            let is_plain = sudo.in_script && is_next && written.trim_end() == "sudo";
            subject.edits().replace(span, "").filter(|_| is_plain)
        });
    Fix::of("Remove `sudo`", Applicability::Safe, edits)
}

/// Whether what it runs is run as root, as far as can be seen.
fn takes_root(sudo: &Program) -> bool {
    match sudo.runs().and_then(|inner| inner.user.as_ref()) {
        None | Some(User::Root) => true,
        Some(User::Named(user)) => matches!(user.text(), "root" | "#0" | "0"),
        Some(User::Dynamic(_)) => false,
    }
}
