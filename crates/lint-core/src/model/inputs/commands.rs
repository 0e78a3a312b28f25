//! Containers that command lines start: `docker run` in scripts, Makefiles and pipelines.

use lint_parser::compose::value::Value;
use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;

use crate::files::file_name;
use crate::model::calls::{Act, Calls, ContainerCall, is_of_developers, is_trial};
use crate::model::inputs::container::{container, known_text};
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::{Read, Window, acts, builds, comments};
use crate::model::kit::holes::is_known;
use crate::model::known::data_stores::is_data_store;
use crate::model::project::Lowered;
use crate::model::project::input::{Input, InputKind};

/// Reads the command lines of a file.
pub(super) fn read(file: &SourceFile, window: &Window<'_>) -> Read {
    let calls: Vec<ContainerCall> = match (window.calls)().containers_of(file.name()) {
        Some(calls) if !window.is_given => calls.to_vec(),
        _ => Calls::containers_in(file.name(), file.text(), window.files),
    };
    Read {
        containers: calls.iter().flat_map(|call| of_call(call, file, window)).collect(),
        comments: comments::of_lines(file.text()),
        ..Read::default()
    }
}

/// The containers of a script that stands in a file of another kind.
pub(super) fn of_script(file: &SourceFile, script: &Mapped, window: &Window<'_>) -> Vec<Lowered> {
    let calls = Calls::containers_in_script(file.name(), script, window.files);
    calls.iter().filter_map(|call| lowered(call, file, window)).collect()
}

/// What a command line starts, and what is started by the script that it hands to a container which has the engine's socket.
fn of_call(call: &ContainerCall, file: &SourceFile, window: &Window<'_>) -> Vec<Lowered> {
    let mut all: Vec<Lowered> = lowered(call, file, window).into_iter().collect();
    let Some(script) = script_inside(call).filter(|_| call.act == Act::Run) else { return all };
    let mut inner = of_script(file, script, window);
    // What it is started for is over when the outer one is, and only who may use the engine can start it.
    inner.iter_mut().for_each(|lowered| lowered.input.is_ephemeral = true);
    all.append(&mut inner);
    all
}

/// `docker run -v /var/run/docker.sock:… docker:28 sh -c '…'`
fn script_inside(call: &ContainerCall) -> Option<&Mapped> {
    let texts: Vec<&str> = call.words.iter().map(|word| word.text.text()).collect();
    let shell = texts.windows(2).position(|pair| {
        matches!(file_name(pair[0]), "sh" | "bash" | "ash")
            && pair[1].starts_with('-')
            && pair[1].ends_with('c')
    })?;
    let has_engine =
        texts[..shell].iter().any(|word| word.contains("docker.sock") || word.contains("podman.sock"));
    let script = call.words.get(shell + 2)?;
    has_engine.then_some(&script.text)
}

/// A container that a command line starts, enters or builds; nothing where it is not known to do so.
fn lowered(call: &ContainerCall, file: &SourceFile, window: &Window<'_>) -> Option<Lowered> {
    let words: Vec<Word> = call.words.iter().map(Word::from).collect();
    let (kind, grammar) = match call.act {
        Act::Run => (InputKind::CommandLine, Grammar::RUN),
        Act::Service => (InputKind::ServiceCreate, Grammar::SERVICE),
        Act::Exec => return acts::exec(call, Grammar::EXEC, &words),
        Act::ComposeExec => return acts::exec(call, Grammar::COMPOSE_EXEC, &words),
        Act::ComposeRun => return acts::compose_run(call, &words),
        Act::Build => return builds::command(call, &words, window.files),
        Act::Bake => return builds::bake(call, &words, window.files),
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
