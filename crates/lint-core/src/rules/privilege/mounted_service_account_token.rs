use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "mounted-service-account-token",
        docs: "A token for the API server is mounted into a pod that may not need one.

## Why
Unless somebody says otherwise every container gets the token of its service account under `/var/run/secrets/kubernetes.io/serviceaccount`. Whoever gets code to
run in it speaks to the API server as that account. Most programs never do.

## Instead
Set `automountServiceAccountToken: false`, on the pod or on its service account.

## When to allow it
For a controller, an operator or an agent, which works by talking to the API server.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::Spoofing, Stride::InformationDisclosure],
        references: &[Reference::CisKubernetes("5.1.5"), Reference::CisKubernetes("5.1.6"), Reference::Cwe(522), Reference::Kubescape("C-0034"), Reference::Trivy("KSV-0036"), Reference::Checkov("CKV_K8S_38"), Reference::Polaris("automountServiceAccountToken"), Reference::Kubescape("C-0189"), Reference::Kubescape("C-0190"), Reference::KubeLinter("default-service-account")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    if pod.object.partial || !subject.cluster.mounts_token(pod) {
        return;
    }
    // Whoever names an account of its own, or says `true`, means it.
    if let Some(set) = pod.at(&["automountServiceAccountToken"]) {
        let _ = set;
        return;
    }
    let named = pod.at(&["serviceAccountName"]).and_then(|name| tree::text(name)).unwrap_or("default");
    if !matches!(named, "" | "default") {
        return;
    }
    let at = subject.containers.first().map_or(pod.object.head(), |container| container.says.head());
    let service = subject.containers.first().map(|container| pod.service_name(&container.says));
    subject
        .report(
            cx,
            at,
            "the token of the account `default` is mounted into this pod, which names no account of its own",
        )
        .help("set `automountServiceAccountToken: false`")
        .absent("automountServiceAccountToken: false")
        .service(service.as_deref());
}
