//! Finds, reads and layers configuration files.
//!
//! Each linted file is judged by the nearest configuration above it: in its own directory, or the one above, up to
//! the root of the repository (the directory that holds `.git`), else the user's own. The first one found counts
//! alone; what it adds to another file it says with `extends`.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use lint_core::config::{Configuration, LIMIT, Layer, Options, kinds, last, read};
use lint_core::path::join;
use lint_core::settings::PathPattern;
use lint_core::syntax::text::source::SourceFile;
use lint_core::{FileError, SourceKind};

use crate::disk;
use crate::paths::name_in;
use crate::unreadable::unreadable as failure;

pub use crate::paths::{absolute, text};

/// The names of configuration files, in the order `config show` tells them.
pub const NAMES: [&str; 4] = [".plimsoll.yaml", ".plimsoll.yml", "plimsoll.yaml", "plimsoll.yml"];

/// How many files may extend each other.
const MOST_LAYERS: usize = 16;

/// A configuration file with those it extends.
#[derive(Debug)]
pub struct Config {
    /// The files: the one that was found last, before it what it extends.
    pub files: Vec<ConfigFile>,
    /// What they say, in the same order.
    pub layers: Vec<Layer>,
    /// What searches pass by; paths are relative to the directory of the file that says so.
    exclude: Option<(PathBuf, Gitignore)>,
    here: PathBuf,
    kinds: Vec<(PathPattern, SourceKind)>,
}

/// A configuration file.
#[derive(Debug)]
pub struct ConfigFile {
    /// Its text, named as it is printed.
    pub source: SourceFile,
    /// What it says, and where.
    pub content: Configuration,
}

/// How configuration files are chosen.
#[derive(Debug)]
enum Choice {
    /// There are none.
    None,
    /// One for everything.
    One(Arc<Config>),
    /// The nearest.
    Nearest,
}

/// The configuration files of a run.
#[derive(Debug)]
pub struct ConfigFiles {
    choice: Choice,
    here: PathBuf,
    /// What counts in a directory.
    known: Mutex<HashMap<PathBuf, Option<Arc<Config>>>>,
    /// Each file once, however many directories it counts in.
    read: Mutex<HashMap<PathBuf, Option<Arc<Config>>>>,
    errors: Mutex<BTreeSet<String>>,
}

impl ConfigFiles {
    /// With `--config`, that file counts for everything; with `--isolated`, none does.
    ///
    /// # Errors
    /// What is wrong with the file, a line for each fault.
    pub fn new(chosen: Option<&Path>, isolated: bool) -> Result<Self, Vec<String>> {
        let here = std::env::current_dir().unwrap_or_default();
        Self::in_directory(here, chosen, isolated)
    }

    /// No configuration files at all, for paths that start from a directory.
    #[must_use]
    pub fn none(here: PathBuf) -> Self {
        let (known, read, errors) = Default::default();
        Self { choice: Choice::None, here, known, read, errors }
    }

    /// The same, with another directory than the current one for paths to start from.
    ///
    /// # Errors
    /// What is wrong with the file, a line for each fault.
    pub fn in_directory(here: PathBuf, chosen: Option<&Path>, isolated: bool) -> Result<Self, Vec<String>> {
        let variable = std::env::var_os("PLIMSOLL_CONFIG").filter(|value| !value.is_empty());
        let chosen = chosen.map(Path::to_path_buf).or_else(|| variable.map(PathBuf::from));
        let choice = match chosen {
            _ if isolated => Choice::None,
            Some(path) => Choice::One(Arc::new(load(&here, &absolute(&here, &path))?)),
            None => Choice::Nearest,
        };
        let (known, read, errors) = Default::default();
        Ok(Self { choice, here, known, read, errors })
    }

    /// The directory that paths start from.
    #[must_use]
    pub fn here(&self) -> &Path {
        &self.here
    }

    /// What is wrong with the files that have been read so far.
    pub fn errors(&self) -> Vec<String> {
        self.errors.lock().map(|errors| errors.iter().cloned().collect()).unwrap_or_default()
    }

    /// The configuration that counts for a file.
    pub fn of_file(&self, path: &Path) -> Option<Arc<Config>> {
        let path = absolute(&self.here, path);
        self.of_directory(path.parent().unwrap_or(&self.here))
    }

