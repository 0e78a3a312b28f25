//! The command line of the Plimsoll linter: arguments, files on disk, the terminal. What is wrong with a container
//! is `lint-core`'s business.

#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod changed;
mod changes;
mod commands;
mod configure;
mod diff;
mod discover;
mod docker_plugin;
mod environment;
mod fixes;
mod git;
mod messages;
mod migrate;
mod output;
mod progress;
mod render;
mod replace;
mod reports;
mod shell_lint;
mod stdin;
mod terminal;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::args::values::ColorChoice;
use crate::args::{Cli, Command};
use crate::commands::{
    Exit, audit, check, completions, config, init, lsp, man, policy, project, rule, rules, version,
};
use crate::docker_plugin::Call;
use crate::messages::{ISSUES, Messages, Volume};

/// What can be typed, for whoever derives something from it: a page of documentation, a test that every flag has one.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line of this process.
///
/// The exit code is 0 when nothing is wrong, 1 when findings fail the run, and 2 when the run itself went wrong; 2
/// wins over 1.
#[must_use]
pub fn main() -> ExitCode {
    // A panic is reported once, in one line, by whoever catches it: the engine for a rule, this function for the rest.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(|_| {}));
    }
    let exit = panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        plain_messages().error(&format!("internal error: {said}; please report it at {ISSUES}"));
        Exit::Failed
    });
    exit.into()
}

fn run() -> Exit {
    let arguments = match docker_plugin::call(std::env::args_os()) {
        Call::Parse(arguments) => arguments,
        Call::Metadata => {
            return output::print(&docker_plugin::metadata()).map_or(Exit::Failed, |()| Exit::Clean);
        }
        Call::Completion => return Exit::Findings,
    };
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are errors to clap, with exit code 0; a closed pipe behind them is nobody's fault.
            let _ = error.print();
            return if error.exit_code() == 0 { Exit::Clean } else { Exit::Failed };
        }
    };
    let result = match cli.command {
        None => check::run(&cli.check),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Init(args)) => init::run(&args),
        Some(Command::Project(args)) => project::run(&args),
        Some(Command::Audit(args)) => audit::run(&args),
        Some(Command::Rules(args)) => rules::run(&args),
        Some(Command::Config(args)) => config::run(&args),
        Some(Command::Diff(args)) => commands::diff::run(&args),
        Some(Command::Policy(args)) => policy::run(&args),
        Some(Command::Rule(args)) => rule::run(&args),
        Some(Command::Lsp(args)) => lsp::run(&args),
        Some(Command::Completions(args)) => completions::run(&args),
        Some(Command::Man(args)) => man::run(&args),
        Some(Command::Version(args)) => version::run(&args),
    };
    result.unwrap_or_else(|error| {
        plain_messages().error(&error);
        Exit::Failed
    })
}

fn plain_messages() -> Messages {
    Messages { colour: terminal::stderr_uses_colour(ColorChoice::Auto), volume: Volume::Errors }
}
