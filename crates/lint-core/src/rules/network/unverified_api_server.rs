use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unverified-api-server",
        docs: "A kubeconfig does not check which API server it talks to, or talks to it without encryption.

## Why
With `insecure-skip-tls-verify` whoever is between the two passes for the API server, takes the token or password that is sent, and answers what they like.
Over `http` they need not even do that.

## Instead
Put the authority of the cluster into `certificate-authority-data`, and use `https`.

## Limits
A server on the same machine may be spoken to over `http`.
",
        severity: Severity::High,
        stride: &[Stride::Spoofing, Stride::InformationDisclosure],
        references: &[Reference::Cwe(295)],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    if !subject.object.is("", "Config") {
        return;
    }
    for cluster in tree::list(&subject.object.value, "clusters") {
        let skips = tree::at(cluster, &["cluster", "insecure-skip-tls-verify"]);
        if let Some(skips) = skips.filter(|skips| tree::boolean(skips) == Some(true)) {
            let message = "whoever is on the way passes for this API server: its certificate is not checked";
            subject.report(cx, skips.origin, message).help("remove it, and set `certificate-authority-data`");
        }
        let Some(server) = tree::at(cluster, &["cluster", "server"]) else { continue };
        let is_open = tree::text(server).and_then(|url| url.strip_prefix("http://"));
        if is_open.is_some_and(|host| !["localhost", "127.", "[::1]"].iter().any(|own| host.starts_with(own)))
        {
            let message = "this API server is spoken to without encryption";
            subject.report(cx, server.origin, message).help("use `https`");
        }
    }
}
