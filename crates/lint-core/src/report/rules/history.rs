//! What releases brought, by rule: what `plimsoll rules --since` prints, and the page of changes.

use std::fmt::Write as _;

use crate::finding::meta::RuleMeta;
use crate::finding::release::Release;

/// What a release did to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// The release.
    pub version: &'static str,
    /// What it changed; `None` where it brought the rule.
    pub what: Option<&'static str>,
}

/// Everything that releases after this one brought and changed, the newest release first, new rules before changed ones.
///
/// ```
/// use lint_core::{report::rules::history, rules};
///
/// let all = history::since(&rules::catalogue(), "0.0.0".parse().unwrap());
/// assert!(all.iter().any(|event| event.rule.name == "root-user" && event.what.is_none()));
/// ```
#[must_use]
pub fn since(rules: &[&'static RuleMeta], release: Release) -> Vec<Event> {
    let mut events = Vec::new();
    for rule in rules.iter().copied() {
        if rule.is_newer_than(release) {
            events.push(Event { rule, version: rule.since, what: None });
        }
        let changes = rule.changes_since(release);
        events.extend(changes.map(|change| Event { rule, version: change.version, what: Some(change.what) }));
    }
    let number = |event: &Event| event.version.parse::<Release>().ok();
    events.sort_by_key(|event| (std::cmp::Reverse(number(event)), event.what.is_some(), event.rule.name));
    events
}

/// The same as Markdown, a section for each release. `link` is where a rule's page is.
#[must_use]
pub fn markdown(events: &[Event], link: impl Fn(&RuleMeta) -> String) -> String {
    let mut text = String::new();
    let mut last = None;
    for event in events {
        if last != Some(event.version) {
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}## {}\n", event.version);
            last = Some(event.version);
        }
        let what = match event.what {
            Some(what) => format!("changed: {what}"),
            None if event.rule.preview => format!("new, in preview: {}", event.rule.summary()),
            None => format!("new: {}", event.rule.summary()),
        };
        let _ = writeln!(text, "- [{}]({}), {what}", event.rule.name, link(event.rule));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::meta::{Category, Change};

    static OLD: RuleMeta = RuleMeta {
        name: "old-rule",
        docs: "It was always there.\n",
        changes: &[
            Change { version: "0.2.0", what: "also sees `X`", severity_before: None, profile_before: None },
            Change { version: "0.10.0", what: "always runs", severity_before: None, profile_before: None },
        ],
        ..RuleMeta::of(Category::Privilege)
    };
    static NEW: RuleMeta = RuleMeta {
        name: "new-rule",
        docs: "It is new.\n",
        since: "0.10.0",
        preview: true,
        ..RuleMeta::of(Category::Privilege)
    };

    #[test]
    fn the_newest_release_is_told_first_and_new_rules_before_changed_ones() {
        let events = since(&[&OLD, &NEW], "0.1.0".parse().unwrap());
        let text = markdown(&events, |rule| format!("{}.html", rule.name));
        assert_eq!(
            text,
            "## 0.10.0\n\n- [new-rule](new-rule.html), new, in preview: It is new.\n- [old-rule](old-rule.html), changed: always runs\n\n## 0.2.0\n\n- [old-rule](old-rule.html), changed: also sees `X`\n"
        );
        assert_eq!(since(&[&OLD, &NEW], "0.10.0".parse().unwrap()), []);
    }
}
