use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "open-etcd",
        docs: "etcd, where everything of the cluster lies, does not ask for certificates, or speaks without encryption.

## Why
etcd knows no roles of Kubernetes: whoever reaches it reads every Secret and writes every object, past the API server and its audit log. Certificates
of clients and members are the only lock that it has.

## Instead
Set `cert-file`, `key-file`, `client-cert-auth=true` and `trusted-ca-file`, the same of the `peer-` flags, and `https://` addresses. Give the API server
`--etcd-cafile`, `--etcd-certfile` and `--etcd-keyfile`.
",
        severity: Severity::Critical,
        stride: &[Stride::Spoofing, Stride::Tampering, Stride::InformationDisclosure],
        references: &[Reference::CisKubernetes("1.2.23"), Reference::CisKubernetes("1.2.26"), Reference::CisKubernetes("2.1"), Reference::CisKubernetes("2.2"), Reference::CisKubernetes("2.3"), Reference::CisKubernetes("2.4"), Reference::CisKubernetes("2.5"), Reference::CisKubernetes("2.6"), Reference::Cwe(306), Reference::Cwe(319), Reference::Kubescape("C-0153"), Reference::Kubescape("C-0154"), Reference::Trivy("KCV-0043"), Reference::Checkov("CKV_K8S_116"), Reference::Checkov("CKV_K8S_117"), Reference::Checkov("CKV_K8S_118"), Reference::Checkov("CKV_K8S_99"), Reference::Checkov("CKV_K8S_102"), Reference::Checkov("CKV_K8S_119"), Reference::Checkov("CKV_K8S_121")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    match subject.component.kind {
        ComponentKind::Etcd => etcd(subject, cx),
        ComponentKind::ApiServer => api_server(subject, cx),
        _ => {}
    }
}

fn etcd(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    let is_plain = component.started_by == StartedBy::CommandLine;
    for (auth, number, who) in
        [("client-cert-auth", "k8s/2.2", "clients"), ("peer-client-cert-auth", "k8s/2.5", "other members")]
    {
        let message = format!("etcd does not ask {who} for a certificate: `--{auth}` is not `true`");
        // A single member has nobody to talk to.
        let is_peer = auth.starts_with("peer");
        let draft = match (component.switch(auth), component.flag(auth)) {
            (Some(true), _) => continue,
            (_, Some(flag)) => subject.report(cx, flag, message),
            (_, None) if is_plain => subject.report_absence(cx, message),
            (_, None) => continue,
        };
        let draft = draft.help(format!("set `--{auth}=true`")).breaks(vec![number]);
        if is_peer {
            draft.at_most(Severity::Medium);
        }
    }
    let files = [("cert-file", "k8s/2.1"), ("peer-cert-file", "k8s/2.4")];
    let missing: Vec<_> = files.into_iter().filter(|(file, _)| !component.has(file)).collect();
    if is_plain && cx.is_strict() && !missing.is_empty() {
        let names = missing.iter().map(|(file, _)| format!("`--{file}`")).collect::<Vec<_>>().join(" and ");
        let be = if missing.len() == 1 { "is" } else { "are" };
        let message = format!("etcd has no certificate to prove itself by: {names} {be} not set");
        let draft = subject.report_absence(cx, message).help("give it certificates and their keys");
        draft.breaks(missing.iter().map(|(_, number)| *number).collect()).at_most(Severity::Medium);
    }
    for (auto, number) in [("auto-tls", "k8s/2.3"), ("peer-auto-tls", "k8s/2.6")] {
        if let Some(flag) = component.flag(auto).filter(|flag| flag.value == "true") {
            let message = format!(
                "etcd takes certificates that it has made for itself, which prove nothing: `{}`",
                flag.written
            );
            subject
                .report(cx, flag, message)
                .help("give it certificates of an authority")
                .breaks(vec![number])
                .at_most(Severity::Medium);
        }
    }
    for (urls, number) in [("listen-client-urls", "k8s/2.1"), ("listen-peer-urls", "k8s/2.4")] {
        let Some(flag) = component.flag(urls) else { continue };
        let is_open = |url: &&str| {
            url.starts_with("http://")
                && !url.contains("127.0.0.1")
                && !url.contains("localhost")
                && !url.contains("[::1]")
        };
        if component.list(urls).iter().any(is_open) {
            let message = format!("etcd listens without encryption: `{}`", flag.written);
            subject
                .report(cx, flag, message)
                .help("use `https://` and give it a certificate")
                .breaks(vec![number])
                .at_most(Severity::High);
        }
    }
}

fn api_server(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if let Some(flag) = component.flag("etcd-servers").filter(|flag| flag.value.contains("http://")) {
        let message = "the API server talks to etcd without encryption";
        subject
            .report(cx, flag, message)
            .help("use `https://`")
            .breaks(vec!["k8s/1.2.26"])
            .at_most(Severity::High);
    }
    if component.is_plain(ComponentKind::ApiServer)
        && component.has("etcd-servers")
        && !component.has("etcd-cafile")
    {
        let message =
            "the API server does not check that it talks to its own etcd: `--etcd-cafile` is not set";
        subject
            .report_absence(cx, message)
            .help("set it")
            .breaks(vec!["k8s/1.2.26"])
            .at_most(Severity::Medium);
    }
    let has_certificate = component.has("etcd-certfile") && component.has("etcd-keyfile");
    if component.is_plain(ComponentKind::ApiServer)
        && component.flag("etcd-servers").is_some_and(|flag| flag.value.contains("https://"))
        && !has_certificate
    {
        let message = "the API server cannot prove to etcd who it is: `--etcd-certfile` and `--etcd-keyfile` are not set";
        subject
            .report_absence(cx, message)
            .help("set both, and have etcd ask for them")
            .breaks(vec!["k8s/1.2.23"])
            .at_most(Severity::Medium);
    }
}
