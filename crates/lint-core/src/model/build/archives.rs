//! What `ADD` does more than `COPY`: it unpacks archives and fetches addresses.

use crate::files::file_name;

/// What the names of archives end in; that of a single compressed file too.
const ENDINGS: [&str; 12] =
    [".tgz", ".tbz", ".tbz2", ".txz", ".tlz", ".tzst", ".tar", ".gz", ".bz2", ".xz", ".zst", ".lzma"];

/// What the names of files end in that nobody takes for an archive to unpack: text, code, and what is a ZIP at most, which
/// `ADD` leaves as it is.
const PLAIN: [&str; 44] = [
    "bash",
    "bat",
    "c",
    "cfg",
    "cjs",
    "cnf",
    "conf",
    "config",
    "crt",
    "css",
    "csv",
    "env",
    "go",
    "gradle",
    "html",
    "ini",
    "jar",
    "java",
    "js",
    "json",
    "key",
    "list",
    "lock",
    "md",
    "mjs",
    "mod",
    "pem",
    "php",
    "pl",
    "properties",
    "ps1",
    "py",
    "rb",
    "rs",
    "sh",
    "sql",
    "sum",
    "toml",
    "ts",
    "txt",
    "war",
    "xml",
    "yaml",
    "yml",
];

/// Whether a source is an address or a repository.
#[must_use]
pub fn is_address(source: &str) -> bool {
    source.contains("://")
        || source.starts_with("git@")
        || source.contains(".git#")
        || source.ends_with(".git")
}

/// Whether a source is called as archives are.
#[must_use]
pub fn is_archive(source: &str) -> bool {
    let name = file_name(source).to_ascii_lowercase();
    let name = name.trim_end_matches(['*', '?']);
    name.contains(".tar.") || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a source is certainly copied as it is: a directory, or a file that is no archive by its name.
#[must_use]
pub fn is_copied_as_it_is(source: &str) -> bool {
    if is_address(source) || source.contains(['*', '?', '[', '$']) {
        return false;
    }
    let name = file_name(source.trim_end_matches('/'));
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    source.ends_with('/')
        || matches!(name, "" | "." | "..")
        || ending.is_some_and(|ending| PLAIN.contains(&ending.as_str()))
}
