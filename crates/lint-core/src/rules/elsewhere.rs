//! What other linters look for, and what answers it here: a rule, several, or the reason why none does.
//!
//! What is a rule's counterpart is written in that rule's metadata; the table has the names, and everything else.

use std::sync::OnceLock;

use crate::finding::meta::RuleMeta;
use crate::rules;

const DATA: &str = include_str!("../../data/other-linters.txt");

/// A check of another linter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Elsewhere {
    /// The linter: `hadolint`, `droast`.
    pub linter: &'static str,
    /// What it calls the check.
    pub name: &'static str,
    /// What answers it here.
    pub answer: Answer,
}

/// What answers a check of another linter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// These rules look for it.
    Rules(Vec<&'static RuleMeta>),
    /// Nothing does.
    LeftOut(LeftOut),
}

/// A check that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct LeftOut {
    /// What is checked.
    pub check: &'static str,
    /// Why it is not checked here.
    pub why: &'static str,
    /// Who else has it, of linters whose names are not in the table; empty for nobody.
    pub others: &'static str,
}

/// Every check of hadolint, BuildKit, tally, dclint, compose-lint, droast, Trivy and Checkov that is known here.
///
/// ```
/// use lint_core::rules::{Answer, elsewhere};
///
/// let check = elsewhere().iter().find(|check| check.name == "DL3002").unwrap();
/// assert!(matches!(&check.answer, Answer::Rules(rules) if rules[0].name == "root-user"));
/// ```
#[must_use]
pub fn elsewhere() -> &'static [Elsewhere] {
    static TABLE: OnceLock<Vec<Elsewhere>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let reasons = reasons();
        DATA.lines().filter_map(|line| read(line, &reasons)).collect()
    })
}

/// What answers a check of another linter by its name; `None` when the name is not known.
///
/// ```
/// use lint_core::rules::{Answer, answer};
///
/// assert!(matches!(answer("dl3049"), Some(Answer::LeftOut(_))));
/// assert_eq!(answer("DL9999"), None);
/// ```
#[must_use]
pub fn answer(name: &str) -> Option<&'static Answer> {
    elsewhere().iter().find(|check| check.name.eq_ignore_ascii_case(name)).map(|check| &check.answer)
}

/// What is left out, in the order of the table.
#[must_use]
pub fn left_out() -> Vec<LeftOut> {
    reasons().into_iter().map(|(_, reason)| reason).collect()
}

/// The reasons by their keys, in the order of the table.
fn reasons() -> Vec<(&'static str, LeftOut)> {
    let mut reasons = Vec::new();
    let mut lines = DATA.lines();
    while let Some(line) = lines.next() {
        if let Some(head) = line.strip_prefix("why ") {
            let (key, others) = head.split_once(' ').unwrap_or((head, ""));
            let mut next = || lines.next().unwrap_or_default().trim();
            let (check, why) = (next(), next());
            reasons.push((key, LeftOut { check, why, others }));
        }
    }
    reasons
}

fn read(line: &'static str, reasons: &[(&str, LeftOut)]) -> Option<Elsewhere> {
    if line.starts_with(['#', ' ']) || line.starts_with("why ") {
        return None;
    }
    let mut words = line.split_whitespace();
    let (linter, name) = (words.next()?, words.next()?);
    // A counterpart that a rule has been given since comes before what the table says.
    let mut found = rules::find(name);
    let mut reason = None;
    if found.is_empty() {
        for word in words {
            if let Some(other) = word.strip_prefix("as:").or_else(|| word.strip_prefix('=')) {
                found.extend(rules::find(other));
            } else {
                reason = reasons.iter().find(|(key, _)| *key == word).map(|(_, reason)| *reason);
            }
        }
    }
    let answer = match reason {
        Some(reason) => Answer::LeftOut(reason),
        None => Answer::Rules(found),
    };
    Some(Elsewhere { linter, name, answer })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_has_an_answer_and_every_reason_is_needed() {
        let mut needed = HashSet::new();
        let mut names = HashSet::new();
        for check in elsewhere() {
            assert!(names.insert((check.linter, check.name)), "{} stands twice in the table", check.name);
            match &check.answer {
                Answer::Rules(rules) => {
                    assert!(!rules.is_empty(), "nothing answers {} of {}", check.name, check.linter)
                }
                Answer::LeftOut(reason) => drop(needed.insert(*reason)),
            }
        }
        for line in DATA.lines().filter(|line| !line.starts_with(['#', ' ']) && !line.starts_with("why ")) {
            for word in line.split_whitespace().skip(2) {
                let other = word.strip_prefix("as:").or_else(|| word.strip_prefix('='));
                let known = other.map_or_else(
                    || reasons().iter().any(|(key, _)| *key == word),
                    |other| !rules::find(other).is_empty(),
                );
                assert!(known, "{line}: nothing is called {word}");
            }
        }
        let reasons: HashSet<_> = left_out().into_iter().collect();
        // Those of linters whose names are not in the table stand in the documentation alone.
        assert!(needed.is_subset(&reasons));
    }

    #[test]
    fn what_a_rule_refers_to_is_in_the_table() {
        let known: HashSet<&str> = elsewhere().iter().map(|check| check.name).collect();
        // The table is of checks of Dockerfiles and Compose files. Those of manifests stand in the rules alone.
        let is_of_manifests = |id: &str| ["KSV", "KCV", "CKV_K8S"].iter().any(|list| id.starts_with(list));
        for rule in rules::catalogue() {
            for reference in rule.references {
                if ["hadolint", "buildkit", "tally", "dclint", "compose-lint", "trivy", "checkov"]
                    .contains(&reference.kind())
                    && !is_of_manifests(&reference.id())
                {
                    assert!(
                        known.contains(&*reference.id()),
                        "{} is not in data/other-linters.txt",
                        reference.id()
                    );
                }
            }
        }
    }
}
