//! `plimsoll audit --output-format markdown`: for a wiki, a pull request or a review's folder.

use std::fmt::Write as _;

use crate::finding::finding::Finding;
use crate::finding::meta::RuleMeta;
use crate::report::audit::kubernetes::BENCHMARK;
use crate::report::audit::{Audit, AuditCheck, Changes, LetterOfStride, Status, section_name};
use crate::report::markdown::{code, prose};

/// How many places a pass names; the JSON has more.
const EVIDENCE: usize = 3;

/// The audit in Markdown.
#[must_use]
pub fn write(audit: &Audit<'_>) -> String {
    let mut text = format!("# CIS Docker Benchmark {}\n\n", audit.benchmark.name());
    let counts = Status::ALL.map(|status| audit.count_in_words(status));
    let _ = writeln!(text, "{} checks: {}.\n", audit.checks.len(), counts.join(", "));
    let _ = writeln!(text, "Judged: {}.", audit.seen.all_in_words());
    if !audit.gaps.is_empty() {
        let _ = writeln!(text, "\n## Not judged\n");
        for gap in &audit.gaps {
            let _ = writeln!(text, "- {}", prose(gap));
        }
    }
    if let Some(changes) = &audit.changes {
        since(&mut text, changes);
    }
    for section in audit.sections() {
        let _ = writeln!(text, "\n## {section} {}\n", section_name(section));
        let _ = writeln!(text, "| Check | | Verdict | Why |\n| --- | --- | --- | --- |");
        for check in audit.section(section) {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                check.id,
                prose(check.title),
                verdict(check),
                why(check)
            );
        }
        for check in audit.section(section) {
            details(&mut text, check);
        }
    }
    kubernetes(&mut text, audit);
    let _ = writeln!(text, "\n## Threat model (STRIDE)");
    for letter in &audit.threats {
        threats(&mut text, letter);
    }
    text
}

/// The other half, where there were manifests.
fn kubernetes(text: &mut String, audit: &Audit<'_>) {
    if audit.kubernetes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n## CIS Kubernetes Benchmark {BENCHMARK}\n");
    let _ = writeln!(text, "| Check | | Verdict | Why |\n| --- | --- | --- | --- |");
    for check in &audit.kubernetes {
        let seen = check
            .evidence_in_words(EVIDENCE)
            .map(|seen| format!("; seen: {}", code(&seen)))
            .unwrap_or_default();
        let title = prose(check.title);
        let _ = writeln!(
            text,
            "| {} | {title} | {} | {}{seen} |",
            check.id,
            check.status.name(),
            prose(&check.reason)
        );
    }
    for check in audit.kubernetes.iter().filter(|check| !check.findings.is_empty()) {
        let _ = writeln!(text, "\n### {} {}\n", check.id, prose(check.title));
        for finding in &check.findings {
            let _ = writeln!(text, "- {} {}", code(&finding.location()), prose(&finding.message));
        }
    }
    let _ = writeln!(text, "\n## Pod Security Standards\n");
    let _ = writeln!(text, "| Pod | Level | Breaks |\n| --- | --- | --- |");
    for pod in audit.pod_security {
        let line = pod.place.file.line(pod.place.span.start());
        let place = code(&format!("{}:{line}", pod.place.file.name()));
        let broken = prose(&pod.controls().join(", "));
        let title = prose(&format!("{} {}", pod.kind, pod.name));
        let _ = writeln!(text, "| {place} {title} | {} | {broken} |", pod.level.name());
    }
}

fn since(text: &mut String, changes: &Changes<'_>) {
    let _ = writeln!(text, "\n## Since the last report\n");
    let _ = writeln!(
        text,
        "{} checks have another verdict, {} findings are new, {} are gone.\n",
        changes.checks.len(),
        changes.new.len(),
        changes.gone.len()
    );
    for check in &changes.checks {
        let _ = writeln!(text, "- {} {}: {} → {}", check.id, prose(check.title), check.was, check.is);
    }
    for finding in &changes.new {
        let _ = writeln!(text, "- new: {} {}", code(&finding.location()), prose(&finding.message));
    }
    for gone in &changes.gone {
        let _ = writeln!(text, "- gone: {} {}", code(&gone.place), prose(&gone.message));
    }
}

fn verdict(check: &AuditCheck<'_>) -> &'static str {
    // What is to be done should strike the eye.
    if check.status == Status::Fail { "**fail**" } else { check.verdict() }
}

fn why(check: &AuditCheck<'_>) -> String {
    let mut why = prose(&check.reason);
    if let Some(limits) = check.limits {
        let _ = write!(why, "; {}", prose(limits));
    }
    if let Some(evidence) = check.evidence_in_words(EVIDENCE) {
        let _ = write!(why, "<br>seen: {}", prose(&evidence));
    }
    if let Some(run) = check.run {
        let _ = write!(why, "<br>run {}", code(run));
    }
    why
}

fn details(text: &mut String, check: &AuditCheck<'_>) {
    if check.findings.is_empty() && check.accepted.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n### {} {}\n", check.id, prose(check.title));
    for finding in &check.findings {
        let _ = writeln!(text, "- {}", line(finding));
    }
    for accepted in &check.accepted {
        let reason = accepted.explanation().map_or_else(|| "without a reason".to_owned(), prose);
        let _ = writeln!(text, "- accepted ({reason}): {}", line(&accepted.finding));
    }
}

fn threats(text: &mut String, letter: &LetterOfStride<'_>) {
    let stride = letter.stride;
    let _ = writeln!(text, "\n### {}: {}\n\n{}", stride.letter(), stride.name(), prose(letter.meaning));
    for threat in &letter.threats {
        let _ = writeln!(text, "\n- {}: **{}**", prose(threat.threat), threat.in_words());
        let rules: Vec<_> = threat.rules.iter().map(|rule| link(rule)).collect();
        let _ = writeln!(text, "  - looked for by {}", rules.join(", "));
        for finding in &threat.findings {
            let _ = writeln!(text, "  - {}", line(finding));
        }
    }
    if letter.threats.is_empty() {
        let _ = writeln!(text, "\nNo rule that ran looks for it.");
    }
}

fn line(finding: &Finding) -> String {
    let service = finding.service.as_deref().map(|s| format!(" {}", code(s))).unwrap_or_default();
    format!(
        "{}{service} {}: {} ({})",
        code(&finding.location()),
        finding.severity,
        prose(&finding.message),
        link(finding.rule)
    )
}

fn link(rule: &RuleMeta) -> String {
    format!("[{}]({})", rule.name, rule.url())
}
