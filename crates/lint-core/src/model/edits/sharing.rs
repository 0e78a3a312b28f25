//! Which services change when a place of a file does.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, SourceId, Value, ValueKind};
use lint_parser::text::span::Span;

use crate::model::edits::locate::Route;
use crate::model::project::Project;
use crate::model::project::service::Service;

/// How many values are looked at for one question. Where that is not enough the answer is not known, and nothing is
/// edited.
const MOST_VALUES: usize = 50_000;

/// What says that a service takes what is edited.
pub(super) enum Probe<'p> {
    /// It has an entry with one of these keys, and none that decides any of the names that come in.
    Keys { keys: &'p [Span], names: &'p [&'static str] },
    /// It has the value.
    Value(Span),
}

/// The services that a change touches, besides the one it is made for; `None` where that cannot be said.
pub(super) fn others(
    project: &Project,
    own: Option<&str>,
    source: SourceId,
    route: &Route<'_>,
    probe: &Probe<'_>,
) -> Option<Vec<Arc<str>>> {
    // What is edited for nobody in particular is edited for the service it is in.
    let home = || route.key(1).filter(|_| route.key(0) == Some("services"));
    let own = own.or_else(home);
    let is_own = |service: &Service| own == Some(&*service.name);
    let key = route.steps.get(1).and_then(|step| step.entry()).map(|entry| entry.key.span);
    let home = key.filter(|_| route.key(0) == Some("services")).map(|span| Origin { source, span });
    if !route.is_anchored() {
        // Those that extend the service it is in.
        let Some(home) = home else { return Some(Vec::new()) };
        let takes = |service: &&Service| !is_own(service) && service.keys.contains(&home);
        return Some(
            project.services.iter().filter(takes).map(|service| Arc::clone(&service.name)).collect(),
        );
    }
    let mut left = MOST_VALUES;
    let mut found = Vec::new();
    for service in project.services.iter().filter(|service| !is_own(service)) {
        let decides = match probe {
            Probe::Keys { names, .. } => names.iter().any(|name| service.value.get(name).is_some()),
            Probe::Value(_) => false,
        };
        if holds(&service.value, source, probe, &mut left)? && !decides {
            found.push(Arc::clone(&service.name));
        }
    }
    Some(found)
}

/// Whether a tree holds what is asked for; `None` when that is too much to look at. Depth is bounded by the parser.
fn holds(value: &Value, source: SourceId, probe: &Probe<'_>, left: &mut usize) -> Option<bool> {
    *left = left.checked_sub(1)?;
    if let Probe::Value(span) = probe
        && value.origin == (Origin { source, span: *span })
    {
        return Some(true);
    }
    match &value.kind {
        ValueKind::Null | ValueKind::Scalar(_) => Some(false),
        ValueKind::Sequence(items) => {
            for item in items {
                if holds(item, source, probe, left)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        ValueKind::Mapping(mapping) => {
            for entry in &mapping.entries {
                let is_it = match probe {
                    Probe::Keys { keys, .. } => {
                        entry.key_origin.source == source && keys.contains(&entry.key_origin.span)
                    }
                    Probe::Value(_) => false,
                };
                if is_it || holds(&entry.value, source, probe, left)? {
                    return Some(true);
                }
            }
            Some(false)
        }
    }
}
