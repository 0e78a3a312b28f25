//! What a run found, and a writer for each machine format.

pub mod audit;
pub mod checkstyle;
pub mod concise;
pub mod digest;
mod document;
mod extent;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
#[cfg(feature = "miette")]
pub mod miette;
pub mod picture;
pub mod pod_security;
pub mod project;
pub mod rdjson;
pub mod rules;
pub mod sarif;
pub mod seen;
pub mod statistics;
pub mod tally;
mod xml;

use crate::files::FileError;
use crate::finding::finding::Finding;
use crate::finding::severity::Severity;
use crate::report::picture::Picture;
use crate::report::pod_security::PodSecurity;
use crate::report::seen::{Evidence, Seen};

/// What a run found: sorted, the same for any number of threads.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The findings, by file, place and rule.
    pub findings: Vec<Finding>,
    /// What comments and settings accept, in the same order.
    pub accepted: Vec<Accepted>,
    /// The findings that the baseline accepts, in the same order.
    pub baselined: Vec<Finding>,
    /// What could not be read, so that nobody takes silence for safety.
    pub notes: Vec<Note>,
    /// Sources that could not be linted at all.
    pub unreadable: Vec<(String, FileError)>,
    /// Faults of ours.
    pub failures: Vec<Failure>,
    /// Shell scripts that were to be linted and could not be: the first place for each reason.
    pub unjudged: Vec<Unjudged>,
    /// The names of the sources that were linted.
    pub linted: Vec<String>,
    /// How much there was to judge.
    pub seen: Seen,
    /// What the verdicts of an audit can rest on, in the order of files; empty unless
    /// [`Settings::gather_evidence`](crate::settings::Settings::gather_evidence) asks for it.
    pub evidence: Vec<Evidence>,
    /// The projects as one would draw them, in the order of their files; asked for as `evidence` is.
    pub pictures: Vec<Picture>,
    /// The pods of manifests and the levels of the Pod Security Standards that they meet, in the order of files; asked for as
    /// `evidence` is.
    pub pod_security: Vec<PodSecurity>,
}

/// A finding that somebody has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// What was found.
    pub finding: Finding,
    /// Where somebody has accepted it.
    pub by: AcceptedBy,
    /// Why it is accepted, in the words of whoever did.
    pub reason: Option<String>,
}

/// Where a finding has been accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AcceptedBy {
    /// In a comment of the file it is in.
    Comment,
    /// In the configuration, for its file or its service.
    Configuration,
}

impl Accepted {
    /// A finding that is accepted, without a reason.
    #[must_use]
    pub fn new(finding: Finding, by: AcceptedBy) -> Self {
        Self { finding, by, reason: None }
    }

    /// The reason; where the configuration gives none, that it was the configuration. `None` is a comment that says
    /// nothing more.
    #[must_use]
    pub fn explanation(&self) -> Option<&str> {
        let by = match self.by {
            AcceptedBy::Comment => None,
            AcceptedBy::Configuration => Some("by the configuration"),
        };
        self.reason.as_deref().or(by)
    }
}

/// Something a verdict would have needed and could not see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Note {
    /// The file that refers to what could not be read.
    pub file: String,
    /// What it is and why.
    pub message: String,
}

/// A shell script that a linter of such scripts gave no answer for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Unjudged {
    /// The file it stands in.
    pub file: String,
    /// The line where it begins, from 1.
    pub line: usize,
    /// Why.
    pub message: String,
}

/// A panic in a rule, caught: the run goes on, and the fault is ours.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Failure {
    /// The file that was being linted.
    pub file: String,
    /// What was running: a rule's name, or a step of the engine.
    pub during: String,
    /// What the panic said.
    pub message: String,
}

impl Note {
    /// What a verdict on a file would have needed.
    #[must_use]
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), message: message.into() }
    }
}

impl Failure {
    /// A panic.
    #[must_use]
    pub fn new(file: impl Into<String>, during: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), during: during.into(), message: message.into() }
    }
}

impl Report {
    /// The findings, by file, place and rule.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The worst severity found.
    ///
    /// ```
    /// use lint_core::{Linter, Severity, Source};
    ///
    /// let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
    /// assert!(report.worst() >= Some(Severity::Medium));
    /// assert_eq!(Linter::default().lint(&[]).worst(), None);
    /// ```
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }

    /// The findings, the worst first, otherwise in their order: for readers who show only the first few.
    #[must_use]
    pub fn worst_first(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.findings.iter().collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        findings
    }
}
