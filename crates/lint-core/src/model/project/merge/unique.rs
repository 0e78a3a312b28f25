//! Lists in which Compose keeps the last of the elements that are the same.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lint_parser::compose::value::{Certainty, Entry, Mapping, Scalar, ScalarKind, Value, ValueKind};

use crate::files::{join, normalise, relative};
use crate::model::project::merge::forms::is_certain;
use crate::model::project::merge::spot::{Spot, Unique};
use crate::model::project::sources::Sources;

/// Removes what is there twice, in every list of a project where Compose does so. Shared parts stay shared
/// and are looked at once.
#[derive(Debug)]
pub struct Uniqueness<'s> {
    /// By address and place.
    seen: HashMap<(*const Value, Spot), Enforced>,
    origins: Origins<'s>,
}

/// Where values come from: the same path in files of two directories is two paths.
#[derive(Clone, Copy, Debug)]
struct Origins<'s> {
    sources: &'s Sources,
    /// The project's.
    directory: &'s str,
    /// The files that services are extended from: Compose cleans the paths of all of them.
    extended: &'s HashSet<String>,
}

impl Origins<'_> {
    /// A path as Compose compares it: what the project's own files say is taken as it is written.
    fn path(self, text: String, value: &Value) -> String {
        match self.sources.get(value.origin.source) {
            Some(source)
                if source.directory != self.directory || self.extended.contains(source.file.name()) =>
            {
                relative(self.directory, &join(&source.directory, &text))
            }
            _ => text,
        }
    }
}

/// A list or a mapping, and what is left of it.
#[derive(Debug)]
struct Enforced {
    /// Kept, so that nothing else gets its address.
    _before: Arc<Value>,
    after: Arc<Value>,
}

impl<'s> Uniqueness<'s> {
    /// For a project in a directory, of these texts, some of which are files that services are extended from.
    pub fn new(sources: &'s Sources, directory: &'s str, extended: &'s HashSet<String>) -> Self {
        Self { seen: HashMap::new(), origins: Origins { sources, directory, extended } }
    }

    /// The value without what is there twice.
    pub fn enforce(&mut self, value: &Arc<Value>, spot: Spot) -> Arc<Value> {
        let key = (Arc::as_ptr(value), spot);
        if let Some(known) = self.seen.get(&key) {
            return Arc::clone(&known.after);
        }
        let kind = match (&value.kind, spot.unique()) {
            (ValueKind::Sequence(items), Some(by)) => self.list(items, by).map(ValueKind::Sequence),
            (ValueKind::Mapping(mapping), _) if spot.has_lists_below() => {
                self.mapping(mapping, spot).map(ValueKind::Mapping)
            }
            _ => return Arc::clone(value),
        };
        let unique = match kind {
            None => Arc::clone(value),
            Some(kind) => Arc::new(Value { origin: value.origin, kind, mark: value.mark }),
        };
        self.seen.insert(key, Enforced { _before: Arc::clone(value), after: Arc::clone(&unique) });
        unique
    }

    /// Compose compares the targets of mounts as they are written, and then those of the short syntax once more, without
    /// detours, when they have become long.
    fn list(&self, items: &[Arc<Value>], by: Unique) -> Option<Vec<Arc<Value>>> {
        let written = if by == Unique::VolumeTarget {
            deduplicate(items, Unique::WrittenTarget, self.origins)
        } else {
            None
        };
        deduplicate(written.as_deref().unwrap_or(items), by, self.origins).or(written)
    }

    fn mapping(&mut self, mapping: &Mapping, spot: Spot) -> Option<Mapping> {
        let mut changed = false;
        let mut entries = Vec::with_capacity(mapping.entries.len());
        for entry in &mapping.entries {
            let value = self.enforce(&entry.value, spot.child(&entry.key));
            changed |= !Arc::ptr_eq(&value, &entry.value);
            entries.push(Entry { value, ..entry.clone() });
        }
        changed.then_some(Mapping { entries })
    }
}

