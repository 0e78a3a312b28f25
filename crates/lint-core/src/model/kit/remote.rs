//! Sources that a build fetches from the network, and whether they are the same every time.

/// Why the next build may fetch something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moving {
    /// A repository, of which nothing is named but where it is.
    DefaultBranch,
    /// A branch of a repository.
    Branch(String),
    /// A tag of a repository, which is called like a release.
    Release(String),
    /// A file, of which no checksum is known.
    File,
}

/// Why an address may come to something else next time; `None` where it names a commit or a checksum, where a variable may be
/// one, and where it is no address at all.
#[must_use]
pub fn moving(address: &str) -> Option<Moving> {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None if address.starts_with("git@") => ("ssh".to_owned(), address),
        None => return None,
    };
    let (path, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match scheme.as_str() {
        "http" | "https" if !path.ends_with(".git") => (!query.contains("checksum=")).then_some(Moving::File),
        "http" | "https" | "git" | "ssh" => {
            let asked = query.split('&').filter_map(|pair| pair.split_once('='));
            let asked = asked.filter(|(key, _)| matches!(*key, "ref" | "branch" | "tag"));
            let reference = match fragment.split(':').next().unwrap_or_default() {
                "" => asked.map(|(_, value)| value).next().unwrap_or_default(),
                reference => reference,
            };
            // A variable may well be a commit.
            let is_certain =
                reference.contains('$') || address.contains("checksum=") || address.contains("commit=");
            match reference {
                _ if is_certain || is_commit(reference) => None,
                "" => Some(Moving::DefaultBranch),
                tag if is_release(tag) => Some(Moving::Release(tag.to_owned())),
                branch => Some(Moving::Branch(branch.to_owned())),
            }
        }
        _ => None,
    }
}

/// Whole or cut short, which no branch is likely to be called like.
fn is_commit(reference: &str) -> bool {
    let is_hex = reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_short = || (7..40).contains(&reference.len()) && reference.bytes().any(|c| c.is_ascii_digit());
    is_hex && (matches!(reference.len(), 40 | 64) || is_short())
}

/// `v1.2.3`, `release-2024.10`, `refs/tags/1.0`
fn is_release(reference: &str) -> bool {
    if reference.starts_with("refs/tags/") {
        return true;
    }
    let number = reference.trim_start_matches(|c: char| !c.is_ascii_digit());
    let has_two = number.split('.').take(2).filter(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    has_two.count() == 2 && !reference.contains("/heads/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_or_a_checksum_is_the_same_every_time() {
        let commit = "a1".repeat(20);
        for address in [
            &*format!("https://github.com/a/b.git#{commit}"),
            &format!("https://github.com/a/b.git#{commit}:sub/dir"),
            &format!("git@github.com:a/b.git#{commit}"),
            &format!("https://github.com/a/b.git?commit={commit}"),
            &format!("https://github.com/a/b.git?ref={commit}&subdir=x"),
            "https://github.com/a/b.git#0a1b2c3",
            "https://github.com/a/b.git#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "https://github.com/a/b.git?tag=v1&checksum=abcdef0",
            "https://example.com/a.tar.gz?checksum=sha256:1",
            "./b",
            "docker-image://alpine",
            "cwd://x",
        ] {
            assert_eq!(moving(address), None, "{address}");
        }
        for (address, why) in [
            ("https://github.com/a/b.git", Moving::DefaultBranch),
            ("https://github.com/a/b.git#:sub", Moving::DefaultBranch),
            ("https://github.com/a/b.git#main", Moving::Branch("main".to_owned())),
            ("ssh://git@host/a/b.git#release/2:sub", Moving::Branch("release/2".to_owned())),
            ("https://github.com/a/b.git?branch=main", Moving::Branch("main".to_owned())),
            ("git://host/a/b#v1.2.3", Moving::Release("v1.2.3".to_owned())),
            ("https://github.com/a/b.git#refs/tags/x", Moving::Release("refs/tags/x".to_owned())),
            ("https://example.com/a.tar.gz", Moving::File),
        ] {
            assert_eq!(moving(address), Some(why), "{address}");
        }
    }
}
