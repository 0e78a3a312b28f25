//! `plimsoll completions`.

use clap::CommandFactory as _;
use clap_complete::{Generator, generate};
use clap_complete_nushell::Nushell;

use crate::args::values::Shell;
use crate::args::{Cli, CompletionsArgs};
use crate::commands::Exit;
use crate::output;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, String> {
    let script = match args.shell {
        Shell::Bash => script(clap_complete::Shell::Bash),
        Shell::Elvish => script(clap_complete::Shell::Elvish),
        Shell::Fish => script(clap_complete::Shell::Fish),
        Shell::Nushell => script(Nushell),
        Shell::Powershell => script(clap_complete::Shell::PowerShell),
        Shell::Zsh => script(clap_complete::Shell::Zsh),
    };
    output::print(&script)?;
    Ok(Exit::Clean)
}

fn script(shell: impl Generator) -> String {
    // The generator panics when it cannot write, as into a closed pipe.
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "plimsoll", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
