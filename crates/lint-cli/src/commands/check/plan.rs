//! What is to be done: the command line, the configuration and the files, brought together before anything is judged.

use std::path::PathBuf;

use lint_core::baseline::Baseline;
use lint_core::config::Options;
use lint_core::report::concise::printable;
use lint_core::rules::catalogue;
use lint_core::suppressions::Reason;
use lint_core::{Finding, Linter, Severity, Source};

use crate::args::check::{CheckArgs, OutputArgs};
use crate::args::values::{ColorChoice, OutputFormat, SeverityName};
use crate::changed::Before;
use crate::commands::told::{misconfigured, tell_inputs};
use crate::commands::{Exit, config};
use crate::discover::{self, Inputs};
use crate::fixes::{Fixes, Mode};
use crate::messages::{Messages, Volume};
use crate::output::{self, Target};
use crate::progress::Progress;
use crate::{args, configure, environment, reports, shell_lint, terminal};
use lint_disk::config_files::ConfigFiles;

/// A run that nothing stands in the way of.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) messages: Messages,
    /// How the report is written that has no file of its own, or none that says how.
    pub(super) format: OutputFormat,
    pub(super) targets: Vec<Target>,
    /// What the command line says in place of configuration files.
    pub(super) flags: Options,
    pub(super) configs: ConfigFiles,
    pub(super) fixes: Fixes,
    /// Why findings are accepted, where comments are to say so.
    pub(super) reason: Option<Reason>,
    pub(super) linter: Linter,
    pub(super) baselines: Vec<(PathBuf, Baseline)>,
    pub(super) sources: Vec<Source>,
    /// What may call Docker, found in the search for these.
    pub(super) scripts: Vec<String>,
    /// What was there before, where only what is new is told.
    pub(super) before: Option<Before>,
    /// The name of what came on standard input.
    pub(super) unsaved: Option<String>,
    /// Whether standard input was left unread, and is to come out as it is.
    pub(super) passes_on: bool,
    /// Whether some path cannot be linted.
    pub(super) failed: bool,
}

/// What planning came to.
#[derive(Debug)]
pub(super) enum Planned<'a> {
    /// There is something to judge.
    Plan(Box<Plan<'a>>),
    /// There is nothing more to do.
    Done(Exit),
}

