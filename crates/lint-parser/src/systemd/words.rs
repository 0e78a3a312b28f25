//! Command lines in units, taken apart: blanks, quotes and backslashes as systemd reads them.

use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Span;

/// The words of a command line such as that of `ExecStart=`, without their quotes. Variables (`$NAME`) and
/// specifiers (`%i`) stay as they are written. A quote that is not closed ends with the line.
#[must_use]
pub fn words(line: &Mapped) -> Vec<Mapped> {
    let mut words = Vec::new();
    let mut open: Option<Open> = None;
    let mut quote: Option<char> = None;
    let mut chars = line.text().char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if quote.is_none() && c.is_ascii_whitespace() {
            words.extend(open.take().map(|word| word.finish(line, at)));
            continue;
        }
        let word = open.get_or_insert_with(|| Open { start: at, text: MappedBuilder::default() });
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (_, '\\') => {
                let Some((_, escaped)) = chars.next() else { continue };
                let end = end + escaped.len_utf8();
                match escaped {
                    'n' => word.text.push_replaced("\n", line.span_of(at..end)),
                    't' => word.text.push_replaced("\t", line.span_of(at..end)),
                    's' => word.text.push_replaced(" ", line.span_of(at..end)),
                    _ => word.text.push_slice(line, end - escaped.len_utf8()..end),
                }
            }
            _ => word.text.push_slice(line, at..end),
        }
    }
    let end = line.text().len();
    words.extend(open.take().map(|word| word.finish(line, end)));
    words
}

struct Open {
    start: usize,
    text: MappedBuilder,
}

impl Open {
    fn finish(self, line: &Mapped, end: usize) -> Mapped {
        let span: Span = line.span_of(self.start..end);
        self.text.finish(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes() {
        let source = r#"dockerd "-H" tcp://'0.0.0.0':2375 --label="a b" \x20 --x=a\sb "" 'open"#;
        let line = Mapped::verbatim(source, 0);
        let words = words(&line);
        let texts: Vec<_> = words.iter().map(Mapped::text).collect();
        assert_eq!(
            texts,
            ["dockerd", "-H", "tcp://0.0.0.0:2375", "--label=a b", "x20", "--x=a b", "", "open"]
        );
        assert_eq!(words[2].span().slice(source), "tcp://'0.0.0.0':2375");
        assert_eq!(words[1].span().slice(source), "\"-H\"");
    }
}
