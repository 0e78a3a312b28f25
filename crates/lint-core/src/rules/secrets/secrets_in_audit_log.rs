use crate::model::kubernetes::tree;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secrets-in-audit-log",
        docs: "The audit policy writes Secrets into the log.

## Why
At the levels `Request` and `RequestResponse` the log holds the bodies of requests: of a Secret, what is in it; of a request for a token, the token.
Whoever may read the log, or the system that it is sent to, has them.

## Instead
Put a rule `level: Metadata` for `secrets`, `configmaps`, `tokenreviews` and `serviceaccounts/token` before the others.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::CisKubernetes("3.2.2"), Reference::Cwe(532)],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

const SENSITIVE: [&str; 3] = ["secrets", "tokenreviews", "serviceaccounts/token"];

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    if !subject.object.is("audit.k8s.io", "Policy") {
        return;
    }
    let mut settled: Vec<&str> = Vec::new();
    for rule in tree::list(&subject.object.value, "rules") {
        let resources: Vec<_> = tree::list(rule, "resources").iter().collect();
        let names: Vec<_> = resources.iter().flat_map(|group| tree::list(group, "resources")).collect();
        let is_narrow = ["users", "userGroups", "namespaces", "verbs", "nonResourceURLs"]
            .iter()
            .any(|key| !tree::list(rule, key).is_empty());
        let holds = |name: &str| {
            let whole_group = resources.iter().any(|group| {
                let group_name = tree::string_at(group, &["group"]).unwrap_or_default();
                let own = if name == "tokenreviews" { "authentication.k8s.io" } else { "" };
                group_name == own && tree::list(group, "resources").is_empty()
            });
            resources.is_empty()
                || whole_group
                || names
                    .iter()
                    .any(|named| matches!(tree::text(named), Some(text) if text == name || text == "*"))
        };
        let Some(level) = tree::get(rule, "level") else { continue };
        let held: Vec<&str> =
            SENSITIVE.into_iter().filter(|name| holds(name) && !settled.contains(name)).collect();
        if matches!(tree::text(level), Some("Request" | "RequestResponse")) {
            // The body of a request to read a Secret is empty.
            let what = held
                .iter()
                .find(|name| tree::text(level) == Some("RequestResponse") || **name != "tokenreviews");
            if let Some(what) = what {
                let at = names
                    .iter()
                    .find(|named| tree::text(named) == Some(what))
                    .map_or(level.origin, |named| named.origin);
                let message = format!(
                    "what is in `{what}` is written into the audit log: the level is `{}`",
                    tree::text(level).unwrap_or_default()
                );
                subject
                    .report(cx, at, message)
                    .help("put a rule `level: Metadata` for it before this one")
                    .breaks(vec!["k8s/3.2.2"]);
                return;
            }
        }
        if !is_narrow {
            settled.extend(held);
        }
    }
}
