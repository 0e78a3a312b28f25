//! `plimsoll audit`: the checks of the CIS Docker Benchmark, and the threats of the STRIDE model, with what was found.
//!
//! A check passes only when there was something to judge and rules that judge it; what files cannot say is said to be
//! undecidable, with the command to run on the host instead.

mod checks;
pub mod html;
pub mod json;
pub mod markdown;
mod row;
mod threats;

use crate::finding::finding::Finding;
use crate::finding::meta::{RuleMeta, Stride};
use crate::finding::reference::Benchmark;
use crate::report::audit::row::Row;
use crate::report::seen::{Input, Seen, count};
use crate::report::{Accepted, Report};
use crate::rule::check::Check;
use crate::rule::rule::Rule;
use crate::rules;

/// The benchmark report.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Audit<'a> {
    /// The version whose numbers and order are used.
    pub benchmark: Benchmark,
    /// How much there was to judge.
    pub seen: Seen,
    /// The files that were judged.
    pub files: &'a [String],
    /// Every check, in the benchmark's order.
    pub checks: Vec<AuditCheck<'a>>,
    /// The six letters of STRIDE.
    pub threats: Vec<LetterOfStride<'a>>,
    /// What could not be judged, or not wholly.
    pub gaps: Vec<String>,
}

/// A check of the benchmark and its verdict.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuditCheck<'a> {
    /// Its number in the version asked for.
    pub id: String,
    /// What is so when the check passes.
    pub title: &'static str,
    /// The section it is in, from 1 to 7.
    pub section: usize,
    /// The verdict.
    pub status: Status,
    /// Why, in a line.
    pub reason: String,
    /// What a pass leaves open, since files do not say it.
    pub limits: Option<&'static str>,
    /// What to run on the host to learn what files do not say.
    pub run: Option<&'static str>,
    /// The rules that look for what fails it.
    pub rules: Vec<&'static RuleMeta>,
    /// What fails it.
    pub findings: Vec<&'a Finding>,
    /// What would fail it, had nobody accepted it.
    pub accepted: Vec<&'a Accepted>,
}

/// The verdict on a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Something in the files breaks the recommendation.
    Fail,
    /// Nothing in the files does.
    Pass,
    /// The files cannot say.
    Undecidable,
}

impl Status {
    /// All of them, in the order of a summary.
    pub const ALL: [Status; 3] = [Status::Fail, Status::Pass, Status::Undecidable];

    /// `fail`, `pass` or `undecidable`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Fail => "fail",
            Status::Pass => "pass",
            Status::Undecidable => "undecidable",
        }
    }

    /// `failed`, `passed`, `undecidable`: how a number of checks is counted.
    #[must_use]
    pub fn participle(self) -> &'static str {
        match self {
            Status::Fail => "failed",
            Status::Pass => "passed",
            Status::Undecidable => "undecidable",
        }
    }
}

/// A letter of STRIDE.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LetterOfStride<'a> {
    /// The letter.
    pub stride: Stride,
    /// What it stands for, in plain words.
    pub meaning: &'static str,
    /// The threats to containers that it stands for; those that a rule looks for.
    pub threats: Vec<Threat<'a>>,
}

/// A threat, the rules that look for it, and what they found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Threat<'a> {
    /// What somebody could do, in plain words.
    pub threat: &'static str,
    /// The rules that look for what would let them.
    pub rules: Vec<&'static RuleMeta>,
    /// What was found.
    pub findings: Vec<&'a Finding>,
    /// What was found and accepted.
    pub accepted: Vec<&'a Accepted>,
}

impl AuditCheck<'_> {
    /// Whether it passes as far as files say, and they do not say everything.
    #[must_use]
    pub fn passes_in_part(&self) -> bool {
        self.status == Status::Pass && self.limits.is_some()
    }

    /// `fail`, `pass`, `pass in part` or `undecidable`.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        if self.passes_in_part() { "pass in part" } else { self.status.name() }
    }
}

impl Threat<'_> {
    /// `3 findings`, `nothing found`, and how many were accepted.
    #[must_use]
    pub fn in_words(&self) -> String {
        let found = match self.findings.len() {
            0 if self.accepted.is_empty() => return "nothing found".to_owned(),
            0 => String::new(),
            number if self.accepted.is_empty() => return count(number, "finding"),
            number => format!("{}, ", count(number, "finding")),
        };
        format!("{found}{} accepted", self.accepted.len())
    }
}

/// The names of the sections, from 1 to 7.
const SECTIONS: [&str; 7] = [
    "Host configuration",
    "Docker daemon configuration",
    "Docker daemon configuration files",
    "Container images and build files",
    "Container runtime",
    "Docker security operations",
    "Docker swarm configuration",
];

