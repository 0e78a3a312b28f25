//! Containers of pipelines: the jobs and services of GitHub, GitLab, CircleCI, Bitbucket, Azure, Drone and Woodpecker.
//!
//! Only what concerns the container is read. They are ephemeral: they begin with a job and end with it.

mod hosted;
mod steps;

use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml;
use lint_parser::yaml::node::{Entry, Node, NodeKind};

use crate::files::{Files, file_name};
use crate::model::calls::mapped_without_expressions;
use crate::model::inputs::actions;
use crate::model::inputs::container::{container, name_of_image};
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::{Flag, Grammar};
use crate::model::inputs::tree;
use crate::model::inputs::volumes::volume;
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::project::Lowered;
use crate::model::project::input::{Input, InputKind};

/// How many jobs of a file are read, and how deep it is looked into.
const MOST_JOBS: usize = 2_000;
const DEEPEST: usize = 24;

/// Reads the containers of a pipeline.
pub(super) fn read(file: &SourceFile, files: &dyn Files) -> Vec<Lowered> {
    let stream = yaml::parse(file.text()).tree;
    let has_anchors = yaml::may_have_anchors(file.text());
    let mut reader = Reader { files, found: Vec::new(), named: Vec::new() };
    let name = file_name(file.name()).to_ascii_lowercase();
    let path = format!("/{}", file.name());
    for root in stream.documents.iter().filter_map(|document| document.root.as_ref()) {
        let spelled_out = has_anchors.then(|| yaml::unaliased(root));
        let root = spelled_out.as_ref().unwrap_or(root);
        if path.contains("/workflows/") {
            reader.github(root);
        } else if name.starts_with("action.") {
            reader.action(root);
        } else if name.contains("gitlab-ci") || path.contains("/.gitlab/") {
            reader.gitlab(root);
        } else if path.contains("/.circleci/") {
            reader.each(root, 0, &mut Reader::circle);
        } else if name.starts_with("bitbucket-pipelines") {
            reader.bitbucket(root, 0);
        } else if name.starts_with("azure-pipelines") {
            reader.azure(root);
        } else if name.contains("drone") || name.contains("woodpecker") || path.contains("/.woodpecker/") {
            reader.steps(root);
        }
    }
    reader.found
}

struct Reader<'f> {
    files: &'f dyn Files,
    found: Vec<Lowered>,
    /// Names that jobs give containers, which are no images.
    named: Vec<String>,
}

