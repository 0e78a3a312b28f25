//! What a `RUN` runs: the programs of [`crate::model::programs`], for the instructions that build layers, and what
//! rules ask of them.

use lint_parser::dockerfile::ast::{Instruction, InstructionKind, Run};
use lint_parser::shell::ast::AndOrOperator;
use lint_parser::shell::walk;
use lint_parser::shell::word::{Quoting, Word};
use lint_parser::text::span::Span;

use crate::finding::fix::Edit;
use crate::model::build::BuildPlan;
use crate::model::programs::{self, Program};

/// The `RUN` an instruction is, or that it leaves for child builds as an `ONBUILD` trigger.
#[must_use]
pub fn run_of(instruction: &Instruction) -> Option<&Run> {
    match &instruction.kind {
        InstructionKind::Run(run) => Some(run),
        InstructionKind::Onbuild(Some(trigger)) => run_of(trigger),
        _ => None,
    }
}

/// Hands over every program of a `RUN`, in the order of the text, a wrapper before what it runs. Instructions
/// that are no `RUN`, and shells other than POSIX ones, give none.
pub fn for_each_program(plan: &BuildPlan, instruction: usize, report: &mut dyn FnMut(&Program<'_, '_>)) {
    if plan.instruction(instruction).and_then(run_of).is_none() {
        return;
    }
    if let Some(commands) = plan.commands(instruction) {
        programs::for_each_program(commands, report);
    }
}

/// Puts text after a word of an instruction. `None` in the exec form, where it would have to be a string of the
/// array, and in a Compose file, whose quoting is not ours to keep.
#[must_use]
pub fn insert_after(plan: &BuildPlan, instruction: usize, word: Span, text: &str) -> Option<Edit> {
    plan.script(instruction)?;
    let file = &plan.dockerfile.file;
    // The word ends at a character of its own or at a closing quote, never inside an escape.
    file.text().get(word.range())?;
    Some(Edit { file: file.clone(), span: Span::at(word.end()), text: text.to_owned() })
}

/// How many ancestors of a stage [`configures`] looks at: enough for what people write, and few enough for a file
/// of a hundred thousand stages.
const MAX_ANCESTORS: usize = 8;

/// Whether a stage, or one it is built upon, writes one of these words into a configuration file (`apt.conf.d`,
/// `dnf.conf`, `.condarc`), as far as the text of its instructions shows.
#[must_use]
pub fn configures(plan: &BuildPlan, stage: usize, words: &[&str]) -> bool {
    plan.chain(stage).take(MAX_ANCESTORS).any(|stage| {
        stage.instructions.clone().filter_map(|index| plan.instruction(index)).any(|instruction| {
            let text = plan.dockerfile.file.slice(instruction.span);
            words.iter().any(|word| text.contains(word))
                && [".conf", "conda", "CONDA"].iter().any(|file| text.contains(file))
        })
    })
}

impl<'a> Program<'_, 'a> {
    /// What surrounds it in its script; nothing does in the exec form.
    #[must_use]
    pub fn context(&self) -> walk::Context<'a> {
        self.site.map(|site| site.context).unwrap_or_default()
    }

    /// Where its name is written.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.invocation.words.first().map(Word::span).unwrap_or_default()
    }

    /// From the first word to the last.
    #[must_use]
    pub fn span(&self) -> Span {
        self.args().last().map_or(self.name_span(), |last| self.name_span().cover(last.span()))
    }

    /// From the name to the `at`th argument, counted from 0: `apt-get install` of a long list.
    #[must_use]
    pub fn span_to(&self, at: usize) -> Span {
        self.args().get(at).map_or(self.span(), |last| self.name_span().cover(last.span()))
    }

    /// Whether a word of it comes from an unquoted variable or command, so that any option may be among them.
    #[must_use]
    pub fn may_have_options(&self) -> bool {
        self.args().iter().any(may_be_options)
    }

    /// Whether its failure stops nothing: `|| true`, a condition, the background.
    #[must_use]
    pub fn may_fail(&self) -> bool {
        let context = self.context();
        context.in_condition
            || context.negated
            || context.background
            || context.before == Some(AndOrOperator::Or)
    }
}

/// Whether a word may become options when it is expanded: `$APT_OPTIONS`.
#[must_use]
pub fn may_be_options(word: &Word) -> bool {
    word.is_dynamic() && word.parts.iter().any(|part| part.quoting == Quoting::None)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lint_parser::text::source::SourceFile;

    use super::*;
    use crate::model::build::{BuildRequest, ParsedDockerfile, plan};

    fn names(text: &str) -> Vec<String> {
        let file = SourceFile::new("Dockerfile", text);
        let plan = plan(Arc::new(ParsedDockerfile::parse(file)), &BuildRequest::default());
        let mut names = Vec::new();
        for index in 0..plan.dockerfile.tree.instructions.len() {
            for_each_program(&plan, index, &mut |program| {
                names.push(format!(
                    "{}{}",
                    program.name().unwrap_or_default(),
                    if program.site.is_none() { "!" } else { "" }
                ));
            });
        }
        names
    }

    #[test]
    fn programs_are_found_behind_wrappers_and_in_scripts() {
        let text = "FROM a\nRUN sudo env A=1 sh -c 'id && su app -c who'\nRUN [\"sh\", \"-c\", \"ls\"]\n\
                    ONBUILD RUN <<EOF\ntrue\nEOF\nCMD top\n";
        assert_eq!(names(text), ["sudo", "env", "sh", "id", "su", "who", "sh!", "ls", "true"]);
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
