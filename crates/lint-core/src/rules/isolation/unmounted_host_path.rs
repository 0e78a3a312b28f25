use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unmounted-host-path",
        docs: "A directory of the node is declared and used by no container.

## Why
The kubelet prepares the volume all the same, and makes the directory where it is told to. Pod Security refuses the pod for it, and the next container that
is added may mount it without anybody seeing what it is.

## Instead
Remove the volume.
",
        severity: Severity::Low,
        stride: &[Stride::Tampering],
        references: &[Reference::Cwe(1164)],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    if subject.pod.object.partial {
        return;
    }
    for volume in tree::list(subject.pod.spec, "volumes") {
        let (Some(path), Some(name)) =
            (tree::at(volume, &["hostPath", "path"]), tree::string_at(volume, &["name"]))
        else {
            continue;
        };
        let is_mounted = subject.containers.iter().any(|container| {
            tree::list(container.says.value, "volumeMounts")
                .iter()
                .any(|mount| tree::string_at(mount, &["name"]) == Some(name))
        });
        if !is_mounted {
            let message = format!(
                "`{}` of the node is declared as the volume `{name}`, and no container mounts it",
                tree::text(path).unwrap_or_default()
            );
            subject.report(cx, path.origin, message).help("remove the volume");
        }
    }
}
