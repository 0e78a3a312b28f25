//! `docs/schema/diagnostics-v1.json` describes what `--output-format json` writes.

use std::collections::BTreeSet;

use lint_core::report::json;
use lint_core::{Linter, Source, SourceKind};
use serde_json::{Map, Value};

use crate::sample;

const SCHEMA: &str = include_str!("../../docs/schema/diagnostics-v1.json");

/// The few keywords that the schema uses; any other one is an error, since it would go unchecked.
fn check(schema: &Value, value: &Value, root: &Value, path: &str, seen: &mut BTreeSet<String>) {
    for (keyword, wanted) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$schema" | "$id" | "title" | "description" | "$defs" => {}
            "$ref" => {
                let pointer = wanted.as_str().unwrap().trim_start_matches('#');
                check(root.pointer(pointer).expect("it is defined"), value, root, path, seen);
            }
            "type" => assert!(has_type(wanted, value), "{path}: {value} is no {wanted}"),
            "enum" => assert!(wanted.as_array().unwrap().contains(value), "{path}: {value}"),
            "minimum" => assert!(value.as_f64() >= wanted.as_f64(), "{path}: {value}"),
            "minLength" => {
                assert!(
                    value.as_str().is_none_or(|text| text.len() as u64 >= wanted.as_u64().unwrap()),
                    "{path}"
                );
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    check(wanted, item, root, path, seen);
                }
            }
            "properties" => {
                for (name, part) in value.as_object().into_iter().flatten() {
                    let schema =
                        wanted.get(name).unwrap_or_else(|| panic!("{path}: {name} is not described"));
                    seen.insert(format!("{path}/{name}"));
                    check(schema, part, root, &format!("{path}/{name}"), seen);
                }
            }
            "required" => {
                let empty = Map::new();
                let object = value.as_object().unwrap_or(&empty);
                if value.is_object() {
                    for name in wanted.as_array().unwrap() {
                        assert!(object.contains_key(name.as_str().unwrap()), "{path}: no {name}");
                    }
                }
            }
            other => panic!("the test does not know `{other}`"),
        }
    }
}

fn has_type(wanted: &Value, value: &Value) -> bool {
    let is = |name: &str| match name {
        "array" => value.is_array(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the test does not know the type {other}"),
    };
    match wanted {
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        name => is(name.as_str().unwrap()),
    }
}

#[test]
fn the_schema_describes_all_that_is_written_and_nothing_else() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let written: Value = serde_json::from_str(&json::write(&sample::report())).unwrap();
    let mut seen = BTreeSet::new();
    check(&schema, &written, &schema, "", &mut seen);
    // What only manifests break.
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: 'b:1'}]}\n";
    let pod =
        Linter::default().lint(&[Source::new("pod.yaml", SourceKind::Kubernetes, Some(pod.to_owned()))]);
    let written: Value = serde_json::from_str(&json::write(&pod)).unwrap();
    check(&schema, &written, &schema, "", &mut seen);
    let described = schema["$defs"]["finding"]["properties"].as_object().unwrap().keys();
    let missing: Vec<_> = described.filter(|name| !seen.contains(&format!("/{name}"))).collect();
    assert!(missing.is_empty(), "never written: {missing:?}");
    check(&schema, &Value::Array(Vec::new()), &schema, "", &mut seen);
}
