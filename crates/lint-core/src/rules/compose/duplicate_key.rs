use lint_parser::syntax_error::SyntaxErrorKind;

use crate::rule::check::Fault;
use crate::rule::prelude::*;

declare_rule! {
    /// A mapping has the same key twice.
    ///
    /// ## Why
    /// `docker compose` refuses the file. Other tools read it and keep one of the two values, so that a
    /// reviewer, a scanner and whoever repairs the file may each believe something else: a second
    /// `privileged:` further down can undo the first without anybody noticing. In a `daemon.json` the engine itself
    /// keeps the last.
    ///
    /// ## Instead
    /// Keep one of the two. Two merge keys in one mapping are written as one: `<<: [*first, *second]`.
    pub(super) static RULE = {
        name: "duplicate-key",
        severity: Severity::High,
        category: Category::Correctness,
        stride: &[],
        references: &[],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Fault(check)],
    }
}

fn check(fault: &Fault, cx: &mut Context<'_>) {
    if fault.kind == SyntaxErrorKind::DuplicateKey {
        fault.report(cx);
    }
}
