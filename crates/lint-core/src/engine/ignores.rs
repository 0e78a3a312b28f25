//! The suppression comments of a file, and what each covers.

use lint_parser::dockerfile::ast::{Dockerfile, InstructionKind};
use lint_parser::dockerfile::check;
use lint_parser::systemd::Unit;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::{Span, Spanned};
use lint_parser::yaml::node::{Entry, Node, NodeKind, Stream};

use crate::model::inputs::{Comment, Read};
use crate::model::kit::ignore::foreign::{self, ForeignComment, Reach};
use crate::model::kit::ignore::{self, IgnoreComment, MalformedIgnore};
use crate::settings::Settings;

/// The suppression comments of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ignores {
    /// Those that can be read.
    pub(crate) ignores: Vec<Ignore>,
    /// Those that cannot.
    pub(crate) malformed: Vec<MalformedIgnore>,
    /// Those of other tools, and the bytes they cover; `None` is the whole file.
    pub(super) foreign: Vec<(ForeignComment, Option<Span>)>,
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
    /// covers that instruction; other comments and blank lines may come between, and several add up.
    #[must_use]
    pub(crate) fn of_dockerfile(tree: &Dockerfile) -> Self {
        let mut ignores = Ignores::default();
        let first = tree.instructions.first().map_or(usize::MAX, |i| i.span.start());
        let stages = Stages::of(tree);
        for comment in &tree.comments {
            let covers = || tree.instructions.get(comment.instruction).map(|i| i.span);
            ignores.add(ignore::parse(comment.span, &comment.text), first, covers);
            if let Some(foreign) = foreign::in_dockerfile(comment) {
                let covers = match foreign.reach {
                    Reach::Next => Some(covers().unwrap_or_default()),
                    Reach::Stage => stages.containing(comment.instruction).or(Some(Span::default())),
                    Reach::File => None,
                };
                ignores.foreign.push((foreign, covers));
            }
        }
        for directive in tree.directives.iter().filter(|directive| directive.name.value == "check") {
            if let Ok(check::CheckOptions { skip: Some(skip), reason, .. }) = check::parse(&directive.value) {
                ignores.foreign.push((foreign::build_kit(skip, reason, Reach::File), None));
            }
        }
        ignores
    }

    /// The comments of a YAML file. A comment after something on its line covers the outermost node that
    /// begins on that line; a comment alone covers the next node, with its children.
    #[must_use]
    pub(crate) fn of_yaml(file: &SourceFile, stream: &Stream) -> Self {
        let mut ignores = Ignores::default();
        // Most files have no such comment; the node list is not built for them.
        if file.text().contains("plimsoll") || file.text().contains("dclint") {
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
                if let Some(foreign) = foreign::dclint(&comment.text.value) {
                    let covers = match foreign.reach {
                        Reach::Next | Reach::Stage => Some(covers().unwrap_or_default()),
                        Reach::File => None,
                    };
                    ignores.foreign.push((foreign, covers));
                }
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

    /// The comments of a file that was read for its containers.
    #[must_use]
    pub(crate) fn of_input(file: &SourceFile, read: &Read) -> Self {
        let mut ignores = Ignores::default();
        let text = file.text();
        let code = |span: &Comment| !text[..span.span.start()].trim().is_empty();
        for comment in &read.comments {
            let first = if code(comment) && !is_heading(text, comment.span.start()) { 0 } else { usize::MAX };
            ignores.add(ignore::parse(comment.span, &comment.text), first, || comment.covers);
        }
        ignores
    }

    /// Adds the comments of the YAML that a file is. What they cover is a node, and not the next line.
    pub(crate) fn add_of_yaml(&mut self, file: &SourceFile, stream: &Stream) {
        let is_yaml = |span: Span| stream.comments.iter().any(|comment| comment.span.encloses(span));
        self.ignores.retain(|ignore| !is_yaml(ignore.comment.span));
        self.malformed.retain(|malformed| !is_yaml(malformed.span));
        self.extend(Self::of_yaml(file, stream));
    }

    /// Whether there are none.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.ignores.is_empty() && self.malformed.is_empty() && self.foreign.is_empty()
    }

    /// Adds the comments of a Dockerfile that stands inside the file.
    pub(crate) fn extend(&mut self, other: Ignores) {
        self.ignores.extend(other.ignores);
        self.malformed.extend(other.malformed);
        self.foreign.extend(other.foreign);
    }

    /// Adds what is written in another way than a comment.
    pub(crate) fn add_written(&mut self, whole: Span, text: &Spanned<String>, covers: Span) {
        self.add(ignore::parse(whole, text), usize::MAX, || Some(covers));
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
}

impl Ignore {
    /// Whether it silences anything: its day has not passed, and it says why where it must.
    pub(crate) fn holds(&self, settings: &Settings) -> bool {
        !self.comment.has_expired(settings.today) && !self.lacks_reason(settings)
    }

    /// Whether it does not say why although it must.
    pub(crate) fn lacks_reason(&self, settings: &Settings) -> bool {
        settings.suppressions.require_reason && self.comment.reason.is_none()
    }
}

/// Whether nothing but blanks and comments stands before a place, as far as can be told without knowing the language.
fn is_heading(text: &str, at: usize) -> bool {
    let lines = text.get(..at).unwrap_or_default().lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).all(|line| line.starts_with(['#', ';']) || line.starts_with("//"))
}

/// The bytes of each build stage; what stands before the first `FROM` belongs to it.
struct Stages(Vec<(usize, Span)>);

impl Stages {
    fn of(tree: &Dockerfile) -> Self {
        let mut stages: Vec<(usize, Span)> = Vec::new();
        let mut has_from = false;
        for (index, instruction) in tree.instructions.iter().enumerate() {
            let is_from = matches!(instruction.kind, InstructionKind::From(_));
            match stages.last_mut() {
                Some((_, span)) if !(is_from && has_from) => *span = span.cover(instruction.span),
                _ => stages.push((index, instruction.span)),
            }
            has_from |= is_from;
        }
        Self(stages)
    }

    fn containing(&self, instruction: usize) -> Option<Span> {
        let after = self.0.partition_point(|(first, _)| *first <= instruction);
        self.0.get(after.checked_sub(1)?).map(|(_, span)| *span)
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
