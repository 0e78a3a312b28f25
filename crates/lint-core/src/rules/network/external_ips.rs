use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "external-ips",
        docs: "A Service takes an address that it may not own.

## Why
Traffic of the cluster to an address in `externalIPs` goes to the pods of the Service, whoever owns the address: a Service with the address of
another one, or of a server outside, gets its traffic (CVE-2020-8554). Kubernetes has deprecated the field in 1.36.

## Instead
Use a Service of the type `LoadBalancer`, or an Ingress or Gateway.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing, Stride::InformationDisclosure],
        references: &[Reference::Cwe(300), Reference::Url("https://github.com/kubernetes/kubernetes/issues/97076")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if !object.is("", "Service") {
        return;
    }
    if let Some(first) = tree::items(tree::at(&object.value, &["spec", "externalIPs"])).first() {
        let message =
            format!("the Service `{}` takes the traffic of an address by `externalIPs`", object.name);
        subject
            .report(cx, first.origin, message)
            .help("use a Service of the type `LoadBalancer`, or an Ingress");
    }
}
