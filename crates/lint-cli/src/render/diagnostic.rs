//! One message with one excerpt, as miette takes it.

use std::fmt;

use lint_core::report::concise::printable;
use lint_core::{Finding, Label, Level, Place, Severity};
use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::render::excerpt::{Bounds, Excerpt};

/// A message, and the part of one file that it is about.
#[derive(Debug)]
pub(crate) struct Snippet {
    message: String,
    level: miette::Severity,
    excerpt: Option<Excerpt>,
    labels: Vec<LabeledSpan>,
}

impl Snippet {
    /// A finding with those of its labels that are near to it.
    pub(crate) fn of(finding: &Finding, labels: &[&Label], bounds: &Bounds) -> Self {
        let message = format!("{} [{}]", printable(&finding.message), finding.rule.name);
        let places: Vec<&Place> =
            std::iter::once(&finding.place).chain(labels.iter().map(|l| &l.place)).collect();
        let excerpt = Excerpt::new(&places, bounds);
        // The header says what is wrong at the place itself. But miette hangs a line below every mark it draws
        // next to a label, and a line should lead somewhere.
        let line = |place: &Place| place.file.line(place.span.start());
        let beside = labels.iter().any(|label| line(&label.place) == line(&finding.place));
        let mut spans = vec![excerpt.label(finding.place.span, beside.then(|| "here".to_owned()), true)];
        spans.extend(labels.iter().map(|l| excerpt.label(l.place.span, Some(printable(&l.message)), false)));
        Self { message, level: level(finding.severity), excerpt: Some(excerpt), labels: spans }
    }

    /// A message about a place.
    pub(crate) fn at(place: &Place, message: String, severity: Severity, bounds: &Bounds) -> Self {
        let excerpt = Excerpt::new(&[place], bounds);
        let labels = vec![excerpt.label(place.span, None, true)];
        Self { message: printable(&message), level: level(severity), excerpt: Some(excerpt), labels }
    }

    /// A label that lies in another file than its finding, or far from it.
    pub(crate) fn elsewhere(label: &Label, bounds: &Bounds) -> Self {
        let excerpt = Excerpt::new(&[&label.place], bounds);
        let labels = vec![excerpt.label(label.place.span, None, true)];
        Self {
            message: printable(&label.message),
            level: miette::Severity::Advice,
            excerpt: Some(excerpt),
            labels,
        }
    }

    /// A message alone.
    pub(crate) fn text(message: &str) -> Self {
        Self {
            message: printable(message),
            level: miette::Severity::Advice,
            excerpt: None,
            labels: Vec::new(),
        }
    }
}

fn level(severity: Severity) -> miette::Severity {
    match severity.level() {
        Level::Error => miette::Severity::Error,
        Level::Warning => miette::Severity::Warning,
        Level::Info | Level::Style => miette::Severity::Advice,
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Snippet {}

impl Diagnostic for Snippet {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.level)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.excerpt.as_ref().map(|_| Box::new(self.labels.iter().cloned()) as _)
    }
}
