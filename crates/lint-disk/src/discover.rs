//! From paths on the command line to sources.
//!
//! A named path that is missing, or that is neither Dockerfile nor Compose file, is an error: a gate must not pass
//! on a typing mistake. So is a file that cannot be read, named or found. A directory that cannot be entered is only
//! a warning: next to many a Compose file lies the data directory of a database, closed to everybody else.

mod exclude;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder, WalkState};
use lint_core::path::may_call;
use lint_core::{Source, SourceKind};

use lint_core::kind::{self as file_type, NameSays};

use self::exclude::Exclude;
use crate::config_files::ConfigFiles;
use crate::disk::{self, Head};
use crate::roots::Roots;
use crate::{git_index, ignore_files};

pub use crate::paths::{name, name_in};
pub use crate::unreadable::{not_utf8, unreadable};

/// What the paths came to.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What to lint, by name.
    pub sources: BTreeMap<String, Source>,
    /// The paths that are not there, each with an error of its own.
    pub missing: Vec<PathBuf>,
    /// What is wrong with the paths: the run goes on with the rest and exits with 2.
    pub errors: Vec<String>,
    /// What was not searched.
    pub warnings: Vec<String>,
    /// What is called like ours and was left alone: whoever put it there should know.
    pub notes: Vec<String>,
    /// What was passed by, and why.
    pub skipped: Vec<String>,
    /// The directories that were searched.
    pub searched: Vec<String>,
    /// Scripts, Makefiles and workflows that were come across: what calls Docker may be among them.
    pub scripts: Vec<String>,
}

/// How files are looked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The directory that names start from.
    pub here: PathBuf,
    /// Patterns, written as in .gitignore, of what is skipped, in the place of those in configuration files.
    pub exclude: Vec<String>,
    /// More of them.
    pub extend_exclude: Vec<String>,
    /// Whether exclusions hold for what is named, too.
    pub force_exclude: bool,
    /// Whether `.gitignore` and `.ignore` count for nothing.
    pub no_respect_gitignore: bool,
    /// What named files are, whatever their names say.
    pub kind: Option<SourceKind>,
    /// How many threads search.
    pub jobs: usize,
}

/// The largest file that is taken for a script, in bytes; the core reads no larger one.
const LARGEST_SCRIPT: u64 = 512 << 10;

/// A search for what is to be linted.
#[derive(Debug)]
pub struct Search<'a> {
    wanted: &'a Wanted,
    exclude: Exclude,
    configs: &'a ConfigFiles,
    roots: Roots,
    /// Directories that the configuration excludes and somebody has named all the same: what lies in them is wanted.
    opened: Vec<PathBuf>,
}

impl<'a> Search<'a> {
    /// A search in the trees of `paths`.
    ///
    /// # Errors
    /// When an exclusion is no valid pattern.
    pub fn new(wanted: &'a Wanted, configs: &'a ConfigFiles, paths: &[PathBuf]) -> Result<Self, String> {
        let roots = Roots::from(&wanted.here, paths.iter().map(PathBuf::as_path));
        let mut search = Self {
            wanted,
            exclude: Exclude::new(wanted.exclude.iter().chain(&wanted.extend_exclude), &wanted.here)?,
            configs,
            roots,
            opened: Vec::new(),
        };
        if !wanted.force_exclude {
            let excluded = paths.iter().filter(|path| path.is_dir() && search.configured_exclude(path));
            search.opened = excluded.cloned().collect();
        }
        Ok(search)
    }

    fn name(&self, path: &Path) -> String {
        name_in(&self.wanted.here, path)
    }

    fn not_searched(&self, error: &ignore::Error) -> String {
        not_searched_in(&self.wanted.here, error)
    }

    /// Whether a path, or a directory it lies in, is excluded.
    #[must_use]
    pub fn excludes(&self, path: &Path) -> bool {
        self.exclude.covers(path) || self.configured_exclude(path)
    }

    /// Whether its configuration excludes a file; `--exclude` takes the place of what configurations say.
    fn configured_exclude(&self, path: &Path) -> bool {
        self.wanted.exclude.is_empty()
            && !self.opened.iter().any(|opened| path.starts_with(opened))
            && self.configs.of_file(path).is_some_and(|config| config.excludes(path, path.is_dir()))
    }

    /// What a file is, where somebody has said so.
    #[must_use]
    pub fn kind(&self, path: &Path) -> Option<SourceKind> {
        let configured = || self.configs.of_file(path)?.kind(path);
        self.wanted.kind.or_else(configured)
    }

