//! What is found, and what becomes of the texts.

use std::collections::HashSet;

use lint_core::fix::{self, FixedFile};
use lint_core::{Finding, Report, Source, suppressions};

use crate::commands::check::plan::Plan;
use crate::commands::told::tell_report;
use crate::fixes::{self, Mode};
use crate::progress::Progress;
use crate::terminal::Terminal;
use crate::{configure, output, stdin};

/// What judging came to.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) report: Report,
    /// Whether something could not be read, judged or written.
    pub(super) failed: bool,
    /// Whether something was fixed, or would be.
    pub(super) has_changed: bool,
}

/// Lints, and fixes or comments where that is asked for.
///
/// # Errors
/// When standard input cannot be passed on, or a fixed text cannot be printed.
pub(super) fn judge(plan: &Plan<'_>, progress: Progress) -> Result<Judged, String> {
    if plan.passes_on {
        output::print_bytes(&stdin::bytes()?)?;
    }
    let Plan { args, messages, fixes, linter, sources, .. } = plan;
    let least = plan.least_shown();
    let wanted = |finding: &Finding| least.is_none_or(|least| finding.severity >= least);
    let disk = configure::disk(sources, linter, &args.paths, &args.files, plan.scripts.clone());
    let disk = progress.watch(&disk);
    let mut judged = Judged { failed: plan.failed, ..Judged::default() };
    if let Some(reason) = &plan.reason {
        let added = suppressions::add(linter, sources, &disk, reason, &wanted);
        drop(progress);
        judged.has_changed = added.comments > 0;
        let unwritten = judged.change(plan, &added.files)?;
        if unwritten.is_empty() {
            fixes::tell_added(&added, fixes.mode() == Mode::Diff, *messages);
        }
        judged.report = added.report;
    } else if fixes.mode() == Mode::Count {
        judged.report = linter.lint_with(sources, &disk);
        drop(progress);
    } else {
        let fixed = fix::fix(linter, sources, &disk, fixes.at_least, &wanted);
        drop(progress);
        judged.has_changed = !fixed.applied.is_empty();
        let unwritten = judged.change(plan, &fixed.files)?;
        let verb = if fixes.mode() == Mode::Diff { "would fix" } else { "fixed" };
        fixes::tell(&fixed, &unwritten, verb, args.fixes.show_fixes, *messages);
        judged.report = fixed.report;
    }
    judged.failed |= tell_report(*messages, &judged.report);
    Ok(judged)
}

impl Judged {
    /// Writes or prints new texts; the names of the files that could not be written.
    ///
    /// # Errors
    /// When standard output cannot be written.
    fn change(&mut self, plan: &Plan<'_>, files: &[FixedFile]) -> Result<HashSet<String>, String> {
        if plan.fixes.mode() == Mode::Diff {
            if !plan.args.output.silent {
                output::print(&fixes::diff(files, Terminal::stdout(plan.color())))?;
            }
            return Ok(HashSet::new());
        }
        let unsaved = plan.unsaved.as_deref();
        let unwritten = fixes::write(files, unsaved, plan.messages);
        self.failed |= !unwritten.is_empty();
        let source = plan.sources.iter().find(|source| Some(source.name.as_str()) == unsaved);
        if let Some(Source { name, text: Some(text), .. }) = source {
            let changed = files.iter().find(|file| file.name == *name);
            output::print(changed.map_or(text, |file| &file.after))?;
        }
        Ok(unwritten)
    }
}
