//! The one way in which findings are counted: every format that gives a number takes it from here.
//!
//! A finding is a rule's word on one place and one service, as the machine formats list them. What is shown as one for
//! people, because several services share a line or many files a fault, still counts as what it is, or no two formats would
//! agree.

use std::collections::BTreeSet;

use crate::finding::finding::Finding;
use crate::finding::severity::Severity;
use crate::report::seen::count;

/// How many findings there are.
///
/// ```
/// use lint_core::report::tally::Tally;
/// use lint_core::{Linter, Source};
///
/// let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let tally = Tally::of(&report.findings);
/// assert_eq!(tally.findings, report.findings.len());
/// assert_eq!(tally.in_words(), "1 problem (1 high) in 1 file");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// All of them.
    pub findings: usize,
    /// By severity, the worst first; those that there are.
    pub severities: Vec<(Severity, usize)>,
    /// How many files they are in.
    pub files: usize,
}

impl Tally {
    /// Counts findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut numbers = Severity::ALL.map(|severity| (severity, 0));
        let mut files = BTreeSet::new();
        let mut tally = Self::default();
        for finding in findings {
            tally.findings += 1;
            files.insert(finding.file().name());
            if let Some((_, number)) = numbers.iter_mut().find(|(severity, _)| *severity == finding.severity)
            {
                *number += 1;
            }
        }
        tally.files = files.len();
        tally.severities = numbers.into_iter().filter(|&(_, number)| number > 0).collect();
        tally
    }

    /// `1 critical, 2 low`
    #[must_use]
    pub fn severities_in_words(&self) -> String {
        let words = self.severities.iter().map(|(severity, number)| format!("{number} {severity}"));
        words.collect::<Vec<_>>().join(", ")
    }

    /// `3 problems (1 critical, 2 low) in 2 files`
    #[must_use]
    pub fn in_words(&self) -> String {
        let (problems, files) = (count(self.findings, "problem"), count(self.files, "file"));
        match self.findings {
            0 => problems,
            _ => format!("{problems} ({}) in {files}", self.severities_in_words()),
        }
    }
}
