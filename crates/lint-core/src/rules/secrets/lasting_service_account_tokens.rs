use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "lasting-service-account-tokens",
        docs: "Tokens of service accounts count for longer, or for more, than they should.

## Why
With `service-account-lookup=false` the API server takes the token of an account that was deleted. Without `use-service-account-credentials` all
controllers of the cluster share one account that may do what any of them needs. And the tokens in pods are extended to a year unless that is
switched off.

## Instead
Leave `service-account-lookup` on, and set `--use-service-account-credentials=true`; `--service-account-extend-token-expiration=false` once no
program keeps an old token.

## Limits
That nothing is said of the last is reported under the strict profile, as is a command line without the keys.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing, Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("1.2.21"), Reference::CisKubernetes("1.2.22"), Reference::CisKubernetes("1.2.30"), Reference::CisKubernetes("1.3.3"), Reference::CisKubernetes("1.3.4"), Reference::CisKubernetes("1.3.5"), Reference::Cwe(613), Reference::Kubescape("C-0135"), Reference::Kubescape("C-0146"), Reference::Checkov("CKV_K8S_96"), Reference::Checkov("CKV_K8S_108"), Reference::Checkov("CKV_K8S_97"), Reference::Checkov("CKV_K8S_110"), Reference::Checkov("CKV_K8S_111")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    keys(subject, cx);
    match component.kind {
        ComponentKind::ApiServer => {
            if let Some(flag) = component.flag("service-account-lookup").filter(|flag| flag.value == "false")
            {
                let message = "the API server takes tokens of service accounts that were deleted";
                subject.report(cx, flag, message).help("remove it").breaks(vec!["k8s/1.2.21"]);
            }
            let extends = component.switch("service-account-extend-token-expiration");
            if extends == Some(true) || cx.is_strict() && extends.is_none() {
                let message = "the tokens in pods count for a year: `--service-account-extend-token-expiration` is not `false`";
                let draft = match component.flag("service-account-extend-token-expiration") {
                    Some(flag) => subject.report(cx, flag, message),
                    None => subject.report_absence(cx, message),
                };
                draft.help("set it to `false`").breaks(vec!["k8s/1.2.30"]).at_most(Severity::Low);
            }
        }
        ComponentKind::ControllerManager => {
            let message =
                "all controllers share one account: `--use-service-account-credentials` is not `true`";
            let draft = match component.flag("use-service-account-credentials") {
                Some(flag) if flag.value == "true" => return,
                Some(flag) => subject.report(cx, flag, message),
                None if component.started_by == StartedBy::CommandLine => subject.report_absence(cx, message),
                None => return,
            };
            draft.help("set it to `true`").breaks(vec!["k8s/1.3.3"]);
        }
        _ => {}
    }
}

/// The keys of the tokens, and what pods check the API server by.
fn keys(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    const OF_SERVER: &[(&str, &str)] = &[("service-account-key-file", "k8s/1.2.22")];
    const OF_MANAGER: &[(&str, &str)] =
        &[("root-ca-file", "k8s/1.3.5"), ("service-account-private-key-file", "k8s/1.3.4")];
    let component = subject.component;
    let wanted = match component.kind {
        ComponentKind::ApiServer => OF_SERVER,
        ComponentKind::ControllerManager => OF_MANAGER,
        _ => return,
    };
    let missing: Vec<_> = wanted.iter().filter(|(name, _)| !component.has(name)).collect();
    if !cx.is_strict() || !component.is_plain(component.kind) || missing.is_empty() {
        return;
    }
    let names = missing.iter().map(|(name, _)| format!("`--{name}`")).collect::<Vec<_>>().join(" and ");
    let be = if missing.len() == 1 { "is" } else { "are" };
    let who = component.kind.name();
    let message =
        format!("{who} has no keys of its own for tokens, or none to check them by: {names} {be} not set");
    let draft = subject.report_absence(cx, message).help("set it");
    draft.breaks(missing.iter().map(|(_, number)| *number).collect()).at_most(Severity::Low);
}
