//! Here-documents: `RUN <<EOF`, `COPY <<-"a" <<b /`.

use std::collections::HashMap;

use nom::bytes::complete::{tag, take_till, take_while};
use nom::character::complete::{char, digit0};
use nom::combinator::{all_consuming, opt};
use nom::{IResult, Parser};

use crate::dockerfile::ast::Heredoc;
use crate::dockerfile::expansion::{self, Part};
use crate::dockerfile::grammar::words;
use crate::dockerfile::lines::Lines;
use crate::dockerfile::reading::{Reading, range};
use crate::dockerfile::wording::shown;
use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::{Span, Spanned};

/// A word such as `3<<-"EOF"`.
#[derive(Debug)]
pub(super) struct Operator {
    span: Span,
    fd: Option<u32>,
    strip_tabs: bool,
    name: Spanned<String>,
    expand: bool,
}

/// Reads a word as a heredoc operator: digits, `<<` or `<<-`, and exactly one word without `<` as its name.
pub(super) fn operator(word: &Mapped) -> Option<Operator> {
    let whole = word.text();
    let (_, (fd, _, dash, _, name)) = all_consuming(operator_word).parse(whole).ok()?;
    let written = word.slice(range(whole, name)).trim();
    // The name is one word once its quotes are gone, so a blank in it must be quoted.
    let parts = expansion::parse(&written, '\\').ok()?.parts;
    let mut value = String::new();
    for part in &parts {
        match part {
            Part::Literal { text, quoted: false } if text.text().contains(char::is_whitespace) => {
                return None;
            }
            Part::Literal { text, .. } => value.push_str(text.text()),
            Part::Variable(variable) => {
                value.push_str(written.text().get(variable.range.clone()).unwrap_or_default());
            }
        }
    }
    if value.is_empty() {
        return None;
    }
    Some(Operator {
        span: word.span(),
        fd: fd.parse().ok(),
        strip_tabs: dash.is_some(),
        expand: value == written.text(),
        name: Spanned::new(value, written.span()),
    })
}

type OperatorWord<'a> = (&'a str, &'a str, Option<char>, &'a str, &'a str);

fn operator_word(input: &str) -> IResult<&str, OperatorWord<'_>> {
    let blank = take_while(char::is_whitespace);
    (digit0, tag("<<"), opt(char('-')), blank, take_till(|c| c == '<')).parse(input)
}

/// The heredoc operators of a joined line. None when a shell could not split the line into words.
///
/// `run` also takes `<< EOF` with blanks, when `ends` knows a line that ends it: without one it is a shift, as
/// in `$(( 1 << 2 ))`.
pub(super) fn operators(line: &Mapped, run: bool, mut ends: impl FnMut(&str) -> bool) -> Vec<Operator> {
    if !line.text().contains("<<") || expansion::parse(line, '\\').is_err() {
        return Vec::new();
    }
    let words = words::shell_words(line, '\\');
    let mut found = Vec::new();
    let mut from = 0;
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let at = position(line, &word, from);
        from = at + word.text().len();
        let bare = word.text().trim_start_matches(|c: char| c.is_ascii_digit());
        if !matches!(bare, "<<" | "<<-") {
            found.extend(operator(&word));
            continue;
        }
        let blank = words.peek().filter(|_| run).and_then(|name| {
            let end = position(line, name, from) + name.text().len();
            operator(&line.slice(at..end)).filter(|operator| ends(&operator.name.value))
        });
        if blank.is_some() {
            words.next();
        }
        found.extend(blank);
    }
    found
}

/// Where in the line a word of it stands, at or after `from`.
fn position(line: &Mapped, word: &Mapped, from: usize) -> usize {
    line.text().get(from..).and_then(|rest| rest.find(word.text())).map_or(from, |at| from + at)
}

/// Where each line that may end a heredoc stands last, leading tabs aside; made when first asked.
#[derive(Debug, Default)]
pub(super) struct LastLines<'a>(Option<HashMap<&'a str, usize>>);

