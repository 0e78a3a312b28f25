//! `plimsoll audit`.

use lint_core::Finding;
use lint_core::config::Options;
use lint_core::report::audit::{self, html, json, markdown};
use lint_core::report::concise::printable;

use crate::args::values::{AuditFormat, FailOn};
use crate::args::{self, AuditArgs};
use crate::commands::Exit;
use crate::commands::told::{misconfigured, tell_inputs, tell_report};
use crate::messages::{Messages, Volume};
use crate::terminal::{self, Terminal};
use crate::{configure, discover, environment, output, render};
use lint_disk::config_files::ConfigFiles;
use lint_disk::disk;

/// Judges by every rule of the benchmark and the threat model, whatever its profile, and reports. A baseline is left
/// alone: it says what a build may pass with, not what there is.
///
/// # Errors
/// What is wrong with the command line, in one line, or that the report cannot be written.
pub(crate) fn run(args: &AuditArgs) -> Result<Exit, String> {
    let messages = Messages { colour: terminal::stderr_uses_colour(args.color), volume: Volume::Normal };
    let flags = flags(args)?;
    let jobs = match args.files.jobs {
        Some(jobs) => jobs,
        None => environment::parsed("PLIMSOLL_JOBS", args::check::jobs)?
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
    };
    let configs = match ConfigFiles::new(args.config.as_deref(), args.isolated) {
        Ok(configs) => configs,
        Err(errors) => return Ok(misconfigured(messages, &errors)),
    };
    let env_files = configure::env_files(&args.env_file)?;
    // Before it may be written over.
    let earlier = args.since.as_deref().map(|path| {
        let name = discover::name(path);
        let text = disk::read(path)
            .map_err(|error| format!("--since: {}", discover::unreadable(path, &name, &error)));
        text.map(|text| (name, text))
    });
    let earlier = earlier.transpose()?;
    let inputs = discover::discover(&args.paths, &args.files, jobs, &configs)?;
    let linter = configure::linter(inputs.found.sources.values(), &configs, &flags, |settings| {
        settings.jobs = jobs;
        settings.gather_evidence = true;
        settings.pod_security_version = args.pod_security_version;
        settings.env_files.clone_from(&env_files);
    })?;
    if !configs.errors().is_empty() {
        return Ok(misconfigured(messages, &configs.errors()));
    }
    let failed = tell_inputs(messages, &inputs.found, args.files.error_on_no_files);
    if args.files.show_files {
        let names: String =
            inputs.found.sources.keys().map(|name| format!("{}\n", printable(name))).collect();
        output::print(&names)?;
        return Ok(if failed { Exit::Failed } else { Exit::Clean });
    }
    // A report on less than what was named would be taken for one on all of it.
    if failed {
        return Ok(Exit::Failed);
    }
    let sources: Vec<_> = inputs.found.sources.into_values().collect();
    let disk = configure::disk(&sources, &linter, &args.paths, &args.files, inputs.found.scripts);
    let report = linter.lint_with(&sources, &disk);
    let failed = tell_report(messages, &report);

    let mut audit = audit::audit(&report, &linter.rules(), args.benchmark.benchmark());
    if let Some(earlier) = &earlier {
        let (name, text) = earlier;
        audit.compare(text).map_err(|error| format!("--since {name}: {error}"))?;
    }
    let text = |terminal| match args.output_format {
        AuditFormat::Text => render::audit::text(&audit, terminal),
        AuditFormat::Markdown => markdown::write(&audit),
        AuditFormat::Json => json::write(&audit),
        AuditFormat::Html => html::write(&audit),
    };
    match &args.output_file {
        Some(path) => output::write(path, &text(Terminal::PLAIN))?,
        None => output::print(&text(Terminal::stdout(args.color)))?,
    }
    let shown = audit::rules();
    let fails = |finding: &Finding| {
        let least = configure::fail_on(&configs, &flags, finding.file().name());
        least.is_some_and(|least| finding.severity >= least) && shown.contains(&finding.rule)
    };
    Ok(match (failed, !args.exit_zero && report.findings.iter().any(fails)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

/// What the command line says, in place of a configuration's selection of rules.
fn flags(args: &AuditArgs) -> Result<Options, String> {
    let fail_on = args.fail_on.map_or_else(|| environment::named("PLIMSOLL_FAIL_ON"), |f| Ok(Some(f)))?;
    let mut flags = Options::default();
    flags.fail_on = fail_on.map(FailOn::threshold);
    flags.select = Some(vec!["all".to_owned()]);
    if !args.build_arg.is_empty() {
        flags.build_args = Some(args.build_arg.iter().cloned().collect());
    }
    Ok(flags)
}
