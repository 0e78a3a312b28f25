//! The commands a service runs in its container: `entrypoint` and `command`, the health check, the hooks; and
//! what those run in turn through `sh -c` and its like.

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::ast::lifecycle::Hook;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::SourceId;
use lint_parser::shell;
use lint_parser::shell::split::split;
use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::{Invocation, invocations};

use crate::model::service::Service;

/// How deep scripts in scripts are read: `sh -c "su app -c '...'"` is two.
const MAX_DEPTH: usize = 6;

/// Hands over every program that the service's own texts run, with the file its words stand in: the program
/// itself and, after it, whatever it runs for others (`sudo`, `sh -c`).
///
/// A text that depends on a variable nobody sets is left out, since a vanished word changes what the others
/// mean. Commands of the image are not looked at.
pub fn for_each_invocation(service: &Service, report: &mut dyn FnMut(SourceId, &Invocation<'_>)) {
    let spec = &service.spec;
    let entrypoint = spec.entrypoint.as_ref().map(|field| &field.value);
    let command = spec.command.as_ref().map(|field| &field.value);
    match (entrypoint.and_then(argv), command.and_then(argv)) {
        // The words of `command` are the last arguments of `entrypoint`: `["sh", "-c"]` and the script. They are
        // read together when one file holds both.
        (Some((file, mut words)), Some((same, more))) if file == same => {
            words.extend(more);
            run(file, &words, report);
        }
        (entrypoint, command) => {
            for (file, words) in entrypoint.into_iter().chain(command) {
                run(file, &words, report);
            }
        }
    }
    for_each_health_invocation(service, report);
    for hook in hooks(service) {
        if let Some((file, words)) = hook.command.as_ref().and_then(|command| argv(&command.value)) {
            run(file, &words, report);
        }
    }
}

/// The same for the service's own health check alone.
pub fn for_each_health_invocation(service: &Service, report: &mut dyn FnMut(SourceId, &Invocation<'_>)) {
    let healthcheck = service.spec.healthcheck.as_ref().and_then(|field| field.value.test.as_ref());
    if let Some(test) = healthcheck {
        health_test(&test.value, report);
    }
}

/// Every command Compose runs in the container besides the main process, by the engine's `exec` interface:
/// `post_start` and `pre_stop`; `pre_start`, which gets a container of its own; `develop.watch[].exec`.
pub fn hooks(service: &Service) -> impl Iterator<Item = &Hook> {
    let spec = &service.spec;
    let lifecycle = [&spec.pre_start, &spec.post_start, &spec.pre_stop];
    let watched = spec.develop.iter().flat_map(|develop| &develop.value.watch);
    let watched = watched.flat_map(|watch| watch.value.iter()).filter_map(|watch| watch.exec.as_deref());
    let listed = lifecycle.into_iter().flatten().flat_map(|hooks| hooks.value.iter());
    listed.chain(watched.map(|exec| &exec.value))
}

/// The words of a command, when all of them are known and stand in one file.
fn argv(command: &Command) -> Option<(SourceId, Vec<Word>)> {
    match command {
        Command::Null => None,
        Command::Line(text) => {
            if text.is_unknown() {
                return None;
            }
            let words = split(&text.mapped).ok()?.words;
            Some((text.origin.source, words.into_iter().map(Word::of_literal).collect()))
        }
        Command::Words(texts) => {
            let source = texts.first()?.origin.source;
            let known = |text: &Text| !text.is_unknown() && text.origin.source == source;
            texts
                .iter()
                .all(known)
                .then(|| (source, texts.iter().map(|text| Word::of_literal(text.mapped.clone())).collect()))
        }
    }
}

fn health_test(test: &Command, report: &mut dyn FnMut(SourceId, &Invocation<'_>)) {
    match test {
        Command::Null => {}
        Command::Line(text) => script(text, report),
        Command::Words(texts) => match texts.as_slice() {
            [kind, rest @ ..] if kind.as_str() == "CMD" => {
                if let Some((file, words)) = argv(&Command::Words(rest.to_vec())) {
                    run(file, &words, report);
                }
            }
            [kind, text, ..] if kind.as_str() == "CMD-SHELL" => script(text, report),
            _ => {}
        },
    }
}

fn script(text: &Text, report: &mut dyn FnMut(SourceId, &Invocation<'_>)) {
    if text.is_unknown() {
        return;
    }
    let parsed = shell::parse(&text.mapped);
    for site in parsed.tree.simple_commands() {
        follow(text.origin.source, &site.command.words, 0, report);
    }
}

fn run(file: SourceId, words: &[Word], report: &mut dyn FnMut(SourceId, &Invocation<'_>)) {
    follow(file, words, 0, report);
}

fn follow(file: SourceId, words: &[Word], depth: usize, report: &mut dyn FnMut(SourceId, &Invocation<'_>)) {
    for invocation in invocations(words) {
        report(file, &invocation);
        if depth >= MAX_DEPTH {
            continue;
        }
        let Some(script) = invocation.script() else { continue };
        for site in script.simple_commands() {
            follow(file, &site.command.words, depth + 1, report);
        }
    }
}
