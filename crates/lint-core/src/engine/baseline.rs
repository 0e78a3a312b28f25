//! Findings that are accepted for now: a file of fingerprints, so that a team can begin with a clean slate.

use std::collections::{BTreeSet, HashMap, HashSet};

use lint_parser::text::source::SourceFile;
use serde::{Deserialize, Serialize};

use crate::files::{is_absolute, join, relative};
use crate::finding::finding::Finding;
use crate::finding::fingerprint::fingerprints;
use crate::finding::label::Place;
use crate::report::Report;

/// The version of the file's form that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Accepted findings.
///
/// What they are known by holds no line numbers and no messages: code may move, and rules may be reworded. Findings
/// of one kind in one place are counted, so one more of them is not accepted.
///
/// ```
/// use lint_core::baseline::Baseline;
/// use lint_core::{Linter, Source};
///
/// let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let written = Baseline::of(report.findings(), "", "").to_json();
/// let read = Baseline::parse(&written, "")?;
/// assert_eq!(read.entries.len(), report.findings().len());
/// assert!(read.unmatched(&report, "").is_empty());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Baseline {
    /// The directory that [`Entry::file`] starts from: absolute, or relative to the working directory.
    pub directory: String,
    /// What is accepted.
    pub entries: BTreeSet<Entry>,
}

/// An accepted finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `file`, `rule` and `fingerprint`")]
#[non_exhaustive]
pub struct Entry {
    /// The file, for readers: the fingerprint covers it.
    pub file: String,
    /// The rule, for readers too.
    pub rule: String,
    /// What the finding is known by.
    pub fingerprint: String,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `version` and `findings`")]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

/// Reads what may be long: several times as fast as [`crate::json`] does, which makes a tree first.
#[cfg(not(target_arch = "wasm32"))]
fn read(text: &str) -> Result<Document, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(target_arch = "wasm32")]
use crate::json::read;

impl Baseline {
    /// A baseline that accepts nothing. `directory` is where it will lie.
    #[must_use]
    pub fn new(directory: impl Into<String>) -> Self {
        Self { directory: directory.into(), entries: BTreeSet::new() }
    }

    /// Reads a baseline file. `directory` is where it lies.
    ///
    /// # Errors
    /// When it is none, or one of a later version, with the reason.
    pub fn parse(text: &str, directory: &str) -> Result<Self, String> {
        let document: Document = read(text).map_err(|error| format!("not a baseline: {error}"))?;
        if document.version != VERSION {
            return Err(format!(
                "a baseline of version {}; this Plimsoll reads version {VERSION}",
                document.version
            ));
        }
        Ok(Self { directory: directory.to_owned(), entries: document.findings.into_iter().collect() })
    }

    /// A baseline that accepts these findings: all of a report, in its order. `directory` is where it will lie.
    #[must_use]
    pub fn of(findings: &[Finding], directory: &str, working_directory: &str) -> Self {
        let entries = entries(findings, directory, working_directory);
        let entries = findings.iter().zip(entries).filter(|(finding, _)| is_acceptable(finding));
        Self { directory: directory.to_owned(), entries: entries.map(|(_, entry)| entry).collect() }
    }

    /// The file's text: sorted, an entry on each line, with a final newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        let entries: Vec<String> = self
            .entries
            .iter()
            .filter_map(|entry| serde_json::to_string(entry).ok())
            .map(|entry| format!("    {entry}"))
            .collect();
        let list = if entries.is_empty() { String::new() } else { format!("\n{}\n  ", entries.join(",\n")) };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{list}]\n}}\n")
    }

    /// The entries that accept none of a report's findings.
    #[must_use]
    pub fn unmatched(&self, report: &Report, working_directory: &str) -> Vec<&Entry> {
        // All of them are counted together, as they were when it was written.
        let mut all: Vec<Finding> = report.findings.iter().chain(&report.baselined).cloned().collect();
        sort(&mut all);
        let found: HashSet<String> = entries(&all, &self.directory, working_directory)
            .into_iter()
            .map(|entry| entry.fingerprint)
            .collect();
        self.entries.iter().filter(|entry| !found.contains(&entry.fingerprint)).collect()
    }
}

