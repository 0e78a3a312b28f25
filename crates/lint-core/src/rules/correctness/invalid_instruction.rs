use lint_parser::syntax_error::SyntaxErrorKind;

use crate::rule::check::Fault;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-instruction",
        docs: "BuildKit refuses the instruction.

## Why
`docker build` stops with an error: a keyword or a flag that does not exist, too few arguments, a stage
name with a character that is not allowed.

## Instead
Mend the word the message points at. The messages are BuildKit's own.

## Fix safety
The fix writes the nearest name that BuildKit knows. It is unsafe: another may be meant.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        references: &[
            Reference::Hadolint("DL3011"),
            Reference::Hadolint("DL3043"),
            Reference::Hadolint("DL3061"),
            Reference::Trivy("DS-0008"),
            Reference::Semgrep("invalid-port"),
            Reference::Kics("UNIX Ports Out Of Range"),
            Reference::Tally("tally/unknown-instruction"),
            Reference::Tally("tally/require-stages"),
            Reference::Tally("tally/invalid-onbuild-trigger"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Fault(check)],
};

fn check(fault: &Fault, cx: &mut Context<'_>) {
    if fault.kind == SyntaxErrorKind::Instruction {
        fault.report(cx);
    }
}
