//! YAML with commands in it: the workflows of GitHub, the pipelines of GitLab and others, Taskfiles, GoReleaser.
//!
//! They differ in where commands stand and agree in how they are called (`run`, `script`, `commands`), and in that
//! variables and directories hold for what stands beside and below them. So all are read in one way.

use std::collections::HashSet;

use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;
use lint_parser::yaml;
use lint_parser::yaml::node::{Entry, Node, NodeKind};

use crate::model::calls::BuildCall;
use crate::model::calls::docker::{argument, command, dockerfiles, named_context};
use crate::model::calls::frame::{Frame, is_name};
use crate::model::calls::shell::Reader;
use crate::model::kit::holes::{ROOTED, UNKNOWN};

/// How deep a file is read.
const DEEPEST: usize = 24;

/// Keys under which commands stand.
const COMMANDS: [&str; 20] = [
    "run",
    "script",
    "before_script",
    "after_script",
    "commands",
    "command",
    "cmds",
    "cmd",
    "steps",
    "before_install",
    "install",
    "after_success",
    "bash",
    "sh",
    "make",
    "build_script",
    "test_script",
    "before",
    "hooks",
    "after-script",
];

/// Keys under which variables stand.
const VARIABLES: [&str; 4] = ["env", "environment", "variables", "vars"];

/// Keys under which the directory stands that commands run in.
const DIRECTORIES: [&str; 4] = ["working-directory", "working_directory", "workingDirectory", "dir"];

/// Reads the commands of a file.
pub(super) fn read(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let stream = yaml::parse(text).tree;
    let has_anchors = yaml::may_have_anchors(text);
    for root in stream.documents.iter().filter_map(|document| document.root.as_ref()) {
        let mut frame = frame.clone();
        let spelled_out = has_anchors.then(|| yaml::unaliased(root));
        let before = reader.found.containers.len();
        node(spelled_out.as_ref().unwrap_or(root), "", &mut frame, reader, 0);
        // What an anchor names is read wherever it is meant, and is one command line.
        let mut seen = HashSet::new();
        let own = reader.found.containers.split_off(before);
        reader.found.containers.extend(own.into_iter().filter(|call| seen.insert(call.at)));
    }
}

fn node(at: &Node, key: &str, frame: &mut Frame, reader: &mut Reader<'_>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match &at.kind {
        NodeKind::Scalar(scalar) if COMMANDS.contains(&key) => {
            reader.script_apart(&mapped_without_expressions(&scalar.text), frame);
        }
        NodeKind::Sequence(nodes) => {
            // The commands of one list run one after the other in one shell.
            let commands: Option<Vec<&Mapped>> = nodes.iter().map(scalar).collect();
            match commands.filter(|_| COMMANDS.contains(&key)) {
                Some(commands) => {
                    let mut script = MappedBuilder::default();
                    for command in commands {
                        script.push_mapped(command);
                        script.push_replaced("\n", Span::at(command.span().end()));
                    }
                    let script = script.finish(at.span);
                    reader.script_apart(&mapped_without_expressions(&script), frame);
                }
                None => {
                    nodes.iter().for_each(|step| named(step, frame));
                    nodes.iter().for_each(|child| node(child, key, &mut frame.clone(), reader, depth + 1))
                }
            }
        }
        NodeKind::Mapping(entries) => mapping(entries, frame, reader, depth),
        NodeKind::Scalar(_) | NodeKind::Alias(_) => {}
    }
}

fn mapping(entries: &[Entry], frame: &mut Frame, reader: &mut Reader<'_>, depth: usize) {
    for entry in entries {
        let Some(key) = text(&entry.key) else { continue };
        if VARIABLES.contains(&key) {
            variables(&entry.value, frame);
        } else if DIRECTORIES.contains(&key)
            && let Some(directory) = text(&entry.value)
        {
            enter(&without_expressions(directory), frame);
        } else if key == "defaults"
            && let Some(directory) =
                get(&entry.value, "run").and_then(|run| get(run, "working-directory")).and_then(text)
        {
            enter(&without_expressions(directory), frame);
        }
    }
    action(entries, frame, reader);
    step_of_cloud_build(entries, frame, reader);
    if let Some(call) = released(entries, frame) {
        reader.found.builds.push(call);
    }
    for entry in entries {
        let Some(key) = text(&entry.key).filter(|key| !VARIABLES.contains(key)) else { continue };
        let mut inner = frame.clone();
        inner.name(key);
        if key == "tasks" {
            shorthands(&entry.value, &inner, reader);
        }
        node(&entry.value, key, &mut inner, reader, depth + 1);
    }
}