/// Moves what baselines accept from a report's findings to those that are baselined. The findings are sorted, and
/// each is there once.
pub(crate) fn apply(baselines: &[Baseline], report: &mut Report, working_directory: &str) {
    if baselines.is_empty() {
        return;
    }
    let mut accepted = vec![false; report.findings.len()];
    for baseline in baselines.iter().filter(|baseline| !baseline.entries.is_empty()) {
        let known: HashSet<&str> = baseline.entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
        let entries = entries(&report.findings, &baseline.directory, working_directory);
        for ((accepted, entry), finding) in accepted.iter_mut().zip(entries).zip(&report.findings) {
            *accepted |= is_acceptable(finding) && known.contains(entry.fingerprint.as_str());
        }
    }
    let mut kept = Vec::new();
    for (finding, accepted) in std::mem::take(&mut report.findings).into_iter().zip(accepted) {
        if accepted { report.baselined.push(finding) } else { kept.push(finding) }
    }
    report.findings = kept;
}

/// Brings findings into the order of a report.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
}

/// Behind a text that cannot be read there may be anything; it is not accepted unseen.
#[must_use]
pub fn is_acceptable(finding: &Finding) -> bool {
    finding.rule.suppressible
}

/// What findings would be known by if the linter were run in the directory of the baseline: the same wherever it is
/// run.
fn entries(findings: &[Finding], directory: &str, working_directory: &str) -> Vec<Entry> {
    let directory = join(working_directory, directory);
    let entry = |finding: &Finding, file: &str, fingerprint: String| Entry {
        file: file.to_owned(),
        rule: finding.rule.name.to_owned(),
        fingerprint,
    };
    if directory == join(working_directory, "") {
        let known = findings.iter().map(|f| entry(f, f.file().name(), f.fingerprint()));
        return known.collect();
    }
    let mut files: HashMap<String, SourceFile> = HashMap::new();
    let renamed: Vec<Finding> = findings
        .iter()
        .map(|finding| {
            let file = files.entry(finding.file().name().to_owned()).or_insert_with(|| {
                let name = finding.file().name();
                let path = join(working_directory, name);
                // Without a working directory, relative names are all there is to go by.
                let known = is_absolute(&path) == is_absolute(&directory);
                let name = if known { relative(&directory, &path) } else { name.to_owned() };
                if name == finding.file().name() {
                    finding.file().clone()
                } else {
                    SourceFile::new(name, finding.file().text())
                }
            });
            let mut finding = finding.clone();
            finding.place = Place::new(file, finding.place.span);
            finding
        })
        .collect();
    let fingerprints = fingerprints(&renamed);
    renamed.iter().zip(fingerprints).map(|(f, print)| entry(f, f.file().name(), print)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_is_read_as_it_is_written() {
        let entry = |rule: &str| Entry {
            file: "a".to_owned(),
            rule: rule.to_owned(),
            fingerprint: format!("{rule}1"),
        };
        let baseline = Baseline { directory: String::new(), entries: [entry("b"), entry("a")].into() };
        let text = baseline.to_json();
        assert_eq!(Baseline::parse(&text, ""), Ok(baseline));
        insta::assert_snapshot!(text, @r#"
        {
          "version": 1,
          "findings": [
            {"file":"a","rule":"a","fingerprint":"a1"},
            {"file":"a","rule":"b","fingerprint":"b1"}
          ]
        }
        "#);
        assert_eq!(Baseline::parse(&Baseline::default().to_json(), ""), Ok(Baseline::default()));
        assert!(
            Baseline::parse("{\"version\": 2, \"findings\": []}", "").is_err_and(|e| e.contains("version 2"))
        );
        assert!(Baseline::parse("[]", "").is_err());
        let broken = text.replace("\"rule\":\"b\"", "\"rule\":7");
        assert_eq!(
            Baseline::parse(&broken, ""),
            Err("not a baseline: invalid type: integer `7`, expected a string at line 5 column 24".to_owned())
        );
        // As it is read in a browser.
        let light = crate::json::read::<Document>;
        assert_eq!(light(&text).unwrap(), read(&text).unwrap());
        assert_eq!(
            light(&broken).unwrap_err(),
            "invalid type: integer `7`, expected a string (line 5, column 24)"
        );
    }
}
