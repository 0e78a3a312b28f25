use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;
use lint_parser::compose::value::Value;
use std::sync::Arc;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-port-name",
        docs: "A port is asked for by a name that no container has.

## Why
Probes and Services may name a port rather than number it. A name that the container does not declare is nobody's: the probe fails for ever, so that the
container is restarted or gets no traffic; the Service has no endpoints on that port.

## Instead
Declare the port under `ports` with that name, or use its number.

## Limits
Of a Service nothing is said unless its selector takes in a pod of the files at hand.
",
        severity: Severity::Medium,
        references: &[Reference::KubeLinter("invalid-target-ports"), Reference::KubeLinter("liveness-port"), Reference::KubeLinter("readiness-port"), Reference::KubeLinter("startup-port")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    if pod.object.partial {
        return;
    }
    for container in subject.containers {
        let value = container.says.value;
        let has = |name: &str| {
            tree::list(value, "ports").iter().any(|port| tree::string_at(port, &["name"]) == Some(name))
        };
        for probe in PROBES.iter().filter_map(|name| tree::get(value, name)) {
            let port = ["httpGet", "tcpSocket"].iter().find_map(|kind| tree::at(probe, &[kind, "port"]));
            let Some((port, name)) = port.and_then(|port| Some((port, named(port)?))) else { continue };
            if !has(name) {
                let message =
                    format!("the probe asks for a port `{name}`, which this container does not declare");
                subject
                    .report_of(cx, &container.says, port.origin, message)
                    .help("declare it under `ports`, or use its number");
            }
        }
    }
    services(subject, cx);
}

/// The Services that select the pod.
fn services(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    for service in subject.cluster.services_of(pod) {
        for port in tree::items(tree::at(&service.value, &["spec", "ports"])) {
            let target = tree::get(port, "targetPort");
            let Some((target, name)) = target.and_then(|target| Some((target, named(target)?))) else {
                continue;
            };
            let has = subject.containers.iter().any(|container| {
                tree::list(container.says.value, "ports")
                    .iter()
                    .any(|port| tree::string_at(port, &["name"]) == Some(name))
            });
            if !has {
                let message = format!(
                    "no container of `{}`, which this Service selects, has a port `{name}`",
                    pod.object.name
                );
                cx.report(service.place(target.origin), message)
                    .help("use the number of the port, or give the container's port that name");
            }
        }
    }
}

/// A name rather than a number.
fn named(port: &Arc<Value>) -> Option<&str> {
    tree::string(port).filter(|name| {
        !name.is_empty() && !name.bytes().all(|byte| byte.is_ascii_digit()) && !tree::is_placeholder(name)
    })
}
