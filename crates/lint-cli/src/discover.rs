//! From paths on the command line to sources.
//!
//! A named path that is missing, or that is neither Dockerfile nor Compose file, is an error: a gate must not pass
//! on a typing mistake. So is a file that cannot be read, named or found. A directory that cannot be entered is only
//! a warning: next to many a Compose file lies the data directory of a database, closed to everybody else.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};
use lint_core::path::{may_call, normalise};
use lint_core::syntax::text::near::closest;
use lint_core::{Source, SourceKind};

use crate::args::values::FileType;
use crate::args::{COMMANDS, FileArgs};
use crate::config_files::ConfigFiles;
use crate::disk::{self, Head};
use crate::file_type::{self, NameSays};
use crate::roots::Roots;
use crate::{git_index, ignore_files, stdin};

/// What the paths came to.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Whether standard input was excluded, and is still to be read by whoever must pass it on.
    pub(crate) has_unread_stdin: bool,
    /// The name of what came on standard input, which is in no file that could be written.
    pub(crate) stdin: Option<String>,
    /// What to lint, by name.
    pub(crate) sources: BTreeMap<String, Source>,
    /// What is wrong with the paths: the run goes on with the rest and exits with 2.
    pub(crate) errors: Vec<String>,
    /// What was not searched.
    pub(crate) warnings: Vec<String>,
    /// What is called like ours and was left alone: whoever put it there should know.
    pub(crate) notes: Vec<String>,
    /// What was passed by, and why.
    pub(crate) skipped: Vec<String>,
    /// The directories that were searched.
    pub(crate) searched: Vec<String>,
    /// Scripts, Makefiles and workflows that were come across: what calls Docker may be among them.
    pub(crate) scripts: Vec<String>,
}

/// Finds the sources that the paths stand for.
///
/// # Errors
/// When an exclusion is no valid pattern, or the flags do not go together.
pub(crate) fn discover(
    paths: &[PathBuf],
    args: &FileArgs,
    jobs: usize,
    configs: &ConfigFiles,
) -> Result<Inputs, String> {
    let roots = Roots::of(paths.iter().map(PathBuf::as_path));
    let mut search = Search { args, exclude: Exclude::new(args)?, jobs, configs, roots, opened: Vec::new() };
    if !args.force_exclude {
        let excluded = paths.iter().filter(|path| path.is_dir() && search.configured_exclude(path));
        search.opened = excluded.map(PathBuf::as_path).collect();
    }
    let mut inputs = Inputs::default();
    if args.stdin_filename.is_some() && !paths.iter().any(|path| is_stdin(path)) {
        return Err(
            "--stdin-filename names what comes on standard input, but `-` is not among the paths".to_owned()
        );
    }
    // Standard input first: it is the newer text of a file that may be named, or found, as well.
    let (stdin, paths): (Vec<_>, Vec<_>) = paths.iter().partition(|path| is_stdin(path));
    if !stdin.is_empty() {
        search.stdin(&mut inputs);
    }
    for path in paths {
        search.path(path, &mut inputs);
    }
    // The walk comes in any order.
    inputs.errors.sort();
    inputs.warnings.sort();
    inputs.notes.sort();
    inputs.skipped.sort();
    Ok(inputs)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path as it is printed and as the core knows it: `/`-separated, without `.` and `name/..`, relative to the
/// current directory where it lies below it.
pub(crate) fn name(path: &Path) -> String {
    let here = if path.is_absolute() { std::env::current_dir().ok() } else { None };
    let path = here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_string_lossy();
    if cfg!(windows) { normalise(&path.replace('\\', "/")) } else { normalise(&path) }
}

/// The largest file that is taken for a script, in bytes; the core reads no larger one.
const LARGEST_SCRIPT: u64 = 512 << 10;

struct Search<'a> {
    args: &'a FileArgs,
    exclude: Exclude,
    jobs: usize,
    configs: &'a ConfigFiles,
    roots: Roots,
    /// Directories that the configuration excludes and somebody has named all the same: what lies in them is wanted.
    opened: Vec<&'a Path>,
}