    /// Finds the sources that a path stands for: the file itself, or what is in the directory.
    pub fn path(&self, path: &Path, inputs: &mut Inputs) {
        let shown = self.name(path);
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                inputs.missing.push(path.to_path_buf());
                inputs.errors.push(missing(&shown, &error));
                return;
            }
        };
        if self.wanted.force_exclude && self.excludes(path) {
            inputs.skipped.push(format!("{shown}: excluded"));
        } else if metadata.is_dir() {
            self.walk(path, inputs);
            inputs.searched.push(shown);
        } else if metadata.is_file() {
            self.named_file(path, shown, inputs);
        } else {
            inputs.errors.push(format!("{shown}: not a regular file; pass `-` to read standard input"));
        }
    }

    fn named_file(&self, path: &Path, shown: String, inputs: &mut Inputs) {
        if let Some(kind) = self.kind(path) {
            insert(path, shown, kind, inputs);
            return;
        }
        match file_type::by_name(path) {
            NameSays::MayStart(kind) => match disk::read(path) {
                Ok(text) if file_type::starts(kind, &text) => insert(path, shown, kind, inputs),
                Ok(text) => match file_type::by_content(&text).filter(|_| !self.wanted.force_exclude) {
                    Some(kind) => insert(path, shown, kind, inputs),
                    None => inputs.skipped.push(format!("{shown}: starts no containers")),
                },
                Err(error) => inputs.errors.push(unreadable(path, &shown, &error)),
            },
            // What pre-commit and editors pass is not chosen by hand: there, a template is passed by as in a search.
            NameSays::Never | NameSays::Template(_) if self.wanted.force_exclude => {
                inputs.skipped.push(format!("{shown}: neither Dockerfile nor Compose file by its name"));
            }
            NameSays::Kind(kind) if self.wanted.force_exclude => insert_if_ours(path, shown, kind, inputs),
            NameSays::Kind(kind) | NameSays::Template(kind) => insert(path, shown, kind, inputs),
            NameSays::Perhaps { .. } if self.wanted.force_exclude => {
                self.perhaps(path, shown, true, inputs);
            }
            NameSays::Never => inputs.errors.push(format!("{shown}: {UNKNOWN_TYPE}")),
            NameSays::Unknown | NameSays::Perhaps { .. } => match disk::read(path) {
                Ok(text) => match file_type::by_content(&text) {
                    Some(kind) => insert(path, shown, kind, inputs),
                    None => inputs.errors.push(format!("{shown}: {UNKNOWN_TYPE}")),
                },
                Err(error) => inputs.errors.push(unreadable(path, &shown, &error)),
            },
        }
    }

    /// Searches a directory, hidden ones in it too (`.devcontainer`, `.github`), but for `.git`.
    fn walk(&self, root: &Path, inputs: &mut Inputs) {
        let respects = !self.wanted.no_respect_gitignore && self.can_respect(root, inputs);
        let mut builder = WalkBuilder::new(root);
        builder
            .standard_filters(respects)
            .hidden(false)
            // An unpacked release must give the same verdict as the repository it came from.
            .require_git(false)
            .threads(self.wanted.jobs);
        let exclude = self.exclude.clone();
        let heeds_config = self.wanted.exclude.is_empty() && !self.opened.iter().any(|opened| opened == root);
        let config = if heeds_config { self.configs.of_directory(root) } else { None };
        let not_searched = Arc::new(Mutex::new(Vec::new()));
        let said = Arc::clone(&not_searched);
        let here = self.wanted.here.clone();
        builder.filter_entry(move |entry| {
            let (path, is_dir) = (entry.path(), is_dir(entry));
            if respects
                && is_dir
                && entry.depth() > 0
                && let Some((file, why)) = ignore_files::unusable(path)
            {
                let said = said.lock().map(|mut said| {
                    said.push(format!("{}: not searched: its {file} is {why}", name_in(&here, path)))
                });
                return said.is_err();
            }
            let excluded = || config.as_ref().is_some_and(|config| is_dir && config.excludes(path, true));
            entry.depth() == 0
                || !(entry.file_name() == ".git" || exclude.matches(path, is_dir) || excluded())
        });
        self.search(&builder, inputs);
        if let Ok(mut said) = not_searched.lock() {
            inputs.warnings.append(&mut said);
        }
        if respects {
            self.tracked(root, inputs);
        }
    }

    /// Whether the ignore files of a directory and of those above it can be read. Without them more is found, not less.
    fn can_respect(&self, root: &Path, inputs: &mut Inputs) -> bool {
        let Ok(path) = root.canonicalize() else { return true };
        let Some((directory, (file, why))) =
            path.ancestors().find_map(|above| Some((above, ignore_files::unusable(above)?)))
        else {
            return true;
        };
        let file = self.name(&directory.join(file));
        inputs
            .warnings
            .push(format!("{file}: {why}; no ignore files are respected under {}", self.name(root)));
        false
    }

    /// Inserts what git tracks although a pattern of `.gitignore` names it: it is as much a part of the repository as the rest.
    fn tracked(&self, root: &Path, inputs: &mut Inputs) {
        let is_ours = |path: &Path| {
            matches!(file_type::by_name(path), NameSays::Kind(_) | NameSays::Perhaps { is_near: true })
        };
        let (Some((repository, paths)), Ok(real)) = (git_index::tracked(root, is_ours), root.canonicalize())
        else {
            return;
        };
        for path in paths {
            let path = repository.join(path);
            let Ok(below) = path.strip_prefix(&real) else { continue };
            let path = root.join(below);
            let shown = self.name(&path);
            let known = inputs.sources.contains_key(&shown) || self.excludes(&path);
            let told = || {
                let about = format!("{shown}: ");
                inputs.skipped.iter().chain(&inputs.notes).any(|said| said.starts_with(&about))
            };
            if !known && fs::symlink_metadata(&path).is_ok() && !told() {
                self.judge(&path, self.name(&path), path.is_symlink(), inputs);
            }
        }
    }

    fn search(&self, builder: &WalkBuilder, inputs: &mut Inputs) {
        if self.wanted.jobs <= 1 {
            for entry in builder.build() {
                self.found(entry, inputs);
            }
            return;
        }
        let shared = Mutex::new(inputs);
        builder.build_parallel().run(|| {
            Box::new(|entry| {
                let mut mine = Inputs::default();
                self.found(entry, &mut mine);
                if let Ok(mut inputs) = shared.lock() {
                    inputs.add(mine);
                }
                WalkState::Continue
            })
        });
    }

    /// Judges what a walk comes across.
    fn found(&self, entry: Result<DirEntry, ignore::Error>, inputs: &mut Inputs) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                inputs.warnings.push(self.not_searched(&error));
                return;
            }
        };
        if is_dir(&entry) {
            return;
        }
        let shown = self.name(entry.path());
        if may_call(&shown) && is_small(&entry) && !self.configured_exclude(entry.path()) {
            inputs.scripts.push(shown.clone());
        }
        self.judge(entry.path(), shown, entry.path_is_symlink(), inputs);
    }

    /// Judges a file that was come across.
    fn judge(&self, path: &Path, shown: String, is_link: bool, inputs: &mut Inputs) {
        let by_name = file_type::by_name(path);
        let configured = self.configs.of_file(path).and_then(|config| config.kind(path));
        let kind = match by_name {
            _ if configured.is_some() => configured,
            NameSays::Kind(kind) => Some(kind),
            NameSays::Perhaps { .. } => None,
            NameSays::MayStart(kind) => match script(path) {
                Some(text) if file_type::starts(kind, &text) => Some(kind),
                // It has been read; nobody need do so again.
                Some(text) if is_yaml(path) && file_type::by_text(&text).is_none() => return,
                _ if is_yaml(path) => return self.perhaps(path, shown, false, inputs),
                _ => return,
            },
            NameSays::Template(_) => {
                inputs.skipped.push(format!("{shown}: a template; name it to have it linted"));
                return;
            }
            NameSays::Never | NameSays::Unknown => return,
        };
        if self.configured_exclude(path) {
            inputs.skipped.push(format!("{shown}: excluded"));
            return;
        }
        // A symbolic link counts as what it points to, but a search follows none to a directory: they may go in circles.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() && !is_link => {}
            Ok(metadata) if metadata.is_file() && (self.roots.hold(path) || leads_to_ours(path)) => {}
            Ok(metadata) if metadata.is_file() => {
                inputs.skipped.push(format!("{shown}: a link to a file outside the repository"));
                return;
            }
            Ok(_) => {
                inputs.skipped.push(format!("{shown}: not a regular file"));
                return;
            }
            Err(_) => {
                inputs.skipped.push(format!("{shown}: a link that leads nowhere"));
                return;
            }
        }
        match (kind, by_name) {
            (Some(kind), _) if configured.is_some() => insert(path, shown, kind, inputs),
            (Some(kind), _) => insert_if_ours(path, shown, kind, inputs),
            (None, NameSays::Perhaps { is_near }) => self.perhaps(path, shown, is_near, inputs),
            (None, _) => {}
        }
    }

    /// Inserts a file that may be one of ours by its name, if its text shows that it is.
    fn perhaps(&self, path: &Path, shown: String, is_near: bool, inputs: &mut Inputs) {
        // JSON is everywhere, and of all there is only a manifest is looked for: it says so in its first lines.
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        if is_json && !is_near && !disk::begins_with(path, "\"apiVersion\"") {
            return;
        }
        let kind = match disk::head(path) {
            Head::Text(text) => file_type::by_text(&text).filter(|kind| file_type::may_be(path, *kind)),
            Head::Binary | Head::Unreadable => None,
        };
        match kind {
            Some(kind) => insert(path, shown, kind, inputs),
            None if is_near => {
                inputs.skipped.push(format!("{shown}: neither Dockerfile nor Compose file by its text"));
            }
            None => {}
        }
    }
}

