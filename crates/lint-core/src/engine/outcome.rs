//! What comes of one unit of a run.

use std::collections::HashSet;
use std::sync::Arc;

use lint_parser::text::source::SourceFile;

use crate::engine::builds::Builds;
use crate::engine::ignores::Ignores;
use crate::engine::scripts::Pending;
use crate::files::FileError;
use crate::finding::finding::Finding;
use crate::model::repository::claims::Claims;
use crate::report::picture::Picture;
use crate::report::pod_security::PodSecurity;
use crate::report::seen::Evidence;
use crate::report::{Failure, Note};

/// What came of one unit.
#[derive(Clone, Default)]
pub(crate) struct Outcome {
    /// The file that the unit is named for: its settings are those of files that have none of their own.
    pub(crate) unit: String,
    pub(crate) findings: Vec<Finding>,
    /// The suppression comments of its files; those without any are not here, and not kept for it.
    pub(crate) ignores: Vec<(SourceFile, Ignores)>,
    pub(crate) notes: Vec<Note>,
    pub(crate) unreadable: Vec<(String, FileError)>,
    pub(crate) failures: Vec<Failure>,
    /// The files that their own language refuses.
    pub(crate) refused: HashSet<String>,
    /// What a linter of shell scripts is still to see.
    pub(crate) scripts: Vec<Pending>,
    /// What an audit can rest on, when it is wanted.
    pub(crate) evidence: Vec<Evidence>,
    /// What the project looks like, when it is wanted.
    pub(crate) picture: Option<Picture>,
    /// The levels of the Pod Security Standards that its pods meet, when they are wanted.
    pub(crate) pod_security: Vec<PodSecurity>,
    /// How many pods its manifests hold.
    pub(crate) pods: usize,
    /// How many services were judged as containers.
    pub(crate) services: usize,
    /// How many Dockerfiles stood inside of Compose files.
    pub(crate) inline_dockerfiles: usize,
    /// Whether it is a file of containers that is no Compose file, and some of them are there to stay.
    pub(crate) other_files: usize,
    /// What its services build.
    pub(crate) builds: Builds,
    /// The files of the project; of those of a Dockerfile or a daemon nothing is asked.
    pub(crate) files: Vec<String>,
    /// The files that the project includes.
    pub(crate) included: HashSet<String>,
    /// The files that its services take others from.
    pub(crate) extended: HashSet<String>,
    /// What the project takes of its host, when it is wanted.
    pub(crate) claims: Option<Arc<Claims>>,
    /// What policies can ask of it, when that is wanted.
    #[cfg(feature = "policies")]
    pub(crate) explained: Vec<crate::policies::explain::Explained>,
    /// What it is, when that is wanted.
    #[cfg(feature = "policies")]
    pub(crate) portraits: Vec<crate::policies::portrait::Portrait>,
    /// How many of the findings, the first, say why Compose would refuse the project.
    pub(crate) refusals: usize,
}

impl Outcome {
    /// Forgets why Compose would refuse the project, and what it would take of its host: others take services from it, and are
    /// what is started.
    pub(crate) fn leave_refusals(&mut self) {
        self.findings.drain(..self.refusals);
        self.refusals = 0;
        self.refused.clear();
        self.claims = None;
    }

    /// Takes note of the suppression comments of a file.
    pub(super) fn heed(&mut self, file: &SourceFile, ignores: Ignores) {
        if !ignores.is_empty() && !self.ignores.iter().any(|(known, _)| known.name() == file.name()) {
            self.ignores.push((file.clone(), ignores));
        }
    }

    /// Takes note of the suppression comments of a Dockerfile that stands in a file.
    pub(super) fn heed_inside(&mut self, file: &SourceFile, ignores: Ignores) {
        match self.ignores.iter_mut().find(|(known, _)| known.name() == file.name()) {
            Some((_, known)) => known.extend(ignores),
            None => self.heed(file, ignores),
        }
    }
}
