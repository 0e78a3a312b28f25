//! Suppression comments for what is found today, each looked at before it stays.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::{Span, Spanned};

use crate::engine::add_ignores::spots::{NoSpot, Spots};
use crate::engine::apply::Edits;
use crate::engine::apply::FixedFile;
use crate::engine::linter::Linter;
use crate::engine::overlay::Overlay;
use crate::engine::source::Source;
use crate::files::Files;
use crate::finding::finding::Finding;
use crate::finding::fingerprint::kind;
use crate::finding::fix::Edit;
use crate::finding::label::Place;
use crate::model::kit::ignore;
use crate::report::Report;
use crate::rule::check::Check;
use crate::rules;

pub(super) mod same;
mod spots;

/// How many times everything is linted to find the comments that do no good, as for fixes.
const TRIALS: usize = 100;

/// Why findings are accepted: what stands in a comment behind the names of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// A reason: one line, which may say with `until=2027-01-31` how long it holds; empty for none.
    ///
    /// # Errors
    /// When it would not fit a comment, or names a day that does not exist.
    ///
    /// ```
    /// use lint_core::suppressions::Reason;
    ///
    /// assert!(Reason::new("drops to uid 1000 by itself until=2027-01-31").is_ok());
    /// assert!(Reason::new("two\nlines").is_err());
    /// assert!(Reason::new("until=tomorrow").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // What ends a line differs between YAML and Dockerfiles, and none of it belongs into a comment.
        let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
        if text.contains(ends_line) {
            return Err("a reason is one line of text".to_owned());
        }
        let comment = format!(" plimsoll: ignore[x] {text}");
        let span = Span::new(0, comment.len());
        match ignore::parse(span, &Spanned::new(comment, span)) {
            Some(Err(malformed)) => Err(format!("{}: {}", malformed.message, malformed.help)),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

/// What came of adding comments.
#[derive(Debug)]
#[non_exhaustive]
pub struct Added {
    /// What is found in the texts with the comments.
    pub report: Report,
    /// The sources that changed, by name.
    pub files: Vec<FixedFile>,
    /// How many findings the comments silence.
    pub silenced: usize,
    /// How many comments there are.
    pub comments: usize,
    /// What no comment was written for.
    pub left: Vec<Left>,
}

/// A finding that no comment was written for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Left {
    /// The finding.
    pub finding: Finding,
    /// Why, as the end of a sentence.
    pub why: String,
}

/// Lints, and writes a comment for each finding that `wanted` admits, so that it is silenced. Nothing is written to disk.
///
/// A comment stands alone on the line above the instruction, the assignment, or the key or item in block style that holds
/// what the finding points at; where that is in no source, or in nothing that a line could be put above, it stands at
/// what else silences the finding, such as its service. Rules that are silenced at one place share a comment.
///
/// A comment stays when every text means the same as before, its findings are gone, and nothing else has come or gone.
///
/// ```
/// use lint_core::suppressions::{Reason, add};
/// use lint_core::{Linter, NoFiles, Source};
///
/// let sources = [Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")];
/// let wanted = |finding: &lint_core::Finding| finding.rule.name == "root-user";
/// let added = add(&Linter::default(), &sources, &NoFiles, &Reason::new("see #12").unwrap(), &wanted);
/// assert_eq!(added.files[0].after, "FROM debian:12\n# plimsoll: ignore[root-user] see #12\nUSER root\n");
/// assert!(added.left.is_empty());
/// ```
#[must_use]
pub fn add(
    linter: &Linter,
    sources: &[Source],
    files: &dyn Files,
    reason: &Reason,
    wanted: &dyn Fn(&Finding) -> bool,
) -> Added {
    let report = linter.lint_with(sources, files);
    let (findings, others): (Vec<&Finding>, Vec<&Finding>) = report.findings.iter().partition(|f| wanted(f));
    let mut spots = Spots::new(sources, files);
    let mut left = Vec::new();
    let mut comments: BTreeMap<(String, usize), Comment<'_>> = BTreeMap::new();
    for &finding in &findings {
        match spot(linter, &mut spots, finding) {
            Ok((file, spot)) => {
                let comment = comments.entry((file.name().to_owned(), spot.at)).or_insert_with(|| Comment {
                    file,
                    at: spot.at,
                    indent: spot.indent,
                    findings: Vec::new(),
                });
                comment.findings.push(finding);
            }
            Err(why) => left.push(Left { finding: finding.clone(), why }),
        }
    }
    let comments: Vec<Comment<'_>> = comments.into_values().collect();
    let mut bench = Bench { linter, sources, files, reason, findings: &findings, others: &others, trials: 0 };
    let (best, stays, dropped) = bench.settle(&comments);
    for comment in dropped {
        let why = "a comment above it would not silence it alone, or would change the file".to_owned();
        let findings =
            comment.findings.iter().map(|&finding| Left { finding: finding.clone(), why: why.clone() });
        left.extend(findings);
    }
    left.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    let silenced = report.findings.len();
    let (texts, after) = best.unwrap_or_else(|| (BTreeMap::new(), report.clone()));
    let files = texts.into_iter().filter_map(|(name, after)| {
        let before = spots.text(&name)?;
        Some(FixedFile::new(name, before, after))
    });
    Added {
        files: files.collect(),
        silenced: silenced.saturating_sub(after.findings.len()),
        report: after,
        comments: stays,
        left,
    }
}

