//! As much of JSON Schema (draft 7) as the schemas here use. A keyword that it does not know fails the test, since it would go
//! unchecked.

use regex_lite::Regex;
use serde_json::{Map, Value};

/// What is wrong with a value, each with where.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    Validator { root: schema }.check(schema, value, "", &mut faults);
    faults
}

struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let schema = schema.as_object().expect("a schema is an object");
        let empty = Map::new();
        let (properties, object) = (schema.get("properties"), value.as_object().unwrap_or(&empty));
        let properties = properties.and_then(Value::as_object).unwrap_or(&empty);
        for (keyword, wanted) in schema {
            let mut demand = |holds: bool| {
                if !holds {
                    faults.push(format!("{path}: {value} against {keyword} {wanted}"));
                }
            };
            let texts = || wanted.as_array().unwrap().iter();
            match keyword.as_str() {
                "$schema" | "$id" | "title" | "description" | "$defs" | "definitions" | "default" => {}
                "$ref" => {
                    let pointer = wanted.as_str().unwrap().trim_start_matches('#');
                    self.check(self.root.pointer(pointer).expect("it is defined"), value, path, faults);
                }
                "type" => match wanted {
                    Value::Array(names) => demand(names.iter().any(|name| has_type(name, value))),
                    name => demand(has_type(name, value)),
                },
                "enum" => demand(texts().any(|text| text == value)),
                "minimum" => demand(value.as_f64() >= wanted.as_f64()),
                "maximum" => demand(value.as_f64() <= wanted.as_f64()),
                "minItems" => demand(
                    value.as_array().is_none_or(|items| items.len() as u64 >= wanted.as_u64().unwrap()),
                ),
                "uniqueItems" => {
                    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
                    let is_new = |(number, item)| !items.iter().take(number).any(|other| other == item);
                    demand(*wanted == Value::Bool(false) || items.iter().enumerate().all(is_new));
                }
                "pattern" => {
                    let regex = Regex::new(wanted.as_str().unwrap()).expect("a pattern");
                    demand(value.as_str().is_none_or(|text| regex.is_match(text)));
                }
                "format" => {
                    demand(value.as_str().is_none_or(|text| has_format(wanted.as_str().unwrap(), text)))
                }
                "required" => demand(
                    !value.is_object() || texts().all(|name| object.contains_key(name.as_str().unwrap())),
                ),
                "properties" => {
                    for (name, part) in object {
                        if let Some(schema) = properties.get(name) {
                            self.check(schema, part, &format!("{path}/{name}"), faults);
                        }
                    }
                }
                "additionalProperties" => {
                    for (name, part) in object.iter().filter(|(name, _)| !properties.contains_key(*name)) {
                        match wanted {
                            Value::Bool(true) => {}
                            Value::Bool(false) => faults.push(format!("{path}: nobody knows {name}")),
                            schema => self.check(schema, part, &format!("{path}/{name}"), faults),
                        }
                    }
                }
                "items" => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(wanted, item, &format!("{path}/{number}"), faults);
                    }
                }
                "anyOf" | "oneOf" => {
                    let fits = |schema: &&Value| {
                        let mut faults = Vec::new();
                        self.check(schema, value, path, &mut faults);
                        faults.is_empty()
                    };
                    let number = texts().filter(fits).count();
                    demand(number == 1 || (number > 1 && keyword == "anyOf"));
                }
                other => panic!("{path}: the test does not know `{other}`"),
            }
        }
    }
}

fn has_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "array" => value.is_array(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("the test does not know the type {other}"),
    }
}

/// What RFC 3986 lets stand in a reference, which is all that is told of one here: a scheme for `uri`.
fn has_format(format: &str, text: &str) -> bool {
    let is_reference = text.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&b))
        && text
            .split('%')
            .skip(1)
            .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit()));
    match format {
        "uri-reference" => is_reference,
        "uri" => is_reference && text.contains(':'),
        other => panic!("the test does not know the format {other}"),
    }
}