impl Reader<'_> {
    fn github(&mut self, root: &Node) {
        for job in entries(get(root, "jobs")) {
            let matrix = get(&job.value, "strategy").and_then(|strategy| get(strategy, "matrix"));
            if let Some(container) = entry(&job.value, "container") {
                self.described(container, key(job));
                self.of_matrix(container, matrix, key(job));
            }
            for service in entries(get(&job.value, "services")) {
                self.described(service, key(service));
                self.of_matrix(service, matrix, key(service));
            }
            for step in items(get(&job.value, "steps")) {
                self.step(step);
            }
        }
    }

    /// `container: ${{ matrix.image }}`: each image that the matrix has, where it is written.
    fn of_matrix(&mut self, described: &Entry, matrix: Option<&Node>, name: &str) {
        let image = scalar(&described.value).or_else(|| get(&described.value, "image").and_then(scalar));
        let (Some(image), Some(matrix)) = (image, matrix) else { return };
        let inner = image.text().trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
        let Some(path) = inner.and_then(|inner| inner.trim().strip_prefix("matrix.")) else { return };
        let mut path = path.split('.');
        let Some(axis) = path.next() else { return };
        let rest: Vec<&str> = path.collect();
        let listed = items(get(matrix, axis)).iter();
        let included = items(get(matrix, "include")).iter().filter_map(|one| get(one, axis));
        let values = listed
            .chain(included)
            .filter_map(|value| rest.iter().try_fold(value, |value, part| get(value, part)));
        for text in values.filter_map(scalar).filter(|text| !text.is_empty()) {
            let at = &described.key;
            self.add(Flags::default(), Some(text.clone()), at, name, InputKind::PlainJob);
        }
    }

    /// `uses: docker://alpine:3.22`, and the actions that build.
    fn step(&mut self, step: &Node) {
        let Some(uses) = entry(step, "uses") else { return };
        if let (Some(action), Some(with)) = (scalar(&uses.value), get(step, "with")) {
            let input = |name: &str| {
                let entry = entry(with, name)?;
                Some((entry.key.span, expanded(scalar(&entry.value)?)))
            };
            self.found.extend(actions::lowered(action, &input, self.files));
        }
        let Some(text) = scalar(&uses.value).filter(|text| text.text().starts_with("docker://")) else {
            return;
        };
        let image = text.slice("docker://".len()..text.text().len());
        let name = name_of_image(image.text());
        self.add(Flags::default(), Some(image), &uses.key, &name, InputKind::PlainJob);
    }

    /// `runs: {using: docker, image: docker://…}` of an action.
    fn action(&mut self, root: &Node) {
        let Some(runs) = get(root, "runs") else { return };
        if let Some(image) = entry(runs, "image")
            && let Some(text) = scalar(&image.value).filter(|text| text.text().starts_with("docker://"))
        {
            let text = text.slice("docker://".len()..text.text().len());
            self.add(Flags::default(), Some(text), &image.key, "action", InputKind::PlainJob);
        }
        items(get(runs, "steps")).iter().for_each(|step| self.step(step));
    }

    /// A container that is its image, or a mapping with `image`, `env`, `ports`, `volumes` and `options`.
    fn described(&mut self, described: &Entry, name: &str) {
        match scalar(&described.value) {
            Some(image) if self.named.iter().any(|named| named == image.text()) => {}
            Some(image) => {
                self.add(Flags::default(), Some(image.clone()), &described.key, name, InputKind::Job)
            }
            None => self.mapping(&described.value, &described.key, name),
        }
    }

    fn mapping(&mut self, node: &Node, at: &Node, name: &str) {
        let Some(image) = get(node, "image").and_then(scalar).filter(|image| !image.is_empty()) else {
            return;
        };
        let mut flags = Flags::default();
        if let Some(options) = get(node, "options").and_then(scalar) {
            flags.are_options = true;
            flags.read(Grammar::RUN, &words_of_runner(&expanded(options)));
        }
        for port in items(get(node, "ports")) {
            if let Some(text) = scalar(port) {
                flags.value(Flag::Item("ports"), port.span, &expanded(text));
            }
        }
        for mount in items(get(node, "volumes")) {
            if let Some(text) = scalar(mount) {
                flags.service.push("volumes", mount.span, volume(&expanded(text)));
            }
        }
        self.environment(&mut flags, get(node, "env"));
        self.add(flags, Some(image.clone()), at, name, InputKind::Job);
    }

    fn environment(&mut self, flags: &mut Flags, node: Option<&Node>) {
        for pair in entries(node) {
            // GitLab describes variables: `{value: …, description: …}`.
            let value = scalar(&pair.value).or_else(|| get(&pair.value, "value").and_then(scalar));
            if let (Some(name), Some(value)) = (scalar(&pair.key), value) {
                let mut both = MappedBuilder::default();
                both.push_mapped(name);
                both.push_replaced("=", Span::at(pair.key.span.end()));
                both.push_mapped(&expanded(value));
                let text = both.finish(pair.key.span.cover(pair.value.span));
                flags.value(Flag::Item("environment"), pair.key.span, &text);
            }
        }
    }

    fn azure(&mut self, root: &Node) {
        for container in items(get(root, "resources").and_then(|resources| get(resources, "containers"))) {
            let Some(name) = entry(container, "container") else { continue };
            let text = scalar(&name.value).map_or("", Mapped::text).to_owned();
            self.named.push(text.clone());
            self.mapping(container, &name.key, &text);
        }
        self.each(root, 0, &mut |reader: &mut Self, at: &Entry| {
            match key(at) {
                "container" => reader.described(at, "job"),
                // What stands beside a job, by the names of images or of containers above.
                "services" => entries(Some(&at.value)).iter().for_each(|one| reader.described(one, key(one))),
                _ => {}
            }
        });
    }

    /// Hands over every entry of a tree.
    fn each(&mut self, node: &Node, depth: usize, take: &mut dyn FnMut(&mut Self, &Entry)) {
        if depth > DEEPEST {
            return;
        }
        for child in entries(Some(node)) {
            take(self, child);
            self.each(&child.value, depth + 1, take);
        }
        for child in items(Some(node)) {
            self.each(child, depth + 1, take);
        }
    }

    fn add(&mut self, mut flags: Flags, image: Option<Mapped>, at: &Node, name: &str, kind: InputKind) {
        if self.found.len() >= MOST_JOBS {
            return;
        }
        if let Some(image) = image {
            flags.service.set("image", at.span, tree::text(&expanded(&image)));
        }
        let mut input = Input::of(kind);
        input.is_ephemeral = true;
        flags.name = Some(name.to_owned());
        self.found.extend(container(flags, input, at.span, ""));
    }
}

