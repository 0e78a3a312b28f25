//! Comments of files in many languages, and what each is about.

use lint_parser::systemd::{self, Unit};
use lint_parser::text::span::{Span, Spanned};

use crate::model::inputs::Comment;

/// What comments of ours hold; others are no matter.
const OURS: &str = "plimsoll";

/// The comments behind `#` or `//` that may be ours. One by itself is about the next line that is none, with the lines it goes
/// on over and the block it opens; one behind something is about its own line.
pub(super) fn of_lines(text: &str) -> Vec<Comment> {
    if !text.contains(OURS) {
        return Vec::new();
    }
    let lines = lines(text);
    let mut comments = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let written = line.slice(text);
        let Some(at) = written.find(OURS) else { continue };
        let before = written[..at].trim_end();
        let mark = ["//", "#", ";"].into_iter().find(|mark| before.ends_with(mark));
        let Some(mark) = mark else { continue };
        let start = before.len() - mark.len();
        let is_alone = written[..start].trim().is_empty();
        if !is_alone && !written[..start].ends_with([' ', '\t']) {
            continue;
        }
        let from = line.start() + start;
        let body = from + mark.len();
        let value = text.get(body..line.end()).unwrap_or_default().trim_end().to_owned();
        let span = Span::new(from, body + value.len());
        let covers = match is_alone {
            true => following(text, &lines, index + 1),
            false => Some(logical(text, &lines, index)),
        };
        comments.push(Comment {
            span,
            text: Spanned { span: Span::new(body, body + value.len()), value },
            covers,
        });
    }
    comments
}

/// The lines of a text, without their ends.
fn lines(text: &str) -> Vec<Span> {
    let mut at = 0;
    let span = |line: &str| {
        let start = at;
        at += line.len();
        Span::new(start, start + line.trim_end_matches(['\n', '\r']).len())
    };
    text.split_inclusive('\n').map(span).collect()
}

/// The next line that says something.
fn following(text: &str, lines: &[Span], from: usize) -> Option<Span> {
    let is_comment = |line: &str| line.is_empty() || line.starts_with('#') || line.starts_with("//");
    let next = (from..lines.len()).find(|&at| !is_comment(lines[at].slice(text).trim()))?;
    Some(logical(text, lines, next))
}

/// A line with those that it goes on over, in both directions, and with the block it opens.
fn logical(text: &str, lines: &[Span], at: usize) -> Span {
    let goes_on = |at: usize| lines.get(at).is_some_and(|line| line.slice(text).trim_end().ends_with('\\'));
    let mut first = at;
    while first > 0 && goes_on(first - 1) {
        first -= 1;
    }
    let mut last = at;
    while goes_on(last) && last + 1 < lines.len() {
        last += 1;
    }
    let Some(span) = lines.get(first).zip(lines.get(last)).map(|(first, last)| first.cover(*last)) else {
        return Span::default();
    };
    if lines[last].slice(text).trim_end().ends_with(['{', '[']) {
        return span.cover(Span::at(closing(text, lines[last].end())));
    }
    // What stands deeper below it belongs to it: the recipe of a target.
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(lines[first].slice(text));
    while let Some(next) = lines.get(last + 1).map(|line| line.slice(text)) {
        if next.trim().is_empty() || indent(next) <= own {
            break;
        }
        last += 1;
    }
    span.cover(lines[last])
}

/// Where the bracket closes that stands before a place.
fn closing(text: &str, from: usize) -> usize {
    let mut depth = 1_usize;
    for (at, c) in text.get(from..).unwrap_or_default().char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return from + at + 1;
        }
    }
    text.len()
}

/// The comments of a unit. One above a section is about all of it.
pub(super) fn of_unit(unit: &Unit) -> Vec<Comment> {
    let of_section = |index: usize| unit.assignments.iter().filter(move |one| one.section == Some(index));
    let about = |comment: &systemd::Comment| {
        let next = unit.assignments.get(comment.assignment);
        let header = unit.sections.iter().position(|header| {
            header.span.start() > comment.span.end()
                && next.is_none_or(|next| header.span.start() < next.span.start())
        });
        match header {
            Some(index) => {
                let header = unit.sections.get(index)?.span;
                Some(of_section(index).fold(header, |span, one| span.cover(one.span)))
            }
            None => next.map(|next| next.span),
        }
    };
    let comments = unit.comments.iter();
    comments
        .map(|comment| Comment { span: comment.span, text: comment.text.clone(), covers: about(comment) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_about_a_command_or_a_block() {
        let text = "# plimsoll: ignore[a]\n\ndocker run \\\n  --x y\nz # plimsoll: ignore[b]\n// plimsoll: ignore[c]\nt {\n a\n}\nb\n";
        let covered: Vec<_> =
            of_lines(text).into_iter().map(|comment| comment.covers.unwrap().slice(text)).collect();
        assert_eq!(covered, ["docker run \\\n  --x y", "z # plimsoll: ignore[b]", "t {\n a\n}"]);
    }
}
