//! The words of `docker build`, `docker compose` and their kin.

use std::collections::BTreeMap;

use crate::files::{file_name, join};
use crate::model::build::NamedContext;
use crate::model::calls::frame::{Frame, is_name};
use crate::model::calls::text::paths;
use crate::model::calls::{BuildCall, Deed, Found, StartCall};
use crate::model::kit::holes::is_known;

/// How many calls of one file are kept.
const MOST_CALLS: usize = 2_000;

/// Options of `docker`, `podman` and `nerdctl` themselves that take a value.
pub(super) const GLOBAL: [&str; 33] = [
    "--config",
    "-c",
    "--context",
    "-H",
    "--host",
    "-l",
    "--log-level",
    "--tlscacert",
    "--tlscert",
    "--tlskey",
    "--connection",
    "--root",
    "-n",
    "--namespace",
    "--address",
    "--url",
    "--identity",
    "--cgroup-manager",
    "--events-backend",
    "--hooks-dir",
    "--imagestore",
    "--module",
    "--network-config-dir",
    "--out",
    "--runroot",
    "--runtime",
    "--runtime-flag",
    "--ssh",
    "--storage-driver",
    "--storage-opt",
    "--tmpdir",
    "--volumepath",
    "--conmon",
];

/// Options of `docker compose` itself that take a value.
pub(super) const COMPOSE_GLOBAL: [&str; 10] = [
    "-f",
    "--file",
    "-p",
    "--project-name",
    "--project-directory",
    "--env-file",
    "--profile",
    "--parallel",
    "--progress",
    "--ansi",
];

/// Options of a build that take a value, besides those that are read here.
const BUILD: [&str; 46] = [
    "--add-host",
    "--allow",
    "--annotation",
    "--attest",
    "--builder",
    "--cache-from",
    "--cache-to",
    "--call",
    "--cgroup-parent",
    "--iidfile",
    "--label",
    "--metadata-file",
    "--network",
    "--no-cache-filter",
    "-o",
    "--output",
    "--policy",
    "--progress",
    "--resource",
    "--secret",
    "--shm-size",
    "--ssh",
    "--ulimit",
    "-m",
    "--memory",
    "--memory-swap",
    "-c",
    "--cpu-shares",
    "--cpu-period",
    "--cpu-quota",
    "--cpuset-cpus",
    "--cpuset-mems",
    "--isolation",
    "--security-opt",
    "--format",
    "-v",
    "--volume",
    "--authfile",
    "--creds",
    "--cert-dir",
    "--jobs",
    "--ignorefile",
    "--env",
    "--userns",
    "--arch",
    "--os",
];

/// Where the words of a container program begin, and its name. Wrappers of all kinds may stand before it.
pub(super) fn program(words: &[String]) -> Option<(usize, &str)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let name = match file_name(word) {
            "docker" | "docker.io" | "docker.exe" | "podman" | "podman-remote" | "nerdctl" => "docker",
            "docker-compose" | "docker-compose.exe" | "podman-compose" => "docker-compose",
            "docker-buildx" => "docker-buildx",
            "buildah" => "buildah",
            "executor" if word.contains("kaniko") => "kaniko",
            _ => return None,
        };
        Some((at, name))
    })
}

/// Takes note of what a command builds or starts.
pub(super) fn command(words: &[String], frame: &Frame, found: &mut Found) {
    let Some((at, name)) = program(words) else { return };
    if found.builds.len() + found.starts.len() >= MOST_CALLS {
        return;
    }
    let mut frame = frame.clone();
    let assigned = words[..at].iter().filter_map(|word| word.split_once('='));
    for (name, _) in assigned.filter(|(name, _)| is_name(name)) {
        frame.expose(name);
    }
    let words = &words[at + 1..];
    match name {
        "docker-compose" => found.starts.push(compose(words, &frame)),
        "docker-buildx" => subcommand(words, &["buildx"], &frame, found),
        "kaniko" => found.builds.extend(kaniko(words, &frame)),
        _ => subcommand(words, &[], &frame, found),
    }
}

