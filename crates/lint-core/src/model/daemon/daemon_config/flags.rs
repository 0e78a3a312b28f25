//! The flags of the daemon's command line, from `ExecStart=` of its unit.

use lint_parser::shell::ast::SimpleCommand;
use lint_parser::shell::word::Word;
use lint_parser::systemd::words;
use lint_parser::text::span::Span;

use crate::model::daemon::daemon_config::file::HostFile;
use crate::model::daemon::daemon_config::layers::Layers;
use crate::model::daemon::daemon_config::options::{OptionKind, of_flag, of_letter};
use crate::model::daemon::daemon_config::{DaemonConfig, Given};

/// Reads the command lines that start the daemon; whether there are any.
pub(super) fn read(config: &mut DaemonConfig, unit: &Layers<'_>) -> bool {
    let mut lines = Vec::new();
    for (file, tree) in &unit.files {
        for line in tree.assignments_of("Service", "ExecStart") {
            // An empty assignment takes away what was there before.
            if line.value.is_empty() {
                lines.clear();
            } else {
                lines.push((*file, &line.value));
            }
        }
    }
    let mut found = false;
    for (file, line) in lines {
        let mut words: Vec<_> = words(line).into_iter().map(Word::of_literal).collect();
        strip_prefix(&mut words);
        found |= command(config, file, &SimpleCommand::of_words(words), 0);
    }
    found
}

/// How deep scripts in scripts are read.
const MAX_DEPTH: usize = 4;

/// Reads a command, and those it runs in turn (`sh -c`); whether one of them is the daemon.
fn command(config: &mut DaemonConfig, file: &HostFile, command_line: &SimpleCommand, depth: usize) -> bool {
    let mut found = false;
    for invocation in command_line.invocations() {
        let name = invocation.name();
        let rootless = name == Some("dockerd-rootless.sh");
        if rootless || matches!(name, Some("dockerd" | "dockerd-ce")) {
            found = true;
            config.rootless |= rootless;
            if let Some(program) = invocation.words.first() {
                config.absence.get_or_insert_with(|| file.place(program.span()));
            }
            arguments(config, file, invocation.args());
        } else if depth < MAX_DEPTH
            && let Some(script) = invocation.script()
        {
            for site in script.simple_commands() {
                found |= command(config, file, &site.command, depth + 1);
            }
        }
    }
    found
}

/// Takes the marks from the path of the program: `-/usr/bin/dockerd` may fail, `@` gives it another name.
fn strip_prefix(words: &mut Vec<Word>) {
    let Some(path) = words.first().and_then(Word::literal) else { return };
    let bare = path.trim_matches(|c| matches!(c, '-' | '+' | '!' | ':' | '@' | '|'));
    let renamed = path.text().trim_start_matches(['-', '+', '!', ':', '|']).starts_with('@');
    if let Some(first) = words.first_mut() {
        *first = Word::of_literal(bare);
    }
    if renamed && words.len() > 1 {
        words.remove(1);
    }
}

fn arguments(config: &mut DaemonConfig, file: &HostFile, args: &[Word]) {
    let mut args = args.iter().peekable();
    while let Some(word) = args.next() {
        let Some(text) = word.literal_text() else {
            config.open_ended = true;
            continue;
        };
        // `$OPTIONS` is replaced by systemd, from files we do not see.
        if text.starts_with('$') {
            config.open_ended = true;
            continue;
        }
        let Some((key, kind, value)) = option(&text) else { continue };
        let mut span = word.span();
        let value = match (value, kind) {
            (Some(value), _) => value.to_owned(),
            (None, OptionKind::Switch) => "true".to_owned(),
            (None, _) => match args.next_if(|next| next.literal_text().is_some()) {
                Some(next) => {
                    span = Span::cover(span, next.span());
                    next.literal_text().unwrap_or_default().into_owned()
                }
                None => continue,
            },
        };
        let given = match kind {
            OptionKind::Switch => bool_of(&value).map_or(Given::Other, Given::Bool),
            _ if value.contains('$') => Given::Other,
            OptionKind::Map => Given::Other,
            OptionKind::Value | OptionKind::List => Given::Text(value),
        };
        config.add_flag(key, given, file.place(span));
    }
}

/// The option a word is, and the value it brings along.
fn option(text: &str) -> Option<(&'static str, OptionKind, Option<&str>)> {
    if let Some(long) = text.strip_prefix("--") {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let (key, kind) = of_flag(name)?;
        return Some((key, kind, value));
    }
    let mut letters = text.strip_prefix('-')?.chars();
    let (key, kind) = of_letter(letters.next()?)?;
    let rest = letters.as_str();
    Some((key, kind, (!rest.is_empty()).then(|| rest.strip_prefix('=').unwrap_or(rest))))
}

/// As Go's `strconv.ParseBool` reads it.
fn bool_of(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
