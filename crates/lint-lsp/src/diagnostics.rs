//! Findings, as editors show them.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use lint_core::{Finding, Level};
use lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, Uri,
};
use serde_json::json;

use crate::convert::Places;
use crate::worker::Worker;

/// How many findings of one file are told. A generated file has ten thousand, and an editor shows none of them then.
const MOST: usize = 2_000;

/// How many further places of a finding are told.
const MOST_PLACES: usize = 20;

impl Worker {
    /// What is found in a file of a folder.
    pub(crate) fn findings(&self, folder: usize, name: &str) -> Vec<Finding> {
        let Some(folder) = self.folders.get(folder).filter(|_| self.settings.enable) else {
            return Vec::new();
        };
        if !folder.kinds().contains_key(name) {
            return Vec::new();
        }
        let mut findings = folder.session.findings(name);
        findings.retain(|finding| self.settings.least.is_none_or(|least| finding.severity >= least));
        findings
    }

    /// The same, as editors show them.
    pub(crate) fn diagnostics(&self, folder: usize, name: &str) -> Vec<Diagnostic> {
        let places = Places::new(self.client.abilities.encoding);
        let findings = self.findings(folder, name);
        findings.iter().take(MOST).map(|finding| self.diagnostic(folder, finding, &places)).collect()
    }

    pub(crate) fn diagnostic(&self, folder: usize, finding: &Finding, places: &Places) -> Diagnostic {
        let able = self.client.abilities;
        let (rule, file) = (finding.rule(), finding.file());
        let related = || {
            let labels = finding.labels.iter().take(MOST_PLACES);
            let places = labels.map(|label| DiagnosticRelatedInformation {
                location: Location {
                    uri: Uri(self.address(folder, label.place.file.name())),
                    range: places.visible(&label.place.file, label.place.span),
                },
                message: label.message.clone(),
            });
            places.collect::<Vec<_>>()
        };
        Diagnostic {
            range: places.visible(file, finding.span()),
            severity: Some(match finding.severity.level() {
                Level::Error => DiagnosticSeverity::Error,
                Level::Warning => DiagnosticSeverity::Warning,
                Level::Info => DiagnosticSeverity::Information,
                Level::Style => DiagnosticSeverity::Hint,
            }),
            code: Some(Code::String(rule.name.to_owned())),
            code_description: able.code_description.then(|| CodeDescription { href: Uri(rule.url()) }),
            source: Some("plimsoll".to_owned()),
            message: finding.message().to_owned().into(),
            tags: able.tags.then(|| tags(rule.name)).filter(|tags| !tags.is_empty()),
            related_information: able.related_information.then(related).filter(|related| !related.is_empty()),
            data: able.diagnostic_data.then(|| json!({"service": finding.service, "alike": finding.alike})),
        }
    }
}

/// What is without effect is faded, what is of old is struck through.
fn tags(rule: &str) -> Vec<DiagnosticTag> {
    const DEPRECATED: [&str; 5] = ["deprecated", "obsolete", "legacy", "maintainer", "version-field"];
    const UNNECESSARY: [&str; 5] = ["unused", "redundant", "ineffective", "superfluous", "overridden"];
    let has = |words: [&str; 5]| words.iter().any(|word| rule.contains(word));
    let mut tags = Vec::new();
    if has(UNNECESSARY) {
        tags.push(DiagnosticTag::Unnecessary);
    }
    if has(DEPRECATED) {
        tags.push(DiagnosticTag::Deprecated);
    }
    tags
}

/// What tells one list of findings from another.
pub(crate) fn id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
