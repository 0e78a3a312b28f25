//! A project in canonical form as YAML or JSON.
//!
//! A `$` is written `$$`, as `docker compose config` writes it: what is printed is a Compose file again. Its JSON says
//! more than its YAML of what is not there, and so does ours.

mod absent;

use std::fmt::Write as _;

use lint_parser::compose::ast::scalar::{Decimal, number_text};
use lint_parser::compose::long::{Node, NodeKind};
use lint_parser::compose::value::Origin;

use crate::report::concise::{is_unprintable, printable};
use crate::report::document;

/// The project as YAML. `remark` is what to say of a value written there, in a comment behind it: where it comes
/// from, or nothing.
#[must_use]
pub fn yaml(project: &Node, remark: &dyn Fn(Origin) -> Option<String>) -> String {
    let mut writer = Writer { out: String::new(), remark };
    match &project.kind {
        NodeKind::Map(entries) => writer.entries(entries, 0),
        _ => writer.value(project, 0),
    }
    writer.out
}

/// The project as JSON.
///
/// ```
/// use lint_core::NoFiles;
/// use lint_core::project::{Project, ProjectFiles, canonical};
///
/// let project = Project::load(&ProjectFiles::new(["compose.yaml"]), &NoFiles);
/// assert!(lint_core::report::project::json(&canonical(&project, "app")).contains("\"name\": \"app\""));
/// ```
#[must_use]
pub fn json(project: &Node) -> String {
    let mut tree = as_json(project);
    absent::say(&mut tree);
    document::pretty(&tree)
}

fn as_json(node: &Node) -> serde_json::Value {
    use serde_json::Value;
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Bool(value) => Value::Bool(*value),
        NodeKind::Integer(value) => Value::from(*value),
        NodeKind::Float(Decimal(value)) => number(*value),
        NodeKind::Text(text) => Value::String(escaped(text)),
        NodeKind::List(items) => items.iter().map(as_json).collect(),
        NodeKind::Map(entries) => entries.iter().map(|(key, node)| (escaped(key), as_json(node))).collect(),
    }
}

/// A number; one without a fraction is whole, as Go writes it.
fn number(value: f64) -> serde_json::Value {
    // Beyond these a float is written with an exponent, and not all whole numbers are floats.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= WHOLE {
        #[allow(clippy::cast_possible_truncation, reason = "it is whole, and in range")]
        return serde_json::Value::from(value as i64);
    }
    serde_json::Value::from(value)
}

fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}

/// The longest key that is written before its colon, in bytes, quotes included. YAML readers look for the colon within 1,024
/// characters; Compose stops here.
const LONGEST_KEY: usize = 128;

struct Writer<'a> {
    out: String,
    remark: &'a dyn Fn(Origin) -> Option<String>,
}

impl Writer<'_> {
    fn entries(&mut self, entries: &[(String, Node)], indent: usize) {
        for (at, (key, node)) in entries.iter().enumerate() {
            // Behind the `- ` of a list the first entry stands on its line.
            if at > 0 || !self.out.ends_with("- ") {
                self.indent(indent);
            }
            let key = scalar(&escaped(key));
            if key.len() > LONGEST_KEY {
                let _ = writeln!(self.out, "? {key}");
                self.indent(indent);
            } else {
                self.out.push_str(&key);
            }
            self.out.push(':');
            self.value(node, indent);
        }
    }

    /// What follows `key:` or `-`, to the end of its last line.
    fn value(&mut self, node: &Node, indent: usize) {
        match &node.kind {
            NodeKind::Map(entries) if !entries.is_empty() => {
                self.end(None);
                self.entries(entries, indent + 2);
            }
            NodeKind::List(items) if !items.is_empty() => {
                self.end(None);
                for item in items {
                    self.indent(indent + 2);
                    self.out.push('-');
                    self.item(item, indent + 2);
                }
            }
            NodeKind::Text(text) => match block(&escaped(text), indent + 2) {
                Some((header, body)) => {
                    let _ = write!(self.out, " {header}");
                    self.end(node.origin);
                    self.out.push_str(&body);
                }
                None => self.inline(&scalar(&escaped(text)), node.origin),
            },
            NodeKind::Null => self.inline("null", node.origin),
            NodeKind::Bool(value) => self.inline(if *value { "true" } else { "false" }, node.origin),
            NodeKind::Integer(value) => self.inline(&value.to_string(), node.origin),
            NodeKind::Float(Decimal(value)) => self.inline(&float(*value), node.origin),
            NodeKind::Map(_) => self.inline("{}", node.origin),
            NodeKind::List(_) => self.inline("[]", node.origin),
        }
    }

    /// An element of a list, behind its `-`.
    fn item(&mut self, node: &Node, indent: usize) {
        match &node.kind {
            NodeKind::Map(entries) if !entries.is_empty() => {
                self.out.push(' ');
                self.entries(entries, indent + 2);
            }
            _ => self.value(node, indent),
        }
    }

    fn inline(&mut self, text: &str, origin: Option<Origin>) {
        self.out.push(' ');
        self.out.push_str(text);
        self.end(origin);
    }

    fn end(&mut self, origin: Option<Origin>) {
        if let Some(remark) = origin.and_then(self.remark) {
            let _ = write!(self.out, " # {}", printable(&remark));
        }
        self.out.push('\n');
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }
}

