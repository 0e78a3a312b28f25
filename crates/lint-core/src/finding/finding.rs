//! What a rule found.

use lint_parser::text::source::{LineColumn, SourceFile};
use lint_parser::text::span::Span;

use crate::finding::fix::{Applicability, Fix};
use crate::finding::label::{Label, Place};
use crate::finding::meta::RuleMeta;
use crate::finding::reference::Cis;
use crate::finding::severity::Severity;

/// What would repair a finding, whatever language the file is written in; whoever knows the language makes the edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Publish the port on the loopback address alone.
    OnLoopback,
    /// Take away what the finding points at.
    Without,
}

/// What a rule found, with everything needed to show it: a finding borrows nothing.
///
/// ```
/// use lint_core::{Linter, Source};
///
/// let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let finding = &report.findings()[0];
/// assert_eq!(finding.file().slice(finding.span()), "USER root");
/// println!("{}: {}: {}", finding.location(), finding.severity, finding.message());
/// if let Some(help) = &finding.help {
///     println!("  {help}");
/// }
/// for label in &finding.labels {
///     println!("  {}: {}", label.place.file.name(), label.message);
/// }
/// println!("  {}", finding.rule().url());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// How bad it is here; at most the rule's own severity.
    pub severity: Severity,
    /// Where one would edit.
    pub place: Place,
    /// What is wrong here, one sentence without a full stop.
    pub message: String,
    /// Further places that explain it.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// What would repair it, the one to prefer first.
    pub fixes: Vec<Fix>,
    /// Where a service lacks a setting: lines of YAML that would set it, without indentation. A reader takes what
    /// one service lacks for one thing, however many rules see it.
    pub absent: Option<&'static str>,
    /// Whether it is about an image for others to build on, as its own file shows. A repository of a hundred of them has one
    /// habit and not a hundred faults, so a reader takes them for one thing.
    pub for_base: bool,
    /// The Compose service it is about.
    pub service: Option<String>,
    /// The build stage it is about: its name, or its index when it has none.
    pub stage: Option<String>,
    /// Where else a suppression comment silences it: the service's key, the place an alias or `extends` is
    /// used, the stage's `FROM`.
    pub scopes: Vec<Place>,
    /// Which of its rule's CIS recommendations it breaks, by their [keys](Cis::key), where it
    /// does not break all of them: a rule about the daemon's files knows which file it found.
    pub breaks: Option<Vec<&'static str>>,
    /// What tells the same fault and less of it, by rule and place: left out of a report that has this.
    pub(crate) supersedes: Vec<(&'static str, Place)>,
    /// Whether it is what Docker refuses itself: of a file that is refused, nothing else is repaired.
    pub(crate) is_refusal: bool,
    /// What would repair it where it is no Compose file; there a rule makes the edit itself.
    pub(crate) remedy: Option<Remedy>,
    /// The version whose widened rule first found this kind of thing, where that is not the rule's own.
    pub(crate) since: Option<&'static str>,
    /// How many findings that a fingerprint would take for this one come before it in their run; the engine counts them
    /// (`baseline::number`) once all are known.
    pub alike: u64,
}

impl Finding {
    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &'static RuleMeta {
        self.rule
    }

    /// Whether it breaks a CIS recommendation, by its [key](Cis::key).
    #[must_use]
    pub fn breaks(&self, key: &str) -> bool {
        self.rule.is_about(key) && self.breaks.as_ref().is_none_or(|breaks| breaks.contains(&key))
    }

    /// The recommendations of the CIS Docker Benchmark that it breaks.
    pub fn cis(&self) -> impl Iterator<Item = Cis> {
        self.rule.cis().filter(|cis| self.breaks.as_ref().is_none_or(|breaks| breaks.contains(&cis.key())))
    }

    /// The numbers of the recommendations of the CIS Kubernetes Benchmark that it breaks.
    pub fn cis_kubernetes(&self) -> impl Iterator<Item = &'static str> {
        self.breaks.iter().flatten().filter_map(|key| key.strip_prefix("k8s/"))
    }

    /// What is wrong here.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The repair to prefer among those that are trusted at least so far and change something.
    #[must_use]
    pub fn fix(&self, at_least: Applicability) -> Option<&Fix> {
        self.fixes.iter().find(|fix| fix.applicability >= at_least && !fix.edits.is_empty())
    }

    /// The file the finding is in.
    #[must_use]
    pub fn file(&self) -> &SourceFile {
        &self.place.file
    }

    /// The bytes the finding is about.
    #[must_use]
    pub fn span(&self) -> Span {
        self.place.span
    }

    /// What a report is sorted by: the file, the place, the rule, and what tells apart findings alike in these.
    pub(crate) fn order(&self) -> (&str, usize, usize, &str, Option<&str>, Option<&str>, &str) {
        (
            self.file().name(),
            self.span().start(),
            self.span().end(),
            self.rule.name,
            self.service.as_deref(),
            self.stage.as_deref(),
            &self.message,
        )
    }

    /// `path:line:column`, 1-based, the column in code points.
    #[must_use]
    pub fn location(&self) -> String {
        let LineColumn { line, column } = self.file().line_column(self.span().start());
        format!("{}:{line}:{column}", self.file().name())
    }
}
