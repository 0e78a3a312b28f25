//! `plimsoll audit`.

use lint_core::engine::linter::Linter;
use lint_core::report::audit::{self, html, json, markdown};
use lint_core::report::concise::printable;
use lint_core::settings::Settings;

use crate::args::{self, AuditArgs, AuditFormat, FailOn};
use crate::commands::{Exit, check};
use crate::messages::{Messages, Volume};
use crate::terminal::{self, Terminal};
use crate::{discover, environment, output, render};

/// Judges by every rule of the benchmark and the threat model, whatever its profile, and reports.
///
/// # Errors
/// What is wrong with the command line, in one line, or that the report cannot be written.
pub(crate) fn run(args: &AuditArgs) -> Result<Exit, String> {
    let messages = Messages { colour: terminal::stderr_uses_colour(args.color), volume: Volume::Normal };
    let threshold = match args.fail_on {
        Some(fail_on) => fail_on,
        None => environment::named("PLIMSOLL_FAIL_ON")?.unwrap_or(FailOn::Low),
    };
    let jobs = match args.files.jobs {
        Some(jobs) => jobs,
        None => environment::parsed("PLIMSOLL_JOBS", args::jobs)?
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
    };
    let mut settings = Settings::default();
    settings.jobs = jobs;
    settings.build_args = args.build_arg.iter().cloned().collect();
    settings.select = audit::rules().iter().map(|rule| rule.name.to_owned()).collect();

    let inputs = discover::discover(&args.paths, &args.files, jobs)?;
    let mut failed = check::tell_inputs(messages, &inputs, args.files.error_on_no_files);
    if args.files.show_files {
        let names: String = inputs.sources.keys().map(|name| format!("{}\n", printable(name))).collect();
        output::print(&names)?;
        return Ok(if failed { Exit::Failed } else { Exit::Clean });
    }
    let linter = Linter::new(settings);
    let report = check::lint(inputs, &linter, args.files.no_follow);
    failed |= check::tell_report(messages, &report);

    let audit = audit::audit(&report, &linter.rules(), args.benchmark.benchmark());
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
    let least = threshold.severity();
    let is_failing = report.findings.iter().any(|f| least.is_some_and(|least| f.severity >= least));
    Ok(match (failed, is_failing) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}