/// The first place and the last value of each; `None` when nothing is there twice.
fn deduplicate(items: &[Arc<Value>], by: Unique, origins: Origins<'_>) -> Option<Vec<Arc<Value>>> {
    let mut kept: Vec<Arc<Value>> = Vec::with_capacity(items.len());
    let mut places: HashMap<String, usize> = HashMap::with_capacity(items.len());
    for item in items {
        let known = identity(item, by, origins).and_then(|key| match places.get(&key) {
            Some(&at) => Some(at),
            None => {
                places.insert(key, kept.len());
                None
            }
        });
        match known {
            Some(at) => kept[at] = Arc::clone(item),
            None => kept.push(Arc::clone(item)),
        }
    }
    (kept.len() < items.len()).then_some(kept)
}

/// What an element is told apart by; `None` when that cannot be said, which leaves the element alone.
fn identity(item: &Value, by: Unique, origins: Origins<'_>) -> Option<String> {
    match (by, &item.kind) {
        (Unique::Name, ValueKind::Scalar(scalar)) => {
            let text = scalar.text.text();
            part(scalar, 0, text.find('=').unwrap_or(text.len()))
        }
        (Unique::WrittenTarget, ValueKind::Scalar(scalar)) => {
            let (start, end) = volume_target(scalar)?;
            part(scalar, start, end)
        }
        (Unique::VolumeTarget, ValueKind::Scalar(scalar)) => {
            let (start, end) = volume_target(scalar)?;
            part(scalar, start, end).map(|target| normalise(&target))
        }
        (Unique::DeviceTarget, ValueKind::Scalar(scalar)) => {
            let text = scalar.text.text();
            let source = text.find(':').unwrap_or(text.len());
            // Without a name in the container it has that of the host.
            match text.get(source + 1..).map(|rest| rest.find(':').unwrap_or(rest.len())) {
                None | Some(0) => part(scalar, 0, source),
                Some(length) => part(scalar, source + 1, source + 1 + length),
            }
        }
        (Unique::FileTarget(directory), ValueKind::Scalar(scalar)) => {
            Some(format!("{directory}/{}", whole(scalar)?))
        }
        (Unique::EnvFile, ValueKind::Scalar(scalar)) => Some(origins.path(whole(scalar)?, item)),
        (Unique::Port, ValueKind::Scalar(scalar)) => port(&whole(scalar)?),
        (Unique::VolumeTarget | Unique::WrittenTarget | Unique::DeviceTarget, ValueKind::Mapping(_)) => {
            text(item, "target")
        }
        (Unique::FileTarget(directory), ValueKind::Mapping(_)) => match item.get("target") {
            Some(_) => text(item, "target"),
            None => Some(format!("{directory}/{}", text(item, "source")?)),
        },
        (Unique::EnvFile, ValueKind::Mapping(_)) => Some(origins.path(text(item, "path")?, item)),
        (Unique::Port, ValueKind::Mapping(_)) => long_port(item),
        _ => None,
    }
}

fn whole(scalar: &Scalar) -> Option<String> {
    (scalar.certainty != Certainty::Unknown).then(|| scalar.text.text().to_owned())
}

fn part(scalar: &Scalar, start: usize, end: usize) -> Option<String> {
    let certain = scalar.certainty != Certainty::Unknown || is_certain(scalar, start, end);
    certain.then(|| scalar.text.text().get(start..end).map(str::to_owned))?
}

fn text(item: &Value, key: &str) -> Option<String> {
    whole(item.get(key)?.value.as_scalar()?)
}

/// The parts between colons; a letter and a colon is a Windows drive.
fn sections(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut done = false;
    std::iter::from_fn(move || {
        if done {
            return None;
        }
        let mut at = start;
        while at < bytes.len()
            && (bytes[at] != b':' || (at == start + 1 && bytes[start].is_ascii_alphabetic()))
        {
            at += 1;
        }
        let section = (start, at);
        done = at >= bytes.len();
        start = at + 1;
        Some(section)
    })
}

/// Where a short volume names the container's path: the second part, or the only one.
fn volume_target(scalar: &Scalar) -> Option<(usize, usize)> {
    let mut parts = sections(scalar.text.text());
    let first = parts.next()?;
    Some(parts.next().unwrap_or(first))
}

/// `address:published:target/protocol` with what is left out filled in.
fn port(text: &str) -> Option<String> {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (rest, target) = ports.rsplit_once(':').unwrap_or(("", ports));
    let (address, published) = rest.rsplit_once(':').unwrap_or(("", rest));
    Some(port_identity(address.trim_start_matches('[').trim_end_matches(']'), published, target, protocol))
}

