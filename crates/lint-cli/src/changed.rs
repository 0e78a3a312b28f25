//! `--changed-since`: what a branch has brought, told from what was there before.
//!
//! The same linter judges the files as they were where the branch began. A finding is new when none like it was found there, wherever
//! its lines have gone, or when it lies on a line that was changed. Lines alone would not do: who deletes `USER app` changes no line
//! that a finding could lie on.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use lint_core::path::join;
use lint_core::syntax::text::source::SourceFile;
use lint_core::{FileError, Files, Finding, InGit, Linter, Report, Source};
use similar::{ChangeTag, TextDiff};

use lint_disk::config_files::text as slashes;
use lint_disk::disk::{self, Disk};
use lint_disk::git_index;

use crate::git::{Entry, Id, Repository};

/// How long two versions of one file are compared; what is left then counts as changed.
const PATIENCE: Duration = Duration::from_secs(2);

/// The files as they were where the branch began.
#[derive(Debug)]
pub(crate) struct Before {
    repository: Repository,
    tree: Id,
    /// The working directory, as the core knows it, and where it lies in the repository.
    here: String,
    root: String,
    /// The paths that Git knows now: one that was not in the tree is new. What Git does not know was always there.
    tracked: BTreeSet<String>,
}

impl Before {
    /// The files as they were when the branch left `revision`.
    ///
    /// # Errors
    /// When that cannot be found out, in one line.
    pub(crate) fn new(revision: &str) -> Result<Self, String> {
        let wrong = |why: String| format!("--changed-since: {why}");
        let directory = std::env::current_dir().map_err(|error| wrong(error.to_string()))?;
        let none = || wrong("there is no Git repository here".to_owned());
        let directory = directory.canonicalize().map_err(|error| wrong(error.to_string()))?;
        let repository = Repository::around(&directory).ok_or_else(none)?;
        let tree = repository.base(revision).map_err(wrong)?;
        // A history without its trees, as a partial clone may have it, would make everything new.
        repository.entry(tree, "Dockerfile").map_err(wrong)?;
        let tracked = git_index::tracked(&directory, |_| true).map(|(_, paths)| paths).unwrap_or_default();
        let tracked = tracked.iter().map(|path| slashes(path)).collect();
        let root = slashes(&repository.root);
        Ok(Self { tree, here: slashes(&directory), root, tracked, repository })
    }

    /// A path from the root of the repository; `None` outside of it.
    fn inside(&self, name: &str) -> Option<String> {
        let path = join(&self.here, name);
        if path == self.root {
            return Some(String::new());
        }
        Some(path.strip_prefix(&self.root)?.strip_prefix('/')?.to_owned())
    }

    /// What lay at the place of a file. What cannot be looked up is elsewhere.
    fn entry(&self, name: &str) -> Entry {
        let Some(path) = self.inside(name) else { return Entry::Elsewhere };
        self.repository.entry(self.tree, &path).unwrap_or(Entry::Elsewhere)
    }

    /// Whether Git knows a file now, or one below a directory.
    fn is_tracked(&self, path: &str) -> bool {
        let below = format!("{path}/");
        self.tracked.contains(path)
            || self.tracked.range(below.clone()..).next().is_some_and(|p| p.starts_with(&below))
    }

    /// What a file held; with the line ends that it has now, which Git may have changed on the way to the disk.
    fn text(&self, name: &str, now: &str) -> Was {
        let id = match self.entry(name) {
            Entry::File(id) => id,
            Entry::Nothing | Entry::Directory => return Was::New,
            Entry::Elsewhere => return Was::Unknown,
        };
        match self.repository.blob(id).map(disk::text) {
            Some(Ok(text)) if now.contains("\r\n") && !text.contains("\r\n") => {
                Was::Text(text.replace('\n', "\r\n"))
            }
            Some(Ok(text)) => Was::Text(text),
            _ => Was::Unknown,
        }
    }

    /// Takes out of a report what was there before; how many findings those are.
    pub(crate) fn keep_new(
        &self,
        report: &mut Report,
        linter: &Linter,
        sources: &[Source],
        disk: &Disk,
    ) -> usize {
        let old: Vec<Source> = sources.iter().filter_map(|source| self.source(source, disk)).collect();
        let named = sources.iter().map(|source| source.name.as_str()).collect();
        let before = linter.lint_with(&old, &Window { before: self, disk, named });
        let mut known: HashMap<String, usize> = HashMap::new();
        for finding in before.findings.iter().chain(&before.baselined) {
            *known.entry(kind(finding)).or_default() += 1;
        }
        let mut files: HashMap<String, Changes> = HashMap::new();
        let findings = std::mem::take(&mut report.findings);
        let all = findings.len();
        let touched: Vec<bool> = findings
            .iter()
            .map(|finding| {
                let file = finding.file();
                let changes = files.entry(file.name().to_owned()).or_insert_with(|| self.changes(file));
                changes.touch(finding)
            })
            .collect();
        // How many of a kind are more than there were. Those on changed lines are the likely ones.
        let mut more: HashMap<String, usize> = HashMap::new();
        findings.iter().for_each(|finding| *more.entry(kind(finding)).or_default() += 1);
        for (kind, count) in &mut more {
            *count = count.saturating_sub(known.get(kind).copied().unwrap_or_default());
        }
        for (finding, _) in findings.iter().zip(&touched).filter(|(_, touched)| **touched) {
            more.entry(kind(finding)).and_modify(|count| *count = count.saturating_sub(1));
        }
        let is_new = |(finding, touched): (Finding, bool)| {
            let left = more.get_mut(&kind(&finding)).filter(|left| **left > 0 && !touched);
            let is_more = left.map(|left| *left -= 1).is_some();
            (touched || is_more).then_some(finding)
        };
        report.findings = findings.into_iter().zip(touched).filter_map(is_new).collect();
        all - report.findings.len()
    }

