use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "git-repo-volume",
        docs: "A pod has its node clone a repository of Git.

## Why
For a `gitRepo` volume the kubelet runs `git` as root, outside of any container, on what a stranger's server sends: hooks in such a repository have
run programs on nodes (CVE-2024-10220). Since Kubernetes 1.36 kubelets refuse the volume unless they are told otherwise.

## Instead
Clone in an init container, into an `emptyDir`, and check out a commit by its hash.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering, Stride::ElevationOfPrivilege],
        references: &[Reference::Cwe(829)],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    for volume in tree::list(subject.pod.spec, "volumes") {
        if let Some(entry) = tree::entry(volume, &["gitRepo"]) {
            let message = "the node clones a repository for this pod, as root and outside of any container";
            subject
                .report(cx, entry.key_origin, message)
                .help("clone it in an init container, into an `emptyDir`");
        }
    }
}
