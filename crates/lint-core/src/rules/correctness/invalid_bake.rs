use lint_parser::syntax_error::SyntaxErrorKind;

use crate::rule::check::Fault;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-bake",
        docs: "A file of `docker buildx bake` names a target that does not exist, or says what Bake does not hear.

## Why
A group with a target that nothing declares stops the whole build. An attribute that a target does not have is worse: Bake passes it by
without a word, and what was meant to be built with it is built without.

## Instead
Write the name that is meant.

## Limits
Names are looked for in the files that Bake finds beside this one. Where a Compose file lies there, or the file has a name of its own
and may be given together with others, a target may come from there, and only attributes are judged.
",
        severity: Severity::High,
        ..super::DEFAULTS
    },
    checks: &[Check::Fault(check)],
};

fn check(fault: &Fault, cx: &mut Context<'_>) {
    if fault.kind == SyntaxErrorKind::Bake {
        fault.report(cx);
    }
}
