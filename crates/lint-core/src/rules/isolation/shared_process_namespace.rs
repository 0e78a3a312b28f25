use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "shared-process-namespace",
        docs: "The containers of a pod see each other's processes.

## Why
With `shareProcessNamespace` a container sees the processes of the others, may read their environment and their files through `/proc`, and, as the same user,
stop them. What one of them keeps secret, a helper from elsewhere has too.

## Instead
Remove it. To look into a running pod there is `kubectl debug --target`.
",
        severity: Severity::Low,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::Cwe(653)],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    if subject.containers.len() < 2 {
        return;
    }
    let set = subject.pod.at(&["shareProcessNamespace"]).filter(|set| tree::boolean(set) == Some(true));
    if let Some(set) = set {
        subject
            .report(
                cx,
                set.origin,
                "the containers of this pod see each other's processes, environment and files",
            )
            .help("remove it");
    }
}
