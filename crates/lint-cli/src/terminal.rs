//! What the reader's end can show: decided once, from the streams and the environment.

use std::env;
use std::io::{IsTerminal, stderr, stdout};

use crate::args::values::ColorChoice;

/// What standard output can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// Escape sequences for colour may be written.
    pub(crate) colour: bool,
    /// Escape sequences for hyperlinks may be written.
    pub(crate) links: bool,
    /// Box drawing characters may be written.
    pub(crate) unicode: bool,
    /// Columns to wrap at; `None` when it is no terminal, where nothing wraps: who greps wants whole lines.
    pub(crate) width: Option<usize>,
}

impl Terminal {
    /// A file, or a pipe whose other end is unknown.
    pub(crate) const PLAIN: Terminal = Terminal { colour: false, links: false, unicode: false, width: None };

    /// Standard output as it is.
    ///
    /// Boxes are drawn in Unicode only on a terminal in a UTF-8 locale. Everything else gets ASCII, which arrives
    /// intact whatever comes behind the pipe: a log viewer, a mail, a console with a code page.
    pub(crate) fn stdout(choice: ColorChoice) -> Terminal {
        let is_terminal = stdout().is_terminal();
        let colour = uses_colour(choice, is_terminal);
        Terminal {
            colour,
            links: colour && is_terminal && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            unicode: is_terminal && is_utf8(),
            width: is_terminal.then(width),
        }
    }
}

/// Whether messages on standard error may be coloured.
pub(crate) fn stderr_uses_colour(choice: ColorChoice) -> bool {
    uses_colour(choice, stderr().is_terminal())
}

/// `--color`, then `NO_COLOR`, then `FORCE_COLOR` and `CLICOLOR_FORCE`, then whether anybody looks.
fn uses_colour(choice: ColorChoice, is_terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let set = |name| env::var_os(name).filter(|value| !value.is_empty());
            if set("NO_COLOR").is_some() {
                return false;
            }
            let forced = |name| set(name).is_some_and(|value| value != "0");
            forced("FORCE_COLOR")
                || forced("CLICOLOR_FORCE")
                || (is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"))
        }
    }
}

/// The locale's character set, by the first of the variables that C libraries ask.
fn is_utf8() -> bool {
    if cfg!(windows) {
        // Consoles there take UTF-8 from Rust's standard library, but older fonts have no boxes.
        return env::var_os("WT_SESSION").is_some();
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn width() -> usize {
    let columns = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
    // Lines longer than this are hard to read back to the next one's start; shorter ones leave no room to draw.
    columns.clamp(40, 120)
}

/// Whether `NO_GRAPHICS` asks for words in place of drawings.
pub(crate) fn no_graphics() -> bool {
    env::var_os("NO_GRAPHICS").is_some_and(|value| !value.is_empty() && value != "0")
}
