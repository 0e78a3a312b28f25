use crate::finding::fix::{Applicability, Fix};
use crate::rule::check::{JudgedIgnore, Void};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "expired-ignore",
        docs: "The last day of a suppression comment has passed, so it silences nothing.

## Why
Somebody accepted a risk for a time, with `until=`. The time is over: what the comment silenced is
reported again, and the comment only claims that it is not.

## Instead
Mend what was put off and remove the comment. If it must be put off again, write a new day.

## Limits
The last day itself still counts, in Coordinated Universal Time. A program that lints through the
library must say what day it is.
",
        severity: Severity::Medium,
        fixable: Fixable::Always(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Ignore(check)],
};

fn check(ignore: &JudgedIgnore<'_>, cx: &mut Context<'_>) {
    let JudgedIgnore::Ignore { place, comment, void: Some(Void::Expired), delete, .. } = ignore else {
        return;
    };
    let Some(until) = &comment.until else { return };
    cx.report(
        Place::new(&place.file, until.span),
        format!("this suppression comment held until {}", until.value),
    )
    .help("mend what it puts off and remove it, or write a new day")
    .fix(Fix {
        title: "Remove the comment".to_owned(),
        applicability: Applicability::Safe,
        edits: vec![delete.clone()],
    });
}
