//! What holds for every text, YAML or not.

use lint_parser::compose::interpolate::interpolate_value;
use lint_parser::compose::read::read;
use lint_parser::compose::value::{SourceId, Value, ValueKind};
use lint_parser::dotenv;
use lint_parser::syntax_error::SyntaxError;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;
use lint_parser::yaml;
use lint_parser::yaml::node::{Node, NodeKind, ScalarStyle};
use proptest::prelude::*;

/// Pieces of YAML that mean something to somebody.
const PIECES: &[&str] = &[
    "a",
    "key",
    ": ",
    ":",
    "\n",
    "\r\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "- ",
    "  ",
    " ",
    "\t",
    "|",
    "|2-",
    ">",
    ">+\n",
    "|\n  text\n",
    ">\n  one\n  two\n\n   three\n",
    "\"",
    "'",
    "''",
    "\\n",
    "\\u00e9",
    "\\\n",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&x ",
    "*x",
    "<<: ",
    "!reset ",
    "!!str ",
    "? ",
    "# comment",
    " # c\n",
    "---\n",
    "\n---\n",
    "...\n",
    "~",
    "true",
    "0x1F",
    "${A:-b}",
    "$",
    "${",
    "é",
    "😀",
    "\u{feff}",
    "\u{85}",
    "\0",
    "\u{2028}",
    "%YAML 1.2\n",
    "@",
    "`",
];

fn yaml_like() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// A sound file with a few characters taken out or put in.
fn mutated() -> impl Strategy<Value = String> {
    const SOUND: &str = "x-base: &base\n  image: \"nginx:${TAG:-1.27}\" # pinned\n  command: >-\n    one\n    two\n\
        services:\n  web:\n    <<: *base\n    ports: [\"80:80\", {target: 443}]\n    environment:\n    - 'A=it''s'\n\
        \x20   - B\n    run: |+\n      text\n\n  # db\n  db: !override\n    labels: {a: b,\n      c: d}\n...\n---\nlast: é\n";
    let edits =
        prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(PIECES), 0..6_usize), 1..4);
    edits.prop_map(|edits| {
        let mut characters: Vec<char> = SOUND.chars().collect();
        for (at, piece, removed) in edits {
            let at = at.index(characters.len() + 1);
            let end = (at + removed).min(characters.len());
            characters.splice(at..end, piece.chars());
        }
        characters.into_iter().collect()
    })
}

fn check_span(text: &str, span: Span, what: &str) {
    assert!(text.get(span.range()).is_some(), "{what} {span:?} does not fit {text:?}");
}

fn check_mapped(text: &str, mapped: &Mapped) {
    check_span(text, mapped.span(), "a text");
    if mapped.is_verbatim() {
        assert_eq!(mapped.span().slice(text), mapped.text());
    }
    for (at, c) in mapped.text().char_indices() {
        let span = mapped.span_of(at..at + c.len_utf8());
        check_span(text, span, "a character");
        assert!(mapped.span().encloses(span), "{span:?} outside {:?} in {text:?}", mapped.span());
    }
}

fn check_node(text: &str, node: &Node) {
    check_span(text, node.span, "a node");
    for property in [&node.tag, &node.anchor].into_iter().flatten() {
        check_span(text, property.span, "a property");
        assert!(property.span.end() <= node.span.start(), "{node:?} in {text:?}");
    }
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            assert_eq!(scalar.text.span(), node.span);
            check_mapped(text, &scalar.text);
            let opening = match scalar.style {
                ScalarStyle::Plain => "",
                ScalarStyle::SingleQuoted => "'",
                ScalarStyle::DoubleQuoted => "\"",
                ScalarStyle::Literal => "|",
                ScalarStyle::Folded => ">",
            };
            assert!(node.span.slice(text).starts_with(opening), "{node:?} in {text:?}");
        }
        NodeKind::Alias(name) => assert_eq!(node.span.slice(text), format!("*{name}")),
        NodeKind::Sequence(items) => items.iter().for_each(|item| check_child(text, node.span, item)),
        NodeKind::Mapping(entries) => {
            for entry in entries {
                check_child(text, node.span, &entry.key);
                check_child(text, node.span, &entry.value);
                assert!(entry.key.span.end() <= entry.value.span.start(), "{entry:?} in {text:?}");
            }
        }
    }
}

fn check_child(text: &str, parent: Span, child: &Node) {
    assert!(parent.encloses(child.span), "{:?} outside {parent:?} in {text:?}", child.span);
    check_node(text, child);
}

fn check_value(text: &str, value: &Value) {
    check_span(text, value.origin.span, "a value");
    match &value.kind {
        ValueKind::Null => {}
        ValueKind::Scalar(scalar) => check_mapped(text, &scalar.text),
        ValueKind::Sequence(items) => items.iter().for_each(|item| check_value(text, item)),
        ValueKind::Mapping(mapping) => {
            for (i, entry) in mapping.entries.iter().enumerate() {
                check_span(text, entry.key_origin.span, "a key");
                assert!(
                    mapping.entries[..i].iter().all(|before| before.key != entry.key),
                    "twice in {text:?}"
                );
                check_value(text, &entry.value);
            }
        }
    }
}

fn check_errors(text: &str, errors: &[SyntaxError]) {
    for error in errors {
        check_span(text, error.span, "an error");
        assert!(!error.message.is_empty());
    }
}

fn check(text: &str) {
    let parsed = yaml::parse(text);
    check_errors(text, &parsed.errors);
    for document in &parsed.tree.documents {
        document.root.iter().for_each(|root| check_node(text, root));
    }
    for comment in &parsed.tree.comments {
        assert!(comment.span.slice(text).starts_with('#'));
        assert_eq!(comment.text.span.slice(text), comment.text.value);
    }
    let values = read(&parsed.tree, SourceId(0));
    check_errors(text, &values.errors);
    assert_eq!(values.tree.len(), parsed.tree.documents.len());
    for value in &values.tree {
        check_value(text, value);
        let interpolated = interpolate_value(value, &|name| (name == "A").then(|| "é".to_owned()));
        check_errors(text, &interpolated.errors);
        check_value(text, &interpolated.value);
    }
    let variables = dotenv::parse(text, &|_| None);
    check_errors(text, &variables.errors);
    for variable in &variables.tree {
        assert_eq!(variable.name.span.slice(text), variable.name.value);
        variable.value.iter().for_each(|value| check_mapped(text, value));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn text_of_yaml_pieces(text in yaml_like()) {
        check(&text);
    }

    #[test]
    fn sound_yaml_with_a_few_changes(text in mutated()) {
        check(&text);
    }

    /// A block scalar means its lines, each of which knows where it stands.
    #[test]
    fn lines_of_a_literal_stand_where_they_are_written(
        lines in prop::collection::vec("[a-z#é:'\"|-][a-z é:#\\\\]{0,8}", 1..6),
        indent in 1..5_usize,
    ) {
        let mut text = "key: |\n".to_owned();
        for line in &lines {
            text.push_str(&format!("{}{line}\n", " ".repeat(indent)));
        }
        let parsed = yaml::parse(&text);
        prop_assert_eq!(&parsed.errors, &[]);
        let values = read(&parsed.tree, SourceId(0));
        let scalar = values.tree[0].get("key").unwrap().value.as_scalar().unwrap().clone();
        prop_assert_eq!(scalar.text.text(), lines.iter().map(|line| format!("{line}\n")).collect::<String>());
        let mut at = 0;
        for line in &lines {
            prop_assert_eq!(scalar.text.span_of(at..at + line.len()).slice(&text), line.as_str());
            at += line.len() + 1;
        }
    }
}
