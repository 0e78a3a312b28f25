use std::collections::HashSet;

use lint_parser::dockerfile::KEYWORDS;
use lint_parser::text::span::Span;

use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "swallowed-instruction",
        docs: r"An instruction is part of the one before it, which ends in a backslash.

## Why
A backslash at the end of a line joins the next one to it, over blank lines and comments too. What looks like a new `RUN` is then
words of the last: the shell runs `true RUN set -eux`, and `-e` is never in force; or `rm -rf /tmp/x RUN apt-get update` removes
files of that name. The build mostly succeeds.

## Instead
Delete the backslash in front of the instruction.

## Fix safety
The instruction is then one of its own.

## Limits
Reported is a keyword in capitals at the beginning of a line, outside quotes and heredocs.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let file = &plan.dockerfile.file;
    if plan.dockerfile.inline {
        return;
    }
    let refused: HashSet<usize> = plan.dockerfile.errors.iter().map(|error| error.span.start()).collect();
    for instruction in &plan.dockerfile.tree.instructions {
        let joined = &instruction.arguments;
        let written = joined.span();
        // Nearly all instructions are one line, or have no line that looks like another instruction.
        if !written.slice(file.text()).split('\n').skip(1).any(|line| keyword(line).is_some()) {
            continue;
        }
        let mut quote = None;
        let mut escaped = false;
        let mut start = written.start();
        for line in written.slice(file.text()).split_inclusive('\n') {
            let is_first = start == written.start();
            if !is_first && quote.is_none() {
                if line.trim_start().starts_with('#') {
                    start += line.len();
                    continue;
                }
                if let Some(keyword) = keyword(line) {
                    let span = Span::new(start, start + keyword.len());
                    // Among the pairs of an `ENV` it is no pair, as the parser has said.
                    if refused.contains(&start) {
                        break;
                    }
                    let message =
                        format!("this `{keyword}` is part of the `{}` above", instruction.keyword.value);
                    cx.report(Place::new(file, span), message)
                        .label(Place::new(file, instruction.keyword.span), "the instruction it belongs to")
                        .help("delete the backslash at the end of the last line before it")
                        .maybe_fix(end_before(plan, start));
                }
            }
            scan(line, &mut quote, &mut escaped);
            start += line.len();
        }
    }
}

/// The end of the line before, without what continues it; where that line is no comment and no `&&` waits for more.
fn end_before(plan: &BuildPlan, line: usize) -> Option<Fix> {
    let before = plan.dockerfile.file.text().get(..line)?.trim_end();
    let escape = plan.dockerfile.tree.escape;
    let rest = before.strip_suffix(escape)?.trim_end();
    let last = rest.rsplit('\n').next()?.trim_start();
    let waits = rest.ends_with(['&', '|', ';', '(', '{']) || last.is_empty() || last.starts_with('#');
    let edit = Edits::of(plan).replace(Span::new(rest.len(), before.len()), "").filter(|_| !waits);
    Fix::of("End the instruction before it", Applicability::Unsafe, [edit])
}

/// The keyword that a line begins with, where something follows it.
fn keyword(line: &str) -> Option<&'static str> {
    let word = line.split([' ', '\t']).next()?;
    let keyword = KEYWORDS.into_iter().find(|keyword| *keyword == word)?;
    let rest = line.get(word.len()..)?.trim();
    (!rest.is_empty() && !rest.starts_with(['=', '(', ')'])).then_some(keyword)
}

/// Follows the quotes of a shell.
fn scan(line: &str, quote: &mut Option<char>, escaped: &mut bool) {
    for c in line.trim_end().trim_end_matches(['\\', '`']).chars() {
        if std::mem::take(escaped) {
            continue;
        }
        match (c, *quote) {
            ('\\', Some('"') | None) => *escaped = true,
            ('"' | '\'', None) => *quote = Some(c),
            (_, Some(open)) if c == open => *quote = None,
            _ => {}
        }
    }
}
