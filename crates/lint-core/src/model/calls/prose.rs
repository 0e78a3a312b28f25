//! Commands in other texts: a README, a justfile, `package.json`, scripts of Windows.

use std::sync::LazyLock;

use lint_parser::json;
use memchr::memmem::Finder;

use crate::model::calls::frame::{Frame, is_aside, is_name};
use crate::model::calls::pipelines::without_expressions;
use crate::model::calls::shell::Reader;

/// How long a recipe may become by what is put into it.
const LONGEST: usize = 64 << 10;

/// The blocks of commands in Markdown: fenced ones of a shell or of no language, and indented ones.
pub(super) fn markdown(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let mut block = String::new();
    let mut fence: Option<(&str, bool)> = None;
    for line in text.lines() {
        let trimmed = line.trim_start();
        match fence {
            Some((mark, is_shell)) => {
                if trimmed.starts_with(mark) {
                    fence = None;
                    flush(&mut block, frame, reader);
                } else if is_shell {
                    push(&mut block, trimmed);
                }
            }
            None => {
                let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
                if let Some(mark) = mark {
                    flush(&mut block, frame, reader);
                    fence = Some((mark, is_shell(trimmed.trim_start_matches(['`', '~']))));
                } else if line.starts_with("    ") || line.starts_with('\t') {
                    push(&mut block, trimmed);
                } else if !trimmed.is_empty() {
                    flush(&mut block, frame, reader);
                }
            }
        }
    }
    flush(&mut block, frame, reader);
}

/// A line without the prompt it is shown with.
fn push(block: &mut String, line: &str) {
    let line = line
        .strip_prefix("$ ")
        .or_else(|| line.strip_prefix("> "))
        .or_else(|| line.strip_prefix("# "))
        .unwrap_or(line);
    block.push_str(line);
    block.push('\n');
}

fn flush(block: &mut String, frame: &Frame, reader: &mut Reader<'_>) {
    if mentions(block) {
        reader.script_apart(block, frame);
    }
    block.clear();
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
static WORDS: LazyLock<[Finder<'static>; 5]> =
    LazyLock::new(|| ["docker", "podman", "nerdctl", "buildah", "compose"].map(Finder::new));

/// The recipes of a justfile. Those with a `#!` are scripts, the lines of the others run each by itself.
pub(super) fn justfile(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let mut frame = frame.clone();
    let mut recipe = String::new();
    let mut name = String::new();
    let text = text.replace("\\\n", " ");
    for line in text.lines().chain([""]) {
        if line.starts_with([' ', '\t'])
            || (line.is_empty() && !recipe.is_empty() && recipe.starts_with("#!"))
        {
            recipe.push_str(line.trim_start().trim_start_matches(['@', '-']));
            recipe.push('\n');
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

fn run_recipe(recipe: &str, name: &str, frame: &Frame, reader: &mut Reader<'_>) {
    if recipe.trim().is_empty() {
        return;
    }
    let mut frame = frame.clone();
    frame.is_aside |= is_aside(name);
    let recipe = filled(recipe, &frame);
    let recipe = without_expressions(&recipe);
    if recipe.starts_with("#!") {
        reader.script_apart(&recipe, &frame);
    } else {
        recipe.lines().for_each(|line| reader.script_apart(line, &frame));
    }
}

/// A recipe with just's own variables (`{{name}}`) replaced.
fn filled(recipe: &str, frame: &Frame) -> String {
    let mut out = String::new();
    let mut rest = recipe;
    while let Some(at) = rest.find("{{") {
        let Some(length) = rest[at..].find("}}") else { break };
        out.push_str(&rest[..at]);
        match frame.variables.get(rest[at + 2..at + length].trim()) {
            Some(words) if out.len() < LONGEST => out.push_str(&words.join(" ")),
            _ => out.push_str(&rest[at..at + length + 2]),
        }
        rest = &rest[at + length + 2..];
    }
    out.push_str(rest);
    out
}

/// The scripts of a `package.json`.
pub(super) fn package(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let Some(package) = json::parse(text).tree else { return };
    let Some(scripts) = package.get("scripts") else { return };
    for script in scripts.value.members() {
        if let Some(text) = script.value.as_str() {
            let mut frame = frame.clone();
            frame.is_aside |= is_aside(&script.name);
            reader.script_apart(text, &frame);
        }
    }
}

/// The lines of a script in another language that begin with a command of ours.
pub(super) fn lines(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    for line in text.lines().map(|line| line.trim().trim_start_matches(['@', '&', ' '])) {
        if let Some(rest) = line.strip_prefix("$env:").and_then(|rest| rest.split_once('='))
            && is_name(rest.0.trim())
        {
            reader.found.exports.insert(rest.0.trim().to_owned());
        } else if let Some((name, _)) = line.strip_prefix("set ").and_then(|rest| rest.split_once('='))
            && is_name(name)
        {
            reader.found.exports.insert(name.to_owned());
        } else if line.starts_with("docker") || line.starts_with("podman") {
            reader.script_apart(&line.replace('\\', "/"), frame);
        }
    }
}