impl Search<'_> {
    /// Whether a path, or a directory it lies in, is excluded.
    fn excludes(&self, path: &Path) -> bool {
        self.exclude.covers(path) || self.configured_exclude(path)
    }

    /// Whether its configuration excludes a file; `--exclude` takes the place of what configurations say.
    fn configured_exclude(&self, path: &Path) -> bool {
        self.args.exclude.is_empty()
            && !self.opened.iter().any(|opened| path.starts_with(opened))
            && self.configs.of_file(path).is_some_and(|config| config.excludes(path, path.is_dir()))
    }

    /// What a file is, where somebody has said so.
    fn kind(&self, path: &Path) -> Option<SourceKind> {
        let configured = || self.configs.of_file(path)?.kind(path);
        self.args.r#type.map(FileType::kind).or_else(configured)
    }

    fn stdin(&self, inputs: &mut Inputs) {
        let named = self.args.stdin_filename.as_deref();
        if let Some(path) = named
            && self.args.force_exclude
            && self.excludes(path)
        {
            inputs.skipped.push(format!("{}: excluded", name(path)));
            inputs.has_unread_stdin = true;
            return;
        }
        match stdin::source(named, self.kind(named.unwrap_or(Path::new("-")))) {
            Ok(source) => {
                inputs.stdin = Some(source.name.clone());
                inputs.sources.insert(source.name.clone(), source);
            }
            Err(error) => inputs.errors.push(error),
        }
    }

    fn path(&self, path: &Path, inputs: &mut Inputs) {
        let shown = name(path);
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                inputs.errors.push(missing(path, &shown, &error));
                return;
            }
        };
        if self.args.force_exclude && self.excludes(path) {
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
            // What pre-commit and editors pass is not chosen by hand: there, a template is passed by as in a search.
            NameSays::Never | NameSays::Template(_) if self.args.force_exclude => {
                inputs.skipped.push(format!("{shown}: neither Dockerfile nor Compose file by its name"));
            }
            NameSays::Kind(kind) if self.args.force_exclude => insert_if_ours(path, shown, kind, inputs),
            NameSays::Kind(kind) | NameSays::Template(kind) => insert(path, shown, kind, inputs),
            NameSays::Perhaps { .. } if self.args.force_exclude => {
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
        let respects = !self.args.no_respect_gitignore && self.can_respect(root, inputs);
        let mut builder = WalkBuilder::new(root);
        builder
            .standard_filters(respects)
            .hidden(false)
            // An unpacked release must give the same verdict as the repository it came from.
            .require_git(false)
            .threads(self.jobs);
        let exclude = self.exclude.clone();
        let heeds_config = self.args.exclude.is_empty() && !self.opened.contains(&root);
        let config = if heeds_config { self.configs.of_directory(root) } else { None };
        let not_searched = Arc::new(Mutex::new(Vec::new()));
        let said = Arc::clone(&not_searched);
        builder.filter_entry(move |entry| {
            let (path, is_dir) = (entry.path(), is_dir(entry));
            if respects
                && is_dir
                && entry.depth() > 0
                && let Some((file, why)) = ignore_files::unusable(path)
            {
                let said = said
                    .lock()
                    .map(|mut said| said.push(format!("{}: not searched: its {file} is {why}", name(path))));
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
        let file = name(&directory.join(file));
        inputs.warnings.push(format!("{file}: {why}; no ignore files are respected under {}", name(root)));
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
            let shown = name(&path);
            let known = inputs.sources.contains_key(&shown) || self.excludes(&path);
            let told = || {
                let about = format!("{shown}: ");
                inputs.skipped.iter().chain(&inputs.notes).any(|said| said.starts_with(&about))
            };
            if !known && fs::symlink_metadata(&path).is_ok() && !told() {
                self.judge(&path, path.is_symlink(), inputs);
            }
        }
    }

    fn search(&self, builder: &WalkBuilder, inputs: &mut Inputs) {
        if self.jobs <= 1 {
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
                inputs.warnings.push(not_searched(&error));
                return;
            }
        };
        if is_dir(&entry) {
            return;
        }
        let shown = name(entry.path());
        if may_call(&shown) && is_small(&entry) && !self.configured_exclude(entry.path()) {
            inputs.scripts.push(shown);
        }
        self.judge(entry.path(), entry.path_is_symlink(), inputs);
    }

    /// Judges a file that was come across.
    fn judge(&self, path: &Path, is_link: bool, inputs: &mut Inputs) {
        let shown = name(path);
        let by_name = file_type::by_name(path);
        let configured = self.configs.of_file(path).and_then(|config| config.kind(path));
        let kind = match by_name {
            _ if configured.is_some() => configured,
            NameSays::Kind(kind) => Some(kind),
            NameSays::Perhaps { .. } => None,
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
    let (is_another, what): (fn(&str) -> bool, _) = match kind {
        SourceKind::Compose if !file_type::is_default_compose_name(&file_name(path)) => {
            (file_type::is_another_mapping, "key of a Compose file")
        }
        SourceKind::DaemonJson => (file_type::is_another_daemon, "option of the Docker daemon"),
        _ => (|_| false, ""),
    };
    match disk::head(path) {
        Head::Text(text) if is_another(&text) => {
            inputs.skipped.push(format!("{shown}: no {what} at its root"));
        }
        Head::Binary => inputs.notes.push(format!("{shown}: not read: a binary file, not text")),
        // Whatever keeps it from being read, the linter will find the same and say so.
        Head::Text(_) | Head::Unreadable => insert(path, shown, kind, inputs),
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

/// One line on why a file could not be read, with the place where its bytes are the reason.
pub(crate) fn unreadable(path: &Path, shown: &str, error: &lint_core::FileError) -> String {
    if let lint_core::FileError::NotUtf8(offset) = error
        && let Ok(bytes) = disk::bytes(path)
    {
        return not_utf8(shown, &bytes, *offset);
    }
    format!("{shown}: {error}")
}

/// One line on bytes that are not UTF-8.
pub(crate) fn not_utf8(shown: &str, bytes: &[u8], offset: usize) -> String {
    // No text has such a byte, and a place in what is none helps nobody.
    if bytes.get(..offset).is_some_and(|before| before.contains(&0)) {
        return format!("{shown}: a binary file, not text");
    }
    let (line, column) = disk::line_column(bytes, offset);
    let byte = bytes.get(offset).map(|byte| format!(" (byte 0x{byte:02X})")).unwrap_or_default();
    format!("{shown}:{line}:{column}: not UTF-8 text{byte}")
}

/// Whether a link leads to a Dockerfile or a Compose file, which is read wherever it lies.
fn leads_to_ours(path: &Path) -> bool {
    disk::read(path).is_ok_and(|text| file_type::is_surely_ours(&text))
}

fn missing(path: &Path, shown: &str, error: &std::io::Error) -> String {
    let why = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    let word = path.to_str().unwrap_or_default();
    let hint = match closest(word, COMMANDS) {
        _ if COMMANDS.contains(&word) => {
            "; it was read as a path, since a command must come first".to_owned()
        }
        Some(command) => format!("; there is a command `{command}`"),
        None => String::new(),
    };
    format!("{shown}: {why}{hint}")
}

fn not_searched(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { path, err } => {
            let why = match err.io_error().map(std::io::Error::kind) {
                Some(ErrorKind::PermissionDenied) => "permission denied".to_owned(),
                _ => err.to_string(),
            };
            format!("{}: not searched: {why}", name(path))
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => not_searched(err),
        other => other.to_string(),
    }
}

/// Whether a file is small enough to have been written by hand.
fn is_small(entry: &DirEntry) -> bool {
    entry.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST_SCRIPT)
}

fn is_dir(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_else(|| OsStr::new("")).to_string_lossy().into_owned()
}

/// `--exclude` and `--extend-exclude`, with the meaning such patterns have in a .gitignore of the current directory.
#[derive(Clone)]
struct Exclude(Gitignore);

impl Exclude {
    fn new(args: &FileArgs) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new("");
        for pattern in args.exclude.iter().chain(&args.extend_exclude) {
            builder.add_line(None, pattern).map_err(|error| format!("--exclude '{pattern}': {error}"))?;
        }
        builder.build().map(Exclude).map_err(|error| format!("--exclude: {error}"))
    }

    fn matches(&self, path: &Path, is_dir: bool) -> bool {
        !self.0.is_empty() && self.0.matched(name(path), is_dir).is_ignore()
    }

    /// Whether a path, or a directory it lies in, is excluded.
    fn covers(&self, path: &Path) -> bool {
        let shown = name(path);
        let shown = Path::new(&shown);
        self.matches(shown, path.is_dir())
            || shown.ancestors().skip(1).any(|directory| self.matches(directory, true))
    }
}