impl Inputs {
    /// Brings what was said into an order: a walk comes in any.
    pub fn sort(&mut self) {
        self.errors.sort();
        self.warnings.sort();
        self.notes.sort();
        self.skipped.sort();
    }

    fn add(&mut self, more: Inputs) {
        for (name, source) in more.sources {
            self.sources.entry(name).or_insert(source);
        }
        self.errors.extend(more.errors);
        self.warnings.extend(more.warnings);
        self.notes.extend(more.notes);
        self.skipped.extend(more.skipped);
        self.scripts.extend(more.scripts);
    }
}

const UNKNOWN_TYPE: &str =
    "neither Dockerfile nor Compose file by its name or content; pass --type to say which it is";

/// Inserts a file that nobody chose by hand, unless its content shows that it only has the name in common with ours.
fn insert_if_ours(path: &Path, shown: String, kind: SourceKind, inputs: &mut Inputs) {
    match disk::head(path) {
        Head::Text(text) => match file_type::lacks(kind, &file_name(path), &text) {
            Some(what) => inputs.skipped.push(format!("{shown}: no {what}")),
            None => insert(path, shown, kind, inputs),
        },
        Head::Binary => inputs.notes.push(format!("{shown}: not read: a binary file, not text")),
        // Whatever keeps it from being read, the linter will find the same and say so.
        Head::Unreadable => insert(path, shown, kind, inputs),
    }
}

