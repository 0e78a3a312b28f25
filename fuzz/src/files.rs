//! Many files in one text, since a fuzzer changes one.

use std::collections::BTreeMap;

use lint_core::{Source, SourceKind};

/// What begins a file: `==== api/Dockerfile`.
const HEADER: &str = "==== ";

/// The files in a text; what stands before the first header is a Compose file.
pub fn split(text: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut name = "compose.yaml".to_owned();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix(HEADER) {
            // Paths are as `Files` promises them.
            Some(next) => {
                name = lint_core::path::normalise(next.trim());
                files.entry(name.clone()).or_default();
            }
            None => *files.entry(name.clone()).or_insert_with(String::new) += line,
        }
    }
    files
}

/// The text that [`split`] takes apart.
pub fn joined<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> String {
    let one = |(name, text): (&str, &str)| {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        format!("{HEADER}{name}\n{text}{end}")
    };
    files.into_iter().map(one).collect()
}

/// What a run over these files would be given.
pub(crate) fn sources(files: &BTreeMap<String, String>) -> Vec<Source> {
    let source = |name: &String| {
        let last = lint_core::path::file_name(name);
        let kind = if let Some(kind) = lint_core::daemon::file_kind(name) {
            kind
        } else if last.contains("Dockerfile") || last.contains("Containerfile") {
            SourceKind::Dockerfile
        } else if (last.ends_with(".yaml") || last.ends_with(".yml")) && !name.contains(".github") {
            SourceKind::Compose
        } else {
            return None;
        };
        Some(Source::path(name.clone(), kind))
    };
    files.keys().filter_map(source).collect()
}
