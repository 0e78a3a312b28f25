//! Reading a mapping whose keys the specification fixes, by the table `attributes!` makes.

use std::sync::Arc;

use crate::compose::ast::field::{Attribute, Field, Rest};
use crate::compose::lower::{Lowering, Path, excerpt};
use crate::compose::value::{Entry, Mapping, Value, ValueKind};
use crate::text::near::closest;

/// How many misspelt names get a suggestion; a file with more is not a file with typing errors.
const MOST_SUGGESTIONS: usize = 100;

/// Something that can be read from a value. `None` after an error has been reported.
pub(crate) trait Lower: Sized {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self>;
}

/// A mapping with fixed keys.
pub(crate) trait Attributes: Default {
    /// The keys.
    const NAMES: &'static [&'static str];
    /// Those that must be there.
    const REQUIRED: &'static [&'static str];
    /// Whether null stands for the empty mapping.
    const NULLABLE: bool;
    /// Whether it takes no extensions.
    const CLOSED: bool;

    /// Reads one entry into its field.
    fn read(&mut self, entry: &Entry, at: Path<'_>, cx: &mut Lowering) -> Read;
    /// Where the other entries go.
    fn rest(&mut self) -> &mut Rest;
}

/// What became of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
    Done,
    Invalid,
    Unknown,
}

impl Read {
    pub(crate) fn of(done: bool) -> Self {
        if done { Self::Done } else { Self::Invalid }
    }
}

/// Reads the value of an attribute.
pub(crate) fn read_field<T>(
    entry: &Entry,
    at: Path<'_>,
    cx: &mut Lowering,
    read: fn(&Arc<Value>, Path<'_>, &mut Lowering) -> Option<T>,
) -> Attribute<T> {
    let value = read(&entry.value, at.key(&entry.key), cx)?;
    Some(Box::new(field(entry, value)))
}

/// A value with the provenance of an entry.
pub(crate) fn field<T>(entry: &Entry, value: T) -> Field<T> {
    Field { value, key: entry.key_origin, origin: entry.value.origin, via: entry.via }
}

/// Reads a mapping in the long syntax.
pub(crate) fn read_attributes<T: Attributes>(value: &Value, at: Path<'_>, cx: &mut Lowering) -> Option<T> {
    let mapping = match &value.kind {
        ValueKind::Mapping(mapping) => mapping,
        ValueKind::Null if T::NULLABLE => return Some(T::default()),
        _ => {
            cx.wrong_type(value, at, "a mapping");
            return None;
        }
    };
    let mut tree = T::default();
    for entry in &mapping.entries {
        if entry.value.is_reset() {
            tree.rest().reset.push(entry.clone());
            continue;
        }
        match tree.read(entry, at, cx) {
            Read::Done => {}
            Read::Invalid => tree.rest().invalid.push(entry.clone()),
            Read::Unknown if entry.key.starts_with("x-") && !T::CLOSED => {
                tree.rest().extensions.push(entry.clone())
            }
            Read::Unknown => {
                unknown(entry, at, T::NAMES, cx);
                tree.rest().unknown.push(entry.clone());
            }
        }
    }
    missing(T::REQUIRED, mapping, value, at, cx);
    Some(tree)
}

/// Reports a key that is not one of `names`.
pub(crate) fn unknown(entry: &Entry, at: Path<'_>, names: &[&'static str], cx: &mut Lowering) {
    let suggestion =
        if cx.suggestions < MOST_SUGGESTIONS { closest(&entry.key, names.iter().copied()) } else { None };
    cx.suggestions += 1;
    let words = format!("additional properties '{}' not allowed", excerpt(&entry.key));
    let error = cx.error(entry.key_origin, at, &words);
    if let Some(name) = suggestion {
        error.meant(name);
    }
}

/// Reports the keys that must be there and are not.
pub(crate) fn missing(names: &[&str], mapping: &Mapping, value: &Value, at: Path<'_>, cx: &mut Lowering) {
    for name in names {
        if mapping.get(name).is_none_or(|entry| entry.value.is_reset()) {
            cx.error(value.origin, at, &format!("missing property '{name}'"));
        }
    }
}

/// Types that have the long syntax alone.
macro_rules! long_only {
    ($($Name:path),* $(,)?) => {
        $( impl Lower for $Name {
            fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
                read_attributes(value, at, cx)
            }
        } )*
    };
}

long_only!(
    crate::compose::ast::service::Service,
    crate::compose::ast::pairs::Logging,
    crate::compose::ast::pairs::BlkioLimit,
    crate::compose::ast::pairs::BlkioWeight,
    crate::compose::ast::pairs::BlkioConfig,
    crate::compose::ast::mount::BindOptions,
    crate::compose::ast::mount::VolumeOptions,
    crate::compose::ast::mount::TmpfsOptions,
    crate::compose::ast::mount::ImageOptions,
    crate::compose::ast::deploy::Deploy,
    crate::compose::ast::deploy::UpdateConfig,
    crate::compose::ast::deploy::Resources,
    crate::compose::ast::deploy::ResourceLimits,
    crate::compose::ast::deploy::ResourceReservations,
    crate::compose::ast::deploy::GenericResource,
    crate::compose::ast::deploy::DiscreteResource,
    crate::compose::ast::deploy::RestartPolicy,
    crate::compose::ast::deploy::Placement,
    crate::compose::ast::deploy::PlacementPreference,
    crate::compose::ast::network::Network,
    crate::compose::ast::network::Ipam,
    crate::compose::ast::network::IpamConfig,
    crate::compose::ast::network::Attachment,
    crate::compose::ast::resource::Volume,
    crate::compose::ast::resource::Secret,
    crate::compose::ast::resource::Config,
    crate::compose::ast::resource::Model,
    crate::compose::ast::resource::ModelUse,
    crate::compose::ast::lifecycle::Healthcheck,
    crate::compose::ast::lifecycle::Hook,
    crate::compose::ast::lifecycle::Develop,
    crate::compose::ast::lifecycle::Watch,
    crate::compose::ast::lifecycle::Dependency,
    crate::compose::ast::lifecycle::Provider,
    crate::compose::ast::lifecycle::CredentialSpec,
);
