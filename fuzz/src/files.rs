//! Many files in one text, since a fuzzer changes one.

use std::collections::BTreeMap;

use lint_core::kind::{NameSays, by_name, by_text, starts};
use lint_core::{Source, SourceKind};

/// What begins a file: `==== api/Dockerfile`.
const HEADER: &str = "==== ";

/// The files in a text; what stands before the first header is a Compose file.
pub fn split(text: &str) -> BTreeMap<String, String> {
    split_from("compose.yaml", text)
}

/// The files in a text; what stands before the first header has this name.
pub(crate) fn split_from(first: &str, text: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut name = first.to_owned();
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
    let kind = |name: &String, text: &str| match by_name(std::path::Path::new(name)) {
        NameSays::Kind(kind) => Some(kind),
        NameSays::MayStart(kind) => starts(kind, text).then_some(kind),
        NameSays::Perhaps { .. } if name.ends_with("yaml") => by_text(text).or(Some(SourceKind::Compose)),
        NameSays::Perhaps { .. } => by_text(text),
        _ => None,
    };
    let source = |(name, text): (&String, &String)| Some(Source::path(name.clone(), kind(name, text)?));
    files.iter().filter_map(source).collect()
}
