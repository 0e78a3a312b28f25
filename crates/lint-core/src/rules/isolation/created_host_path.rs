use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "created-host-path",
        docs: "The kubelet makes a directory or a file on the node that is not there.

## Why
With `DirectoryOrCreate` and `FileOrCreate` a path that is misspelt, or not mounted on this node, is made by root and the pod starts on it: data goes to the wrong
disk, and a program waits for what never comes. Without a type nothing is checked at all, and a directory may come to stand where a file or a socket is meant.

## Instead
Say what is there: `Directory`, `File`, `Socket`. The pod waits then until it is.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::Tampering],
        references: &[Reference::Cwe(276)],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    for volume in tree::list(subject.pod.spec, "volumes") {
        let Some(kind) = tree::at(volume, &["hostPath", "type"]) else { continue };
        let what = match tree::text(kind) {
            Some("DirectoryOrCreate") => "directory",
            Some("FileOrCreate") => "file",
            _ => continue,
        };
        let path =
            tree::at(volume, &["hostPath", "path"]).and_then(|path| tree::text(path)).unwrap_or_default();
        let message =
            format!("the kubelet makes the {what} `{path}` on the node, as root, where it is not there");
        subject
            .report(cx, kind.origin, message)
            .help("say what is there, and have it made by whoever sets up the node");
    }
}
