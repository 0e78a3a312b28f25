//! What hadolint checks by its own settings, as policies.

use lint_core::syntax::yaml::node::Node;

use crate::migrate::{Ours, entries, is_true, text};

/// Registries of which some are patterns, as a policy.
pub(super) fn trusted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<(&'static str, String)> {
    let special = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '/' | ':');
    let pattern = |name: &str| -> String {
        let part = |c: char| match c {
            '*' => "[^/]*".to_owned(),
            c if special(c) => format!("\\{c}"),
            c => c.to_string(),
        };
        name.chars().map(part).collect()
    };
    let all: Vec<String> = names.map(pattern).collect();
    vec![
        ("name", "trusted-registries".to_owned()),
        ("for", "image".to_owned()),
        (
            "require",
            format!(
                "image.built || image.scratch || image.registry.matches({})",
                in_cel(&format!("^({})$", all.join("|")))
            ),
        ),
        ("message", "`{image.reference}` does not come from a trusted registry".to_owned()),
        ("severity", "high".to_owned()),
    ]
}

/// The labels of hadolint's schema, each as a policy.
pub(super) fn labels(schema: &Node, ours: &mut Ours) {
    for (label, kind) in entries(schema) {
        let kind = text(kind).unwrap_or_default();
        let (pattern, what) = match kind {
            "text" | "rawText" => (".", "text"),
            "rfc3339" => (
                r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$",
                "a time of RFC 3339",
            ),
            "semver" => (r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$", "a semantic version"),
            "url" => (r"^[A-Za-z][A-Za-z0-9+.-]*://\S+$", "a URL"),
            "hash" => ("^([0-9a-f]{7}|[0-9a-f]{40})$", "the hash of a commit"),
            "spdx" => (r"^[A-Za-z0-9.+()-]+( (AND|OR|WITH) [A-Za-z0-9.+()-]+)*$", "an SPDX expression"),
            "email" => (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "an e-mail address"),
            other => {
                ours.lose(&format!("label-schema.{label}"), &format!("no such type: {other}"));
                continue;
            }
        };
        let key = in_cel(label);
        ours.policies.push(vec![
            ("name", format!("label-{}", slug(label))),
            ("for", "stage".to_owned()),
            ("when", "stage.target".to_owned()),
            ("require", format!("{key} in stage.labels && stage.labels[{key}].matches({})", in_cel(pattern))),
            (
                "message",
                format!(
                    "the label `{}` is not there, or is not {what}",
                    label.replace('{', "{{").replace('}', "}}")
                ),
            ),
            ("severity", "low".to_owned()),
        ]);
    }
}

/// With `strict-labels`, that there are no others than those of the schema.
pub(super) fn strict_labels(theirs: &[(&str, &Node)], ours: &mut Ours) {
    let named = |name: &str| theirs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let (Some(strict), Some(schema)) = (named("strict-labels"), named("label-schema")) else { return };
    if !is_true(strict) {
        return;
    }
    let known: Vec<String> = entries(schema).iter().map(|(label, _)| in_cel(label)).collect();
    ours.policies.push(vec![
        ("name", "known-labels".to_owned()),
        ("for", "stage".to_owned()),
        ("when", "stage.target".to_owned()),
        ("require", format!("stage.labels.all(l, l in [{}])", known.join(", "))),
        ("message", "there is a label that the schema does not have".to_owned()),
        ("severity", "low".to_owned()),
    ]);
}

/// A text of CEL.
fn in_cel(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A name that a policy may have.
fn slug(label: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = label.chars().map(plain).take(50).collect();
    slug.trim_matches('-').to_owned()
}
