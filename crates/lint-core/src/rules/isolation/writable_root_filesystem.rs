use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "writable-root-filesystem",
        docs: "The container can write to its root file system.

## Why
An attacker who gets into the container can change its programs and configuration, leave tools behind,
and come back: the changes last as long as the container does. A read-only root file system leaves
only the places you chose to be writable.

## Instead
Set `read_only: true`, and give the program the places it writes to: `tmpfs` for what may be lost
(`/tmp`, `/run`), a volume for what must last.

## Limits
Windows containers and services that a `provider` runs have no such setting. A value that depends on a
variable nobody sets is not reported.

## When to allow it
A program that writes all over its file system and cannot be told otherwise.
",
        severity: Severity::Low,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("5.13"),
            Reference::Cwe(732),
            Reference::Owasp("#8"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0007"),
            Reference::Semgrep("writable-filesystem-service"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() {
        return;
    }
    const HELP: &str =
        "set `read_only: true`, with `tmpfs` or volumes for the directories the program writes to";
    match &subject.spec().read_only {
        Some(read_only) if read_only.value.is(false) => {
            subject.report_field(cx, read_only, "the container's root file system is writable").help(HELP);
        }
        Some(_) => {}
        None if subject.may_be_set("read_only") => {}
        None => {
            let siblings = subject.siblings_with(|other| {
                other.spec.read_only.as_ref().is_some_and(|read_only| read_only.value.is(true))
            });
            let message =
                format!("the container's root file system is writable: `read_only` is not set{siblings}");
            subject.report_absence(cx, message).help(HELP).absent("read_only: true");
        }
    }
}
