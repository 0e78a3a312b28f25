//! A screen that says where to begin.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::finding::Finding;
use crate::finding::severity::Severity;
use crate::report::Report;
use crate::report::digest::directory;
use crate::report::digest::fold::MANY;
use crate::report::tally::Tally;

/// A report on one screen: its rules, the worst first, and its directories.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Overview<'a> {
    /// The rules that found something, the worst first; among equals what is in one place, then the most frequent.
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
        // Images that others build on are a matter apart from those that run something.
        let mut rules: BTreeMap<(&str, bool), RuleLine<'a>> = BTreeMap::new();
        for finding in &report.findings {
            let line = rules.entry((finding.rule.name, finding.for_base)).or_insert(RuleLine {
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
        // In the order of the digest: what is wrong in one place before what is wrong in many.
        rules.sort_by_key(|line| (Reverse(line.severity), line.count >= MANY, Reverse(line.count)));
        Self { rules, directories: directories(&report.findings) }
    }
}

/// How many directories tell something; where fewer part at the top, those below are named.
const DIRECTORIES: usize = 5;

/// The directories, at the least depth at which there are several.
fn directories(findings: &[Finding]) -> Vec<DirectoryLine> {
    let deepest =
        findings.iter().map(|finding| finding.file().name().matches('/').count()).max().unwrap_or(0);
    let mut depth = 1;
    let mut parts = at_depth(findings, depth);
    while parts.len() < DIRECTORIES && depth < deepest {
        depth += 1;
        parts = at_depth(findings, depth);
    }
    let mut lines: Vec<_> = parts
        .into_iter()
        .map(|(path, findings)| DirectoryLine { path, tally: Tally::of(findings) })
        .collect();
    // By the worst there is, then by how much of it.
    lines.sort_by_key(|line| Reverse(line.tally.severities.first().copied()));
    lines
}

/// The findings by the first so many parts of the paths of their directories.
fn at_depth(findings: &[Finding], depth: usize) -> BTreeMap<String, Vec<&Finding>> {
    let mut parts: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let path = directory(finding.file().name());
        // An absolute path begins with an empty part.
        let depth = depth + usize::from(path.starts_with('/'));
        let end = path.match_indices('/').nth(depth - 1).map_or(path.len(), |(at, _)| at);
        let name = path.get(..end).unwrap_or(path).trim_end_matches('/');
        parts.entry(format!("{name}/")).or_default().push(finding);
    }
    parts
}
