use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "ingress-snippet",
        docs: "An Ingress writes into the configuration of nginx.

## Why
A snippet is nginx configuration that the controller takes as it is. Whoever may write an Ingress can have the controller run Lua, read its own
service account and with it the Secrets of all namespaces (CVE-2021-25742). The controller ingress-nginx gets no fixes any more since March 2026.

## Instead
Use the annotations and the ConfigMap that the controller has for the purpose, and keep `allow-snippet-annotations` off. Plan to leave ingress-nginx.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[Reference::Cwe(94), Reference::Kubescape("C-0059"), Reference::Checkov("CKV_K8S_152"), Reference::Checkov("CKV_K8S_153"), Reference::Checkov("CKV_K8S_154")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if !matches!(object.group.as_str(), "networking.k8s.io" | "extensions") || object.kind != "Ingress" {
        return;
    }
    let annotations = tree::at(&object.value, &["metadata", "annotations"]);
    for entry in annotations.map_or(&[][..], |annotations| tree::entries(annotations)) {
        let name = entry.key.strip_prefix("nginx.ingress.kubernetes.io/").unwrap_or_default();
        if name.ends_with("-snippet") {
            let message = format!(
                "`{name}` writes into the configuration of the ingress controller, which reads the Secrets of all namespaces"
            );
            subject
                .report(cx, entry.key_origin, message)
                .help("use what the controller has for the purpose, and keep snippets off");
        }
    }
}
