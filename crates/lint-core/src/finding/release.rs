//! Releases: what keeps an upgrade from failing builds that passed.

use std::fmt;
use std::str::FromStr;

/// A released version, as `0.1.0`.
///
/// ```
/// use lint_core::Release;
///
/// let first: Release = "0.1.0".parse()?;
/// assert!(first < "0.10.0".parse()? && first <= Release::CURRENT);
/// assert!("0.1".parse::<Release>().is_err());
/// # Ok::<(), lint_core::NoRelease>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Release {
    /// The release that this library is of.
    pub const CURRENT: Release = match Release::of(env!("CARGO_PKG_VERSION")) {
        Some(release) => release,
        None => panic!("the version of the package is a release"),
    };

    /// Reads `1.2.3`; what follows, as in `1.2.3-rc.1`, is passed by.
    const fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (mut parts, mut part, mut digits, mut at) = ([0_u16; 3], 0, 0, 0);
        while at < bytes.len() {
            match bytes[at] {
                digit @ b'0'..=b'9' if digits < 4 => {
                    parts[part] = parts[part] * 10 + (digit - b'0') as u16;
                    digits += 1;
                }
                b'.' if digits > 0 && part < 2 => {
                    part += 1;
                    digits = 0;
                }
                b'-' | b'+' if digits > 0 && part == 2 => break,
                _ => return None,
            }
            at += 1;
        }
        if part == 2 && digits > 0 {
            Some(Self { major: parts[0], minor: parts[1], patch: parts[2] })
        } else {
            None
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Release {
    type Err = NoRelease;

    fn from_str(text: &str) -> Result<Self, NoRelease> {
        Release::of(text).ok_or(NoRelease)
    }
}

/// A text that is no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRelease;

impl fmt::Display for NoRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a version; write it as 0.1.0")
    }
}

impl std::error::Error for NoRelease {}

/// Whether a version in the text of a rule is later than a release. What is no version is: it is in none yet.
pub(crate) fn is_after(version: &str, release: Release) -> bool {
    Release::of(version).is_none_or(|version| version > release)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let release = |text: &str| text.parse::<Release>();
        let known = |text| release(text).unwrap();
        assert!(known("0.2.0") < known("0.10.0") && known("1.0.0") > known("0.99.9"));
        assert_eq!(release("1.2.3-rc.1"), release("1.2.3"));
        for text in ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1..3", "1.2.", "99999.0.0", "a.b.c", "latest"] {
            assert_eq!(release(text), Err(NoRelease), "{text}");
        }
        assert_eq!(Release::CURRENT.to_string(), env!("CARGO_PKG_VERSION"));
    }
}
