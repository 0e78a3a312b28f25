use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "readable-kubeconfig",
        docs: "Everybody on the node may read the file that commands the cluster.

## Why
k3s and RKE2 write the administrator's kubeconfig to the node. With the mode `644`, which many guides ask for so that `kubectl` works without `sudo`, every account
of the node, and every container that mounts the directory, has the keys of the cluster.

## Instead
Leave `write-kubeconfig-mode` at its default, 600, and give those who need it a kubeconfig of their own.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[Reference::Cwe(732)],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    if !subject.object.is("k3s.io", "Config") {
        return;
    }
    let Some(mode) = tree::get(&subject.object.value, "write-kubeconfig-mode") else { return };
    let Some(text) = tree::text(mode) else { return };
    let is_open = text.trim_start_matches('0').chars().skip(1).any(|digit| !matches!(digit, '0' | '1'));
    if is_open {
        let message =
            format!("others on the node may read the administrator's kubeconfig: its mode is `{text}`");
        subject.report(cx, mode.origin, message).help("remove it, which leaves the mode at 600");
    }
}
