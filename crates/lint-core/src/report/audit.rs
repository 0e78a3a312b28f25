//! `plimsoll audit`: the checks of the CIS Docker Benchmark, and the threats of the STRIDE model, with what was found.
//!
//! A check passes only when there was something to judge and rules that judge it; what files cannot say is said to be
//! undecidable, with the command to run on the host instead.

mod changes;
mod checks;
mod drawing;
mod escape;
pub mod html;
pub mod json;
pub mod kubernetes;
pub mod markdown;
mod row;
mod threats;

use crate::finding::finding::Finding;
use crate::finding::meta::{RuleMeta, Stride};
use crate::finding::reference::Benchmark;
pub use crate::report::audit::changes::{ChangedCheck, Changes, Gone};
pub use crate::report::audit::kubernetes::KubernetesCheck;
use crate::report::audit::row::Row;
use crate::report::picture::Picture;
use crate::report::pod_security::PodSecurity;
use crate::report::seen::{Evidence, Input, Seen, count};
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
    /// The projects, to be drawn.
    pub pictures: &'a [Picture],
    /// The pods of manifests and the levels of the Pod Security Standards that they meet.
    pub pod_security: &'a [PodSecurity],
    /// The checks of the CIS Kubernetes Benchmark, where there were manifests.
    pub kubernetes: Vec<KubernetesCheck<'a>>,
    /// What is different from an earlier report, when there is one ([`Audit::compare`]).
    pub changes: Option<Changes<'a>>,
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
    /// What a pass rests on: the places that speak of it and do not break it.
    pub evidence: Vec<&'a Evidence>,
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
    /// Whether anything was read that one of the rules looks at.
    pub was_looked_for: bool,
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

    /// `compose.yaml:3 (web), compose.yaml:9 (db) and 4 more`: what a pass rests on, as many places as are asked for.
    /// `None` when it is no pass.
    #[must_use]
    pub fn evidence_in_words(&self, places: usize) -> Option<String> {
        let shown: Vec<_> = self.evidence.iter().take(places).map(|evidence| evidence.shown()).collect();
        let more = match self.evidence.len().saturating_sub(places) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!shown.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
    }
}

