//! What there is to say of a place, and what refers to it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};

use lint_parser::text::span::Span;
use lint_parser::yaml;

use crate::engine::refusals::refusals;
use crate::files::{directory, file_name, join};
use crate::finding::finding::Finding;
use crate::finding::label::Place;
use crate::finding::meta::RuleMeta;
use crate::kinds::SourceKind;
use crate::model::project::Project;
use crate::model::project::canonical::canonical;
use crate::model::project::names::normalised_name;
use crate::report::concise;
use crate::report::project::yaml;
use crate::rules;
use crate::session::Session;
use crate::session::facts::{Fact, Facts, of_stream, touches};

/// How many files are searched for what refers to a place.
const MOST_FILES: usize = 64;

impl Session {
    /// What there is to say of a file besides findings. It is made when somebody first asks, and again when something has
    /// changed.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::session::Session;
    /// use lint_core::{Linter, Source};
    ///
    /// let mut session = Session::new(Linter::default(), Box::new(BTreeMap::new()));
    /// session.set_sources([Source::dockerfile("Dockerfile", "FROM postgres:16\nUSER 1000\n")]);
    /// session.judge(&|| false);
    /// let facts = session.facts("Dockerfile");
    /// assert_eq!(facts.subjects[0].runs_as, "runs as 1000");
    /// assert!(facts.at(7).any(|fact| fact.text.contains("postgres:16")));
    /// ```
    #[must_use]
    pub fn facts(&self, file: &str) -> Arc<Facts> {
        if let Some(known) = self.facts.lock().unwrap_or_else(PoisonError::into_inner).get(file) {
            return Arc::clone(known);
        }
        let kind = self.sources.iter().find(|source| source.name == file).map(|source| source.kind);
        let mut facts = Facts::default();
        self.units.look_at(self.bench(), file, kind, &mut facts);
        if kind == Some(SourceKind::Compose)
            && let Some(text) = self.text(file)
        {
            of_stream(&text, &yaml::parse(text.text()).tree, &mut facts);
        }
        for name in self
            .units
            .ignores(file)
            .flat_map(|ignores| &ignores.ignores)
            .flat_map(|ignore| &ignore.comment.names)
        {
            let rules = rules::find(&name.value);
            facts.facts.extend(rules.first().map(|rule| Fact {
                span: name.span,
                text: page(rule),
                origin: None,
            }));
        }
        facts.settle();
        let facts = Arc::new(facts);
        let mut known = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(file.to_owned(), Arc::clone(&facts));
        facts
    }

    /// What there is to say of an offset of a file in Markdown, part by part, and the narrowest place that it is about: what is
    /// known there, and those of some findings that are there.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::session::Session;
    /// use lint_core::{Linter, Source};
    ///
    /// let mut session = Session::new(Linter::default(), Box::new(BTreeMap::new()));
    /// session.set_sources([Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
    /// session.judge(&|| false);
    /// let (_, parts) = session.hover("Dockerfile", 20, &session.findings("Dockerfile")).unwrap();
    /// assert!(parts.iter().any(|part| part.starts_with("**root-user**")));
    /// ```
    #[must_use]
    pub fn hover(&self, file: &str, offset: usize, findings: &[Finding]) -> Option<(Span, Vec<String>)> {
        let source = self.text(file)?;
        let mut parts: Vec<(Span, String)> = Vec::new();
        let facts = self.facts(file);
        let known = facts.at(offset).filter(|fact| !fact.text.is_empty());
        parts.extend(known.map(|fact| (fact.span, fact.text.clone())));
        let here = findings.iter().filter(|finding| touches(finding.span(), offset));
        parts.extend(here.map(|finding| (finding.span(), in_words(finding))));
        // Where nothing else is known, the name of a rule in a comment or a configuration file is explained.
        if parts.is_empty() {
            let word = word_at(source.text(), offset);
            let rules = rules::find(source.slice(word));
            let line = source.slice(source.line_span(source.line(offset)));
            let rule = rules.first().filter(|_| line.contains('#'));
            parts.extend(rule.map(|rule| (word, page(rule))));
        }
        let span = parts.iter().map(|(span, _)| *span).min_by_key(|span| span.end() - span.start())?;
        Some((span, parts.into_iter().map(|(_, text)| text).collect()))
    }

