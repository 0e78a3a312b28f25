//! `plimsoll audit --output-format json`. The contract only ever grows.

use serde::Serialize;

use crate::finding::label::Place;
use crate::finding::meta::{RuleMeta, Stride};
use crate::report::Accepted;
use crate::report::audit::kubernetes::{BENCHMARK, KubernetesCheck};
use crate::report::audit::{Audit, AuditCheck, Changes, LetterOfStride, Status, Threat, section_name};
use crate::report::document;
use crate::report::json::JsonFinding;
use crate::report::pod_security::{PodSecurity, PodSecurityLevel, PodSecurityViolation};
use crate::report::seen::Evidence;

#[derive(Serialize)]
struct JsonAudit<'a> {
    benchmark: &'static str,
    summary: JsonSummary,
    seen: JsonSeen,
    files: &'a [String],
    gaps: &'a [String],
    checks: Vec<JsonCheck<'a>>,
    threats: Vec<JsonLetter<'a>>,
    /// Only where there were manifests.
    #[serde(skip_serializing_if = "Option::is_none")]
    kubernetes: Option<JsonKubernetes<'a>>,
    /// Only where there were manifests.
    #[serde(rename = "podSecurity", skip_serializing_if = "Option::is_none")]
    pod_security: Option<Vec<JsonPod<'a>>>,
    /// Only where there was an earlier report to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<JsonChanges<'a>>,
}

#[derive(Serialize)]
struct JsonKubernetes<'a> {
    benchmark: &'static str,
    checks: Vec<JsonKubernetesCheck<'a>>,
}

#[derive(Serialize)]
struct JsonKubernetesCheck<'a> {
    id: &'static str,
    title: &'static str,
    status: Status,
    reason: &'a str,
    rules: Vec<&'static str>,
    evidence: Vec<JsonEvidence<'a>>,
    findings: Vec<JsonFinding<'a>>,
    accepted: Vec<JsonAccepted<'a>>,
}

#[derive(Serialize)]
struct JsonPod<'a> {
    file: &'a str,
    line: usize,
    kind: &'a str,
    name: &'a str,
    level: PodSecurityLevel,
    violations: Vec<JsonViolation<'a>>,
}

#[derive(Serialize)]
struct JsonViolation<'a> {
    level: PodSecurityLevel,
    control: &'static str,
    field: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct JsonChanges<'a> {
    checks: Vec<JsonChangedCheck<'a>>,
    new: Vec<JsonFinding<'a>>,
    gone: Vec<JsonGone<'a>>,
}

#[derive(Serialize)]
struct JsonChangedCheck<'a> {
    id: &'a str,
    was: &'a str,
    is: &'a str,
}

#[derive(Serialize)]
struct JsonGone<'a> {
    place: &'a str,
    message: &'a str,
    code: &'a str,
}

#[derive(Serialize)]
struct JsonSummary {
    pass: usize,
    fail: usize,
    undecidable: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonSeen {
    dockerfiles: usize,
    compose_files: usize,
    services: usize,
    daemon_files: usize,
    socket_units: usize,
    #[serde(skip_serializing_if = "is_zero")]
    manifests: usize,
    #[serde(skip_serializing_if = "is_zero")]
    pods: usize,
}

/// What a report on Docker alone does not speak of.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct JsonCheck<'a> {
    id: &'a str,
    title: &'static str,
    section: &'static str,
    status: Status,
    reason: &'a str,
    limits: Option<&'static str>,
    run: Option<&'static str>,
    rules: Vec<&'static str>,
    evidence: Vec<JsonEvidence<'a>>,
    /// `evidence` holds the first of more than [`MOST_EVIDENCE`].
    #[serde(rename = "evidenceCount")]
    evidence_count: usize,
    findings: Vec<JsonFinding<'a>>,
    accepted: Vec<JsonAccepted<'a>>,
}

/// How many places a pass names: fifty checks that each name ten thousand services are no document any more.
const MOST_EVIDENCE: usize = 100;

#[derive(Serialize)]
struct JsonEvidence<'a> {
    file: &'a str,
    line: usize,
    service: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonAccepted<'a> {
    reason: Option<&'a str>,
    finding: JsonFinding<'a>,
}

#[derive(Serialize)]
struct JsonLetter<'a> {
    letter: char,
    name: Stride,
    meaning: &'static str,
    threats: Vec<JsonThreat<'a>>,
}

#[derive(Serialize)]
struct JsonThreat<'a> {
    threat: &'static str,
    status: Status,
    rules: Vec<&'static str>,
    findings: Vec<JsonFinding<'a>>,
    accepted: Vec<JsonAccepted<'a>>,
}