impl<'a> Plan<'a> {
    /// Reads the command line, the configuration and the tree.
    ///
    /// # Errors
    /// What is wrong with the command line, in one line.
    pub(super) fn of(args: &'a CheckArgs, progress: &Progress) -> Result<Planned<'a>, String> {
        let messages = messages(&args.output);
        let (format, targets) = outputs(&args.output)?;
        let flags = configure::flags(&args.selection, &args.fixes, &args.suppressions)?;
        let script_linter = shell_lint::linter(args.selection.shellcheck.as_deref())?;
        if let (None, Some(name)) = (&script_linter, shell_lint::selected(configure::selections(&flags))) {
            return Err(shell_lint::unavailable(name));
        }
        let env_files = configure::env_files(&args.selection.env_file)?;
        let fixes = Fixes::new(&args.fixes)?;
        let before = args.selection.changed_since.as_deref().map(Before::new).transpose()?;
        let reason = args.suppressions.add_suppressions.as_deref().map(Reason::new).transpose();
        let reason = reason.map_err(|error| format!("--add-suppressions: {error}"))?;
        let jobs = match args.files.jobs {
            Some(jobs) => jobs,
            None => {
                environment::parsed("PLIMSOLL_JOBS", args::check::jobs)?.unwrap_or_else(|| likely_jobs(args))
            }
        };
        let configs = match ConfigFiles::new(args.selection.config.as_deref(), args.selection.isolated) {
            Ok(configs) => configs,
            Err(errors) => return Ok(Planned::Done(misconfigured(messages, &errors))),
        };
        if args.selection.show_settings {
            return show_settings(args, &configs, flags).map(Planned::Done);
        }
        let inputs = discover::discover(&args.paths, &args.files, jobs, &configs)?;
        let linter = configure::linter(inputs.found.sources.values(), &configs, &flags, |settings| {
            settings.jobs = jobs;
            settings.env_files.clone_from(&env_files);
            if args.selection.shellcheck.is_some() {
                shell_lint::select(settings);
            }
        })?;
        // Nothing is judged by settings that are not what somebody wrote.
        if !configs.errors().is_empty() {
            return Ok(Planned::Done(misconfigured(messages, &configs.errors())));
        }
        let linter = match script_linter {
            Some(script_linter) => linter.with_script_linter(script_linter),
            None => {
                warn_of_shell_rules(&inputs, &linter, messages);
                linter
            }
        };
        tell_held_back(&linter, &inputs, messages);
        let baselines = configure::baselines(&args.baseline, inputs.found.sources.values(), &configs)?;
        let linter =
            baselines.iter().fold(linter, |linter, (_, baseline)| linter.with_baseline(baseline.clone()));
        progress.judging(inputs.found.sources.keys());
        let failed = tell_inputs(messages, &inputs.found, args.files.error_on_no_files);
        if args.files.show_files {
            show_files(&inputs, messages)?;
            return Ok(Planned::Done(if failed { Exit::Failed } else { Exit::Clean }));
        }
        let mut plan = Self {
            args,
            messages,
            format,
            targets,
            flags,
            configs,
            fixes,
            reason,
            linter,
            baselines,
            before,
            unsaved: inputs.stdin,
            passes_on: false,
            failed,
            sources: inputs.found.sources.into_values().collect(),
            scripts: inputs.found.scripts,
        };
        plan.passes_on = inputs.has_unread_stdin && plan.changes();
        Ok(Planned::Plan(Box::new(plan)))
    }

    /// Whether texts are changed, and not only shown as they would be.
    pub(super) fn changes(&self) -> bool {
        match &self.reason {
            Some(_) => self.fixes.mode() != Mode::Diff,
            None => matches!(self.fixes.mode(), Mode::Fix | Mode::FixOnly),
        }
    }

    /// The least severity that is shown, if there is one.
    pub(super) fn least_shown(&self) -> Option<Severity> {
        self.args.selection.min_severity.map(SeverityName::severity)
    }

    /// Whether a finding fails the run.
    pub(super) fn fails(&self, finding: &Finding) -> bool {
        if self.args.selection.exit_zero {
            return false;
        }
        let least = configure::fail_on(&self.configs, &self.flags, finding.file().name());
        least.is_some_and(|least| finding.severity >= least)
    }

    pub(super) fn color(&self) -> ColorChoice {
        color(&self.args.output)
    }
}

/// How and where the reports are written.
///
/// # Errors
/// When what is asked for does not go together.
fn outputs(args: &OutputArgs) -> Result<(OutputFormat, Vec<Target>), String> {
    let format = match args.output_format {
        Some(format) => format,
        None => environment::named("PLIMSOLL_OUTPUT_FORMAT")?.unwrap_or_default(),
    };
    let targets: Vec<Target> = args.output_file.iter().map(|t| Target::parse(t)).collect::<Result<_, _>>()?;
    if args.statistics && !reports::has_statistics(format) {
        return Err("--statistics goes with the formats full, concise, grouped and json".to_owned());
    }
    if (args.sort.is_some() || args.group_by.is_some()) && !reports::is_for_people(format) {
        return Err("--sort and --group-by go with the formats full and grouped".to_owned());
    }
    if args.show_suppressed && !output::writes_sarif(format, &targets) {
        return Err("--show-suppressed goes with the format sarif".to_owned());
    }
    Ok((format, targets))
}

/// A configuration may be shared with those whose Plimsoll can check scripts.
fn warn_of_shell_rules(inputs: &Inputs, linter: &Linter, messages: Messages) {
    let settings = inputs.found.sources.keys().map(|name| linter.settings_of(name));
    let selected = settings.flat_map(|settings| settings.select.iter().chain(&settings.extend_select));
    if let Some(name) = shell_lint::selected(selected) {
        messages.warning(&shell_lint::unavailable(name));
    }
}

/// Newer rules that a pin leaves out: who wants to have them should not have to compare lists.
fn tell_held_back(linter: &Linter, inputs: &Inputs, messages: Messages) {
    let Some((settings, release)) = inputs
        .found
        .sources
        .keys()
        .find_map(|name| Some((linter.settings_of(name), linter.settings_of(name).rules_as_of?)))
    else {
        return;
    };
    let mut latest = settings.clone();
    latest.rules_as_of = None;
    let held = catalogue().into_iter().filter(|rule| latest.enables(rule) && !settings.enables(rule)).count();
    if held > 0 {
        let rules = if held == 1 { "rule is" } else { "rules are" };
        messages.note(&format!(
            "{held} {rules} newer than the {release} whose rules are kept to; `plimsoll rules --since {release}` lists them, and `--rules-as-of latest` runs them"
        ));
    }
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

/// Prints the names of what would be linted, and says what was found and would not.
///
/// # Errors
/// When they cannot be printed.
fn show_files(inputs: &Inputs, messages: Messages) -> Result<(), String> {
    // With --verbose it has been said.
    if messages.volume < Volume::Verbose {
        inputs.found.skipped.iter().for_each(|skipped| messages.note(&format!("not linted: {skipped}")));
    }
    let names: String = inputs.found.sources.keys().map(|name| format!("{}\n", printable(name))).collect();
    output::print(&names)
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

/// One thread for one file; asking how many processors there are takes longer than to lint it.
fn likely_jobs(args: &CheckArgs) -> usize {
    match args.paths.as_slice() {
        [path] if !path.is_dir() => 1,
        _ => std::thread::available_parallelism().map_or(1, usize::from),
    }
}
