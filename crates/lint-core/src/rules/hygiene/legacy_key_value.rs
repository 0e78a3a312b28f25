use lint_parser::dockerfile::ast::{InstructionKind, Pair};
use lint_parser::text::span::Span;

use crate::finding::fix::Fix;
use crate::model::build::BuildPlan;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "legacy-key-value",
        docs: "`ENV` or `LABEL` without `=`.

## Why
In the old form everything behind the name is one value: `ENV A 1 B=2` sets `A` to `1 B=2`. Docker
discourages it and may drop it.

## Instead
`ENV NAME=value`, with quotes around a value that has blanks.

## Fix safety
Offered where the value has no quotes or escapes that would be read in another way behind `=`.
",
        severity: Severity::Style,
        profile: Profile::Strict,
        references: &[Reference::BuildKit("LegacyKeyValueFormat")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let (InstructionKind::Env(pairs) | InstructionKind::Label(pairs)) = &subject.instruction.kind else {
        return;
    };
    for pair in pairs.iter().filter(|pair| pair.legacy) {
        let keyword = &subject.instruction.keyword.value;
        let draft = cx
            .report(subject.place(pair.span), format!("`{keyword} name value` is the old form"))
            .help(format!("write `{keyword} name=value`"));
        if let Some((span, text)) = repair(subject.plan, pair) {
            draft.fix(Fix::replace("Write it with `=`", subject.place(span), text));
        }
    }
}

/// What stands from the end of the key on, in the new form; `None` where it might be read otherwise.
fn repair(plan: &BuildPlan, pair: &Pair) -> Option<(Span, String)> {
    let value = pair.value.as_ref()?;
    let (key, text) = (pair.key.text(), value.text());
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let special = |text: &str| text.contains(['"', '\'', '\\', plan.dockerfile.tree.escape]);
    let written = pair.span.slice(plan.dockerfile.file.text());
    if text.is_empty() || written.contains('\n') || !key.chars().all(plain) || special(key) {
        return None;
    }
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !special(inner));
    let value_text = if let Some(inner) = inner('"').or_else(|| inner('\'')) {
        // One quoted string means the same in either form.
        (!inner.is_empty()).then(|| text.to_owned())?
    } else if special(text) {
        return None;
    } else if text.contains(char::is_whitespace) {
        // Inside a YAML scalar a quote may end it.
        (!plan.dockerfile.inline).then(|| format!("\"{text}\""))?
    } else {
        text.to_owned()
    };
    // `${X:-a b}` is one word in either form only inside of quotes, and nothing else of a `${` needs care.
    Some((Span::new(pair.key.span().end(), value.span().end()), format!("={value_text}")))
}
