use crate::model::project::limits::{Limit, cpu, has_deployed};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unlimited-cpu",
        docs: "The container may use the host's processors without limit.

## Why
One container that computes without end, through a fault or for somebody who mines coins in it, leaves the
others and the host whatever the scheduler spares.

## Instead
Set `cpus`, or `deploy.resources.limits.cpus` where the service has other limits there. `cpu_shares` and `cpu_quota`
count too.

## Fix safety
The fix is unsafe: a program that is given less is slower. The number is a beginning; measure what the program needs.

## Limits
A service without any limit is reported under the strict profile, or when the rule is selected; a limit that is
switched off (`0`, `-1`) is reported always.
`cpuset` chooses processors and does not limit what is used of them.

## When to allow it
A single service on a machine of its own.
",
        severity: Severity::Low,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("5.12"), Reference::Cwe(770), Reference::Owasp("#7"), Reference::Nist("4.4.3"), Reference::ComposeLint("CL-0026"), Reference::Kics("Cpus Not Limited"), Reference::KubeLinter("unset-cpu-requirements"), Reference::Kubescape("C-0270"), Reference::Trivy("KSV-0011"), Reference::Checkov("CKV_K8S_11"), Reference::Polaris("cpuLimitsMissing"), Reference::Kubescape("C-0050"), Reference::Kubescape("C-0009")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "set `cpus`, or `deploy.resources.limits.cpus`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if subject.spec().provider.is_some() {
        return;
    }
    match cpu(subject.service) {
        Limit::Limited | Limit::Unknown => {}
        Limit::Unlimited(origin) => {
            let fix = subject.editor().replace_value(origin, &Yaml::Bare("1.0"));
            let fix = fix.map(|change| change.unsafely("Set a limit of one processor"));
            subject
                .report_at(
                    cx,
                    origin,
                    "this limit is none: the container may use all of the host's processors",
                )
                .maybe_fix(fix)
                .help(HELP);
        }
        Limit::Absent if !cx.is_strict() || may_be_set(subject) => {}
        Limit::Absent => {
            let siblings = subject.siblings_with(|other| cpu(other) == Limit::Limited);
            let message = format!("this container may use the host's processors without limit{siblings}");
            let lines = match has_deployed(subject.service) {
                true => "deploy:\n  resources:\n    limits:\n      cpus: \"1.0\"",
                false => "cpus: 1.0",
            };
            let route: &[&str] = match has_deployed(subject.service) {
                true => &["deploy", "resources", "limits", "cpus"],
                false => &["cpus"],
            };
            let fix = subject.editor().set_in_service(subject.service, route, Yaml::Bare("1.0"));
            let fix = fix.map(|change| change.unsafely("Set a limit of one processor"));
            subject.report_absence(cx, message).maybe_fix(fix).help(HELP).absent(lines);
        }
    }
}

fn may_be_set(subject: &ServiceSubject<'_>) -> bool {
    // A pod has no `deploy`, and its limits stand in one place.
    let is_pod = !subject.project.input.heeds_healthcheck();
    ["cpus", "cpu_quota", "cpu_shares", "cpu_count", "cpu_percent"]
        .iter()
        .any(|attribute| subject.may_be_set(attribute))
        || !is_pod && subject.may_be_set("deploy")
}
