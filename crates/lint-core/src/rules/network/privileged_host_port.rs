use crate::model::known::image_roles::is_proxy;
use crate::model::project::ports::published;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "privileged-host-port",
        docs: "A service publishes a port of the host below 1024.

## Why
Ports below 1024 are those that clients trust to be run by the machine's administrator: only root may open
them, and Docker, which is root, opens them for any container. Whoever takes over the container answers on
that port in the machine's name.

## Instead
Publish a port above 1023, behind a proxy that owns 80 and 443.

## Limits
The port in the container does not matter: there, every port is allowed to an ordinary user. Ports 80 and
443 are not reported where the image is a well-known proxy (nginx, Traefik, Caddy, HAProxy, Envoy and their
kin): somebody has to be in front.

## When to allow it
The reverse proxy itself, or a server of a protocol that has one port (DNS, SMTP).
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::Spoofing],
        references: &[
            Reference::cis("5.8"),
            Reference::Cwe(250),
            Reference::Owasp("#5a"),
            Reference::Nist("4.4.2"),
            Reference::Kics("Privileged Ports Mapped In Container"),
            Reference::CisKubernetes("5.2.12"),
            Reference::KubeLinter("privileged-ports"),
            Reference::Kubescape("C-0044"),
            Reference::Trivy("KSV-0024"),
            Reference::Trivy("KSV-0117"),
            Reference::Checkov("CKV_K8S_26"),
            Reference::Polaris("hostPortSet"),
        ],
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let proxy = subject.image().is_some_and(|image| is_proxy(&image));
    for port in published(subject.service) {
        // 0 asks the engine for any port.
        let Some(range) = port.published.filter(|range| (1..1024).contains(&range.first.max(1))) else {
            continue;
        };
        if range.last == 0 {
            continue;
        }
        let low = range.first.max(1);
        let is_web = range.first == range.last && matches!(low, 80 | 443);
        if proxy && is_web {
            continue;
        }
        let origin = port.port.published.as_ref().map_or(port.origin, |published| published.origin);
        subject
            .report_at(
                cx,
                origin,
                format!("host port {low} is one of those reserved for the host's administrator"),
            )
            .help(match (proxy, low) {
                (false, 80 | 443) => "publish a port above 1023, behind a proxy",
                _ => "publish a port above 1023, if its clients can be told",
            });
    }
}
