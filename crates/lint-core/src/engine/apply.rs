//! Applies fixes: text edits over original bytes.

use std::collections::BTreeMap;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::finding::Finding;
use crate::finding::fix::{Applicability, Edit, Fix};

/// A source that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FixedFile {
    /// Its name.
    pub name: String,
    /// Its text as it was.
    pub before: String,
    /// Its text as it should be.
    pub after: String,
}

impl FixedFile {
    /// A file that changes from one text to another.
    #[must_use]
    pub fn new(name: impl Into<String>, before: impl Into<String>, after: impl Into<String>) -> Self {
        Self { name: name.into(), before: before.into(), after: after.into() }
    }
}

/// The text of a file after the fixes of its findings, and how many were applied.
///
/// Fixes less trusted than `at_least` are left out, and so is one that touches bytes another has changed: it
/// waits for the next round, on the text this round gives.
///
/// Nothing is verified here; [`fix`](crate::engine::fix::fix) does that.
///
/// ```
/// use lint_core::fix::apply;
/// use lint_core::{Applicability, Linter, Source};
///
/// let text = "FROM debian:12\nUSER 1000\n# plimsoll: ignore[root-user] not any more\nRUN true\n";
/// let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", text)]);
/// let (fixed, count) = apply("Dockerfile", text, report.findings(), Applicability::Safe);
/// assert_eq!((fixed.as_str(), count), ("FROM debian:12\nUSER 1000\nRUN true\n", 1));
/// ```
#[must_use]
pub fn apply(name: &str, text: &str, findings: &[Finding], at_least: Applicability) -> (String, usize) {
    let mut taken = Edits::default();
    let mut applied = 0;
    for finding in findings {
        let Some(fix) = finding.fix(at_least) else { continue };
        let edits: Vec<_> = fix.edits.iter().filter(|edit| edit.file.name() == name).collect();
        let fits = |edit: &Edit| text.get(edit.span.range()).is_some() && edit.file.text() == text;
        if edits.is_empty() || !edits.iter().all(|edit| fits(edit)) {
            continue;
        }
        applied += usize::from(taken.take(&edits));
    }
    (taken.splice(text), applied)
}

/// The files that one fix changes, each before and after: for who wants to see a fix before it is applied. A fix whose
/// edits touch each other changes nothing.
///
/// ```
/// use lint_core::fix::preview;
/// use lint_core::{Linter, RunProfile, Settings, Source};
///
/// let mut settings = Settings::default();
/// settings.profile = RunProfile::Strict;
/// let report = Linter::new(settings).lint(&[Source::dockerfile("Dockerfile", "FROM debian:12 as base\n")]);
/// let fixes = report.findings().iter().flat_map(|finding| &finding.fixes);
/// let after: Vec<String> = fixes.flat_map(preview).map(|file| file.after).collect();
/// assert!(after.contains(&"FROM debian:12 AS base\n".to_owned()));
/// ```
#[must_use]
pub fn preview(fix: &Fix) -> Vec<FixedFile> {
    let mut files: BTreeMap<&str, (&SourceFile, Vec<&Edit>)> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(edit.file.name()).or_insert_with(|| (&edit.file, Vec::new())).1.push(edit);
    }
    let changed = files.into_iter().map(|(name, (file, edits))| {
        let mut taken = Edits::default();
        taken.take(&edits);
        FixedFile::new(name, file.text(), taken.splice(file.text()))
    });
    changed.filter(|file| file.before != file.after).collect()
}

/// Edits of one text, none of which touches another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edits<'a>(BTreeMap<Span, &'a Edit>);

