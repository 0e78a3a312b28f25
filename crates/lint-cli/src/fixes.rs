//! `--fix` and what goes with it: what to fix, and what becomes of the fixed text.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use lint_core::fix::{Applied, Fixed, FixedFile};
use lint_core::suppressions::{Added, Left};
use lint_core::{Applicability, Finding, Linter};

use crate::args::check::FixArgs;
use crate::messages::Messages;
use crate::render::summary::{Fixable, count};
use crate::terminal::Terminal;
use crate::{diff, replace};

/// What the command line says about fixes.
#[derive(Debug)]
pub(crate) struct Fixes {
    /// How far a fix must be trusted.
    pub(crate) at_least: Applicability,
    mode: Mode,
}

/// What is done about fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are counted.
    Count,
    /// They are shown.
    Diff,
    /// They are written, and the rest is reported.
    Fix,
    /// They are written.
    FixOnly,
}

impl Fixes {
    /// # Errors
    /// When a rule does not exist.
    pub(crate) fn new(args: &FixArgs) -> Result<Self, String> {
        let mode = match args {
            FixArgs { diff: true, .. } => Mode::Diff,
            FixArgs { fix_only: true, .. } => Mode::FixOnly,
            FixArgs { fix: true, .. } => Mode::Fix,
            _ => Mode::Count,
        };
        if mode == Mode::Count {
            let needy =
                [("--show-fixes", args.show_fixes), ("--exit-non-zero-on-fix", args.exit_non_zero_on_fix)];
            if let Some((flag, _)) = needy.into_iter().find(|&(_, given)| given) {
                return Err(format!("{flag} goes with --fix, --fix-only or --diff"));
            }
        }
        Ok(Self {
            at_least: if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe },
            mode,
        })
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    /// How many of the findings can be fixed. What several services share is fixed once, and counts once.
    pub(crate) fn count(&self, findings: &[Finding], sources: &[String], linter: &Linter) -> Fixable {
        let sources: HashSet<&str> = sources.iter().map(String::as_str).collect();
        let is_ours = |finding: &Finding| linter.settings_of(finding.file().name()).may_fix(finding.rule);
        let number = |at_least| {
            let is_fixable = |finding: &&Finding| {
                let fix = finding.fix(at_least);
                fix.is_some_and(|fix| fix.edits.iter().all(|edit| sources.contains(edit.file.name())))
            };
            let fixable = findings.iter().filter(|finding| is_fixable(finding) && is_ours(finding));
            fixable.map(|f| (f.file().name(), f.span(), f.rule.name)).collect::<HashSet<_>>().len()
        };
        let now = number(self.at_least);
        Fixable { now, with_unsafe: number(Applicability::Unsafe).saturating_sub(now) }
    }
}

/// Writes the files that changed, but for the one that came on standard input; the names of those that could not be written.
pub(crate) fn write(files: &[FixedFile], unsaved: Option<&str>, messages: Messages) -> HashSet<String> {
    let mut refused = HashSet::new();
    for file in files.iter().filter(|file| Some(file.name.as_str()) != unsaved) {
        if let Err(error) = replace::replace(Path::new(&file.name), &file.before, &file.after) {
            messages.error(&error);
            refused.insert(file.name.clone());
        }
    }
    refused
}

/// What the fixes would change.
pub(crate) fn diff(files: &[FixedFile], terminal: Terminal) -> String {
    files.iter().map(|file| diff::unified(file, terminal)).collect()
}

/// Says how much was fixed (`Fixed`) or would be (`Would fix`), on request rule by rule, and what could not be.
/// What was to be fixed in files that could not be written was not.
pub(crate) fn tell(fixed: &Fixed, unwritten: &HashSet<String>, verb: &str, each: bool, messages: Messages) {
    for finding in &fixed.dropped {
        messages.detail(&format!(
            "{}: the fix of {} was left out: it does not remove the finding, or brings another",
            finding.location(),
            finding.rule.name
        ));
    }
    let applied: Vec<&Applied> = fixed.applied.iter().filter(|fix| !unwritten.contains(&fix.file)).collect();
    if applied.is_empty() {
        return;
    }
    let written = fixed.files.iter().filter(|file| !unwritten.contains(&file.name)).count();
    let (problems, files) = (count(applied.len(), "problem"), count(written, "file"));
    messages.note(&format!("{verb} {problems} in {files}"));
    if each {
        for ((file, rule, title), number) in tally(&applied) {
            messages.note(&format!("{file}: {number} × {rule}: {title}"));
        }
    }
}

/// Says how many comments were added, and for each finding without one why.
pub(crate) fn tell_added(added: &Added, is_diff: bool, messages: Messages) {
    let mut left: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for Left { finding, why, .. } in &added.left {
        left.entry((finding.file().name(), why)).or_default().push(finding);
    }
    for ((file, why), findings) in left {
        messages.note(&match findings.as_slice() {
            [finding] => format!("{}: no comment for {}: {why}", finding.location(), finding.rule.name),
            several => format!("{file}: no comments for {}: {why}", count(several.len(), "finding")),
        });
    }
    if added.comments > 0 {
        let verb = if is_diff { "would add" } else { "added" };
        let (comments, files) = (count(added.comments, "comment"), count(added.files.len(), "file"));
        let findings = count(added.silenced, "finding");
        messages.note(&format!("{verb} {comments} to {files}, for {findings}"));
    }
}

fn tally<'a>(applied: &[&'a Applied]) -> BTreeMap<(&'a str, &'static str, &'a str), usize> {
    let mut tally = BTreeMap::new();
    for fix in applied {
        *tally.entry((fix.file.as_str(), fix.rule.name, fix.title.as_str())).or_default() += 1;
    }
    tally
}
