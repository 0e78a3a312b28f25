use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::{ComponentSubject, ObjectSubject};

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "weak-admission",
        docs: "The API server admits what it should look at.

## Why
Admission plugins are the last look at a request. `AlwaysAdmit` passes everything. Without `NodeRestriction` a kubelet, or whoever has its
certificate, may change other nodes and the pods on them. `ServiceAccount`, `NamespaceLifecycle` and `PodSecurity` are on unless somebody switches
them off.

## Instead
Have `NodeRestriction` in `--enable-admission-plugins`, and none of these in `--disable-admission-plugins`. An entry of kubeadm's `extraArgs`
takes the place of kubeadm's own, which has `NodeRestriction`.

## Limits
`EventRateLimit`, `AlwaysPullImages` and `DenyServiceExternalIPs`, which the benchmark asks for, are missed under the strict profile.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering, Stride::ElevationOfPrivilege, Stride::DenialOfService],
        references: &[Reference::CisKubernetes("1.2.3"), Reference::CisKubernetes("1.2.9"), Reference::CisKubernetes("1.2.10"), Reference::CisKubernetes("1.2.11"), Reference::CisKubernetes("1.2.12"), Reference::CisKubernetes("1.2.13"), Reference::CisKubernetes("1.2.14"), Reference::Cwe(284), Reference::Kubescape("C-0122"), Reference::Kubescape("C-0126"), Reference::Trivy("KCV-0011"), Reference::Trivy("KCV-0016"), Reference::Checkov("CKV_K8S_79"), Reference::Checkov("CKV_K8S_85"), Reference::Checkov("CKV_K8S_78"), Reference::Checkov("CKV_K8S_80"), Reference::Checkov("CKV_K8S_82"), Reference::Checkov("CKV_K8S_83")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check), Check::Object(check_object)],
};

const ENABLE: &str = "enable-admission-plugins";

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if component.kind != ComponentKind::ApiServer {
        return;
    }
    let enabled = component.list(ENABLE);
    if let Some(flag) = component.flag(ENABLE).filter(|_| enabled.contains(&"AlwaysAdmit")) {
        let message = "the API server admits everything: `AlwaysAdmit`";
        subject.report(cx, flag, message).help("remove it").breaks(vec!["k8s/1.2.10"]);
    }
    if !enabled.contains(&"NodeRestriction") {
        let message =
            "whoever has the certificate of one node may change the others: `NodeRestriction` is not enabled";
        let help = "add `NodeRestriction` to `--enable-admission-plugins`";
        match component.flag(ENABLE) {
            Some(flag) => {
                subject.report(cx, flag, message).help(help).breaks(vec!["k8s/1.2.14"]);
            }
            None if component.started_by == StartedBy::CommandLine => {
                subject.report_absence(cx, message).help(help).breaks(vec!["k8s/1.2.14"]);
            }
            None => {}
        }
    }
    if let Some(flag) = component.flag("disable-admission-plugins") {
        let off = component.list("disable-admission-plugins");
        for (plugin, number) in [
            ("ServiceAccount", "k8s/1.2.12"),
            ("NamespaceLifecycle", "k8s/1.2.13"),
            ("PodSecurity", "k8s/5.2.1"),
        ] {
            if off.contains(&plugin) {
                let message = format!("the API server does without the admission plugin `{plugin}`");
                subject.report(cx, flag, message).help("remove it from the list").breaks(vec![number]);
            }
        }
    }
    if !cx.is_strict() {
        return;
    }
    const WANTED: [(&str, &str); 3] = [
        ("EventRateLimit", "k8s/1.2.9"),
        ("AlwaysPullImages", "k8s/1.2.11"),
        ("DenyServiceExternalIPs", "k8s/1.2.3"),
    ];
    let missing: Vec<_> = WANTED.iter().filter(|(plugin, _)| !enabled.contains(plugin)).collect();
    // A component that lacks the flag has been told so.
    let is_told = component.flag(ENABLE).is_none() && component.started_by == StartedBy::CommandLine;
    if missing.is_empty() || is_told {
        return;
    }
    let names = missing.iter().map(|(plugin, _)| format!("`{plugin}`")).collect::<Vec<_>>().join(", ");
    let message = format!("admission plugins that the benchmark asks for are not enabled: {names}");
    let draft = match component.flag(ENABLE) {
        Some(flag) => subject.report(cx, flag, message),
        None => subject.report_absence(cx, message),
    };
    draft
        .help("add them to `--enable-admission-plugins`")
        .breaks(missing.iter().map(|(_, number)| *number).collect())
        .at_most(Severity::Low);
}

/// What namespaces enforce that do not say it themselves.
fn check_object(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if object.kind != "AdmissionConfiguration" && object.kind != "PodSecurityConfiguration" {
        return;
    }
    let plugins = tree::list(&object.value, "plugins").iter();
    let configurations = plugins.filter_map(|plugin| tree::get(plugin, "configuration"));
    for configuration in configurations.chain([&object.value]) {
        let is_of_pods = tree::string_at(configuration, &["kind"]) == Some("PodSecurityConfiguration");
        let enforced = tree::at(configuration, &["defaults", "enforce"]).filter(|_| is_of_pods);
        let Some(enforced) = enforced.filter(|level| tree::text(level) == Some("privileged")) else {
            continue;
        };
        let message =
            "a namespace that enforces no level of Pod Security itself admits every pod, privileged ones too";
        subject
            .report(cx, enforced.origin, message)
            .help("set `enforce: baseline`, and exempt the namespaces that need more")
            .breaks(vec!["k8s/5.2.1"])
            .at_most(Severity::Low);
    }
}
