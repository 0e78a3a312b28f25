//! The other half of the audit: the CIS Kubernetes Benchmark, as far as manifests and configuration files say.

use std::collections::BTreeSet;

use crate::finding::finding::Finding;
use crate::finding::meta::RuleMeta;
use crate::finding::reference::{KUBERNETES_BENCHMARK, Reference};
use crate::report::audit::Status;
use crate::report::seen::{Evidence, count};
use crate::report::{Accepted, Report};
use crate::rules;

/// The version of the benchmark whose numbers these are.
pub const BENCHMARK: &str = KUBERNETES_BENCHMARK;

/// A check of the CIS Kubernetes Benchmark and its verdict.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KubernetesCheck<'a> {
    /// Its number.
    pub id: &'static str,
    /// What is so when the check passes.
    pub title: &'static str,
    /// The verdict.
    pub status: Status,
    /// Why, in a line.
    pub reason: String,
    /// The rules that look for what fails it.
    pub rules: Vec<&'static RuleMeta>,
    /// What a pass rests on.
    pub evidence: Vec<&'a Evidence>,
    /// What fails it.
    pub findings: Vec<&'a Finding>,
    /// What would fail it, had nobody accepted it.
    pub accepted: Vec<&'a Accepted>,
}

impl KubernetesCheck<'_> {
    /// `deploy.yaml:3 (web) and 4 more`: what a pass rests on; `None` when it is no pass.
    #[must_use]
    pub fn evidence_in_words(&self, places: usize) -> Option<String> {
        let shown: Vec<_> = self.evidence.iter().take(places).map(|evidence| evidence.shown()).collect();
        let more = match self.evidence.len().saturating_sub(places) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!shown.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
    }
}

/// What findings and evidence call a recommendation of this benchmark.
fn key(number: &str) -> String {
    format!("k8s/{number}")
}

/// The verdicts; none where there were no manifests.
pub(super) fn checks<'a>(report: &'a Report, ran: &[&'static RuleMeta]) -> Vec<KubernetesCheck<'a>> {
    if report.seen.manifests == 0 {
        return Vec::new();
    }
    CHECKS.iter().map(|(number, title)| check(report, ran, number, title)).collect()
}

fn check<'a>(
    report: &'a Report,
    ran: &[&'static RuleMeta],
    number: &'static str,
    title: &'static str,
) -> KubernetesCheck<'a> {
    let key = key(number);
    let findings: Vec<_> = report.findings.iter().filter(|finding| breaks(finding, &key)).collect();
    let accepted: Vec<_> =
        report.accepted.iter().filter(|accepted| breaks(&accepted.finding, &key)).collect();
    let is_about = |rule: &&'static RuleMeta| rule.references.contains(&Reference::CisKubernetes(number));
    let mut deciding: Vec<_> = rules::catalogue().into_iter().filter(is_about).collect();
    deciding.sort_by_key(|rule| rule.name);
    let has_run = deciding.iter().any(|rule| ran.contains(rule));
    let broken: BTreeSet<_> =
        findings.iter().map(|finding| (finding.file().name(), finding.span())).collect();
    let seen =
        report.evidence.iter().filter(|seen| seen.decides && seen.about.iter().any(|about| *about == key));
    let evidence: Vec<&Evidence> =
        seen.filter(|seen| !broken.contains(&(seen.place.file.name(), seen.place.span))).collect();
    let (status, reason, evidence) = match () {
        () if !findings.is_empty() => (Status::Fail, count(findings.len(), "finding"), Vec::new()),
        () if deciding.is_empty() => (
            Status::Undecidable,
            "it shows in the cluster, or on its nodes, and not in files".to_owned(),
            Vec::new(),
        ),
        () if !has_run => (Status::Undecidable, "its rules are switched off".to_owned(), Vec::new()),
        () if !accepted.is_empty() => {
            (Status::Pass, format!("{} accepted", count(accepted.len(), "finding")), evidence)
        }
        () if evidence.is_empty() => {
            (Status::Undecidable, "nothing in these files speaks of it".to_owned(), Vec::new())
        }
        () => (Status::Pass, format!("nothing found in {}", count(evidence.len(), "place")), evidence),
    };
    KubernetesCheck { id: number, title, status, reason, rules: deciding, evidence, findings, accepted }
}

fn breaks(finding: &Finding, key: &str) -> bool {
    finding.breaks.as_ref().is_some_and(|broken| broken.contains(&key))
}

