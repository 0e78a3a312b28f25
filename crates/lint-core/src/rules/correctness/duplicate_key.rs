use lint_parser::syntax_error::SyntaxErrorKind;

use crate::rule::check::Fault;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "duplicate-key",
        docs: "A mapping has the same key twice.

## Why
`docker compose` refuses the file. Other tools read it and keep one of the two values, so that a
reviewer, a scanner and whoever repairs the file may each believe something else: a second
`privileged:` further down can undo the first without anybody noticing. In a `daemon.json` the engine itself
keeps the last.

## Instead
Keep one of the two. Two merge keys in one mapping are written as one: `<<: [*first, *second]`.

## Fix safety
What is written twice with the same value is safe to remove. Where the values differ, which of them is meant is for you to say, and removing the later is only shown.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(SAFE_OR_DISPLAY),
        ..super::DEFAULTS
    },
    checks: &[Check::Fault(check)],
};

fn check(fault: &Fault, cx: &mut Context<'_>) {
    if fault.kind == SyntaxErrorKind::DuplicateKey {
        fault.report(cx);
    }
}
