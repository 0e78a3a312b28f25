//! Containers of pipelines: the jobs and services of GitHub, GitLab, CircleCI, Bitbucket, Azure, Drone and Woodpecker.
//!
//! Only what concerns the container is read. They are ephemeral: they begin with a job and end with it.

use std::sync::Arc;

use lint_parser::compose::value::Value;
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
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::volumes::volume;
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::project::Lowered;
use crate::model::project::input::{Input, InputKind};

/// How many jobs of a file are read, and how deep it is looked into.
const MOST_JOBS: usize = 2_000;
const DEEPEST: usize = 24;

/// Keys at the root of `.gitlab-ci.yml` that are no jobs.
const NOT_JOBS: [&str; 7] = ["stages", "variables", "include", "workflow", "image", "services", "spec"];

/// Reads the containers of a pipeline.
pub(super) fn read(file: &SourceFile, files: &dyn Files) -> Vec<Lowered> {
    let stream = yaml::parse(file.text()).tree;
    let mut reader = Reader { files, found: Vec::new(), named: Vec::new() };
    let name = file_name(file.name()).to_ascii_lowercase();
    let path = format!("/{}", file.name());
    for root in stream.documents.iter().filter_map(|document| document.root.as_ref()) {
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
            if let Some(container) = entry(&job.value, "container") {
                self.described(container, key(job));
            }
            for service in entries(get(&job.value, "services")) {
                self.described(service, key(service));
            }
            for step in items(get(&job.value, "steps")) {
                self.step(step);
            }
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
            if let (Some(name), Some(value)) = (scalar(&pair.key), scalar(&pair.value)) {
                let mut both = MappedBuilder::default();
                both.push_mapped(name);
                both.push_replaced("=", Span::at(pair.key.span.end()));
                both.push_mapped(&expanded(value));
                let text = both.finish(pair.key.span.cover(pair.value.span));
                flags.value(Flag::Item("environment"), pair.key.span, &text);
            }
        }
    }

    fn gitlab(&mut self, root: &Node) {
        self.gitlab_job(root, "default");
        for job in entries(Some(root)).iter().filter(|job| !NOT_JOBS.contains(&key(job))) {
            if matches!(job.value.kind, NodeKind::Mapping(_)) {
                self.gitlab_job(&job.value, key(job));
            }
        }
    }

    fn gitlab_job(&mut self, job: &Node, name: &str) {
        if let Some(image) = entry(job, "image") {
            self.image_of(image, name);
        }
        for service in items(get(job, "services")) {
            let (image, alias) = match scalar(service) {
                Some(text) => (Some(text), None),
                None => (get(service, "name").and_then(scalar), get(service, "alias").and_then(scalar)),
            };
            let Some(image) = image else { continue };
            let name = alias.map_or_else(|| name_of_image(image.text()), |alias| alias.text().to_owned());
            let mut flags = Flags::default();
            self.environment(&mut flags, get(service, "variables"));
            self.add(flags, Some(image.clone()), service, &name, InputKind::PlainJob);
        }
    }

    /// `image: node:24`, `image: {name: node:24, docker: {user: root}}`
    fn image_of(&mut self, image: &Entry, name: &str) {
        let node = &image.value;
        let mut flags = Flags::default();
        let text = scalar(node).or_else(|| get(node, "name").and_then(scalar));
        let user =
            get(node, "docker").and_then(|docker| get(docker, "user")).or_else(|| get(node, "run-as-user"));
        if let Some(user) = user.and_then(scalar) {
            flags.value(Flag::Text("user"), user.span(), &expanded(user));
        }
        if let Some(text) = text {
            self.add(flags, Some(text.clone()), &image.key, name, InputKind::PlainJob);
        }
    }

    /// `docker: [{image: …, user: …}]` of a job or an executor.
    fn circle(&mut self, at: &Entry) {
        if key(at) != "docker" {
            return;
        }
        for container in items(Some(&at.value)) {
            let Some(image) = entry(container, "image") else { continue };
            let Some(text) = scalar(&image.value).filter(|text| !text.text().contains("<<")) else {
                continue;
            };
            let mut flags = Flags::default();
            if let Some(user) = get(container, "user").and_then(scalar) {
                flags.value(Flag::Text("user"), user.span(), &expanded(user));
            }
            self.environment(&mut flags, get(container, "environment"));
            let name = name_of_image(text.text());
            self.add(flags, Some(text.clone()), &image.key, &name, InputKind::PlainJob);
        }
    }

    fn bitbucket(&mut self, node: &Node, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for child in entries(Some(node)) {
            if key(child) == "image" {
                self.image_of(child, "pipeline");
            } else {
                self.bitbucket(&child.value, depth + 1);
            }
        }
        items(Some(node)).iter().for_each(|child| self.bitbucket(child, depth + 1));
    }

    fn azure(&mut self, root: &Node) {
        for container in items(get(root, "resources").and_then(|resources| get(resources, "containers"))) {
            let Some(name) = entry(container, "container") else { continue };
            let text = scalar(&name.value).map_or("", Mapped::text).to_owned();
            self.named.push(text.clone());
            self.mapping(container, &name.key, &text);
        }
        self.each(root, 0, &mut |reader: &mut Self, at: &Entry| {
            if key(at) == "container" {
                reader.described(at, "job");
            }
        });
    }

    /// The steps of Drone and Woodpecker, each a container.
    fn steps(&mut self, root: &Node) {
        for list in ["steps", "services", "pipeline"] {
            let Some(node) = get(root, list) else { continue };
            let named = entries(Some(node)).iter().map(|step| (key(step).to_owned(), &step.value));
            let listed = items(Some(node)).iter().map(|step| {
                let name = get(step, "name").and_then(scalar).map_or("step", Mapped::text);
                (name.to_owned(), step)
            });
            for (name, step) in named.chain(listed) {
                let Some(image) = entry(step, "image") else { continue };
                let Some(text) = scalar(&image.value) else { continue };
                let mut flags = Flags::default();
                if let Some(privileged) = entry(step, "privileged")
                    && scalar(&privileged.value).is_some_and(|text| text.text() == "true")
                {
                    let span = privileged.key.span.cover(privileged.value.span);
                    flags.service.set("privileged", privileged.key.span, tree::boolean(true, span));
                }
                for (written, attribute) in [("user", "user"), ("network_mode", "network_mode")] {
                    if let Some(text) = get(step, written).and_then(scalar) {
                        flags.value(Flag::Text(attribute), text.span(), &expanded(text));
                    }
                }
                for device in items(get(step, "devices")).iter().filter_map(scalar) {
                    flags.value(Flag::Item("devices"), device.span(), &expanded(device));
                }
                for mount in items(get(step, "volumes")) {
                    if let Some((at, mount)) = host_volume(root, mount) {
                        flags.service.push("volumes", at, mount);
                    }
                }
                for mount in items(get(step, "volumes")).iter().filter_map(scalar) {
                    flags.service.push("volumes", mount.span(), volume(&expanded(mount)));
                }
                self.environment(&mut flags, get(step, "environment"));
                self.add(flags, Some(text.clone()), &image.key, &name, InputKind::PlainJob);
            }
        }
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
        if !flags.service.has("container_name") {
            flags.service.set("container_name", at.span, tree::made(name, at.span));
        }
        self.found.extend(container(flags, input, at.span, ""));
    }
}

/// A directory of the host that a step of Drone's mounts by the name of a volume.
fn host_volume(root: &Node, mount: &Node) -> Option<(Span, Arc<Value>)> {
    let (name, target) = (get(mount, "name").and_then(scalar)?, get(mount, "path").and_then(scalar)?);
    let is_it = |volume: &&Node| {
        get(volume, "name").and_then(scalar).is_some_and(|other| other.text() == name.text())
    };
    let volume = items(get(root, "volumes")).iter().find(is_it)?;
    let source = get(get(volume, "host")?, "path").and_then(scalar)?;
    let mut made = Map::default();
    made.set("type", name.span(), tree::made("bind", name.span()));
    made.set("source", name.span(), tree::made(source.text(), name.span()));
    made.set("target", target.span(), tree::text(target));
    Some((mount.span, made.finish(mount.span)))
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