fn insert(path: &Path, name: String, kind: SourceKind, inputs: &mut Inputs) {
    // The core knows names as text, so what has no such name must be read here.
    let text = match path.to_str().is_none().then(|| disk::read(path)) {
        Some(Ok(text)) => Some(text),
        Some(Err(error)) => {
            inputs.errors.push(unreadable(path, &name, &error));
            return;
        }
        None => None,
    };
    inputs.sources.entry(name.clone()).or_insert(Source::new(name, kind, text));
}

/// Whether a link leads to a Dockerfile or a Compose file, which is read wherever it lies.
fn leads_to_ours(path: &Path) -> bool {
    disk::read(path).is_ok_and(|text| file_type::is_surely_ours(&text))
}

fn missing(shown: &str, error: &std::io::Error) -> String {
    let why = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("{shown}: {why}")
}

fn not_searched_in(here: &Path, error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { path, err } => {
            let why = match err.io_error().map(std::io::Error::kind) {
                Some(ErrorKind::PermissionDenied) => "permission denied".to_owned(),
                _ => err.to_string(),
            };
            format!("{}: not searched: {why}", name_in(here, path))
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            not_searched_in(here, err)
        }
        other => other.to_string(),
    }
}

/// The text of a file that may start containers. What is large was not written by hand.
fn script(path: &Path) -> Option<String> {
    fs::metadata(path).ok().filter(|metadata| metadata.is_file() && metadata.len() <= LARGEST_SCRIPT)?;
    disk::read(path).ok()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}

fn is_small(entry: &DirEntry) -> bool {
    entry.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST_SCRIPT)
}

fn is_dir(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_else(|| OsStr::new("")).to_string_lossy().into_owned()
}
