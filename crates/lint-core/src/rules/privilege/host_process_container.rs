use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;
use lint_parser::compose::value::Value;
use std::sync::Arc;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-process-container",
        docs: "A Windows container runs as a process of its host.

## Why
A `hostProcess` container is none: it runs on the node itself, with its file system and its network, and as an account of the node. Whoever gets
code to run in it has the node.

## Instead
Remove `hostProcess`. What manages nodes, such as a network plugin, cannot do without it: keep it in a namespace of its own.
",
        severity: Severity::Critical,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("5.2.10"), Reference::Cwe(250), Reference::Trivy("KSV-0103"), Reference::Polaris("hostProcess")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let is_on = |value: &&Arc<Value>| tree::boolean(value) == Some(true);
    let of_pod = subject.pod.at(&["securityContext", "windowsOptions", "hostProcess"]).filter(is_on);
    if let Some(set) = of_pod {
        subject
            .report(cx, set.origin, "the containers of this pod run as processes of the Windows host")
            .help(HELP);
    }
    for container in subject.containers {
        if let Some(set) = container.says.security(&["windowsOptions", "hostProcess"]).filter(is_on) {
            let message = "this container runs as a process of the Windows host";
            subject.report_of(cx, &container.says, set.origin, message).help(HELP);
        }
    }
}

const HELP: &str = "remove `hostProcess`";
