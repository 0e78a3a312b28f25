//! What is said of it: baselines, reports, the exit code.

use lint_core::report::sarif::{self, SarifRun};
use lint_core::{Report, Severity};

use crate::args::values::{GroupName, SortName};
use crate::commands::Exit;
use crate::commands::check::judge::Judged;
use crate::commands::check::plan::Plan;
use crate::fixes::Mode;
use crate::render::Look;
use crate::render::summary::Fixable;
use crate::reports::Reports;
use crate::terminal::{self, Terminal};
use crate::{configure, output};

/// Writes the baseline and the reports; how the run ends.
///
/// # Errors
/// When a baseline cannot be written.
pub(super) fn tell(plan: &Plan<'_>, judged: Judged) -> Result<Exit, String> {
    let Plan { args, messages, fixes, linter, baselines, .. } = plan;
    let Judged { mut report, failed, has_changed } = judged;
    match fixes.mode() {
        Mode::Diff => return Ok(exit(failed, has_changed && !args.selection.exit_zero)),
        Mode::FixOnly => return Ok(exit(failed, has_changed && args.fixes.exit_non_zero_on_fix)),
        Mode::Count | Mode::Fix => {}
    }
    match &args.baseline.write_baseline {
        Some(path) => configure::write_baseline(path, baselines, &mut report, *messages)?,
        None => configure::tell_stale(*messages, baselines, &report),
    }

    if let Some(before) = &plan.before {
        let disk = configure::disk(&plan.sources, linter, &args.paths, &args.files, plan.scripts.clone());
        let old = before.keep_new(&mut report, linter, &plan.sources, &disk);
        if old > 0 {
            let findings = if old == 1 { "finding was" } else { "findings were" };
            messages.note(&format!("{old} {findings} there before and not told"));
        }
    }
    let is_failing = report.findings.iter().any(|finding| plan.fails(finding));
    let mut shown = shown(report, plan.least_shown());
    if is_failing && !shown.findings.iter().any(|finding| plan.fails(finding)) {
        messages.warning("findings that --min-severity hides fail the run; see --fail-on");
    }
    // What the baseline accepts is not fixed, so it must not be counted once it is shown.
    let fixable = fixes.count(&shown.findings, &shown.linted, linter);
    // In a SARIF log that tells what is suppressed, what the baseline accepts is suppressed and not a finding.
    let for_sarif = (args.output.show_suppressed && args.baseline.show_baselined).then(|| shown.clone());
    if args.baseline.show_baselined {
        configure::show_baselined(&mut shown);
    }
    let mut run = SarifRun::new(linter.rules().into_iter().map(|rule| (rule, linter.severity_of(rule))));
    run.unsaved = plan.unsaved.as_deref();
    run.successful = !failed;
    run.suppressed = args.output.show_suppressed;
    let reports = Reports { report: &shown, for_sarif: for_sarif.as_ref().unwrap_or(&shown), run };
    let written = write(plan, &reports, fixable);
    Ok(exit(failed || !written, is_failing || (has_changed && args.fixes.exit_non_zero_on_fix)))
}

fn exit(failed: bool, is_failing: bool) -> Exit {
    match (failed, is_failing) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    }
}

fn shown(mut report: Report, least: Option<Severity>) -> Report {
    if let Some(least) = least {
        report.findings.retain(|finding| finding.severity >= least);
        report.accepted.retain(|accepted| accepted.finding.severity >= least);
        report.baselined.retain(|finding| finding.severity >= least);
    }
    report
}

/// Writes the reports; whether that went well.
fn write(plan: &Plan<'_>, reports: &Reports<'_>, fixable: Fixable) -> bool {
    let Plan { messages, format, targets, .. } = plan;
    let args = &plan.args.output;
    let accessible = args.accessible || terminal::no_graphics();
    // That nothing was found in nothing is no news after an error.
    let has_news = reports.run.successful || !reports.report.linted.is_empty();
    let look = |terminal| Look {
        terminal,
        accessible,
        docs: args.show_docs_url,
        summary: !args.quiet && has_news,
        fixable,
        sort: args.sort.map(SortName::sort),
        group_by: args.group_by.map(GroupName::group_by),
    };
    let main = |terminal| match args.statistics {
        true => reports.statistics(*format, look(terminal)),
        false => reports.write(*format, look(terminal)),
    };
    let to_files = targets.iter().map(|target| {
        let text = match target.format {
            Some(format) => reports.write(format, look(Terminal::PLAIN)),
            None => main(Terminal::PLAIN),
        };
        output::write(&target.path, &text)
    });
    let mut results: Vec<Result<(), String>> = to_files.collect();
    if !args.silent && targets.iter().all(|target| target.format.is_some()) {
        // Where a fixed text is printed, standard output is its own.
        results.push(if plan.changes() && (plan.unsaved.is_some() || plan.passes_on) {
            output::print_aside(&main(Terminal { colour: messages.colour, ..Terminal::PLAIN }));
            Ok(())
        } else {
            output::print(&main(Terminal::stdout(plan.color())))
        });
    }
    results.iter().filter_map(|result| result.as_ref().err()).for_each(|error| messages.error(error));

    let left_out = reports.results().saturating_sub(sarif::MAX_RESULTS);
    if output::writes_sarif(*format, targets) && left_out > 0 {
        messages.warning(&format!(
            "the SARIF log holds the worst {} findings, which is what GitHub accepts; {left_out} are left out",
            sarif::MAX_RESULTS
        ));
    }
    results.iter().all(Result::is_ok)
}
