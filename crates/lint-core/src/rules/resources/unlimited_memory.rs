use crate::model::project::limits::{Limit, has_deployed, memory};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unlimited-memory",
        docs: "The container may use the host's memory without limit.

## Why
A leak, or a request that is made to be large, takes memory until the kernel kills processes of its own choice, and
those may be another service's or the host's.

## Instead
Set `mem_limit`, or `deploy.resources.limits.memory` where the service has other limits there.

## Fix safety
The fix is unsafe: a program that needs more is ended. The number is a beginning; measure what the program needs.

## Limits
A service without any limit is reported under the strict profile, or when the rule is selected; a limit that is
switched off (`0`, `-1`) is reported always. A
reservation (`mem_reservation`) limits nothing.

## When to allow it
A single service on a machine of its own.
",
        severity: Severity::Low,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("5.11"), Reference::Cwe(770), Reference::Owasp("#7"), Reference::Nist("4.4.3"), Reference::ComposeLint("CL-0026"), Reference::Kics("Memory Not Limited"), Reference::KubeLinter("unset-memory-requirements"), Reference::Kubescape("C-0271"), Reference::Kubescape("C-0004"), Reference::Trivy("KSV-0018"), Reference::Checkov("CKV_K8S_13"), Reference::Polaris("memoryLimitsMissing"), Reference::Kubescape("C-0009")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "set `mem_limit`, or `deploy.resources.limits.memory`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if subject.spec().provider.is_some() {
        return;
    }
    match memory(subject.service) {
        Limit::Limited | Limit::Unknown => {}
        Limit::Unlimited(origin) => {
            let fix = subject.editor().replace_value(origin, &Yaml::Bare("512m"));
            let fix = fix.map(|change| change.unsafely("Set a limit of 512 MiB"));
            subject
                .report_at(cx, origin, "this limit is none: the container may use all of the host's memory")
                .maybe_fix(fix)
                .help(HELP);
        }
        Limit::Absent if !cx.is_strict() || may_be_set(subject) => {}
        Limit::Absent => {
            let siblings = subject.siblings_with(|other| memory(other) == Limit::Limited);
            let message = format!("this container may use the host's memory without limit{siblings}");
            let lines = match has_deployed(subject.service) {
                true => "deploy:\n  resources:\n    limits:\n      memory: 512m",
                false => "mem_limit: 512m",
            };
            let route: &[&str] = match has_deployed(subject.service) {
                true => &["deploy", "resources", "limits", "memory"],
                false => &["mem_limit"],
            };
            let fix = subject.editor().set_in_service(subject.service, route, Yaml::Bare("512m"));
            let fix = fix.map(|change| change.unsafely("Set a limit of 512 MiB"));
            subject.report_absence(cx, message).maybe_fix(fix).help(HELP).absent(lines);
        }
    }
}

fn may_be_set(subject: &ServiceSubject<'_>) -> bool {
    // A pod has no `deploy`, and its limits stand in one place.
    let is_pod = !subject.project.input.heeds_healthcheck();
    ["mem_limit"].iter().any(|attribute| subject.may_be_set(attribute))
        || !is_pod && subject.may_be_set("deploy")
}
