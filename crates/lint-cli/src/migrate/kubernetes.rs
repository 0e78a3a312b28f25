//! The configuration files of linters of manifests.

use lint_core::syntax::yaml::node::Node;

use super::{Ours, entries, text, texts};

/// `.kube-linter.yaml`
pub(super) fn kube_linter(key: &str, value: &Node, ours: &mut Ours) {
    if key != "checks" {
        ours.lose(key, "not known here");
        return;
    }
    for (key, value) in entries(value) {
        match key {
            "exclude" => names(value, ours, |name, ours| ours.ignore.push((name, None))),
            "include" => names(value, ours, |name, ours| list(ours, "extend-select", name)),
            "ignorePaths" => texts(value).into_iter().for_each(|path| list(ours, "exclude", path.to_owned())),
            "addAllBuiltIn" if text(value) == Some("true") => {
                ours.plain.insert("profile", "strict".to_owned());
            }
            "addAllBuiltIn" => {}
            _ => ours.lose(&format!("checks.{key}"), "not known here"),
        }
    }
}

/// `polaris.yaml`
pub(super) fn polaris(key: &str, value: &Node, ours: &mut Ours) {
    if key != "checks" {
        ours.lose(key, "not known here");
        return;
    }
    for (name, level) in entries(value) {
        if !ours.knows(name) {
            continue;
        }
        match text(level) {
            Some("ignore") => ours.ignore.push((name.to_owned(), None)),
            Some("warning") => drop(ours.severity.insert(name.to_owned(), "medium")),
            Some("danger") => drop(ours.severity.insert(name.to_owned(), "high")),
            _ => ours.lose(&format!("checks.{name}"), "no such severity"),
        }
    }
}

/// `.checkov.yaml`
pub(super) fn checkov(key: &str, value: &Node, ours: &mut Ours) {
    match key {
        "skip-check" => names(value, ours, |name, ours| ours.ignore.push((name, None))),
        "check" => names(value, ours, |name, ours| list(ours, "select", name)),
        "skip-path" => texts(value).into_iter().for_each(|path| list(ours, "exclude", path.to_owned())),
        "soft-fail" if text(value) == Some("true") => drop(ours.plain.insert("fail-on", "never".to_owned())),
        "soft-fail" => {}
        _ => ours.lose(key, "not known here"),
    }
}

fn names(value: &Node, ours: &mut Ours, take: impl Fn(String, &mut Ours)) {
    for name in texts(value) {
        if ours.knows(name) {
            take(name.to_owned(), ours);
        }
    }
}

fn list(ours: &mut Ours, key: &'static str, value: String) {
    ours.lists.entry(key).or_default().push(value);
}
