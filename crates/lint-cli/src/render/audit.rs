//! The benchmark report for the terminal.

use std::fmt::Write as _;

use lint_core::Finding;
use lint_core::report::audit::kubernetes;
use lint_core::report::audit::{Audit, AuditCheck, Changes, LetterOfStride, Status, section_name};
use lint_core::report::concise::printable;
use owo_colors::{OwoColorize as _, Style};

use crate::commands::page::fill;
use crate::render::severity_cell;
use crate::terminal::Terminal;

/// How many findings are shown of one check, and of one threat; the other formats have them all.
const SHOWN: usize = 5;

/// How many places a pass names.
const EVIDENCE: usize = 3;

/// Where the titles begin, behind verdict and number.
const TITLES: usize = 16;

/// The audit as a table.
pub(crate) fn text(audit: &Audit<'_>, terminal: Terminal) -> String {
    let mut table = Table { terminal, out: String::new() };
    table.heading(&format!("CIS Docker Benchmark {}", audit.benchmark.name()));
    table.line(2, &format!("judged from {}", audit.seen.all_in_words()), Style::new());
    table.totals(audit);
    table.line(
        2,
        "pass*: as far as files say; -: files do not say. What stands after `run` tells, on the host.",
        Style::new().dimmed(),
    );
    if !audit.gaps.is_empty() {
        table.heading("Not judged");
        for gap in &audit.gaps {
            table.line(2, &printable(gap), Style::new());
        }
    }
    if let Some(changes) = &audit.changes {
        table.changes(changes);
    }
    for section in audit.sections() {
        table.heading(&format!("{section} {}", section_name(section)));
        for check in audit.section(section) {
            table.check(check);
        }
    }
    table.kubernetes(audit);
    table.heading("Threat model (STRIDE)");
    for letter in &audit.threats {
        table.letter(letter);
    }
    table.heading("In short");
    table.totals(audit);
    table.out
}

fn style(status: Status) -> Style {
    match status {
        Status::Fail => Style::new().red().bold(),
        Status::Pass => Style::new().green(),
        Status::Undecidable => Style::new().dimmed(),
    }
}

struct Table {
    terminal: Terminal,
    out: String,
}

impl Table {
    fn changes(&mut self, changes: &Changes<'_>) {
        self.heading("Since the last report");
        let counts = (changes.checks.len(), changes.new.len(), changes.gone.len());
        let counts = format!(
            "{} checks have another verdict, {} findings are new, {} are gone",
            counts.0, counts.1, counts.2
        );
        self.line(2, &counts, Style::new());
        for check in &changes.checks {
            self.line(
                2,
                &format!("{} {}: {} -> {}", check.id, check.title, check.was, check.is),
                Style::new(),
            );
        }
        for finding in &changes.new {
            let line = format!("new: {} {}", printable(&finding.location()), printable(&finding.message));
            self.line(2, &line, Style::new());
        }
        for gone in &changes.gone {
            let line = format!("gone: {} {}", printable(&gone.place), printable(&gone.message));
            self.line(2, &line, Style::new().dimmed());
        }
    }

    fn totals(&mut self, audit: &Audit<'_>) {
        let counts = Status::ALL.map(|status| self.styled(&audit.count_in_words(status), style(status)));
        let _ = writeln!(self.out, "  {} checks: {}", audit.checks.len(), counts.join(", "));
    }

    fn check(&mut self, check: &AuditCheck<'_>) {
        // `undecidable` would make a column of its own on every line.
        let verdict = match check.status {
            Status::Undecidable => "-",
            Status::Pass if check.passes_in_part() => "pass*",
            status => status.name(),
        };
        let verdict = self.styled(&format!("{verdict:5}"), style(check.status));
        let title = self.filled(check.title, TITLES);
        let _ = writeln!(self.out, "  {verdict}  {:6} {title}", check.id);
        let dimmed = Style::new().dimmed();
        let why = match check.limits {
            Some(limits) => format!("{}; {limits}", check.reason),
            None => check.reason.clone(),
        };
        self.why(&why, check.run);
        if let Some(evidence) = check.evidence_in_words(EVIDENCE) {
            self.line(TITLES, &printable(&format!("seen: {evidence}")), dimmed);
        }
        self.findings(&check.findings);
        for accepted in &check.accepted {
            let reason = accepted.explanation().unwrap_or("without a reason");
            let finding = &accepted.finding;
            let text = format!("accepted ({reason}): {} {}", finding.location(), finding.message);
            self.line(TITLES, &printable(&text), dimmed);
        }
    }

