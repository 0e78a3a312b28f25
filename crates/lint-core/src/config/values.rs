//! What a text in YAML says, as a type of ours.

/// Why it says nothing of that type.
#[derive(Debug)]
pub(super) struct NoValue {
    /// The byte at fault.
    pub(super) at: usize,
    /// What is wrong.
    pub(super) message: String,
}

/// Reads a text.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn of<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, NoValue> {
    serde_yaml::from_str(text).map_err(|error| NoValue {
        at: error.location().map_or(0, |location| location.index()),
        message: error.to_string(),
    })
}

/// Reads a text: on WebAssembly, where each byte is downloaded, through our own tree, which is there in any case.
#[cfg(target_arch = "wasm32")]
pub(super) use light::of;

#[cfg(any(test, target_arch = "wasm32"))]
mod light {
    use lint_parser::json::{Json, JsonKind, Member, is_number};
    use lint_parser::text::span::Span;
    use lint_parser::yaml;
    use lint_parser::yaml::node::{Node, NodeKind, Scalar, ScalarStyle};
    use serde::de::DeserializeOwned;

    use super::NoValue;
    use crate::json::{Fault, from};

    pub(in crate::config) fn of<T: DeserializeOwned>(text: &str) -> Result<T, NoValue> {
        let parsed = yaml::parse(text);
        if let Some(error) = parsed.errors.into_iter().next() {
            return Err(NoValue { at: error.span.start(), message: error.message });
        }
        let root = parsed.tree.documents.first().and_then(|document| document.root.as_ref());
        let value = root.map_or(Json::new(Span::at(0), JsonKind::Null), value);
        from(&value).map_err(|Fault { at, message }| NoValue { at, message })
    }

    /// The value of a node. Aliases are refused before anything is read.
    fn value(node: &Node) -> Json {
        let kind = match &node.kind {
            NodeKind::Scalar(scalar) if node.tag.is_none() => typed(scalar),
            NodeKind::Scalar(scalar) => JsonKind::String(scalar.text.text().to_owned()),
            NodeKind::Sequence(items) => JsonKind::Array(items.iter().map(value).collect()),
            NodeKind::Mapping(entries) => {
                let member = |key: &Node, of: &Node| Member::new(name(key), key.span, value(of));
                JsonKind::Object(entries.iter().map(|entry| member(&entry.key, &entry.value)).collect())
            }
            NodeKind::Alias(_) => JsonKind::Null,
        };
        Json::new(node.span, kind)
    }

    fn name(node: &Node) -> String {
        match &node.kind {
            NodeKind::Scalar(scalar) => scalar.text.text().to_owned(),
            _ => String::new(),
        }
    }

    fn typed(scalar: &Scalar) -> JsonKind {
        let text = scalar.text.text();
        if scalar.style != ScalarStyle::Plain {
            return JsonKind::String(text.to_owned());
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => JsonKind::Null,
            "true" | "True" | "TRUE" => JsonKind::Bool(true),
            "false" | "False" | "FALSE" => JsonKind::Bool(false),
            // What JSON and YAML write alike; what they do not is refused where a text or a truth value belongs.
            _ if is_number(text) => JsonKind::Number(text.to_owned()),
            _ => JsonKind::String(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{light, of};
    use crate::config::{Options, read};

    /// What a configuration is, both ways.
    fn same(text: &str) {
        let options = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}")).options;
        assert_eq!(light::of::<Options>(text).unwrap(), options, "{text}");
    }

    #[test]
    fn our_own_tree_says_what_the_crate_says() {
        same(
            "profile: strict\npreview: true\nselect: [DL3002, 'root-user']\nignore:\n- \"all\"\nseverity:\n  root-user: off\n  missing-user: high\n",
        );
        same(
            "files: {dockerfile: ['*.docker'], compose: null}\nper-file-ignores:\n  'a/**': [all]\n  b: {rules: [hygiene], reason: it is so}\n",
        );
        same(
            "build-args:\n  A: |\n    two\n    lines\n  B: >\n    one\n    line\n  C: \"\\u00e4\\n\"\n  D: 'it''s'\n",
        );
        same(
            "projects: [[a, b], {files: [c], directory: d, environment: {E: '3'}, profiles: [p]}]\nimages: [{dockerfile: a, target: b, args: {A: x}}]\n",
        );
        same(
            "suppressions: {allow-inline: false, foreign: [hadolint, buildkit]}\nfail-on: never\nbaseline: b.json\nrules-as-of: 0.1.0\n",
        );
        same(
            "{\"profile\": \"audit\", \"extend-select\": [\"security\"], \"exclude\": [\"a/\", \"!b\"], \"fixable\": null}",
        );
    }

    #[test]
    fn the_library_of_policies_too() {
        let text = include_str!("../../data/policies.yaml");
        let both = (of::<serde_json::Value>(text).unwrap(), light::of::<serde_json::Value>(text).unwrap());
        assert_eq!(both.0, both.1);
        assert!(both.0.as_array().is_some_and(|policies| policies.len() > 5));
    }

    #[test]
    fn what_is_no_value_is_refused() {
        assert!(light::of::<Options>("profile: [").is_err());
        assert!(light::of::<Options>("profile: nobody").is_err());
        assert!(of::<Options>("profile: nobody").is_err_and(|error| !error.message.is_empty()));
    }
}
