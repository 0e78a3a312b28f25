//! The words of an instruction in which BuildKit itself replaces variables. What `RUN`, `CMD`, `ENTRYPOINT`,
//! `HEALTHCHECK` and `SHELL` hold is left to a shell, and `FROM` sees the global arguments alone.

use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::text::mapped::Mapped;

/// Those words, in order: flags, then arguments.
#[must_use]
pub fn of(instruction: &Instruction) -> Vec<&Mapped> {
    let flags = |names: &'static [&str]| {
        let named = instruction.flags.iter().filter(|flag| names.contains(&flag.name.text()));
        named.filter_map(|flag| flag.value.as_ref())
    };
    match &instruction.kind {
        InstructionKind::Env(pairs) | InstructionKind::Label(pairs) | InstructionKind::Arg(pairs) => {
            pairs.iter().flat_map(|pair| [Some(&pair.key), pair.value.as_ref()]).flatten().collect()
        }
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
            flags(&["chown", "chmod", "checksum", "exclude"])
                .chain(&copy.sources)
                .chain(&copy.destination)
                .collect()
        }
        InstructionKind::Expose(words) | InstructionKind::Volume(words) => words.iter().collect(),
        InstructionKind::User(word) | InstructionKind::Workdir(word) | InstructionKind::Stopsignal(word) => {
            vec![word]
        }
        InstructionKind::Run(run) => {
            let options = run.mounts.iter().flat_map(|mount| &mount.options);
            let options = options.filter(|option| !option.key.text().eq_ignore_ascii_case("from"));
            options.filter_map(|option| option.value.as_ref()).collect()
        }
        _ => Vec::new(),
    }
}

/// The bodies of heredocs in which it does. Quotes protect nothing there.
pub fn bodies(instruction: &Instruction) -> impl Iterator<Item = &Mapped> {
    let copies = matches!(instruction.kind, InstructionKind::Copy(_) | InstructionKind::Add(_));
    let bodies = instruction.heredocs.iter().filter(move |heredoc| copies && heredoc.expand);
    bodies.map(|heredoc| &heredoc.content)
}
