use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;
use lint_parser::compose::value::Value;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "blind-audit-policy",
        docs: "The audit policy records too little to show who did what.

## Why
Of the rules of a policy the first that matches counts, and what none matches is not recorded. A first rule `level: None` without a condition
switches the log off; one for anonymous users, or for administrators, hides just those whose deeds one would look for.

## Instead
End the policy with `- level: Metadata`, and keep `None` for what is frequent and harmless: the watches of the system's own components, and the
paths of health checks.
",
        severity: Severity::High,
        stride: &[Stride::Repudiation],
        references: &[Reference::CisKubernetes("3.2.1"), Reference::CisKubernetes("3.2.2"), Reference::Cwe(778)],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let object = subject.object;
    if !object.is("audit.k8s.io", "Policy") {
        return;
    }
    let rules = tree::list(&object.value, "rules");
    let level = |rule: &Value| tree::string_at(rule, &["level"]).unwrap_or_default().to_owned();
    const CONDITIONS: [&str; 6] =
        ["users", "userGroups", "verbs", "resources", "namespaces", "nonResourceURLs"];
    let is_for_all = |rule: &Value| CONDITIONS.iter().all(|name| tree::list(rule, name).is_empty());
    if rules.iter().all(|rule| level(rule) == "None") {
        let message = "this audit policy records nothing";
        subject
            .report(cx, object.head(), message)
            .help("end it with `- level: Metadata`")
            .breaks(vec!["k8s/3.2.1"]);
        return;
    }
    let catch_all = rules.iter().position(|rule| is_for_all(rule));
    if let Some((at, rule)) = catch_all.and_then(|at| Some((at, rules.get(at)?)))
        && level(rule) == "None"
        && at + 1 < rules.len()
    {
        let message = "nothing is recorded from here on: this rule matches everything, and the rules behind it are never asked";
        subject
            .report(cx, rule.origin, message)
            .help("give it a condition, or remove it")
            .breaks(vec!["k8s/3.2.1"]);
        return;
    }
    for rule in rules.iter().filter(|rule| level(rule) == "None") {
        let named = ["users", "userGroups"].iter().flat_map(|key| tree::list(rule, key));
        let hidden = named.into_iter().find(|name| {
            let name = tree::text(name).unwrap_or_default();
            matches!(
                name,
                "system:anonymous"
                    | "system:unauthenticated"
                    | "system:masters"
                    | "system:admin"
                    | "kubernetes-admin"
            )
        });
        // The paths of health checks are asked for without credentials.
        let is_narrow = !tree::list(rule, "nonResourceURLs").is_empty();
        if let Some(hidden) = hidden.filter(|_| !is_narrow) {
            let who = tree::text(hidden).unwrap_or_default();
            let message = format!("what `{who}` does is not recorded");
            subject
                .report(cx, hidden.origin, message)
                .help("record at least the metadata")
                .breaks(vec!["k8s/3.2.2"])
                .weakened();
        }
    }
    if catch_all.is_none() {
        let message = "what no rule of this audit policy matches is not recorded";
        subject
            .report(cx, object.head(), message)
            .help("end it with `- level: Metadata`")
            .breaks(vec!["k8s/3.2.2"])
            .at_most(Severity::Low);
    }
}
