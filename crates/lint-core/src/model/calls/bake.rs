//! Bake files, as far as they are literal: their targets are builds.
//!
//! Of the language no more is read than blocks and attributes with strings, lists and maps of strings, and variables with a
//! literal default. What else a value may be (a function, a condition, a loop) is unknown.

use std::cell::Cell;
use std::collections::BTreeMap;

use lint_parser::hcl::{self, Expr, ExprKind, Piece};
use lint_parser::json::{self, Json, JsonKind};

use crate::model::calls::docker::{dockerfiles, named_context};
use crate::model::calls::frame::{Frame, is_aside};
use crate::model::calls::{BuildCall, Found};
use crate::model::kit::holes::{UNKNOWN, is_known};

/// How deep targets may inherit from each other, and values be nested.
const DEEPEST: usize = 16;

/// How many targets are read.
const MOST_TARGETS: usize = 1_000;

/// How many times a target is taken over into another.
const MOST_INHERITED: usize = 20_000;

/// A value, as far as it is literal.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    Unknown,
}

#[derive(Default)]
struct Bake {
    variables: BTreeMap<String, String>,
    targets: BTreeMap<String, BTreeMap<String, Value>>,
    /// How many times a target was taken over.
    inherited: Cell<usize>,
}

/// Reads the targets of `docker-bake.hcl`.
pub(super) fn hcl(text: &str, frame: &Frame, found: &mut Found) {
    let body = hcl::parse(text).tree;
    let mut bake = Bake::default();
    for attribute in &body.attributes {
        bake.variable(attribute.name.value.clone(), Some(&of_hcl(&attribute.value, 0)));
    }
    for block in &body.blocks {
        let Some(label) = block.labels.first() else { continue };
        let attributes = block.body.attributes.iter();
        let attributes: BTreeMap<String, Value> =
            attributes.map(|one| (one.name.value.clone(), of_hcl(&one.value, 0))).collect();
        match block.kind.value.as_str() {
            "variable" => bake.variable(label.value.clone(), attributes.get("default")),
            "target" if bake.targets.len() < MOST_TARGETS => {
                bake.targets.entry(label.value.clone()).or_default().extend(attributes);
            }
            _ => {}
        }
    }
    bake.builds(frame, found);
}

/// An expression, as far as it is literal; variables are left for later.
fn of_hcl(expr: &Expr, depth: usize) -> Value {
    match &expr.kind {
        ExprKind::Number(number) => Value::Text(number.clone()),
        ExprKind::Name(name) => Value::Text(format!("${{{name}}}")),
        ExprKind::Text(pieces) => {
            let mut text = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(piece) => text.push_str(piece.text()),
                    Piece::Value(Expr { kind: ExprKind::Name(name), .. }) => {
                        text.push_str(&format!("${{{name}}}"));
                    }
                    Piece::Value(_) => text.push(UNKNOWN),
                }
            }
            Value::Text(text)
        }
        ExprKind::List(items) if depth < DEEPEST => {
            Value::List(items.iter().map(|item| of_hcl(item, depth + 1)).collect())
        }
        ExprKind::Map(entries) if depth < DEEPEST => {
            let entry = |(key, value): &(Expr, Expr)| match of_hcl(key, depth + 1) {
                Value::Text(key) => Some((key, of_hcl(value, depth + 1))),
                _ => None,
            };
            Value::Map(entries.iter().filter_map(entry).collect())
        }
        _ => Value::Unknown,
    }
}

/// Reads the targets of `docker-bake.json`.
pub(super) fn json(text: &str, frame: &Frame, found: &mut Found) {
    let Some(root) = json::parse(text).tree else { return };
    let mut bake = Bake::default();
    for variable in root.get("variable").map(|section| section.value.members()).unwrap_or_default() {
        let default = variable.value.get("default").map(|default| of_json(&default.value, 0));
        bake.variable(variable.name.clone(), default.as_ref());
    }
    let targets = root.get("target").map(|section| section.value.members()).unwrap_or_default();
    for target in targets.iter().take(MOST_TARGETS) {
        let attributes = target.value.members().iter();
        let attributes = attributes.map(|member| (member.name.clone(), of_json(&member.value, 0))).collect();
        bake.targets.insert(target.name.clone(), attributes);
    }
    bake.builds(frame, found);
}

