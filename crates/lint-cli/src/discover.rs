//! From paths on the command line to sources.
//!
//! A named path that is missing, or that is neither Dockerfile nor Compose file, is an error: a gate must not pass
//! on a typing mistake. So is a file that cannot be read, named or found. A directory that cannot be entered is only
//! a warning: next to many a Compose file lies the data directory of a database, closed to everybody else.

use std::path::{Path, PathBuf};

use lint_core::syntax::text::near::closest;
use lint_disk::config_files::ConfigFiles;
use lint_disk::discover::{self, Search, Wanted};
pub(crate) use lint_disk::discover::{name, unreadable};

use crate::args::COMMANDS;
use crate::args::check::FileArgs;
use crate::args::values::FileType;
use crate::stdin;

/// What the paths came to.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Whether standard input was excluded, and is still to be read by whoever must pass it on.
    pub(crate) has_unread_stdin: bool,
    /// The name of what came on standard input, which is in no file that could be written.
    pub(crate) stdin: Option<String>,
    /// What was found.
    pub(crate) found: discover::Inputs,
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
    let wanted = Wanted {
        here: std::env::current_dir().unwrap_or_default(),
        exclude: args.exclude.clone(),
        extend_exclude: args.extend_exclude.clone(),
        force_exclude: args.force_exclude,
        no_respect_gitignore: args.no_respect_gitignore,
        kind: args.r#type.map(FileType::kind),
        jobs,
    };
    let search = Search::new(&wanted, configs, paths)?;
    let mut inputs = Inputs::default();
    if args.stdin_filename.is_some() && !paths.iter().any(|path| is_stdin(path)) {
        return Err(
            "--stdin-filename names what comes on standard input, but `-` is not among the paths".to_owned()
        );
    }
    // Standard input first: it is the newer text of a file that may be named, or found, as well.
    let (stdin, paths): (Vec<_>, Vec<_>) = paths.iter().partition(|path| is_stdin(path));
    if !stdin.is_empty() {
        read_stdin(&search, args, &mut inputs);
    }
    for path in paths {
        let missing = inputs.found.missing.len();
        search.path(path, &mut inputs.found);
        if inputs.found.missing.len() > missing
            && let Some(error) = inputs.found.errors.last_mut()
        {
            error.push_str(&hint(path));
        }
    }
    inputs.found.sort();
    Ok(inputs)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn read_stdin(search: &Search<'_>, args: &FileArgs, inputs: &mut Inputs) {
    let named = args.stdin_filename.as_deref();
    if let Some(path) = named
        && args.force_exclude
        && search.excludes(path)
    {
        inputs.found.skipped.push(format!("{}: excluded", name(path)));
        inputs.has_unread_stdin = true;
        return;
    }
    match stdin::source(named, search.kind(named.unwrap_or(Path::new("-")))) {
        Ok(source) => {
            inputs.stdin = Some(source.name.clone());
            inputs.found.sources.insert(source.name.clone(), source);
        }
        Err(error) => inputs.found.errors.push(error),
    }
}

/// What may be meant by a path that is not there.
fn hint(path: &Path) -> String {
    let word = path.to_str().unwrap_or_default();
    match closest(word, COMMANDS) {
        _ if COMMANDS.contains(&word) => {
            "; it was read as a path, since a command must come first".to_owned()
        }
        Some(command) => format!("; there is a command `{command}`"),
        None => String::new(),
    }
}
