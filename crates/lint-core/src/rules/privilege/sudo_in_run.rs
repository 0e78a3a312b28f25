use lint_parser::shell::wrappers::User;

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
        .help("run the command without it, under `USER root` if another user is set");
}

/// Whether what it runs is run as root, as far as can be seen.
fn takes_root(sudo: &Program) -> bool {
    match sudo.runs().and_then(|inner| inner.user.as_ref()) {
        None | Some(User::Root) => true,
        Some(User::Named(user)) => matches!(user.text(), "root" | "#0" | "0"),
        Some(User::Dynamic(_)) => false,
    }
}