fn of_json(json: &Json, depth: usize) -> Value {
    match &json.kind {
        JsonKind::String(text) => Value::Text(text.clone()),
        JsonKind::Number(text) => Value::Text(text.clone()),
        JsonKind::Array(items) if depth < DEEPEST => {
            Value::List(items.iter().map(|item| of_json(item, depth + 1)).collect())
        }
        JsonKind::Object(members) if depth < DEEPEST => {
            let members = members.iter();
            Value::Map(
                members.map(|member| (member.name.clone(), of_json(&member.value, depth + 1))).collect(),
            )
        }
        _ => Value::Unknown,
    }
}

impl Bake {
    fn variable(&mut self, name: String, default: Option<&Value>) {
        if let Some(Value::Text(text)) = default {
            self.variables.insert(name, text.clone());
        }
    }

    fn builds(&self, frame: &Frame, found: &mut Found) {
        for (name, own) in &self.targets {
            // A target without anything of its own holds what others inherit, or is nothing to build.
            let mut target = BTreeMap::new();
            self.inherit(own, &mut target, 0);
            let text = |key: &str| self.text(target.get(key)?);
            let context = text("context").unwrap_or_else(|| ".".to_owned());
            let mut call = BuildCall {
                file: frame.file.clone(),
                target: text("target").filter(|text| is_known(text)),
                tags: self.texts(target.get("tags")),
                platforms: self.texts(target.get("platforms")),
                is_aside: frame.is_aside || is_aside(name),
                ..BuildCall::default()
            };
            if !target.contains_key("dockerfile-inline") {
                call.dockerfiles = dockerfiles(text("dockerfile").as_deref(), &context, frame);
            }
            for (name, value) in entries(target.get("args")) {
                call.args.insert(name.clone(), self.text(value).filter(|text| is_known(text)));
            }
            for (name, value) in entries(target.get("contexts")) {
                let value = self.text(value).unwrap_or_default();
                call.contexts.insert(name.to_lowercase(), named_context(&value));
            }
            found.builds.push(call);
        }
    }

    /// What a target inherits, its own attributes over it. Maps are merged by key.
    fn inherit(&self, own: &BTreeMap<String, Value>, into: &mut BTreeMap<String, Value>, depth: usize) {
        self.inherited.set(self.inherited.get() + 1);
        if depth < DEEPEST
            && self.inherited.get() < MOST_INHERITED
            && let Some(Value::List(parents)) = own.get("inherits")
        {
            for parent in parents.iter().filter_map(|parent| self.targets.get(&self.text(parent)?)) {
                self.inherit(parent, into, depth + 1);
            }
        }
        for (key, value) in own {
            match (into.get_mut(key), value) {
                (Some(Value::Map(known)), Value::Map(more)) => known.extend(more.iter().cloned()),
                _ => {
                    into.insert(key.clone(), value.clone());
                }
            }
        }
    }

    fn text(&self, value: &Value) -> Option<String> {
        let Value::Text(text) = value else { return None };
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find("${") {
            let length = rest[at..].find('}')?;
            out.push_str(&rest[..at]);
            match self.variables.get(&rest[at + 2..at + length]) {
                Some(value) if !value.contains("${") => out.push_str(value),
                _ => out.push(UNKNOWN),
            }
            rest = &rest[at + length + 1..];
        }
        out.push_str(rest);
        Some(out)
    }

    fn texts(&self, value: Option<&Value>) -> Vec<String> {
        let Some(Value::List(items)) = value else { return Vec::new() };
        items.iter().filter_map(|item| self.text(item)).collect()
    }
}

fn entries(value: Option<&Value>) -> &[(String, Value)] {
    match value {
        Some(Value::Map(entries)) => entries,
        _ => &[],
    }
}