fn long_port(item: &Value) -> Option<String> {
    // What is written as nothing is not what is not written.
    let part = |key, default: &str| match item.get(key) {
        Some(_) => text(item, key),
        None => Some(default.to_owned()),
    };
    // To Compose the number 80 and the text "80" are two ports of the host; the engine then refuses the second.
    let is_number =
        |entry: &Entry| entry.value.as_scalar().is_some_and(|scalar| scalar.kind == ScalarKind::Int);
    let number = if item.get("published").is_some_and(is_number) { "number " } else { "" };
    let empty = if item.get("published").is_some() { "text " } else { "" };
    let published = match part("published", "")? {
        port if port.is_empty() => empty.to_owned(),
        port => format!("{number}{port}"),
    };
    Some(port_identity(&part("host_ip", "")?, &published, &text(item, "target")?, &part("protocol", "tcp")?))
}

fn port_identity(address: &str, published: &str, target: &str, protocol: &str) -> String {
    let address = if address.is_empty() { "0.0.0.0" } else { address };
    format!("{address}:{published}:{target}/{protocol}")
}

#[cfg(test)]
mod tests {
    use lint_parser::compose::value::Origin;
    use lint_parser::text::mapped::{Mapped, MappedBuilder};
    use lint_parser::text::span::Span;

    use super::*;

    fn scalar(text: Mapped, certainty: Certainty) -> Arc<Value> {
        let scalar = Scalar { text, kind: ScalarKind::String, certainty };
        Arc::new(Value { origin: Origin::default(), kind: ValueKind::Scalar(scalar), mark: None })
    }

    fn unique(items: &[Arc<Value>], by: Unique) -> Option<Vec<Arc<Value>>> {
        deduplicate(
            items,
            by,
            Origins { sources: &Sources::default(), directory: "", extended: &HashSet::new() },
        )
    }

    fn kept(items: &[&str], by: Unique) -> Vec<String> {
        let items: Vec<_> =
            items.iter().map(|text| scalar(Mapped::verbatim(text, 0), Certainty::Known)).collect();
        let kept = unique(&items, by).unwrap_or(items);
        kept.iter().map(|item| item.as_scalar().unwrap().text.text().to_owned()).collect()
    }

    #[test]
    fn the_last_of_a_kind_takes_the_place_of_the_first() {
        assert_eq!(kept(&["A=1", "B=1", "A=2"], Unique::Name), ["A=2", "B=1"]);
        let volumes = ["./a:/data", "/data/", "C:/x:/data", "./a:/other:ro"];
        assert_eq!(kept(&volumes, Unique::VolumeTarget), ["C:/x:/data", "./a:/other:ro"]);
        let ports = ["8080:80", "127.0.0.1:8080:80", "0.0.0.0:8080:80/tcp", "[::1]:80:80", "::1:80:80"];
        let unique = ["0.0.0.0:8080:80/tcp", "127.0.0.1:8080:80", "::1:80:80"];
        assert_eq!(kept(&ports, Unique::Port), unique);
        assert_eq!(kept(&["/dev/a:/dev/x:r", "/dev/x"], Unique::DeviceTarget), ["/dev/x"]);
    }

    #[test]
    fn what_depends_on_unset_variables_is_nobodys_double() {
        // `${A}:80` and `${B}:80` are both `:80` today.
        let unset = |end: usize| {
            let mut text = MappedBuilder::default();
            text.push_verbatim(":80", end);
            scalar(text.finish(Span::new(0, end + 3)), Certainty::Unknown)
        };
        assert_eq!(unique(&[unset(4), unset(4)], Unique::Port), None);
        // `${A}:/data`: the target is written out, whatever `A` is.
        let mount = |source: usize| {
            let mut text = MappedBuilder::default();
            text.push_verbatim(":/data", source);
            scalar(text.finish(Span::new(0, source + 6)), Certainty::Unknown)
        };
        let merged = unique(&[mount(4), mount(7)], Unique::VolumeTarget);
        assert_eq!(merged.map(|items| items.len()), Some(1));
    }
}
