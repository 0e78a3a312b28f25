//! What is given back. Every place is told three ways: in units of UTF-16 from the beginning, as a line and a column of those,
//! and in bytes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lint_core::report::{Accepted, AcceptedBy};
use lint_core::session::{Encoding, Fact, Facts, Positions, Subject, Symbol, SymbolKind};
use lint_core::syntax::text::source::SourceFile;
use lint_core::syntax::text::span::Span;
use lint_core::{Applicability, Benchmark, Edit, Finding, Fix, Label, Level, Severity};
use serde::Serialize;

use crate::units::Units;

/// What is told of all files together.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) findings: Vec<JsonFinding>,
    pub(crate) accepted: Vec<JsonAccepted>,
    pub(crate) baselined: Vec<JsonFinding>,
    pub(crate) notes: Vec<Message>,
    pub(crate) unreadable: Vec<Message>,
    pub(crate) failures: Vec<JsonFailure>,
    pub(crate) errors: Vec<String>,
    pub(crate) skipped: Vec<Message>,
    pub(crate) sources: Vec<JsonSource>,
    pub(crate) changed: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Message {
    pub(crate) file: String,
    pub(crate) message: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct JsonFailure {
    pub(crate) file: String,
    pub(crate) during: String,
    pub(crate) message: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct JsonSource {
    pub(crate) file: String,
    pub(crate) kind: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct JsonAccepted {
    finding: JsonFinding,
    by: &'static str,
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct JsonFinding {
    rule: &'static str,
    severity: Severity,
    level: Level,
    message: String,
    help: Option<String>,
    #[serde(flatten)]
    place: JsonPlace,
    service: Option<String>,
    stage: Option<String>,
    labels: Vec<JsonLabel>,
    fixes: Vec<JsonFix>,
    category: &'static str,
    stride: Vec<&'static str>,
    cis: Vec<String>,
    aliases: Vec<String>,
    url: String,
    suppressible: bool,
    fingerprint: String,
}

/// A place in a file.
#[derive(Debug, Serialize)]
pub(crate) struct JsonPlace {
    file: String,
    span: Stretch<u32>,
    range: Stretch<JsonPosition>,
    bytes: Stretch<usize>,
}

#[derive(Debug, Serialize)]
struct Stretch<T> {
    start: T,
    end: T,
}

#[derive(Debug, Serialize)]
struct JsonPosition {
    line: u32,
    character: u32,
}

#[derive(Debug, Serialize)]
struct JsonLabel {
    #[serde(flatten)]
    place: JsonPlace,
    message: String,
}

#[derive(Debug, Serialize)]
struct JsonFix {
    title: String,
    applicability: Applicability,
    edits: Vec<JsonEdit>,
}

#[derive(Debug, Serialize)]
struct JsonEdit {
    #[serde(flatten)]
    place: JsonPlace,
    text: String,
}

/// What there is to say of a place.
#[derive(Debug, Serialize)]
pub(crate) struct JsonHover {
    pub(crate) parts: Vec<String>,
    #[serde(flatten)]
    pub(crate) place: JsonPlace,
}

/// What there is to say of a file besides findings.
#[derive(Debug, Serialize)]
pub(crate) struct JsonFacts {
    hints: Vec<JsonHint>,
    links: Vec<JsonLink>,
    symbols: Vec<JsonSymbol>,
    containers: Vec<JsonContainer>,
}

#[derive(Debug, Serialize)]
struct JsonHint {
    #[serde(flatten)]
    place: JsonPlace,
    label: String,
    tooltip: String,
}

#[derive(Debug, Serialize)]
struct JsonLink {
    #[serde(flatten)]
    place: JsonPlace,
    target: JsonPlace,
}

#[derive(Debug, Serialize)]
struct JsonSymbol {
    name: String,
    detail: String,
    kind: &'static str,
    #[serde(flatten)]
    place: JsonPlace,
    children: Vec<JsonSymbol>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonContainer {
    name: String,
    is_service: bool,
    runs_as: String,
    description: String,
    #[serde(flatten)]
    place: JsonPlace,
}

/// A project as `docker compose` would run it.
#[derive(Debug, Serialize)]
pub(crate) struct JsonEffective {
    pub(crate) text: String,
    pub(crate) refused: bool,
}

/// A file with another text.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    pub(crate) file: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

type Counted = (SourceFile, Rc<(Positions, Units)>);

/// Places of several texts, each counted once.
#[derive(Debug, Default)]
pub(crate) struct Places {
    known: RefCell<HashMap<*const u8, Counted>>,
}

impl Places {
    fn of(&self, file: &SourceFile) -> Rc<(Positions, Units)> {
        let mut known = self.known.borrow_mut();
        let count = || {
            let text = file.text();
            // The text is held on to, so that its address is nobody else's.
            (file.clone(), Rc::new((Positions::new(text, Encoding::Utf16), Units::of(text))))
        };
        Rc::clone(&known.entry(file.text().as_ptr()).or_insert_with(count).1)
    }

    pub(crate) fn place(&self, file: &SourceFile, span: Span) -> JsonPlace {
        let (text, counted) = (file.text(), self.of(file));
        let (start, end) = counted.0.range(text, span);
        let position =
            |at: lint_core::session::Position| JsonPosition { line: at.line, character: at.character };
        JsonPlace {
            file: file.name().to_owned(),
            span: Stretch {
                start: counted.1.before(text, span.start()),
                end: counted.1.before(text, span.end()),
            },
            range: Stretch { start: position(start), end: position(end) },
            bytes: Stretch { start: span.start(), end: span.end() },
        }
    }

    pub(crate) fn finding(&self, finding: &Finding) -> JsonFinding {
        let rule = finding.rule();
        JsonFinding {
            rule: rule.name,
            severity: finding.severity,
            level: finding.severity.level(),
            message: finding.message.clone(),
            help: finding.help.clone(),
            place: self.place(finding.file(), finding.span()),
            service: finding.service.clone(),
            stage: finding.stage.clone(),
            labels: finding.labels.iter().map(|label| self.label(label)).collect(),
            fixes: finding.fixes.iter().map(|fix| self.fix(fix)).collect(),
            category: rule.category.name(),
            stride: rule.stride.iter().map(|stride| stride.name()).collect(),
            cis: finding.cis().map(|cis| cis.number_in(Benchmark::default())).collect(),
            aliases: rule.references.iter().filter(|it| it.is_alias()).map(|it| it.id()).collect(),
            url: rule.url(),
            suppressible: rule.suppressible,
            fingerprint: finding.fingerprint(),
        }
    }

    pub(crate) fn accepted(&self, accepted: &Accepted) -> JsonAccepted {
        JsonAccepted {
            finding: self.finding(&accepted.finding),
            by: match accepted.by {
                AcceptedBy::Configuration => "configuration",
                _ => "comment",
            },
            reason: accepted.reason.clone(),
        }
    }

    fn label(&self, label: &Label) -> JsonLabel {
        JsonLabel { place: self.place(&label.place.file, label.place.span), message: label.message.clone() }
    }

    fn fix(&self, fix: &Fix) -> JsonFix {
        let edit =
            |edit: &Edit| JsonEdit { place: self.place(&edit.file, edit.span), text: edit.text_as_in_file() };
        JsonFix {
            title: fix.title.clone(),
            applicability: fix.applicability,
            edits: fix.edits.iter().map(edit).collect(),
        }
    }

    pub(crate) fn facts(&self, file: &SourceFile, facts: &Facts) -> JsonFacts {
        let hints = facts.hints.iter().map(|hint| JsonHint {
            place: self.place(file, Span::at(hint.at)),
            label: hint.label.clone(),
            tooltip: hint.tooltip.clone(),
        });
        let links = facts.links.iter().map(|link| JsonLink {
            place: self.place(file, link.span),
            target: self.place(&link.target.file, link.target.span),
        });
        let container = |subject: &Subject| JsonContainer {
            name: subject.name.clone(),
            is_service: subject.is_service,
            runs_as: subject.runs_as.clone(),
            description: described(facts, subject).map(|fact| fact.text.clone()).unwrap_or_default(),
            place: self.place(file, subject.name_span),
        };
        JsonFacts {
            hints: hints.collect(),
            links: links.collect(),
            symbols: self.symbols(file, &facts.symbols),
            containers: facts.subjects.iter().map(container).collect(),
        }
    }

    fn symbols(&self, file: &SourceFile, symbols: &[Symbol]) -> Vec<JsonSymbol> {
        let symbol = |symbol: &Symbol| JsonSymbol {
            name: symbol.name.clone(),
            detail: symbol.detail.clone(),
            kind: match symbol.kind {
                SymbolKind::Stage => "stage",
                SymbolKind::Instruction => "instruction",
                SymbolKind::Section => "section",
                SymbolKind::Service => "service",
                _ => "attribute",
            },
            place: self.place(file, symbol.span),
            children: self.symbols(file, &symbol.children),
        };
        symbols.iter().map(symbol).collect()
    }
}

/// The container of a service or an image, in words.
fn described<'f>(facts: &'f Facts, subject: &Subject) -> Option<&'f Fact> {
    facts.at(subject.name_span.start()).find(|fact| fact.text.contains("as it would run"))
}
