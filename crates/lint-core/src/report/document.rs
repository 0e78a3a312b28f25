//! JSON as text.

use std::fmt::Write as _;

use serde::Serialize;

use crate::report::concise::is_unprintable;

/// A whole document, for people to read too, with a final newline.
pub(in crate::report) fn pretty(value: &impl Serialize) -> String {
    // Plain structs of strings and numbers always serialise.
    let mut text = escaped(serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// A document on one line, with its end.
pub(in crate::report) fn line(value: &impl Serialize) -> String {
    let mut text = escaped(serde_json::to_string(value).unwrap_or_default());
    text.push('\n');
    text
}

/// JSON may hold C1 control and bidirectional characters as they are, and a terminal that shows the document would
/// act on them. They can stand in strings only, so an escape is the same to every parser. The line ends left are
/// those between the parts of the document.
fn escaped(text: String) -> String {
    let must_go = |c: char| c != '\n' && is_unprintable(c);
    if !text.chars().any(must_go) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if must_go(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_escaped_and_stays_the_same() {
        let text = "a\u{9b}1m\u{7f}\u{202e}\u{2028}\n\té😀";
        let document = line(&[text]);
        assert_eq!(document, "[\"a\\u009b1m\\u007f\\u202e\\u2028\\n\\té😀\"]\n");
        assert_eq!(serde_json::from_str::<[String; 1]>(&document).unwrap(), [text]);
        assert_eq!(pretty(&[1]), "[\n  1\n]\n");
    }
}
