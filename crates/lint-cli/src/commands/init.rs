//! `plimsoll init`: a configuration for the repository at hand, and what to do next.

mod found;
mod next;
mod text;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use clap::Parser as _;
use lint_core::Linter;
use lint_core::config::Options;

use crate::args::check::CheckArgs;
use crate::args::{Cli, Command, InitArgs};
use crate::commands::Exit;
use crate::commands::init::found::Found;
use crate::commands::told::{misconfigured, tell_report};
use crate::messages::{Messages, Volume};
use crate::{configure, discover, output, terminal};
use lint_disk::config_files::{ConfigFiles, NAMES};

/// The baseline that is offered.
const BASELINE: &str = ".plimsoll-baseline.json";

/// Looks, lints, and writes what matters here; says what else could be done, and does nothing of it.
///
/// # Errors
/// When there is a configuration already, or something cannot be read or written.
pub(crate) fn run(args: &InitArgs) -> Result<Exit, String> {
    let messages = Messages { colour: terminal::stderr_uses_colour(args.color), volume: Volume::Normal };
    let directory = args.path.as_path();
    if !directory.is_dir() {
        return Err(format!("{}: no such directory", discover::name(directory)));
    }
    if let Some(name) = NAMES.into_iter().find(|name| directory.join(name).exists()).filter(|_| !args.stdout)
    {
        return Err(format!("{name} is there already; `plimsoll config show` prints what counts"));
    }
    let check = as_check(directory)?;
    // As if there were no configuration yet, so that `--stdout` says what it would have said then.
    let configs = match ConfigFiles::new(None, true) {
        Ok(configs) => configs,
        Err(errors) => return Ok(misconfigured(messages, &errors)),
    };
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let inputs = discover::discover(&check.paths, &check.files, jobs, &configs)?;
    inputs.found.errors.iter().for_each(|error| messages.warning(error));
    let sources: Vec<_> = inputs.found.sources.into_values().collect();
    let linter = |exclude: &[String]| -> Result<(Linter, Vec<_>), String> {
        let kept: Vec<_> = sources
            .iter()
            .filter(|source| !found::lies_in(exclude, directory, &source.name))
            .cloned()
            .collect();
        let linter =
            configure::linter(kept.iter(), &configs, &Options::default(), |settings| settings.jobs = jobs)?;
        Ok((linter, kept))
    };
    let mut found = Found::look(directory, &sources);
    let (linter, kept) = linter(&found.fixtures)?;
    let disk = configure::disk(&kept, &linter, &check.paths, &check.files, inputs.found.scripts);
    let report = linter.lint_with(&kept, &disk);
    let failed = tell_report(messages, &report);
    found.projects = found::overlays(directory, &kept, &disk);
    found.kept = kept.len();
    found.findings = report.findings.len();
    found.worst = report.worst();

    let takes_baseline = args.baseline && found.findings > 0;
    let text = text::configuration(&found, takes_baseline);
    if args.stdout {
        output::print(&text)?;
        return Ok(if failed { Exit::Failed } else { Exit::Clean });
    }
    if takes_baseline {
        let mut report = report;
        configure::write_baseline(&directory.join(BASELINE), &[], &mut report, messages)?;
    }
    write_new(&directory.join(NAMES[0]), &text)?;
    output::print(&next::steps(&found, takes_baseline))?;
    Ok(if failed { Exit::Failed } else { Exit::Clean })
}

/// What `plimsoll check DIRECTORY` would do without any flag.
fn as_check(directory: &Path) -> Result<Box<CheckArgs>, String> {
    let words = ["plimsoll".as_ref(), "check".as_ref(), "--".as_ref(), directory.as_os_str()];
    match Cli::try_parse_from(words).map(|cli| cli.command) {
        Ok(Some(Command::Check(args))) => Ok(args),
        _ => Err(format!("{} cannot be linted", discover::name(directory))),
    }
}

/// Writes a file; what has come in the meantime is not written over.
fn write_new(path: &Path, text: &str) -> Result<(), String> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| format!("cannot write {}: {error}", discover::name(path)))
}
