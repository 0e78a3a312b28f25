//! `--output-format sarif`: SARIF 2.1.0, as GitHub code scanning wants it and editors read it.

mod descriptors;
mod line_hash;
mod log;
mod uri;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lint_parser::text::source::SourceFile;

use crate::finding::finding::Finding;
use crate::finding::fix::{Applicability, Fix};
use crate::finding::meta::RuleMeta;
use crate::finding::severity::Severity;
use crate::report::concise::printable;
use crate::report::extent::Extent;
use crate::report::sarif::descriptors::{Rules, descriptors, level, rank};
use crate::report::sarif::log::{
    Artifact, ArtifactChange, ArtifactLocation, AutomationDetails, Base, BaseIds, Content, Driver,
    Fingerprints, FixProperties, Invocation, Location, Log, LogicalLocation, Message, Notification,
    NotificationLocation, PhysicalLocation, Region, Replacement, ResultProperties, Run, SarifFix,
    SarifResult, Suppression, Tool, WholeFile,
};
use crate::report::{Accepted, AcceptedBy, Report, document};

/// How many results GitHub accepts of a run. A log holds the worst ones.
pub const MAX_RESULTS: usize = 25_000;
/// How many related locations GitHub shows of a result.
const MAX_RELATED: usize = 100;
/// The base of relative names.
const ROOT: &str = "SRCROOT";

/// What a log says of the run besides what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SarifRun<'a> {
    /// The rules that ran, each with the severity it has in this run: `Linter::severity_of`. GitHub takes the severity of
    /// an alert from here; where files are judged by several settings, `level` and `rank` of a result say what it is in its own.
    pub rules: Vec<(&'static RuleMeta, Severity)>,
    /// The source that came from standard input or an editor's buffer. Its lines are not those that GitHub sees, so
    /// it gets no line hashes.
    pub unsaved: Option<&'a str>,
    /// Whether everything that was asked for could be done.
    pub successful: bool,
    /// Whether what comments, the configuration and baselines accept is in the log too, marked as suppressed.
    pub suppressed: bool,
}

impl<'a> SarifRun<'a> {
    /// A run that did everything that was asked for, by rules of these severities.
    #[must_use]
    pub fn new(rules: impl IntoIterator<Item = (&'static RuleMeta, Severity)>) -> Self {
        Self { rules: rules.into_iter().collect(), unsaved: None, successful: true, suppressed: false }
    }
}

/// One log with one run, and a final newline; without findings, `results` is empty.
///
/// ```
/// use lint_core::report::sarif::{SarifRun, write};
/// use lint_core::{Linter, Source};
///
/// let linter = Linter::default();
/// let report = linter.lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let run = SarifRun::new(linter.rules().into_iter().map(|rule| (rule, rule.severity)));
/// assert!(write(&report, &run).contains("\"ruleId\": \"root-user\""));
/// ```
#[must_use]
pub fn write(report: &Report, run: &SarifRun<'_>) -> String {
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Writer::new(report, run).run(run.successful)],
    };
    document::pretty(&log)
}

/// A finding of the log.
#[derive(Clone, Copy, Debug)]
struct Shown<'a> {
    finding: &'a Finding,
    /// `None` when the log does not tell; else by what it is suppressed, if by anything.
    suppression: Option<Option<Why<'a>>>,
}

/// By what a finding is suppressed.
#[derive(Clone, Copy, Debug)]
struct Why<'a> {
    /// In the words of the standard.
    kind: &'static str,
    reason: Option<&'a str>,
}

struct Writer<'a> {
    report: &'a Report,
    findings: Vec<Shown<'a>>,
    rules: Rules,
    /// The index of each file among the artifacts.
    artifacts: BTreeMap<&'a str, usize>,
    hashes: HashMap<&'a str, BTreeMap<usize, String>>,
}

impl<'a> Writer<'a> {
    fn new(report: &'a Report, run: &SarifRun<'a>) -> Self {
        let findings = worst(shown(report, run.suppressed));
        let mut rules: Rules =
            run.rules.iter().map(|&(rule, severity)| (rule.name, (rule, severity))).collect();
        for Shown { finding, .. } in &findings {
            rules.entry(finding.rule.name).or_insert((finding.rule, finding.rule.severity));
        }
        let names: BTreeSet<&str> = report
            .linted
            .iter()
            .map(String::as_str)
            .chain(findings.iter().map(|shown| shown.finding.file().name()))
            .collect();
        let artifacts = names.into_iter().enumerate().map(|(index, name)| (name, index)).collect();
        let hashes = hashes(&findings, run.unsaved);
        Self { report, findings, rules, artifacts, hashes }
    }