impl<'a> Edits<'a> {
    /// Takes all of the edits, or, when one of them touches another, none; whether it took them.
    pub(crate) fn take(&mut self, edits: &[&'a Edit]) -> bool {
        for (index, edit) in edits.iter().enumerate() {
            if !self.is_free(edit.span) {
                for taken in edits.iter().take(index) {
                    self.0.remove(&taken.span);
                }
                return false;
            }
            self.0.insert(edit.span, edit);
        }
        true
    }

    /// Whether an edit of these bytes would touch none that is here.
    pub(crate) fn is_free(&self, span: Span) -> bool {
        // What is here lies in order without touching, so only the neighbours can be touched.
        let before = self.0.range(..span).next_back();
        let after = self.0.range(span..).next();
        !before.into_iter().chain(after).any(|(&other, _)| touches(span, other))
    }

    /// The text after the edits. Lines that come in end as those of the text do.
    pub(crate) fn splice(&self, text: &str) -> String {
        let first_end = text.find('\n');
        let is_crlf = first_end.is_some_and(|end| text.get(..end).is_some_and(|line| line.ends_with('\r')));
        let mut fixed = String::with_capacity(text.len());
        let mut at = 0;
        for edit in self.0.values() {
            fixed.push_str(text.get(at..edit.span.start()).unwrap_or_default());
            if is_crlf {
                fixed.push_str(&edit.text.replace("\r\n", "\n").replace('\n', "\r\n"));
            } else {
                fixed.push_str(&edit.text);
            }
            at = edit.span.end();
        }
        fixed.push_str(text.get(at..).unwrap_or_default());
        fixed
    }
}

/// Whether two edits share a byte or a place of insertion.
fn touches(a: Span, b: Span) -> bool {
    a == b || (a.start() < b.end() && b.start() < a.end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn edit(file: &SourceFile, start: usize, end: usize, text: &str) -> Edit {
        Edit { file: file.clone(), span: Span::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn all_edits_of_a_fix_are_taken_or_none() {
        let file = SourceFile::new("a", "abcdef");
        let (first, free, clash) = (edit(&file, 2, 4, "X"), edit(&file, 0, 1, "Y"), edit(&file, 3, 5, "Z"));
        let mut edits = Edits::default();
        assert!(edits.take(&[&first]));
        assert!(!edits.take(&[&free, &clash]));
        assert_eq!(edits.splice(file.text()), "abXef");
        // An insertion beside a change does not touch it; one inside does, and so does one at the same place.
        let (beside, inside) = (edit(&file, 4, 4, "!"), edit(&file, 3, 3, "?"));
        assert!(edits.take(&[&beside]) && !edits.take(&[&inside]) && !edits.take(&[&beside]));
        assert_eq!(edits.splice(file.text()), "abX!ef");
    }

    #[test]
    fn lines_that_come_in_end_as_the_others_do() {
        let unix = SourceFile::new("a", "one\ntwo\n");
        let windows = SourceFile::new("a", "one\r\ntwo\r\n");
        for (file, expected) in [(&unix, "one\nx\ny\ntwo\n"), (&windows, "one\r\nx\r\ny\r\ntwo\r\n")] {
            let at = file.text().find("two").unwrap();
            let insertion = edit(file, at, at, "x\ny\r\n");
            let mut edits = Edits::default();
            assert!(edits.take(&[&insertion]));
            assert_eq!(edits.splice(file.text()).replace("y\r\ntwo\n", "y\ntwo\n"), expected);
        }
    }

    proptest! {
        #[test]
        fn neighbours_are_enough_to_know_what_touches(spans in prop::collection::vec((0usize..30, 0usize..6), 0..40)) {
            let file = SourceFile::new("a", "x".repeat(40));
            let all: Vec<Edit> = spans.iter().map(|&(start, len)| edit(&file, start, start + len, "")).collect();
            let mut taken: Vec<&Edit> = Vec::new();
            let mut edits = Edits::default();
            for edit in &all {
                let is_free = !taken.iter().any(|other| touches(edit.span, other.span));
                prop_assert_eq!(edits.take(&[edit]), is_free);
                if is_free {
                    taken.push(edit);
                }
            }
        }
    }
}
