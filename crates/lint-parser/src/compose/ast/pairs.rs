//! Names with texts: environment, labels, build arguments, extra hosts.

use std::sync::Arc;

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{AnyText, Anything, Cast, Form, List, Map, Text};
use crate::compose::ast::scalar::ByteSize;
use crate::compose::value::{Origin, Value};

/// `K: V` mappings and `K=V` lists, which Compose takes for each other: `environment`, `labels`, `args`.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Pairs {
    /// What is written, in order. A list may name a key twice: the last one wins.
    pub items: Vec<Pair>,
    /// The values that could not be read; each has an error.
    pub invalid: Vec<Arc<Value>>,
    /// Whether it is a list.
    pub is_list: bool,
}

/// One name and its text.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair {
    /// The name. Compose does not interpolate the names of a mapping.
    pub name: Text,
    /// The text. `None` for a null and for a name alone: an environment variable and a build argument then
    /// take their value from Compose's own environment, a label is empty.
    pub value: Option<Text>,
    /// Where the pair is written: a whole list element, or the value of the entry.
    pub origin: Origin,
    /// Where a mapping takes the entry from somewhere else ([`super::field::Field::via`]).
    pub via: Option<Origin>,
}

impl Pairs {
    /// The pair of that name which takes effect: the last one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Pair> {
        self.items.iter().rev().find(|pair| pair.name.as_str() == name)
    }
}

impl std::fmt::Debug for Pairs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        show(f, self.is_list, &self.items, &self.invalid)
    }
}

impl std::fmt::Debug for ExtraHosts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        show(f, self.is_list, &self.items, &self.invalid)
    }
}

/// Shows the items, and in which of the two forms they are written.
fn show<T: std::fmt::Debug>(
    f: &mut std::fmt::Formatter<'_>,
    is_list: bool,
    items: &[T],
    invalid: &[Arc<Value>],
) -> std::fmt::Result {
    f.write_str(if is_list { "list " } else { "map " })?;
    let invalid = invalid.iter().map(|value| Anything(Arc::clone(value)));
    f.debug_list().entries(items).entries(invalid).finish()
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.name)?;
        if let Some(value) = &self.value {
            write!(f, " = {value:?}")?;
        }
        match self.via {
            Some(via) => write!(f, " via {:?}", via.span),
            None => Ok(()),
        }
    }
}

/// Lines of `/etc/hosts` to add.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ExtraHosts {
    /// What is written, in order; a name may have several addresses.
    pub items: Vec<ExtraHost>,
    /// The values that could not be read; each has an error.
    pub invalid: Vec<Arc<Value>>,
    /// Whether it is a list (`name=address`, `name:address`).
    pub is_list: bool,
}

/// A host name and an address.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExtraHost {
    /// The name.
    pub name: Text,
    /// The address, without the brackets an IPv6 address may have; or `host-gateway`.
    pub address: Text,
    /// Where it is written.
    pub origin: Origin,
    /// Where a mapping takes the entry from somewhere else.
    pub via: Option<Origin>,
}

impl std::fmt::Debug for ExtraHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} -> {:?}", self.name, self.address)
    }
}

/// A command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Null: the image's own, even where an extended service sets another.
    Null,
    /// One text. Compose splits `command` and `entrypoint` into words as a shell would, but runs no shell;
    /// `healthcheck.test` is run by the container's shell.
    Line(Text),
    /// The words; an empty list clears the image's own.
    Words(Vec<Text>),
}

attributes! {
    /// A resource limit of the processes of a container.
    pub struct Ulimit {
        /// What a process starts with; `-1` is unlimited.
        soft: Cast<i64>,
        /// What a process may raise it to; `-1` is unlimited.
        hard: Cast<i64>,
    } plus {
        /// Short: one number is both limits.
        form: Form,
    }
    requires ["soft", "hard"]
}

attributes! {
    /// `logging`.
    pub struct Logging {
        /// The driver; the engine's default (`json-file`) when absent.
        driver: Text,
        /// Its options.
        options: Map<Option<AnyText>>,
    }
}

/// A mapping of options: numbers are taken as text.
pub type Options = Map<AnyText>;

attributes! {
    /// A limit on a block device.
    pub struct BlkioLimit {
        /// The device.
        path: Text,
        /// Bytes or operations per second.
        rate: Cast<ByteSize> => whole_size,
    }
    without extensions
}

attributes! {
    /// The weight of a block device.
    pub struct BlkioWeight {
        /// The device.
        path: Text,
        /// 10 to 1000.
        weight: Cast<i64> => weight,
    }
    without extensions
}

attributes! {
    /// `blkio_config`.
    pub struct BlkioConfig {
        /// Read limits, bytes per second.
        device_read_bps: List<BlkioLimit>,
        /// Read limits, operations per second.
        device_read_iops: List<BlkioLimit>,
        /// Write limits, bytes per second.
        device_write_bps: List<BlkioLimit>,
        /// Write limits, operations per second.
        device_write_iops: List<BlkioLimit>,
        /// The service's share, 10 to 1000.
        weight: Cast<i64> => weight,
        /// Its share of single devices.
        weight_device: List<BlkioWeight>,
    }
    without extensions
}