    /// The configuration that counts in a directory.
    pub fn of_directory(&self, directory: &Path) -> Option<Arc<Config>> {
        match &self.choice {
            Choice::None => return None,
            Choice::One(config) => return Some(Arc::clone(config)),
            Choice::Nearest => {}
        }
        let directory = absolute(&self.here, directory);
        let mut above = Vec::new();
        let mut found = None;
        let mut directories = directory.ancestors();
        loop {
            let Some(directory) = directories.next() else {
                found = found.or_else(|| self.of_user());
                break;
            };
            let known = self.known.lock().ok().and_then(|known| known.get(directory).cloned());
            if let Some(known) = known {
                found = known;
                break;
            }
            above.push(directory.to_path_buf());
            match in_directory(&self.here, directory) {
                Ok(Some(file)) if leads_outside(&file) => {
                    let file = name_in(&self.here, &file);
                    self.fail([format!("{file}: a link to a file outside the repository")]);
                    break;
                }
                Ok(Some(file)) => {
                    found = self.load(&file);
                    break;
                }
                Ok(None) if directory.join(".git").exists() => {
                    found = self.of_user();
                    break;
                }
                Ok(None) => {}
                Err(error) => {
                    self.fail([error]);
                    break;
                }
            }
        }
        if let Ok(mut known) = self.known.lock() {
            known.extend(above.into_iter().map(|directory| (directory, found.clone())));
        }
        found
    }

    /// The user's own configuration.
    fn of_user(&self) -> Option<Arc<Config>> {
        let file = user_file()?;
        if file.is_file() { self.load(&file) } else { None }
    }

    fn load(&self, file: &Path) -> Option<Arc<Config>> {
        let mut read = self.read.lock().ok()?;
        if let Some(known) = read.get(file) {
            return known.clone();
        }
        let config = match load(&self.here, file) {
            Ok(config) => Some(Arc::new(config)),
            Err(errors) => {
                self.fail(errors);
                None
            }
        };
        read.insert(file.to_path_buf(), config.clone());
        config
    }

    fn fail(&self, errors: impl IntoIterator<Item = String>) {
        if let Ok(mut known) = self.errors.lock() {
            known.extend(errors);
        }
    }
}

impl Config {
    /// The files that it was read from.
    #[must_use]
    pub fn is_of(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.source.name() == path)
    }

    /// Whether a search passes the path by.
    pub fn excludes(&self, path: &Path, is_dir: bool) -> bool {
        let Some((directory, patterns)) = &self.exclude else { return false };
        let path = absolute(&self.here, path);
        path.strip_prefix(directory).is_ok_and(|path| {
            !path.as_os_str().is_empty() && patterns.matched_path_or_any_parents(path, is_dir).is_ignore()
        })
    }

    /// What `files:` says a file is.
    pub fn kind(&self, path: &Path) -> Option<SourceKind> {
        if self.kinds.is_empty() {
            return None;
        }
        let path = text(&absolute(&self.here, path));
        self.kinds.iter().find(|(pattern, _)| pattern.matches("", &path)).map(|(_, kind)| *kind)
    }

    /// The baseline file.
    pub fn baseline(&self) -> Option<PathBuf> {
        last(&self.layers, |options| options.baseline.as_ref())
            .map(|(directory, file)| PathBuf::from(join(directory, file)))
    }
}

/// The configuration file in a directory.
///
/// # Errors
/// When there are several.
fn in_directory(here: &Path, directory: &Path) -> Result<Option<PathBuf>, String> {
    let mut found = NAMES.into_iter().map(|name| directory.join(name)).filter(|path| path.is_file());
    match (found.next(), found.next()) {
        (Some(one), Some(other)) => Err(format!(
            "{} and {}: two configuration files in one directory; keep one",
            name_in(here, &one),
            name_in(here, &other)
        )),
        (found, _) => Ok(found),
    }
}

/// Where the user's own configuration would lie.
pub fn user_file() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let directory = if cfg!(windows) {
        variable("APPDATA")
    } else {
        variable("XDG_CONFIG_HOME").or_else(|| Some(variable("HOME")?.join(".config")))
    };
    Some(directory.filter(|directory| directory.is_absolute())?.join("plimsoll").join("config.yaml"))
}

