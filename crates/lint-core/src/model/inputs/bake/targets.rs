//! Targets and groups: what they inherit, what a matrix makes of them, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use lint_parser::hcl::{Block, Body, Expr};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::near::nearest;
use lint_parser::text::span::Span;

use crate::model::inputs::bake::value::{Value, text_of};
use crate::model::inputs::bake::values::Scope;
use crate::model::inputs::merge;
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::volumes::after;
use crate::model::kit::holes::{UNKNOWN, is_known};

/// How many targets are made of the matrices of one, and of all.
const MOST_OF_ONE: usize = 256;
const MOST_TARGETS: usize = 2_000;

/// How deep targets inherit one another.
const DEEPEST: usize = 16;

/// The attributes of a target.
const ATTRIBUTES: [&str; 32] = [
    "annotations",
    "args",
    "attest",
    "cache-from",
    "cache-to",
    "call",
    "context",
    "contexts",
    "description",
    "dockerfile",
    "dockerfile-inline",
    "entitlements",
    "extra-hosts",
    "inherits",
    "labels",
    "matrix",
    "name",
    "network",
    "no-cache",
    "no-cache-filter",
    "output",
    "platforms",
    "policy",
    "pull",
    "resources",
    "secret",
    "shm-size",
    "ssh",
    "tags",
    "target",
    "ulimits",
    "load",
];

/// What is wrong.
pub(super) struct Problem {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// A target, its matrix set.
pub(super) struct Target {
    name: String,
    /// What its block is called, of which a matrix may make several.
    label: String,
    at: Span,
    /// The number of its file.
    file: usize,
    pub(super) attributes: Vec<(String, Span, Value)>,
}

/// The targets of files that are read one after the other.
pub(super) struct Targets<'b> {
    pub(super) own: &'b Body,
    /// The number of the file that is judged.
    number: usize,
    pub(super) targets: Vec<Target>,
    /// The names of everything that can be built.
    pub(super) names: BTreeSet<String>,
    /// Whether a name is not known.
    pub(super) has_unknown: bool,
}

impl<'b> Targets<'b> {
    pub(super) fn of(bodies: &'b [Body], number: usize, scope: &Scope<'b>) -> Option<Self> {
        let own = bodies.get(number)?;
        let mut all = Self { own, number, targets: Vec::new(), names: BTreeSet::new(), has_unknown: false };
        for (file, body) in bodies.iter().enumerate() {
            for block in &body.blocks {
                let Some(label) = block.labels.first() else { continue };
                if matches!(block.kind.value.as_str(), "target" | "group") {
                    all.names.insert(label.value.clone());
                }
                if block.kind.value == "target" {
                    all.target(block, (&label.value, label.span, file), scope);
                }
            }
        }
        Some(all)
    }

    /// A target, or those that its matrix makes.
    fn target(&mut self, block: &Block, (label, at, file): (&str, Span, usize), scope: &Scope<'_>) {
        let axes = match attribute(block, "matrix").map(|matrix| scope.value(matrix, 0)) {
            None => vec![BTreeMap::new()],
            Some(Value::Map(axes)) => product(&axes),
            Some(_) => Vec::new(),
        };
        if axes.is_empty() {
            self.has_unknown = true;
        }
        for axes in axes {
            if self.targets.len() >= MOST_TARGETS {
                self.has_unknown = true;
                return;
            }
            scope.axes.replace(axes);
            let name = match attribute(block, "name").map(|name| scope.value(name, 0)) {
                None => label.to_owned(),
                Some(value) => match text_of(&value) {
                    Some(name) => name.to_owned(),
                    None => {
                        self.has_unknown = true;
                        label.to_owned()
                    }
                },
            };
            let attributes = block
                .body
                .attributes
                .iter()
                .map(|one| (one.name.value.clone(), one.name.span, scope.value(&one.value, 0)));
            let attributes = attributes.collect();
            self.names.insert(name.clone());
            self.targets.push(Target { name, label: label.to_owned(), at, file, attributes });
            scope.axes.take();
        }
    }

    /// The names of the targets that a block makes.
    pub(super) fn made_by<'t>(&'t self, label: &'t str) -> impl Iterator<Item = &'t str> {
        self.targets.iter().filter(move |target| target.label == label).map(|target| target.name.as_str())
    }