fn subcommand(words: &[String], before: &[&str], frame: &Frame, found: &mut Found) {
    let mut rest = words;
    let mut path: Vec<&str> = before.to_vec();
    while let [word, after @ ..] = rest {
        rest = after;
        if word.starts_with('-') {
            if GLOBAL.contains(&word.as_str()) || word == "--builder" {
                rest = rest.get(1..).unwrap_or_default();
            }
            continue;
        }
        path.push(word);
        match path.as_slice() {
            ["build" | "bud"] | ["image" | "builder", "build"] | ["buildx", "build" | "b"] => {
                found.builds.extend(build(rest, frame));
                return;
            }
            ["compose"] => {
                found.starts.push(compose(rest, frame));
                return;
            }
            ["stack", "deploy" | "up"] => {
                found.starts.extend(stack(rest, frame));
                return;
            }
            ["tag"] | ["image", "tag"] => {
                let names: Vec<&String> = rest.iter().filter(|word| !word.starts_with('-')).collect();
                if let [from, to, ..] = names[..] {
                    found.renamed.push((from.clone(), to.clone()));
                }
                return;
            }
            ["commit" | "import"] => {
                let tag = rest.iter().filter(|word| !word.starts_with('-')).nth(1);
                let made = tag.map(|tag| BuildCall {
                    file: frame.file.clone(),
                    tags: vec![tag.clone()],
                    ..BuildCall::default()
                });
                found.builds.extend(made);
                return;
            }
            ["buildx" | "image" | "builder" | "stack"] => {}
            _ => return,
        }
    }
}

/// A word's option and its value, which is the next word where none is attached.
struct Options<'w> {
    words: &'w [String],
}

impl<'w> Options<'w> {
    /// The next word: an option (`Some`) with the value attached to it, or an operand.
    fn next(&mut self) -> Option<(&'w str, Option<&'w str>)> {
        let (word, rest) = self.words.split_first()?;
        self.words = rest;
        Some(match word.split_once('=').filter(|_| word.starts_with("--")) {
            Some((option, value)) => (option, Some(value)),
            None => match word.char_indices().nth(2) {
                // `-fDockerfile`, `-t=name`
                Some((at, _))
                    if word.starts_with(['-']) && !word.starts_with("--") && takes_attached(word) =>
                {
                    let value = &word[at..];
                    (&word[..at], Some(value.strip_prefix('=').unwrap_or(value)))
                }
                _ => (word, None),
            },
        })
    }

    fn value(&mut self, attached: Option<&'w str>) -> &'w str {
        if let Some(value) = attached {
            return value;
        }
        let Some((word, rest)) = self.words.split_first() else { return "" };
        self.words = rest;
        word
    }
}

fn takes_attached(word: &str) -> bool {
    matches!(word.as_bytes().get(1), Some(b'f' | b't' | b'p'))
}

/// `/kaniko/executor`, which builds in a cluster.
fn kaniko(words: &[String], frame: &Frame) -> Option<BuildCall> {
    let mut call = BuildCall { file: frame.file.clone(), is_aside: frame.is_aside, ..BuildCall::default() };
    let (mut dockerfile, mut context): (Option<&str>, Option<&str>) = (None, None);
    let mut options = Options { words };
    while let Some((option, attached)) = options.next() {
        match option {
            "-f" | "--dockerfile" => dockerfile = Some(options.value(attached)),
            "-c" | "--context" => context = Some(options.value(attached)),
            "-d" | "--destination" => call.tags.push(options.value(attached).to_owned()),
            "--target" => call.target = Some(options.value(attached).to_owned()),
            "--build-arg" => argument(&mut call.args, options.value(attached)),
            _ => {}
        }
    }
    let context = context.unwrap_or(".").trim_start_matches("dir://");
    if context.contains("://") {
        return None;
    }
    call.dockerfiles = dockerfiles(dockerfile, context, frame);
    Some(call)
}

/// `docker build`; nothing where its Dockerfile and its names are on no disk.
pub(super) fn build(words: &[String], frame: &Frame) -> Option<BuildCall> {
    let mut call = BuildCall { file: frame.file.clone(), is_aside: frame.is_aside, ..BuildCall::default() };
    let (mut dockerfile, mut context): (Option<&str>, Option<&str>) = (None, None);
    let mut options = Options { words };
    while let Some((option, attached)) = options.next() {
        match option {
            "-f" | "--file" => dockerfile = Some(options.value(attached)),
            "-t" | "--tag" => call.tags.push(options.value(attached).to_owned()),
            "--target" => call.target = Some(options.value(attached).to_owned()),
            "--platform" => {
                call.platforms.extend(options.value(attached).split(',').map(str::to_owned));
            }
            "--build-arg" => argument(&mut call.args, options.value(attached)),
            "--build-context" => {
                if let Some((name, value)) = options.value(attached).split_once('=') {
                    call.contexts.insert(name.to_lowercase(), named_context(value));
                }
            }
            option if option.starts_with('-') && option != "-" => {
                if attached.is_none() && BUILD.contains(&option) {
                    options.value(None);
                }
            }
            operand => {
                if context.is_none_or(|context| !is_known(context)) {
                    context = Some(operand);
                }
            }
        }
    }
    call.target = call.target.filter(|target| is_known(target));
    call.dockerfiles = dockerfiles(dockerfile, context.unwrap_or("."), frame);
    (!call.dockerfiles.is_empty() || !call.tags.is_empty()).then_some(call)
}

/// The paths that a build's Dockerfile may have.
pub(super) fn dockerfiles(dockerfile: Option<&str>, context: &str, frame: &Frame) -> Vec<String> {
    let is_remote = context.contains("://") || context.starts_with("git@");
    if is_remote || dockerfile == Some("-") || (context == "-" && dockerfile.is_none()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    match dockerfile {
        Some(file) => {
            found.extend(frame.paths(file));
            // Podman and Compose take it from the context.
            found.extend(
                frame
                    .paths(context)
                    .iter()
                    .flat_map(|context| paths(file, std::slice::from_ref(context), frame.here())),
            );
        }
        None => {
            let contexts = frame.paths(context);
            for name in ["Dockerfile", "Containerfile"] {
                found.extend(contexts.iter().map(|context| join(context, name)));
            }
        }
    }
    found
}

/// `NAME=value`, `NAME`
pub(super) fn argument(args: &mut BTreeMap<String, Option<String>>, text: &str) {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned()).filter(|value| is_known(value))),
        None => (text, None),
    };
    if is_name(name) {
        args.insert(name.to_owned(), value);
    }
}

