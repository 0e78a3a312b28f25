//! Tabs that Compose's YAML parser refuses and ours reads over.
//!
//! go-yaml takes no tab in the blanks that begin a line or follow a `-`, `?` or `:` there, not even on a line
//! of nothing else, unless the line belongs to a flow collection or to a scalar. Each case below was put to
//! `docker compose config`.

use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::span::Span;
use crate::yaml::node::{Node, NodeKind, Stream};

pub(super) const MESSAGE: &str = "a tab is used for indentation";
pub(super) const HELP: &str = "indent with spaces; YAML forbids tabs there";

/// The first such tab before `limit`, where the tree ends.
pub(super) fn first(text: &str, stream: &Stream, limit: usize) -> Option<SyntaxError> {
    let before = text.as_bytes().get(..limit)?;
    memchr::memchr(b'\t', before)?;
    let mut opaque = Vec::new();
    for root in stream.documents.iter().filter_map(|document| document.root.as_ref()) {
        collect_opaque(root, &mut opaque);
    }
    let mut opaque = opaque.into_iter().peekable();
    let mut at = 0;
    while let Some(tab) = before.get(at..).and_then(|rest| memchr::memchr(b'\t', rest)) {
        let tab = at + tab;
        while opaque.next_if(|span| span.end() <= tab).is_some() {}
        if let Some(span) = opaque.peek().filter(|span| span.contains(tab)) {
            at = span.end();
            continue;
        }
        let line_start = memchr::memrchr(b'\n', before.get(..tab)?).map_or(0, |i| i + 1);
        let line_end = memchr::memchr(b'\n', before.get(tab..)?).map_or(limit, |i| tab + i);
        if is_indentation(before.get(line_start..tab)?) && !follows_a_comment(text, line_start, tab) {
            let span = Span::new(tab, tab + 1);
            return Some(SyntaxError::new(SyntaxErrorKind::Syntax, span, MESSAGE).with_help(HELP));
        }
        // No later tab of the line stands in its indentation.
        at = line_end;
    }
    None
}

/// The scalars and flow collections that may hold tabs as they please, in order.
fn collect_opaque(node: &Node, spans: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Scalar(_) => spans.push(node.span),
        NodeKind::Alias(_) => {}
        NodeKind::Sequence(items) => match items.first() {
            // A block collection begins with its first key or dash, and a block sequence's item is no dash.
            Some(first) if !is_flow(node, first, items.last()) => {
                items.iter().for_each(|item| collect_opaque(item, spans));
            }
            _ => spans.push(node.span),
        },
        NodeKind::Mapping(entries) => match entries.first() {
            Some(first) if !is_flow(node, &first.key, entries.last().map(|entry| &entry.value)) => {
                for entry in entries {
                    collect_opaque(&entry.key, spans);
                    collect_opaque(&entry.value, spans);
                }
            }
            _ => spans.push(node.span),
        },
    }
}

/// A collection ends with its last child exactly when it has no bracket to end with.
fn is_flow(node: &Node, first: &Node, last: Option<&Node>) -> bool {
    last.is_some_and(|last| last.span.end() < node.span.end()) && first.span.start() > node.span.start()
}

/// Whether nothing but blanks and block indicators stands between the beginning of a line and a tab.
fn is_indentation(before: &[u8]) -> bool {
    let text = before.strip_prefix("\u{feff}".as_bytes()).unwrap_or(before);
    let mut at_start = true;
    for (i, byte) in text.iter().enumerate() {
        let blank_follows = text.get(i + 1).is_none_or(|next| *next == b' ');
        match byte {
            b' ' => at_start = true,
            b'-' | b'?' | b':' if at_start && blank_follows => at_start = false,
            _ => return false,
        }
    }
    true
}

/// A comment on its own line takes the comments on the lines right below it along, however they are indented.
fn follows_a_comment(text: &str, line_start: usize, tab: usize) -> bool {
    let comment = |line: &str| line.trim_start().starts_with('#');
    let Some(before) = line_start.checked_sub(1).and_then(|end| text.get(..end)) else { return false };
    let previous = before.rfind('\n').map_or(before, |i| &before[i + 1..]);
    let line = text.get(tab..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
    comment(line) && comment(previous)
}

#[cfg(test)]
mod tests {
    use crate::yaml;

    #[test]
    fn tabs_go_yaml_refuses_are_refused() {
        let refused = [
            "---\n\ta: 1\n",
            "\ta: 1\n",
            "a:\n  - x\n\t\n",
            "a:\n  -\tx\n",
            "a: |\n  x\n\n\t\n",
            "a:\n \tb: 1\n",
            "\t- a\n",
            "a:\n  b: 1\n\t# c\n  d: 1\n",
            "-\ta: 1\n",
            "\t{a: 1}\n",
            "a: 1\n\t\nb: 2\n",
            "?\ta\n:\tb\n",
            "# c\n\t\na: 1\n",
            "a: \"1\"\n\t\n",
            "a: |\n  x\n\t\nb: 1\n",
            "a: [1]\n\t\nb: 1\n",
            "a:\n\t# c\n  b: 1\n",
            "a: 1 # x\n\t# d\nb: 1\n",
            "a:\n  b: \"1\"\n  \t\n  c: 2\n",
            "- -\ta\n",
            "a: 1\n---\n\t\nb: 1\n",
            "a: 1\n...\n\t\n",
            "- \t- a\n",
        ];
        for text in refused {
            let errors = yaml::parse(text).errors;
            let at: Vec<_> = errors.iter().map(|error| error.span.slice(text)).collect();
            assert_eq!(at, ["\t"], "{text:?}: {errors:?}");
        }
    }

    #[test]
    fn tabs_go_yaml_takes_are_taken() {
        let taken = [
            "a:\tx\n",
            "a: x\t# c\n",
            "a: \"x\n\ty\"\n",
            "# c\n\t# d\na: 1\n",
            "a:\n  # c\n\t# d\n  b: 1\n",
            "a: |\n  x\n  \t\nb: 1\n",
            "a: |\n  x\n  \ty\n",
            "a: x\n  \ty\n",
            "a: [1,\n\t2]\n",
            "a: {\n  b: 1,\n\t}\n",
            "a: [1, \t2]\n",
            "a: &x\t1\n",
            "a:  \t\n  b: 1\n",
            "a:\n  b: c\td\n",
            "a: {b: 1, c: [\n 2,\n\t3]}\n",
        ];
        for text in taken {
            assert_eq!(yaml::parse(text).errors, [], "{text:?}");
        }
    }
}
