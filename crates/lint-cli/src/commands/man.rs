//! `plimsoll man`.

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::args::{Cli, ManArgs};
use crate::commands::Exit;
use crate::output;

/// Prints the page of the whole command line, or writes one page for it and one for each command into a directory:
/// `plimsoll config show` has the page plimsoll-config-show(1), as git has it.
pub(crate) fn run(args: &ManArgs) -> Result<Exit, String> {
    let mut command = Cli::command();
    if let Some(directory) = &args.directory {
        clap_mangen::generate_to(command, directory)
            .map_err(|error| format!("cannot write manual pages to {}: {error}", directory.display()))?;
        return Ok(Exit::Clean);
    }
    command.build();
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(|error| format!("cannot make the manual page: {error}"))?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Clean)
}
