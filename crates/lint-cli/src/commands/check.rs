//! `plimsoll check`.

use std::path::{Path, PathBuf};

use lint_core::config::Options;
use lint_core::fix::{self, Fixed, FixedFile};
use lint_core::report::concise::printable;
use lint_core::report::sarif::{self, SarifRun};
use lint_core::suppressions::{self, Reason};
use lint_core::{Finding, Linter, Report, Severity, Source};

use crate::args::values::{ColorChoice, OutputFormat};
use crate::args::{CheckArgs, FileArgs, OutputArgs};
use crate::commands::{Exit, config};
use crate::config_files::ConfigFiles;
use crate::discover::{self, Inputs};
use crate::disk::Disk;
use crate::fixes::{self, Fixes, Mode};
use crate::messages::{ISSUES, Messages, Volume};
use crate::output::{self, Target};
use crate::render::Look;
use crate::render::summary::Fixable;
use crate::reports::{self, Reports};
use crate::roots::Roots;
use crate::terminal::{self, Terminal};
use crate::{args, configure, environment, shell_lint, stdin};

/// Lints and reports.
///
/// # Errors
/// What is wrong with the command line, in one line. What is wrong with single files is printed, and the rest is
/// linted.
pub(crate) fn run(args: &CheckArgs) -> Result<Exit, String> {
    let messages = messages(&args.output);
    let format = match args.output.output_format {
        Some(format) => format,
        None => environment::named("PLIMSOLL_OUTPUT_FORMAT")?.unwrap_or_default(),
    };
    let targets: Vec<Target> =
        args.output.output_file.iter().map(|t| Target::parse(t)).collect::<Result<_, _>>()?;
    if args.output.statistics && !reports::has_statistics(format) {
        return Err("--statistics goes with the formats full, concise, grouped and json".to_owned());
    }
    if args.output.show_suppressed && !writes_sarif(format, &targets) {
        return Err("--show-suppressed goes with the format sarif".to_owned());
    }
    let flags = configure::flags(&args.selection, &args.fixes, &args.suppressions)?;
    let script_linter = shell_lint::linter(args.selection.shellcheck.as_deref())?;
    if let (None, Some(name)) = (&script_linter, shell_lint::selected(configure::selections(&flags))) {
        return Err(shell_lint::unavailable(name));
    }
    let env_files = configure::env_files(&args.selection.env_file)?;
    let fixes = Fixes::new(&args.fixes)?;
    let reason = args.suppressions.add_suppressions.as_deref().map(Reason::new).transpose();
    let reason = reason.map_err(|error| format!("--add-suppressions: {error}"))?;
    let jobs = match args.files.jobs {
        Some(jobs) => jobs,
        None => environment::parsed("PLIMSOLL_JOBS", args::jobs)?.unwrap_or_else(|| likely_jobs(args)),
    };
    let configs = match ConfigFiles::new(args.selection.config.as_deref(), args.selection.isolated) {
        Ok(configs) => configs,
        Err(errors) => return Ok(misconfigured(messages, &errors)),
    };

    if args.selection.show_settings {
        return show_settings(args, &configs, flags);
    }
    let inputs = discover::discover(&args.paths, &args.files, jobs, &configs)?;
    let linter = configure::linter(inputs.sources.values(), &configs, &flags, |settings| {
        settings.jobs = jobs;
        settings.env_files.clone_from(&env_files);
        if args.selection.shellcheck.is_some() {
            shell_lint::select(settings);
        }
    })?;
    // Nothing is judged by settings that are not what somebody wrote.
    if !configs.errors().is_empty() {
        return Ok(misconfigured(messages, &configs.errors()));
    }
    let linter = match script_linter {
        Some(script_linter) => linter.with_script_linter(script_linter),
        None => {
            // A configuration may be shared with those whose Plimsoll can do it.
            let settings = inputs.sources.keys().map(|name| linter.settings_of(name));
            let selected = settings.flat_map(|s| s.select.iter().chain(&s.extend_select));
            if let Some(name) = shell_lint::selected(selected) {
                messages.warning(&shell_lint::unavailable(name));
            }
            linter
        }
    };
    let baselines = configure::baselines(&args.baseline, inputs.sources.values(), &configs)?;
    let linter =
        baselines.iter().fold(linter, |linter, (_, baseline)| linter.with_baseline(baseline.clone()));
    let failed = tell_inputs(messages, &inputs, args.files.error_on_no_files);
    if args.files.show_files {
        let names: String = inputs.sources.keys().map(|name| format!("{}\n", printable(name))).collect();
        output::print(&names)?;
        return Ok(if failed { Exit::Failed } else { Exit::Clean });
    }
    let unsaved = inputs.stdin;
    let changes = match &reason {
        Some(_) => fixes.mode() != Mode::Diff,
        None => matches!(fixes.mode(), Mode::Fix | Mode::FixOnly),
    };
    let passes_on = inputs.has_unread_stdin && changes;
    if passes_on {
        output::print_bytes(&stdin::bytes()?)?;
    }
    let sources: Vec<Source> = inputs.sources.into_values().collect();
    let least_shown = args.selection.min_severity.map(args::values::SeverityName::severity);
    let mut run = Run { report: Report::default(), failed, has_changed: false, unsaved };
    let wanted = |finding: &Finding| least_shown.is_none_or(|least| finding.severity >= least);
    let disk = disk(&sources, &linter, &args.paths, &args.files, inputs.scripts);
    if let Some(reason) = &reason {
        let added = suppressions::add(&linter, &sources, &disk, reason, &wanted);
        run.has_changed = added.comments > 0;
        run.change(args, &fixes, &added.files, &sources, messages)?;
        fixes::tell_added(&added, fixes.mode() == Mode::Diff, messages);
        run.report = added.report;
    } else if fixes.mode() == Mode::Count {
        run.report = linter.lint_with(&sources, &disk);
    } else {
        let fixed = fix::fix(&linter, &sources, &disk, fixes.at_least, &wanted);
        run.settle(args, &fixes, fixed, &sources, messages)?;
    }
    run.failed |= tell_report(messages, &run.report);
    let Run { mut report, mut failed, has_changed, unsaved } = run;
    if let Mode::Diff | Mode::FixOnly = fixes.mode() {
        let is_failing = match fixes.mode() {
            Mode::Diff => has_changed && !args.selection.exit_zero,
            _ => has_changed && args.fixes.exit_non_zero_on_fix,
        };
        return Ok(exit(failed, is_failing));
    }
    match &args.baseline.write_baseline {
        Some(path) => configure::write_baseline(path, &baselines, &mut report, messages)?,
        None => configure::tell_stale(messages, &baselines, &report),
    }

    let fails = |finding: &Finding| {
        let least = configure::fail_on(&configs, &flags, finding.file().name());
        !args.selection.exit_zero && least.is_some_and(|least| finding.severity >= least)
    };
    let is_failing = report.findings.iter().any(fails);
    let mut shown = shown(report, least_shown);
    if is_failing && !shown.findings.iter().any(fails) {
        messages.warning("findings that --min-severity hides fail the run; see --fail-on");
    }
    // What the baseline accepts is not fixed, so it must not be counted once it is shown.
    let fixable = fixes.count(&shown.findings, &shown.linted, &linter);
    // In a SARIF log that tells what is suppressed, what the baseline accepts is suppressed and not a finding.
    let for_sarif = (args.output.show_suppressed && args.baseline.show_baselined).then(|| shown.clone());
    if args.baseline.show_baselined {
        configure::show_baselined(&mut shown);
    }
    let mut run = SarifRun::new(linter.rules().into_iter().map(|rule| (rule, linter.severity_of(rule))));
    run.unsaved = unsaved.as_deref();
    run.successful = !failed;
    run.suppressed = args.output.show_suppressed;
    let main = match fixes.mode() {
        // Standard output is the fixed text's.
        _ if changes && (unsaved.is_some() || passes_on) => Stream::Aside,
        _ => Stream::Output,
    };
    let printing = Printing { format, targets: &targets, main, fixable };
    failed |= !write(
        &Reports { report: &shown, for_sarif: for_sarif.as_ref().unwrap_or(&shown), run },
        &printing,
        &args.output,
        messages,
    );
    Ok(exit(failed, is_failing || (has_changed && args.fixes.exit_non_zero_on_fix)))
}

