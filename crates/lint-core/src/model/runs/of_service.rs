//! The commands a service runs in its container: `entrypoint` and `command`, the health check, the hooks.

use std::sync::Arc;

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::ast::lifecycle::Hook;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::ast::service::Service as Spec;
use lint_parser::compose::value::SourceId;
use lint_parser::shell::ast::SimpleCommand;
use lint_parser::shell::split::split;
use lint_parser::shell::word::Word;
use lint_parser::shell::{self, MAX_LENGTH};
use lint_parser::text::mapped::Mapped;

use crate::model::runs::{By, Commands, Runs};

/// What the texts of a service run.
///
/// A text that depends on a variable nobody sets is left out, since a vanished word changes what the others
/// mean. Commands of the image are not looked at.
#[must_use]
pub fn of_service(spec: &Spec) -> Runs {
    let mut runs = Runs::default();
    let entrypoint = spec.entrypoint.as_ref().map(|field| &field.value);
    let command = spec.command.as_ref().map(|field| &field.value);
    for text in [entrypoint, command].into_iter().flatten().filter_map(line) {
        if text.mapped.text().len() > MAX_LENGTH {
            runs.unread.push((Some(text.origin.source), text.origin.span));
        }
    }
    match (entrypoint.and_then(argv), command.and_then(argv)) {
        // The words of `command` are the last arguments of `entrypoint`: `["sh", "-c"]` and the script. They are
        // read together when one file holds both.
        (Some((file, mut words)), Some((same, more))) if file == same => {
            words.extend(more);
            runs.words(file, words, By::Start);
        }
        (entrypoint, command) => {
            for (file, words) in entrypoint.into_iter().chain(command) {
                runs.words(file, words, By::Start);
            }
        }
    }
    if let Some(test) = spec.healthcheck.as_ref().and_then(|field| field.value.test.as_ref()) {
        runs.health_test(&test.value);
    }
    for hook in hooks(spec) {
        if let Some((file, words)) = hook.command.as_ref().and_then(|command| argv(&command.value)) {
            runs.words(file, words, By::Hook);
        }
    }
    runs
}

/// Every command Compose runs in the container besides the main process, by the engine's `exec` interface:
/// `post_start` and `pre_stop`; `pre_start`, which gets a container of its own; `develop.watch[].exec`.
pub fn hooks(spec: &Spec) -> impl Iterator<Item = &Hook> {
    let lifecycle = [&spec.pre_start, &spec.post_start, &spec.pre_stop];
    let watched = spec.develop.iter().flat_map(|develop| &develop.value.watch);
    let watched = watched.flat_map(|watch| watch.value.iter()).filter_map(|watch| watch.exec.as_deref());
    let listed = lifecycle.into_iter().flatten().flat_map(|hooks| hooks.value.iter());
    listed.chain(watched.map(|exec| &exec.value))
}

/// The words Compose takes a text for; `None` where it refuses it, and where the text is too long to be read.
#[must_use]
pub fn words_of(text: &Mapped) -> Option<Vec<Mapped>> {
    if text.text().len() > MAX_LENGTH {
        return None;
    }
    split(text).ok().map(|split| split.words)
}

fn line(command: &Command) -> Option<&Text> {
    match command {
        Command::Line(text) => Some(text),
        Command::Null | Command::Words(_) => None,
    }
}

/// The words of a command, when all of them are known and stand in one file.
fn argv(command: &Command) -> Option<(SourceId, Vec<Word>)> {
    match command {
        Command::Null => None,
        Command::Line(text) => {
            if text.is_unknown() {
                return None;
            }
            let words = words_of(&text.mapped)?;
            Some((text.origin.source, words.into_iter().map(Word::of_literal).collect()))
        }
        Command::Words(texts) => exec(texts),
    }
}

fn exec(texts: &[Text]) -> Option<(SourceId, Vec<Word>)> {
    let source = texts.first()?.origin.source;
    let known = |text: &Text| !text.is_unknown() && text.origin.source == source;
    let word = |text: &Text| Word::of_literal(text.mapped.clone());
    texts.iter().all(known).then(|| (source, texts.iter().map(word).collect()))
}

impl Runs {
    fn words(&mut self, file: SourceId, words: Vec<Word>, by: By) {
        self.add(&Commands::Words(Arc::new(SimpleCommand::of_words(words))), by, Some(file));
    }

    fn health_test(&mut self, test: &Command) {
        match test {
            Command::Null => {}
            Command::Line(text) => self.shell_text(text),
            Command::Words(texts) => match texts.as_slice() {
                [kind, rest @ ..] if kind.as_str() == "CMD" => {
                    if let Some((file, words)) = exec(rest) {
                        self.words(file, words, By::Healthcheck);
                    }
                }
                [kind, text, ..] if kind.as_str() == "CMD-SHELL" => self.shell_text(text),
                _ => {}
            },
        }
    }

    fn shell_text(&mut self, text: &Text) {
        if !text.is_unknown() {
            let script = Commands::Script(Arc::new(shell::parse(&text.mapped).tree));
            self.add(&script, By::Healthcheck, Some(text.origin.source));
        }
    }
}
