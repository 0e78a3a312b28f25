//! Targets and groups: what they inherit, what a matrix makes of them, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use lint_parser::hcl::{Block, Body, Expr};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::near::nearest;
use lint_parser::text::span::Span;

use crate::model::inputs::bake::value::{Value, text_of};
use crate::model::inputs::bake::values::Scope;
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

/// Attributes whose values are added to those that are inherited.
const MERGED: [&str; 6] = ["args", "labels", "contexts", "extra-hosts", "entitlements", "annotations"];

/// What is wrong.
pub(super) struct Problem {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// A target, its matrix set.
struct Target {
    name: String,
    at: Span,
    attributes: Vec<(String, Span, Value)>,
}

/// The targets of a file.
pub(super) struct Targets<'b> {
    own: &'b Body,
    targets: Vec<Target>,
    /// The names of everything that can be built, here and in the files beside it.
    names: BTreeSet<String>,
    /// Whether a name is not known.
    has_unknown: bool,
    /// The names that other files have targets of: what those say comes on top.
    elsewhere: BTreeSet<String>,
}

impl<'b> Targets<'b> {
    pub(super) fn of(own: &'b Body, others: &'b [Body], mut scope: Scope<'b>) -> Self {
        let mut all = Self {
            own,
            targets: Vec::new(),
            names: BTreeSet::new(),
            has_unknown: false,
            elsewhere: BTreeSet::new(),
        };
        let blocks = |body: &'b Body| {
            body.blocks.iter().filter(|block| matches!(block.kind.value.as_str(), "target" | "group"))
        };
        for block in others.iter().flat_map(blocks) {
            for label in &block.labels {
                all.names.insert(label.value.clone());
                all.elsewhere.insert(label.value.clone());
            }
            all.has_unknown |= attribute(block, "matrix").is_some();
        }
        for block in blocks(own) {
            let Some(label) = block.labels.first() else { continue };
            all.names.insert(label.value.clone());
            if block.kind.value == "target" {
                all.target(block, &label.value, label.span, &mut scope);
            }
        }
        all
    }

    /// A target, or those that its matrix makes.
    fn target(&mut self, block: &Block, label: &str, at: Span, scope: &mut Scope<'_>) {
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
            scope.axes = axes;
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
            self.targets.push(Target { name, at, attributes });
            scope.axes = BTreeMap::new();
        }
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
        for target in &self.targets {
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

    /// The builds.
    pub(super) fn services(&self) -> Vec<(String, Span, Map)> {
        let base: BTreeSet<String> = self.targets.iter().flat_map(|target| self.parents(target)).collect();
        let targets = self.targets.iter();
        let is_built = |target: &&Target| {
            // What others inherit and what has nothing to build by itself is no build.
            !base.contains(&target.name)
                || target.attributes.iter().any(|(name, ..)| name == "dockerfile" || name == "tags")
        };
        targets.filter(is_built).filter_map(|target| self.service(target)).collect()
    }

    fn parents(&self, target: &Target) -> Vec<String> {
        let inherits = target.attributes.iter().find(|(name, ..)| name == "inherits");
        match inherits {
            Some((.., Value::List(items))) => items.iter().filter_map(text_of).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// The attributes of a target over those that it inherits.
    fn whole(&self, target: &Target, into: &mut Vec<(String, Span, Value)>, depth: usize, left: &mut usize) {
        if depth > DEEPEST || *left == 0 {
            return;
        }
        *left -= 1;
        for parent in self.parents(target) {
            match self.targets.iter().find(|other| other.name == parent) {
                Some(parent) => self.whole(parent, into, depth + 1, left),
                // What a target of another file says is not known here.
                None => into.iter_mut().for_each(|(.., value)| *value = Value::Unknown),
            }
        }
        for (name, at, value) in &target.attributes {
            let known = into.iter_mut().find(|(known, ..)| known == name);
            match (known, value) {
                (None, value) => into.push((name.clone(), *at, value.clone())),
                (Some((.., Value::Map(known))), Value::Map(more)) if MERGED.contains(&name.as_str()) => {
                    for entry in more {
                        known.retain(|(known, ..)| *known != entry.0);
                        known.push(entry.clone());
                    }
                }
                (Some((.., Value::List(known))), Value::List(more)) if MERGED.contains(&name.as_str()) => {
                    known.extend(more.iter().cloned());
                }
                (Some(known), value) => *known = (name.clone(), *at, value.clone()),
            }
        }
    }

    fn service(&self, target: &Target) -> Option<(String, Span, Map)> {
        // The file that comes on top may replace each of them.
        if self.elsewhere.contains(&target.name) {
            return None;
        }
        let mut attributes = Vec::new();
        self.whole(target, &mut attributes, 0, &mut 64);
        let get = |name: &str| {
            attributes.iter().find(|(known, ..)| known == name).map(|(_, at, value)| (*at, value))
        };
        let mut build = Map::default();
        match get("context") {
            Some((at, value)) => build.set("context", at, text(value, at)),
            None => build.set("context", target.at, tree::made(".", target.at)),
        }
        for (name, key) in [
            ("dockerfile", "dockerfile"),
            ("dockerfile-inline", "dockerfile_inline"),
            ("target", "target"),
            ("network", "network"),
        ] {
            if let Some((at, value)) = get(name).filter(|(_, value)| !matches!(value, Value::Null)) {
                build.set(key, at, text(value, at));
            }
        }
        // An inline Dockerfile takes the place of the file.
        if build.has("dockerfile_inline") {
            build.remove("dockerfile");
        }
        if let Some((at, Value::Map(args))) = get("args") {
            let mut all = Map::default();
            for (name, place, value) in args.iter().filter(|(.., value)| !matches!(value, Value::Null)) {
                all.set(name, *place, text(value, *place));
            }
            build.set("args", at, all.finish(at));
        }
        if let Some((at, Value::Map(contexts))) = get("contexts") {
            let mut all = Map::default();
            for (name, place, value) in contexts {
                all.set(name, *place, text(value, *place));
            }
            build.set("additional_contexts", at, all.finish(at));
        }
        if let Some((_, Value::List(items))) = get("entitlements") {
            for item in items {
                if let Value::Text(item) = item {
                    build.push("entitlements", item.span(), tree::text(item));
                }
            }
        }
        let mut service = Map::default();
        service.set("build", target.at, build.finish(target.at));
        Some((target.name.clone(), target.at, service))
    }
}

/// The target that a context is.
fn linked(value: &Value) -> Option<Mapped> {
    match value {
        Value::Text(text) if text.text().starts_with("target:") => Some(after(text, "target:".len())),
        _ => None,
    }
}

/// A list of names as it is written.
fn literal(expr: &Expr) -> Value {
    let empty = Body::default();
    Scope::of(&empty, &[]).value(expr, 0)
}

fn attribute<'b>(block: &'b Block, name: &str) -> Option<&'b Expr> {
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