    fn run(&self, successful: bool) -> Run<'a> {
        Run {
            tool: Tool {
                driver: Driver {
                    name: "Plimsoll",
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: descriptors(&self.rules),
                },
            },
            automation_details: AutomationDetails { id: "plimsoll/" },
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: BaseIds {
                srcroot: Base { description: message("The directory that Plimsoll was run in") },
            },
            invocations: [Invocation {
                execution_successful: successful
                    && self.report.unreadable.is_empty()
                    && self.report.failures.is_empty()
                    && self.report.unjudged.is_empty(),
                tool_execution_notifications: self.notifications(),
            }],
            artifacts: self
                .artifacts
                .keys()
                .map(|name| Artifact { location: self.unnumbered(name), roles: ["analysisTarget"] })
                .collect(),
            results: self.findings.iter().map(|&shown| self.result(shown)).collect(),
        }
    }

    fn notifications(&self) -> Vec<Notification> {
        let notification = |level, file: &str, text: String| Notification {
            level,
            message: message(&quoted(&text)),
            locations: [NotificationLocation {
                physical_location: WholeFile { artifact_location: self.artifact(file) },
            }],
        };
        let report = self.report;
        let unreadable = report
            .unreadable
            .iter()
            .map(|(file, error)| notification("error", file, format!("cannot be linted: {error}")));
        let failures = report.failures.iter().map(|failure| {
            let text = format!("internal error in {}: {}", failure.during, failure.message);
            notification("error", &failure.file, text)
        });
        let notes = report.notes.iter().map(|note| notification("note", &note.file, note.message.clone()));
        unreadable.chain(failures).chain(notes).collect()
    }

    fn result(&self, Shown { finding, suppression }: Shown<'a>) -> SarifResult<'a> {
        let labels = || finding.labels.iter().take(MAX_RELATED).zip(1..);
        // GitHub makes these links; places in the same file need none, since they are shown with it.
        let links: Vec<String> = labels()
            .filter(|(label, _)| label.place.file.name() != finding.file().name())
            .map(|(label, id)| {
                let line = label.place.file.line(label.place.span.start());
                format!("[{}]({id})", quoted(&format!("{}:{line}", label.place.file.name())))
            })
            .collect();
        let mut text = quoted(&finding.message);
        if !links.is_empty() {
            text = format!("{text} (see {})", links.join(", "));
        }
        if let Some(help) = &finding.help {
            text = format!("{text}. {}", quoted(help));
        }
        let region = Extent::shown(finding);
        SarifResult {
            rule_id: finding.rule.name,
            rule_index: self.rules.range(..finding.rule.name).count(),
            level: level(finding.severity),
            rank: rank(finding.severity),
            message: Message { text },
            locations: [Location {
                id: None,
                physical_location: self.place(finding.file(), region),
                logical_locations: logical(finding),
                message: None,
            }],
            related_locations: labels()
                .map(|(label, id)| Location {
                    id: Some(id),
                    physical_location: self
                        .place(&label.place.file, Extent::new(&label.place.file, label.place.span)),
                    logical_locations: Vec::new(),
                    message: Some(message(&quoted(&label.message))),
                })
                .collect(),
            partial_fingerprints: Fingerprints {
                line: self
                    .hashes
                    .get(finding.file().name())
                    .and_then(|lines| lines.get(&region.start.line).cloned()),
                finding: finding.fingerprint(),
            },
            fixes: finding.fixes.iter().filter_map(|fix| self.fix(fix)).collect(),
            suppressions: suppression.map(|why| why.into_iter().map(suppressed).collect()),
            properties: ResultProperties { severity: finding.severity.name() },
        }
    }

    /// One change for each file; nothing for a fix that is never to be applied: editors apply what they find here.
    fn fix(&self, fix: &'a Fix) -> Option<SarifFix<'a>> {
        if fix.applicability == Applicability::Display || fix.edits.is_empty() {
            return None;
        }
        let mut changes: BTreeMap<&str, Vec<Replacement<'a>>> = BTreeMap::new();
        for edit in &fix.edits {
            changes.entry(edit.file.name()).or_default().push(Replacement {
                deleted_region: Region::from(Extent::new(&edit.file, edit.span)),
                inserted_content: Content { text: &edit.text },
            });
        }
        let changes = changes.into_iter().map(|(file, replacements)| ArtifactChange {
            artifact_location: self.artifact(file),
            replacements,
        });
        Some(SarifFix {
            description: message(&fix.title),
            artifact_changes: changes.collect(),
            properties: FixProperties { applicability: fix.applicability },
        })
    }

    fn place(&self, file: &SourceFile, extent: Extent) -> PhysicalLocation {
        PhysicalLocation { artifact_location: self.artifact(file.name()), region: Region::from(extent) }
    }

    fn artifact(&self, name: &str) -> ArtifactLocation {
        ArtifactLocation { index: self.artifacts.get(name).copied(), ..self.unnumbered(name) }
    }

    fn unnumbered(&self, name: &str) -> ArtifactLocation {
        let (uri, is_relative) = uri::of(name);
        ArtifactLocation { uri, uri_base_id: is_relative.then_some(ROOT), index: None }
    }
}

/// What the log holds, in the order of a report.
fn shown(report: &Report, suppressed: bool) -> Vec<Shown<'_>> {
    let findings = report.findings.iter();
    if !suppressed {
        return findings.map(|finding| Shown { finding, suppression: None }).collect();
    }
    let findings = findings.map(|finding| Shown { finding, suppression: Some(None) });
    let accepted = report.accepted.iter().map(|Accepted { finding, by, reason }| {
        let kind = match by {
            AcceptedBy::Comment => "inSource",
            AcceptedBy::Configuration => "external",
        };
        Shown { finding, suppression: Some(Some(Why { kind, reason: reason.as_deref() })) }
    });
    let by_baseline = Why { kind: "external", reason: Some("accepted by the baseline") };
    let baselined =
        report.baselined.iter().map(|finding| Shown { finding, suppression: Some(Some(by_baseline)) });
    let mut shown: Vec<Shown<'_>> = findings.chain(accepted).chain(baselined).collect();
    shown.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    shown
}