    /// The other half, where there were manifests.
    fn kubernetes(&mut self, audit: &Audit<'_>) {
        if audit.kubernetes.is_empty() {
            return;
        }
        self.heading(&format!("CIS Kubernetes Benchmark {}", kubernetes::BENCHMARK));
        for check in &audit.kubernetes {
            let verdict = if check.status == Status::Undecidable { "-" } else { check.status.name() };
            let verdict = self.styled(&format!("{verdict:5}"), style(check.status));
            let title = self.filled(check.title, TITLES);
            let _ = writeln!(self.out, "  {verdict}  {:6} {title}", check.id);
            if check.status != Status::Undecidable {
                self.line(TITLES, &check.reason, Style::new().dimmed());
            }
            if let Some(evidence) = check.evidence_in_words(EVIDENCE) {
                self.line(TITLES, &printable(&format!("seen: {evidence}")), Style::new().dimmed());
            }
            self.findings(&check.findings);
        }
        self.heading("Pod Security Standards");
        for pod in audit.pod_security {
            let line = pod.place.file.line(pod.place.span.start());
            let text = format!(
                "{:10}  {}:{line} {} {}",
                pod.level.name(),
                pod.place.file.name(),
                pod.kind,
                pod.name
            );
            self.line(2, &printable(&text), Style::new());
            let controls = pod.controls();
            if !controls.is_empty() {
                self.line(
                    TITLES,
                    &printable(&format!("breaks {}", controls.join(", "))),
                    Style::new().dimmed(),
                );
            }
        }
    }

    /// Why, and what to run. A command that is broken in two cannot be copied, so it gets its own line where the line
    /// is too short for both.
    fn why(&mut self, why: &str, run: Option<&str>) {
        let dimmed = Style::new().dimmed();
        let Some(run) = run else { return self.line(TITLES, why, dimmed) };
        let columns = self.terminal.width.unwrap_or(140);
        let command = self.styled(run, Style::new().cyan());
        if TITLES + why.len() + run.len() + 7 <= columns {
            let why = self.styled(why, dimmed);
            let _ = writeln!(self.out, "{:TITLES$}{why}; run {command}", "");
        } else {
            self.line(TITLES, why, dimmed);
            let _ = writeln!(self.out, "{:TITLES$}run {command}", "");
        }
    }

    fn letter(&mut self, letter: &LetterOfStride<'_>) {
        let stride = letter.stride;
        let head = self.styled(&format!("{}  {}", stride.letter(), stride.name()), Style::new().bold());
        let _ = writeln!(self.out, "\n  {head}");
        self.line(5, letter.meaning, Style::new());
        for threat in &letter.threats {
            let status = threat.status();
            let words = threat.in_words();
            let text = self.filled(&format!("{}: {words}", threat.threat), 7);
            let text = match text.strip_suffix(&words) {
                Some(head) => format!("{head}{}", self.styled(&words, style(status))),
                None => text,
            };
            let _ = writeln!(self.out, "     - {text}");
            let rules: Vec<_> = threat.rules.iter().map(|rule| rule.name).collect();
            self.line(7, &format!("looked for by {}", rules.join(", ")), Style::new().dimmed());
            self.findings(&threat.findings);
        }
        if letter.threats.is_empty() {
            self.line(5, "no rule that ran looks for it", Style::new().dimmed());
        }
    }

    fn findings(&mut self, findings: &[&Finding]) {
        for finding in findings.iter().take(SHOWN) {
            let severity = severity_cell(finding.severity, 8, self.terminal.colour);
            let service = finding.service.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            let text = format!("{} {service}{} [{}]", finding.location(), finding.message, finding.rule.name);
            let text = self.filled(&printable(&text), TITLES + 9);
            let _ = writeln!(self.out, "{:TITLES$}{severity} {text}", "");
        }
        if let Some(more) = findings.len().checked_sub(SHOWN).filter(|&more| more > 0) {
            self.line(TITLES, &format!("and {more} more"), Style::new().dimmed());
        }
    }

    fn heading(&mut self, text: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        let text = self.styled(text, Style::new().bold().underline());
        let _ = writeln!(self.out, "{gap}{text}");
    }

    fn line(&mut self, indent: usize, text: &str, style: Style) {
        let text = self.filled(text, indent);
        // A style that runs on over a line's end would colour the margin of the next one.
        for line in text.lines() {
            let margin = line.len() - line.trim_start().len();
            let margin = if margin == 0 { indent } else { margin };
            let styled = self.styled(line.trim_start(), style);
            let _ = writeln!(self.out, "{:margin$}{styled}", "");
        }
    }

    fn filled(&self, text: &str, indent: usize) -> String {
        match self.terminal.width {
            Some(columns) => fill(text, indent, columns),
            None => text.to_owned(),
        }
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.terminal.colour { text.style(style).to_string() } else { text.to_owned() }
    }
}
