//! The container that flags make, whatever they stand in.

use lint_parser::compose::value::{SourceId, Value, ValueKind};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::file_name;
use crate::model::inputs::flag::READ_ONLY_TMPFS;
use crate::model::inputs::flags::Flags;
use crate::model::inputs::tree::{self, Map};
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::project::Lowered;
use crate::model::project::besides::Besides;
use crate::model::project::input::Input;

/// Images that are run once, privileged, to set up the kernel of the host: there is no other way to do it.
const SETUP: [&str; 4] =
    ["tonistiigi/binfmt", "multiarch/qemu-user-static", "docker/binfmt", "linuxkit/binfmt"];

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
    if input.is_podman {
        read_only_tmpfs(&mut flags.service);
    }
    let name = known_text(flags.service.get("container_name")).map(str::to_owned);
    let name = name
        .or(flags.name.take())
        .or_else(|| image.as_deref().map(name_of_image))
        .unwrap_or_else(|| "container".to_owned());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let name = name.replace(|c| !is_plain(c), "_");
    Some(Lowered {
        input,
        tree: tree::project(vec![(name, at, flags.service)], at),
        directory: directory.to_owned(),
        is_open: flags.is_open,
        besides: Besides::default(),
    })
}

/// Podman mounts memory at a few places of a container that cannot write elsewhere, unless it is told not to.
pub(super) fn read_only_tmpfs(service: &mut Map) {
    let is_off = known_text(service.get(READ_ONLY_TMPFS)) == Some("false");
    service.remove(READ_ONLY_TMPFS);
    let Some(read_only) = service.get("read_only").filter(|value| known_text(Some(value)) == Some("true"))
    else {
        return;
    };
    if is_off {
        return;
    }
    let read_only = read_only.clone();
    let at = if read_only.origin.source == SourceId(0) { read_only.origin.span } else { Span::default() };
    for place in ["/run", "/tmp", "/var/tmp"] {
        let made = tree::with(&read_only, tree::made(place, at).kind.clone());
        service.push("tmpfs", at, made);
    }
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
