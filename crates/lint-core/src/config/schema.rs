//! The JSON Schema of a configuration file, for editors.

use serde_json::{Map, Value, json};

use crate::config::keys::{KEYS, Key, Shape};
use crate::config::policies::names;
use crate::finding::meta::Category;
use crate::finding::policy;
use crate::finding::shellcheck;
use crate::rules;

/// The schema, as JSON with a final newline.
///
/// ```
/// assert!(lint_core::config::schema::json().contains("https://json-schema.org/draft/2020-12/schema"));
/// ```
#[must_use]
pub fn json() -> String {
    let mut names: Vec<&str> = rules::catalogue().iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    let words: Vec<&str> = ["all", "security", shellcheck::GROUP, policy::GROUP]
        .into_iter()
        .chain(Category::ALL.iter().map(|category| category.name()))
        .collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/schema/config-v1.json"),
        "title": "Plimsoll configuration",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties(KEYS),
        "$defs": {
            "rule": {
                "description": "A rule, by its own name or by another linter's.",
                "anyOf": [{ "enum": names }, { "type": "string" }],
            },
            "selector": {
                "description": "A rule, a category, or a word for many rules.",
                "anyOf": [{ "enum": names }, { "enum": words }, { "type": "string" }],
            },
            "selectors": { "type": "array", "items": { "$ref": "#/$defs/selector" } },
            "scopedRules": {
                "oneOf": [
                    { "$ref": "#/$defs/selectors" },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "required": ["rules"],
                        "properties": {
                            "rules": { "$ref": "#/$defs/selectors" },
                            "reason": { "type": "string", "description": "Why they are dropped." },
                        },
                    },
                ],
            },
        },
    });
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

fn properties(keys: &[Key]) -> Value {
    let property = |key: &Key| {
        let mut property = match shape(key.shape) {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        property.insert("description".to_owned(), key.docs.into());
        (key.name.to_owned(), Value::Object(property))
    };
    Value::Object(keys.iter().map(property).collect())
}

/// An item of a list, in which the first key must be.
fn item(keys: &[Key]) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": keys.iter().take(1).map(|key| key.name).collect::<Vec<_>>(),
        "properties": properties(keys),
    })
}

/// Every value may be left empty, which says nothing.
fn shape(shape: Shape) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    match shape {
        Shape::Text => json!({ "type": ["string", "null"] }),
        Shape::Release => json!({ "type": ["string", "null"], "pattern": r"^\d+\.\d+\.\d+$" }),
        Shape::Flag => json!({ "type": ["boolean", "null"] }),
        Shape::Word(words) => {
            let words: Vec<Value> = words.iter().map(|word| json!(word)).chain([Value::Null]).collect();
            json!({ "enum": words })
        }
        Shape::Words(words) => json!({ "type": ["array", "null"], "items": { "enum": words } }),
        Shape::Patterns | Shape::Texts => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
        Shape::Rules => json!({ "type": ["array", "null"], "items": { "$ref": "#/$defs/selector" } }),
        Shape::RuleWords(words) => json!({
            "type": ["object", "null"],
            "propertyNames": { "$ref": "#/$defs/rule" },
            "additionalProperties": { "enum": words },
        }),
        Shape::PathRules | Shape::NameRules => json!({
            "type": ["object", "null"],
            "additionalProperties": { "$ref": "#/$defs/scopedRules" },
        }),
        Shape::TextMap => {
            json!({ "type": ["object", "null"], "additionalProperties": { "type": "string" } })
        }
        Shape::ListsOrSections(keys) => {
            json!({ "type": ["array", "null"], "items": { "oneOf": [texts, item(keys)] } })
        }
        Shape::Sections(keys) => json!({ "type": ["array", "null"], "items": item(keys) }),
        Shape::Values => json!({ "type": ["object", "null"] }),
        Shape::Policies(keys) => {
            let written = json!({
                "type": "object",
                "additionalProperties": false,
                "anyOf": [{ "required": ["name", "for", "require"] }, { "required": ["use"] }],
                "properties": properties(keys),
            });
            json!({ "type": ["array", "null"], "items": { "oneOf": [{ "enum": names() }, written] } })
        }
        Shape::Section(keys) => json!({
            "type": ["object", "null"],
            "additionalProperties": false,
            "properties": properties(keys),
        }),
    }
}