impl<'a> LastLines<'a> {
    /// Whether a line `name` stands in `text` at byte `from` or after.
    pub(super) fn any(&mut self, text: &'a str, name: &str, from: usize) -> bool {
        let lines = self.0.get_or_insert_with(|| {
            Lines::new(text).map(|line| (line.content().trim_start_matches('\t'), line.start)).collect()
        });
        lines.get(name).is_some_and(|&start| start >= from)
    }
}

/// Reads the body of each operator, in order. The first without an end takes the rest of the file, so of
/// those after it nothing is said.
pub(super) fn bodies(
    text: &str,
    operators: Vec<Operator>,
    lines: &mut Lines<'_>,
    reading: &mut Reading<'_>,
) -> Vec<Heredoc> {
    let heredocs: Vec<_> = operators.into_iter().map(|operator| body(text, operator, lines)).collect();
    if let Some(heredoc) = heredocs.iter().find(|heredoc| heredoc.terminator.is_none()) {
        let name = shown(&heredoc.name.value);
        reading.errors.push(
            SyntaxError::new(SyntaxErrorKind::Syntax, heredoc.operator, "unterminated heredoc")
                .with_help(format!("end it with a line that holds `{name}` and nothing else")),
        );
    }
    heredocs
}

fn body(text: &str, operator: Operator, lines: &mut Lines<'_>) -> Heredoc {
    let start = lines.at();
    let mut builder = MappedBuilder::default();
    let mut terminator = None;
    let mut end = start;
    for line in lines.by_ref() {
        let content = line.content();
        let (name, kept) = if operator.strip_tabs {
            (content.trim_start_matches('\t'), line.raw.trim_start_matches('\t'))
        } else {
            (content, line.raw)
        };
        if name == operator.name.value {
            let at = line.start + content.len() - name.len();
            terminator = Some(Span::new(at, at + name.len()));
            break;
        }
        end = line.end();
        if operator.strip_tabs {
            builder.push_verbatim(kept, line.end() - kept.len());
        }
    }
    let span = Span::new(start, end);
    let content =
        if operator.strip_tabs { builder.finish(span) } else { Mapped::verbatim(span.slice(text), start) };
    Heredoc {
        operator: operator.span,
        fd: operator.fd,
        name: operator.name,
        strip_tabs: operator.strip_tabs,
        expand: operator.expand,
        content,
        terminator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(word: &str) -> Option<(Option<u32>, bool, String, bool)> {
        let operator = operator(&Mapped::verbatim(word, 0))?;
        Some((operator.fd, operator.strip_tabs, operator.name.value, operator.expand))
    }

    #[test]
    fn operators_are_one_word_with_a_name() {
        assert_eq!(read("<<EOF"), Some((None, false, "EOF".into(), true)));
        assert_eq!(read("3<<-'EOF'"), Some((Some(3), true, "EOF".into(), false)));
        assert_eq!(read("<<eo'f'"), Some((None, false, "eof".into(), false)));
        assert_eq!(read("<<\"a b\""), Some((None, false, "a b".into(), false)));
        assert_eq!(read("<<$X.txt"), Some((None, false, "$X.txt".into(), true)));
        assert_eq!(read("<<${X}"), Some((None, false, "${X}".into(), true)));
        for word in
            ["", "<<", "<<-", "<EOF", "<<<EOF", "a<<EOF", "<<a b", "<<'EOF", "\"<<EOF\"", "<<''", "<<a<b"]
        {
            assert_eq!(read(word), None, "{word}");
        }
    }

    #[test]
    fn lines_hold_several_and_broken_lines_none() {
        let count = |text: &str| operators(&Mapped::verbatim(text, 0), true, |name| name == "EOF").len();
        assert_eq!(count("RUN cat <<a; cat <<b"), 2);
        assert_eq!(count("RUN it's <<EOF"), 0);
        assert_eq!(count("RUN ${#x} <<EOF"), 0);
        assert_eq!(count("RUN echo \"<<EOF\" \\<<EOF"), 0);
        assert_eq!(count("RUN cat << EOF"), 1);
        assert_eq!(count("RUN x=$(( 1 << 2 ))"), 0);
    }
}