impl Threat<'_> {
    /// `fail` where something was found, `pass` where nothing was and something could have been, else `undecidable`.
    #[must_use]
    pub fn status(&self) -> Status {
        match (self.findings.is_empty(), self.was_looked_for) {
            (false, _) => Status::Fail,
            (true, true) => Status::Pass,
            (true, false) => Status::Undecidable,
        }
    }

    /// `3 findings`, `nothing found`, and how many were accepted; or that nothing was read in which it could be found.
    #[must_use]
    pub fn in_words(&self) -> String {
        let found = match self.findings.len() {
            0 if !self.was_looked_for => return "nothing was read that could show it".to_owned(),
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
        let about =
            rule.meta.references.iter().any(|reference| matches!(reference.kind(), "cis" | "cis-kubernetes"));
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
/// settings.gather_evidence = true;
/// let linter = Linter::new(settings);
/// let report = linter.lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let audit = audit(&report, &linter.rules(), Benchmark::NEWEST);
/// let user = audit.checks.iter().find(|check| check.id == "4.1").unwrap();
/// assert_eq!(user.status, Status::Fail);
/// assert!(markdown::write(&audit).contains("4.1"));
/// ```
#[must_use]
pub fn audit<'a>(report: &'a Report, ran: &[&'static RuleMeta], benchmark: Benchmark) -> Audit<'a> {
    let judge = Judge { report, ran };
    let rows = checks::CHECKS.iter().flat_map(|section| section.iter()).chain([&checks::ONLY_IN_1_8_0]);
    let rows = rows.filter(|row| row.is_in(benchmark));
    let mut checks: Vec<_> =
        rows.map(|row| judge.check(&row.titled(benchmark), row.number_in(benchmark))).collect();
    checks.sort_by_key(|check| row::order(&check.id));
    Audit {
        benchmark,
        seen: report.seen,
        files: &report.linted,
        checks,
        threats: threats::threats(report, ran),
        gaps: judge.gaps(),
        pictures: &report.pictures,
        pod_security: &report.pod_security,
        kubernetes: kubernetes::checks(report, ran),
        changes: None,
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

    fn verdict(&self, row: &Row, deciding: &[&'static Rule], found: usize, accepted: usize) -> Verdict<'a> {
        if found > 0 {
            return Verdict { status: Status::Fail, ..Verdict::bare(count(found, "finding")) };
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
        let is_looked_at =
            |input| ran.iter().any(|rule| rule.checks.iter().any(|check| looks_at(check, input)));
        let looked_at: Vec<Input> = row.needs.iter().copied().filter(|&input| is_looked_at(input)).collect();
        if looked_at.iter().all(|&input| self.report.seen.of(input) == 0) {
            let needs: Vec<_> = looked_at.iter().map(|input| input.name()).collect();
            let reason = match needs.is_empty() {
                true => "its rules look at other files than these".to_owned(),
                false => format!("there was no {}", needs.join(" or ")),
            };
            return undecidable(row, reason);
        }
        let open =
            self.report.evidence.iter().filter(|seen| !seen.decides && seen.about.contains(&row.number));
        let open = open.count();
        let evidence = self.evidence(row, &looked_at);
        if evidence.is_empty() && accepted == 0 {
            return undecidable(
                row,
                unseen(row, open, &self.report.seen.in_words(&looked_at).replace(", ", " and ")),
            );
        }
        let mut reason = match accepted {
            0 => format!("nothing found in {}", self.report.seen.in_words(&looked_at)),
            accepted => format!("{} accepted", count(accepted, "finding")),
        };
        if open > 0 {
            reason.push_str(&format!("; of {} these files do not say", count(open, "other container")));
        }
        if !off.is_empty() {
            reason.push_str(&format!("; switched off: {}", names(&off)));
        }
        let is_whole =
            row.rest.is_empty() || row.whole_with.is_some_and(|input| self.report.seen.of(input) > 0);
        let (limits, run) = match (is_whole, open) {
            (true, 0) => (None, None),
            (true, _) => (Some("the rest shows on the host"), Some(row.run)),
            (false, _) => (Some(row.rest), Some(row.run)),
        };
        Verdict { status: Status::Pass, reason, limits, run, evidence }
    }

    /// What a pass can rest on: the places that speak of the matter or, where a file of the kind decides it by what it
    /// does not say, those files.
    fn evidence(&self, row: &Row, looked_at: &[Input]) -> Vec<&'a Evidence> {
        let all = self.report.evidence.iter();
        let of_kind: Vec<_> = all.filter(|seen| seen.decides && looked_at.contains(&seen.input)).collect();
        let named: Vec<_> = of_kind.iter().copied().filter(|seen| seen.about.contains(&row.number)).collect();
        if !named.is_empty() {
            return named;
        }
        let is_whole = |seen: &&Evidence| {
            let by_silence = matches!(seen.input, Input::Daemon | Input::Socket) || !row.must_be_seen();
            seen.about.is_empty() && by_silence
        };
        of_kind.into_iter().filter(is_whole).collect()
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
        Check::Service(_) | Check::Project(_) | Check::Assembly(_) | Check::Repository(_) => {
            input == Input::Service
        }
        Check::Container(_) => matches!(input, Input::Service | Input::Dockerfile),
        Check::Dockerfile(_) | Check::Stage(_) | Check::Instruction(_) | Check::UnusedDockerfile(_) => {
            input == Input::Dockerfile
        }
        Check::Runs(_) | Check::Program(_) | Check::Variable(_) => {
            matches!(input, Input::Service | Input::Dockerfile)
        }
        Check::Daemon(_) => matches!(input, Input::Daemon | Input::Socket),
        // They have a benchmark of their own.
        Check::Object(_) | Check::Pod(_) | Check::Component(_) => false,
        Check::Fault(_) | Check::Ignore(_) => false,
    }
}

/// Whether anything was read that a rule looks at.
fn could_find(rule: &RuleMeta, seen: &Seen) -> bool {
    let is_there = |check: &Check| match check {
        Check::Object(_) | Check::Pod(_) | Check::Component(_) => seen.of(Input::Manifest) > 0,
        check => {
            let inputs = [Input::Dockerfile, Input::Service, Input::Daemon, Input::Socket];
            inputs.into_iter().any(|input| looks_at(check, input) && seen.of(input) > 0)
                // A pod's containers are judged as those of services are.
                || looks_at(check, Input::Service) && seen.of(Input::Manifest) > 0
        }
    };
    rules::all()
        .find(|known| known.meta.name == rule.name)
        .is_some_and(|rule| rule.checks.iter().any(is_there))
}

struct Verdict<'a> {
    status: Status,
    reason: String,
    limits: Option<&'static str>,
    run: Option<&'static str>,
    evidence: Vec<&'a Evidence>,
}

impl Verdict<'_> {
    fn bare(reason: String) -> Self {
        Verdict { status: Status::Undecidable, reason, limits: None, run: None, evidence: Vec::new() }
    }
}

fn undecidable<'a>(row: &Row, reason: String) -> Verdict<'a> {
    Verdict { run: Some(row.run), ..Verdict::bare(reason) }
}

/// Why nothing can be said although there were files of the kind.
fn unseen(row: &Row, open: usize, looked_at: &str) -> String {
    match (open, row.rest) {
        (0, "") => format!("nothing in {looked_at} speaks of it"),
        (0, rest) => format!("nothing in {looked_at} speaks of it; {rest}"),
        (open, _) => format!("of {} these files do not say", count(open, "container")),
    }
}

fn blank<'a>(row: &Row, id: String, verdict: Verdict<'a>) -> AuditCheck<'a> {
    let section = id.split('.').next().and_then(|section| section.parse().ok()).unwrap_or_default();
    let Verdict { status, reason, limits, run, evidence } = verdict;
    AuditCheck {
        id,
        title: row.title,
        section,
        status,
        reason,
        limits,
        run,
        rules: Vec::new(),
        evidence,
        findings: Vec::new(),
        accepted: Vec::new(),
    }
}