/// A text of several lines as a literal block, where YAML can say it that way.
fn block(text: &str, indent: usize) -> Option<(&'static str, String)> {
    let is_plain = |c: char| c == '\n' || c == '\t' || !(is_unprintable(c) || c == '\u{feff}');
    let lines = text.trim_end_matches('\n');
    // Indentation is found out from the first line, and a tab there is an error.
    if !lines.contains('\n') || text.starts_with([' ', '\t', '\n']) || !text.chars().all(is_plain) {
        return None;
    }
    let header = match text.len() - lines.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let mut body = String::with_capacity(text.len() + 64);
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            body.extend(std::iter::repeat_n(' ', indent));
            body.push_str(line);
        }
        body.push('\n');
    }
    Some((header, body))
}

/// A number as Compose writes it in YAML.
fn float(value: f64) -> String {
    match value {
        _ if value.is_nan() => ".nan".to_owned(),
        f64::INFINITY => ".inf".to_owned(),
        f64::NEG_INFINITY => "-.inf".to_owned(),
        _ => number_text(value),
    }
}

/// A text as a YAML scalar: plain where every YAML reads it as this text, else in double quotes.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let safe = |c: char| c.is_alphanumeric() || "_./@+=$\\(){}[]<>;~^!?*%&|,'\"`:#- ".contains(c);
    let starts = |c: char| c.is_alphanumeric() || "_./$(<;+^\\".contains(c) || text.starts_with("~/");
    text.starts_with(starts)
        && text.chars().all(safe)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !looks_like_something_else(text)
}

/// Whether a YAML of some version reads a plain scalar as a number, a boolean, null or a date.
fn looks_like_something_else(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", ".nan", ".inf", "+.inf", "<<", "=",
    ];
    words.contains(&lower.as_str()) || is_numeric(&lower)
}

