//! The project loader, and what writes files.

use std::collections::BTreeMap;

use lint_core::fix::{Fixed, fix};
use lint_core::project::{Project, canonical, group, refusals};
use lint_core::report::{concise, json, project as print};
use lint_core::suppressions::{self, Reason};
use lint_core::syntax::{compose, dockerfile};
use lint_core::{Applicability, Linter, Report, RunProfile, Settings, Source, SourceKind};

use super::files::{sources, split};

/// Longer texts only take longer.
pub(crate) const LENGTH: usize = 16 << 10;

pub(crate) fn linter() -> Linter {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Audit;
    Linter::new(settings)
}

/// What holds of every report.
pub(crate) fn sound(report: &Report) {
    assert_eq!(report.failures, [], "a rule panicked");
    for finding in report.findings() {
        let labels = finding.labels.iter().map(|label| &label.place);
        for place in labels.chain([&finding.place]).chain(&finding.scopes) {
            let text = place.file.text();
            assert!(text.get(place.span.range()).is_some(), "{finding:?} points outside of its file");
        }
        assert!(!finding.message().is_empty());
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            assert!(
                edit.file.text().get(edit.span.range()).is_some(),
                "{finding:?} edits outside of its file"
            );
        }
    }
    let _ = (json::write(report), concise::write(report));
}

/// Some files: linted, and made up to projects, whose canonical form is a project that has the same.
pub fn project(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let files = split(text);
    let sources = sources(&files);
    sound(&linter().lint_with(&sources, &files));
    let composes = sources.iter().filter(|source| source.kind == SourceKind::Compose);
    let names: Vec<String> = composes.map(|source| source.name.clone()).collect();
    for named in group(&names, &files) {
        sound(&refusals(&Project::load(&named, &files)));
        let settled = Project::load_settled(&named, &files);
        let refused = refusals(&settled);
        sound(&refused);
        let tree = canonical(&settled, "app");
        let (yaml, json) = (print::yaml(&tree, &|_| None), print::json(&tree));
        if refused.findings.is_empty() {
            for text in [&yaml, &json] {
                let errors = lint_core::syntax::yaml::parse(text).errors;
                assert_eq!(errors, [], "what is printed is no YAML:\n{text}");
            }
        }
    }
}

/// How many errors the parsers see in a text.
fn errors(source: &Source, text: &str) -> usize {
    match source.kind {
        SourceKind::Dockerfile => dockerfile::parse(text).errors.len(),
        SourceKind::Compose => compose::parse(text).errors.len(),
        _ => 0,
    }
}

/// How often each rule speaks of each file.
fn counts(report: &Report) -> BTreeMap<(String, &'static str), usize> {
    let mut counts = BTreeMap::new();
    for finding in report.findings() {
        *counts.entry((finding.file().name().to_owned(), finding.rule().name)).or_insert(0) += 1;
    }
    counts
}

fn written(mut files: BTreeMap<String, String>, fixed: &Fixed) -> BTreeMap<String, String> {
    for file in &fixed.files {
        assert_eq!(files.get(&file.name), Some(&file.before));
        files.insert(file.name.clone(), file.after.clone());
    }
    files
}

/// Some files, all of whose findings are fixed where they can be: what comes of it reads as well as before, no rule has
/// more to say of it, and fixing it again changes nothing.
pub fn fixer(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    is_fixed_well(&split(text));
}

pub(crate) fn is_fixed_well(files: &BTreeMap<String, String>) {
    let sources = sources(files);
    let linter = linter();
    let before = linter.lint_with(&sources, files);
    let fixed = fix(&linter, &sources, files, Applicability::Unsafe, &|_| true);
    sound(&fixed.report);
    let after = written(files.clone(), &fixed);
    for file in &fixed.files {
        let source =
            sources.iter().find(|source| source.name == file.name).expect("sources alone are changed");
        let (old, new) = (errors(source, &file.before), errors(source, &file.after));
        assert!(new <= old, "{} has {new} errors, not {old}:\n{}", file.name, file.after);
    }
    let report = linter.lint_with(&sources, &after);
    assert_eq!(counts(&report), counts(&fixed.report), "the report is not that of the files");
    let old = counts(&before);
    for (of, count) in counts(&report) {
        assert!(count <= old.get(&of).copied().unwrap_or(0), "{of:?} is found more often:\n{after:?}");
    }
    let again = fix(&linter, &sources, &after, Applicability::Unsafe, &|_| true);
    assert!(again.files.is_empty(), "fixed again:\n{:?}\n{:?}", again.applied, again.files);
}

/// Some files, all of whose findings are silenced: nothing is found that was not, and what could be silenced is.
pub fn suppressions(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    is_silenced_well(&split(text));
}

pub(crate) fn is_silenced_well(files: &BTreeMap<String, String>) {
    let sources = sources(files);
    let linter = linter();
    let reason = Reason::new("why").expect("it is one");
    let before = linter.lint_with(&sources, files).findings().len();
    let added = suppressions::add(&linter, &sources, files, &reason, &|_| true);
    sound(&added.report);
    assert!(added.report.findings().len() + added.silenced <= before + added.comments);
    assert_eq!(added.report.findings().len(), before - added.silenced);
    for file in &added.files {
        // Comments are lines of their own, so the old text is what remains without them.
        let kept: Vec<&str> = file.after.lines().filter(|line| !line.contains("plimsoll: ignore")).collect();
        let old: Vec<&str> = file.before.lines().filter(|line| !line.contains("plimsoll: ignore")).collect();
        assert_eq!(kept, old, "{}", file.name);
    }
}
