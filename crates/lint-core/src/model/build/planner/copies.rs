//! What `COPY` and `ADD` put into a stage.

use lint_parser::dockerfile::ast::{Copy, Instruction, InstructionKind};

use crate::model::build::planner::{Building, Planner, absolute};
use crate::model::build::stage::{Copied, CopySource};
use crate::model::build::user::created;
use crate::model::values::origin::SetAt;

impl Planner<'_> {
    /// The stage `COPY --from` means, by index or name. BuildKit looks it up once it has read the whole file, so that it
    /// may come later; `FROM` sees earlier ones alone.
    fn copied_stage(&self, from: &str) -> Option<usize> {
        match from.parse::<usize>() {
            Ok(index) => Some(index).filter(|&index| index < self.count),
            Err(_) => self.everywhere.get(&from.to_lowercase()).copied(),
        }
    }

    pub(super) fn copy(
        &self,
        building: &mut Building,
        instruction: &Instruction,
        copy: &Copy,
        origin: SetAt,
    ) {
        let stage = &mut building.stage;
        let from = match instruction.flag("from").and_then(|flag| flag.value.as_ref()) {
            None => CopySource::Context,
            Some(from) => match self.copied_stage(from.text()) {
                Some(index) => CopySource::Stage(index),
                None => CopySource::Elsewhere,
            },
        };
        if let CopySource::Stage(index) = from {
            building.reads.insert(index);
        }
        let is_add = matches!(instruction.kind, InstructionKind::Add(_));
        let destination = copy.destination.as_ref().and_then(|word| self.known(stage, word));
        let Some(destination) = destination.and_then(|path| absolute(stage, &path)) else {
            stage.accounts.others = true;
            return;
        };
        for source in &copy.sources {
            let Some(path) = self.known(stage, source) else {
                stage.accounts.others = true;
                continue;
            };
            let from = if is_add && is_remote(&path) { CopySource::Elsewhere } else { from.clone() };
            stage.copies.push(Copied { origin, from, source: path, destination: destination.clone() });
        }
        for (at, heredoc) in instruction.heredocs.iter().enumerate() {
            let source = heredoc.name.value.clone();
            stage.copies.push(Copied {
                origin,
                from: CopySource::Heredoc(at),
                source,
                destination: destination.clone(),
            });
        }
        let first = stage.copies.partition_point(|copied| copied.origin < origin);
        for at in first..stage.copies.len() {
            let Some(copied) = stage.copies.get(at) else { continue };
            let from = match copied.from {
                CopySource::Stage(index) => self.stages.get(index).map(|stage| &stage.accounts),
                _ => None,
            };
            let heredoc = match copied.from {
                CopySource::Heredoc(at) => instruction.heredocs.get(at),
                _ => None,
            };
            created::copied(&mut stage.accounts, copied, from, heredoc);
        }
    }
}

fn is_remote(source: &str) -> bool {
    source.contains("://") || source.starts_with("git@")
}