/// What counts for each path. Exclusions and the baseline are no options of the linter, but keys like others.
fn show_settings(args: &CheckArgs, configs: &ConfigFiles, mut said: Options) -> Result<Exit, String> {
    if !args.files.exclude.is_empty() {
        said.exclude = Some(args.files.exclude.clone());
    }
    said.baseline = args.baseline.baseline.as_deref().map(discover::name);
    let is_flag = |key: &str| match key {
        "profile" => args.selection.profile.is_some(),
        "fail-on" => args.selection.fail_on.is_some(),
        _ => true,
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in &args.paths {
        match &args.files.stdin_filename {
            // A new buffer may have the name of a file that is still to be written.
            Some(name) if path.as_os_str() == "-" => paths.push(name.clone()),
            None if path.as_os_str() == "-" => paths.push(path.clone()),
            _ if path.exists() => paths.push(path.clone()),
            _ => return Err(format!("{}: no such file or directory", discover::name(path))),
        }
    }
    config::show_all(&paths, configs, &said, &is_flag)
}

fn exit(failed: bool, is_failing: bool) -> Exit {
    match (failed, is_failing) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    }
}

/// What a run has come to.
struct Run {
    report: Report,
    failed: bool,
    /// Whether something was fixed, or would be.
    has_changed: bool,
    /// The name of what came on standard input.
    unsaved: Option<String>,
}

