//! Containers that units of systemd start: `ExecStart=/usr/bin/docker run …`. Their words are no shell's.

use std::collections::BTreeMap;

use lint_parser::systemd::{self, Assignment, Unit};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::source::SourceFile;

use crate::files::{directory, file_name};
use crate::model::inputs::commands::of_script;
use crate::model::inputs::container::container;
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::{Read, Window, comments};
use crate::model::kit::holes::UNKNOWN;
use crate::model::project::Lowered;
use crate::model::project::input::{Input, InputKind};

/// The keys whose commands start something that stays, or prepare it.
const KEYS: [&str; 2] = ["ExecStart", "ExecStartPre"];

/// What may stand before a program.
const MARKS: [char; 6] = ['@', '-', ':', '+', '!', '|'];

/// How many commands are read; nobody writes as many by hand.
const MOST_COMMANDS: usize = 2_000;

/// How long a variable may be that counts.
const LONGEST: usize = 4_000;

/// Whether a file is a unit, or a drop-in of one.
pub(super) fn is_unit(path: &str) -> bool {
    let name = file_name(path);
    name.ends_with(".service") || name.ends_with(".conf")
}

/// Reads the commands of a unit.
pub(super) fn read(file: &SourceFile, window: &Window<'_>) -> Read {
    let unit = systemd::parse(file.text()).tree;
    let mut read = Read { comments: comments::of_unit(&unit), ..Read::default() };
    let variables = variables(&unit);
    for assignment in commands(&unit).into_iter().take(MOST_COMMANDS) {
        let mut words: Vec<Word> =
            systemd::words(&assignment.value).iter().flat_map(|word| words_of(word, &variables)).collect();
        let program = words.first().map_or_else(String::new, |word| word.text.text().to_owned());
        // `@`: the next word is what the program is called.
        let marks = program.len() - program.trim_start_matches(MARKS).len();
        if program[..marks].contains('@') && words.len() > 1 {
            words.remove(1);
        }
        let program = file_name(program.trim_start_matches(MARKS));
        if matches!(program, "sh" | "bash" | "dash") {
            let is_option =
                |word: &Word| word.text.text().starts_with('-') && word.text.text().ends_with('c');
            let script = words.iter().position(is_option).and_then(|at| words.get(at + 1));
            read.containers.extend(script.iter().flat_map(|script| of_script(file, &script.text, window)));
        } else {
            read.containers.extend(lowered(program, &words, assignment, file));
        }
    }
    read
}

/// The commands that count: an empty assignment takes back those before it.
fn commands(unit: &Unit) -> Vec<&Assignment> {
    let mut kept: Vec<&Assignment> = Vec::new();
    for assignment in unit.assignments.iter().filter(|one| unit.section_of(one) == Some("Service")) {
        if !KEYS.contains(&assignment.key.value.as_str()) {
            continue;
        }
        if assignment.value.is_empty() {
            kept.retain(|known| known.key.value != assignment.key.value);
        } else {
            kept.push(assignment);
        }
    }
    kept
}

/// The variables that the unit sets. What a file sets besides comes on top, and is not known.
fn variables(unit: &Unit) -> BTreeMap<String, String> {
    let has_files =
        unit.assignments_of("Service", "EnvironmentFile").any(|assignment| !assignment.value.is_empty());
    let mut all = BTreeMap::new();
    for assignment in unit.assignments_of("Service", "Environment").filter(|_| !has_files) {
        if assignment.value.is_empty() {
            all.clear();
        }
        for word in systemd::words(&assignment.value) {
            if let Some((name, value)) = word.text().split_once('=')
                && value.len() <= LONGEST
                && !value.contains('%')
            {
                all.insert(name.to_owned(), value.to_owned());
            }
        }
    }
    all
}

/// The container that a command starts.
fn lowered(program: &str, words: &[Word], assignment: &Assignment, file: &SourceFile) -> Option<Lowered> {
    let is_podman = program == "podman";
    if !is_podman && !matches!(program, "docker" | "nerdctl") {
        return None;
    }
    let text = |at: usize| words.get(at).map_or("", |word: &Word| word.text.text());
    let mut at = 1;
    while text(at).starts_with('-') {
        at += 1;
    }
    if text(at) == "container" {
        at += 1;
    }
    if !matches!(text(at), "run" | "create") {
        return None;
    }
    let (first, last) = (words.first()?, words.get(at)?);
    let mut flags = Flags::default();
    let rest = flags.read(Grammar::RUN, words.get(at + 1..).unwrap_or_default());
    flags.image(rest);
    let mut input = Input::of(InputKind::CommandLine);
    input.is_podman = is_podman;
    // What is started before the service itself prepares it.
    input.is_ephemeral = assignment.key.value == "ExecStartPre";
    let span = first.text.span().cover(last.text.span());
    container(flags, input, span, directory(file.name()))
}

/// What a word of `ExecStart=` becomes: what systemd puts in the place of specifiers, and of variables that the unit does not set,
/// is unknown.
fn words_of(word: &Mapped, variables: &BTreeMap<String, String>) -> Vec<Word> {
    let text = word.text();
    let whole = text.strip_prefix('$').filter(|name| !name.starts_with(['{', '$']));
    if let Some(name) = whole {
        return match variables.get(name) {
            Some(value) => {
                let words = value.split_whitespace();
                words.map(|value| Word::new(Mapped::replaced(value, word.span()))).collect()
            }
            None => {
                vec![Word { text: Mapped::replaced(UNKNOWN.to_string(), word.span()), is_open: true }]
            }
        };
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
            [b'$', b'{', ..] => {
                let end = rest.find('}').unwrap_or(rest.len());
                let value = rest.get(2..end).and_then(|name| variables.get(name)).cloned();
                ((end + 1).min(rest.len()), value.unwrap_or_else(|| UNKNOWN.to_string()))
            }
            [sign, ..] => (1, char::from(*sign).to_string()),
            [] => break,
        };
        out.push_replaced(&value, word.span_of(at..at + length));
        from = at + length;
    }
    out.push_slice(word, from..text.len());
    vec![Word::new(out.finish(word.span()))]
}
