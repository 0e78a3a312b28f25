//! The threat model: what each letter of STRIDE means for containers, by what a rule is about.

use crate::finding::finding::Finding;
use crate::finding::meta::{Category, RuleMeta, Stride};
use crate::finding::reference::{Reference, kubernetes_key};
use crate::report::Report;
use crate::report::audit::{LetterOfStride, Threat, could_find};

/// The six letters, each with the threats that rules look for.
pub(super) fn threats<'a>(report: &'a Report, ran: &[&'static RuleMeta]) -> Vec<LetterOfStride<'a>> {
    Stride::ALL
        .into_iter()
        .map(|stride| {
            let mut threats: Vec<Threat<'a>> = Vec::new();
            for category in Category::ALL.iter().copied() {
                // Several categories may stand for one threat.
                let threat_here = threat(stride, category);
                if threats.iter().any(|known| known.threat == threat_here) {
                    continue;
                }
                let about = |rule: &RuleMeta| {
                    rule.stride.contains(&stride) && threat(stride, rule.category) == threat_here
                };
                let mut rules: Vec<_> = ran.iter().copied().filter(|rule| about(rule)).collect();
                if rules.is_empty() {
                    continue;
                }
                rules.sort_by_key(|rule| rule.name);
                let findings = report.findings.iter().filter(|finding| about(finding.rule)).collect();
                let accepted =
                    report.accepted.iter().filter(|accepted| about(accepted.finding.rule)).collect();
                let was_looked_for = rules.iter().any(|rule| could_find(rule, &report.seen));
                threats.push(Threat { threat: threat_here, rules, findings, accepted, was_looked_for });
            }
            threats.extend(of_cluster(stride, report, ran));
            LetterOfStride { stride, meaning: meaning(stride), threats }
        })
        .collect()
}

/// What the letter means for a cluster, where manifests were read: the threats to the API server, to kubelets, to kube-proxy, and
/// those that come of `privileged`.
fn of_cluster<'a>(stride: Stride, report: &'a Report, ran: &[&'static RuleMeta]) -> Option<Threat<'a>> {
    if report.seen.manifests == 0 {
        return None;
    }
    let (_, threat, names) = CLUSTER.iter().find(|(letter, ..)| *letter == stride)?;
    let about = |rule: &RuleMeta| names.contains(&rule.name);
    let is_here = |finding: &&Finding| about(finding.rule) && is_of_manifest(finding);
    let rules: Vec<_> = ran.iter().copied().filter(|rule| about(rule)).collect();
    let findings = report.findings.iter().filter(is_here).collect();
    let accepted = report.accepted.iter().filter(|accepted| is_here(&&accepted.finding)).collect();
    // A manifest that has no word for a component shows nothing of it.
    let is_said = |rule: &RuleMeta| {
        let keys = rule.references.iter().filter_map(|reference| match reference {
            Reference::CisKubernetes(number) => kubernetes_key(number),
            _ => None,
        });
        let keys: Vec<_> = keys.collect();
        report.evidence.iter().any(|seen| seen.about.iter().any(|about| keys.contains(about)))
    };
    let was_looked_for = rules.iter().any(|rule| is_said(rule));
    (!rules.is_empty()).then_some(Threat { threat, rules, findings, accepted, was_looked_for })
}

/// Whether a finding is about a manifest: rules about containers are about Docker's as well.
fn is_of_manifest(finding: &Finding) -> bool {
    finding.cis_kubernetes().next().is_some() || finding.rule.cis().next().is_none()
}

/// By letter: a threat, and the rules that look for it.
const CLUSTER: &[(Stride, &str, &[&str])] = &[
    (
        Stride::Spoofing,
        "Calls to the API server pass for those of somebody legitimate",
        &[
            "anonymous-control-plane",
            "anonymous-role-binding",
            "insecure-api-port",
            "lasting-service-account-tokens",
            "mounted-service-account-token",
            "open-etcd",
            "static-token-file",
            "unchecked-client-certificates",
            "unverified-api-server",
            "unverified-kubelet",
        ],
    ),
    (
        Stride::Tampering,
        "The configuration of a kubelet, or what it runs, is tampered with",
        &[
            "authorization-disabled",
            "fail-open-admission",
            "kubelet-read-only-port",
            "tampered-node",
            "weak-admission",
            "writable-system-mount",
        ],
    ),
    (
        Stride::Repudiation,
        "The configuration of the API server is changed, and nobody can be shown to have done it",
        &["anonymous-control-plane", "blind-audit-policy", "escalating-role", "missing-audit-log"],
    ),
    (
        Stride::InformationDisclosure,
        "kube-proxy, or another component, shows what it knows",
        &[
            "component-profiling",
            "exposed-component",
            "kubelet-read-only-port",
            "readable-kubeconfig",
            "readable-secrets",
            "secret-in-manifest",
            "secrets-in-audit-log",
            "unencrypted-secrets-at-rest",
            "weak-component-tls",
        ],
    ),
    (
        Stride::DenialOfService,
        "A component of the cluster, or a node, is brought to a halt",
        &["unbounded-component", "unlimited-cpu", "unlimited-memory", "unlimited-pod-pids", "weak-admission"],
    ),
    (
        Stride::ElevationOfPrivilege,
        "A pod that is `privileged`, or has a right too many, commands its node or the cluster",
        &[
            "alpha-features",
            "authorization-disabled",
            "cluster-admin-binding",
            "dangerous-capability",
            "engine-socket-exposed",
            "escalating-role",
            "host-process-container",
            "namespace-without-pod-security",
            "privileged-service",
            "wildcard-role",
        ],
    ),
];

fn meaning(stride: Stride) -> &'static str {
    match stride {
        Stride::Spoofing => "Somebody passes for a user, a registry, a daemon or an image that others trust.",
        Stride::Tampering => {
            "Somebody changes an image, a Dockerfile, the daemon's files or a running container."
        }
        Stride::Repudiation => "Somebody acts and nobody can show it afterwards.",
        Stride::InformationDisclosure => "Somebody reads what is not meant for them.",
        Stride::DenialOfService => "Somebody, or a mere fault, keeps a service or its host from serving.",
        Stride::ElevationOfPrivilege => {
            "Somebody gains rights in a container, on the host or over the daemon that they were not given."
        }
    }
}

/// What somebody could do, where a rule of the category finds something.
fn threat(stride: Stride, category: Category) -> &'static str {
    match (stride, category) {
        (Stride::Spoofing, Category::SupplyChain) => {
            "An image or package comes from somebody who passes for its publisher"
        }
        (Stride::Spoofing, Category::Network) => {
            "Somebody on the network passes for the daemon, for a registry, or for one who may command them"
        }
        (Stride::Spoofing, Category::Secrets) => "Somebody uses a credential that was meant for another",
        (Stride::Spoofing, _) => "Somebody passes for a legitimate user",
        (Stride::Tampering, Category::SupplyChain) => {
            "What an image is built from is replaced: its base, a download, a package"
        }
        (Stride::Tampering, Category::Isolation) => {
            "A container changes the host: its system, its mounts, the daemon's own files"
        }
        (Stride::Tampering, Category::Privilege) => {
            "A process in the container changes programs and files of the container or the host"
        }
        (Stride::Tampering, Category::Network) => "Traffic or images are changed on their way",
        (Stride::Tampering, Category::Secrets) => {
            "Files that a program trusts, such as certificates and configuration, are rewritten"
        }
        (Stride::Tampering, _) => "The Dockerfile, the image or the container is changed unseen",
        (Stride::Repudiation, Category::SupplyChain) => {
            "A malicious image is published or deployed and nobody can show which one it was, or whose"
        }
        (Stride::Repudiation, Category::Observability) => "What a container did leaves no log",
        (Stride::Repudiation, _) => "An action cannot be traced to whoever took it",
        (Stride::InformationDisclosure, Category::Secrets) => {
            "Credentials are read from the image, its history, the environment or the process list"
        }
        (Stride::InformationDisclosure, Category::Network) => {
            "Services and their traffic are open to networks that have no need of them"
        }
        (Stride::InformationDisclosure, Category::Isolation) => {
            "A container reads the host's files, processes or network, or those of its neighbours"
        }
        (Stride::InformationDisclosure, Category::Privilege) => {
            "A container has rights enough to read beyond itself"
        }
        (Stride::InformationDisclosure, _) => "A bad configuration shows what it should hide",
        (Stride::DenialOfService, Category::Resources) => {
            "One container uses up the memory, processors, processes or patience of its host"
        }
        (Stride::DenialOfService, Category::Observability) => "A dead service goes on being sent requests",
        (Stride::DenialOfService, _) => "A service or its host is brought to a halt",
        (Stride::ElevationOfPrivilege, Category::Privilege) => {
            "A process has, or can gain, the rights of root: `--privileged`, capabilities, setuid, the root user"
        }
        (Stride::ElevationOfPrivilege, Category::Isolation) => {
            "A container commands the host: through the Docker socket, devices, mounts or shared namespaces"
        }
        (Stride::ElevationOfPrivilege, Category::Network) => "The daemon obeys whoever reaches it",
        (Stride::ElevationOfPrivilege, Category::SupplyChain) => {
            "Known holes and needless tools are shipped with the image"
        }
        (Stride::ElevationOfPrivilege, Category::Secrets) => {
            "A credential, or a file's loose mode, gives more rights than its reader should have"
        }
        (Stride::ElevationOfPrivilege, _) => "A flaw gives more rights than were given",
    }
}
