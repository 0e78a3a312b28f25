//! Command lines that do something with a container that is there, or with a service of a Compose file: `docker exec`,
//! `docker compose run`.

use crate::model::calls::ContainerCall;
use crate::model::inputs::container::{container, known_text};
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::tree::{self, Map};
use crate::model::project::Lowered;
use crate::model::project::input::{Input, InputKind};

/// How a container is used that is entered, or run to do one thing.
fn once(call: &ContainerCall) -> Input {
    let mut input = Input::of(InputKind::CommandLine);
    input.is_podman = call.is_podman;
    input.is_ephemeral = true;
    input
}

/// `docker exec -u root web sh`: a command that is run beside the container's own, as a hook is. What it is given is not what
/// the container has.
pub(super) fn exec(call: &ContainerCall, grammar: Grammar, words: &[Word]) -> Option<Lowered> {
    let mut flags = Flags::default();
    let rest = flags.read(grammar, words);
    let (name, command) = rest.split_first()?;
    // The first word may hold flags, or be what one of them takes.
    if name.is_open || flags.is_open || command.is_empty() {
        return None;
    }
    let mut hook = Map::default();
    for key in ["user", "privileged"] {
        if let Some(entry) = flags.service.take(key) {
            hook.add(entry);
        }
    }
    if !hook.has("user") && !hook.has("privileged") {
        return None;
    }
    let (first, last) = (command.first()?.text.span(), command.last()?.text.span());
    let command = command.iter().map(|word| tree::text(&word.text)).collect();
    hook.set("command", first, tree::list(command, first.cover(last)));
    let mut entered = Flags::default();
    entered.is_open = true;
    let at = call.at;
    entered.service.push("post_start", at, hook.finish(at));
    entered.service.set("container_name", name.text.span(), tree::text(&name.text));
    if known_text(entered.service.get("container_name")).is_none() {
        entered.service.remove("container_name");
    }
    container(entered, once(call), at, "")
}

/// `docker compose run -v /:/host web`: a container of a service, with what the command line gives it besides.
pub(super) fn compose_run(call: &ContainerCall, words: &[Word]) -> Option<Lowered> {
    let mut flags = Flags::default();
    let rest = flags.read(Grammar::COMPOSE_RUN, words);
    let (name, _) = rest.split_first()?;
    let has_name = !flags.service.has("container_name") && !name.is_open;
    if has_name {
        flags.service.set("container_name", name.text.span(), tree::text(&name.text));
        if known_text(flags.service.get("container_name")).is_none() {
            flags.service.remove("container_name");
        }
    }
    // What the service has is known to its own file.
    flags.is_open = true;
    container(flags, once(call), call.at, call.places.first().map_or("", String::as_str))
}
