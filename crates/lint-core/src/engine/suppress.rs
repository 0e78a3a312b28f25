//! Which comment silences what.

use std::collections::HashMap;

use lint_parser::dockerfile::ast::Dockerfile;
use lint_parser::systemd::Unit;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind, Stream};

use crate::finding::finding::Finding;
use crate::finding::label::Place;
use crate::finding::meta::RuleMeta;
use crate::model::ignore::{self, IgnoreComment, MalformedIgnore};

/// The suppression comments of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ignores {
    /// Those that can be read.
    pub(crate) ignores: Vec<Ignore>,
    /// Those that cannot.
    pub(crate) malformed: Vec<MalformedIgnore>,
}

/// A suppression comment and what it covers.
#[derive(Clone, Debug)]
pub(crate) struct Ignore {
    /// The comment.
    pub(crate) comment: IgnoreComment,
    /// The bytes it covers; `None` is the whole file.
    pub(crate) covers: Option<Span>,
    /// Which of its names have silenced a finding.
    pub(crate) used: Vec<bool>,
}

impl Ignores {
    /// The comments of a Dockerfile. A comment above an instruction, or between the lines of a continued one,
    /// covers that instruction; other comments and blank lines may come between.
    #[must_use]
    pub(crate) fn of_dockerfile(tree: &Dockerfile) -> Self {
        let mut ignores = Ignores::default();
        let first = tree.instructions.first().map_or(usize::MAX, |i| i.span.start());
        for comment in &tree.comments {
            let covers = || tree.instructions.get(comment.instruction).map(|i| i.span);
            ignores.add(ignore::parse(comment.span, &comment.text), first, covers);
        }
        ignores
    }

    /// The comments of a YAML file. A comment after something on its line covers the outermost node that
    /// begins on that line; a comment alone covers the next node, with its children.
    #[must_use]
    pub(crate) fn of_yaml(file: &SourceFile, stream: &Stream) -> Self {
        let mut ignores = Ignores::default();
        // Most files have no comment of ours; the node list is not built for them.
        if file.text().contains("plimsoll") {
            let nodes = Nodes::of(stream);
            let first = nodes.starts.first().map_or(usize::MAX, |s| s.start());
            for comment in &stream.comments {
                let covers = || {
                    if comment.trailing {
                        nodes.beginning_on_line_of(file, comment.span)
                    } else {
                        nodes.after(comment.span)
                    }
                };
                ignores.add(ignore::parse(comment.span, &comment.text), first, covers);
            }
        }
        ignores
    }

    /// The comments of a systemd unit. A comment covers the next assignment, or the one it stands in.
    #[must_use]
    pub(crate) fn of_unit(unit: &Unit) -> Self {
        let mut ignores = Ignores::default();
        let first = unit.assignments.first().map_or(usize::MAX, |assignment| assignment.span.start());
        for comment in &unit.comments {
            let covers = || unit.assignments.get(comment.assignment).map(|assignment| assignment.span);
            ignores.add(ignore::parse(comment.span, &comment.text), first, covers);
        }
        ignores
    }

    /// Adds the comments of a Dockerfile that stands inside the file.
    pub(crate) fn extend(&mut self, other: Ignores) {
        self.ignores.extend(other.ignores);
        self.malformed.extend(other.malformed);
    }

    /// `first` is where the file's first instruction or node begins.
    fn add(
        &mut self,
        comment: Option<Result<IgnoreComment, MalformedIgnore>>,
        first: usize,
        covers: impl FnOnce() -> Option<Span>,
    ) {
        match comment {
            None => {}
            Some(Err(malformed)) => self.malformed.push(malformed),
            Some(Ok(comment)) if comment.whole_file && comment.span.start() > first => {
                self.malformed.push(MalformedIgnore {
                    span: comment.span,
                    message: "`ignore-file` stands below the beginning of the file, where it has no effect"
                        .to_owned(),
                    help: "move it above the first instruction or key, or write `ignore[...]`".to_owned(),
                });
            }
            Some(Ok(comment)) => {
                let covers = if comment.whole_file { None } else { Some(covers().unwrap_or_default()) };
                let used = vec![false; comment.names.len()];
                self.ignores.push(Ignore { comment, covers, used });
            }
        }
    }

    /// Marks and reports the ignore that silences `rule` at `span`, if any.
    fn silence(&mut self, rule: &RuleMeta, span: Span) -> bool {
        let mut silenced = false;
        for ignore in &mut self.ignores {
            if !ignore.covers.is_none_or(|covers| !covers.is_empty() && covers.encloses(span)) {
                continue;
            }
            for (name, used) in ignore.comment.names.iter().zip(&mut ignore.used) {
                if rule.answers_to(&name.value) {
                    *used = true;
                    silenced = true;
                }
            }
        }
        silenced
    }
}

/// The suppression comments of all files of a run, by file name.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    files: HashMap<String, Ignores>,
}

impl Suppressions {
    /// Adds a file's comments; a file that several projects share is added once.
    pub(crate) fn insert(&mut self, file: &SourceFile, ignores: impl FnOnce() -> Ignores) {
        if !self.files.contains_key(file.name()) {
            self.files.insert(file.name().to_owned(), ignores());
        }
    }

    /// Whether a comment silences the finding; marks every one that does.
    pub(crate) fn silences(&mut self, finding: &Finding) -> bool {
        let mut silenced = false;
        for Place { file, span } in std::iter::once(&finding.place).chain(&finding.scopes) {
            if let Some(ignores) = self.files.get_mut(file.name()) {
                silenced |= ignores.silence(finding.rule, *span);
            }
        }
        silenced
    }

    /// A file's comments.
    #[must_use]
    pub(crate) fn of(&self, file: &str) -> Option<&Ignores> {
        self.files.get(file)
    }
}

/// Where the entries and items of a YAML stream begin, in the order of the file; of two that begin at the same
/// byte the outer one comes first.
struct Nodes {
    starts: Vec<Span>,
}

impl Nodes {
    fn of(stream: &Stream) -> Self {
        let mut starts = Vec::new();
        for document in &stream.documents {
            if let Some(root) = &document.root {
                collect(root, &mut starts);
            }
        }
        starts.sort_by_key(|s| (s.start(), std::cmp::Reverse(s.end())));
        Self { starts }
    }

    fn after(&self, comment: Span) -> Option<Span> {
        let at = self.starts.partition_point(|s| s.start() < comment.end());
        self.starts.get(at).copied()
    }

    fn beginning_on_line_of(&self, file: &SourceFile, comment: Span) -> Option<Span> {
        let line = file.line_span(file.line(comment.start()));
        let at = self.starts.partition_point(|s| s.start() < line.start());
        let first = self.starts.get(at).filter(|s| s.start() < comment.start()).copied();
        // A comment on a line where nothing begins stands inside what began above.
        first.or_else(|| self.starts[..at].iter().rev().find(|s| s.end() >= line.start()).copied())
    }
}

/// Depth is bounded by the YAML parser.
fn collect(node: &Node, starts: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Scalar(_) | NodeKind::Alias(_) => {}
        NodeKind::Sequence(items) => {
            for item in items {
                starts.push(item.span);
                collect(item, starts);
            }
        }
        NodeKind::Mapping(entries) => {
            for entry in entries {
                starts.push(Entry::span(entry));
                collect(&entry.value, starts);
            }
        }
    }
}
