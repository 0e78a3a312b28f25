//! Unit files of systemd and their drop-ins: sections, assignments, comments, continued lines.

mod words;

use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::{Span, Spanned};

pub use words::words;

/// A unit file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Unit {
    /// The section headers, in order; the span includes the brackets.
    pub sections: Vec<Spanned<String>>,
    /// The assignments, in order.
    pub assignments: Vec<Assignment>,
    /// The comments, in order.
    pub comments: Vec<Comment>,
}

/// `Key=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignment {
    /// Index of its section header; `None` above the first one, where systemd ignores it.
    pub section: Option<usize>,
    /// From the key to the end of the value.
    pub span: Span,
    /// The key.
    pub key: Spanned<String>,
    /// The value, continued lines joined by blanks, without the blanks around it. An empty one resets a list.
    pub value: Mapped,
}

/// A line that begins with `#` or `;`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// From its first character to the end of the line, line ending excluded.
    pub span: Span,
    /// The text after the first character.
    pub text: Spanned<String>,
    /// Index of the assignment that it stands above or, on a continued line, within.
    pub assignment: usize,
}

impl Unit {
    /// The name of an assignment's section.
    #[must_use]
    pub fn section_of(&self, assignment: &Assignment) -> Option<&str> {
        self.sections.get(assignment.section?).map(|section| section.value.as_str())
    }

    /// The assignments to a key in sections of a name, in order.
    pub fn assignments_of<'u>(
        &'u self,
        section: &'u str,
        key: &'u str,
    ) -> impl Iterator<Item = &'u Assignment> {
        self.assignments
            .iter()
            .filter(move |one| one.key.value == key && self.section_of(one) == Some(section))
    }
}

/// Reads a unit file as systemd does. Never fails: a line that systemd would pass by with a warning is a fault here
/// and changes nothing else.
///
/// ```
/// let unit = lint_parser::systemd::parse("[Service]\nExecStart=/usr/bin/dockerd\n").tree;
/// let starts: Vec<_> = unit.assignments_of("Service", "ExecStart").collect();
/// assert_eq!(starts[0].value.text(), "/usr/bin/dockerd");
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<Unit> {
    let mut parser = Parser { text, unit: Unit::default(), errors: Vec::new() };
    if u32::try_from(text.len()).is_err() {
        parser.fault(Span::at(0), "the file is larger than 4 GiB and was not read");
    } else {
        parser.read();
    }
    Parsed { tree: parser.unit, errors: parser.errors }
}

struct Parser<'t> {
    text: &'t str,
    unit: Unit,
    errors: Vec<SyntaxError>,
}

const BLANKS: [char; 3] = [' ', '\t', '\r'];

