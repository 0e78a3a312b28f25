use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "fail-open-admission",
        docs: "What checks objects is skipped when it does not answer.

## Why
A webhook with `failurePolicy: Ignore` lets everything pass while it is down or slow. Whoever can bring it down, or wait until it is, deploys what it
would have refused: an unsigned image, a privileged pod. The same is true of `defaultAllow: true` of ImagePolicyWebhook, and of an authorizer that
has no opinion when it fails.

## Instead
Set `failurePolicy: Fail` where the webhook guards something, and leave the namespaces out that it needs to start.

## When to allow it
Where a webhook only completes objects.
",
        severity: Severity::Low,
        stride: &[Stride::Tampering],
        references: &[Reference::CisKubernetes("5.5.1"), Reference::Cwe(636)],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    match (object.group.as_str(), object.kind.as_str()) {
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration") => {
            for webhook in tree::list(&object.value, "webhooks") {
                let policy =
                    tree::get(webhook, "failurePolicy").filter(|policy| tree::text(policy) == Some("Ignore"));
                if let Some(policy) = policy {
                    let name = tree::string_at(webhook, &["name"]).unwrap_or(&object.name);
                    let message = format!(
                        "while the webhook `{name}` does not answer, everything passes that it would refuse"
                    );
                    subject.report(cx, policy.origin, message).help("set `failurePolicy: Fail`");
                }
            }
        }
        (_, "ImagePolicyWebhook" | "AdmissionConfiguration") => {
            let plugins = tree::list(&object.value, "plugins");
            for plugin in
                plugins.iter().filter_map(|plugin| tree::at(plugin, &["configuration", "imagePolicy"]))
            {
                if let Some(allow) =
                    tree::get(plugin, "defaultAllow").filter(|allow| tree::boolean(allow) == Some(true))
                {
                    let message =
                        "while the webhook that judges images does not answer, every image is admitted";
                    subject.report(cx, allow.origin, message).help("set `defaultAllow: false`");
                }
            }
        }
        ("apiserver.config.k8s.io", "AuthorizationConfiguration") => {
            for authorizer in tree::list(&object.value, "authorizers") {
                let policy = tree::at(authorizer, &["webhook", "failurePolicy"]);
                if let Some(policy) = policy.filter(|policy| tree::text(policy) == Some("NoOpinion")) {
                    let message = "while this authorizer does not answer, others decide what it would refuse";
                    subject.report(cx, policy.origin, message).help("set `failurePolicy: Deny`");
                }
            }
        }
        _ => {}
    }
}
