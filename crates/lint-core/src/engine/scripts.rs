//! Hands the scripts of a run to a linter of shell scripts, and brings back what it finds.

use std::sync::Arc;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::engine::script_linter::{Script, ScriptFinding, ScriptLinter};
use crate::engine::work;
use crate::finding::finding::Finding;
use crate::finding::label::Place;
use crate::finding::shellcheck;
use crate::model::build::BuildPlan;
use crate::model::build::shell_scripts::{self, ShellScript};
use crate::report::{Note, Unjudged};
use crate::settings::Settings;

/// A script of a Dockerfile.
#[derive(Clone, Debug)]
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

/// How many bytes of scripts wait until they are linted together: a program is started for many scripts in the time it takes
/// for one, and a thousand scripts are as good as all.
const MOST_WAITING: usize = 1 << 20;

/// Scripts that wait to be linted, each with the settings of the unit that they are a part of.
#[derive(Debug)]
pub(crate) struct Scripts<'s> {
    linter: &'s Arc<dyn ScriptLinter>,
    jobs: usize,
    waiting: Vec<(&'s Settings, Pending)>,
    bytes: usize,
    /// What is said of those that do not wait.
    notes: Vec<Note>,
}

/// What a linter of scripts said.
#[derive(Debug, Default)]
pub(crate) struct Answers<'s> {
    pub(crate) findings: Vec<(Finding, &'s Settings)>,
    pub(crate) notes: Vec<Note>,
    pub(crate) unjudged: Vec<Unjudged>,
}

impl<'s> Scripts<'s> {
    pub(crate) fn new(linter: &'s Arc<dyn ScriptLinter>, jobs: usize) -> Self {
        Self { linter, jobs, waiting: Vec::new(), bytes: 0, notes: Vec::new() }
    }

    /// Has the scripts of a unit wait, but for those that are too long.
    pub(crate) fn add(&mut self, unit: &'s Settings, scripts: Vec<Pending>) {
        for script in scripts {
            if script.text.len() > self.linter.longest() {
                let Unjudged { file, line, .. } = script.unjudged(String::new());
                let longest = self.linter.longest();
                let message = format!(
                    "the script at line {line} is longer than {longest} bytes: not checked as a script"
                );
                self.notes.push(Note { file, message });
            } else {
                self.bytes += script.text.len();
                self.waiting.push((unit, script));
            }
        }
    }

    /// Whether enough of them wait.
    pub(crate) fn are_many(&self) -> bool {
        self.bytes > MOST_WAITING
    }

    /// Lints those that wait.
    pub(crate) fn lint(&mut self) -> Answers<'s> {
        let mut said = Answers { notes: std::mem::take(&mut self.notes), ..Answers::default() };
        let pending = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        if pending.is_empty() {
            return said;
        }
        let scripts: Vec<Script<'_>> = pending.iter().map(|(_, script)| script.script()).collect();
        let parts: Vec<&[Script<'_>]> = scripts.chunks(scripts.len().div_ceil(self.jobs.max(1))).collect();
        let answers = work::map(self.jobs, &parts, |part| {
            let mut answers = self.linter.lint(part);
            answers.resize_with(part.len(), || Err("the linter of shell scripts gave no answer".to_owned()));
            answers
        });
        for ((unit, script), answer) in pending.iter().zip(answers.into_iter().flatten()) {
            match answer {
                Ok(found) => {
                    let found = found.into_iter().filter_map(|found| script.finding(found));
                    said.findings.extend(found.map(|finding| (finding, *unit)));
                }
                Err(message) => said.unjudged.push(script.unjudged(message)),
            }
        }
        said
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
            fixes: Vec::new(),
            absent: None,
            for_base: false,
            service: None,
            stage: self.stage.clone(),
            scopes: Vec::new(),
            breaks: None,
            supersedes: Vec::new(),
            is_refusal: false,
            remedy: None,
            since: None,
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
