//! Names of files as URIs.

use std::fmt::Write as _;

/// The URI of a file, and whether it is relative. `-`, standard input without a name, stays `-`.
pub(super) fn of(name: &str) -> (String, bool) {
    let bytes = name.as_bytes();
    if name.starts_with('/') {
        return (format!("file://{}", encoded(name)), false);
    }
    if let [drive, b':', b'/', ..] = bytes
        && drive.is_ascii_alphabetic()
    {
        let rest = name.get(2..).unwrap_or_default();
        return (format!("file:///{}:{}", char::from(*drive), encoded(rest)), false);
    }
    (encoded(name), true)
}

/// Everything but letters, digits, `-._~` and `/` as `%41`: nothing else means the same everywhere, and a colon in the
/// first part of a relative name would make a scheme of it.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_references_or_file_uris() {
        assert_eq!(of("svc/compose.yaml"), ("svc/compose.yaml".to_owned(), true));
        assert_eq!(of("../a b/é:#%.yaml"), ("../a%20b/%C3%A9%3A%23%25.yaml".to_owned(), true));
        assert_eq!(of("/etc/compose.yaml"), ("file:///etc/compose.yaml".to_owned(), false));
        assert_eq!(of("C:/x y/Dockerfile"), ("file:///C:/x%20y/Dockerfile".to_owned(), false));
        assert_eq!(of("-"), ("-".to_owned(), true));
    }
}
