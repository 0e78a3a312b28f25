use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "variable-set-twice",
        docs: "One `ENV` sets a variable twice.

## Why
The later value wins. It does not see the earlier one either: all references in an `ENV` get the values from
before it, so with `ENV PATH=/opt/a/bin:$PATH PATH=/opt/b/bin:$PATH` the first directory is lost.

## Instead
Delete the one that is not meant, or write both into one value. A second `ENV` sees the first.

## Fix safety
Nobody sees the value that is deleted.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Env(pairs) = &subject.operation().kind else { return };
    let mut last = std::collections::HashMap::new();
    for pair in pairs {
        let name = pair.key.text();
        let Some(earlier) = last.insert(name, pair) else { continue };
        cx.report(
            subject.place(earlier.key.span()),
            format!("this value of `{name}` is lost: the same `ENV` sets it again"),
        )
        .label(subject.place(pair.key.span()), "here")
        .help("delete one of the two, or write an `ENV` of its own for the later")
        .maybe_fix(Fix::of(
            "Delete the value that is lost",
            Applicability::Safe,
            [subject.edits().remove_word(earlier.span)],
        ));
    }
}
