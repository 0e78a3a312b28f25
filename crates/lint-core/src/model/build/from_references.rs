//! Where an instruction says which stage or image it takes files from.

use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::text::mapped::Mapped;

/// What `--from` of a `COPY` or `ADD` and `from=` of the mounts of a `RUN` name, and whether it is a mount's: those take no
/// numbers of stages.
#[must_use]
pub fn from_references(operation: &Instruction) -> Vec<(&Mapped, bool)> {
    match &operation.kind {
        InstructionKind::Copy(_) | InstructionKind::Add(_) => operation
            .flag("from")
            .and_then(|flag| flag.value.as_ref())
            .map(|from| (from, false))
            .into_iter()
            .collect(),
        InstructionKind::Run(run) => run
            .mounts
            .iter()
            .flat_map(|mount| &mount.options)
            .filter(|option| option.key.text().eq_ignore_ascii_case("from"))
            .filter_map(|option| Some((option.value.as_ref()?, true)))
            .collect(),
        _ => Vec::new(),
    }
}
