//! The rules themselves, as JSON and as `rules.md`.

pub mod history;

use std::fmt::Write as _;

use serde::Serialize;

use crate::finding::fix::Applicability;
use crate::finding::meta::{Category, Profile, RuleMeta, Stride};
use crate::finding::reference::{Benchmark, Reference};
use crate::finding::severity::Severity;
use crate::report::document;

#[derive(Debug, Serialize)]
struct JsonRule {
    name: &'static str,
    summary: &'static str,
    severity: Severity,
    profile: Profile,
    category: Category,
    stride: Vec<Stride>,
    references: Vec<JsonReference>,
    fixable: &'static str,
    /// How far its fixes are trusted.
    applicability: &'static [Applicability],
    since: &'static str,
    preview: bool,
    changes: Vec<JsonChange>,
    url: String,
}

#[derive(Debug, Serialize)]
struct JsonChange {
    version: &'static str,
    what: &'static str,
}

#[derive(Debug, Serialize)]
struct JsonReference {
    kind: &'static str,
    id: String,
    /// For `cis`: the number in each version of the benchmark.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<std::collections::BTreeMap<&'static str, String>>,
}

/// The rules as a JSON array with a final newline.
///
/// ```
/// use lint_core::{report, rules};
///
/// assert!(report::rules::json(rules::find("root-user")).contains("\"name\": \"root-user\""));
/// ```
#[must_use]
pub fn json<'a>(rules: impl IntoIterator<Item = &'a RuleMeta>) -> String {
    let rules: Vec<_> = rules.into_iter().map(JsonRule::from).collect();
    document::pretty(&rules)
}

impl From<&RuleMeta> for JsonRule {
    fn from(rule: &RuleMeta) -> Self {
        JsonRule {
            name: rule.name,
            summary: rule.summary(),
            severity: rule.severity,
            profile: rule.profile,
            category: rule.category,
            stride: rule.stride.to_vec(),
            references: rule.references.iter().map(JsonReference::from).collect(),
            fixable: rule.fixable.name(),
            applicability: rule.fixable.applicability(),
            since: rule.since,
            preview: rule.preview,
            changes: rule
                .changes
                .iter()
                .map(|change| JsonChange { version: change.version, what: change.what })
                .collect(),
            url: rule.url(),
        }
    }
}

impl From<&Reference> for JsonReference {
    fn from(reference: &Reference) -> Self {
        let versions = match reference {
            Reference::Cis(cis) => {
                let versions = Benchmark::ALL.iter().filter(|&&version| cis.is_in(version));
                Some(versions.map(|&version| (version.name(), cis.number_in(version))).collect())
            }
            _ => None,
        };
        JsonReference { kind: reference.kind(), id: reference.id(), versions }
    }
}

/// A rule's page in Markdown: what `rules.md` and `plimsoll rule` print. `level` is the depth of its heading.
///
/// ```
/// use lint_core::{report, rules};
///
/// assert!(report::rules::markdown(rules::find("root-user")[0], 2).starts_with("## root-user\n"));
/// ```
#[must_use]
pub fn markdown(rule: &RuleMeta, level: usize) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{} {}\n", "#".repeat(level), rule.name);
    let _ = writeln!(text, "{}\n", rule.summary());
    let _ = writeln!(text, "{}\n", facts(rule).join(" · "));
    let body = rule.docs.trim_start().split_once('\n').map_or("", |(_, rest)| rest);
    for line in body.trim().lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        // The docs' own headings are second level; on a page of rules they go below the rule's name.
        match line.strip_prefix("## ") {
            Some(heading) => {
                let _ = writeln!(text, "{} {heading}", "#".repeat(level + 1));
            }
            None => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

fn facts(rule: &RuleMeta) -> Vec<String> {
    let mut facts = vec![format!("**{}**", rule.severity), format!("{} profile", rule.profile.name())];
    facts.push(rule.category.name().to_owned());
    if !rule.stride.is_empty() {
        let threats: Vec<_> = rule.stride.iter().map(|s| format!("{} ({})", s.name(), s.letter())).collect();
        facts.push(format!("stops {}", threats.join(", ")));
    }
    if rule.preview {
        facts.push("in preview".to_owned());
    }
    facts.extend(rule.fixable.in_words());
    let references: Vec<_> = rule.references.iter().map(describe).collect();
    if !references.is_empty() {
        facts.push(references.join(", "));
    }
    facts
}

/// A reference for people: a CIS number says its benchmark, and the older numbers where those differ.
fn describe(reference: &Reference) -> String {
    match reference {
        Reference::Cis(cis) => {
            let number = cis.number();
            let older = [Benchmark::V1_6_0, Benchmark::V1_5_0].into_iter().filter(|&old| cis.is_in(old));
            let mut said = vec![format!("benchmark {}", Benchmark::NEWEST.name())];
            let mut newer = number.clone();
            for version in older {
                let old = cis.number_in(version);
                if old != newer {
                    said.push(format!("{old} in {}", version.name()));
                }
                newer = old;
            }
            format!("CIS {number} ({})", said.join("; "))
        }
        other => other.to_string(),
    }
}