    /// The first project that has read a file, as `docker compose config` would print it. `root` is the directory that names
    /// start from: without a name of its own, a project has that of its directory.
    #[must_use]
    pub fn effective(&self, file: &str, root: &str) -> Option<Effective> {
        let mut files = self.projects(file).into_iter().next()?;
        let first = join(root, files.files.first().map_or("", String::as_str));
        files.directory_name = Some(file_name(directory(&first)).to_owned());
        let project = Project::load_settled(&files, self.files());
        let refused = refusals(&project);
        if !refused.findings.is_empty() {
            return Some(Effective { text: concise::write(&refused), is_refused: true });
        }
        let name = normalised_name(files.directory_name.as_deref().unwrap_or_default());
        let tree = canonical(&project, &name);
        let remark = |origin| {
            let place = project.place(origin);
            let is_first = project.files().first().is_some_and(|first| first == place.file.name());
            (!is_first).then(|| format!("{}:{}", place.file.name(), place.file.line(place.span.start())))
        };
        Some(Effective { text: yaml(&tree, &remark), is_refused: false })
    }

    /// Where the thing is written that an offset of a file refers to.
    #[must_use]
    pub fn definitions(&self, file: &str, offset: usize) -> Vec<Place> {
        let mut places: Vec<Place> =
            self.facts(file).links_at(offset).map(|link| link.target.clone()).collect();
        places.dedup();
        places
    }

    /// Where something refers to the thing that an offset of a file is about: it may refer to it itself, or be it.
    #[must_use]
    pub fn references(&self, file: &str, offset: usize) -> Vec<Place> {
        let targets = self.definitions(file, offset);
        let is_meant = |place: &Place| {
            let is_here = place.file.name() == file && touches(place.span, offset);
            if targets.is_empty() { is_here } else { targets.contains(place) }
        };
        let mut found: Vec<Place> = Vec::new();
        let related = self.units.related(file, &self.sources);
        let names: BTreeSet<&str> = related.iter().map(|source| source.name.as_str()).chain([file]).collect();
        for name in names.into_iter().take(MOST_FILES) {
            let Some(text) = self.text(name) else { continue };
            let facts = self.facts(name);
            let links = facts.links.iter().filter(|link| is_meant(&link.target));
            found.extend(links.map(|link| Place::new(&text, link.span)));
        }
        found.sort_by(|a, b| (a.file.name(), a.span).cmp(&(b.file.name(), b.span)));
        found.dedup();
        found
    }
}

/// A project as `docker compose` would run it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effective {
    /// YAML, with the place of every value that is not from the first file; or what Compose refuses, a line for each.
    pub text: String,
    /// Whether it is refused.
    pub is_refused: bool,
}

/// A rule, as a page of Markdown.
#[must_use]
pub fn page(rule: &RuleMeta) -> String {
    format!(
        "**{}** ({}, {})\n\n{}\n\n[More]({})",
        rule.name,
        rule.severity,
        rule.category.name(),
        rule.docs.trim(),
        rule.url()
    )
}

/// A finding, with why it matters.
fn in_words(finding: &Finding) -> String {
    let rule = finding.rule();
    let mut text = format!("**{}** ({}): {}", rule.name, finding.severity, finding.message());
    if let Some(help) = &finding.help {
        let _ = write!(text, "\n\n{help}");
    }
    let why = rule.docs.split_once("## Why\n");
    let why = why.map(|(_, rest)| rest.split("\n## ").next().unwrap_or_default().trim());
    if let Some(why) = why.filter(|why| !why.is_empty()) {
        let _ = write!(text, "\n\n{why}");
    }
    let _ = write!(text, "\n\n[{}]({})", rule.name, rule.url());
    text
}

/// The bytes of the word around an offset: letters, digits, `-` and `_`.
#[must_use]
pub fn word_at(text: &str, offset: usize) -> Span {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = text[..offset].char_indices().rev().take_while(|(_, c)| is_part(*c)).last();
    let after = text[offset..].char_indices().find(|(_, c)| !is_part(*c));
    Span::new(before.map_or(offset, |(at, _)| at), after.map_or(text.len(), |(at, _)| offset + at))
}
