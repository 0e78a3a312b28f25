//! What recognises a finding in a later run, however far its lines have moved.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use sha2::{Digest as _, Sha256};

use crate::finding::finding::Finding;

/// The name of this way to make fingerprints, for reports that let several live side by side. A change of what goes
/// into one is a new version: baselines and code scanning would take every finding for a new one.
pub const VERSION: &str = "plimsollFinding/v1";

/// How much of the text under a finding goes into its fingerprint, in bytes. Findings of many services may point at
/// one large anchor; hashing all of it for each would take quadratic time.
const EVIDENCE: usize = 4096;

/// A fingerprint for each finding, in their order: 64 hexadecimal digits, no two alike.
///
/// It is made of the file's name, the rule, the service and the stage, the text the finding points at with its
/// blanks evened out, and a number that tells findings alike in all of these apart. Lines are not in it, so code
/// may move; messages are not, so they may be reworded.
///
/// The numbers count the findings given: hand over all of a run, before any are left out.
#[must_use]
pub fn fingerprints<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Vec<String> {
    let mut seen: HashMap<[u8; 32], u64> = HashMap::new();
    findings
        .into_iter()
        .map(|finding| {
            let kind = kind(finding);
            let number = seen.entry(kind).or_default();
            *number += 1;
            of(kind, *number - 1)
        })
        .collect()
}

/// Counts the findings alike among those given: hand over all of a run, before any are left out. Few formats print
/// fingerprints, so this is all that is done for each finding until somebody asks.
pub fn number<'f>(findings: impl IntoIterator<Item = &'f mut Finding>) {
    // Two of different kinds that share a number of 64 bits would leave a gap in the counts, no more.
    let mut seen: HashMap<u64, u64> = HashMap::new();
    for finding in findings {
        let mut hash = DefaultHasher::new();
        (finding.file().name(), finding.rule.name, &finding.service, &finding.stage).hash(&mut hash);
        evidence(finding.file().slice(finding.span())).hash(&mut hash);
        let count = seen.entry(hash.finish()).or_default();
        finding.alike = *count;
        *count += 1;
    }
}

impl Finding {
    /// What recognises it in a later run; [`fingerprints`] says what goes in. Worked out when asked for.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        of(kind(self), self.alike)
    }
}

fn of(kind: [u8; 32], number: u64) -> String {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update(number.to_be_bytes());
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    text
}

/// What findings alike have in common: all that goes into a fingerprint but the number.
pub(crate) fn kind(finding: &Finding) -> [u8; 32] {
    let evidence = evidence(finding.file().slice(finding.span()));
    let mut hash = Sha256::new();
    for part in [
        Some(finding.file().name()),
        Some(finding.rule.name),
        finding.service.as_deref(),
        finding.stage.as_deref(),
        Some(&*evidence),
    ] {
        // Lengths keep the parts apart: without them service `ab` in no stage would be service `a` in stage `b`.
        match part {
            Some(part) => {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            None => hash.update(u64::MAX.to_be_bytes()),
        }
    }
    hash.finalize().into()
}

/// The text with every run of blanks as one: indentation and line ends come and go with formatting.
fn evidence(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() || byte == b' ';
    let is_even = |text: &str| text.bytes().all(is_plain) && !text.contains("  ") && text.trim() == text;
    // As what is on one line mostly is.
    if text.len() <= EVIDENCE && is_even(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(words(text).collect::<Vec<_>>().join(" "))
}

fn words(text: &str) -> std::str::SplitWhitespace<'_> {
    let end = (0..=EVIDENCE.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.get(..end).unwrap_or_default().split_whitespace()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use lint_parser::text::source::SourceFile;
    use lint_parser::text::span::Span;

    use super::*;
    use crate::finding::label::Place;
    use crate::finding::meta::{Category, RuleMeta};
    use crate::finding::severity::Severity;

    static RULE: RuleMeta = RuleMeta { name: "some-rule", ..RuleMeta::of(Category::Hygiene) };

    /// A finding at each place where `what` stands in a text.
    fn findings(name: &str, text: &str, what: &str) -> Vec<Finding> {
        let file = SourceFile::new(name, text);
        text.match_indices(what)
            .map(|(at, _)| Finding {
                rule: &RULE,
                severity: Severity::Low,
                place: Place::new(&file, Span::new(at, at + what.len())),
                message: format!("at byte {at}"),
                labels: Vec::new(),
                help: None,
                fixes: Vec::new(),
                absent: None,
                for_base: false,
                service: Some("web".to_owned()),
                stage: None,
                scopes: Vec::new(),
                breaks: None,
                supersedes: Vec::new(),
                is_refusal: false,
                remedy: None,
                since: None,
                alike: 0,
            })
            .collect()
    }

    #[test]
    fn findings_alike_are_numbered_and_keep_their_numbers_when_they_move() {
        let before = fingerprints(&findings("f", "x\nx\nx", "x"));
        assert_eq!(before.iter().collect::<HashSet<_>>().len(), 3);
        assert!(before.iter().all(|f| f.len() == 64 && f.bytes().all(|b| b.is_ascii_hexdigit())));
        assert_eq!(fingerprints(&findings("f", "\n\n  x\n# more\nx\n\nx", "x")), before);
        assert_ne!(fingerprints(&findings("g", "x", "x"))[0], before[0]);
        let mut asked = findings("f", "x\nx\nx", "x");
        number(&mut asked);
        assert_eq!(asked.iter().map(Finding::fingerprint).collect::<Vec<_>>(), before);
    }

    #[test]
    fn formatting_is_not_part_of_it_but_text_service_and_stage_are() {
        let one = |text: &str| fingerprints(&findings("f", text, text)).remove(0);
        assert_eq!(one("a  b"), one("a\r\n\tb"));
        assert_ne!(one("a b"), one("ab"));
        let with = |service: Option<&str>, stage: Option<&str>| {
            let mut findings = findings("f", "x", "x");
            findings[0].service = service.map(str::to_owned);
            findings[0].stage = stage.map(str::to_owned);
            fingerprints(&findings).remove(0)
        };
        let all = [with(None, None), with(Some("a"), None), with(None, Some("a")), with(Some(""), Some("a"))];
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn evidence_is_cut_between_characters() {
        let long = format!("{}é", "x".repeat(EVIDENCE - 1));
        assert_eq!(evidence(&long).len(), EVIDENCE - 1);
        assert_eq!(evidence(""), "");
    }

    /// Baselines outlive versions of the program: whoever changes this value changes [`VERSION`] too.
    #[test]
    fn the_value_is_the_one_released() {
        let found = fingerprints(&findings("compose.yaml", "privileged: true", "true"));
        assert_eq!(found, ["bab620dde4b485b6e6bcdd16ab70dc37047b1dc68b987a463f898fc1e3f72da5"]);
    }
}
