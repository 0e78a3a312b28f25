//! Platform specifiers, as `--platform` takes them: `linux/arm64/v8`, `amd64`, `windows`.

const SYSTEMS: [&str; 17] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];
const ARCHITECTURES: [&str; 26] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "ppc64el",
    "loongarch64",
];

/// A platform; the variant and the version of the system are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// `linux`, `windows`, ...
    pub system: String,
    /// `amd64`, `arm64`, ...
    pub architecture: String,
}

/// Reads a specifier as containerd does; `None` for what it refuses. A system alone gets the architecture
/// `amd64`, an architecture alone the system `linux`.
#[must_use]
pub fn parse(text: &str) -> Option<Platform> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let parts: Vec<&str> = text.split('/').collect();
    // `windows(10.0.17763)/amd64`
    let first = parts.first()?.split('(').next()?;
    let fits = |part: &&str| !part.is_empty() && part.chars().all(allowed);
    if !fits(&first) || !parts.iter().skip(1).all(fits) {
        return None;
    }
    let system = system(first);
    match parts.as_slice() {
        [_] if SYSTEMS.contains(&system.as_str()) => {
            Some(Platform { system, architecture: "amd64".to_owned() })
        }
        [one] => {
            let architecture = architecture(one);
            ARCHITECTURES
                .contains(&architecture.as_str())
                .then(|| Platform { system: "linux".to_owned(), architecture })
        }
        [_, second] | [_, second, _] => Some(Platform { system, architecture: architecture(second) }),
        _ => None,
    }
}

fn system(name: &str) -> String {
    let name = name.to_lowercase();
    if name == "macos" { "darwin".to_owned() } else { name }
}

fn architecture(name: &str) -> String {
    let name = name.to_lowercase();
    match name.as_str() {
        "i386" => "386",
        "x86_64" | "x86-64" => "amd64",
        "aarch64" => "arm64",
        "armhf" | "armel" => "arm",
        _ => return name,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_are_read_as_containerd_reads_them() {
        let parsed = |text| parse(text).map(|p| format!("{}/{}", p.system, p.architecture));
        assert_eq!(parsed("linux/arm64/v8").as_deref(), Some("linux/arm64"));
        assert_eq!(parsed("Linux").as_deref(), Some("linux/amd64"));
        assert_eq!(parsed("x86_64").as_deref(), Some("linux/amd64"));
        assert_eq!(parsed("linux/aarch64").as_deref(), Some("linux/arm64"));
        assert_eq!(parsed("windows(10.0.17763)/amd64").as_deref(), Some("windows/amd64"));
        for bad in ["", "*", "linux/", "nonsense", "a/b/c/d", "linux/$X"] {
            assert_eq!(parsed(bad), None, "{bad}");
        }
    }
}
