//! Hands the scripts of a run to a linter of shell scripts, and brings back what it finds.

use std::sync::Arc;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::engine::script_linter::{Script, ScriptFinding, ScriptLinter};
use crate::engine::unit::Outcome;
use crate::engine::work;
use crate::finding::finding::Finding;
use crate::finding::label::Place;
use crate::finding::shellcheck;
use crate::model::build::BuildPlan;
use crate::model::shell_scripts::{self, ShellScript};
use crate::report::{Note, Unjudged};

/// A script of a Dockerfile.
#[derive(Debug)]
pub(crate) struct Pending {
    file: SourceFile,
    /// The name of the stage.
    stage: Option<String>,
    script: ShellScript,
    /// The preamble and the script.
    text: String,
}

/// The scripts of a Dockerfile.
pub(crate) fn of_plan(plan: &BuildPlan) -> impl Iterator<Item = Pending> {
    shell_scripts::of_plan(plan).into_iter().map(|script| Pending {
        file: plan.dockerfile.file.clone(),
        stage: plan.stages.get(script.stage).and_then(|stage| stage.name.clone()),
        text: format!("{}{}", script.preamble, script.text.text()),
        script,
    })
}

/// Lints the scripts of all units at once: a program is started for many scripts in the time it takes for one.
pub(crate) fn lint(linter: &Arc<dyn ScriptLinter>, jobs: usize, outcomes: &mut [Outcome]) {
    let mut pending: Vec<(usize, Pending)> = Vec::new();
    for (unit, outcome) in outcomes.iter_mut().enumerate() {
        for script in std::mem::take(&mut outcome.scripts) {
            if script.text.len() > linter.longest() {
                let Unjudged { file, line, .. } = script.unjudged(String::new());
                let longest = linter.longest();
                let message = format!(
                    "the script at line {line} is longer than {longest} bytes: not checked as a script"
                );
                outcome.notes.push(Note { file, message });
            } else {
                pending.push((unit, script));
            }
        }
    }
    if pending.is_empty() {
        return;
    }
    let scripts: Vec<Script<'_>> = pending.iter().map(|(_, script)| script.script()).collect();
    let parts: Vec<&[Script<'_>]> = scripts.chunks(scripts.len().div_ceil(jobs.max(1))).collect();
    let answers = work::map(jobs, &parts, |part| {
        let mut answers = linter.lint(part);
        answers.resize_with(part.len(), || Err("the linter of shell scripts gave no answer".to_owned()));
        answers
    });
    for ((unit, script), answer) in pending.iter().zip(answers.into_iter().flatten()) {
        let Some(outcome) = outcomes.get_mut(*unit) else { continue };
        match answer {
            Ok(found) => outcome.findings.extend(found.into_iter().filter_map(|found| script.finding(found))),
            Err(message) => outcome.unjudged.push(script.unjudged(message)),
        }
    }
}

impl Pending {
    fn script(&self) -> Script<'_> {
        Script { text: &self.text, begin: self.script.preamble.len(), shell: self.script.shell }
    }

    fn unjudged(&self, message: String) -> Unjudged {
        let line = self.file.line(self.script.text.span().start());
        Unjudged { file: self.file.name().to_owned(), line, message }
    }

    /// What was found, as a finding in the file; `None` for what says nothing here.
    fn finding(&self, found: ScriptFinding) -> Option<Finding> {
        let rule = shellcheck::meta(found.code)?;
        let begin = self.script.preamble.len();
        let start = found.range.start.checked_sub(begin)?;
        let end = found.range.end.saturating_sub(begin).max(start);
        let text = self.script.text.text();
        text.get(start..end)?;
        if self.script.is_moot(found.code, start..end).is_some() {
            return None;
        }
        Some(Finding {
            rule,
            severity: found.severity.min(rule.severity),
            place: Place::new(&self.file, self.span(start, end)),
            message: sentence(&found.message),
            labels: Vec::new(),
            help: None,
            fix: None,
            absent: None,
            service: None,
            stage: self.stage.clone(),
            scopes: Vec::new(),
            breaks: None,
            alike: 0,
        })
    }

    /// A place without length, as errors of grammar have it, is widened to the character there, or the last one.
    fn span(&self, start: usize, end: usize) -> Span {
        let mapped = &self.script.text;
        let text = mapped.text();
        // A line's end says less than what stands before it.
        let end = start + text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']).len();
        if end > start {
            return mapped.span_of(start..end);
        }
        let next = text.get(start..).and_then(|rest| rest.chars().next()).filter(|c| !c.is_control());
        if let Some(next) = next {
            return mapped.span_of(start..start + next.len_utf8());
        }
        let last = text.get(..start).and_then(|before| before.trim_end().char_indices().next_back());
        last.map_or_else(|| mapped.span_of(start..start), |(at, c)| mapped.span_of(at..at + c.len_utf8()))
    }
}

/// One sentence without a full stop, as our own messages are. Two sentences keep the one between them.
fn sentence(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    message.strip_suffix('.').filter(|rest| !rest.ends_with('.')).map_or(message.clone(), str::to_owned)
}
