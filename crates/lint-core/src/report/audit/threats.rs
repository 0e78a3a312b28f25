//! The threat model: what each letter of STRIDE means for containers, by what a rule is about.

use crate::finding::meta::{Category, RuleMeta, Stride};
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
            LetterOfStride { stride, meaning: meaning(stride), threats }
        })
        .collect()
}

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