/// A comment, and what it is to silence.
struct Comment<'f> {
    file: SourceFile,
    /// Where its line begins.
    at: usize,
    indent: String,
    findings: Vec<&'f Finding>,
}

impl Comment<'_> {
    fn line(&self, reason: &Reason) -> String {
        let names: BTreeSet<&str> = self.findings.iter().map(|finding| finding.rule.name).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let blank = if reason.0.is_empty() { "" } else { " " };
        format!("{}# plimsoll: ignore[{}]{blank}{}\n", self.indent, names.join(", "), reason.0)
    }
}

/// Where a comment for a finding can stand, or why nowhere.
fn spot(
    linter: &Linter,
    spots: &mut Spots<'_>,
    finding: &Finding,
) -> Result<(SourceFile, spots::Spot), String> {
    if !finding.rule.suppressible {
        return Err("the comments of a file that cannot be read are not trusted".to_owned());
    }
    let judges_comments = |check: &Check| matches!(check, Check::Ignore(_));
    let rule = rules::all().find(|rule| rule.meta.name == finding.rule.name);
    if rule.is_some_and(|rule| rule.checks.iter().any(judges_comments)) {
        return Err("what is wrong with a comment is not silenced by another".to_owned());
    }
    if !linter.settings_of(finding.file().name()).suppressions.allow_inline {
        return Err("the configuration lets no comment silence anything".to_owned());
    }
    let mut why = None;
    for Place { file, span } in std::iter::once(&finding.place).chain(&finding.scopes) {
        match spots.find(file, *span) {
            Ok(spot) => return Ok((file.clone(), spot)),
            Err(no_spot) => why = why.or(Some((file, no_spot))),
        }
    }
    let (file, why) = why.map_or((finding.file(), NoSpot::NotASource), |why| why);
    Err(match why {
        NoSpot::NotASource => format!("{} is not linted by itself", file.name()),
        NoSpot::NoComments => "JSON has no comments; `per-file-ignores` can silence it".to_owned(),
        NoSpot::Nothing => {
            "no line above it is a comment's place; `ignore-file` at the top covers the file".to_owned()
        }
    })
}

/// Texts with comments, and what is found in them.
type State = (BTreeMap<String, String>, Report);

struct Bench<'a> {
    linter: &'a Linter,
    sources: &'a [Source],
    files: &'a dyn Files,
    reason: &'a Reason,
    findings: &'a [&'a Finding],
    others: &'a [&'a Finding],
    trials: usize,
}

