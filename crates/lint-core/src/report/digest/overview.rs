//! A screen that says where to begin.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::finding::Finding;
use crate::finding::severity::Severity;
use crate::report::Report;
use crate::report::digest::directory;
use crate::report::tally::Tally;

/// A report on one screen: its rules, the worst first, and its directories.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Overview<'a> {
    /// The rules that found something, the worst first, then the most frequent.
    pub rules: Vec<RuleLine<'a>>,
    /// The directories with findings, those with the worst first.
    pub directories: Vec<DirectoryLine>,
}

/// What a rule found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RuleLine<'a> {
    /// The worst severity it was found with.
    pub severity: Severity,
    /// How often.
    pub count: usize,
    /// The worst finding, the first of several.
    pub first: &'a Finding,
}

/// What was found below a directory.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DirectoryLine {
    /// Its path, with a `/` at the end; `./` for where the run began.
    pub path: String,
    /// How much was found there.
    pub tally: Tally,
}

impl<'a> Overview<'a> {
    /// A report on one screen.
    #[must_use]
    pub fn of(report: &'a Report) -> Self {
        let mut rules: BTreeMap<&str, RuleLine<'a>> = BTreeMap::new();
        for finding in &report.findings {
            let line = rules.entry(finding.rule.name).or_insert(RuleLine {
                severity: finding.severity,
                count: 0,
                first: finding,
            });
            line.count += 1;
            if finding.severity > line.severity {
                (line.severity, line.first) = (finding.severity, finding);
            }
        }
        let mut rules: Vec<_> = rules.into_values().collect();
        rules.sort_by_key(|line| (Reverse(line.severity), Reverse(line.count)));
        Self { rules, directories: directories(&report.findings) }
    }
}

/// The directories at the depth where the files part: the top level, or below what they all share.
fn directories(findings: &[Finding]) -> Vec<DirectoryLine> {
    let paths = findings.iter().map(|finding| directory(finding.file().name()));
    let shared = paths.reduce(|shared, path| common(shared, path)).unwrap_or_default();
    let mut parts: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let path = directory(finding.file().name());
        let below = path.strip_prefix(shared).unwrap_or(path).trim_start_matches('/');
        let next = below.split('/').next().unwrap_or_default();
        let parts_of_path = [shared.trim_end_matches('/'), next].map(str::to_owned);
        let name = parts_of_path.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let root = if shared.starts_with('/') && !name.starts_with('/') { "/" } else { "" };
        parts
            .entry(format!("{root}{}/", if name.is_empty() { "." } else { &name }))
            .or_default()
            .push(finding);
    }
    let mut lines: Vec<_> = parts
        .into_iter()
        .map(|(path, findings)| DirectoryLine { path, tally: Tally::of(findings) })
        .collect();
    // By the worst there is, then by how much of it.
    lines.sort_by_key(|line| Reverse(line.tally.severities.first().copied()));
    lines
}

/// The directories that two paths share.
fn common<'p>(a: &'p str, b: &str) -> &'p str {
    let mut end = 0;
    let mut others = b.split('/');
    for part in a.split('/') {
        if others.next() != Some(part) {
            break;
        }
        end += part.len() + usize::from(end > 0);
    }
    a.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_part_where_a_directory_ends() {
        assert_eq!(common("a/b/c", "a/b/d"), "a/b");
        assert_eq!(common("ab", "abc"), "");
        assert_eq!(common("a", "a"), "a");
        assert_eq!(common(".", "a"), "");
    }
}
