//! Text in XML, for the two formats that are XML.

use std::fmt;

use crate::report::concise::is_unprintable;

/// Text that may stand in an attribute or between tags of an XML 1.0 document, whatever it holds.
///
/// Line ends and tabs are written as references, since parsers turn them into spaces in attributes. Control
/// characters may not appear in XML in any form, not even as references; they become U+FFFD.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Escaped<'a>(pub(in crate::report) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&apos;")?,
                '\n' => f.write_str("&#10;")?,
                '\r' => f.write_str("&#13;")?,
                '\t' => f.write_str("&#9;")?,
                // The last two are characters of Unicode, but not of XML.
                c if is_unprintable(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}') => f.write_char('\u{FFFD}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_attribute_and_nothing_illegal_is_left() {
        let hostile = "a\"'<b>&c;\n\r\t\0\u{1b}[31m\u{202e}\u{fffe}\u{85}é😀]]>";
        assert_eq!(
            Escaped(hostile).to_string(),
            "a&quot;&apos;&lt;b&gt;&amp;c;&#10;&#13;&#9;\u{fffd}\u{fffd}[31m\u{fffd}\u{fffd}\u{fffd}é😀]]&gt;"
        );
    }
}
