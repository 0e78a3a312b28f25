//! Interpolation of a whole tree.

use std::collections::HashMap;
use std::sync::Arc;

use crate::compose::value::{Entry, Mapping, Scalar, ScalarKind, Value, ValueKind};
use crate::interpolation::{Budget, VariableUse, interpolate_within};
use crate::syntax_error::SyntaxError;

/// A tree with its variables replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InterpolatedValue {
    /// The tree. It shares with the one before whatever holds no variable, and within itself what that shared.
    pub value: Value,
    /// The variables that went into it, each as often as it is written; spans are those of the tree's file.
    pub variables: Vec<VariableUse>,
    /// What Compose would refuse, in the order of the text.
    pub errors: Vec<SyntaxError>,
}

/// Replaces the variables in every string of a tree, in keys never, by what `lookup` says of their names.
///
/// Compose does this file by file, before it merges files: all of the tree is to come from one file. A value
/// under an anchor is interpolated once, and its faults are reported once, at the anchor.
#[must_use]
pub fn interpolate_value(value: &Value, lookup: &dyn Fn(&str) -> Option<String>) -> InterpolatedValue {
    interpolate_as(value, lookup, false)
}

/// The same for somebody who asks what Compose makes of the tree here and now: a variable that nothing sets is
/// the empty text for good, so nothing is [unknown](crate::interpolation::Certainty::Unknown).
#[must_use]
pub fn interpolate_settled(value: &Value, lookup: &dyn Fn(&str) -> Option<String>) -> InterpolatedValue {
    interpolate_as(value, lookup, true)
}

fn interpolate_as(
    value: &Value,
    lookup: &dyn Fn(&str) -> Option<String>,
    settled: bool,
) -> InterpolatedValue {
    let mut walk = Walk {
        lookup,
        settled,
        done: HashMap::new(),
        budget: Budget::default(),
        variables: Vec::new(),
        errors: Vec::new(),
    };
    let value = walk.value(value).unwrap_or_else(|| value.clone());
    walk.errors.sort_by_key(|error| error.span);
    InterpolatedValue { value, variables: walk.variables, errors: walk.errors }
}

struct Walk<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    settled: bool,
    /// Shared values by their address, which the borrowed tree keeps alive.
    done: HashMap<*const Value, Arc<Value>>,
    budget: Budget,
    variables: Vec<VariableUse>,
    errors: Vec<SyntaxError>,
}

impl Walk<'_> {
    fn shared(&mut self, value: &Arc<Value>) -> Arc<Value> {
        if Arc::strong_count(value) == 1 {
            return self.value(value).map_or_else(|| Arc::clone(value), Arc::new);
        }
        if let Some(done) = self.done.get(&Arc::as_ptr(value)) {
            return Arc::clone(done);
        }
        let new = self.value(value).map_or_else(|| Arc::clone(value), Arc::new);
        self.done.insert(Arc::as_ptr(value), Arc::clone(&new));
        new
    }

    /// The value with its variables replaced; `None` when it holds none. The reader bounds the depth.
    fn value(&mut self, value: &Value) -> Option<Value> {
        let kind = match &value.kind {
            ValueKind::Null => return None,
            ValueKind::Scalar(scalar) => ValueKind::Scalar(self.scalar(scalar)?),
            ValueKind::Sequence(items) => {
                let new: Vec<_> = items.iter().map(|item| self.shared(item)).collect();
                if new.iter().zip(items).all(|(new, old)| Arc::ptr_eq(new, old)) {
                    return None;
                }
                ValueKind::Sequence(new)
            }
            ValueKind::Mapping(mapping) => {
                let new: Vec<_> = mapping.entries.iter().map(|entry| self.shared(&entry.value)).collect();
                if new.iter().zip(&mapping.entries).all(|(new, old)| Arc::ptr_eq(new, &old.value)) {
                    return None;
                }
                let entries = mapping.entries.iter().zip(new);
                let entries = entries.map(|(old, value)| Entry { value, ..old.clone() });
                ValueKind::Mapping(Mapping { entries: entries.collect() })
            }
        };
        Some(Value { origin: value.origin, kind, mark: value.mark })
    }

    fn scalar(&mut self, scalar: &Scalar) -> Option<Scalar> {
        if scalar.kind != ScalarKind::String || !scalar.text.text().contains('$') {
            return None;
        }
        let new = interpolate_within(&scalar.text, self.lookup, &mut self.budget);
        self.variables.extend(new.variables);
        self.errors.extend(new.error);
        let mut certainty = scalar.certainty.max(new.certainty);
        if self.settled {
            certainty = certainty.settled();
        }
        Some(Scalar { text: new.text, kind: scalar.kind, certainty })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::read;
    use crate::compose::value::{Certainty, SourceId};
    use crate::yaml;

    fn run(text: &str) -> InterpolatedValue {
        let read = read::read(&yaml::parse(text).tree, SourceId(0));
        interpolate_value(&read.tree[0], &|name| (name == "TAG").then(|| "1.27".to_owned()))
    }

    #[test]
    fn values_are_interpolated_and_keys_are_not() {
        let text = "a: \"nginx:${TAG}\"\n${TAG}: [$HOST, plain]\n";
        let got = run(text);
        let scalar = got.value.get("a").unwrap().value.as_scalar().unwrap();
        assert_eq!((scalar.text.text(), scalar.certainty), ("nginx:1.27", Certainty::Known));
        assert_eq!(scalar.text.span_of(6..10).slice(text), "${TAG}");
        let ValueKind::Sequence(items) = &got.value.get("${TAG}").unwrap().value.kind else { panic!() };
        assert_eq!(items[0].as_scalar().unwrap().certainty, Certainty::Unknown);
        assert_eq!(items[1].as_scalar().unwrap().certainty, Certainty::Known);
        let names: Vec<_> = got.variables.iter().map(|used| used.name.as_str()).collect();
        assert_eq!(names, ["TAG", "HOST"]);
    }

    #[test]
    fn what_was_shared_stays_shared_and_is_read_once() {
        let got = run("x: &x {k: \"${}\", l: $TAG, n: 1}\na: *x\nb: {<<: *x, m: 1}\nc: &c {d: e}\nf: *c\n");
        assert_eq!((got.errors.len(), got.variables.len()), (1, 1));
        let at = |path: &[&str]| {
            let mut value = &got.value;
            for key in path {
                value = &value.get(key).unwrap().value;
            }
            std::ptr::from_ref(value)
        };
        assert_eq!(at(&["x"]), at(&["a"]));
        assert_eq!(at(&["x", "l"]), at(&["b", "l"]));
        assert_eq!(at(&["c"]), at(&["f"]));
    }

    #[test]
    fn a_tree_without_variables_is_the_same_tree() {
        let read = read::read(&yaml::parse("a: {b: [c, \"1\"]}\n").tree, SourceId(0));
        let got = interpolate_value(&read.tree[0], &|_| None);
        assert_eq!(got.value, read.tree[0]);
        let part = |value: &Value| Arc::as_ptr(&value.get("a").unwrap().value);
        assert_eq!(part(&got.value), part(&read.tree[0]));
    }
}
