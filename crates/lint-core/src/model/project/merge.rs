//! Two trees become one, as Compose merges an override file into its base and a service into what it extends.

pub mod marks;
pub mod spot;
pub mod unique;

mod forms;

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Mark, Origin, Value, ValueKind};

use crate::model::project::merge::spot::{Rule, Spot};

/// Two values that Compose refuses to merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where they meet: `services`, `web`, `ports`.
    pub path: Vec<Arc<str>>,
    /// What the earlier value is: `mapping` or `list`.
    pub expected: &'static str,
    /// The earlier value.
    pub base: Origin,
    /// The later value.
    pub over: Origin,
}

/// Merges the later of two trees into the earlier. Neither is changed; what only one of them has is shared
/// with it.
///
/// `!reset` and `!override` in the later tree take effect and stay in the result, because they may have more
/// to remove: a service that resets an attribute of the service it extends resets it in the override's base
/// as well. [`marks::Sweep`] removes them.
#[derive(Debug, Default)]
pub struct Merger {
    /// What could not be merged, in the order it was met; the earlier value has stayed.
    pub mismatches: Vec<Mismatch>,
    /// Where the later tree says that it builds upon the earlier: the `extends`. Entries taken from the
    /// earlier tree get it as [`Entry::via`].
    pub via: Option<Origin>,
    /// How many entries and elements were copied.
    pub copied: usize,
    path: Vec<Arc<str>>,
}

impl Merger {
    /// A merger of trees of which the later builds upon the earlier at `via`, if there is such a place.
    #[must_use]
    pub fn new(via: Option<Origin>) -> Self {
        Self { via, ..Self::default() }
    }

    /// Merges two values that stand at `spot`; `path` names it in messages.
    pub fn merge(&mut self, base: &Arc<Value>, over: &Arc<Value>, spot: Spot, path: &[&str]) -> Arc<Value> {
        self.path = path.iter().map(|part| Arc::from(*part)).collect();
        self.value(base, over, spot)
    }

    fn value(&mut self, base: &Arc<Value>, over: &Arc<Value>, spot: Spot) -> Arc<Value> {
        if over.mark.is_some() || base.mark == Some(Mark::Reset) {
            return Arc::clone(over);
        }
        let rule = match spot.rule() {
            // Within one file Compose merges these as they are written.
            Rule::Gpus | Rule::Ssh if self.via.is_some() && base.origin.source == over.origin.source => {
                Rule::Plain
            }
            rule => rule,
        };
        if rule == Rule::Replace || matches!(base.kind, ValueKind::Null) {
            return Arc::clone(over);
        }
        if matches!(over.kind, ValueKind::Null) {
            return Arc::clone(base);
        }
        // A file's values are checked before the next file is laid over them, a service's once it is extended.
        if self.via.is_none() && forms::is_refused(base, rule) {
            return Arc::clone(base);
        }
        let kind = match rule {
            Rule::Plain | Rule::Replace => None,
            Rule::Pairs => {
                let (earlier, later) = (forms::pairs(base), forms::later_pairs(base, over));
                earlier.zip(later).map(|(one, other)| forms::of_pairs(self.pairs(&one, &other)))
            }
            Rule::Ssh => match &over.kind {
                ValueKind::Sequence(_) => return self.mismatch("mapping", base, over),
                _ => self.mappings(forms::pairs(base), forms::pairs(over), spot),
            },
            Rule::Gpus => match &over.kind {
                ValueKind::Sequence(more) => {
                    Some(ValueKind::Sequence([forms::gpus(base), more.clone()].concat()))
                }
                _ => return self.mismatch("list", base, over),
            },
            Rule::Build => self.mappings(forms::build(base), forms::build(over), spot),
            Rule::Names => {
                self.mappings(forms::names(base, forms::nothing), forms::names(over, forms::nothing), spot)
            }
            Rule::DependsOn => {
                self.mappings(forms::names(base, forms::started), forms::names(over, forms::started), spot)
            }
            Rule::Strings => Some(ValueKind::Sequence([forms::list(base), forms::list(over)].concat())),
            Rule::Hosts => Some(ValueKind::Sequence(hosts(base, over))),
            Rule::Logging => match (text_of(base, "driver"), text_of(over, "driver")) {
                (Some(one), Some(other)) if one != other => Some(over.kind.clone()),
                _ => None,
            },
            Rule::Subnets => self.subnets(base, over),
        };
        let kind = match kind {
            Some(kind) => kind,
            None => match (&base.kind, &over.kind) {
                (ValueKind::Mapping(one), ValueKind::Mapping(other)) => {
                    ValueKind::Mapping(self.entries(one, other, spot))
                }
                (ValueKind::Sequence(one), ValueKind::Sequence(other)) => {
                    let items = one.iter().chain(other).filter(|item| item.mark != Some(Mark::Reset));
                    ValueKind::Sequence(items.cloned().collect())
                }
                (ValueKind::Mapping(_), _) => return self.mismatch("mapping", base, over),
                (ValueKind::Sequence(_), _) => return self.mismatch("list", base, over),
                (ValueKind::Null | ValueKind::Scalar(_), _) => return Arc::clone(over),
            },
        };
        if let ValueKind::Sequence(items) = &kind {
            self.copied += items.len();
        }
        Arc::new(Value { origin: over.origin, kind, mark: None })
    }

