use crate::model::kubernetes::control_plane::ComponentKind;
use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-audit-log",
        docs: "The API server keeps no record of what it is asked.

## Why
Somebody changes a role, reads a Secret, deletes a pod, and denies it. Without an audit log nothing shows who it was. It needs both a policy, which says
what is recorded, and a place to write it to, or a webhook to send it to.

## Instead
Set `--audit-policy-file` and `--audit-log-path`, or `--audit-webhook-config-file`.

## Limits
That nothing says how long the log is kept (`--audit-log-maxage`, `-maxbackup`, `-maxsize`) is reported under the strict profile: the newest releases
have a default.
",
        severity: Severity::Medium,
        stride: &[Stride::Repudiation],
        references: &[Reference::CisKubernetes("1.2.16"), Reference::CisKubernetes("1.2.17"), Reference::CisKubernetes("1.2.18"), Reference::CisKubernetes("1.2.19"), Reference::CisKubernetes("3.2.1"), Reference::Cwe(778), Reference::Kubescape("C-0067"), Reference::Kubescape("C-0130"), Reference::Trivy("KCV-0019"), Reference::Checkov("CKV_K8S_91"), Reference::Checkov("CKV_K8S_92"), Reference::Checkov("CKV_K8S_93"), Reference::Checkov("CKV_K8S_94")],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    let component = subject.component;
    if component.kind != ComponentKind::ApiServer {
        return;
    }
    let writes = component.has("audit-log-path") || component.has("audit-webhook-config-file");
    let policy = component.has("audit-policy-file");
    let message = match (writes, policy) {
        (true, true) => "",
        (false, true) => "the API server writes no audit log: `--audit-log-path` is not set",
        (true, false) => "the API server records nothing: `--audit-policy-file` is not set",
        (false, false) => {
            "the API server keeps no record of who did what: there is no audit log and no policy for one"
        }
    };
    if !message.is_empty() {
        let numbers = [(!writes).then_some("k8s/1.2.16"), (!policy).then_some("k8s/3.2.1")];
        subject
            .report_absence(cx, message)
            .help("set `--audit-policy-file` and `--audit-log-path`")
            .breaks(numbers.into_iter().flatten().collect());
    }
    if !component.has("audit-log-path") {
        return;
    }
    for (name, least, number) in [
        ("audit-log-maxage", 30, "k8s/1.2.17"),
        ("audit-log-maxbackup", 10, "k8s/1.2.18"),
        ("audit-log-maxsize", 100, "k8s/1.2.19"),
    ] {
        let message = format!(
            "the audit log is kept for less than the benchmark asks: `--{name}` is not {least} or more"
        );
        let draft = match component.flag(name) {
            Some(flag) if flag.value.parse::<u32>().is_ok_and(|value| value >= least) => continue,
            Some(flag) => subject.report(cx, flag, message),
            None if !cx.is_strict() => continue,
            None => subject.report_absence(cx, message),
        };
        draft.help(format!("set `--{name}={least}`")).breaks(vec![number]).at_most(Severity::Low);
    }
}
