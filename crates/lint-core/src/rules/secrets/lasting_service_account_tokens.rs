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
The last is asked for under the strict profile.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing, Stride::ElevationOfPrivilege],
        references: &[Reference::CisKubernetes("1.2.21"), Reference::CisKubernetes("1.2.30"), Reference::CisKubernetes("1.3.3"), Reference::Cwe(613), Reference::Kubescape("C-0135"), Reference::Kubescape("C-0146"), Reference::Checkov("CKV_K8S_96"), Reference::Checkov("CKV_K8S_108")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    match component.kind {
        ComponentKind::ApiServer => {
            if let Some(flag) = component.flag("service-account-lookup").filter(|flag| flag.value == "false")
            {
                let message = "the API server takes tokens of service accounts that were deleted";
                subject.report(cx, flag, message).help("remove it").breaks(vec!["k8s/1.2.21"]);
            }
            if cx.is_strict() && component.switch("service-account-extend-token-expiration") != Some(false) {
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