impl Run {
    /// Writes or prints what was fixed.
    ///
    /// # Errors
    /// When standard output cannot be written.
    fn settle(
        &mut self,
        args: &CheckArgs,
        fixes: &Fixes,
        fixed: Fixed,
        sources: &[Source],
        messages: Messages,
    ) -> Result<(), String> {
        self.has_changed = !fixed.applied.is_empty();
        self.change(args, fixes, &fixed.files, sources, messages)?;
        let verb = if fixes.mode() == Mode::Diff { "would fix" } else { "fixed" };
        fixes::tell(&fixed, verb, args.fixes.show_fixes, messages);
        self.report = fixed.report;
        Ok(())
    }

    /// Writes or prints new texts.
    ///
    /// # Errors
    /// When standard output cannot be written.
    fn change(
        &mut self,
        args: &CheckArgs,
        fixes: &Fixes,
        files: &[FixedFile],
        sources: &[Source],
        messages: Messages,
    ) -> Result<(), String> {
        let unsaved = sources.iter().find(|source| Some(&source.name) == self.unsaved.as_ref());
        if fixes.mode() == Mode::Diff {
            if !args.output.silent {
                output::print(&fixes::diff(files, Terminal::stdout(color(&args.output))))?;
            }
            return Ok(());
        }
        self.failed |= !fixes::write(files, self.unsaved.as_deref(), messages);
        if let Some(Source { name, text: Some(text), .. }) = unsaved {
            let changed = files.iter().find(|file| file.name == *name);
            output::print(changed.map_or(text, |file| &file.after))?;
        }
        Ok(())
    }
}

/// What is printed besides the findings, and where.
struct Printing<'a> {
    format: OutputFormat,
    targets: &'a [Target],
    main: Stream,
    fixable: Fixable,
}

/// Where the report goes that has no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Aside,
}

fn messages(args: &OutputArgs) -> Messages {
    let volume = if args.quiet || args.silent {
        Volume::Errors
    } else if args.verbose {
        Volume::Verbose
    } else {
        Volume::Normal
    };
    Messages { colour: terminal::stderr_uses_colour(color(args)), volume }
}

fn color(args: &OutputArgs) -> ColorChoice {
    if args.no_color { ColorChoice::Never } else { args.color }
}

/// Says what is wrong with configuration files.
pub(super) fn misconfigured(messages: Messages, errors: &[String]) -> Exit {
    errors.iter().for_each(|error| messages.error(error));
    Exit::Failed
}

