use lint_parser::dockerfile::ast::InstructionKind;

use crate::model::kit::signals::Signal;
use crate::rule::check::{InstructionSubject, ServiceSubject};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "ungraceful-stop-signal",
        docs: "The signal that stops the container gives its program no chance to end.

## Why
`SIGKILL` ends a program at once: what it has not written is lost, connections break, its children stay behind.
`SIGSTOP` does not end it at all but halts it, so that the engine waits out its ten seconds and kills it then.
Neither can be caught.

## Instead
Leave the signal out, which means `SIGTERM`, or name the one that the program ends on: `SIGQUIT` for nginx,
`SIGINT` for PostgreSQL, `SIGRTMIN+3` for systemd. Where it takes too long, set `stop_grace_period`.

## Fix safety
The fix is unsafe: the program is asked to end, and killed after the grace period if it does not.

## When to allow it
A program that ignores everything else and has nothing to lose.
",
        severity: Severity::Medium,
        references: &[Reference::Tally("tally/no-ungraceful-stopsignal")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check), Check::Service(of_service)],
};

const HELP: &str = "leave it out, or name the signal that the program ends on";

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Stopsignal(word) = &subject.operation().kind else { return };
    let signal = subject.plan.expand(subject.index, word);
    let Some(message) = signal.text().and_then(ungraceful) else { return };
    // A later one of the stage counts alone.
    let effective = subject.stage.config.stopsignal.as_ref().map(|setting| setting.origin.instruction);
    let is_trigger = matches!(subject.instruction.kind, InstructionKind::Onbuild(_));
    if is_trigger || effective == Some(subject.index) {
        let edit = subject.edits().remove_instruction(subject.instruction).filter(|_| !is_trigger);
        let fix = Fix::of("Leave it out", Applicability::Unsafe, [edit]);
        subject.report(cx, word.span(), message).help(HELP).maybe_fix(fix);
    }
}

fn of_service(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(signal) = &subject.spec().stop_signal else { return };
    if signal.value.is_unknown() {
        return;
    }
    let Some(message) = ungraceful(signal.value.as_str()) else { return };
    let fix = subject.editor().remove_key(signal.key).map(|change| change.unsafely("Remove `stop_signal`"));
    subject.report_field(cx, signal, message).maybe_fix(fix).help(HELP);
}

fn ungraceful(signal: &str) -> Option<&'static str> {
    match Signal::parse(signal)? {
        Signal::KILL => Some("this kills the program instead of asking it to end"),
        Signal::STOP => Some("this halts the program, which then waits to be killed"),
        _ => None,
    }
}
