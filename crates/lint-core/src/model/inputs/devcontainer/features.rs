//! The features of a development container: what they add, and whether their versions are written down.

use std::collections::BTreeSet;

use lint_parser::json::{self, Json, Member};

use crate::files::{Files, directory, file_name, join};
use crate::model::inputs::flags::Flags;
use crate::model::inputs::tree;
use crate::model::project::besides::Feature;

/// Features that give the container what nobody wrote: the engine of the host.
const ENGINE: [&str; 2] = ["docker-outside-of-docker", "docker-from-docker"];

/// Features that are privileged.
const PRIVILEGED: [&str; 1] = ["docker-in-docker"];

fn features(root: &Json) -> &[Member] {
    root.get("features").map(|member| member.value.members()).unwrap_or_default()
}

/// What features are known to add: nobody wrote it, and it is there.
pub(super) fn add(root: &Json, flags: &mut Flags) {
    for member in features(root) {
        let name = member.name.rsplit('/').next().unwrap_or_default();
        let name = name.split([':', '@']).next().unwrap_or_default();
        let at = member.name_span;
        if ENGINE.contains(&name) {
            let socket = "/var/run/docker.sock:/var/run/docker-host.sock";
            flags.service.push("volumes", at, tree::made(socket, at));
        } else if PRIVILEGED.contains(&name) && !flags.service.has("privileged") {
            flags.service.set("privileged", at, tree::boolean(true, at));
        }
    }
}

/// The features that come from a registry.
pub(super) fn of(root: &Json, path: &str, files: &dyn Files) -> Vec<Feature> {
    let members = features(root);
    let locked = if members.is_empty() { Lock::Missing } else { lock(path, files) };
    members.iter().filter_map(|member| feature(member, &locked)).collect()
}

/// What the lock file says.
enum Lock {
    /// There is none.
    Missing,
    /// It cannot be read.
    Unknown,
    /// The names of what it holds, in lower case.
    Holds(BTreeSet<String>),
}

fn feature(member: &Member, lock: &Lock) -> Option<Feature> {
    let whole = member.name.as_str();
    // In a directory of the repository, in an archive, or called as before there were registries.
    if whole.starts_with('.') || whole.contains("://") || whole.contains("${") || !whole.contains('/') {
        return None;
    }
    let at = whole.rfind('/').unwrap_or_default();
    let last = &whole[at..];
    let has_digest = last.contains('@');
    let end = at + last.find([':', '@']).unwrap_or(last.len());
    let version = whole.get(end + 1..).filter(|version| !version.is_empty());
    let is_exact = has_digest || version.is_some_and(|version| version.matches('.').count() >= 2);
    let is_moving = version.is_none_or(|version| version == "latest");
    let (is_locked, is_unlocked) = match lock {
        Lock::Missing => (false, false),
        Lock::Unknown => (true, false),
        Lock::Holds(names) => {
            let holds = names.contains(&whole.to_lowercase());
            (holds, !holds)
        }
    };
    Some(Feature {
        name: whole[..end].to_owned(),
        version: version.map(str::to_owned),
        is_pinned: is_exact || is_locked || !is_moving && !is_unlocked,
        is_unlocked,
        origin: tree::origin(member.name_span),
    })
}

/// The lock file lies beside, and is hidden where the file itself is.
fn lock(path: &str, files: &dyn Files) -> Lock {
    let name = match file_name(path) {
        ".devcontainer.json" => ".devcontainer-lock.json",
        _ => "devcontainer-lock.json",
    };
    let path = join(directory(path), name);
    let Ok(text) = files.read(&path) else {
        return if files.exists(&path) { Lock::Unknown } else { Lock::Missing };
    };
    let Some(root) = json::parse(&json::without_comments(&text)).tree else { return Lock::Unknown };
    Lock::Holds(features(&root).iter().map(|member| member.name.to_lowercase()).collect())
}
