use lint_parser::syntax_error::SyntaxErrorKind;

use crate::rule::check::Fault;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-compose",
        docs: "Docker Compose refuses the project.

## Why
`docker compose up` stops with an error before it starts anything: an attribute that does not exist, a
value of the wrong type, a network that nothing declares, services that wait for each other. Compose
names the first fault it meets, without a line; all of them are reported here, where they are written.

## Instead
Mend the value the message points at. The project is judged as Compose merges it, so the fault may stand
in an override file, or in a service that another one extends.

## Fix safety
The fix writes the nearest name that Compose knows. It is unsafe: another may be meant.

## Limits
An `env_file` or `label_file` that is not there is reported as low: such files are often kept out of version control and made
where the project runs.
",
        severity: Severity::High,
        references: &[Reference::Dclint("invalid-schema")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Fault(check)],
};

fn check(fault: &Fault, cx: &mut Context<'_>) {
    if fault.kind == SyntaxErrorKind::Compose {
        fault.report(cx);
    }
}
