//! What a SARIF log says of the rules.

use std::collections::BTreeMap;

use crate::finding::meta::{Category, Profile, RuleMeta};
use crate::finding::reference::{Benchmark, Reference};
use crate::finding::severity::{Level, Severity};
use crate::report::rules;
use crate::report::sarif::log::{Configuration, Help, Message, ReportingDescriptor, RuleProperties};

/// What GitHub takes of a description, in characters.
const DESCRIPTION: usize = 1024;
/// What GitHub shows of a rule's tags.
const TAGS: usize = 10;

/// The rules by name, each with the severity it has in this run.
pub(super) type Rules = BTreeMap<&'static str, (&'static RuleMeta, Severity)>;

/// A descriptor for each rule.
pub(super) fn descriptors(rules: &Rules) -> Vec<ReportingDescriptor> {
    rules.values().map(|&(rule, severity)| descriptor(rule, severity)).collect()
}

/// `error`, `warning` or `note`.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Style => "note",
    }
}

/// How urgent a result is, from 0 to 100. `level` has three words for five severities, and GitHub takes the severity
/// of a result from its rule, which may have another elsewhere in the run.
pub(super) fn rank(severity: Severity) -> f32 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 80.0,
        Severity::Medium => 55.0,
        Severity::Low => 25.0,
        Severity::Style => 10.0,
    }
}

fn descriptor(rule: &'static RuleMeta, severity: Severity) -> ReportingDescriptor {
    let is_security = rule.category.is_security();
    ReportingDescriptor {
        id: rule.name,
        name: rule.name,
        short_description: Message { text: cut(rule.summary()) },
        full_description: Message { text: cut(&why(rule)) },
        help: Help {
            text: format!("{}\n{}", rules::markdown(rule, 1), rule.url()),
            markdown: rules::markdown(rule, 1),
        },
        help_uri: rule.url(),
        default_configuration: Configuration { level: level(severity) },
        properties: RuleProperties {
            tags: tags(rule),
            precision: precision(rule.profile),
            security_severity: is_security.then(|| security_severity(severity)),
            problem_severity: (!is_security).then(|| problem_severity(severity)),
        },
    }
}

/// The first paragraph of `## Why`; the summary where there is none.
fn why(rule: &RuleMeta) -> String {
    let mut lines = rule.docs.lines().map(str::trim).skip_while(|line| *line != "## Why").skip(1);
    let paragraph: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    if paragraph.is_empty() { rule.summary().to_owned() } else { paragraph.join(" ") }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= DESCRIPTION {
        return text.to_owned();
    }
    text.chars().take(DESCRIPTION - 1).chain(['…']).collect()
}

/// A score on the scale of CVSS, as text: GitHub calls results of 9.0 and more critical, from 7.0 high, from 4.0
/// medium.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.3",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low | Severity::Style => "2.5",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match severity.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Style => "recommendation",
    }
}

/// GitHub sorts by it. The default profile holds what is certain to be worth a look; what runs on request alone is a
/// matter of circumstances.
fn precision(profile: Profile) -> &'static str {
    match profile {
        Profile::Default => "high",
        Profile::Strict => "medium",
        Profile::OptIn => "low",
    }
}

fn tags(rule: &RuleMeta) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    if rule.category.is_security() {
        tags.push("security".to_owned());
    }
    tags.push(rule.category.name().to_owned());
    if rule.category == Category::Correctness {
        tags.push("reliability".to_owned());
    }
    // The lists that others filter by come before the names that other linters have for it.
    let (aliases, lists): (Vec<_>, Vec<_>) = rule.references.iter().partition(|r| r.is_alias());
    for reference in lists.into_iter().chain(aliases) {
        match reference {
            Reference::Url(_) => {}
            Reference::Cis(cis) => {
                tags.push(format!("cis-docker-{}-{}", Benchmark::NEWEST.name(), cis.number()))
            }
            // As CodeQL writes them, which is what GitHub's filter for weaknesses knows.
            Reference::Cwe(number) => tags.push(format!("external/cwe/cwe-{number:03}")),
            Reference::Owasp(id) => tags.push(format!("owasp-docker-{}", id.trim_start_matches('#'))),
            Reference::Nist(id) => tags.push(format!("nist-800-190-{id}")),
            // Queries of KICS have sentences for names.
            alias if alias.id().contains(' ') => {}
            alias => tags.push(alias.id()),
        }
    }
    tags.truncate(TAGS);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::catalogue;

    #[test]
    fn every_rule_fits_what_github_takes() {
        let rules = catalogue().into_iter().map(|rule| (rule.name, (rule, rule.severity))).collect();
        for rule in descriptors(&rules) {
            for text in [&rule.short_description.text, &rule.full_description.text] {
                assert!(!text.is_empty() && text.chars().count() <= 1024, "{}", rule.id);
            }
            let properties = rule.properties;
            assert!(!properties.tags.is_empty() && properties.tags.len() <= 10, "{}", rule.id);
            assert!(properties.security_severity.is_some() != properties.problem_severity.is_some());
            assert!(rule.help.text.contains("Why") && rule.help.text.ends_with(&rule.help_uri));
        }
    }

    #[test]
    fn long_descriptions_are_cut_between_characters() {
        assert_eq!(cut(&"é".repeat(2000)).chars().count(), 1024);
        assert_eq!(cut(&"é".repeat(1024)), "é".repeat(1024));
    }
}
