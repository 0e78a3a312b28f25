//! Command lines that start a container, their words with the bytes they are written as.

use std::ops::Range;

use lint_parser::shell::word::{Parameter, Part, PartKind, Quoting, Word};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;

use crate::files::file_name;
use crate::model::calls::docker;
use crate::model::calls::frame::{Frame, LONGEST};
use crate::model::calls::shell::Reader;
use crate::model::calls::wrappers::are_wrappers;
use crate::model::kit::holes::{ROOTED, UNKNOWN, is_known};

/// How many command lines of one file are kept.
const MOST_CONTAINERS: usize = 2_000;

/// How many words of one are kept.
const MOST_WORDS: usize = 2_000;

/// A command line that starts a container.
#[derive(Clone, Debug)]
pub struct ContainerCall {
    /// From the program's name to that of what it is to do: `docker run`.
    pub at: Span,
    /// What it is to do.
    pub act: Act,
    /// Whether the program is Podman.
    pub is_podman: bool,
    /// The words behind it.
    pub words: Vec<CallWord>,
    /// The directories that it may be run in.
    pub places: Vec<String>,
    /// Whether it is there for whoever develops, to test, to lint or to show something.
    pub is_aside: bool,
    /// Whether it is a step of a pipeline.
    pub is_step: bool,
    /// Whether the container is made and not started: somebody else will.
    pub is_created: bool,
}

/// What a command line does with a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// `docker run`, `docker create`
    Run,
    /// `docker service create`
    Service,
    /// `docker exec`
    Exec,
    /// `docker compose exec`
    ComposeExec,
    /// `docker compose run`
    ComposeRun,
    /// `docker build`
    Build,
    /// `docker buildx bake`
    Bake,
}

/// A word of a command line.
#[derive(Clone, Debug)]
pub struct CallWord {
    /// What it says; what is unknown in it is marked so.
    pub text: Mapped,
    /// Whether it may become no word or several.
    pub is_open: bool,
}

impl Reader<'_> {
    /// Takes note of a command line that starts a container. `words` are the words of the command as they become.
    pub(super) fn container(&mut self, command: &[Word], words: &[String], frame: &Frame) {
        if frame.is_elsewhere || self.found.containers.len() >= MOST_CONTAINERS || start_of(words).is_none() {
            return;
        }
        let words = self.placed(command, frame);
        let texts: Vec<String> = words.iter().map(|word| word.text.text().to_owned()).collect();
        let Some(start) = start_of(&texts) else { return };
        let (Some(first), Some(last)) = (words.get(start.program), words.get(start.act_at)) else { return };
        let mut rest = words.get(start.act_at + 1..).unwrap_or_default().to_vec();
        if texts.iter().take(start.program).any(|word| word == "xargs") {
            read_by_xargs(&texts[..start.program], &mut rest, last.text.span().end());
        }
        self.found.containers.push(ContainerCall {
            at: first.text.span().cover(last.text.span()),
            act: start.act,
            is_podman: start.is_podman,
            words: rest.into_iter().take(MOST_WORDS).collect(),
            places: frame.places.clone(),
            is_aside: frame.is_aside || frame.is_trial,
            is_step: frame.is_step,
            is_created: last.text.text() == "create",
        });
    }

    /// The words that words become, each at its bytes. A variable counts where one value is certain.
    fn placed(&mut self, words: &[Word], frame: &Frame) -> Vec<CallWord> {
        let mut all = Vec::with_capacity(words.len());
        let mut length = 0;
        for word in words {
            for word in self.placed_word(word, frame) {
                length += word.text.text().len();
                if length > LONGEST {
                    return all;
                }
                all.push(word);
            }
        }
        all
    }

    fn placed_word(&mut self, word: &Word, frame: &Frame) -> Vec<CallWord> {
        let mut done: Vec<CallWord> = Vec::new();
        let mut open = MappedBuilder::default();
        let (mut is_quoted, mut has_split) = (false, false);
        let mut braces: Vec<Range<usize>> = Vec::new();
        for part in &word.parts {
            is_quoted |= part.quoting != Quoting::None;
            let values = match &part.kind {
                PartKind::Literal if tilde_in(part.text.text(), open.text()).is_some() => {
                    // The shell leaves it as it is, and no directory is called so.
                    let range = part.text.range();
                    let at = range.start + tilde_in(part.text.text(), open.text()).unwrap_or_default();
                    open.push_slice(part.text.whole_text(), range.start..at);
                    open.push_replaced(&UNKNOWN.to_string(), part.text.span());
                    open.push_slice(part.text.whole_text(), at + 1..range.end);
                    continue;
                }
                PartKind::Literal | PartKind::Glob | PartKind::Tilde | PartKind::Brace => {
                    let at = open.text().len();
                    open.push_slice(part.text.whole_text(), part.text.range());
                    if matches!(part.kind, PartKind::Brace) {
                        braces.push(at..open.text().len());
                    }
                    continue;
                }
                PartKind::Parameter(parameter)
                    if is_home(parameter) && !frame.variables.contains_key("HOME") =>
                {
                    vec![if is_beginning(open.text()) { "~".to_owned() } else { UNKNOWN.to_string() }]
                }
                PartKind::Escape(c) => {
                    open.push_replaced(c.encode_utf8(&mut [0; 4]), part.text.span());
                    continue;
                }
                PartKind::Parameter(parameter)
                    if frame.is_sure(parameter.name.text()) || is_engine_in(parameter, frame) =>
                {
                    self.parameter(parameter, frame)
                }
                PartKind::CommandSubstitution(list) => vec![self.substitution(list, frame)],
                _ => vec![UNKNOWN.to_string()],
            };
            let (pieces, parts_after) = pieces(part, &values);
            let span = part.text.span();
            for (index, piece) in pieces.iter().enumerate() {
                if index > 0 {
                    has_split = true;
                    let text = std::mem::take(&mut open).finish(span);
                    done.push(CallWord { text, is_open: false });
                }
                open.push_replaced(piece, span);
            }
            if parts_after {
                has_split = true;
            }
        }
        if open.text().is_empty() && !is_quoted && !word.parts.is_empty() {
            return done;
        }
        let is_any = word.parts.iter().any(|part| matches!(&part.kind, PartKind::Parameter(p) if is_list(p)));
        let is_open = (!is_quoted || is_any) && !has_split && open.text().chars().all(|c| c == UNKNOWN);
        let text = open.finish(word.span());
        let is_open = is_open && !text.is_empty();
        if let ([brace], true) = (braces.as_slice(), done.is_empty()) {
            return alternatives(&unrooted(&text), brace.clone());
        }
        done.push(CallWord { text: unrooted(&text), is_open });
        done
    }
}