    /// A source as it was; `None` for one that is new.
    fn source(&self, source: &Source, disk: &Disk) -> Option<Source> {
        let now = source.text.clone().map_or_else(|| disk.read(&source.name), Ok).unwrap_or_default();
        match self.text(&source.name, &now) {
            Was::Text(text) => Some(Source::new(source.name.clone(), source.kind, Some(text))),
            Was::New => None,
            Was::Unknown => Some(source.clone()),
        }
    }

    fn changes(&self, file: &SourceFile) -> Changes {
        match self.text(file.name(), file.text()) {
            Was::Text(text) if text == file.text() => Changes::Lines(HashSet::new()),
            Was::Text(text) => Changes::Lines(changed_lines(&text, file.text())),
            Was::New | Was::Unknown => Changes::All,
        }
    }
}

/// What a file was.
enum Was {
    Text(String),
    /// Not there.
    New,
    /// Where it lies, nobody can tell.
    Unknown,
}

/// What became of a file.
enum Changes {
    All,
    /// These lines, counted from 1.
    Lines(HashSet<usize>),
}

impl Changes {
    /// Whether a finding lies on what was changed. Behind a text that cannot be read there may be anything, so that counts in
    /// every file that has changed at all.
    fn touch(&self, finding: &Finding) -> bool {
        let lines = match self {
            Changes::All => return true,
            Changes::Lines(lines) => lines,
        };
        if !finding.rule.suppressible {
            return !lines.is_empty();
        }
        let (file, span) = (finding.file(), finding.span());
        let last = file.line(span.end().saturating_sub(1).max(span.start()));
        (file.line(span.start())..=last).any(|line| lines.contains(&line))
    }
}

/// The lines of `now` that `before` does not have there.
fn changed_lines(before: &str, now: &str) -> HashSet<usize> {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before, now);
    let new = diff.iter_all_changes().filter(|change| change.tag() == ChangeTag::Insert);
    new.filter_map(|change| change.new_index()).map(|index| index + 1).collect()
}

/// What a finding is known by, without the number that tells it from those alike.
fn kind(finding: &Finding) -> String {
    let mut finding = finding.clone();
    finding.alike = 0;
    finding.fingerprint()
}

/// Whether a path may be read at all.
fn allows(disk: &Disk, path: &str) -> bool {
    disk.only.as_ref().is_none_or(|only| only.contains(path))
}

/// The files that the linted ones refer to, as they were.
struct Window<'a> {
    before: &'a Before,
    disk: &'a Disk,
    /// What is linted now: one of these that the tree lacks is new, whether or not Git knows it yet.
    named: HashSet<&'a str>,
}

impl Window<'_> {
    fn is_new(&self, path: &str) -> bool {
        self.named.contains(path)
            || self.before.inside(path).is_some_and(|path| self.before.is_tracked(&path))
    }
}

impl Files for Window<'_> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        if !allows(self.disk, path) {
            return Err(FileError::NotFollowed);
        }
        match self.before.entry(path) {
            Entry::File(_) => match self.before.text(path, &self.disk.read(path).unwrap_or_default()) {
                Was::Text(text) => Ok(text),
                Was::New | Was::Unknown => self.disk.read(path),
            },
            Entry::Directory => Err(FileError::NotAFile),
            Entry::Nothing if self.is_new(path) => Err(FileError::NotFound),
            Entry::Nothing | Entry::Elsewhere => self.disk.read(path),
        }
    }

    fn exists(&self, path: &str) -> bool {
        allows(self.disk, path)
            && match self.before.entry(path) {
                Entry::File(_) | Entry::Directory => true,
                Entry::Nothing => !self.is_new(path) && self.disk.exists(path),
                Entry::Elsewhere => self.disk.exists(path),
            }
    }

    fn is_link(&self, path: &str) -> bool {
        self.before.entry(path) == Entry::Elsewhere && self.disk.is_link(path)
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        self.disk.in_git(path)
    }

    fn scripts(&self) -> Vec<String> {
        self.disk.scripts()
    }

    fn list(&self, directory: &str) -> Vec<String> {
        self.disk.list(directory)
    }
}

#[cfg(test)]
mod tests {
    use super::changed_lines;

    #[test]
    fn lines_that_are_new_are_changed() {
        let lines = |before: &str, now: &str| {
            let mut lines: Vec<_> = changed_lines(before, now).into_iter().collect();
            lines.sort_unstable();
            lines
        };
        assert_eq!(lines("a\nb\nc\n", "a\nx\nc\ny\n"), [2, 4]);
        assert_eq!(lines("a\nb\n", "a\n"), Vec::<usize>::new());
        assert_eq!(lines("a\nb\nc\n", "c\na\nb\n").len(), 1);
        assert_eq!(lines("", "a\nb"), [1, 2]);
    }
}
