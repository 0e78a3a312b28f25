use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::near::closest;

use crate::model::kit::signals::Signal;
use crate::rule::check::{InstructionSubject, ServiceSubject};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-stop-signal",
        docs: "The signal that is to stop the container does not exist.

## Why
BuildKit refuses a `STOPSIGNAL` it does not know, and the engine a container with such a `stop_signal`: nothing
starts.

## Instead
Write the name of a signal, `SIGTERM`, or its number. Those of real time are `SIGRTMIN` to `SIGRTMIN+15` and
`SIGRTMAX-14` to `SIGRTMAX`.

## Fix safety
The fix is unsafe: the nearest name may not be the one that is meant.

## Limits
The names are those of Linux; stages of Windows images are left alone.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check), Check::Service(of_service)],
};

/// The signals that programs are asked to end with.
const SIGNALS: [&str; 12] = [
    "SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGABRT", "SIGKILL",
    "SIGSTOP", "SIGPWR", "SIGALRM",
];

const HELP: &str = "write a signal's name, such as `SIGTERM`, or its number";

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Stopsignal(word) = &subject.operation().kind else { return };
    if subject.stage.accounts.windows {
        return;
    }
    let signal = subject.plan.expand(subject.index, word);
    // What nothing sets here may come with `--build-arg`, or from the base image.
    if !signal.unset.is_empty() {
        return;
    }
    let Some(signal) = signal.text().filter(|signal| !signal.is_empty() && Signal::parse(signal).is_none())
    else {
        return;
    };
    let message = format!("there is no signal `{}`", signal.escape_debug());
    let near = closest(&signal.to_ascii_uppercase(), SIGNALS);
    let edit = near.and_then(|near| subject.edits().replace_word(word.span(), signal, near));
    let fix = Fix::of(format!("Write `{}`", near.unwrap_or_default()), Applicability::Unsafe, [edit]);
    subject.report(cx, word.span(), message).help(HELP).maybe_fix(fix);
}

fn of_service(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(signal) = &subject.spec().stop_signal else { return };
    let text = signal.value.as_str();
    // An empty one is none.
    if signal.value.is_unknown() || text.is_empty() || !subject.has_linux_container() {
        return;
    }
    if Signal::parse(text).is_none() {
        let message = format!("there is no signal `{}`", text.escape_debug());
        let fix = Signal::near(text).and_then(|name| {
            Some(subject.editor().replace(signal.origin, &name)?.unsafely(format!("Write `{name}`")))
        });
        subject.report_field(cx, signal, message).maybe_fix(fix).help(HELP);
    }
}
