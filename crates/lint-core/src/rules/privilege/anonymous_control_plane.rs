use crate::model::kubernetes::control_plane::ComponentKind;
use crate::model::kubernetes::control_plane::StartedBy;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ComponentSubject;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "anonymous-control-plane",
        docs: "The API server, or the kubelet, answers requests without credentials.

## Why
Who has not said who they are is `system:anonymous`. What that user may do, everybody may who reaches the port, and nothing tells afterwards who it
was. One binding too many, and it is everything. The kubelet's API runs commands in every pod of its node.

## Instead
Switch `anonymous-auth` off; of the kubelet, `authentication.anonymous.enabled`. Where the health of the API server is asked for without
credentials, give it an `AuthenticationConfiguration` that lets anonymous requests have `/livez`, `/readyz` and `/healthz` alone.

## Limits
That the API server is not told is `low`: its default is to answer, and the default roles give such requests next to nothing. A kubelet that is
started with a configuration file does not answer unless it is told to; one that is started with flags alone does.
",
        severity: Severity::High,
        stride: &[Stride::Spoofing, Stride::Repudiation],
        references: &[Reference::CisKubernetes("1.2.1"), Reference::CisKubernetes("4.2.1"), Reference::Cwe(306), Reference::Kubescape("C-0113"), Reference::Kubescape("C-0172"), Reference::Trivy("KCV-0001"), Reference::Checkov("CKV_K8S_68"), Reference::Checkov("CKV_K8S_138")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check), Check::Object(check_object)],
};

const HELP: &str =
    "set `anonymous-auth` to `false`, or let anonymous requests have the paths of the health checks alone";

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if !matches!(component.kind, ComponentKind::ApiServer | ComponentKind::Kubelet) {
        return;
    }
    let (name, number) = match component.kind {
        ComponentKind::Kubelet => ("the kubelet", "k8s/4.2.1"),
        _ => ("the API server", "k8s/1.2.1"),
    };
    match (component.switch("anonymous-auth"), component.flag("anonymous-auth")) {
        (Some(true), Some(flag)) => {
            let message = format!("{name} answers requests without credentials: `{}`", flag.written);
            let draft = subject.report(cx, flag, message).help(HELP).breaks(vec![number]);
            // Requests without credentials still need a role at the API server.
            if component.kind == ComponentKind::ApiServer {
                draft.weakened();
            }
        }
        (None, None) => {
            let is_open = match component.kind {
                ComponentKind::Kubelet => component.started_by == StartedBy::CommandLine,
                _ => component.started_by != StartedBy::K3s && !component.has("authentication-config"),
            };
            if is_open {
                let message =
                    format!("{name} answers requests without credentials: `--anonymous-auth` is not set");
                let draft = subject.report_absence(cx, message).help(HELP).breaks(vec![number]);
                if component.kind == ComponentKind::ApiServer {
                    draft.at_most(Severity::Low);
                }
            }
        }
        _ => {}
    }
}

/// `AuthenticationConfiguration` says the same of the API server.
fn check_object(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if !object.is("apiserver.config.k8s.io", "AuthenticationConfiguration") {
        return;
    }
    let Some(enabled) = tree::at(&object.value, &["anonymous", "enabled"]) else { return };
    let conditions = tree::items(tree::at(&object.value, &["anonymous", "conditions"]));
    if tree::boolean(enabled) != Some(true) {
        return;
    }
    let is_harmless = |path: &str| matches!(path, "/livez" | "/readyz" | "/healthz");
    let other =
        conditions.iter().find(|condition| !tree::string_at(condition, &["path"]).is_some_and(is_harmless));
    if conditions.is_empty() || other.is_some() {
        let at = other.map_or(enabled.origin, |other| other.origin);
        let message = "the API server answers requests without credentials for more than the health checks";
        subject.report(cx, at, message).help(HELP).breaks(vec!["k8s/1.2.1"]).weakened();
    }
}
