//! What generators make: ConfigMaps and Secrets of literals, of files of variables, and of files.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Origin, Scalar, Value, ValueKind};
use lint_parser::text::mapped::Mapped;

use super::{Builder, entry, mapping, string};
use crate::files::{file_name, join};
use crate::model::kubernetes::tree::{self, get, list, text};

impl Builder<'_> {
    /// Adds the objects. Their names get no hash: what refers to them has none either.
    pub(super) fn generated(&mut self, root: &Arc<Value>, home: &str, objects: &mut Vec<Arc<Value>>) {
        for (key, kind, section) in
            [("configMapGenerator", "ConfigMap", "data"), ("secretGenerator", "Secret", "stringData")]
        {
            for generator in list(root, key) {
                let mut data = literals(generator);
                let files = list(generator, "envs").iter().chain(get(generator, "env"));
                for file in files.filter_map(|file| text(file)) {
                    // A file of secrets is not for a repository, and judged by itself where it is in one.
                    if kind == "ConfigMap" {
                        data.extend(self.variables(&join(home, file)));
                    }
                }
                for file in list(generator, "files") {
                    data.extend(file_of(file));
                }
                let made = made(kind, section, generator, data);
                match string_at_name(generator)
                    .filter(|_| tree::string_at(generator, &["behavior"]) == Some("merge"))
                {
                    Some(name) => merge(objects, kind, section, name, &made),
                    None => objects.push(made),
                }
            }
        }
    }

    /// The variables of a file of `NAME=value` lines.
    fn variables(&mut self, path: &str) -> Vec<Entry> {
        let Some((file, source)) = self.open_text(path) else { return Vec::new() };
        let mut found = Vec::new();
        let mut start = 0;
        for line in file.text().split_inclusive('\n') {
            let (own, at) = (line.trim_end(), start);
            start += line.len();
            let Some((name, value)) = own.split_once('=').filter(|_| !own.trim_start().starts_with('#'))
            else {
                continue;
            };
            let span = |from: usize, to: usize| lint_parser::text::span::Span::new(at + from, at + to);
            let key = Origin { source, span: span(0, name.len()) };
            let origin = Origin { source, span: span(name.len() + 1, own.len()) };
            let mapped = Mapped::verbatim(value, origin.span.start());
            found.push(entry(name.trim(), key, scalar(mapped, origin)));
        }
        found
    }
}

fn string_at_name(generator: &Value) -> Option<&str> {
    tree::string_at(generator, &["name"])
}

fn scalar(text: Mapped, origin: Origin) -> Arc<Value> {
    use lint_parser::compose::value::{Certainty, ScalarKind};
    let scalar = Scalar { text, kind: ScalarKind::String, certainty: Certainty::Known };
    Arc::new(Value { origin, kind: ValueKind::Scalar(scalar), mark: None })
}

fn literals(generator: &Value) -> Vec<Entry> {
    let mut data = Vec::new();
    for literal in list(generator, "literals") {
        let Some(said) = literal.as_scalar() else { continue };
        let written = said.text.text();
        let Some(at) = written.find('=') else { continue };
        let value = said.text.slice(at + 1..written.len());
        let origin = Origin { span: value.span(), ..literal.origin };
        data.push(entry(&written[..at], literal.origin, scalar(value, origin)));
    }
    data
}

/// A file is a key whose value is not looked at: `name=path`, or a path.
fn file_of(file: &Arc<Value>) -> Option<Entry> {
    let written = text(file)?;
    let (key, _) = written.split_once('=').unwrap_or((file_name(written), written));
    let unknown = scalar(Mapped::replaced("${unknown}", file.origin.span), file.origin);
    Some(entry(key, file.origin, unknown))
}

/// An object that a generator makes.
fn made(kind: &str, section: &str, generator: &Arc<Value>, data: Vec<Entry>) -> Arc<Value> {
    let origin = generator.origin;
    let mut metadata = Vec::new();
    for key in ["name", "namespace"] {
        if let Some(value) = get(generator, key) {
            metadata.push(entry(key, value.origin, Arc::clone(value)));
        }
    }
    mapping(
        vec![
            entry("apiVersion", origin, string("v1", origin)),
            entry("kind", origin, string(kind, origin)),
            entry("metadata", origin, mapping(metadata, origin)),
            entry(section, origin, mapping(data, origin)),
        ],
        origin,
    )
}

/// Adds the data to the object of that name which is there.
fn merge(objects: &mut [Arc<Value>], kind: &str, section: &str, name: &str, made: &Arc<Value>) {
    let is_it = |object: &&mut Arc<Value>| {
        tree::string_at(object, &["kind"]) == Some(kind)
            && tree::string_at(object, &["metadata", "name"]) == Some(name)
    };
    let Some(object) = objects.iter_mut().find(is_it) else { return };
    let mut data = get(object, section).cloned().unwrap_or_else(|| mapping(Vec::new(), made.origin));
    for new in get(made, section).map_or(&[][..], |data| tree::entries(data)) {
        data = super::with(&data, &new.key, new.key_origin, Arc::clone(&new.value));
    }
    *object = super::with(object, section, data.origin, Arc::clone(&data));
}
