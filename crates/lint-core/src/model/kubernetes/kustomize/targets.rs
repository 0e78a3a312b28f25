//! Which objects a patch or a replacement is for.

use lint_parser::compose::value::Value;

use super::Builder;
use crate::model::kubernetes::recognise::split;
use crate::model::kubernetes::tree::{self, get, string_at, text};

/// What an object is asked for by.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Target<'t> {
    pub(super) group: Option<&'t str>,
    pub(super) kind: Option<&'t str>,
    pub(super) name: Option<&'t str>,
    pub(super) namespace: Option<&'t str>,
    pub(super) labels: Option<&'t str>,
    pub(super) annotations: Option<&'t str>,
}

impl<'t> Target<'t> {
    /// As `target`, `select` and `reject` say it.
    pub(super) fn of(said: &'t Value) -> Self {
        let of = |key: &str| string_at(said, &[key]).filter(|text| !text.is_empty());
        Self {
            group: of("group"),
            kind: of("kind"),
            name: of("name"),
            namespace: of("namespace"),
            labels: of("labelSelector"),
            annotations: of("annotationSelector"),
        }
    }

    /// As a patch says it by what it is itself.
    pub(super) fn of_patch(patch: &'t Value) -> Self {
        let of = |names: &[&str]| string_at(patch, names);
        Self {
            kind: of(&["kind"]),
            name: of(&["metadata", "name"]),
            namespace: of(&["metadata", "namespace"]),
            ..Self::default()
        }
    }
}

impl Builder<'_> {
    /// Whether an object is meant. A name that it had before it was given another one counts as well.
    pub(super) fn is_meant(&self, object: &Value, target: Target<'_>) -> bool {
        let own = |names: &[&str]| string_at(object, names).unwrap_or_default();
        let (kind, name) = (own(&["kind"]), own(&["metadata", "name"]));
        let group = || split(own(&["apiVersion"])).map_or("", |(group, _)| group);
        let is_called = |pattern: &str| {
            let former = self.former.get(&(kind.to_owned(), name.to_owned()));
            fits(pattern, name)
                || former.is_some_and(|names| names.iter().any(|former| fits(pattern, former)))
        };
        target.kind.is_none_or(|pattern| fits(pattern, kind))
            && target.group.is_none_or(|pattern| fits(pattern, group()))
            && target.name.is_none_or(is_called)
            && target.namespace.is_none_or(|pattern| {
                string_at(object, &["metadata", "namespace"]).is_none_or(|own| fits(pattern, own))
            })
            && target.labels.is_none_or(|selector| has_pairs(object, "labels", selector))
            && target.annotations.is_none_or(|selector| has_pairs(object, "annotations", selector))
    }
}

/// A target's name is a regular expression, of which `.*` and `|` are in use.
fn fits(pattern: &str, name: &str) -> bool {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let is_one = |pattern: &str| {
        let mut rest = name;
        let mut parts = pattern.split(".*");
        let first = parts.next().unwrap_or_default();
        let Some(after) = rest.strip_prefix(first) else { return false };
        rest = after;
        let parts: Vec<&str> = parts.collect();
        let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
        for part in middle {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    };
    pattern.trim_matches(['(', ')']).split('|').any(is_one)
}

/// Whether the labels of an object fit a selector as `app=web,tier!=x` writes it.
fn has_pairs(object: &Value, part: &str, selector: &str) -> bool {
    let pairs = tree::at(object, &["metadata", part]);
    selector.split(',').map(str::trim).filter(|part| !part.is_empty()).all(|part| {
        let own = |key: &str| pairs.and_then(|pairs| get(pairs, key.trim())).and_then(|value| text(value));
        match part.split_once("!=") {
            Some((key, value)) => own(key) != Some(value.trim()),
            None => match part.split_once('=') {
                Some((key, value)) => own(key) == Some(value.trim_start_matches('=').trim()),
                None => own(part).is_some(),
            },
        }
    })
}
