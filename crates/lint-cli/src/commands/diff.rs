//! `plimsoll diff`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lint_core::config::Options;
use lint_core::kind::{NameSays, by_name, by_text, starts};
use lint_core::path::join;
use lint_core::policy::Portrait;
use lint_core::report::sarif::{self, SarifRun};
use lint_core::{FileError, Files, Report, Source};
use lint_disk::config_files::{ConfigFiles, text as slashes};
use lint_disk::disk::{self, Disk};
use lint_disk::git_index;
use lint_disk::git_state::GitState;

use crate::args::DiffArgs;
use crate::args::check::FileArgs;
use crate::args::values::DiffFormat;
use crate::changes::{Sides, Verdict, compare, render};
use crate::commands::Exit;
use crate::commands::told::{misconfigured, tell_report};
use crate::git::{Entry, Id, Repository};
use crate::messages::{Messages, Volume};
use crate::terminal::{self, Terminal};
use crate::{configure, discover, output};

/// The largest file that is taken for a Dockerfile or a Compose file, in bytes.
const LARGEST: usize = 4 << 20;

/// What one side is: what its containers are, and what is found in them.
struct Side {
    name: String,
    portraits: Vec<Portrait>,
    report: Report,
}

/// Compares two revisions, or one with the files as they are.
///
/// # Errors
/// When there is no repository or no such revision, in one line.
pub(crate) fn run(args: &DiffArgs) -> Result<Exit, String> {
    let messages = Messages { colour: terminal::stderr_uses_colour(args.color), volume: Volume::Normal };
    let configs = match ConfigFiles::new(args.config.as_deref(), args.isolated) {
        Ok(configs) => configs,
        Err(errors) => return Ok(misconfigured(messages, &errors)),
    };
    let directory =
        std::env::current_dir().and_then(|here| here.canonicalize()).map_err(|error| error.to_string())?;
    let none = || "there is no Git repository here".to_owned();
    let repository = Repository::around(&directory).ok_or_else(none)?;
    let revision = args.before.as_deref().unwrap_or("HEAD");
    let tree = |revision: &str| repository.tree_of(revision).map_err(|why| format!("{revision}: {why}"));
    let (old, new) = (tree(revision)?, args.after.as_deref().map(tree).transpose()?);
    // What Git does not know was there before as it is now.
    let disk = new.is_none().then(|| untracked(&directory));
    let before = of_tree(revision, &Tree::new(&repository, old, &directory, disk.as_ref())?, &configs)?;
    let after = match (new, &args.after) {
        (Some(tree), Some(revision)) => {
            of_tree(revision, &Tree::new(&repository, tree, &directory, None)?, &configs)?
        }
        _ => of_disk(&configs)?,
    };
    if !configs.errors().is_empty() {
        return Ok(misconfigured(messages, &configs.errors()));
    }
    let failed = tell_report(Messages { volume: Volume::Errors, ..messages }, &after.report);
    let sides =
        Sides { before: (&before.portraits, &before.report), after: (&after.portraits, &after.report) };
    let changes = compare(&sides);
    let text = match args.output_format {
        DiffFormat::Text => render::text(&changes, Terminal::stdout(args.color).colour),
        DiffFormat::Markdown => render::markdown(&changes),
        DiffFormat::Json => render::as_json(&changes, &before.name, &after.name),
        DiffFormat::Sarif => {
            let mut report = after.report.clone();
            report.findings = changes.new.iter().map(|finding| (*finding).clone()).collect();
            let rules = report.findings.iter().map(|finding| (finding.rule(), finding.rule().severity));
            sarif::write(&report, &SarifRun::new(rules))
        }
    };
    output::print(&text)?;
    let is_worse =
        changes.subjects.iter().flat_map(|changed| &changed.facts).any(|one| one.verdict() == Verdict::Worse);
    let fails = |finding: &&lint_core::Finding| {
        let least = configure::fail_on(&configs, &Options::default(), finding.file().name());
        least.is_some_and(|least| finding.severity >= least)
    };
    Ok(match (failed, args.fail_on_worse && (is_worse || changes.new.iter().any(fails))) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

fn side(name: &str, sources: &[Source], files: &dyn Files, configs: &ConfigFiles) -> Result<Side, String> {
    let linter = configure::linter(sources.iter(), configs, &Options::default(), |_| {})?;
    // What others are made of is compared where it is run.
    let extended = linter.extended_files(sources, files);
    let kept = sources.iter().filter(|source| !extended.contains(&source.name));
    let sources: Vec<Source> = kept.cloned().collect();
    let (portraits, report) = (linter.portraits(&sources, files), linter.lint_with(&sources, files));
    Ok(Side { name: name.to_owned(), portraits, report })
}

/// The files as they are.
fn of_disk(configs: &ConfigFiles) -> Result<Side, String> {
    let (paths, files) = ([PathBuf::from(".")], FileArgs::default());
    let inputs = discover::discover(&paths, &files, 1, configs)?;
    let sources: Vec<Source> = inputs.found.sources.into_values().collect();
    let linter = configure::linter(sources.iter(), configs, &Options::default(), |_| {})?;
    let disk = configure::disk(&sources, &linter, &paths, &files, Vec::new());
    side("the files as they are", &sources, &disk, configs)
}

fn of_tree(name: &str, tree: &Tree<'_>, configs: &ConfigFiles) -> Result<Side, String> {
    side(name, &tree.sources(configs), tree, configs)
}

/// The disk, and the paths of it that Git knows.
struct Untracked {
    disk: Disk,
    tracked: BTreeSet<String>,
}

fn untracked(directory: &Path) -> Untracked {
    let tracked = git_index::tracked(directory, |_| true).map(|(_, paths)| paths).unwrap_or_default();
    let roots = lint_disk::roots::Roots::of([Path::new(".")]);
    let disk = Disk { here: PathBuf::new(), only: None, roots, scripts: Vec::new(), git: GitState::silent() };
    Untracked { disk, tracked: tracked.iter().map(|path| slashes(path)).collect() }
}

/// The files of a revision, under the names that they have from the current directory.
struct Tree<'r> {
    repository: &'r Repository,
    id: Id,
    /// The current directory, from the root of the repository.
    here: String,
    files: BTreeMap<String, Id>,
    /// What lies on disk besides.
    besides: Option<&'r Untracked>,
}

impl<'r> Tree<'r> {
    fn new(
        repository: &'r Repository,
        id: Id,
        directory: &Path,
        besides: Option<&'r Untracked>,
    ) -> Result<Self, String> {
        let here = directory.strip_prefix(&repository.root).map(slashes).unwrap_or_default();
        let files = repository.files(id)?.into_iter().collect();
        Ok(Self { repository, id, here, files, besides })
    }

    /// A path from the root of the repository; `None` outside of it.
    fn inside(&self, name: &str) -> Option<String> {
        let path = join(&self.here, name);
        let path = path.strip_prefix("./").map(str::to_owned).unwrap_or(path);
        (!path.starts_with('/') && path != ".." && !path.starts_with("../")).then_some(path)
    }

    /// The disk, for a path that Git does not know.
    fn disk(&self, path: &str) -> Option<&Disk> {
        let besides = self.besides?;
        let below = format!("{path}/");
        let is_tracked = besides.tracked.contains(path)
            || besides.tracked.range(below.clone()..).next().is_some_and(|known| known.starts_with(&below));
        (!is_tracked).then_some(&besides.disk)
    }

    fn text(&self, id: Id) -> Result<String, FileError> {
        match self.repository.blob(id) {
            Some(bytes) if bytes.len() > LARGEST => Err(FileError::TooLarge(LARGEST as u64)),
            Some(bytes) => disk::text(bytes),
            None => {
                Err(FileError::Unreadable("is not here: the repository was fetched without it".to_owned()))
            }
        }
    }

    /// The Dockerfiles and Compose files below the current directory.
    fn sources(&self, configs: &ConfigFiles) -> Vec<Source> {
        let below = if self.here.is_empty() { String::new() } else { format!("{}/", self.here) };
        let config = configs.of_directory(Path::new("."));
        let found = self.files.iter().filter_map(|(path, id)| {
            let name = path.strip_prefix(&below)?;
            let path = Path::new(name);
            if config.as_ref().is_some_and(|config| config.excludes(path, false)) {
                return None;
            }
            let kind = match (config.as_ref().and_then(|config| config.kind(path)), by_name(path)) {
                (Some(kind), _) | (None, NameSays::Kind(kind)) => kind,
                (None, NameSays::Perhaps { .. }) => by_text(&self.text(*id).ok()?)?,
                (None, NameSays::MayStart(kind)) => {
                    let text = self.text(*id).ok()?;
                    if starts(kind, &text) { kind } else { by_text(&text)? }
                }
                _ => return None,
            };
            Some(Source::new(name, kind, Some(self.text(*id).ok()?)))
        });
        found.collect()
    }
}

impl Files for Tree<'_> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        let inside = self.inside(path).ok_or(FileError::NotFound)?;
        match self.files.get(&inside) {
            Some(id) => self.text(*id),
            None if self.exists(path) && self.disk(&inside).is_none() => Err(FileError::NotAFile),
            None => self.disk(&inside).map_or(Err(FileError::NotFound), |disk| disk.read(path)),
        }
    }

    fn exists(&self, path: &str) -> bool {
        let Some(inside) = self.inside(path) else { return false };
        let is_there = !matches!(self.repository.entry(self.id, &inside), Ok(Entry::Nothing) | Err(_));
        is_there || self.disk(&inside).is_some_and(|disk| disk.exists(path))
    }
}
