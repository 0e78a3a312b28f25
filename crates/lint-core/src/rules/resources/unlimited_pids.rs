use crate::model::project::limits::{Limit, has_deployed, pids};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unlimited-pids",
        docs: "The container may use the host's process numbers without limit.

## Why
A program that starts processes without end (a fork bomb, or a pool with a fault) uses up the numbers the kernel has
for all of them; then nobody can log in to stop it.

## Instead
Set `pids_limit`, or `deploy.resources.limits.pids` where the service has other limits there: a few hundred is enough
for most.

## Fix safety
The fix is unsafe: a program that needs more fails to start them. The number is a beginning; measure what the program needs.

## Limits
A service without any limit is reported under the strict profile, or when the rule is selected; a limit that is
switched off (`0`, `-1`) is reported always.
Windows containers have no such limit.

## When to allow it
The daemon sets a limit for all containers (`default-ulimits` and systemd's `TasksMax`), and you rely on it.
",
        severity: Severity::Low,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("5.29"), Reference::Cwe(770), Reference::Owasp("#7"), Reference::Nist("4.4.3"), Reference::ComposeLint("CL-0026"), Reference::Kics("Pids Limit Not Set")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "set `pids_limit`, or `deploy.resources.limits.pids`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() {
        return;
    }
    match pids(subject.service) {
        Limit::Limited | Limit::Unknown => {}
        Limit::Unlimited(origin) => {
            let fix = subject.editor().replace_value(origin, &Yaml::Bare("200"));
            let fix = fix.map(|change| change.unsafely("Set a limit of 200 processes"));
            subject.report_at(cx, origin, "this limit is none: the container may start processes until the host has no numbers left").maybe_fix(fix).help(HELP);
        }
        Limit::Absent if !cx.is_strict() || may_be_set(subject) => {}
        Limit::Absent => {
            let siblings = subject.siblings_with(|other| pids(other) == Limit::Limited);
            let message =
                format!("this container may use the host's process numbers without limit{siblings}");
            let lines = match has_deployed(subject.service) {
                true => "deploy:\n  resources:\n    limits:\n      pids: 200",
                false => "pids_limit: 200",
            };
            let route: &[&str] = match has_deployed(subject.service) {
                true => &["deploy", "resources", "limits", "pids"],
                false => &["pids_limit"],
            };
            let fix = subject.editor().set_in_service(subject.service, route, Yaml::Bare("200"));
            let fix = fix.map(|change| change.unsafely("Set a limit of 200 processes"));
            subject.report_absence(cx, message).maybe_fix(fix).help(HELP).absent(lines);
        }
    }
}

fn may_be_set(subject: &ServiceSubject<'_>) -> bool {
    ["pids_limit", "deploy"].iter().any(|attribute| subject.may_be_set(attribute))
}
