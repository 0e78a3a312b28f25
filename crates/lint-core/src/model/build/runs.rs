//! What a `RUN` does that the model must know: the stages it reads, the users it creates.

use lint_parser::dockerfile::ast::{Instruction, Run};

use crate::model::build::user::{Accounts, created};
use crate::model::runs::Commands;
use crate::model::values::origin::SetAt;
use crate::model::values::variables::Variables;

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
    instruction: &Instruction,
    commands: Option<&Commands>,
    variables: &Variables,
    origin: SetAt,
) {
    if accounts.windows {
        return;
    }
    let mut texts = vec![instruction.arguments.text()];
    texts.extend(instruction.heredocs.iter().map(|heredoc| heredoc.content.text()));
    // Where any user may exist already, only those that are created by name matter.
    if accounts.others && !texts.iter().any(|text| created::may_create(text)) {
        return;
    }
    match commands {
        Some(Commands::Script(script)) => created::script(accounts, script, variables, origin),
        Some(Commands::Words(words)) => created::command(accounts, words, variables, origin),
        None => accounts.others = true,
    }
}