/// Tasks of a Taskfile that are their commands: `up: docker compose up`.
fn shorthands(tasks: &Node, frame: &Frame, reader: &mut Reader<'_>) {
    let NodeKind::Mapping(entries) = &tasks.kind else { return };
    for task in entries.iter().filter(|task| !matches!(task.value.kind, NodeKind::Mapping(_))) {
        let mut inner = frame.clone();
        inner.name(text(&task.key).unwrap_or_default());
        // Those that are called like a key of commands are read as that.
        if text(&task.key).is_some_and(|name| !COMMANDS.contains(&name)) {
            node(&task.value, "cmds", &mut inner, reader, DEEPEST);
        }
    }
}

fn enter(directory: &str, frame: &mut Frame) {
    let places = frame.paths(directory).into_iter();
    frame.places = places.map(|path| if path == "." { String::new() } else { path }).collect();
}

fn variables(node: &Node, frame: &mut Frame) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                let Some(name) = text(&entry.key).filter(|name| is_name(name)) else { continue };
                frame.expose(name);
                if let Some(value) = text(&entry.value) {
                    frame.set(name, vec![without_expressions(value)]);
                }
            }
        }
        // `- NAME=value`
        NodeKind::Sequence(nodes) => {
            for (name, value) in nodes.iter().filter_map(|node| text(node)?.split_once('=')) {
                if is_name(name) {
                    frame.expose(name);
                    frame.set(name, vec![without_expressions(value)]);
                }
            }
        }
        _ => {}
    }
}

/// `uses: docker/build-push-action` with what it is given.
fn action(entries: &[Entry], frame: &Frame, reader: &mut Reader<'_>) {
    let value =
        |name: &str| entries.iter().find(|entry| text(&entry.key) == Some(name)).map(|entry| &entry.value);
    let Some(uses) = value("uses").and_then(text) else { return };
    let name = uses.split('@').next().unwrap_or_default();
    if !name.ends_with("build-push-action")
        && !name.contains("docker-build")
        && !name.ends_with("buildah-build")
    {
        return;
    }
    let with = value("with");
    let input = |name: &str| {
        let value = with.and_then(|with| get(with, name)).and_then(text)?;
        Some(without_expressions(&resolved(value, frame))).filter(|value| !value.trim().is_empty())
    };
    let lines = |name: &str| -> Vec<String> {
        let value = input(name).unwrap_or_default();
        value.split(['\n', ',']).map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let context = input("context").unwrap_or_else(|| ".".to_owned());
    // The whole repository, by its address.
    let context =
        if context.starts_with(UNKNOWN) && !context.contains('/') { ".".to_owned() } else { context };
    let file = input("file").or_else(|| input("dockerfile")).or_else(|| input("containerfiles"));
    let mut call = BuildCall {
        file: frame.file.clone(),
        dockerfiles: dockerfiles(file.as_deref(), &context, frame),
        target: input("target").filter(|target| !target.contains(UNKNOWN)),
        tags: lines("tags"),
        platforms: lines("platforms"),
        is_aside: frame.is_aside,
        ..BuildCall::default()
    };
    for line in input("build-args").unwrap_or_default().lines() {
        argument(&mut call.args, line.trim());
    }
    for line in lines("build-contexts") {
        if let Some((name, value)) = line.split_once('=') {
            call.contexts.insert(name.trim().to_lowercase(), named_context(value.trim()));
        }
    }
    reader.found.builds.push(call);
}

/// What `docker/metadata-action` hands to later steps: the names of the image, each with a tag that is not known.
fn named(step: &Node, frame: &mut Frame) {
    let Some(uses) = get(step, "uses").and_then(text) else { return };
    if !uses.split('@').next().is_some_and(|name| name.ends_with("metadata-action")) {
        return;
    }
    let images = get(step, "with").and_then(|with| get(with, "images")).and_then(text);
    let (Some(id), Some(images)) = (get(step, "id").and_then(text), images) else { return };
    let images = resolved(images, frame);
    let names = images.split(['\n', ',']).map(str::trim).filter(|name| !name.is_empty());
    // `name=ghcr.io/a/b,enable=true` is cut at the comma as well.
    let names =
        names.map(|name| name.strip_prefix("name=").unwrap_or(name)).filter(|name| !name.contains('='));
    let tags: Vec<String> = names.map(|name| format!("{}:{UNKNOWN}", without_expressions(name))).collect();
    frame.set(&format!("steps.{id}.outputs.tags"), vec![tags.join("\n")]);
}

/// A text with what is known of `${{ env.NAME }}` and of what earlier steps hand on.
fn resolved(text: &str, frame: &Frame) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${{") {
        let Some(length) = rest[at..].find("}}") else { break };
        let name = rest[at + 3..at + length].trim();
        let known = frame.variables.get(name.strip_prefix("env.").unwrap_or(name));
        out.push_str(&rest[..at]);
        match known.map(Vec::as_slice) {
            Some([value]) if name.starts_with("env.") || name.starts_with("steps.") => out.push_str(value),
            _ => out.push_str(&rest[at..at + length + 2]),
        }
        rest = &rest[at + length + 2..];
    }
    out.push_str(rest);
    out
}

/// A step of Cloud Build: an image whose entrypoint is the program, and its arguments.
fn step_of_cloud_build(entries: &[Entry], frame: &Frame, reader: &mut Reader<'_>) {
    let value =
        |name: &str| entries.iter().find(|entry| text(&entry.key) == Some(name)).map(|entry| &entry.value);
    let program = match value("name").and_then(text) {
        Some("gcr.io/cloud-builders/docker" | "docker") => "docker",
        Some(image) if image.contains("kaniko-project/executor") => "/kaniko/executor",
        _ => return,
    };
    let Some(NodeKind::Sequence(nodes)) = value("args").map(|args| &args.kind) else { return };
    let unknown = |word: &str| match word.split_once('$') {
        // `gcr.io/$PROJECT_ID/web`: what follows the name of a variable is known again.
        Some((before, after)) => {
            let rest =
                after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '{' | '}'));
            format!("{before}{UNKNOWN}{rest}")
        }
        None => word.to_owned(),
    };
    let words = std::iter::once(program.to_owned()).chain(nodes.iter().filter_map(text).map(unknown));
    command(&words.collect::<Vec<_>>(), frame, reader.found);
}