/// `--cap-add={SYS_ADMIN,NET_ADMIN}` is two words. What else stands in braces is left as it is.
fn alternatives(text: &Mapped, brace: Range<usize>) -> Vec<CallWord> {
    let whole = text.text();
    let inner = whole.get(brace.clone()).and_then(|brace| brace.strip_prefix('{')?.strip_suffix('}'));
    let Some(inner) = inner.filter(|inner| inner.contains(',') && !inner.contains(['{', '}'])) else {
        return vec![CallWord { text: text.clone(), is_open: false }];
    };
    let mut from = brace.start + 1;
    let words = inner.split(',').map(|part| {
        let mut word = MappedBuilder::default();
        word.push_slice(text, 0..brace.start);
        word.push_slice(text, from..from + part.len());
        word.push_slice(text, brace.end..whole.len());
        from += part.len() + 1;
        CallWord { text: word.finish(text.span()), is_open: false }
    });
    words.collect()
}

/// What `xargs` reads: it comes behind the words, or in the place of what `-I` names.
fn read_by_xargs(before: &[String], words: &mut Vec<CallWord>, end: usize) {
    let replaced = before.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("-I")? {
        "" => before.get(at + 1).map(String::as_str),
        attached => Some(attached),
    });
    let unknown = |at: Span| Mapped::replaced(UNKNOWN.to_string(), at);
    match replaced.filter(|name| !name.is_empty()) {
        Some(name) => {
            for word in words.iter_mut().filter(|word| word.text.text().contains(name)) {
                word.text = unknown(word.text.span());
            }
        }
        None => words.push(CallWord { text: unknown(Span::at(end)), is_open: true }),
    }
}

/// Whether a parameter is many words even in quotes: `"$@"`, `"${ARGS[@]}"`.
fn is_list(parameter: &Parameter) -> bool {
    matches!(parameter.name.text(), "@" | "*")
        || parameter.subscript.as_ref().is_some_and(|subscript| matches!(subscript.text(), "@" | "*"))
}

/// Whether a variable holds the name of an engine, in this branch or that: `command -v podman && E=podman || E=docker`.
fn is_engine_in(parameter: &Parameter, frame: &Frame) -> bool {
    let words = frame.variables.get(parameter.name.text()).map(Vec::as_slice);
    matches!(words, Some([word]) if docker::program(std::slice::from_ref(word)).is_some())
}

/// `$HOME`
fn is_home(parameter: &Parameter) -> bool {
    parameter.name.text() == "HOME"
        && parameter.operator.is_none()
        && !parameter.length
        && !parameter.indirect
}

/// Whether a value begins behind a text: at the beginning of a word, behind `--volume=` or `source=`.
fn is_beginning(before: &str) -> bool {
    before.is_empty() || before.ends_with('=')
}