/// Reads a file and those it extends.
fn load(here: &Path, file: &Path) -> Result<Config, Vec<String>> {
    let root = repository(file);
    let mut files: Vec<(PathBuf, ConfigFile)> = Vec::new();
    let mut next = Some(file.to_path_buf());
    while let Some(path) = next {
        let shown = name_in(here, &path);
        let text = disk::read(&path).map_err(|error| vec![unreadable(&path, &shown, &error)])?;
        let source = SourceFile::new(shown, text);
        let content = read(source.text())
            .map_err(|errors| errors.iter().map(|error| error.located(&source)).collect::<Vec<_>>())?;
        next = extended(&path, &source, &content, &root, &files)?;
        files.push((path, ConfigFile { source, content }));
    }
    files.reverse();
    let layer = |(path, file): &(PathBuf, ConfigFile)| {
        Layer::new(path.parent().map(text).unwrap_or_default(), file.content.options.clone())
    };
    let layers: Vec<Layer> = files.iter().map(layer).collect();
    let files: Vec<ConfigFile> = files.into_iter().map(|(_, file)| file).collect();
    let declared: Vec<&str> = layers.iter().flat_map(|layer| policies(&layer.options)).collect();
    let unknown = files.iter().flat_map(|file| {
        let errors = file.content.unknown_policies(&declared);
        errors.into_iter().map(|error| error.located(&file.source))
    });
    let unknown: Vec<String> = unknown.collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let exclude = exclude(&layers).map_err(|error| vec![format!("{}: {error}", name_in(here, file))])?;
    let kinds = kinds(&layers).map_err(|error| vec![format!("{}: {error}", name_in(here, file))])?;
    Ok(Config { files, layers, exclude, here: here.to_path_buf(), kinds })
}

/// The names of the policies that options declare.
pub(crate) fn policies(options: &Options) -> impl Iterator<Item = &str> {
    options.policies.iter().flatten().filter_map(|policy| policy.name())
}

fn unreadable(path: &Path, shown: &str, error: &FileError) -> String {
    match error {
        FileError::TooLarge(_) => format!("{shown}: larger than {LIMIT} bytes"),
        error => failure(path, shown, error),
    }
}

/// The file that one extends.
fn extended(
    path: &Path,
    source: &SourceFile,
    content: &Configuration,
    root: &Path,
    read: &[(PathBuf, ConfigFile)],
) -> Result<Option<PathBuf>, Vec<String>> {
    let Some(written) = &content.options.extends else { return Ok(None) };
    let at = content.places.get("extends").map_or(0, |span| span.start());
    let at = source.line_column(at);
    let fail = |why: &str| {
        Err(vec![format!("{}:{}:{}: `extends: {written}`: {why}", source.name(), at.line, at.column)])
    };
    if written.contains("://") {
        return fail("a configuration comes from a file, never from the network");
    }
    let directory = path.parent().unwrap_or(path);
    let joined = absolute(directory, Path::new(written));
    let Ok(target) = joined.canonicalize() else { return fail("no such file") };
    // What lies outside could be changed without anybody's review, and differs from machine to machine.
    if !target.starts_with(root) {
        return fail("the file lies outside the repository");
    }
    let same = |known: &Path| known.canonicalize().is_ok_and(|known| known == target);
    if same(path) || read.iter().any(|(known, _)| same(known)) {
        return fail("the file extends this one in turn");
    }
    if read.len() + 1 >= MOST_LAYERS {
        return fail("too many files extend each other");
    }
    Ok(Some(joined))
}

/// The repository a configuration file belongs to; without one, the directory of the file.
fn repository(file: &Path) -> PathBuf {
    let directory = file.parent().unwrap_or(file);
    let directory = directory.canonicalize().unwrap_or_else(|_| directory.to_path_buf());
    let root = directory.ancestors().find(|above| above.join(".git").exists());
    root.map_or_else(|| directory.clone(), Path::to_path_buf)
}

/// Whether a configuration file that was found is a link to what the repository has no say in: as with `extends`, and what is
/// wrong with it would be quoted.
fn leads_outside(file: &Path) -> bool {
    file.is_symlink() && file.canonicalize().is_ok_and(|target| !target.starts_with(repository(file)))
}

fn exclude(layers: &[Layer]) -> Result<Option<(PathBuf, Gitignore)>, String> {
    let Some((directory, patterns)) = last(layers, |options: &Options| options.exclude.as_ref()) else {
        return Ok(None);
    };
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        builder.add_line(None, pattern).map_err(|error| format!("exclude '{pattern}': {error}"))?;
    }
    let patterns = builder.build().map_err(|error| format!("exclude: {error}"))?;
    Ok(Some((PathBuf::from(directory), patterns)))
}
