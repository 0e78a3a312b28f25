//! What a `RUN` does that the model must know: the stages it reads, the users it creates.

use lint_parser::dockerfile::ast::{CommandLine, Instruction, Run};
use lint_parser::shell::word::Word;
use lint_parser::shell::{self, DetachedHeredoc, Heredocs};

use crate::model::stage::Origin;
use crate::model::user::{Accounts, created};
use crate::model::variables::Variables;

/// The values of `from` in `--mount` flags.
pub(super) fn mounted_from(run: &Run) -> impl Iterator<Item = &str> {
    run.mounts
        .iter()
        .flat_map(|mount| &mount.options)
        .filter(|option| option.key.text().eq_ignore_ascii_case("from"))
        .filter_map(|option| option.value.as_ref())
        .map(|value| value.text())
}

/// Adds the users a `RUN` creates.
pub(super) fn users(
    accounts: &mut Accounts,
    run: &Run,
    instruction: &Instruction,
    variables: &Variables,
    origin: Origin,
) {
    if accounts.windows {
        return;
    }
    let mut texts = vec![instruction.arguments.text()];
    texts.extend(instruction.heredocs.iter().map(|heredoc| heredoc.content.text()));
    // Reading every RUN twice would cost more than all the rest of the model. Where any user may exist already,
    // only those that are created by name matter.
    if accounts.others && !texts.iter().any(|text| created::may_create(text)) {
        return;
    }
    match &run.command {
        CommandLine::Exec { words, .. } => {
            let words: Vec<Word> = words.iter().cloned().map(Word::of_literal).collect();
            created::words(accounts, &words, variables, origin);
        }
        CommandLine::Shell(_) if run.script => {
            for heredoc in &instruction.heredocs {
                let script = heredoc.content.text();
                if script.starts_with("#!") && !script.lines().next().is_some_and(|line| line.ends_with("sh"))
                {
                    accounts.others = true;
                    continue;
                }
                created::script(accounts, &shell::parse(&heredoc.content).tree, variables, origin);
            }
        }
        CommandLine::Shell(text) => {
            let detached: Vec<DetachedHeredoc<'_>> = instruction
                .heredocs
                .iter()
                .map(|heredoc| DetachedHeredoc {
                    operator: heredoc.operator,
                    content: &heredoc.content,
                    terminated: heredoc.terminator.is_some(),
                })
                .collect();
            let parsed = shell::parse_with(text, Heredocs::Detached(&detached));
            created::script(accounts, &parsed.tree, variables, origin);
        }
    }
}