/// `docker-image://alpine:3.22`, `../lib`
pub(super) fn named_context(value: &str) -> NamedContext {
    match value.strip_prefix("docker-image://").filter(|image| is_known(image)) {
        Some(image) => NamedContext::Image(image.to_owned()),
        None => NamedContext::Other,
    }
}

/// `docker compose`
pub(super) fn compose(words: &[String], frame: &Frame) -> StartCall {
    let mut call = StartCall {
        file: frame.file.clone(),
        places: frame.places.clone(),
        variables: (*frame.environment).clone(),
        group: frame.group.filter(|_| !frame.is_aside && !frame.is_trial),
        ..StartCall::default()
    };
    let mut options = Options { words };
    while let Some((option, attached)) = options.next() {
        match option {
            "-f" | "--file" => {
                let file = options.value(attached);
                if file != "-" {
                    call.files.push(frame.paths(file));
                }
            }
            "--project-directory" => call.directory = frame.paths(options.value(attached)),
            "--env-file" => call.env_files.push(frame.paths(options.value(attached))),
            "-p" | "--project-name" => {
                options.value(attached);
                call.is_named = true;
            }
            "--profile" | "--parallel" | "--progress" | "--ansi" | "-H" | "--host" | "-c" | "--context" => {
                options.value(attached);
            }
            option if option.starts_with('-') || !is_known(option) => {}
            verb => {
                call.act = deed(verb, options.words, frame);
                break;
            }
        }
    }
    if call.files.is_empty() {
        call.files = listed(frame);
    }
    call
}

/// What a subcommand of Compose does.
fn deed(verb: &str, words: &[String], frame: &Frame) -> Deed {
    let says = |option: &str| words.iter().any(|word| word == option);
    match verb {
        "up" if frame.is_background || says("-d") || says("--detach") || says("--wait") => Deed::Up,
        "up" => Deed::Foreground,
        "start" | "restart" => Deed::Up,
        "down" | "stop" | "kill" | "rm" => Deed::Down,
        _ => Deed::Other,
    }
}

/// `COMPOSE_FILE=a.yml:b.yml docker compose up`
fn listed(frame: &Frame) -> Vec<Vec<String>> {
    let Some(value) = frame.variables.get("COMPOSE_FILE") else { return Vec::new() };
    let value = value.concat();
    let separator = if value.contains(';') { ';' } else { ':' };
    value.split(separator).filter(|path| !path.is_empty()).map(|path| frame.paths(path)).collect()
}

/// `docker stack deploy -c stack.yml name`
fn stack(words: &[String], frame: &Frame) -> Option<StartCall> {
    let mut call = StartCall {
        file: frame.file.clone(),
        places: frame.places.clone(),
        variables: (*frame.environment).clone(),
        ..StartCall::default()
    };
    call.is_stack = true;
    let mut options = Options { words };
    while let Some((option, attached)) = options.next() {
        if matches!(option, "-c" | "--compose-file") {
            let files = options.value(attached).split(',').filter(|file| *file != "-");
            call.files.extend(files.map(|file| frame.paths(file)));
        }
    }
    (!call.files.is_empty()).then_some(call)
}
