//! `plimsoll version`.

use crate::args::VersionArgs;
use crate::args::values::VersionFormat;
use crate::commands::Exit;
use crate::output;

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) fn run(args: &VersionArgs) -> Result<Exit, String> {
    let text = match args.output_format {
        VersionFormat::Text => format!("plimsoll {VERSION}\n"),
        VersionFormat::Json => format!("{}\n", serde_json::json!({ "name": "plimsoll", "version": VERSION })),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}