    /// What buildx refuses, or takes for something else than what is meant.
    pub(super) fn problems(&self, is_whole: bool) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut seen: BTreeSet<Span> = BTreeSet::new();
        for block in &self.own.blocks {
            if block.kind.value == "target" {
                for one in
                    block.body.attributes.iter().filter(|one| !ATTRIBUTES.contains(&one.name.value.as_str()))
                {
                    let near = nearest(&one.name.value, ATTRIBUTES).into_iter().next();
                    problems.push(Problem {
                        span: one.name.span,
                        message: format!(
                            "a target has no attribute `{}`, so it says nothing",
                            one.name.value
                        ),
                        help: near.map(|near| format!("did you mean `{near}`?")),
                    });
                }
            }
        }
        if !is_whole || self.has_unknown {
            return problems;
        }
        let mut ask = |value: &Value, what: &str| {
            for (name, span) in self.unknown(value) {
                if seen.insert(span) {
                    let near = nearest(&name, self.names.iter().map(String::as_str)).into_iter().next();
                    problems.push(Problem {
                        span,
                        message: format!("{what} `{name}`, and there is no such target"),
                        help: near.map(|near| format!("did you mean `{near}`?")),
                    });
                }
            }
        };
        for target in self.targets.iter().filter(|target| target.file == self.number) {
            for (name, _, value) in &target.attributes {
                match name.as_str() {
                    "inherits" => ask(value, "this inherits"),
                    "contexts" => {
                        if let Value::Map(entries) = value {
                            let of_targets = entries.iter().filter_map(|(.., value)| linked(value));
                            of_targets.for_each(|name| {
                                ask(&Value::List(vec![Value::Text(name)]), "this context is")
                            });
                        }
                    }
                    _ => {}
                }
            }
        }
        let groups = self.own.blocks.iter().filter(|block| block.kind.value == "group");
        for list in groups.filter_map(|group| attribute(group, "targets")) {
            ask(&literal(list), "this group builds");
        }
        problems
    }

    /// The names in a list that nothing has.
    fn unknown(&self, value: &Value) -> Vec<(String, Span)> {
        let Value::List(items) = value else { return Vec::new() };
        let texts = items.iter().filter_map(|item| match item {
            Value::Text(text) if is_known(text.text()) => Some(text),
            _ => None,
        });
        texts
            .filter(|text| !self.names.contains(text.text()))
            .map(|text| (text.text().to_owned(), text.span()))
            .collect()
    }

    /// The builds that the file has a part in.
    pub(super) fn services(&self) -> Vec<(String, Span, Map)> {
        let base: BTreeSet<String> =
            self.targets.iter().flat_map(|target| self.parents(&target.name)).collect();
        let mut seen = BTreeSet::new();
        let own = self.targets.iter().filter(|target| target.file == self.number);
        let is_built = |target: &&Target| {
            // What others inherit and what has nothing to build by itself is no build.
            let has = |wanted: &str| self.last(&target.name, wanted).is_some();
            !base.contains(&target.name) || has("dockerfile") || has("tags")
        };
        own.filter(|target| seen.insert(target.name.clone()))
            .filter(is_built)
            .map(|target| (target.name.clone(), target.at, self.service(target)))
            .collect()
    }

    /// The value of an attribute that counts of several blocks of one name.
    fn last(&self, name: &str, attribute: &str) -> Option<&Value> {
        let blocks = self.targets.iter().filter(|target| target.name == name);
        let attributes = blocks.flat_map(|target| &target.attributes);
        attributes.rev().find(|(known, ..)| known == attribute).map(|(.., value)| value)
    }

    fn parents(&self, name: &str) -> Vec<String> {
        match self.last(name, "inherits") {
            Some(Value::List(items)) => items.iter().filter_map(text_of).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// The build of a target over those that it inherits: what files say of it is put together first.
    fn whole(&self, name: &str, into: &mut Map, depth: usize, left: &mut usize) {
        if depth > DEEPEST || *left == 0 {
            return;
        }
        *left -= 1;
        for parent in self.parents(name) {
            if self.targets.iter().any(|other| other.name == parent) {
                self.whole(&parent, into, depth + 1, left);
            } else {
                // What a target of another file says is not known here.
                let at = self
                    .targets
                    .iter()
                    .find(|other| other.name == name)
                    .map_or_else(Span::default, |own| own.at);
                *into = Map::default();
                into.set("context", at, text(&Value::Unknown, at));
            }
        }
        for target in self.targets.iter().filter(|target| target.name == name) {
            merge::add(into, build_of(&target.attributes), &[], target.file);
        }
    }

    fn service(&self, target: &Target) -> Map {
        let mut build = Map::default();
        self.whole(&target.name, &mut build, 0, &mut 64);
        if !build.has("context") {
            let mut context = Map::default();
            context.set("context", target.at, tree::made(".", target.at));
            merge::add(&mut build, context, &[], target.file);
        }
        // An inline Dockerfile takes the place of the file.
        if build.has("dockerfile_inline") {
            build.remove("dockerfile");
        }
        let (mut service, mut outer) = (Map::default(), Map::default());
        outer.set("build", target.at, Map::default().finish(target.at));
        merge::add(&mut service, outer, &[], target.file);
        if let Some(mut entry) = service.take("build") {
            entry.value = tree::with(&entry.value, build.into_kind());
            service.add(entry);
        }
        service
    }
}

/// What the attributes of a block say of a build.
fn build_of(attributes: &[(String, Span, Value)]) -> Map {
    let get =
        |name: &str| attributes.iter().find(|(known, ..)| known == name).map(|(_, at, value)| (*at, value));
    let mut build = Map::default();
    for (name, key) in [
        ("context", "context"),
        ("dockerfile", "dockerfile"),
        ("dockerfile-inline", "dockerfile_inline"),
        ("target", "target"),
        ("network", "network"),
    ] {
        if let Some((at, value)) = get(name).filter(|(_, value)| !matches!(value, Value::Null)) {
            build.set(key, at, text(value, at));
        }
    }
    for (name, key) in [("args", "args"), ("contexts", "additional_contexts")] {
        if let Some((at, Value::Map(entries))) = get(name) {
            let mut all = Map::default();
            // What is null leaves what the Dockerfile or a parent says.
            for (name, place, value) in entries.iter().filter(|(.., value)| !matches!(value, Value::Null)) {
                all.set(name, *place, text(value, *place));
            }
            build.set(key, at, all.finish(at));
        }
    }
    if let Some((_, Value::List(items))) = get("entitlements") {
        for item in items {
            if let Value::Text(item) = item {
                build.push("entitlements", item.span(), tree::text(item));
            }
        }
    }
    build
}

/// The target that a context is.
pub(super) fn linked(value: &Value) -> Option<Mapped> {
    match value {
        Value::Text(text) if text.text().starts_with("target:") => Some(after(text, "target:".len())),
        _ => None,
    }
}

/// A list of names as it is written.
fn literal(expr: &Expr) -> Value {
    Scope::of(&[]).value(expr, 0)
}

pub(super) fn attribute<'b>(block: &'b Block, name: &str) -> Option<&'b Expr> {
    block.body.attributes.iter().find(|one| one.name.value == name).map(|one| &one.value)
}

fn text(value: &Value, at: Span) -> std::sync::Arc<lint_parser::compose::value::Value> {
    match value {
        Value::Text(text) => tree::text(text),
        Value::Bool(is) => tree::made(if *is { "true" } else { "false" }, at),
        _ => tree::text(&Mapped::replaced(UNKNOWN.to_string(), at)),
    }
}

/// What the axes of a matrix are set to, one after the other; nothing where that is not known, or too much.
fn product(axes: &[(String, Span, Value)]) -> Vec<BTreeMap<String, Value>> {
    let mut all = vec![BTreeMap::new()];
    for (name, _, values) in axes {
        let Value::List(values) = values else { return Vec::new() };
        if all.len().saturating_mul(values.len()) > MOST_OF_ONE {
            return Vec::new();
        }
        let with = |known: &BTreeMap<String, Value>, value: &Value| {
            let mut known = known.clone();
            known.insert(name.clone(), value.clone());
            known
        };
        all = all.iter().flat_map(|known| values.iter().map(move |value| with(known, value))).collect();
    }
    all
}
