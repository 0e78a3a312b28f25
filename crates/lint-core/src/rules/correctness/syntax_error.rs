use lint_parser::syntax_error::SyntaxErrorKind;

use crate::rule::check::Fault;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "syntax-error",
        docs: "The file is not valid Dockerfile, YAML, JSON or unit text.

## Why
`docker build` or `docker compose` will refuse the file. What stands after the fault could not be
judged, or only in part, so the absence of other findings says little. The Docker daemon does not start with a
broken `daemon.json`; in a unit, systemd skips the line, so that what it was to switch on stays off.

## Instead
Mend the place the message points at. The messages are worded as BuildKit and Compose word them.

## Limits
A comment cannot silence it.
",
        severity: Severity::High,
        references: &[Reference::Hadolint("DL1000"), Reference::Dclint("invalid-yaml")],
        suppressible: false,
        ..super::DEFAULTS
    },
    checks: &[Check::Fault(check)],
};

fn check(fault: &Fault, cx: &mut Context<'_>) {
    if fault.kind == SyntaxErrorKind::Syntax {
        fault.report(cx);
    }
}
