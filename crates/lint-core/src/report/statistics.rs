//! `--statistics`: how many findings each rule has.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::severity::Severity;
use crate::report::{Report, document};

/// How many findings a rule has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// The rule's name.
    pub code: &'static str,
    /// The worst severity it was found with.
    pub severity: Severity,
    /// How often; at least once.
    pub count: usize,
    /// What the rule is about, in a sentence.
    pub summary: &'static str,
    /// Where it is explained.
    pub url: String,
}

/// The rules that found something, the most frequent first, then by name.
///
/// ```
/// use lint_core::{Linter, Source, report};
///
/// let lint = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// for count in report::statistics::counts(&lint) {
///     println!("{:4} {}", count.count, count.code);
/// }
/// ```
#[must_use]
pub fn counts(report: &Report) -> Vec<Count> {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for finding in &report.findings {
        let rule = finding.rule;
        let count = counts.entry(rule.name).or_insert_with(|| Count {
            code: rule.name,
            severity: finding.severity,
            count: 0,
            summary: rule.summary(),
            url: rule.url(),
        });
        count.count += 1;
        count.severity = count.severity.max(finding.severity);
    }
    let mut counts: Vec<Count> = counts.into_values().collect();
    counts.sort_by_key(|count| Reverse(count.count));
    counts
}

/// [`counts`] as a JSON array with a final newline.
#[must_use]
pub fn json(report: &Report) -> String {
    document::pretty(&counts(report))
}
