//! Which comment silences what.

use std::collections::HashMap;

use lint_parser::dockerfile::ast::{Dockerfile, InstructionKind};
use lint_parser::dockerfile::check;
use lint_parser::systemd::Unit;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind, Stream};

use crate::engine::silencing::Indexed;
use crate::finding::finding::Finding;
use crate::finding::label::Place;
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

/// The suppression comments of all files of a run, by file name.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    files: HashMap<String, Indexed>,
}

impl Suppressions {
    /// Adds a file's comments; a file that several projects share is added once.
    pub(crate) fn insert(&mut self, file: &SourceFile, ignores: impl FnOnce() -> Ignores) {
        if !self.files.contains_key(file.name()) {
            self.files.insert(file.name().to_owned(), Indexed::new(ignores()));
        }
    }

    /// Whether a comment silences the finding; marks every one that does.
    pub(crate) fn silences(&mut self, finding: &Finding, settings: &Settings) -> bool {
        let mut silenced = false;
        if !settings.suppressions.allow_inline {
            return false;
        }
        for Place { file, span } in std::iter::once(&finding.place).chain(&finding.scopes) {
            if let Some(ignores) = self.files.get_mut(file.name()) {
                silenced |= ignores.silence(finding.rule, *span, settings);
            }
        }
        silenced
    }

    /// What the first comment that silences the finding gives as its reason: of ours, else of another tool's.
    pub(crate) fn reason(&mut self, finding: &Finding, settings: &Settings) -> Option<String> {
        let mut foreign = None;
        for Place { file, span } in std::iter::once(&finding.place).chain(&finding.scopes) {
            let Some(ignores) = self.files.get_mut(file.name()) else { continue };
            let [ours, other] = ignores.reasons(finding.rule, *span, settings);
            if let Some(reason) = ours {
                return Some(reason.to_owned());
            }
            foreign = foreign.or(other.map(str::to_owned));
        }
        foreign
    }

