use crate::model::kubernetes::credentials;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secret-in-manifest",
        docs: "A credential stands in a manifest.

## Why
A Secret is not secret where it is written: `data` is base64, which is no encryption. Whoever may read the repository has what is in it, and so does
everybody who ever copies it. The same is true of a kubeconfig with a key or a token, of a key of `EncryptionConfiguration`, and of the token of
k3s or kubeadm, of the configuration of a machine of Talos, and of a password or private key in a ConfigMap.

## Instead
Have the Secret made where the cluster runs: by an operator that fetches it (External Secrets, a CSI driver), sealed (Sealed Secrets, SOPS), or by
`kubectl create secret` from a file that is not committed. What has been committed is known: make a new one.

## Limits
A ConfigMap that containers take variables from is judged by `secret-in-environment`. Certificates are public and not reported, nor is what a template or a variable fills in, what is encrypted, and what is empty. A Secret that
Kustomize generates from a file is judged by that file's own rules.
",
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure, Stride::Spoofing],
        references: &[Reference::CisKubernetes("5.4.1"), Reference::Cwe(798), Reference::Cwe(312), Reference::Kubescape("C-0012"), Reference::Trivy("KSV-0109"), Reference::Polaris("sensitiveConfigmapContent")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    // What becomes a variable is told of the variable.
    if subject.object.is("", "ConfigMap") && subject.cluster.is_taken_from(&subject.object.name) {
        return;
    }
    for (what, origin) in credentials::of(subject.object) {
        let message = format!("{what} stands in this file, for everybody who can read it");
        subject
            .report(cx, origin, message)
            .help("have it made or fetched where the cluster runs, and replace what has been committed");
    }
}