impl Bench<'_> {
    /// Adds the comments that do good. When all together do not, halves are tried, down to the one that does harm.
    fn settle<'c>(&mut self, all: &'c [Comment<'c>]) -> (Option<State>, usize, Vec<&'c Comment<'c>>) {
        let (mut stay, mut dropped): (Vec<&Comment<'_>>, Vec<&Comment<'_>>) = (Vec::new(), Vec::new());
        let mut best = None;
        let mut open: Vec<&[Comment<'_>]> = if all.is_empty() { Vec::new() } else { vec![all] };
        while let Some(part) = open.pop() {
            if self.trials >= TRIALS {
                dropped.extend(part);
                continue;
            }
            let tried: Vec<&Comment<'_>> = stay.iter().copied().chain(part).collect();
            match self.attempt(&tried) {
                Some(state) => (best, stay) = (Some(state), tried),
                None if part.len() <= 1 => dropped.extend(part),
                None => {
                    let (first, second) = part.split_at(part.len() / 2);
                    open.extend([second, first]);
                }
            }
        }
        // What did harm without the others may do good with them.
        let mut harmful = Vec::new();
        for comment in dropped {
            let tried: Vec<&Comment<'_>> = stay.iter().copied().chain([comment]).collect();
            match (self.trials < TRIALS).then(|| self.attempt(&tried)).flatten() {
                Some(state) => (best, stay) = (Some(state), tried),
                None => harmful.push(comment),
            }
        }
        (best, stay.len(), harmful)
    }

    /// The texts with these comments, when they do good.
    fn attempt(&mut self, comments: &[&Comment<'_>]) -> Option<State> {
        self.trials += 1;
        let edit = |comment: &&Comment<'_>| Edit {
            file: comment.file.clone(),
            span: Span::at(comment.at),
            text: comment.line(self.reason),
        };
        let edits: Vec<Edit> = comments.iter().map(edit).collect();
        let mut plan: BTreeMap<&str, (&SourceFile, Edits<'_>)> = BTreeMap::new();
        for edit in &edits {
            let (_, of_file) = plan.entry(edit.file.name()).or_insert_with(|| (&edit.file, Edits::default()));
            if !of_file.take(&[edit]) {
                return None;
            }
        }
        let mut texts = BTreeMap::new();
        for (name, (file, edits)) in plan {
            let source = self.sources.iter().find(|source| source.name == name)?;
            let text = edits.splice(file.text());
            if !same::means_the_same(source.kind, file.text(), &text) {
                return None;
            }
            texts.insert(name.to_owned(), text);
        }
        let with = |source: &Source| Source {
            text: texts.get(&source.name).or(source.text.as_ref()).cloned(),
            ..source.clone()
        };
        let sources: Vec<Source> = self.sources.iter().map(with).collect();
        let report = self.linter.lint_with(&sources, &Overlay { texts: &texts, below: self.files });
        self.does_good(&report, comments).then_some((texts, report))
    }

    /// Whether what the comments are to silence is gone, what nobody asked for is still there, and nothing has come.
    fn does_good(&self, after: &Report, comments: &[&Comment<'_>]) -> bool {
        let mut found = tally(after.findings.iter());
        let mut may_go = tally(self.findings.iter().copied());
        for &finding in comments.iter().flat_map(|comment| &comment.findings) {
            *may_go.entry(kind(finding)).or_default() -= 1;
        }
        for &other in self.others {
            match found.get_mut(&kind(other)) {
                Some(number) if *number > 0 => *number -= 1,
                _ => return false,
            }
        }
        found.iter().all(|(kind, number)| number <= may_go.get(kind).unwrap_or(&0))
    }
}

/// How many findings there are of each kind.
fn tally<'f>(findings: impl Iterator<Item = &'f Finding>) -> HashMap<[u8; 32], i64> {
    let mut tally = HashMap::new();
    findings.for_each(|finding| *tally.entry(kind(finding)).or_default() += 1);
    tally
}