/// Anything that begins like a number and is made of what numbers, times and dates are made of: `0x1f`, `1e3`,
/// `22:22`, `2001-01-01`, `1_000`. Addresses and ranges are not.
fn is_numeric(lower: &str) -> bool {
    let bare = lower.trim_start_matches(['+', '-', '.']);
    let is_address = lower.matches('.').count() > 1;
    let is_range = lower.split_once('-').is_some_and(|(first, _)| {
        first.len() != 4 && !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit())
    });
    bare.starts_with(|c: char| c.is_ascii_digit())
        && !is_address
        && !is_range
        && lower.chars().all(|c| c.is_ascii_hexdigit() || "+-._:xotz ".contains(c))
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 || u32::from(c) == 0x7f => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if is_unprintable(c) || c == '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use lint_parser::compose::long::as_written;
    use lint_parser::compose::read::read;
    use lint_parser::compose::value::SourceId;
    use lint_parser::yaml;
    use proptest::prelude::*;

    use super::*;

    fn map(entries: &[(&str, NodeKind)]) -> Node {
        let entries = entries.iter().map(|(key, kind)| ((*key).to_owned(), Node::made(kind.clone())));
        Node::made(NodeKind::Map(entries.collect()))
    }

    #[test]
    fn nested_lists_and_mappings() {
        let inner = map(&[("b", NodeKind::Integer(1)), ("n", NodeKind::Map(Vec::new()))]);
        let list = NodeKind::List(vec![inner, Node::text("-x"), Node::made(NodeKind::List(Vec::new()))]);
        let tree = map(&[("a", list), ("t", NodeKind::Text("one\n\n  two\n".to_owned()))]);
        assert_eq!(
            yaml(&tree, &|_| None),
            "a:\n  - b: 1\n    \"n\": {}\n  - \"-x\"\n  - []\nt: |\n  one\n\n    two\n"
        );
        assert_eq!(json(&map(&[("a", NodeKind::Text("$x".to_owned()))])), "{\n  \"a\": \"$$x\"\n}\n");
    }

    #[test]
    fn remarks_stand_behind_the_value() {
        let node = Node { kind: NodeKind::Text("x".to_owned()), origin: Some(Origin::default()) };
        let tree = Node::made(NodeKind::Map(vec![("a".to_owned(), node)]));
        assert_eq!(yaml(&tree, &|_| Some("b.yaml:1\n".to_owned())), "a: x # b.yaml:1\u{fffd}\n");
    }

    #[test]
    fn long_keys_are_read_again() {
        let (key, inner) = ("k".repeat(2_000), map(&[("a", NodeKind::Integer(1))]));
        let list = NodeKind::List(vec![map(&[(&key, NodeKind::Integer(2)), ("b", NodeKind::Null)])]);
        let text = yaml(&map(&[(&key, inner.kind), ("list", list)]), &|_| None);
        assert_eq!(text, format!("? {key}\n:\n  a: 1\nlist:\n  - ? {key}\n    : 2\n    b: null\n"));
        assert!(yaml::parse(&text).errors.is_empty());
    }

    #[test]
    fn nothing_that_a_terminal_acts_on_is_written() {
        let evil = "\u{1b}[2J \u{85}\u{9b}1m\u{202e}\u{2066}\u{200f}";
        let lines = NodeKind::Text(format!("{evil}\n{evil}\n"));
        let tree = map(&[(evil, NodeKind::Text(evil.to_owned())), ("b", lines)]);
        for text in [yaml(&tree, &|_| Some(evil.to_owned())), json(&tree)] {
            assert!(!text.chars().any(|c| c != '\n' && is_unprintable(c)), "{text:?}");
        }
    }

    #[test]
    fn texts_that_look_like_something_else_are_quoted() {
        for text in [
            "1",
            "0x1f",
            "1e3",
            "22:22",
            "2001-01-01",
            "yes",
            "N",
            "~",
            "",
            "null",
            "-",
            "a: b",
            "a #b",
            "<<",
        ] {
            assert!(scalar(text).starts_with('"'), "{text}");
        }
        for text in ["nginx:1.25", "./a:/b:ro", "a b", "http://x/y", "$${A:-b}", "deadbeef", "\\\\.\\pipe"] {
            assert_eq!(scalar(text), text);
        }
    }

    fn without_places(node: &Node) -> Node {
        Node::made(match &node.kind {
            NodeKind::List(items) => NodeKind::List(items.iter().map(without_places).collect()),
            NodeKind::Map(entries) => {
                NodeKind::Map(entries.iter().map(|(key, node)| (key.clone(), without_places(node))).collect())
            }
            kind => kind.clone(),
        })
    }

    fn node() -> impl Strategy<Value = Node> {
        let text = prop_oneof![
            "[a-z0-9:#\\- .'\"\\[\\]{}&*!|>%@`,\n\t~=?<]{0,12}",
            "(a| |\n|#|é|\u{1}|\u{85}|\u{2028}|\u{202e}){0,8}",
            "[a#: -]{120,140}",
        ];
        let text = text.prop_map(|text: String| text);
        let leaf = prop_oneof![
            Just(NodeKind::Null),
            any::<bool>().prop_map(NodeKind::Bool),
            any::<i32>().prop_map(|n| NodeKind::Integer(i64::from(n))),
            text.clone().prop_map(NodeKind::Text),
        ];
        let tree = leaf.prop_map(Node::made).prop_recursive(3, 12, 4, move |inner| {
            let list = proptest::collection::vec(inner.clone(), 0..4).prop_map(NodeKind::List);
            let map = proptest::collection::btree_map(text.clone(), inner, 0..4)
                .prop_map(|entries| NodeKind::Map(entries.into_iter().collect()));
            prop_oneof![list, map].prop_map(Node::made)
        });
        tree.prop_map(|tree| Node::made(NodeKind::Map(vec![("k".to_owned(), tree)])))
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(tree in node()) {
            let text = yaml(&tree, &|_| None);
            let parsed = yaml::parse(&text);
            prop_assert!(parsed.errors.is_empty(), "{text}{:?}", parsed.errors);
            let documents = read(&parsed.tree, SourceId(0));
            prop_assert!(documents.errors.is_empty(), "{text}{:?}", documents.errors);
            let again = documents.tree.first().map(|value| without_places(&as_written(value)));
            prop_assert_eq!(again, Some(tree), "{}", text);
        }
    }
}
