//! Commands in other texts: a README, a justfile, `package.json`, scripts of Windows.

use std::sync::LazyLock;

use lint_parser::json;
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;
use memchr::memmem::Finder;

use crate::model::calls::frame::{Frame, is_name};
use crate::model::calls::pipelines::mapped_without_expressions;
use crate::model::calls::shell::Reader;

/// How long a recipe may become by what is put into it.
const LONGEST: usize = 64 << 10;

/// The blocks of commands in Markdown: fenced ones of a shell or of no language, and indented ones.
pub(super) fn markdown(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let mut block = MappedBuilder::default();
    let mut at = 0;
    let mut fence: Option<(&str, bool)> = None;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let trimmed = line.trim_start();
        let start = at + line.len() - trimmed.len();
        at += whole.len();
        match fence {
            Some((mark, is_shell)) => {
                if trimmed.starts_with(mark) {
                    fence = None;
                    flush(&mut block, frame, reader);
                } else if is_shell {
                    push(&mut block, trimmed, start);
                }
            }
            None => {
                let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
                if let Some(mark) = mark {
                    flush(&mut block, frame, reader);
                    fence = Some((mark, is_shell(trimmed.trim_start_matches(['`', '~']))));
                } else if line.starts_with("    ") || line.starts_with('\t') {
                    push(&mut block, trimmed, start);
                } else if !trimmed.is_empty() {
                    flush(&mut block, frame, reader);
                }
            }
        }
    }
    flush(&mut block, frame, reader);
}

/// A line without the prompt it is shown with.
fn push(block: &mut MappedBuilder, line: &str, start: usize) {
    let command = line
        .strip_prefix("$ ")
        .or_else(|| line.strip_prefix("> "))
        .or_else(|| line.strip_prefix("# "))
        .unwrap_or(line);
    block.push_verbatim(command, start + line.len() - command.len());
    block.push_replaced("\n", Span::at(start + line.len()));
}

fn flush(block: &mut MappedBuilder, frame: &Frame, reader: &mut Reader<'_>) {
    let block = std::mem::take(block);
    if mentions(block.text()) {
        reader.script_apart(&block.finish(Span::default()), frame);
    }
}

fn is_shell(language: &str) -> bool {
    let language = language.trim().split([' ', '{', ',']).next().unwrap_or_default().to_ascii_lowercase();
    ["", "sh", "shell", "bash", "zsh", "console", "shellsession", "shell-session", "terminal", "text"]
        .contains(&language.as_str())
}

/// Whether a text may hold a command line of ours at all.
pub(super) fn mentions(text: &str) -> bool {
    WORDS.iter().any(|word| word.find(text.as_bytes()).is_some())
}

/// Asked of each script that is there, and of each of their lines.
static WORDS: LazyLock<[Finder<'static>; 9]> = LazyLock::new(|| {
    ["docker", "podman", "nerdctl", "buildah", "kaniko", "compose", "DOCKER", "PODMAN", "CONTAINER_"]
        .map(Finder::new)
});