    /// A file's comments.
    #[must_use]
    pub(crate) fn of(&self, file: &str) -> Option<&Ignores> {
        self.files.get(file).map(|indexed| &indexed.ignores)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::meta::{Category, RuleMeta};
    use crate::finding::reference::Reference;
    use crate::settings::Dialect;

    const REFERENCES: &[Reference] = &[
        Reference::Hadolint("DL3006"),
        Reference::BuildKit("UndefinedVar"),
        Reference::Dclint("no-version-field"),
    ];

    const fn rule(name: &'static str, category: Category, references: &'static [Reference]) -> RuleMeta {
        let stride = &[];
        RuleMeta { name, stride, references, ..RuleMeta::of(category) }
    }

    static PLAIN: RuleMeta = rule("plain", Category::Correctness, REFERENCES);
    static SECURITY: RuleMeta = rule("security", Category::SupplyChain, REFERENCES);
    static OURS: RuleMeta = rule("ours", Category::Correctness, &[]);

    /// Which of the three rules are silenced where `Z` stands in the text, as initials.
    fn silenced(text: &str, ignores: impl Fn(&str) -> Ignores, settings: &Settings) -> String {
        let at = text.find('Z').unwrap();
        let mut ignores = Indexed::new(ignores(text));
        [&PLAIN, &SECURITY, &OURS]
            .into_iter()
            .filter(|rule| ignores.silence(rule, Span::new(at, at + 1), settings))
            .map(|rule| &rule.name[..1])
            .collect()
    }

    fn dockerfile(text: &str) -> Ignores {
        Ignores::of_dockerfile(&lint_parser::dockerfile::parse(text).tree)
    }

    fn compose(text: &str) -> Ignores {
        Ignores::of_yaml(&SourceFile::new("compose.yaml", text), &lint_parser::yaml::parse(text).tree)
    }

    #[test]
    fn comments_of_other_linters_silence_what_they_know_in_dockerfiles() {
        let settings = Settings::default();
        for (text, expected) in [
            ("FROM a\n# hadolint ignore=DL3006 # why\nRUN Z\n", "ps"),
            ("FROM a\n# hadolint ignore=DL1\n# hadolint ignore=DL3006\nRUN Z\n", "ps"),
            ("FROM a\n# hadolint ignore=DL3006\n# another\n\n#\nRUN Z\n", "ps"),
            ("FROM a\nRUN x \\\n# hadolint ignore=DL3006\n Z\n", "ps"),
            ("FROM a\n# hadolint ignore=DL3006\nRUN x\nRUN Z\n", ""),
            ("FROM a\n# hadolint ignore=UndefinedVar,plain,ours,security\nRUN Z\n", ""),
            ("FROM a\nRUN Z\n# hadolint global ignore=DL3006\nRUN x\n", "ps"),
            ("# hadolint stage ignore=DL3006\nFROM a\nRUN Z\nFROM b\n", "ps"),
            ("ARG x\nFROM a\nRUN Z\n# hadolint stage ignore=DL3006\nRUN x\n", "ps"),
            ("FROM a\n# hadolint stage ignore=DL3006\nRUN x\nFROM b\nRUN Z\n", ""),
            ("FROM Z\n# hadolint stage ignore=DL3006\n", "ps"),
            ("FROM a\n# check=skip=UndefinedVar // why\nRUN Z\n", "ps"),
            ("FROM a\n# check=skip=Other\n#\n# check=skip=undefinedvar\n# more\nRUN Z\n", "ps"),
            ("FROM a\n# check=skip=all\nRUN Z\n", "p"),
            ("FROM a\n# check=error=true\nRUN Z\n", ""),
            ("# check=skip=UndefinedVar;error=true\nFROM a\nRUN Z\n", "ps"),
            ("# syntax=a\n# check=skip=all\nFROM a\nRUN Z\n", "p"),
            ("FROM a\nRUN <<E\n# hadolint ignore=DL3006\nZ\nE\n", ""),
        ] {
            assert_eq!(silenced(text, dockerfile, &settings), expected, "{text}");
        }
    }

    #[test]
    fn comments_of_other_linters_silence_what_they_know_in_compose_files() {
        let settings = Settings::default();
        for (text, expected) in [
            ("version: Z # dclint disable-line no-version-field\n", "ps"),
            ("# dclint disable-line no-version-field\nversion: Z\n", "ps"),
            ("# dclint disable-line a, no-version-field\n# more\n\nversion: Z\nb: c\n", "ps"),
            ("# dclint disable-line no-version-field\na: b\nversion: Z\n", ""),
            ("version: Z # dclint disable-line\n", "p"),
            ("# dclint disable\na: b\nversion: Z\n", "p"),
            ("# dclint disable-file\na: b\nversion: Z\n", "p"),
            ("# dclint disable no-version-field\na: b\nversion: Z\n", "ps"),
            ("# dclint disable DL3006 plain\nversion: Z\n", ""),
            ("a: |\n  # dclint disable\nversion: Z\n", ""),
            ("# hadolint ignore=DL3006\nversion: Z\n", ""),
        ] {
            assert_eq!(silenced(text, compose, &settings), expected, "{text}");
        }
    }

    #[test]
    fn settings_say_whose_comments_count_and_how_far() {
        let mut settings = Settings::default();
        let all = "version: Z # dclint disable-line\n";
        let named = "FROM a\n# hadolint ignore=DL3006\nRUN Z\n";
        settings.suppressions.foreign_all_covers_security = true;
        assert_eq!(silenced(all, compose, &settings), "ps");
        settings.suppressions.foreign = vec![Dialect::Hadolint];
        assert_eq!(silenced(all, compose, &settings), "");
        assert_eq!(silenced(named, dockerfile, &settings), "ps");
        settings.suppressions.foreign.clear();
        assert_eq!(silenced(named, dockerfile, &settings), "");
    }

    #[test]
    fn a_reason_is_wanted_only_where_the_settings_ask_for_it() {
        let mut settings = Settings::default();
        let bare = "a: Z # plimsoll: ignore[ours]\n";
        let explained = "a: Z # plimsoll: ignore[ours] until=2030-01-01 why\n";
        assert_eq!(silenced(bare, compose, &settings), "o");
        settings.suppressions.require_reason = true;
        assert_eq!(silenced(bare, compose, &settings), "");
        assert_eq!(silenced("a: Z # plimsoll: ignore[ours] until=2030-01-01\n", compose, &settings), "");
        assert_eq!(silenced(explained, compose, &settings), "o");
        settings.today = "2030-01-01".parse().ok();
        assert_eq!(silenced(explained, compose, &settings), "o");
        settings.today = "2030-01-02".parse().ok();
        assert_eq!(silenced(explained, compose, &settings), "");
    }
}
