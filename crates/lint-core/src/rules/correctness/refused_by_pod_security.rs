use crate::model::kubernetes::pod_security::{PodSecurityLevel, judge};
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "refused-by-pod-security",
        docs: "The namespace does not admit these pods.

## Why
A namespace with the label `pod-security.kubernetes.io/enforce` refuses pods that do not meet its level. A Deployment is accepted, and then none of its pods
is ever made: the reason is found in the events of the ReplicaSet.

## Instead
Set what the level asks for, or run the pods in another namespace.

## Limits
Exemptions for users and runtime classes are kept in the API server's configuration and do not show here.
",
        severity: Severity::High,
        references: &[Reference::Url("https://kubernetes.io/docs/concepts/security/pod-security-standards/")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.pod.object;
    let Some(namespace) = object.namespace.as_deref().filter(|_| !object.partial) else { return };
    let Some((_, level, version)) = subject.cluster.enforced(namespace) else { return };
    let Some(wanted) = PodSecurityLevel::of(level) else { return };
    let version = version.and_then(|version| version.parse().ok()).unwrap_or_default();
    let verdict = judge(subject.pod, version);
    if verdict.level >= wanted {
        return;
    }
    let broken: Vec<_> = verdict.violations.iter().filter(|violation| violation.level <= wanted).collect();
    let Some(first) = broken.first() else { return };
    let mut controls: Vec<&str> = Vec::new();
    for violation in &broken {
        if !controls.contains(&violation.control) {
            controls.push(violation.control);
        }
    }
    let shown = controls.iter().take(3).map(|control| format!("`{control}`")).collect::<Vec<_>>().join(", ");
    let more = match controls.len().saturating_sub(3) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message =
        format!("the namespace `{namespace}` enforces `{level}` and refuses these pods: {shown}{more}");
    subject
        .report(cx, first.origin, message)
        .help("set what the level asks for, or run the pods in another namespace");
}