fn suppressed(why: Why<'_>) -> Suppression {
    Suppression { kind: why.kind, justification: why.reason.map(printable) }
}

/// As many as GitHub accepts, in the order given; when there are more, those that are suppressed are left out first,
/// then the least severe.
fn worst(findings: Vec<Shown<'_>>) -> Vec<Shown<'_>> {
    if findings.len() <= MAX_RESULTS {
        return findings;
    }
    let mut numbered: Vec<(usize, Shown<'_>)> = findings.into_iter().enumerate().collect();
    numbered.sort_by_key(|(_, shown)| {
        let is_suppressed = shown.suppression.is_some_and(|suppression| suppression.is_some());
        (is_suppressed, std::cmp::Reverse(shown.finding.severity))
    });
    numbered.truncate(MAX_RESULTS);
    numbered.sort_unstable_by_key(|&(number, _)| number);
    numbered.into_iter().map(|(_, shown)| shown).collect()
}

fn hashes<'a>(findings: &[Shown<'a>], unsaved: Option<&str>) -> HashMap<&'a str, BTreeMap<usize, String>> {
    let mut lines: BTreeMap<&str, (&SourceFile, BTreeSet<usize>)> = BTreeMap::new();
    let findings = findings.iter().map(|shown| shown.finding);
    for finding in findings.filter(|finding| Some(finding.file().name()) != unsaved) {
        let (_, lines) = lines.entry(finding.file().name()).or_insert((finding.file(), BTreeSet::new()));
        lines.insert(Extent::shown(finding).start.line);
    }
    lines
        .into_iter()
        .map(|(name, (file, lines))| (name, line_hash::line_hashes(file.text(), &lines)))
        .collect()
}

fn logical(finding: &Finding) -> Vec<LogicalLocation<'_>> {
    let location = |list: &str, name, kind| LogicalLocation {
        name,
        fully_qualified_name: format!("{list}.{name}"),
        kind,
    };
    let service = finding.service.iter().map(|name| location("services", name.as_str(), "service"));
    let stage = finding.stage.iter().map(|name| location("stages", name.as_str(), "stage"));
    service.chain(stage).collect()
}

fn message(text: &str) -> Message {
    Message { text: text.to_owned() }
}

/// Text that may quote a file. `[text](target)` is a link in SARIF, in plain text too; none may come from there.
fn quoted(text: &str) -> String {
    printable(text).replace("](", "] (")
}

impl From<Extent> for Region {
    fn from(extent: Extent) -> Self {
        Region {
            start_line: extent.start.line,
            start_column: extent.start.column,
            end_line: extent.end.line,
            end_column: extent.end.column,
        }
    }
}
