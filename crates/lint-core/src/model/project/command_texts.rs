//! Texts of a Compose project that a shell in the container reads: there `$NAME` may be meant for it, and Compose replaces
//! it first. A program that is started without a shell would be given the dollar sign.

use lint_parser::compose::ast::field::{Attribute, List, Text};
use lint_parser::compose::ast::lifecycle::Hook;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::text::span::Span;

use crate::model::project::effective::Project;

/// The places of a project's commands.
#[derive(Clone, Debug, Default)]
pub struct CommandTexts {
    /// Sorted, each once, none within another.
    places: Vec<Origin>,
}

impl CommandTexts {
    /// Every `command`, `entrypoint`, health check and hook of the project that a shell reads.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let mut places = Vec::new();
        let mut add = |command: &Command| match command {
            Command::Null => {}
            Command::Line(line) => places.push(line.origin),
            Command::Words(words) => places.extend(words.iter().map(|word: &Text| word.origin)),
        };
        let is_read = |command: Option<&Command>| command.is_some_and(starts_shell);
        for service in &project.services {
            let spec = &service.spec;
            let health = spec.healthcheck.as_deref().and_then(|health| health.value.test.as_deref());
            let entrypoint = spec.entrypoint.as_deref().map(|field| &field.value);
            let command = spec.command.as_deref().map(|field| &field.value);
            let by_entrypoint = is_read(entrypoint);
            entrypoint.filter(|_| by_entrypoint).into_iter().for_each(&mut add);
            command.filter(|_| by_entrypoint || is_read(command)).into_iter().for_each(&mut add);
            if let Some(test) = health.map(|test| &test.value) {
                let by_shell = match test {
                    Command::Line(_) => true,
                    Command::Words(words) => words.first().is_some_and(|kind| kind.as_str() == "CMD-SHELL"),
                    Command::Null => false,
                };
                if by_shell || starts_shell(test) {
                    add(test);
                }
            }
            let hooks = [&spec.pre_start, &spec.post_start, &spec.pre_stop];
            for hook in hooks.into_iter().flat_map(|hooks: &Attribute<List<Hook>>| hooks.iter()) {
                for command in hook.value.iter().filter_map(|hook| hook.command.as_deref()) {
                    if starts_shell(&command.value) {
                        add(&command.value);
                    }
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        Self { places }
    }

    /// Whether a place is within one of them.
    #[must_use]
    pub fn hold(&self, source: SourceId, span: Span) -> bool {
        let after =
            self.places.partition_point(|place| (place.source, place.span.start()) <= (source, span.start()));
        let before = after.checked_sub(1).and_then(|at| self.places.get(at));
        before.is_some_and(|place| place.source == source && span.end() <= place.span.end())
    }
}

/// Whether a command starts a shell that is given a text to read: `sh -c "…"`, `["/bin/bash", "-ec", "…"]`.
fn starts_shell(command: &Command) -> bool {
    match command {
        Command::Null => false,
        Command::Line(line) => is_shell(line.as_str().split_ascii_whitespace()),
        Command::Words(words) => is_shell(words.iter().map(Text::as_str)),
    }
}

fn is_shell<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    const SHELLS: [&str; 9] = ["sh", "ash", "bash", "busybox", "dash", "ksh", "mksh", "yash", "zsh"];
    let mut has_shell = false;
    // The shell is among the first words, behind `CMD`, an init or `env`.
    for word in words.take(16) {
        let option = word.strip_prefix('-').filter(|option| !option.starts_with('-'));
        if has_shell && option.is_some_and(|option| option.contains('c')) {
            return true;
        }
        has_shell |= SHELLS.contains(&word.rsplit('/').next().unwrap_or(word));
    }
    false
}
