//! Containers that command lines start: `docker run` in scripts, Makefiles, pipelines and units of systemd.

use lint_parser::compose::value::{Value, ValueKind};
use lint_parser::systemd;
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::files::{directory, file_name};
use crate::model::calls::{Act, CallWord, Calls, ContainerCall};
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::{Read, Window, comments};
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::project::Lowered;
use crate::model::project::input::{Input, InputKind};

/// Images that are run once, privileged, to set up the kernel of the host: there is no other way to do it.
const SETUP: [&str; 4] =
    ["tonistiigi/binfmt", "multiarch/qemu-user-static", "docker/binfmt", "linuxkit/binfmt"];

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
        containers: calls.iter().filter_map(lowered).collect(),
        comments: comments::of_lines(file.text()),
        ..Read::default()
    }
}

fn is_unit(path: &str) -> bool {
    let name = file_name(path);
    name.ends_with(".service") || name.ends_with(".conf")
}

/// A container that a command line starts; nothing where it is not known to start one.
fn lowered(call: &ContainerCall) -> Option<Lowered> {
    let words: Vec<Word> = call
        .words
        .iter()
        .map(|CallWord { text, is_open }| Word { text: text.clone(), is_open: *is_open })
        .collect();
    let (kind, grammar) = match call.act {
        Act::Run => (InputKind::CommandLine, Grammar::RUN),
        Act::Service => (InputKind::ServiceCreate, Grammar::SERVICE),
    };
    let mut flags = Flags::default();
    let rest = flags.read(grammar, &words);
    if rest.is_empty() && !flags.is_open {
        return None;
    }
    flags.image(rest);
    let mut input = Input::of(kind);
    input.is_podman = call.is_podman;
    let stays =
        flags.is_detached || flags.service.has("restart") || call.is_created || call.act == Act::Service;
    input.is_ephemeral = flags.is_removed || call.is_step || call.is_aside || !stays;
    container(flags, input, call.at, call.places.first().map_or("", String::as_str))
}

/// The container that flags make.
pub(super) fn container(mut flags: Flags, input: Input, at: Span, directory: &str) -> Option<Lowered> {
    let image = known_text(flags.service.get("image")).map(str::to_owned);
    if image.as_ref().is_some_and(|image| is_setup(image)) {
        return None;
    }
    if !flags.service.has("image") {
        let unknown = Mapped::replaced(UNKNOWN.to_string(), at);
        flags.service.set("image", at, tree::text(&unknown));
    }
    host_shell(&mut flags.service);
    let name = known_text(flags.service.get("container_name")).map(str::to_owned);
    let name = name.or_else(|| image.as_deref().map(name_of_image)).unwrap_or_else(|| "container".to_owned());
    Some(Lowered {
        input,
        tree: tree::project(vec![(name, at, flags.service)], at),
        directory: directory.to_owned(),
        is_open: flags.is_open,
    })
}

/// The text of a value, where all of it is known.
pub(super) fn known_text(value: Option<&Value>) -> Option<&str> {
    let text = value?.as_scalar()?.text.text();
    (is_known(text) && !text.is_empty()).then_some(text)
}

/// `registry/team/web:1` is called `web`.
pub(super) fn name_of_image(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split([':', '@']).next().unwrap_or(last).to_owned()
}

fn is_setup(image: &str) -> bool {
    let name = image.split(['@']).next().unwrap_or_default();
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    SETUP
        .iter()
        .any(|setup| name.strip_prefix(setup).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

/// `docker run --privileged --pid=host … nsenter -t 1` is a shell on the host. That it is privileged says so; each of the
/// namespaces it takes besides is no fault of its own.
fn host_shell(service: &mut Map) {
    let is_privileged = known_text(service.get("privileged")) == Some("true");
    let Some(ValueKind::Sequence(words)) = service.get("command").map(|command| &command.kind) else {
        return;
    };
    let enters =
        words.iter().any(|word| known_text(Some(word)).is_some_and(|word| file_name(word) == "nsenter"));
    if is_privileged && enters {
        ["pid", "ipc", "uts", "network_mode", "cgroup"].iter().for_each(|key| service.remove(key));
    }
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
