use crate::rule::check::{JudgedIgnore, Void};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "malformed-ignore",
        docs: "A suppression comment cannot be read, so it silences nothing.

## Why
Somebody meant to accept a risk and believes it is written down. It is not: the finding it was meant
for is still reported, or will be one day, and the comment explains nothing.

## Instead
Write `# plimsoll: ignore[rule-name] reason` after the code on its line or alone above it, or
`# plimsoll: ignore-file[rule-name] reason` above the first instruction or key. The names are
required: there is no comment that silences everything. So is the reason where `suppressions:
{require-reason: true}` is set.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Ignore(check)],
};

fn check(ignore: &JudgedIgnore<'_>, cx: &mut Context<'_>) {
    let JudgedIgnore::Malformed { place, comment } = ignore else {
        if let JudgedIgnore::Ignore { place, void: Some(Void::Unexplained), .. } = ignore {
            cx.report(place.clone(), "this suppression comment does not say why, so it silences nothing")
                .help("write the reason after the brackets");
        }
        return;
    };
    cx.report(place.clone(), format!("this suppression comment is not understood: {}", comment.message))
        .help(comment.help.clone());
}
