//! `!reset` and `!override` once they have done their work.

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Mark, Value, ValueKind};

/// Removes what `!reset` left behind and forgets `!override`. Shared parts stay shared and are looked at
/// once; a tree without marks is returned as it is.
#[derive(Debug, Default)]
pub struct Sweep {
    /// By address; the first of the pair keeps the address taken.
    seen: HashMap<*const Value, (Arc<Value>, Option<Arc<Value>>)>,
}

impl Sweep {
    /// The value without marks; `None` when it is itself reset.
    pub fn sweep(&mut self, value: &Arc<Value>) -> Option<Arc<Value>> {
        if value.mark == Some(Mark::Reset) {
            return None;
        }
        let children = matches!(value.kind, ValueKind::Mapping(_) | ValueKind::Sequence(_));
        if !children && value.mark.is_none() {
            return Some(Arc::clone(value));
        }
        if let Some((_, swept)) = self.seen.get(&Arc::as_ptr(value)) {
            return swept.clone();
        }
        let kind = match &value.kind {
            ValueKind::Mapping(mapping) => self.mapping(mapping).map(ValueKind::Mapping),
            ValueKind::Sequence(items) => self.sequence(items).map(ValueKind::Sequence),
            ValueKind::Null | ValueKind::Scalar(_) => None,
        };
        let swept = match (kind, value.mark) {
            (None, None) => Arc::clone(value),
            (kind, _) => Arc::new(Value {
                origin: value.origin,
                kind: kind.unwrap_or_else(|| value.kind.clone()),
                mark: None,
            }),
        };
        self.seen.insert(Arc::as_ptr(value), (Arc::clone(value), Some(Arc::clone(&swept))));
        Some(swept)
    }

    /// `None` when nothing changes.
    fn mapping(&mut self, mapping: &Mapping) -> Option<Mapping> {
        let mut changed = false;
        let mut entries = Vec::with_capacity(mapping.entries.len());
        for entry in &mapping.entries {
            let swept = self.sweep(&entry.value);
            changed |= swept.as_ref().is_none_or(|value| !Arc::ptr_eq(value, &entry.value));
            if let Some(value) = swept {
                entries.push(Entry { value, ..entry.clone() });
            }
        }
        changed.then_some(Mapping { entries })
    }

    fn sequence(&mut self, items: &[Arc<Value>]) -> Option<Vec<Arc<Value>>> {
        let swept: Vec<_> = items.iter().filter_map(|item| self.sweep(item)).collect();
        let same = swept.len() == items.len() && swept.iter().zip(items).all(|(a, b)| Arc::ptr_eq(a, b));
        (!same).then_some(swept)
    }
}
