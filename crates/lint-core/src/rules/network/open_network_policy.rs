use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "open-network-policy",
        docs: "A NetworkPolicy lets everybody in.

## Why
A rule without `from` allows traffic from everywhere, and an empty item in `ingress` allows all of it on every port. The policy looks like
protection and is none.

## Instead
Say who may talk to the pods, by labels of pods and namespaces, and on which ports.

## When to allow it
Where the pods serve the world: name the port then, which is enough.
",
        severity: Severity::Low,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::CisKubernetes("5.3.2"), Reference::Cwe(284)],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    if !subject.object.is("networking.k8s.io", "NetworkPolicy") {
        return;
    }
    for rule in tree::items(tree::at(&subject.object.value, &["spec", "ingress"])) {
        let has = |name: &str| !tree::list(rule, name).is_empty();
        if tree::is_mapping(rule) && !has("from") && !has("ports") {
            let message = format!("the policy `{}` lets everybody in, on every port", subject.object.name);
            subject
                .report(cx, rule.origin, message)
                .help("say under `from` who may talk to the pods, or name the ports");
        }
    }
}
