use crate::model::kubernetes::kinds::removed_in;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "removed-api-version",
        docs: "The API server no longer has the version of the API that an object is written in.

## Why
Kubernetes drops old versions of its API. A Deployment of `extensions/v1beta1` was accepted until 1.15; since 1.16 `kubectl apply` is told
that there is no such kind, and the workload is not deployed, or not updated. A PodSecurityPolicy still looks like protection and is dead text
since 1.25.

## Instead
Write the object in the version that has taken its place: `apps/v1` for workloads, `batch/v1` for a CronJob, `networking.k8s.io/v1` for an
Ingress. Fields may have moved. Pod Security admission has taken the place of PodSecurityPolicy.
",
        severity: Severity::Medium,
        references: &[Reference::KubeLinter("no-extensions-v1beta")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    let Some(release) = removed_in(&object.group, &object.version, &object.kind) else { return };
    let at = tree::origin_of(&object.value, &["apiVersion"]);
    let message = format!(
        "`{}/{}` has no `{}` since Kubernetes {release}, so the API server refuses it",
        object.group, object.version, object.kind
    );
    let help = match object.kind.as_str() {
        "PodSecurityPolicy" => "remove it and label the namespaces with a level of Pod Security",
        _ => "write it in the version that the API has now",
    };
    subject.report(cx, at, message).help(help);
}
