use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "probe-of-another-host",
        docs: "The kubelet is told to ask another host than the pod.

## Why
A probe or a hook with a `host` is sent by the node, from the node's network: to what only nodes can reach, such as the address of a cloud's metadata,
or a service that listens on the node alone. Pod Security forbids it since 1.34.

## Instead
Leave `host` out: the pod's own address is asked then. A name that the server expects goes into `httpHeaders` as `Host`.
",
        severity: Severity::Low,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::Cwe(918)],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

const HANDLERS: [&[&str]; 5] = [
    &["livenessProbe"],
    &["readinessProbe"],
    &["startupProbe"],
    &["lifecycle", "postStart"],
    &["lifecycle", "preStop"],
];

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    for container in subject.containers {
        for handler in HANDLERS.iter().filter_map(|handler| tree::at(container.says.value, handler)) {
            for kind in ["httpGet", "tcpSocket"] {
                let host = tree::at(handler, &[kind, "host"]);
                let Some((host, name)) = host.and_then(|host| Some((host, tree::text(host)?))) else {
                    continue;
                };
                if name.is_empty()
                    || matches!(name, "127.0.0.1" | "localhost" | "::1")
                        && subject.pod.boolean(&["hostNetwork"]) == Some(true)
                {
                    continue;
                }
                let message = format!("the node asks `{name}` and not the pod");
                subject
                    .report_of(cx, &container.says, host.origin, message)
                    .help("leave `host` out, so that the pod is asked");
            }
        }
    }
}