    fn mismatch(&mut self, expected: &'static str, base: &Arc<Value>, over: &Value) -> Arc<Value> {
        let path = self.path.clone();
        self.mismatches.push(Mismatch { path, expected, base: base.origin, over: over.origin });
        Arc::clone(base)
    }

    /// Two values in the same form, when both have one.
    fn mappings(&mut self, base: Option<Mapping>, over: Option<Mapping>, spot: Spot) -> Option<ValueKind> {
        Some(ValueKind::Mapping(self.entries(&base?, &over?, spot)))
    }

    fn entries(&mut self, base: &Mapping, over: &Mapping, spot: Spot) -> Mapping {
        let mut entries: Vec<Entry> =
            base.entries.iter().map(|entry| Entry { via: self.via.or(entry.via), ..entry.clone() }).collect();
        self.copied += base.entries.len() + over.entries.len();
        let index: HashMap<&str, usize> =
            base.entries.iter().enumerate().map(|(at, entry)| (&*entry.key, at)).collect();
        for entry in &over.entries {
            let Some(&at) = index.get(&*entry.key) else {
                entries.push(entry.clone());
                continue;
            };
            self.path.push(Arc::clone(&entry.key));
            let earlier = &base.entries[at].value;
            let value = self.value(earlier, &entry.value, spot.child(&entry.key));
            self.path.pop();
            // A `null` says nothing: the earlier entry stays, with the place it was written at.
            if !Arc::ptr_eq(&value, earlier) || Arc::ptr_eq(earlier, &entry.value) {
                entries[at] = Entry { value, ..entry.clone() };
            }
        }
        Mapping { entries }
    }

    /// Names with values, the later over the earlier. A name without a value is one too: the variable then comes
    /// from wherever Compose runs, the label is empty.
    fn pairs(&mut self, base: &Mapping, over: &Mapping) -> Mapping {
        let mut entries: Vec<Entry> =
            base.entries.iter().map(|entry| Entry { via: self.via.or(entry.via), ..entry.clone() }).collect();
        self.copied += base.entries.len() + over.entries.len();
        let index: HashMap<&str, usize> =
            base.entries.iter().enumerate().map(|(at, entry)| (&*entry.key, at)).collect();
        for entry in &over.entries {
            match index.get(&*entry.key) {
                Some(&at) => entries[at] = entry.clone(),
                None => entries.push(entry.clone()),
            }
        }
        Mapping { entries }
    }

    /// Each later subnet, merged with the earlier one of the same range. Earlier subnets that the later list
    /// does not name are dropped, as Compose does.
    fn subnets(&mut self, base: &Value, over: &Value) -> Option<ValueKind> {
        let (ValueKind::Sequence(one), ValueKind::Sequence(other)) = (&base.kind, &over.kind) else {
            return None;
        };
        let mut earlier: HashMap<&str, &Arc<Value>> = HashMap::new();
        for config in one {
            if let Some(subnet) = text_of(config, "subnet") {
                earlier.entry(subnet).or_insert(config);
            }
        }
        let merged = other.iter().map(|config| {
            match text_of(config, "subnet").and_then(|subnet| earlier.get(subnet)) {
                Some(base) => self.value(base, config, Spot::PLAIN),
                None => Arc::clone(config),
            }
        });
        Some(ValueKind::Sequence(merged.collect()))
    }
}

/// Both lists, without those of the later that the earlier has.
fn hosts(base: &Arc<Value>, over: &Arc<Value>) -> Vec<Arc<Value>> {
    let mut items = forms::list(base);
    let known: std::collections::HashSet<String> =
        items.iter().filter_map(|item| Some(item.as_scalar()?.text.text().to_owned())).collect();
    items.extend(
        forms::list(over)
            .into_iter()
            .filter(|item| item.as_scalar().is_none_or(|scalar| !known.contains(scalar.text.text()))),
    );
    items
}

fn text_of<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    Some(value.get(key)?.value.as_scalar()?.text.text())
}
