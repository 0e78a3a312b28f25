use crate::finding::policy::own_name;
use crate::rule::check::{JudgedIgnore, NameVerdict};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-rule-in-ignore",
        docs: "A suppression comment names a rule that does not exist.

## Why
The name is misspelt, or the rule has never existed: the comment silences nothing, and whoever reads
it believes that it does.

## Instead
Name the rule as the finding does, or by the name another linter has for it (`DL3002`,
`CKV_DOCKER_3`). `plimsoll rules` lists them.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Ignore(check)],
};

fn check(ignore: &JudgedIgnore<'_>, cx: &mut Context<'_>) {
    let JudgedIgnore::Ignore { place, comment, names, .. } = ignore else { return };
    for (name, verdict) in comment.names.iter().zip(names) {
        let NameVerdict::Unknown(near) = verdict else { continue };
        let help = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`plimsoll rules` lists the rules".to_owned(),
        };
        let kind = if own_name(&name.value).is_some() { "policy" } else { "rule" };
        cx.report(Place::new(&place.file, name.span), format!("there is no {kind} `{}`", name.value))
            .help(help);
    }
}
