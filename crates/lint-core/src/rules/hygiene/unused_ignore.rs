use crate::finding::fix::{Applicability, Fix};
use crate::rule::check::{JudgedIgnore, NameVerdict};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unused-ignore",
        docs: "A suppression comment silences nothing.

## Why
What it excused has been mended, or it stands in the wrong place. Left there, it will hide the next
fault of the same kind.

## Instead
Remove the comment, or the names in it that have nothing to silence.

## Limits
A name whose rule did not run, because of the profile or of `--ignore`, counts as used.
",
        severity: Severity::Low,
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Ignore(check)],
};

fn check(ignore: &JudgedIgnore<'_>, cx: &mut Context<'_>) {
    let JudgedIgnore::Ignore { place, comment, names, delete, .. } = ignore else { return };
    let all = names.iter().all(|verdict| *verdict == NameVerdict::Unused);
    for (name, verdict) in comment.names.iter().zip(names) {
        if *verdict != NameVerdict::Unused {
            continue;
        }
        let draft = cx
            .report(
                Place::new(&place.file, name.span),
                format!("there is no `{}` here to ignore", name.value),
            )
            .help(if all { "remove the comment" } else { "remove the name from the comment" });
        // With several unused names each finding would delete the same comment; the first one does.
        if all && name.span == comment.names[0].span {
            draft.fix(Fix {
                title: "Remove the comment".to_owned(),
                applicability: Applicability::Safe,
                edits: vec![delete.clone()],
            });
        }
    }
}