/// The name of a section, from 1 to 7.
#[must_use]
pub fn section_name(section: usize) -> &'static str {
    section.checked_sub(1).and_then(|at| SECTIONS.get(at)).copied().unwrap_or_default()
}

/// The rules an audit reports on, whatever their profile: those of the benchmark and of the threat model, and those that
/// tell what could not be read.
#[must_use]
pub fn rules() -> Vec<&'static RuleMeta> {
    let relevant = rules::all().filter(|rule| {
        let about = rule.meta.references.iter().any(|reference| reference.kind() == "cis");
        about || !rule.meta.stride.is_empty() || is_about_faults(rule)
    });
    relevant.map(|rule| &rule.meta).collect()
}

fn is_about_faults(rule: &Rule) -> bool {
    rule.checks.iter().any(|check| matches!(check, Check::Fault(_)))
}

/// The verdicts that follow from a report. `ran` are the rules that made it.
///
/// ```
/// use lint_core::report::audit::{Status, audit, markdown, rules};
/// use lint_core::{Benchmark, Linter, Settings, Source};
///
/// let mut settings = Settings::default();
/// settings.select = rules().iter().map(|rule| rule.name.to_owned()).collect();
/// let linter = Linter::new(settings);
/// let report = linter.lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let audit = audit(&report, &linter.rules(), Benchmark::V1_6_0);
/// let user = audit.checks.iter().find(|check| check.id == "4.1").unwrap();
/// assert_eq!(user.status, Status::Fail);
/// assert!(markdown::write(&audit).contains("4.1"));
/// ```
#[must_use]
pub fn audit<'a>(report: &'a Report, ran: &[&'static RuleMeta], benchmark: Benchmark) -> Audit<'a> {
    let judge = Judge { report, ran };
    let mut checks: Vec<_> = checks::CHECKS
        .iter()
        .flat_map(|section| section.iter())
        .map(|row| judge.check(row, row.number_in(benchmark)))
        .collect();
    if benchmark == Benchmark::V1_8_0 {
        let row = &checks::ONLY_IN_1_8_0;
        checks.push(judge.foreign(row));
    }
    checks.sort_by_key(|check| row::order(&check.id));
    Audit {
        benchmark,
        seen: report.seen,
        files: &report.linted,
        checks,
        threats: threats::threats(report, ran),
        gaps: judge.gaps(),
    }
}

impl Audit<'_> {
    /// How many checks have a verdict.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.checks.iter().filter(|check| check.status == status).count()
    }

    /// `21 failed`, `50 passed, 33 of them in part`, `46 undecidable`.
    #[must_use]
    pub fn count_in_words(&self, status: Status) -> String {
        let words = format!("{} {}", self.count(status), status.participle());
        match self.checks.iter().filter(|check| check.passes_in_part()).count() {
            in_part if status == Status::Pass && in_part > 0 => format!("{words} ({in_part} in part)"),
            _ => words,
        }
    }

    /// The checks of a section, from 1 to 7.
    pub fn section(&self, section: usize) -> impl Iterator<Item = &AuditCheck<'_>> {
        self.checks.iter().filter(move |check| check.section == section)
    }

    /// The numbers of the sections that have checks.
    pub fn sections(&self) -> impl Iterator<Item = usize> {
        (1..=SECTIONS.len()).filter(|&section| self.section(section).next().is_some())
    }
}

/// What verdicts follow from.
struct Judge<'a, 'r> {
    report: &'a Report,
    ran: &'r [&'static RuleMeta],
}

