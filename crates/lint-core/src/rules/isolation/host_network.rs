use crate::model::project::namespaces::Namespace;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-network",
        docs: r#"The container uses the host's network.

## Why
It sees every interface and every connection of the host, can listen on any port that is free, and reaches what
listens on `127.0.0.1` alone, which is often not protected otherwise: databases, metrics, an engine's API. Abstract
Unix sockets of the host are open to it too.

## Instead
Leave the service on the project's own network, and publish the ports others need under `ports`. A program on the
host is reached as `host.docker.internal` with `extra_hosts: ["host.docker.internal:host-gateway"]`.

## Fix safety
The fix is unsafe: the program is reached through published ports alone, and reaches the host by another address. Where no port is named under `ports` it is only shown, since nobody would reach the program.

## Limits
Services that join the network of another service (`service:name`) are followed, and so are networks declared as
external under the name `host`.

## When to allow it
Programs that speak broadcast or multicast with the local network (mDNS, DHCP), and network tools.
"#,
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.10"),
            Reference::Cwe(653),
            Reference::Owasp("#5"),
            Reference::Nist("4.4.2"),
            Reference::ComposeLint("CL-0008"),
            Reference::Kics("Shared Host Network Namespace"),
            Reference::CisKubernetes("5.2.5"),
            Reference::KubeLinter("host-network"),
            Reference::Kubescape("C-0041"),
            Reference::Trivy("KSV-0009"),
            Reference::Checkov("CKV_K8S_19"),
            Reference::Polaris("hostNetworkSet"),
        ],
        fixable: Fixable::Sometimes(UNSAFE_OR_DISPLAY),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "remove it, and publish the ports others need under `ports`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let message = "this container uses the host's network";
    if let Some(draft) = subject.report_in_host(cx, Namespace::Network, message) {
        draft.maybe_fix(subject.leave_host(Namespace::Network)).help(HELP);
    }
}
