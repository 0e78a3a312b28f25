//! What an editor needs: texts that change while they are typed, and a verdict that is there at once.
//!
//! A [`Session`] holds the sources of a workspace and the texts that lie over them, and keeps what has been judged. When a
//! text changes, what its verdict does not rest on stays; the rest is judged again, and the findings are those of a
//! [`Linter`] that is given everything anew.
//!
//! ```
//! use std::collections::BTreeMap;
//! use lint_core::session::Session;
//! use lint_core::{Linter, Source, SourceKind};
//!
//! let disk = BTreeMap::from([
//!     ("compose.yaml".to_owned(), "services:\n  web:\n    build: .\n".to_owned()),
//!     ("Dockerfile".to_owned(), "FROM debian:12\nCMD [\"nginx\"]\n".to_owned()),
//! ]);
//! let mut session = Session::new(Linter::default(), Box::new(disk));
//! session.set_sources([
//!     Source::path("compose.yaml", SourceKind::Compose),
//!     Source::path("Dockerfile", SourceKind::Dockerfile),
//! ]);
//! let runs_as_root = |session: &mut Session| {
//!     session.judge(&|| false);
//!     session.findings("Dockerfile").iter().any(|finding| finding.rule().name == "missing-user")
//! };
//! assert!(runs_as_root(&mut session));
//! session.open("Dockerfile", "FROM debian:12\nUSER 1000\nCMD [\"nginx\"]\n");
//! assert!(!runs_as_root(&mut session));
//! ```

mod change;
mod facts;
mod look;
mod position;
mod texts;
mod units;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use lint_parser::text::source::SourceFile;

use crate::engine::dispatch::Checks;
use crate::engine::linter::Linter;
use crate::engine::shared::Kept as _;
use crate::engine::source::Source;
use crate::files::{Files, directory};
use crate::finding::finding::Finding;
use crate::kinds::SourceKind;
use crate::model::project::group::ProjectFiles;
use crate::report::Report;
use crate::session::texts::{Texts, Touched};
use crate::session::units::{Bench, Units};

pub use crate::session::facts::{Fact, Facts, Hint, Link, Subject, Symbol, SymbolKind};
pub use crate::session::look::{Effective, page, word_at};
pub use crate::session::position::{Encoding, Position, Positions};

/// The texts of a workspace, and what has been found in them.
pub struct Session {
    linter: Linter,
    checks: Checks,
    /// In the order of names, as a search finds them.
    sources: Vec<Source>,
    texts: Texts,
    units: Units,
    /// The files of which something else may be said than was, since somebody last asked.
    told: BTreeSet<String>,
    is_judged: bool,
    /// What there is to say of files, as long as nothing changes.
    facts: Mutex<HashMap<String, Arc<Facts>>>,
}

impl Session {
    /// A session without sources. What lies below its texts is read through `files`.
    #[must_use]
    pub fn new(linter: Linter, files: Box<dyn Files + Send>) -> Self {
        let checks = Checks::of(linter.rules.iter().copied());
        Self {
            linter,
            checks,
            sources: Vec::new(),
            texts: Texts::new(files),
            units: Units::default(),
            told: BTreeSet::new(),
            is_judged: false,
            facts: Mutex::default(),
        }
    }

    /// Judges by another linter from now on. One that judges as the one before changes nothing.
    pub fn set_linter(&mut self, linter: Linter) {
        if self.linter.judges_as(&linter) {
            return;
        }
        self.checks = Checks::of(linter.rules.iter().copied());
        self.linter = linter;
        self.units.regroup(false);
        self.told.extend(self.units.forget_verdicts());
        self.unsettle();
    }

    /// The linter.
    #[must_use]
    pub fn linter(&self) -> &Linter {
        &self.linter
    }

    /// Judges these sources from now on. A text that one brings along lies over whatever [`Files`] has.
    pub fn set_sources(&mut self, sources: impl IntoIterator<Item = Source>) {
        let mut sources: BTreeMap<String, Source> =
            sources.into_iter().map(|source| (source.name.clone(), source)).collect();
        for source in sources.values_mut() {
            if let Some(text) = source.text.take() {
                self.open(&source.name, text);
            }
        }
        let before: BTreeMap<&str, SourceKind> = kinds(&self.sources);
        let sources: Vec<Source> = sources.into_values().collect();
        let after = kinds(&sources);
        let differ = |one: &BTreeMap<&str, SourceKind>, other: &BTreeMap<&str, SourceKind>| {
            let new = one.iter().filter(|(name, kind)| other.get(*name) != Some(kind));
            new.map(|(name, kind)| ((*name).to_owned(), *kind)).collect::<Vec<_>>()
        };
        let mut changed = differ(&before, &after);
        changed.extend(differ(&after, &before));
        if changed.is_empty() {
            return;
        }
        let places = |sources: &[Source]| -> BTreeSet<String> {
            sources.iter().map(|source| directory(&source.name).to_owned()).collect()
        };
        let elsewhere = self.texts.lists_no_scripts() && places(&self.sources) != places(&sources);
        let names: BTreeSet<String> = changed.iter().map(|(name, _)| name.clone()).collect();
        self.told.extend(names.iter().cloned());
        self.told.extend(self.units.regroup(elsewhere));
        self.told.extend(self.units.touch(&Touched { texts: names.clone(), paths: names }));
        let of_daemon = |kind: SourceKind| matches!(kind, SourceKind::DaemonJson | SourceKind::SystemdUnit);
        if changed.iter().any(|(_, kind)| of_daemon(*kind)) {
            self.told.extend(self.units.forget_verdicts());
        }
        self.sources = sources;
        self.unsettle();
    }

