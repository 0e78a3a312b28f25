use crate::model::build::user::created::arguments::account_arguments;
use crate::model::runs::commands::run_of;
use crate::model::values::variables::Variables;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;
use lint_parser::shell::word::Word;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "sparse-lastlog",
        docs: "`useradd` with a large uid writes a login log of that many entries into the layer.

## Why
`/var/log/lastlog` and `/var/log/faillog` have a slot for every uid up to the highest. On disk the files are
mostly holes, but not every archive that a layer is made of keeps them: uid 1000000 can make an image of
hundreds of megabytes, or fill the disk of whoever builds it.

## Instead
`useradd --no-log-init`, or a smaller uid.

## Limits
Uids from 100000 on. BusyBox's `adduser` keeps no such log.
",
        severity: Severity::Low,
        references: &[Reference::Hadolint("DL3046")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// From here on the log is too large to shrug at: 100000 slots are 29 megabytes.
const LARGE: u64 = 100_000;

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if run_of(subject.instruction).is_none() {
        return;
    }
    for program in subject.plan.programs(subject.index) {
        if program.name() != Some("useradd") || program.may_have_options() {
            continue;
        }
        let Some(uid) = uid(program.args()).filter(|uid| *uid >= LARGE) else { continue };
        let span = program.span();
        let edit = subject.edits().add_option(subject.index, program.name_span(), "--no-log-init");
        let message = format!("uid {uid} without `--no-log-init` makes a login log of {uid} entries");
        cx.report(subject.place(span), message)
            .help("add `--no-log-init`, or choose a smaller uid")
            .maybe_fix(Fix::of("Add `--no-log-init`", Applicability::Safe, [edit]));
    }
}

/// The uid, when one is written and the log is not switched off. Whoever builds may choose the one of an `ARG`.
fn uid(args: &[Word]) -> Option<u64> {
    let found = account_arguments("useradd", args, &Variables::default())?;
    if found.has(&["-l", "--no-log-init"]) { None } else { found.uid?.parse().ok() }
}
