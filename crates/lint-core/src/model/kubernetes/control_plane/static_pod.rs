//! A component that runs as a pod: its flags are the words of its command.

use std::sync::Arc;

use lint_parser::compose::value::Value;

use super::{Component, ComponentKind, Flag, StartedBy};
use crate::files::file_name;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::{self, string_at, text};

pub(super) fn of(object: &Object) -> Vec<Component> {
    let Some(pod) = Pod::of(object) else { return Vec::new() };
    let components = pod.containers().into_iter().filter_map(|container| {
        let kind = kind_of(&container)?;
        let words =
            || tree::list(container.value, "command").iter().chain(tree::list(container.value, "args"));
        let mut flags = flags(&words().collect::<Vec<_>>());
        if kind == ComponentKind::Etcd && words().next().is_some() {
            // Its flags come before its variables. An image that somebody else has made of it has an entrypoint of its own.
            flags.splice(0..0, variables_of_etcd(&container));
        }
        // A wrapper may add what is not seen here.
        let is_scripted =
            words().filter_map(|word| text(word)).any(|word| word.contains("$(") || word.contains(" --"));
        (!flags.is_empty() && !is_scripted).then(|| Component {
            kind,
            // kube-proxy is mostly started with a file, which is judged by itself.
            started_by: match flags.iter().any(|flag| flag.name == "config") {
                true => StartedBy::File,
                false => StartedBy::CommandLine,
            },
            files: Arc::clone(&object.files),
            head: container.head(),
            heads: Vec::new(),
            is_for_tests: false,
            flags,
        })
    });
    components.collect()
}

/// The component that a container runs, if it runs one.
#[must_use]
pub fn kind_of(container: &PodContainer<'_>) -> Option<ComponentKind> {
    let first = |list: &str| tree::list(container.value, list).first().and_then(|word| text(word));
    let program = first("command").or_else(|| first("args").filter(|word| !word.starts_with('-')));
    if let Some(program) = program {
        return ComponentKind::of_program(file_name(program));
    }
    let image = string_at(container.value, &["image"])?;
    let name = file_name(image).split([':', '@']).next().unwrap_or_default();
    ComponentKind::of_program(name)
}

/// etcd takes each flag from a variable too: `ETCD_AUTO_TLS`.
fn variables_of_etcd(container: &PodContainer<'_>) -> Vec<Flag> {
    let variables = tree::list(container.value, "env").iter().filter_map(|variable| {
        let written = string_at(variable, &["name"])?;
        let name = written.strip_prefix("ETCD_")?.to_ascii_lowercase();
        let value = tree::get(variable, "value")?;
        let flag = flag(&name, text(value)?.to_owned(), value.origin);
        Some(Flag { written: written.to_owned(), ..flag })
    });
    variables.collect()
}

/// The flags among words: `--name=value`, `--name value`, `--name`.
fn flags(words: &[&Arc<Value>]) -> Vec<Flag> {
    let mut flags: Vec<Flag> = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let Some(written) = text(word).filter(|word| word.starts_with("--")) else { continue };
        let (name, value) = match written.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => {
                let next = words.next_if(|next| text(next).is_some_and(|next| !next.starts_with('-')));
                (written, next.and_then(|next| text(next)).unwrap_or("true").to_owned())
            }
        };
        flags.push(flag(name.trim_start_matches('-'), value, word.origin));
    }
    flags
}

/// A flag of a command line. Dashes and underscores are the same to Kubernetes.
pub(super) fn flag(name: &str, value: String, origin: lint_parser::compose::value::Origin) -> Flag {
    let name = name.replace('_', "-");
    let value = value.trim_matches(['"', '\'']).to_owned();
    Flag { written: format!("--{name}"), name, value, origin }
}