    /// The sources, in the order of their names.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Puts a text over what [`Files`] has, as an editor does with what it has open.
    pub fn open(&mut self, path: &str, text: impl Into<String>) {
        let touched = self.texts.overlay(path, text.into());
        self.touch(&touched);
    }

    /// Takes the text away that was put over what [`Files`] has.
    pub fn close(&mut self, path: &str) {
        let touched = self.texts.uncover(path);
        self.touch(&touched);
    }

    /// Says that what [`Files`] has under a path may be something else now.
    pub fn changed(&mut self, path: &str) {
        let touched = self.texts.reread(path);
        self.touch(&touched);
    }

    /// Says that anything may be something else now: for whom nobody tells what changes.
    pub fn changed_somewhere(&mut self) {
        for path in self.texts.asked_about() {
            self.changed(&path);
        }
    }

    /// Says that what may call Docker is another list now, as [`Files::scripts`] has it.
    pub fn callers_changed(&mut self) {
        self.told.extend(self.units.regroup(true));
        self.unsettle();
    }

    /// Has [`Session::take_changed`] name every file again: for somebody who shows findings in another way from now on.
    pub fn say_everything_again(&mut self) {
        self.told.extend(self.sources.iter().map(|source| source.name.clone()));
    }

    /// Lets go of what no verdict rests on.
    pub fn tidy(&mut self) {
        let sources: BTreeSet<&str> = self.sources.iter().map(|source| source.name.as_str()).collect();
        let units = &self.units;
        self.texts.keep_only(&|path| sources.contains(path) || units.has_seen(path));
    }

    fn touch(&mut self, touched: &Touched) {
        if !touched.is_empty() {
            self.told.extend(touched.texts.iter().cloned());
            self.told.extend(self.units.touch(touched));
            self.unsettle();
        }
    }

    fn unsettle(&mut self) {
        self.is_judged = false;
        self.facts.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// A text as the session sees it; `None` when it cannot be read.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<SourceFile> {
        self.texts.source(path).ok()
    }

    /// The texts that lie over what [`Files`] has.
    pub fn overlays(&self) -> impl Iterator<Item = &SourceFile> {
        self.texts.overlays()
    }

    /// How many texts the session holds.
    #[must_use]
    pub fn held(&self) -> usize {
        self.texts.count()
    }

    /// Judges what has changed, or what that bears on, since the last time. `stop` is asked now and then: when it says so, the
    /// session stops where it is, and goes on from there when it is called again. Whether everything is judged.
    pub fn judge(&mut self, stop: &(dyn Fn() -> bool + Sync)) -> bool {
        if !self.is_judged {
            let bench = Bench {
                linter: &self.linter,
                checks: &self.checks,
                sources: &self.sources,
                texts: &self.texts,
                stop,
            };
            self.is_judged = self.units.judge(bench, &mut self.told).is_ok();
        }
        self.is_judged
    }

    /// Whether everything is judged.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.is_judged
    }

    /// The files of which something else may be said than when this was last called.
    pub fn take_changed(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.told)
    }

    /// What was found in a file, without a look at the rest of the workspace: exactly what a report on everything says of it.
    #[must_use]
    pub fn findings(&self, file: &str) -> Vec<Finding> {
        let mut findings = self.report_on(file).findings;
        findings.retain(|finding| finding.file().name() == file);
        findings
    }

    /// The report on a file, with what was judged together with it.
    #[must_use]
    pub fn report_on(&self, file: &str) -> Report {
        self.units.report(self.bench(), Some(file))
    }

    /// The report on everything.
    #[must_use]
    pub fn report(&self) -> Report {
        self.units.report(self.bench(), None)
    }

    /// The files that were read for what was found in a file, itself among them: others change nothing about it, unless they
    /// come into being.
    #[must_use]
    pub fn read_for(&self, file: &str) -> BTreeSet<String> {
        self.units.read_for(file)
    }

    /// The texts, as a window to them: for whoever judges them in another way.
    #[must_use]
    pub fn files(&self) -> &dyn Files {
        &self.texts
    }

    /// The projects that have read a file, each as the files that make it.
    #[must_use]
    pub fn projects(&self, file: &str) -> Vec<ProjectFiles> {
        self.units.projects_with(file).into_iter().cloned().collect()
    }

    fn bench(&self) -> Bench<'_> {
        Bench {
            linter: &self.linter,
            checks: &self.checks,
            sources: &self.sources,
            texts: &self.texts,
            stop: &|| false,
        }
    }
}

fn kinds(sources: &[Source]) -> BTreeMap<&str, SourceKind> {
    sources.iter().map(|source| (source.name.as_str(), source.kind)).collect()
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("sources", &self.sources.len())
            .field("texts", &self.texts)
            .finish_non_exhaustive()
    }
}