/// One thread for one file; asking how many processors there are takes longer than to lint it.
fn likely_jobs(args: &CheckArgs) -> usize {
    match args.paths.as_slice() {
        [path] if !path.is_dir() => 1,
        _ => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

/// Says what became of the paths; whether that fails the run.
pub(super) fn tell_inputs(messages: Messages, inputs: &Inputs, error_on_no_files: bool) -> bool {
    inputs.skipped.iter().for_each(|skipped| messages.detail(&format!("skipped {skipped}")));
    inputs.warnings.iter().for_each(|warning| messages.warning(warning));
    inputs.errors.iter().for_each(|error| messages.error(error));
    for source in inputs.sources.values() {
        let kind = source.kind.name();
        messages.detail(&format!("checking {} ({kind})", source.name));
    }
    if !inputs.sources.is_empty() || !inputs.errors.is_empty() {
        return !inputs.errors.is_empty();
    }
    let nothing = match inputs.searched.as_slice() {
        [] => "nothing to lint".to_owned(),
        [here] if here == "." => "no Dockerfiles or Compose files found here".to_owned(),
        searched => format!("no Dockerfiles or Compose files found under {}", searched.join(", ")),
    };
    if error_on_no_files {
        messages.error(&nothing);
    } else if !inputs.searched.is_empty() {
        messages.warning(&nothing);
    }
    error_on_no_files
}

pub(super) fn lint(
    sources: &[Source],
    linter: &Linter,
    paths: &[PathBuf],
    args: &FileArgs,
    scripts: Vec<String>,
) -> Report {
    linter.lint_with(sources, &disk(sources, linter, paths, args, scripts))
}

/// Without following, what was named or found, files of variables among it.
fn disk(
    sources: &[Source],
    linter: &Linter,
    paths: &[PathBuf],
    args: &FileArgs,
    scripts: Vec<String>,
) -> Disk {
    let variables = sources.first().map(|source| linter.settings_of(&source.name).env_files.as_slice());
    let variables = variables.unwrap_or_default();
    let names = sources.iter().map(|source| &source.name).chain(variables);
    let named = paths.iter().chain(&args.stdin_filename).map(PathBuf::as_path);
    let named = named.chain(variables.iter().map(Path::new));
    Disk { only: args.no_follow.then(|| names.cloned().collect()), roots: Roots::of(named), scripts }
}

/// Says what could not be linted; whether that fails the run.
pub(crate) fn tell_report(messages: Messages, report: &Report) -> bool {
    for note in &report.notes {
        messages.note(&format!("{}: {}", note.file, note.message));
    }
    for (name, error) in &report.unreadable {
        messages.error(&discover::unreadable(Path::new(name), name, error));
    }
    for failure in &report.failures {
        messages.error(&format!(
            "{}: internal error in {}: {}; please report it at {ISSUES}",
            failure.file, failure.during, failure.message
        ));
    }
    for unjudged in &report.unjudged {
        messages.error(&format!("{}:{}: {}", unjudged.file, unjudged.line, unjudged.message));
    }
    !report.unreadable.is_empty() || !report.failures.is_empty() || !report.unjudged.is_empty()
}

fn shown(mut report: Report, least: Option<Severity>) -> Report {
    if let Some(least) = least {
        report.findings.retain(|finding| finding.severity >= least);
        report.accepted.retain(|accepted| accepted.finding.severity >= least);
        report.baselined.retain(|finding| finding.severity >= least);
    }
    report
}

fn writes_sarif(format: OutputFormat, targets: &[Target]) -> bool {
    let is_sarif = |format| format == OutputFormat::Sarif;
    is_sarif(format) || targets.iter().filter_map(|target| target.format).any(is_sarif)
}

/// Writes the reports; whether that went well.
fn write(reports: &Reports<'_>, printing: &Printing<'_>, args: &OutputArgs, messages: Messages) -> bool {
    let Printing { format, targets, main: stream, fixable } = *printing;
    let accessible = args.accessible || terminal::no_graphics();
    // That nothing was found in nothing is no news after an error.
    let has_news = reports.run.successful || !reports.report.linted.is_empty();
    let look = |terminal| Look {
        terminal,
        accessible,
        docs: args.show_docs_url,
        summary: !args.quiet && has_news,
        fixable,
    };
    let main = |terminal| match args.statistics {
        true => reports.statistics(format, look(terminal)),
        false => reports.write(format, look(terminal)),
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
        results.push(match stream {
            Stream::Output => output::print(&main(Terminal::stdout(color(args)))),
            Stream::Aside => {
                output::print_aside(&main(Terminal { colour: messages.colour, ..Terminal::PLAIN }));
                Ok(())
            }
        });
    }
    results.iter().filter_map(|result| result.as_ref().err()).for_each(|error| messages.error(error));

    let left_out = reports.results().saturating_sub(sarif::MAX_RESULTS);
    if writes_sarif(format, targets) && left_out > 0 {
        messages.warning(&format!(
            "the SARIF log holds the worst {} findings, which is what GitHub accepts; {left_out} are left out",
            sarif::MAX_RESULTS
        ));
    }
    results.iter().all(Result::is_ok)
}