impl Parser<'_> {
    fn read(&mut self) {
        let text = self.text;
        // A line that goes on, and where it began.
        let mut logical: Option<(usize, MappedBuilder)> = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let line = line.trim_end_matches(['\n', '\r']);
            let inner = if start == 0 { line.trim_start_matches('\u{feff}') } else { line };
            let body = inner.trim_start_matches(BLANKS);
            let from = start + (line.len() - body.len());
            if body.starts_with(['#', ';']) {
                self.comment(Span::new(from, start + line.len()));
                continue;
            }
            // Within a continued line the blanks count, unless the line ends with them.
            let (piece, piece_at) = if logical.is_some() { (line, start) } else { (body, from) };
            let (begin, mut joined) = logical.take().unwrap_or_else(|| (from, MappedBuilder::default()));
            if let Some(before) = piece.strip_suffix('\\') {
                joined.push_verbatim(before, piece_at);
                joined.push_replaced(" ", Span::new(piece_at + before.len(), piece_at + piece.len()));
                logical = Some((begin, joined));
            } else {
                joined.push_verbatim(piece, piece_at);
                self.line(&joined.finish(Span::new(begin, start + line.len())));
            }
        }
        if let Some((begin, last)) = logical {
            self.line(&last.finish(Span::new(begin, text.len())));
        }
    }

    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(SyntaxError::new(SyntaxErrorKind::Syntax, span, message));
    }

    fn comment(&mut self, span: Span) {
        let inner = Span::new(span.start() + 1, span.end());
        let text = Spanned::new(inner.slice(self.text).to_owned(), inner);
        self.unit.comments.push(Comment { span, text, assignment: self.unit.assignments.len() });
    }

    fn line(&mut self, joined: &Mapped) {
        let line = joined.trim_matches(|c| BLANKS.contains(&c));
        let text = line.text();
        if text.is_empty() {
            return;
        }
        if let Some(rest) = text.strip_prefix('[') {
            match rest.strip_suffix(']') {
                Some(name) => self.unit.sections.push(Spanned::new(name.to_owned(), line.span())),
                None => self.fault(line.span(), "this section header has no closing bracket"),
            }
            return;
        }
        let Some(equals) = text.find('=') else {
            self.fault(
                line.span(),
                "this line is neither `[Section]` nor `Key=value`, and systemd ignores it",
            );
            return;
        };
        let key = line.slice(0..equals).trim_matches(|c| BLANKS.contains(&c));
        if key.is_empty() {
            self.fault(line.span(), "this assignment names no key, and systemd ignores it");
            return;
        }
        if key.text().starts_with('-') {
            self.fault(
                line.span(),
                "this is an option of a command and not `Key=value`, and systemd ignores it",
            );
            if let Some(fault) = self.errors.last_mut() {
                fault.help = Some("end the line before with a backslash".to_owned());
            }
            return;
        }
        let section = self.unit.sections.len().checked_sub(1);
        if section.is_none() {
            self.fault(line.span(), "this assignment stands outside of a section, and systemd ignores it");
        }
        let value = line.slice(equals + 1..text.len()).trim_matches(|c| BLANKS.contains(&c));
        let key = Spanned::new(key.text().to_owned(), key.span());
        self.unit.assignments.push(Assignment { section, span: line.span(), key, value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continued_lines_comments_and_resets() {
        let text = "# head\n[Service]\n; old\nExecStart=\nExecStart=/usr/bin/dockerd \\\n  # why\n  -H fd:// \\\n  --icc=false\n\n[Install]\nWantedBy = multi-user.target\r\n";
        let Parsed { tree, errors } = parse(text);
        assert_eq!(errors, []);
        let starts: Vec<_> = tree.assignments_of("Service", "ExecStart").collect();
        assert_eq!(starts[0].value.text(), "");
        let value = &starts[1].value;
        let words: Vec<_> = words(value).into_iter().map(|word| word.text().to_owned()).collect();
        assert_eq!(words, ["/usr/bin/dockerd", "-H", "fd://", "--icc=false"]);
        let at = value.text().find("--icc").unwrap();
        assert_eq!(value.span_of(at..at + 11).slice(text), "--icc=false");
        assert_eq!(starts[1].span.slice(text).lines().count(), 4);
        assert_eq!(tree.assignments[2].value.text(), "multi-user.target");
        let comments: Vec<_> = tree.comments.iter().map(|c| (c.text.value.as_str(), c.assignment)).collect();
        assert_eq!(comments, [(" head", 0), (" old", 0), (" why", 1)]);
    }

    #[test]
    fn faults_are_told_and_change_nothing_else() {
        let text = "A=1\n[Socket\n[Socket]\nnonsense\n=x\nSocketMode=0660";
        let Parsed { tree, errors } = parse(text);
        let at: Vec<_> = errors.iter().map(|error| error.span.slice(text)).collect();
        assert_eq!(at, ["A=1", "[Socket", "nonsense", "=x"]);
        assert_eq!(tree.assignments_of("Socket", "SocketMode").count(), 1);
        assert_eq!(tree.assignments_of("Socket", "A").count(), 0);
    }

    #[test]
    fn an_option_on_a_line_of_its_own_is_a_forgotten_backslash() {
        let text = "[Service]\nExecStart=dockerd\n  --icc=false";
        let errors = parse(text).errors;
        assert_eq!(errors[0].span.slice(text), "--icc=false");
        assert!(errors[0].help.is_some());
    }

    #[test]
    fn a_file_may_end_within_a_continued_line() {
        let tree = parse("\u{feff}[Service]\nExecStart=a \\").tree;
        assert_eq!(tree.assignments[0].value.text(), "a");
        assert_eq!(parse("").tree, Unit::default());
    }
}