/// The recipes of a justfile. Those with a `#!` are scripts, the lines of the others run each by itself.
pub(super) fn justfile(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let mut frame = frame.clone();
    let mut recipe: Vec<Mapped> = Vec::new();
    let mut name = String::new();
    for mapped in joined_lines(text).iter().chain([&Mapped::default()]) {
        let line = mapped.text();
        let is_script = recipe.first().is_some_and(|first| first.text().starts_with("#!"));
        if line.starts_with([' ', '\t']) || (line.is_empty() && is_script) {
            let command = line.trim_start().trim_start_matches(['@', '-']);
            recipe.push(mapped.slice(line.len() - command.len()..line.len()));
            continue;
        }
        run_recipe(&recipe, &name, &frame, reader);
        recipe.clear();
        let line = line.trim();
        let (exported, assigned) = match line.strip_prefix("export ") {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        if let Some((variable, value)) = assigned.split_once(":=")
            && is_name(variable.trim())
        {
            let value = value.trim().trim_matches(['"', '\'']);
            frame.set(variable.trim(), vec![value.to_owned()]);
            if exported {
                frame.expose(variable.trim());
            }
        } else if let Some((before, _)) = line.split_once(':') {
            name = before.split_whitespace().next().unwrap_or_default().to_owned();
        }
    }
    run_recipe(&recipe, &name, &frame, reader);
}

/// The lines of a text, those that end in a backslash joined with the next.
fn joined_lines(text: &str) -> Vec<Mapped> {
    let mut lines = Vec::new();
    let mut open = MappedBuilder::default();
    let (mut at, mut begun) = (0, 0);
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let end = at + whole.len();
        match line.strip_suffix('\\') {
            Some(before) => {
                open.push_verbatim(before, at);
                open.push_replaced(" ", Span::new(at + before.len(), end));
            }
            None => {
                open.push_verbatim(line, at);
                lines.push(std::mem::take(&mut open).finish(Span::new(begun, at + line.len())));
                begun = end;
            }
        }
        at = end;
    }
    if !open.text().is_empty() {
        lines.push(open.finish(Span::new(begun, at)));
    }
    lines
}

fn run_recipe(recipe: &[Mapped], name: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let Some(first) = recipe.first() else { return };
    let mut frame = frame.clone();
    frame.name(name);
    frame.group = Some(reader.found.new_group());
    let filled = |line: &Mapped| mapped_without_expressions(&filled(line, &frame));
    if first.text().starts_with("#!") {
        let mut script = MappedBuilder::default();
        for line in recipe {
            script.push_mapped(&filled(line));
            script.push_replaced("\n", Span::at(line.span().end()));
        }
        reader.script_apart(&script.finish(first.span()), &frame);
    } else {
        for line in recipe {
            reader.script_apart(&filled(line), &frame);
        }
    }
}

/// A recipe with just's own variables (`{{name}}`) replaced.
fn filled(recipe: &Mapped, frame: &Frame) -> Mapped {
    let whole = recipe.text();
    let mut out = MappedBuilder::default();
    let mut from = 0;
    while let Some(at) = whole[from..].find("{{").map(|at| from + at) {
        let Some(end) = whole[at..].find("}}").map(|length| at + length + 2) else { break };
        out.push_slice(recipe, from..at);
        match frame.variables.get(whole[at + 2..end - 2].trim()) {
            Some(words) if out.text().len() < LONGEST => {
                out.push_replaced(&words.join(" "), recipe.span_of(at..end));
            }
            _ => out.push_slice(recipe, at..end),
        }
        from = end;
    }
    out.push_slice(recipe, from..whole.len());
    out.finish(recipe.span())
}

/// The scripts of a `package.json`.
pub(super) fn package(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let Some(package) = json::parse(text).tree else { return };
    let Some(scripts) = package.get("scripts") else { return };
    for script in scripts.value.members() {
        if script.value.as_str().is_some() {
            let mut frame = frame.clone();
            frame.name(&script.name);
            reader.script_apart(&json::mapped(text, script.value.span), &frame);
        }
    }
}

/// The lines of a script in another language that begin with a command of ours.
pub(super) fn lines(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim().trim_start_matches(['@', '&', ' ']);
        let start = at + whole.find(line).unwrap_or_default();
        at += whole.len();
        if let Some(rest) = line.strip_prefix("$env:").and_then(|rest| rest.split_once('='))
            && is_name(rest.0.trim())
        {
            reader.found.exports.insert(rest.0.trim().to_owned());
        } else if let Some((name, _)) = line.strip_prefix("set ").and_then(|rest| rest.split_once('='))
            && is_name(name)
        {
            reader.found.exports.insert(name.to_owned());
        } else if line.starts_with("docker") || line.starts_with("podman") {
            reader.script_apart(&Mapped::verbatim(&line.replace('\\', "/"), start), frame);
        }
    }
}
