use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "namespace-without-pod-security",
        docs: "A namespace enforces no level of the Pod Security Standards.

## Why
Without the label every pod is admitted: one that is privileged, mounts the host's disk or shares its network just as any other. Whoever may create
pods in the namespace commands the node.

## Instead
Label the namespace: `pod-security.kubernetes.io/enforce: restricted`, or `baseline` where that is too much.

## Limits
A level can be set for the whole cluster, which does not show here.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("5.2.1"), Reference::Cwe(250), Reference::Kubescape("C-0192")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

const LABEL: &str = "pod-security.kubernetes.io/enforce";

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if !object.is("", "Namespace") || object.partial {
        return;
    }
    match tree::at(&object.value, &["metadata", "labels", LABEL]) {
        Some(level) if tree::text(level) == Some("privileged") => {
            let message = format!("the namespace `{}` admits every pod, privileged ones too", object.name);
            subject.report(cx, level.origin, message).help("enforce `baseline` or `restricted`");
        }
        Some(_) => {}
        None => {
            let message = format!(
                "the namespace `{}` enforces no level of Pod Security: it admits every pod",
                object.name
            );
            subject
                .report(cx, object.head(), message)
                .help(format!("label it `{LABEL}: restricted`, or `baseline`"));
        }
    }
}
