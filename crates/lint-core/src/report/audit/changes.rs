//! What is different from an earlier report: `plimsoll audit --since REPORT.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::finding::finding::Finding;
use crate::report::audit::Audit;

/// What is different from an earlier report.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Changes<'a> {
    /// Checks with another verdict: number, title, the verdict then and now.
    pub checks: Vec<ChangedCheck>,
    /// What was not found then.
    pub new: Vec<&'a Finding>,
    /// What is not found any more, as it was told.
    pub gone: Vec<Gone>,
    /// Whether the reports are on different versions of the benchmark, whose numbers cannot be compared.
    pub other_benchmark: Option<String>,
}

/// A check whose verdict has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangedCheck {
    /// Its number.
    pub id: String,
    /// What is so when it passes.
    pub title: &'static str,
    /// The verdict then.
    pub was: String,
    /// The verdict now.
    pub is: &'static str,
}

/// A finding of the earlier report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Gone {
    /// Where it was.
    pub place: String,
    /// What was wrong.
    pub message: String,
    /// The rule that said so.
    pub rule: String,
}

impl<'a> Audit<'a> {
    /// Compares with an earlier report, as `plimsoll audit --output-format json` writes it.
    ///
    /// # Errors
    /// When the text is no such report.
    pub fn compare(&mut self, earlier: &str) -> Result<(), String> {
        let earlier: Value = serde_json::from_str(earlier).map_err(|error| format!("not JSON: {error}"))?;
        let (Some(benchmark), Some(checks)) = (earlier["benchmark"].as_str(), earlier["checks"].as_array())
        else {
            return Err("not a report of `plimsoll audit --output-format json`".to_owned());
        };
        let mut changes = Changes::default();
        if benchmark == self.benchmark.name() {
            let verdicts: BTreeMap<&str, &str> = checks
                .iter()
                .filter_map(|check| Some((check["id"].as_str()?, check["status"].as_str()?)))
                .collect();
            for check in &self.checks {
                match verdicts.get(check.id.as_str()) {
                    Some(&was) if was != check.status.name() => changes.checks.push(ChangedCheck {
                        id: check.id.clone(),
                        title: check.title,
                        was: was.to_owned(),
                        is: check.status.name(),
                    }),
                    _ => {}
                }
            }
        } else {
            changes.other_benchmark = Some(benchmark.to_owned());
        }
        let before = told(&earlier);
        let mut now = BTreeSet::new();
        for finding in self.findings() {
            let fingerprint = finding.fingerprint();
            if now.insert(fingerprint.clone()) && !before.contains_key(&fingerprint) {
                changes.new.push(finding);
            }
        }
        changes.new.sort_by(|a, b| a.order().cmp(&b.order()));
        let gone: BTreeSet<Gone> = before
            .into_iter()
            .filter(|(fingerprint, _)| !now.contains(fingerprint))
            .map(|(_, gone)| gone)
            .collect();
        changes.gone = gone.into_iter().collect();
        self.changes = Some(changes);
        Ok(())
    }

    /// Every finding that is told, some of them more than once.
    fn findings(&self) -> impl Iterator<Item = &'a Finding> + '_ {
        let checks = self.checks.iter().flat_map(|check| check.findings.iter().copied());
        let threats = self.threats.iter().flat_map(|letter| &letter.threats);
        checks.chain(threats.flat_map(|threat| threat.findings.iter().copied()))
    }
}

/// The findings of a report, by their fingerprints.
fn told(report: &Value) -> BTreeMap<String, Gone> {
    let list = |value: &'_ Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let threats =
        list(report, "threats").iter().flat_map(|letter| list(letter, "threats")).collect::<Vec<_>>();
    let all = list(report, "checks")
        .into_iter()
        .chain(threats)
        .flat_map(|about| list(&about, "findings"))
        .collect::<Vec<_>>();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let gone = |finding: &Value| Gone {
        place: format!("{}:{}", text(&finding["file"]), finding["line"]),
        message: text(&finding["message"]),
        rule: text(&finding["code"]),
    };
    all.iter()
        .filter_map(|finding| Some((finding["fingerprint"].as_str()?.to_owned(), gone(finding))))
        .collect()
}
