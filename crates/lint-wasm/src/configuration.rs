//! Configuration files among the files of a workspace, as they count on disk: the nearest one, with what it extends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lint_core::config::{Layer, Options, kinds, last, read};
use lint_core::path::{directory, file_name, is_absolute, join};
use lint_core::settings::{Exclusions, PathPattern};
use lint_core::syntax::text::source::SourceFile;
use lint_core::{Files as _, SourceKind};

use crate::texts::Texts;

/// The names of configuration files.
const NAMES: [&str; 4] = [".plimsoll.yaml", ".plimsoll.yml", "plimsoll.yaml", "plimsoll.yml"];

/// How many files may extend each other.
const MOST_LAYERS: usize = 16;

/// A configuration file with those it extends.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The file that was found.
    pub(crate) name: String,
    /// Everything that it was read from.
    read: BTreeSet<String>,
    /// What they say, the one that was found last.
    pub(crate) layers: Vec<Layer>,
    exclude: Option<(String, Exclusions)>,
    kinds: Vec<(PathPattern, SourceKind)>,
}

/// What counts in each directory.
#[derive(Debug, Default)]
pub(crate) struct Configs {
    known: BTreeMap<String, Option<Arc<Config>>>,
    pub(crate) errors: BTreeSet<String>,
}

/// Whether a file is called as configuration is.
pub(crate) fn is_configuration(path: &str) -> bool {
    NAMES.contains(&file_name(path))
}

impl Configs {
    /// Whether something was read from a file.
    pub(crate) fn rest_on(&self, path: &str) -> bool {
        is_configuration(path)
            || self.known.values().flatten().any(|config| {
                config.read.contains(path) || config.baseline().is_some_and(|baseline| baseline == path)
            })
    }

    /// The configuration that counts for a file.
    pub(crate) fn of_file(&mut self, path: &str, texts: &Texts) -> Option<Arc<Config>> {
        self.of_directory(directory(path), texts)
    }

    fn of_directory(&mut self, place: &str, texts: &Texts) -> Option<Arc<Config>> {
        if let Some(known) = self.known.get(place) {
            return known.clone();
        }
        let mut here = NAMES.iter().map(|name| join(place, name)).filter(|path| texts.get(path).is_some());
        let found = match (here.next(), here.next()) {
            (Some(one), Some(other)) => {
                self.errors
                    .insert(format!("{one} and {other}: two configuration files in one directory; keep one"));
                None
            }
            (Some(one), None) => match load(&one, texts) {
                Ok(config) => Some(Arc::new(config)),
                Err(errors) => {
                    self.errors.extend(errors);
                    None
                }
            },
            (None, _) if place.is_empty() || place == "/" => None,
            (None, _) => self.of_directory(directory(place), texts),
        };
        self.known.insert(place.to_owned(), found.clone());
        found
    }
}

impl Config {
    /// Whether a search passes the path by.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        let Some((place, patterns)) = &self.exclude else { return false };
        let below = if place.is_empty() { Some(path) } else { path.strip_prefix(&format!("{place}/")) };
        below.is_some_and(|path| patterns.covers(path))
    }

    /// What `files:` says a file is.
    pub(crate) fn kind(&self, path: &str) -> Option<SourceKind> {
        self.kinds.iter().find(|(pattern, _)| pattern.matches("", path)).map(|(_, kind)| *kind)
    }

    /// The baseline file.
    pub(crate) fn baseline(&self) -> Option<String> {
        last(&self.layers, |options| options.baseline.as_ref()).map(|(place, file)| join(place, file))
    }
}

/// Reads a file and those it extends.
fn load(file: &str, texts: &Texts) -> Result<Config, Vec<String>> {
    let mut config = Config { name: file.to_owned(), ..Config::default() };
    let mut next = Some(file.to_owned());
    let mut named = Vec::new();
    while let Some(path) = next {
        let text = texts.read(&path).map_err(|error| vec![format!("{path}: {error}")])?;
        let source = SourceFile::new(path.as_str(), text);
        let content = read(source.text())
            .map_err(|errors| errors.iter().map(|error| error.located(&source)).collect::<Vec<_>>())?;
        config.read.insert(path.clone());
        next = match &content.options.extends {
            Some(written) => {
                let at = content.places.get("extends").map_or(0, |span| span.start());
                let at = source.line_column(at);
                let target = extended(&path, written, &config.read, texts).map_err(|why| {
                    vec![format!("{path}:{}:{}: `extends: {written}`: {why}", at.line, at.column)]
                })?;
                Some(target)
            }
            None => None,
        };
        config.layers.insert(0, Layer::new(directory(&path), content.options.clone()));
        named.push((source, content));
    }
    let layers = config.layers.iter().flat_map(|layer| layer.options.policies.iter().flatten());
    let declared: Vec<&str> = layers.filter_map(|policy| policy.name()).collect();
    let unknown = named.iter().flat_map(|(source, content)| {
        let errors = content.unknown_policies(&declared);
        errors.into_iter().map(|error| error.located(source))
    });
    let unknown: Vec<String> = unknown.collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let wrong = |error: String| vec![format!("{file}: {error}")];
    config.exclude = exclude(&config.layers).map_err(wrong)?;
    config.kinds = kinds(&config.layers).map_err(wrong)?;
    Ok(config)
}

/// The file that one extends.
fn extended(
    path: &str,
    written: &str,
    read: &BTreeSet<String>,
    texts: &Texts,
) -> Result<String, &'static str> {
    if written.contains("://") {
        return Err("a configuration comes from a file, never from the network");
    }
    let target = join(directory(path), written);
    if is_absolute(&target) || target.starts_with("..") {
        return Err("the file lies outside the repository");
    }
    if texts.get(&target).is_none() {
        return Err("no such file");
    }
    if read.contains(&target) {
        return Err("the file extends this one in turn");
    }
    if read.len() >= MOST_LAYERS {
        return Err("too many files extend each other");
    }
    Ok(target)
}

fn exclude(layers: &[Layer]) -> Result<Option<(String, Exclusions)>, String> {
    let Some((place, patterns)) = last(layers, |options: &Options| options.exclude.as_ref()) else {
        return Ok(None);
    };
    for pattern in patterns {
        Exclusions::new([pattern.as_str()]).map_err(|error| format!("exclude '{pattern}': {error}"))?;
    }
    let patterns =
        Exclusions::new(patterns.iter().map(String::as_str)).map_err(|error| format!("exclude: {error}"))?;
    Ok(Some((place.to_owned(), patterns)))
}
