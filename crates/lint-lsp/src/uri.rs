//! Between the addresses of editors and paths.

use std::path::{Path, PathBuf};

/// What a document is known by: its path where it has one, so that two ways to write one address are one document, and
/// else its address.
#[must_use]
pub(crate) fn key(uri: &str) -> String {
    path(uri).map_or_else(|| uri.to_owned(), |path| path.to_string_lossy().replace('\\', "/"))
}

/// The path of a `file:` address.
#[must_use]
pub(crate) fn path(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let (host, path) = (decoded(host), decoded(path));
    let path = match path.as_bytes() {
        // `/c:/Users` is a path of Windows.
        [b'/', drive, b':', ..] if drive.is_ascii_alphabetic() => {
            format!("{}{}", char::from(drive.to_ascii_uppercase()), &path[2..])
        }
        _ if host.is_empty() || host.eq_ignore_ascii_case("localhost") => path,
        _ => format!("//{host}{path}"),
    };
    (!path.is_empty()).then(|| PathBuf::from(path))
}

/// The address of a path.
#[must_use]
pub(crate) fn of_path(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let (host, path) = match path.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", path.as_str()),
    };
    let root = if path.starts_with('/') { "" } else { "/" };
    let mut uri = format!("file://{host}{root}");
    for &byte in path.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.filter(|_| byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_key_however_its_address_is_written() {
        for uri in
            ["file:///c%3A/a%20b/Dockerfile", "file:///C:/a%20b/Dockerfile", "file:///c:/a b/Dockerfile"]
        {
            assert_eq!(key(uri), "C:/a b/Dockerfile", "{uri}");
        }
        assert_eq!(key("file:///a/%2B%26%28.yaml"), "/a/+&(.yaml");
        assert_eq!(key("file://localhost/a"), "/a");
        assert_eq!(key("file://wsl%24/Ubuntu/x"), "//wsl$/Ubuntu/x");
        assert_eq!(key("untitled:Untitled-1"), "untitled:Untitled-1");
        assert_eq!(path("file:"), None);
        assert_eq!(path("file:///a%"), Some(PathBuf::from("/a%")));
    }

    #[test]
    fn addresses_lead_back() {
        for text in ["/a b/ü/[x]+&.yaml", "C:/a/b", "//server/share/x", "/"] {
            assert_eq!(path(&of_path(Path::new(text))), Some(PathBuf::from(text)));
        }
        assert_eq!(of_path(Path::new("/a:b")), "file:///a%3Ab");
    }
}