/// GoReleaser's `dockers`: a Dockerfile and the names of its image.
fn released(entries: &[Entry], frame: &Frame) -> Option<BuildCall> {
    let value =
        |name: &str| entries.iter().find(|entry| text(&entry.key) == Some(name)).map(|entry| &entry.value);
    let tags = value("image_templates").or_else(|| value("images"))?;
    let file = value("dockerfile").and_then(text).unwrap_or("Dockerfile");
    let tags = match &tags.kind {
        NodeKind::Sequence(nodes) => nodes.iter().filter_map(text).map(without_expressions).collect(),
        _ => Vec::new(),
    };
    let dockerfiles = frame.paths(&without_expressions(file));
    Some(BuildCall { file: frame.file.clone(), dockerfiles, tags, ..BuildCall::default() })
}

fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let NodeKind::Mapping(entries) = &node.kind else { return None };
    entries.iter().find(|entry| text(&entry.key) == Some(key)).map(|entry| &entry.value)
}

fn text(node: &Node) -> Option<&str> {
    scalar(node).map(Mapped::text)
}

fn scalar(node: &Node) -> Option<&Mapped> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}

/// A text in which the expressions of workflows and templates (`${{ … }}`, `{{ … }}`) are unknown.
pub(super) fn without_expressions(text: &str) -> String {
    if !text.contains("{{") {
        return text.to_owned();
    }
    mapped_without_expressions(&Mapped::verbatim(text, 0)).text().to_owned()
}

/// The same, each part at its bytes.
#[must_use]
pub fn mapped_without_expressions(text: &Mapped) -> Mapped {
    let whole = text.text();
    let mut out = MappedBuilder::default();
    let mut from = 0;
    while let Some(at) = whole[from..].find("{{").map(|at| from + at) {
        let Some(end) = whole[at..].find("}}").map(|length| at + length + 2) else { break };
        let before = &whole[from..at];
        let open = at - usize::from(before.ends_with('$'));
        out.push_slice(text, from..open);
        let span = text.span_of(open..end);
        match whole[at + 2..end - 2].trim() {
            ".TASKFILE_DIR" | ".ROOT_DIR" | "github.workspace" => {
                out.push_replaced(&format!("{ROOTED}."), span)
            }
            _ => out.push_replaced(&UNKNOWN.to_string(), span),
        }
        from = end;
    }
    if from == 0 {
        return text.clone();
    }
    out.push_slice(text, from..whole.len());
    out.finish(text.span())
}
