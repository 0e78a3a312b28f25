//! What the instructions of a build run.

use lint_parser::shell::ast::Script;
use lint_parser::text::span::Span;

use crate::model::build::plan::BuildPlan;
use crate::model::build::scripts::Lines;
use crate::model::build::shell_scripts::start::reader;
use crate::model::runs::downloads::{self, Download};
use crate::model::runs::packages::{PackageCommand, package_commands};
use crate::model::runs::{By, Commands, Course, Program, Runs, Variable, commands};

/// How many ancestors of a stage [`BuildPlan::configures`] looks at: enough for what people write, and few enough for
/// a file of a hundred thousand stages.
const MAX_ANCESTORS: usize = 8;

impl BuildPlan {
    /// What an instruction runs. `None` where the shell form is for another shell than a POSIX one (PowerShell,
    /// `cmd`), for instructions that run nothing, and for heredocs of another language.
    #[must_use]
    pub fn commands(&self, instruction: usize) -> Option<&Commands> {
        let commands = self.dockerfile.commands(instruction)?;
        let posix = self.posix.get(instruction).copied().unwrap_or(false);
        (posix || matches!(commands, Commands::Words(_))).then_some(commands)
    }

    /// The same for those who care for scripts alone.
    #[must_use]
    pub fn script(&self, instruction: usize) -> Option<&Script> {
        match self.commands(instruction)? {
            Commands::Script(script) => Some(script),
            Commands::Words(_) => None,
        }
    }

    /// The programs an instruction runs, those that wrappers and shells run included.
    #[must_use]
    pub fn programs(&self, instruction: usize) -> &[Program] {
        self.runs(instruction).map_or(&[], |runs| &runs.programs)
    }

    /// The variables that the commands of an instruction set.
    #[must_use]
    pub fn variables_set(&self, instruction: usize) -> &[Variable] {
        self.runs(instruction).map_or(&[], |runs| &runs.variables)
    }

    /// The commands of an instruction that are too long to be read.
    pub fn unread(&self, instruction: usize) -> impl Iterator<Item = Span> {
        self.runs(instruction).into_iter().flat_map(|runs| runs.unread.iter().map(|(_, span)| *span))
    }

    /// The package managers an instruction calls; none where another shell than a POSIX one reads it.
    #[must_use]
    pub fn package_commands(&self, instruction: usize) -> &[PackageCommand] {
        let Some((runs, lines)) = self.runs_and_lines(instruction) else { return &[] };
        lines.packages.get_or_init(|| package_commands(&runs.programs).into())
    }

    /// The programs of an instruction in the order they run, and where each stands by then.
    #[must_use]
    pub fn course(&self, instruction: usize) -> Course<'_> {
        let variables = self.variables_at(instruction);
        let Some(runs) = self.runs(instruction) else { return Course::empty(variables) };
        let has_braces = || {
            let stage = self.stage_of(instruction);
            stage.is_none_or(|stage| reader(self, stage, instruction).features.braces != Some(false))
        };
        // In `bash -c '…'` it is bash that reads them.
        let has_braces = runs.programs.iter().any(|program| program.name() == Some("bash")) || has_braces();
        let directory = self.directories.get(instruction).cloned().flatten();
        Course::of(runs, directory.as_deref(), variables, has_braces)
    }

    /// What an instruction downloads.
    #[must_use]
    pub fn downloads(&self, instruction: usize) -> &[Download] {
        if !downloads::any(self.programs(instruction)) {
            return &[];
        }
        let of = self.dockerfile.tree.instructions.len();
        self.asked.downloads(instruction, of, || downloads::of_image(&self.course(instruction)))
    }

    /// What an instruction runs; `None` where nothing does, or another shell than a POSIX one reads it.
    #[must_use]
    pub fn runs(&self, instruction: usize) -> Option<&Runs> {
        self.runs_and_lines(instruction).map(|(runs, _)| runs)
    }

    fn runs_and_lines(&self, instruction: usize) -> Option<(&Runs, &Lines)> {
        let commands = self.commands(instruction)?;
        let lines = self.dockerfile.scripts.0.get(instruction)?;
        let by = || self.instruction(instruction).map_or(By::Run, commands::by);
        Some((lines.runs.get_or_init(|| Runs::of(commands, by())), lines))
    }
}

impl BuildPlan {
    /// Whether a stage, or one it is built upon, writes one of these words into a configuration file (`apt.conf.d`,
    /// `dnf.conf`, `.condarc`), as far as the text of its instructions shows.
    #[must_use]
    pub fn configures(&self, stage: usize, words: &[&str]) -> bool {
        self.chain(stage).take(MAX_ANCESTORS).any(|stage| {
            stage.instructions.clone().filter_map(|index| self.instruction(index)).any(|instruction| {
                let text = self.dockerfile.file.slice(instruction.span);
                words.iter().any(|word| text.contains(word))
                    && [".conf", "conda", "CONDA"].iter().any(|file| text.contains(file))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lint_parser::text::source::SourceFile;

    use super::*;
    use crate::model::build::dockerfile::ParsedDockerfile;
    use crate::model::build::plan;
    use crate::model::build::request::BuildRequest;

    fn names(text: &str) -> Vec<String> {
        let file = SourceFile::new("Dockerfile", text);
        let plan = plan(Arc::new(ParsedDockerfile::parse(file)), &BuildRequest::default());
        let programs = (0..plan.dockerfile.tree.instructions.len()).flat_map(|index| plan.programs(index));
        let form = |program: &Program| if program.in_script { "" } else { "!" };
        programs.map(|program| format!("{}{}", program.name().unwrap_or_default(), form(program))).collect()
    }

    #[test]
    fn programs_are_found_behind_wrappers_and_in_scripts() {
        let text = "FROM a\nRUN sudo env A=1 sh -c 'id && su app -c who'\nRUN [\"sh\", \"-c\", \"ls\"]\n\
                    ONBUILD RUN <<EOF\ntrue\nEOF\nCMD top\n";
        assert_eq!(names(text), ["sudo", "env", "sh", "id", "su", "who", "sh!", "ls", "true", "top"]);
    }

    #[test]
    fn other_shells_are_left_alone() {
        assert!(names("FROM a\nSHELL [\"pwsh\", \"-c\"]\nRUN sudo ls\n").is_empty());
    }

    #[test]
    fn layers_of_builders_do_not_ship() {
        let text = "FROM a AS base\nFROM base AS build\nFROM base\nCOPY --from=build /a /a\n";
        let file = SourceFile::new("Dockerfile", text);
        let plan = plan(Arc::new(ParsedDockerfile::parse(file)), &BuildRequest::default());
        let shipped: Vec<_> = (0..4).map(|stage| plan.is_in_target_chain(stage)).collect();
        assert_eq!(shipped, [true, false, true, false]);
    }
}
