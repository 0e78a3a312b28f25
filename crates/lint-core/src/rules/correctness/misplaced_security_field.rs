use crate::model::kubernetes::kinds::is_built_in;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;
use lint_parser::text::near::nearest;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "misplaced-security-field",
        docs: "A security setting stands where Kubernetes does not look for it.

## Why
`privileged`, `capabilities`, `allowPrivilegeEscalation`, `readOnlyRootFilesystem` and `procMount` belong to containers; `fsGroup` and `sysctls` to the pod.
Written on the other level, directly in the container, or with a letter missing, they are unknown fields: `kubectl` refuses or warns, and other clients
drop them without a word. The pod then runs without what somebody believes it to have.

## Instead
Move it to the `securityContext` that it belongs to.
",
        severity: Severity::Medium,
        references: &[Reference::Cwe(1173)],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

const OF_CONTAINERS: [&str; 5] =
    ["privileged", "allowPrivilegeEscalation", "capabilities", "readOnlyRootFilesystem", "procMount"];
const OF_PODS: [&str; 6] = [
    "fsGroup",
    "fsGroupChangePolicy",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "sysctls",
    "seLinuxChangePolicy",
];
const OF_BOTH: [&str; 7] = [
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "seccompProfile",
    "appArmorProfile",
    "seLinuxOptions",
    "windowsOptions",
];
const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    // A custom resource has fields of its own.
    if !is_built_in(&pod.object.group) {
        return;
    }
    for (level, other, holder, owner) in [("the pod", &OF_CONTAINERS[..], pod.spec, "each container")]
        .into_iter()
        .chain(subject.containers.iter().map(|c| ("this container", &OF_PODS[..], c.says.value, "the pod")))
    {
        let own: &[&str] = if owner == "the pod" { &OF_CONTAINERS } else { &OF_PODS };
        for entry in tree::entries(holder) {
            if OF_CONTAINERS.contains(&&*entry.key)
                || OF_PODS.contains(&&*entry.key)
                || OF_BOTH.contains(&&*entry.key)
            {
                let message = format!("`{}` does nothing here: it belongs in a `securityContext`", entry.key);
                subject.report(cx, entry.key_origin, message).help("move it to the `securityContext`");
            } else if misspells(&entry.key, &["securityContext"]).is_some() {
                let message = format!("`{}` is not known, so nothing in it counts", entry.key);
                subject.report(cx, entry.key_origin, message).help("write `securityContext`");
            }
        }
        let Some(context) = tree::get(holder, "securityContext") else { continue };
        for entry in tree::entries(context) {
            let name = &*entry.key;
            if other.contains(&name) {
                let message = format!(
                    "`{name}` does nothing in the `securityContext` of {level}: it belongs to that of {owner}"
                );
                subject
                    .report(cx, entry.key_origin, message)
                    .help(format!("move it to the `securityContext` of {owner}"));
            } else if let Some(meant) = misspells(name, &[own, &OF_BOTH].concat()) {
                let message = format!("`{name}` is not known and does nothing");
                subject.report(cx, entry.key_origin, message).help(format!("write `{meant}`"));
            }
        }
    }
    annotations(subject, cx);
}

/// The name that another one misspells; `None` where it is one of them, or none is near.
fn misspells<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    if known.contains(&name) {
        return None;
    }
    nearest(name, known.iter().copied()).first().copied()
}

/// The profile of AppArmor is an annotation of the pod, by the name of a container.
fn annotations(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    let names: Vec<&str> = subject.containers.iter().map(|container| container.says.name()).collect();
    for (key, _, origin) in pod.annotations() {
        if let Some(name) = key.strip_prefix(APPARMOR).filter(|name| !names.contains(name)) {
            let message = format!("the profile is for a container `{name}` that this pod does not have");
            subject.report(cx, origin, message).help("name a container of the pod, or use `appArmorProfile`");
        }
    }
    if pod.is_object() {
        return;
    }
    let own = tree::at(&pod.object.value, &["metadata", "annotations"]);
    for entry in own.map_or(&[][..], |own| tree::entries(own)) {
        if entry.key.starts_with(APPARMOR) {
            let message =
                format!("an annotation of the {} confines nothing: it belongs to its pods", pod.object.kind);
            subject
                .report(cx, entry.key_origin, message)
                .help("move it to the `metadata` of the template, or use `appArmorProfile`");
        }
    }
}