impl<'a> Judge<'a, '_> {
    fn check(&self, row: &Row, id: String) -> AuditCheck<'a> {
        let deciding: Vec<&'static Rule> =
            rules::all().filter(|rule| rule.meta.is_about(row.number)).collect();
        let findings: Vec<_> = self.report.findings.iter().filter(|f| f.breaks(row.number)).collect();
        let accepted: Vec<_> =
            self.report.accepted.iter().filter(|accepted| accepted.finding.breaks(row.number)).collect();
        let verdict = self.verdict(row, &deciding, findings.len(), accepted.len());
        let mut rules: Vec<_> = deciding.iter().map(|rule| &rule.meta).collect();
        rules.sort_by_key(|rule| rule.name);
        AuditCheck { rules, findings, accepted, ..blank(row, id, verdict) }
    }

    /// A check that version 1.6.0 does not have, and so no rule's metadata can name.
    fn foreign(&self, row: &Row) -> AuditCheck<'a> {
        let reason = "version 1.6.0 of the benchmark, which the rules follow, does not have it";
        blank(row, row.number.to_owned(), undecidable(row, reason.to_owned()))
    }

    fn verdict(&self, row: &Row, deciding: &[&'static Rule], found: usize, accepted: usize) -> Verdict {
        if found > 0 {
            let reason = count(found, "finding");
            return Verdict { status: Status::Fail, reason, limits: None, run: None };
        }
        if row.needs.is_empty() {
            return undecidable(row, row.rest.to_owned());
        }
        if deciding.is_empty() {
            return undecidable(row, "Plimsoll has no rule that looks for it".to_owned());
        }
        let (ran, off): (Vec<&Rule>, Vec<&Rule>) =
            deciding.iter().partition(|rule| self.ran.contains(&&rule.meta));
        let names = |rules: &[&Rule]| rules.iter().map(|rule| rule.meta.name).collect::<Vec<_>>().join(", ");
        if ran.is_empty() {
            return undecidable(row, format!("switched off: {}", names(&off)));
        }
        let has_failed = |rule: &&Rule| self.report.failures.iter().any(|f| f.during == rule.meta.name);
        if let Some(failed) = ran.iter().find(|rule| has_failed(rule)) {
            return undecidable(row, format!("{} failed with an internal error", failed.meta.name));
        }
        // What no rule looks at has not been judged, however much of it there was.
        let looked_at: Vec<Input> = row
            .needs
            .iter()
            .copied()
            .filter(|input| ran.iter().any(|rule| rule.checks.iter().any(|check| looks_at(check, *input))))
            .collect();
        if looked_at.iter().all(|&input| self.report.seen.of(input) == 0) {
            let needs: Vec<_> = looked_at.iter().map(|input| input.name()).collect();
            let reason = match needs.is_empty() {
                true => "its rules look at other files than these".to_owned(),
                false => format!("there was no {}", needs.join(" or ")),
            };
            return undecidable(row, reason);
        }
        let mut reason = match accepted {
            0 => format!("nothing found in {}", self.report.seen.in_words(&looked_at)),
            accepted => format!("{} accepted", count(accepted, "finding")),
        };
        if !off.is_empty() {
            reason.push_str(&format!("; switched off: {}", names(&off)));
        }
        let is_whole =
            row.rest.is_empty() || row.whole_with.is_some_and(|input| self.report.seen.of(input) > 0);
        let (limits, run) = if is_whole { (None, None) } else { (Some(row.rest), Some(row.run)) };
        Verdict { status: Status::Pass, reason, limits, run }
    }

    fn gaps(&self) -> Vec<String> {
        let report = self.report;
        let mut gaps: Vec<String> = Vec::new();
        gaps.extend(report.unreadable.iter().map(|(name, error)| format!("{name}: {error}")));
        gaps.extend(report.failures.iter().map(|failure| {
            format!("{}: internal error in {}: {}", failure.file, failure.during, failure.message)
        }));
        let faults = report.findings.iter().filter(|f| f.rule.stride.is_empty() && is_unread(f));
        gaps.extend(faults.map(|fault| format!("{}: {}", fault.location(), fault.message)));
        gaps.extend(report.notes.iter().map(|note| format!("{}: {}", note.file, note.message)));
        gaps
    }
}

/// Whether a finding says that part of a file could not be read as Docker would read it.
fn is_unread(finding: &Finding) -> bool {
    rules::all().any(|rule| rule.meta == *finding.rule && is_about_faults(rule))
}

/// Whether a check looks at an input.
fn looks_at(check: &Check, input: Input) -> bool {
    match check {
        Check::Service(_) | Check::Project(_) | Check::Assembly(_) => input == Input::Service,
        Check::Container(_) => matches!(input, Input::Service | Input::Dockerfile),
        Check::Dockerfile(_) | Check::Stage(_) | Check::Instruction(_) | Check::UnusedDockerfile(_) => {
            input == Input::Dockerfile
        }
        Check::Runs(_) | Check::Program(_) | Check::Variable(_) => {
            matches!(input, Input::Service | Input::Dockerfile)
        }
        Check::Daemon(_) => matches!(input, Input::Daemon | Input::Socket),
        Check::Fault(_) | Check::Ignore(_) => false,
    }
}

struct Verdict {
    status: Status,
    reason: String,
    limits: Option<&'static str>,
    run: Option<&'static str>,
}

fn undecidable(row: &Row, reason: String) -> Verdict {
    Verdict { status: Status::Undecidable, reason, limits: None, run: Some(row.run) }
}

fn blank<'a>(row: &Row, id: String, verdict: Verdict) -> AuditCheck<'a> {
    let section = id.split('.').next().and_then(|section| section.parse().ok()).unwrap_or_default();
    let Verdict { status, reason, limits, run } = verdict;
    AuditCheck {
        id,
        title: row.title,
        section,
        status,
        reason,
        limits,
        run,
        rules: Vec::new(),
        findings: Vec::new(),
        accepted: Vec::new(),
    }
}
