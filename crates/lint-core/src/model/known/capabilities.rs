//! Linux capabilities as the Engine knows them, and what one gives whoever has it.
//!
//! Names are those of capabilities(7), Linux 5.9 and later; the default set is the Engine's own (`moby/moby`,
//! `oci/caps/defaults.go`), and names are read as it reads them: in any case, with or without `CAP_`.

use lint_parser::compose::ast::field::{List, Text};
use lint_parser::compose::value::Origin;

/// A capability name as the Engine reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// `ALL`: every one there is.
    All,
    /// One of them.
    One(&'static KnownCapability),
}

/// A Linux capability.
#[derive(Debug, PartialEq, Eq)]
pub struct KnownCapability {
    /// Its name without `CAP_`.
    pub name: &'static str,
    /// What it does to the isolation of a container that has it.
    pub power: Power,
}

/// What a capability does to the isolation of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Every container has it unless it is dropped.
    Default,
    /// More than containers have, without a known way out of the container on its own.
    Added,
    /// Reaches other processes, files or the kernel of the host; what it allows, as the end of a sentence that
    /// begins "this lets the container".
    Dangerous(&'static str),
    /// The same, and a well-known way to become root on the host.
    HostTakeover(&'static str),
}

use Power::{Added, Dangerous, Default, HostTakeover};

const fn known(name: &'static str, power: Power) -> KnownCapability {
    KnownCapability { name, power }
}

static CAPABILITIES: [KnownCapability; 41] = [
    known("AUDIT_CONTROL", Added),
    known("AUDIT_READ", Added),
    known("AUDIT_WRITE", Default),
    known("BLOCK_SUSPEND", Added),
    known("BPF", Dangerous("load programs into the kernel")),
    known("CHECKPOINT_RESTORE", Added),
    known("CHOWN", Default),
    known("DAC_OVERRIDE", Default),
    known("DAC_READ_SEARCH", Dangerous("open files of the host by their inode number")),
    known("FOWNER", Default),
    known("FSETID", Default),
    known("IPC_LOCK", Added),
    known("IPC_OWNER", Added),
    known("KILL", Default),
    known("LEASE", Added),
    known("LINUX_IMMUTABLE", Added),
    known("MAC_ADMIN", Dangerous("change the rules of mandatory access control")),
    known("MAC_OVERRIDE", Dangerous("ignore the rules of mandatory access control")),
    known("MKNOD", Default),
    known("NET_ADMIN", Added),
    known("NET_BIND_SERVICE", Default),
    known("NET_BROADCAST", Added),
    known("NET_RAW", Default),
    known("PERFMON", Dangerous("watch the kernel and every process of the host")),
    known("SETFCAP", Default),
    known("SETGID", Default),
    known("SETPCAP", Default),
    known("SETUID", Default),
    known("SYSLOG", Dangerous("read the host's kernel log and the kernel's addresses in it")),
    known("SYS_ADMIN", HostTakeover("mount file systems and change the host's kernel settings")),
    known("SYS_BOOT", Dangerous("reboot the host or load another kernel")),
    known("SYS_CHROOT", Default),
    known("SYS_MODULE", HostTakeover("load modules into the host's kernel")),
    known("SYS_NICE", Added),
    known("SYS_PACCT", Added),
    known("SYS_PTRACE", Dangerous("read and change the memory of other processes")),
    known("SYS_RAWIO", HostTakeover("read and write the host's memory and disks directly")),
    known("SYS_RESOURCE", Added),
    known("SYS_TIME", Dangerous("set the host's clock")),
    known("SYS_TTY_CONFIG", Added),
    known("WAKE_ALARM", Added),
];

/// What a name means to the Engine; `None` when it refuses it (`unknown capability`).
///
/// The Engine changes the case and adds `CAP_` where it is missing, and nothing else: `CAP_ALL` is no
/// capability, nor is a name with blanks around it.
#[must_use]
pub fn capability(name: &str) -> Option<Capability> {
    let upper = name.to_ascii_uppercase();
    if upper == "ALL" {
        return Some(Capability::All);
    }
    let short = upper.strip_prefix("CAP_").unwrap_or(&upper);
    CAPABILITIES.iter().find(|known| known.name == short).map(Capability::One)
}

/// All of them.
#[cfg(feature = "policies")]
pub fn all() -> impl Iterator<Item = &'static KnownCapability> {
    CAPABILITIES.iter()
}

/// The capabilities that a service's `cap_add` names, each with its place. What a variable decides and what the Engine
/// refuses is left out.
pub fn added(cap_add: &List<Text>) -> impl Iterator<Item = (Origin, Capability)> {
    let known = cap_add.items.iter().filter(|item| !item.value.is_unknown());
    known.filter_map(|item| Some((item.origin, capability(item.value.as_str())?)))
}

/// The capability a misspelled name probably means.
#[must_use]
pub fn near(name: &str) -> Option<&'static str> {
    let upper = name.trim().to_ascii_uppercase();
    let short = upper.strip_prefix("CAP_").unwrap_or(&upper);
    if let Some(exact) = capability(short) {
        return Some(exact.name());
    }
    let names = CAPABILITIES.iter().map(|known| known.name);
    lint_parser::text::near::closest(short, names)
}

impl Capability {
    /// What it does to the isolation of a container.
    #[must_use]
    pub fn power(self) -> Power {
        match self {
            Capability::All => HostTakeover("do everything root can do on the host"),
            Capability::One(known) => known.power,
        }
    }

    /// Its name without `CAP_`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Capability::All => "ALL",
            Capability::One(known) => known.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engine_has_fourteen_defaults() {
        assert_eq!(CAPABILITIES.iter().filter(|known| known.power == Default).count(), 14);
        assert!(CAPABILITIES.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn names_are_read_as_the_engine_reads_them() {
        for (written, name) in [
            ("SYS_ADMIN", Some("SYS_ADMIN")),
            ("sys_admin", Some("SYS_ADMIN")),
            ("cap_sys_admin", Some("SYS_ADMIN")),
            ("CAP_Net_Raw", Some("NET_RAW")),
            ("all", Some("ALL")),
            ("CAP_ALL", None),
            (" SYS_ADMIN", None),
            ("CAP_CAP_CHOWN", None),
            ("SYS-ADMIN", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(capability(written).map(Capability::name), name, "{written}");
        }
    }

    #[test]
    fn misspelled_names_have_a_neighbour() {
        assert_eq!(near("SYS_ADMN"), Some("SYS_ADMIN"));
        assert_eq!(near("SYS-ADMIN"), Some("SYS_ADMIN"));
        assert_eq!(near("CAP_ALL"), Some("ALL"));
        assert_eq!(near("SYS_ADMIN "), Some("SYS_ADMIN"));
        assert_eq!(near("entirely different"), None);
    }
}
