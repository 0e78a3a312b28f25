//! The values scalars are cast to.

use std::fmt;

/// A number with a fraction. Compared by its bits, so that trees can be compared.
#[derive(Clone, Copy)]
pub struct Decimal(pub f64);

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Decimal {}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number as Go writes it where a text is wanted: `1`, `0.25`, `1e+06`, `+Inf`.
#[must_use]
pub fn number_text(value: f64) -> String {
    if !value.is_finite() {
        let text = if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        return text.to_owned();
    }
    // `1.234e6`: the shortest digits that are this number, and its power of ten.
    let scientific = format!("{value:e}");
    let (digits, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let power: i32 = power.parse().unwrap_or_default();
    match power {
        -4..=5 => format!("{value}"),
        _ => format!("{digits}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs()),
    }
}

/// A size in bytes: `512m`, `1GiB`, `1048576`. Negative where Compose takes that for "unlimited".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub i64);

/// A length of time in nanoseconds: `1m30s`. It may be negative, as Go's may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nanoseconds(pub i64);

/// A length of time as Go writes it: `1m30s`, `1.5s`, `0s`.
#[must_use]
pub fn duration_text(time: Nanoseconds) -> String {
    let sign = if time.0 < 0 { "-" } else { "" };
    let total = time.0.unsigned_abs();
    let fraction = |value: u64, unit: u64| {
        let digits = format!("{:0width$}", value % unit, width = unit.ilog10() as usize);
        let digits = digits.trim_end_matches('0');
        let point = if unit > 1 && !digits.is_empty() { "." } else { "" };
        format!("{}{point}{}", value / unit, if unit > 1 { digits } else { "" })
    };
    match total {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{total}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", fraction(total, 1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", fraction(total, 1_000_000)),
        _ => {
            let (minutes, seconds) = (total / 60_000_000_000, total % 60_000_000_000);
            let seconds = fraction(seconds, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

/// File permission bits: a string is octal, a number is what YAML says (`0444` is octal, `444` is decimal).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FileMode(pub u32);

impl fmt::Debug for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#o}", self.0)
    }
}

/// One port (`first == last`) or a range of them, ends included.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    /// The first port.
    pub first: u16,
    /// The last port, not below the first.
    pub last: u16,
}

impl PortRange {
    /// How many ports.
    #[must_use]
    pub fn count(self) -> u32 {
        u32::from(self.last).saturating_sub(u32::from(self.first)) + 1
    }

    /// Whether the port is one of them.
    #[must_use]
    pub fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

impl fmt::Debug for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{}-{}", self.first, self.last) }
    }
}

/// A number of devices, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceCount {
    /// `all`, or `-1`.
    All,
    /// So many.
    Number(i64),
}

/// A switch that may also carry words: `provenance: mode=max`, `sbom: generator=...`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attestation {
    /// On or off.
    Switch(bool),
    /// Parameters: the text says which.
    Parameters,
}

/// Declares an enumeration of the words an attribute takes.
macro_rules! words {
    ($( $(#[$meta:meta])* pub enum $Name:ident { $( $(#[$doc:meta])* $Variant:ident = $word:literal, )* } )*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum $Name { $( $(#[$doc])* $Variant, )* }

            impl $Name {
                /// Every word, as it is written.
                pub const WORDS: &'static [&'static str] = &[ $( $word ),* ];

                /// The value a word stands for.
                #[must_use]
                pub fn from_word(word: &str) -> Option<Self> {
                    match word { $( $word => Some(Self::$Variant), )* _ => None }
                }

                /// The word, as it is written.
                #[must_use]
                pub fn word(self) -> &'static str {
                    match self { $( Self::$Variant => $word, )* }
                }
            }

            impl $crate::compose::lower::cast::Words for $Name {
                const WORDS: &'static [&'static str] = $Name::WORDS;
                fn from_word(word: &str) -> Option<Self> {
                    $Name::from_word(word)
                }
            }
        )*
    };
}

words! {
    /// What a service waits for in another.
    pub enum Condition {
        /// Its container runs.
        Started = "service_started",
        /// Its healthcheck succeeds.
        Healthy = "service_healthy",
        /// Its container ended with status 0.
        CompletedSuccessfully = "service_completed_successfully",
    }

    /// What a mount mounts.
    pub enum MountType {
        /// A path of the host.
        Bind = "bind",
        /// A volume, named or anonymous.
        Volume = "volume",
        /// Memory.
        Tmpfs = "tmpfs",
        /// A cluster volume (CSI).
        Cluster = "cluster",
        /// A Windows named pipe of the host.
        Npipe = "npipe",
        /// The file system of an image.
        Image = "image",
    }

    /// Whether a bind mount takes the mounts below its source along.
    pub enum BindRecursive {
        /// It does; they are read-only if the kernel can do that.
        Enabled = "enabled",
        /// It does not.
        Disabled = "disabled",
        /// It does; they stay writable in a read-only mount.
        Writable = "writable",
        /// It does; all of them are made read-only.
        Readonly = "readonly",
    }

    /// How SELinux relabels the source of a bind mount.
    pub enum SelinuxLabel {
        /// Shared among containers.
        Shared = "z",
        /// Private to the container.
        Private = "Z",
    }

    /// The cgroup namespace of a container.
    pub enum CgroupNamespace {
        /// The host's.
        Host = "host",
        /// One of its own.
        Private = "private",
    }

    /// What `docker compose watch` does about a changed file.
    pub enum WatchAction {
        /// Build the image anew and replace the container.
        Rebuild = "rebuild",
        /// Copy the file into the container.
        Sync = "sync",
        /// Restart the container.
        Restart = "restart",
        /// Copy, then restart.
        SyncRestart = "sync+restart",
        /// Copy, then run a command.
        SyncExec = "sync+exec",
    }

    /// In which order a task is replaced.
    pub enum UpdateOrder {
        /// The new one starts first.
        StartFirst = "start-first",
        /// The old one stops first.
        StopFirst = "stop-first",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        for (number, text) in [
            (1.0, "1"),
            (0.25, "0.25"),
            (-0.0, "-0"),
            (100_000.0, "100000"),
            (1e6, "1e+06"),
            (1_234_567.89, "1.23456789e+06"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1e100, "1e+100"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn durations_are_written_as_go_writes_them() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (999, "999ns"),
            (1_500, "1.5µs"),
            (2_000_000, "2ms"),
            (1_500_000_000, "1.5s"),
            (90_000_000_000, "1m30s"),
            (120_000_000_000, "2m0s"),
            (3_600_000_000_001, "1h0m0.000000001s"),
            (-90_000_000_000, "-1m30s"),
            (i64::MIN, "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(duration_text(Nanoseconds(nanoseconds)), text);
        }
    }
}
