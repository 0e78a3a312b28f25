//! `plimsoll completions`.

use clap::CommandFactory as _;

use crate::args::{Cli, CompletionsArgs};
use crate::commands::Exit;
use crate::output;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, String> {
    // The generator panics when it cannot write, as into a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "plimsoll", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