/// Where a value begins with a tilde that is not the shell's: in quotes, or behind `--volume=`.
fn tilde_in(text: &str, before: &str) -> Option<usize> {
    let is_home = |text: &str| text == "~" || text.starts_with("~/") || text.starts_with("~:");
    if is_beginning(before) && is_home(text) {
        return Some(0);
    }
    let at = text.find("=~").filter(|_| before.is_empty() && text.starts_with('-'))? + 1;
    is_home(&text[at..]).then_some(at)
}

/// The words that the value of a part falls apart into, and whether it ends with a blank.
fn pieces<'v>(part: &Part, values: &'v [String]) -> (Vec<&'v str>, bool) {
    if part.quoting != Quoting::None {
        return (values.iter().map(String::as_str).collect(), false);
    }
    let pieces: Vec<&str> = values.iter().flat_map(|value| value.split_whitespace()).collect();
    (pieces, values.last().is_some_and(|value| value.ends_with(char::is_whitespace)))
}

/// A path that does not depend on where the command runs, as one that starts there: what is mounted is below the repository.
fn unrooted(text: &Mapped) -> Mapped {
    match text.text().find(ROOTED) {
        Some(0) => {
            let rest = text.text().trim_start_matches(ROOTED);
            let rest = if rest.starts_with(['.', '/']) { rest.to_owned() } else { format!("./{rest}") };
            Mapped::replaced(rest, text.span())
        }
        _ => text.clone(),
    }
}

/// Where a command line that starts a container begins, and what it does.
struct Start {
    program: usize,
    act_at: usize,
    act: Act,
    is_podman: bool,
}

fn start_of(words: &[String]) -> Option<Start> {
    let (program, name) = words.iter().enumerate().find_map(|(at, word)| match file_name(word) {
        "docker" | "docker.io" | "docker.exe" | "nerdctl" => Some((at, "docker")),
        "podman" | "podman-remote" => Some((at, "podman")),
        "docker-compose" | "docker-compose.exe" | "podman-compose" => Some((at, "compose")),
        _ => None,
    })?;
    let is_podman = name == "podman";
    // `echo docker run x` starts nothing; on another machine, the words are those of its shell.
    let before = words.get(..program)?;
    let is_remote = before.first().is_some_and(|first| first == "ssh");
    if !is_remote && !are_wrappers(before) {
        return None;
    }
    let mut at = program + 1;
    let mut path: Vec<&str> = if name == "compose" { vec!["compose"] } else { Vec::new() };
    while let Some(word) = words.get(at) {
        if word.starts_with('-') {
            let valued: &[&str] = match path.first() {
                Some(&"compose") => &docker::COMPOSE_GLOBAL,
                Some(&"buildx") => &["--builder"],
                _ => &docker::GLOBAL,
            };
            at += if valued.contains(&word.as_str()) { 2 } else { 1 };
            continue;
        }
        if !is_known(word) {
            return None;
        }
        path.push(word);
        let act = match path.as_slice() {
            ["run" | "create"] | ["container", "run" | "create"] => Some(Act::Run),
            ["service", "create"] => Some(Act::Service),
            ["exec"] | ["container", "exec"] => Some(Act::Exec),
            ["compose", "exec"] => Some(Act::ComposeExec),
            ["compose", "run"] => Some(Act::ComposeRun),
            ["build"] | ["image" | "builder" | "buildx", "build"] | ["buildx", "b"] => Some(Act::Build),
            ["buildx", "bake"] => Some(Act::Bake),
            ["container" | "service" | "compose" | "image" | "builder" | "buildx"] => None,
            _ => return None,
        };
        if let Some(act) = act {
            return Some(Start { program, act_at: at, act, is_podman });
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_a_container_and_what_speaks_of_it() {
        let start = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            start_of(&words).map(|start| start.act)
        };
        for line in [
            "docker run x",
            "sudo -E docker run x",
            "sudo -u deploy docker run x",
            "/usr/bin/docker --context c container create x",
            "podman-remote run x",
            "timeout 5 docker -H ssh://h run x",
            "ssh host docker run x",
            "env A=b docker run x",
        ] {
            assert_eq!(start(line), Some(Act::Run), "{line}");
        }
        assert_eq!(start("docker service create x"), Some(Act::Service));
        assert_eq!(start("docker compose -f a.yml --profile b run x"), Some(Act::ComposeRun));
        assert_eq!(start("docker-compose exec x y"), Some(Act::ComposeExec));
        assert_eq!(start("docker buildx --builder a build ."), Some(Act::Build));
        assert_eq!(start("docker buildx bake"), Some(Act::Bake));
        assert_eq!(start("podman container exec x y"), Some(Act::Exec));
        for line in [
            "echo docker run x",
            "docker compose up x",
            "docker buildx create x",
            "docker volume create x",
            "docker",
            "grep docker run",
        ] {
            assert_eq!(start(line), None, "{line}");
        }
    }
}