/// A text in which the expressions and the variables of pipelines are unknown.
fn expanded(text: &Mapped) -> Mapped {
    let text = mapped_without_expressions(text);
    let whole = text.text();
    if !whole.contains('$') {
        return text;
    }
    let mut out = MappedBuilder::default();
    let mut from = 0;
    while let Some(at) = whole[from..].find('$').map(|at| from + at) {
        out.push_slice(&text, from..at);
        let rest = &whole[at + 1..];
        let length = match rest.chars().next() {
            Some('{' | '(') => rest.find(['}', ')']).map_or(rest.len(), |end| end + 1),
            _ => rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()),
        };
        let end = at + 1 + length;
        out.push_replaced(&UNKNOWN.to_string(), text.span_of(at..end));
        from = end;
    }
    out.push_slice(&text, from..whole.len());
    out.finish(text.span())
}

/// The words of `options:` as the runner reads them: blanks part them, line ends do not, and only double quotes quote.
fn words_of_runner(text: &Mapped) -> Vec<Word> {
    let whole = text.text();
    let mut words = Vec::new();
    let mut open: Option<(usize, MappedBuilder)> = None;
    let mut is_quoted = false;
    let mut chars = whole.char_indices().peekable();
    let mut finish = |open: &mut Option<(usize, MappedBuilder)>, end: usize| {
        if let Some((start, builder)) = open.take() {
            let text = builder.finish(text.span_of(start..end));
            let is_open = !is_known(text.text()) && text.text().chars().all(|c| c == UNKNOWN);
            words.push(Word { text, is_open });
        }
    };
    while let Some((at, c)) = chars.next() {
        match c {
            ' ' | '\t' if !is_quoted => finish(&mut open, at),
            '"' => {
                is_quoted = !is_quoted;
                open.get_or_insert_with(|| (at, MappedBuilder::default()));
            }
            '\\' if chars.peek().is_some_and(|(_, next)| *next == '"') => {
                let builder = &mut open.get_or_insert_with(|| (at, MappedBuilder::default())).1;
                builder.push_slice(text, at + 1..at + 2);
                chars.next();
            }
            // A literal block ends in one, which is no part of the last word.
            '\n' if chars.peek().is_none() => {}
            _ => {
                let builder = &mut open.get_or_insert_with(|| (at, MappedBuilder::default())).1;
                builder.push_slice(text, at..at + c.len_utf8());
            }
        }
    }
    finish(&mut open, whole.len());
    words
}

fn entries(node: Option<&Node>) -> &[Entry] {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Mapping(entries)) => entries,
        _ => &[],
    }
}

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(NodeKind::Sequence(nodes)) => nodes,
        _ => &[],
    }
}

fn key(entry: &Entry) -> &str {
    scalar(&entry.key).map_or("", Mapped::text)
}

fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n Entry> {
    entries(Some(node)).iter().find(|entry| key(entry) == name)
}

fn get<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    entry(node, name).map(|entry| &entry.value)
}

fn scalar(node: &Node) -> Option<&Mapped> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runner_parts_words_at_blanks_and_knows_double_quotes_alone() {
        let words = |text: &str| -> Vec<String> {
            let words = words_of_runner(&Mapped::verbatim(text, 0));
            words.iter().map(|word| word.text.text().to_owned()).collect()
        };
        assert_eq!(words("--user root  --health-cmd \"a b\""), ["--user", "root", "--health-cmd", "a b"]);
        assert_eq!(words("--health-cmd 'x y'"), ["--health-cmd", "'x", "y'"]);
        assert_eq!(words("--a 10s\n--b 5"), ["--a", "10s\n--b", "5"]);
        assert_eq!(words("--a \\\"b\\\"\n"), ["--a", "\"b\""]);
    }
}
