//! What fixes would change, as `patch -p0` and people read it.

use std::time::Duration;

use lint_core::fix::FixedFile;
use lint_core::report::concise::{is_unprintable, printable};
use owo_colors::{OwoColorize as _, Style};
use similar::TextDiff;

use crate::terminal::Terminal;

/// How long the shortest diff of a file is looked for; after that a longer one is good enough.
const PATIENCE: Duration = Duration::from_secs(2);

/// The unified diff of a file.
///
/// Anywhere but on a terminal it is exact to the byte. There, what the terminal would act on is made visible.
pub(crate) fn unified(file: &FixedFile, terminal: Terminal) -> String {
    // By line feeds alone: a lone carriage return does not end a line for `patch`.
    let before: Vec<&str> = file.before.split_inclusive('\n').collect();
    let after: Vec<&str> = file.after.split_inclusive('\n').collect();
    let diff = TextDiff::configure().newline_terminated(true).timeout(PATIENCE).diff_slices(&before, &after);
    let name = printable(&file.name);
    let text = diff.unified_diff().context_radius(3).header(&name, &name).to_string();
    // Only a terminal has a width.
    if terminal.width.is_none() && !terminal.colour {
        return text;
    }
    text.split_inclusive('\n').map(|line| shown(line, terminal)).collect()
}

fn shown(line: &str, terminal: Terminal) -> String {
    let (text, end) = match line.strip_suffix('\n') {
        Some(text) => (text, "\n"),
        None => (line, ""),
    };
    let text = text.strip_suffix('\r').unwrap_or(text);
    let safe: String =
        text.chars().map(|c| if is_unprintable(c) && c != '\t' { '\u{FFFD}' } else { c }).collect();
    let style = match safe.as_bytes() {
        _ if !terminal.colour => None,
        [b'+', b'+', b'+', b' ', ..] | [b'-', b'-', b'-', b' ', ..] => Some(Style::new().bold()),
        [b'+', ..] => Some(Style::new().green()),
        [b'-', ..] => Some(Style::new().red()),
        [b'@', b'@', ..] => Some(Style::new().cyan()),
        _ => None,
    };
    match style {
        Some(style) => format!("{}{end}", safe.style(style)),
        None => format!("{safe}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(before: &str, after: &str) -> FixedFile {
        FixedFile::new("a", before, after)
    }

    #[test]
    fn a_diff_keeps_every_byte() {
        let diff = unified(&file("a\r\nb\rc", "A\r\nb\rc"), Terminal::PLAIN);
        assert_eq!(diff, "--- a\n+++ a\n@@ -1,2 +1,2 @@\n-a\r\n+A\r\n b\rc\n\\ No newline at end of file\n");
    }

    #[test]
    fn a_terminal_gets_nothing_to_act_on() {
        let terminal = Terminal { width: Some(80), ..Terminal::PLAIN };
        let diff = unified(&file("a\u{1b}[2J\tb\r\n", "b\n"), terminal);
        assert_eq!(diff, "--- a\n+++ a\n@@ -1 +1 @@\n-a\u{FFFD}[2J\tb\n+b\n");
    }
}