/// The audit as a JSON document with a final newline.
#[must_use]
pub fn write(audit: &Audit<'_>) -> String {
    let seen = &audit.seen;
    document::pretty(&JsonAudit {
        benchmark: audit.benchmark.name(),
        summary: JsonSummary {
            pass: audit.count(Status::Pass),
            fail: audit.count(Status::Fail),
            undecidable: audit.count(Status::Undecidable),
        },
        seen: JsonSeen {
            dockerfiles: seen.dockerfiles,
            compose_files: seen.compose_files,
            services: seen.services,
            daemon_files: seen.daemon_files,
            socket_units: seen.socket_units,
            manifests: seen.manifests,
            pods: seen.pods,
        },
        files: audit.files,
        gaps: &audit.gaps,
        checks: audit.checks.iter().map(check).collect(),
        threats: audit.threats.iter().map(letter).collect(),
        kubernetes: (seen.manifests > 0).then(|| JsonKubernetes {
            benchmark: BENCHMARK,
            checks: audit.kubernetes.iter().map(kubernetes_check).collect(),
        }),
        pod_security: (seen.manifests > 0).then(|| audit.pod_security.iter().map(pod).collect()),
        changes: audit.changes.as_ref().map(changes),
    })
}

fn kubernetes_check<'a>(check: &'a KubernetesCheck<'_>) -> JsonKubernetesCheck<'a> {
    JsonKubernetesCheck {
        id: check.id,
        title: check.title,
        status: check.status,
        reason: &check.reason,
        rules: names(&check.rules),
        evidence: check.evidence.iter().take(MOST_EVIDENCE).map(|seen| evidence(seen)).collect(),
        findings: check.findings.iter().copied().map(JsonFinding::from).collect(),
        accepted: accepted(&check.accepted),
    }
}

fn pod(pod: &PodSecurity) -> JsonPod<'_> {
    JsonPod {
        file: pod.place.file.name(),
        line: pod.place.file.line(pod.place.span.start()),
        kind: &pod.kind,
        name: &pod.name,
        level: pod.level,
        violations: pod.violations.iter().map(violation).collect(),
    }
}

fn violation(violation: &PodSecurityViolation) -> JsonViolation<'_> {
    JsonViolation {
        level: violation.level,
        control: violation.control,
        field: &violation.field,
        line: violation.line(),
    }
}

fn changes<'a>(changes: &'a Changes<'_>) -> JsonChanges<'a> {
    let checks =
        changes.checks.iter().map(|check| JsonChangedCheck { id: &check.id, was: &check.was, is: check.is });
    let gone = changes.gone.iter().map(|gone| JsonGone {
        place: &gone.place,
        message: &gone.message,
        code: &gone.rule,
    });
    JsonChanges {
        checks: checks.collect(),
        new: changes.new.iter().copied().map(JsonFinding::from).collect(),
        gone: gone.collect(),
    }
}

fn check<'a>(check: &'a AuditCheck<'_>) -> JsonCheck<'a> {
    JsonCheck {
        id: &check.id,
        title: check.title,
        section: section_name(check.section),
        status: check.status,
        reason: &check.reason,
        limits: check.limits,
        run: check.run,
        rules: names(&check.rules),
        evidence: check.evidence.iter().take(MOST_EVIDENCE).map(|seen| evidence(seen)).collect(),
        evidence_count: check.evidence.len(),
        findings: check.findings.iter().copied().map(JsonFinding::from).collect(),
        accepted: accepted(&check.accepted),
    }
}

fn evidence(seen: &Evidence) -> JsonEvidence<'_> {
    let Place { file, span, .. } = &seen.place;
    JsonEvidence { file: file.name(), line: file.line(span.start()), service: seen.service.as_deref() }
}

fn letter<'a>(letter: &'a LetterOfStride<'_>) -> JsonLetter<'a> {
    JsonLetter {
        letter: letter.stride.letter(),
        name: letter.stride,
        meaning: letter.meaning,
        threats: letter.threats.iter().map(threat).collect(),
    }
}

fn threat<'a>(threat: &'a Threat<'_>) -> JsonThreat<'a> {
    JsonThreat {
        threat: threat.threat,
        status: threat.status(),
        rules: names(&threat.rules),
        findings: threat.findings.iter().copied().map(JsonFinding::from).collect(),
        accepted: accepted(&threat.accepted),
    }
}

fn accepted<'a>(accepted: &[&'a Accepted]) -> Vec<JsonAccepted<'a>> {
    let json = accepted.iter().map(|accepted| JsonAccepted {
        reason: accepted.explanation(),
        finding: JsonFinding::from(&accepted.finding),
    });
    json.collect()
}

fn names(rules: &[&'static RuleMeta]) -> Vec<&'static str> {
    rules.iter().map(|rule| rule.name).collect()
}
