use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ComponentSubject;
use crate::rule::kubernetes::ObjectSubject;
use lint_parser::compose::value::Value;
use std::sync::Arc;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unencrypted-secrets-at-rest",
        docs: "The Secrets of the cluster lie in etcd as they are.

## Why
Without a provider that encrypts, a backup of etcd, its disk, or whoever reads it holds every Secret in plain text. Of the providers of a resource the
first is the one that encrypts: with `identity` first nothing is.

## Instead
Give the API server `--encryption-provider-config` with a provider `secretbox`, `aescbc` or, best, `kms` before `identity`, and write the Secrets once
more. k3s has `secrets-encryption: true`.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::CisKubernetes("1.2.27"), Reference::CisKubernetes("1.2.28"), Reference::Cwe(311), Reference::Kubescape("C-0066"), Reference::Kubescape("C-0141"), Reference::Trivy("KCV-0029"), Reference::Checkov("CKV_K8S_104")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check), Check::Object(check_object)],
};

const HELP: &str = "put `kms`, `secretbox` or `aescbc` first, for the resource `secrets`";

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    let is_told = component.has("encryption-provider-config") || component.started_by == StartedBy::K3s;
    if component.kind == ComponentKind::ApiServer && !is_told {
        subject
            .report_absence(cx, "Secrets are stored as they are: `--encryption-provider-config` is not set")
            .help("give the API server a configuration of encryption")
            .breaks(vec!["k8s/1.2.27"]);
    }
}

fn check_object(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if object.group != "apiserver.config.k8s.io" || !object.kind.starts_with("EncryptionConfig") {
        return;
    }
    let mut covers = false;
    for resource in tree::list(&object.value, "resources") {
        let is_secrets = |name: &Arc<Value>| matches!(tree::text(name), Some("secrets" | "*." | "*.*"));
        if !tree::list(resource, "resources").iter().any(is_secrets) {
            continue;
        }
        covers = true;
        let Some(first) = tree::list(resource, "providers").first() else { continue };
        if tree::entries(first).iter().any(|entry| &*entry.key == "identity") {
            let message =
                "Secrets are stored as they are: the first provider is `identity`, which encrypts nothing";
            subject.report(cx, first.origin, message).help(HELP).breaks(vec!["k8s/1.2.28"]);
        }
    }
    if !covers {
        let message = "Secrets are stored as they are: no provider is for the resource `secrets`";
        subject.report(cx, object.head(), message).help(HELP).breaks(vec!["k8s/1.2.28"]);
    }
}