/// The recommendations, in words of our own. Those about the owners and modes of files on nodes (1.1 and 4.1) are left out: no
/// manifest says them.
const CHECKS: &[(&str, &str)] = &[
    ("1.2.1", "The API server does not answer requests without credentials"),
    ("1.2.2", "The API server takes no tokens from a file"),
    ("1.2.3", "Services cannot take addresses by externalIPs"),
    ("1.2.4", "The API server proves itself to kubelets"),
    ("1.2.5", "The API server checks the certificates of kubelets"),
    ("1.2.6", "The API server does not allow everything"),
    ("1.2.7", "The API server authorizes nodes by Node"),
    ("1.2.8", "The API server authorizes by RBAC"),
    ("1.2.9", "Floods of events are limited"),
    ("1.2.10", "The API server does not admit everything"),
    ("1.2.11", "Images are pulled anew, with credentials, for each pod"),
    ("1.2.12", "Pods get service accounts by admission"),
    ("1.2.13", "Nothing is created in a namespace that is going away"),
    ("1.2.14", "A node may change only itself and its pods"),
    ("1.2.15", "The API server serves no profiles"),
    ("1.2.16", "The API server writes an audit log"),
    ("1.2.17", "The audit log is kept for 30 days or more"),
    ("1.2.18", "Ten audit logs or more are kept"),
    ("1.2.19", "Audit logs are turned over at 100 MB or more"),
    ("1.2.20", "Requests end after a fitting time"),
    ("1.2.21", "Tokens of deleted service accounts are refused"),
    ("1.2.22", "The API server has a key of its own for service accounts"),
    ("1.2.23", "The API server proves itself to etcd"),
    ("1.2.24", "The API server serves with a certificate"),
    ("1.2.25", "The API server checks the certificates of clients"),
    ("1.2.26", "The API server checks the certificate of etcd"),
    ("1.2.27", "The API server is told how to encrypt Secrets"),
    ("1.2.28", "Secrets are encrypted by a fitting provider"),
    ("1.2.29", "The API server accepts strong ciphers alone"),
    ("1.2.30", "Tokens of service accounts are not extended"),
    ("1.3.1", "Ended pods are collected"),
    ("1.3.2", "The controller manager serves no profiles"),
    ("1.3.3", "Each controller has an account of its own"),
    ("1.3.4", "The controller manager has a key for service accounts"),
    ("1.3.5", "Pods can check the API server's certificate"),
    ("1.3.6", "Kubelets renew their serving certificates"),
    ("1.3.7", "The controller manager listens on the node alone"),
    ("1.4.1", "The scheduler serves no profiles"),
    ("1.4.2", "The scheduler listens on the node alone"),
    ("2.1", "etcd serves with a certificate"),
    ("2.2", "etcd asks clients for a certificate"),
    ("2.3", "etcd takes no certificates of its own making from clients"),
    ("2.4", "Members of etcd speak with certificates"),
    ("2.5", "etcd asks its members for a certificate"),
    ("2.6", "etcd takes no certificates of its own making from members"),
    ("2.7", "etcd has an authority of its own"),
    ("3.1.1", "People do not use client certificates"),
    ("3.1.2", "People do not use tokens of service accounts"),
    ("3.1.3", "People do not use bootstrap tokens"),
    ("3.2.1", "There is an audit policy"),
    ("3.2.2", "The audit policy records what matters, and no Secrets"),
    ("4.2.1", "The kubelet does not answer requests without credentials"),
    ("4.2.2", "The kubelet does not allow everything"),
    ("4.2.3", "The kubelet checks the certificates of clients"),
    ("4.2.4", "The kubelet's read-only port is closed"),
    ("4.2.5", "Idle streams end"),
    ("4.2.6", "The kubelet keeps its rules of the packet filter"),
    ("4.2.7", "Nodes go by their own names"),
    ("4.2.8", "Events are recorded at a fitting rate"),
    ("4.2.9", "The kubelet serves with a certificate"),
    ("4.2.10", "The kubelet renews its client certificate"),
    ("4.2.11", "The kubelet renews its serving certificate"),
    ("4.2.12", "The kubelet accepts strong ciphers alone"),
    ("4.2.13", "The processes of a pod are limited"),
    ("4.2.14", "Containers have a seccomp profile by default"),
    ("4.3.1", "kube-proxy's metrics listen on the node alone"),
    ("5.1.1", "cluster-admin is given where it is needed alone"),
    ("5.1.2", "Few may read Secrets"),
    ("5.1.3", "Roles have no wildcards"),
    ("5.1.4", "Few may create pods"),
    ("5.1.5", "The default service accounts are not used"),
    ("5.1.6", "Tokens are mounted where they are needed alone"),
    ("5.1.7", "Nobody is in system:masters"),
    ("5.1.8", "Few may bind, impersonate and escalate"),
    ("5.1.9", "Few may create persistent volumes"),
    ("5.1.10", "Few may reach kubelets through nodes/proxy"),
    ("5.1.11", "Few may approve certificates"),
    ("5.1.12", "Few may change admission webhooks"),
    ("5.1.13", "Few may make tokens of service accounts"),
    ("5.2.1", "Namespaces enforce a level of Pod Security"),
    ("5.2.2", "Containers are not privileged"),
    ("5.2.3", "Containers do not see the node's processes"),
    ("5.2.4", "Containers do not share the node's IPC namespace"),
    ("5.2.5", "Containers are not in the node's network"),
    ("5.2.6", "Processes cannot gain privileges"),
    ("5.2.7", "Containers do not run as root"),
    ("5.2.8", "Containers do without NET_RAW"),
    ("5.2.9", "Containers drop the capabilities that they do not need"),
    ("5.2.10", "Windows containers are no processes of the host"),
    ("5.2.11", "Containers mount nothing of the node"),
    ("5.2.12", "Containers take no ports of the node"),
    ("5.3.1", "The network plug-in knows policies"),
    ("5.3.2", "Each namespace has network policies"),
    ("5.4.1", "Secrets are files rather than variables"),
    ("5.4.2", "Secrets are kept outside of the cluster"),
    ("5.5.1", "Images are checked before they are admitted"),
    ("5.6.1", "Namespaces separate what does not belong together"),
    ("5.6.2", "Pods have a seccomp profile"),
    ("5.6.3", "Pods and containers have a security context"),
    ("5.6.4", "The default namespace is not used"),
];
