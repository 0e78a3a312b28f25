//! YAML that stands as a text in other YAML: patches in a kustomization, the configuration of kube-proxy in a ConfigMap.

use std::sync::Arc;

use lint_parser::compose::read::read;
use lint_parser::compose::value::{Entry, Mapping, Origin, Scalar, Value, ValueKind};
use lint_parser::yaml;

/// The documents in a text, at their places in the file that the text stands in; what is no text is itself the one.
#[must_use]
pub fn documents_in(outer: &Arc<Value>) -> Vec<Arc<Value>> {
    let Some(scalar) = outer.as_scalar() else { return vec![Arc::clone(outer)] };
    let parsed = yaml::parse(scalar.text.text());
    let values = read(&parsed.tree, outer.origin.source).tree;
    values.iter().map(|value| moved(value, scalar, outer.origin)).collect()
}

fn moved(value: &Value, outer: &Scalar, at: Origin) -> Arc<Value> {
    let place = |origin: Origin| Origin { span: outer.text.span_of(origin.span.range()), ..at };
    let kind = match &value.kind {
        ValueKind::Null => ValueKind::Null,
        ValueKind::Scalar(scalar) => {
            ValueKind::Scalar(Scalar { text: scalar.text.through(&outer.text), ..scalar.clone() })
        }
        ValueKind::Sequence(items) => {
            ValueKind::Sequence(items.iter().map(|item| moved(item, outer, at)).collect())
        }
        ValueKind::Mapping(mapping) => ValueKind::Mapping(Mapping {
            entries: mapping
                .entries
                .iter()
                .map(|entry| Entry {
                    key_origin: place(entry.key_origin),
                    value: moved(&entry.value, outer, at),
                    ..entry.clone()
                })
                .collect(),
        }),
    };
    Arc::new(Value { origin: place(value.origin), kind, mark: value.mark })
}
