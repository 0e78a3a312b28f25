use crate::rule::kubernetes::ComponentSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "alpha-features",
        docs: "All unfinished features of a component are switched on.

## Why
What is alpha has not been reviewed for security, may change or go with any release, and some of it lets pods do what nothing else checks. `AllAlpha=true`
and `api/all=true` switch on whatever the next version brings as well.

## Instead
Name the features that are needed under `--feature-gates`, and the APIs under `--runtime-config`.
",
        severity: Severity::Low,
        stride: &[Stride::ElevationOfPrivilege, Stride::Tampering],
        references: &[Reference::Cwe(1188)],
        ..super::DEFAULTS
    },
    checks: &[Check::Component(check)],
};

fn check(subject: &ComponentSubject<'_>, cx: &mut Context<'_>) {
    for (name, wanted) in [
        ("feature-gates", &["AllAlpha=true"][..]),
        ("runtime-config", &["api/all=true", "api/all", "api/alpha=true"]),
    ] {
        let is_on = subject.component.list(name).iter().any(|part| wanted.contains(part));
        if let Some(flag) = subject.component.flag(name).filter(|_| is_on) {
            let message = format!(
                "{} has all its unfinished features: `{}`",
                subject.component.kind.name(),
                flag.written
            );
            subject.report(cx, flag, message).help("name those that are needed").breaks(Vec::new());
        }
    }
}
