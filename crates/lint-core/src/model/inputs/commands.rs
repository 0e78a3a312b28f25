//! Containers that command lines start: `docker run` in scripts, Makefiles, pipelines and units of systemd.

use lint_parser::compose::value::Value;
use lint_parser::image;
use lint_parser::systemd;
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::source::SourceFile;

use crate::files::{directory, file_name};
use crate::model::calls::{Act, CallWord, Calls, ContainerCall, is_of_developers, is_trial};
use crate::model::inputs::container::{container, known_text};
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::{Read, Window, acts, builds, comments};
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::known::data_stores::is_data_store;
use crate::model::project::Lowered;
use crate::model::project::input::{Input, InputKind};

/// Reads the command lines of a file.
pub(super) fn read(file: &SourceFile, window: &Window<'_>) -> Read {
    if is_unit(file.name()) {
        return of_unit(file);
    }
    let calls: Vec<ContainerCall> = match (window.calls)().containers_of(file.name()) {
        Some(calls) if !window.is_given => calls.to_vec(),
        _ => Calls::containers_in(file.name(), file.text(), window.files),
    };
    Read {
        containers: calls.iter().filter_map(|call| lowered(call, file, window)).collect(),
        comments: comments::of_lines(file.text()),
        ..Read::default()
    }
}

fn is_unit(path: &str) -> bool {
    let name = file_name(path);
    name.ends_with(".service") || name.ends_with(".conf")
}

/// A container that a command line starts, enters or builds; nothing where it is not known to do so.
fn lowered(call: &ContainerCall, file: &SourceFile, window: &Window<'_>) -> Option<Lowered> {
    let words: Vec<Word> = call
        .words
        .iter()
        .map(|CallWord { text, is_open }| Word { text: text.clone(), is_open: *is_open })
        .collect();
    let (kind, grammar) = match call.act {
        Act::Run => (InputKind::CommandLine, Grammar::RUN),
        Act::Service => (InputKind::ServiceCreate, Grammar::SERVICE),
        Act::Exec => return acts::exec(call, Grammar::EXEC, &words),
        Act::ComposeExec => return acts::exec(call, Grammar::COMPOSE_EXEC, &words),
        Act::ComposeRun => return acts::compose_run(call, &words),
        Act::Build => return builds::command(call, &words, window.files),
        Act::Bake => return builds::bake(call, &words),
    };
    let mut flags = Flags::default();
    let rest = flags.read(grammar, &words);
    if rest.is_empty() && !flags.is_open {
        return None;
    }
    flags.image(rest);
    let mut input = Input::of(kind);
    input.is_podman = call.is_podman;
    let is_kept = flags.service.has("restart") || call.is_created || call.act == Act::Service;
    let stays = flags.is_detached || is_kept;
    input.is_ephemeral = flags.is_removed || call.is_step || call.is_aside || !stays;
    input.is_ephemeral |= is_trial_of(&flags, file) || (!is_kept && is_of_a_developer(&flags, file.name()));
    input.is_workplace = input.is_ephemeral && flags.is_interactive && !flags.is_detached;
    container(flags, input, call.at, call.places.first().map_or("", String::as_str))
}

/// Whether a container is called so that it is there to develop or to test, or is taken away when the script ends.
fn is_trial_of(flags: &Flags, file: &SourceFile) -> bool {
    let Some(name) = known_text(flags.service.get("container_name")) else { return false };
    let is_trap = |line: &str| {
        let line = line.trim_start();
        line.starts_with("trap ")
            && line
                .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
                .any(|word| word == name)
    };
    is_trial(name) || file.text().lines().any(is_trap)
}

/// Whether a container is the database that somebody develops with: started by hand, and not again after a restart.
fn is_of_a_developer(flags: &Flags, file: &str) -> bool {
    let image = flags.service.get("image").and_then(Value::as_scalar);
    let image =
        image.filter(|image| is_known(image.text.text())).and_then(|image| image::parse(&image.text).ok());
    is_of_developers(file) && image.is_some_and(|image| is_data_store(&image))
}

/// The commands of a unit of systemd, which are no shell's.
fn of_unit(file: &SourceFile) -> Read {
    let unit = systemd::parse(file.text()).tree;
    let mut read = Read { comments: comments::of_unit(&unit), ..Read::default() };
    let of_service = unit.assignments.iter().filter(|one| unit.section_of(one) == Some("Service"));
    for assignment in of_service.filter(|one| matches!(one.key.value.as_str(), "ExecStart" | "ExecStartPre"))
    {
        let words: Vec<Word> = systemd::words(&assignment.value).iter().map(of_systemd).collect();
        let text = |at: usize| words.get(at).map_or("", |word: &Word| word.text.text());
        let program = file_name(text(0).trim_start_matches(['@', '-', ':', '+', '!', '|']));
        let is_podman = program == "podman";
        if !is_podman && !matches!(program, "docker" | "nerdctl") {
            continue;
        }
        let mut at = 1;
        while text(at).starts_with('-') {
            at += 1;
        }
        if text(at) == "container" {
            at += 1;
        }
        if !matches!(text(at), "run" | "create") {
            continue;
        }
        let (Some(first), Some(last)) = (words.first(), words.get(at)) else { continue };
        let mut flags = Flags::default();
        let rest = flags.read(Grammar::RUN, words.get(at + 1..).unwrap_or_default());
        flags.image(rest);
        let mut input = Input::of(InputKind::CommandLine);
        input.is_podman = is_podman;
        // What is started before the service itself prepares it.
        input.is_ephemeral = assignment.key.value == "ExecStartPre";
        let span = first.text.span().cover(last.text.span());
        read.containers.extend(container(flags, input, span, directory(file.name())));
    }
    read
}

/// A word of `ExecStart=`: what systemd puts in the place of variables and specifiers is unknown.
fn of_systemd(word: &Mapped) -> Word {
    let text = word.text();
    let is_variable = text.starts_with('$') && !text.starts_with("${") && !text.starts_with("$$");
    if is_variable {
        return Word { text: Mapped::replaced(UNKNOWN.to_string(), word.span()), is_open: true };
    }
    let mut out = MappedBuilder::default();
    let mut from = 0;
    while let Some(at) = text[from..].find(['$', '%']).map(|at| from + at) {
        out.push_slice(word, from..at);
        let rest = &text[at..];
        let (length, value) = match rest.as_bytes() {
            [b'%', b'%', ..] => (2, "%".to_owned()),
            [b'$', b'$', ..] => (2, "$".to_owned()),
            [b'%', b'h', ..] if at == 0 => (2, "~".to_owned()),
            [b'%', c, ..] if c.is_ascii_alphabetic() => (2, UNKNOWN.to_string()),
            [b'$', b'{', ..] => (rest.find('}').map_or(rest.len(), |end| end + 1), UNKNOWN.to_string()),
            [sign, ..] => (1, char::from(*sign).to_string()),
            [] => break,
        };
        out.push_replaced(&value, word.span_of(at..at + length));
        from = at + length;
    }
    out.push_slice(word, from..text.len());
    Word::new(out.finish(word.span()))
}
