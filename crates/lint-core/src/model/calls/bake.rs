//! Bake files, as far as they are literal: their targets are builds.
//!
//! Of the language no more is read than blocks and attributes with strings, lists and maps of strings, and variables with a
//! literal default. What else a value may be (a function, a condition, a loop) is unknown.

use std::cell::Cell;
use std::collections::BTreeMap;

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
    let mut tokens = Tokens { text, at: 0 };
    let mut bake = Bake::default();
    while let Some(token) = tokens.next() {
        let Token::Word(kind) = token else { continue };
        let name = match tokens.next() {
            Some(Token::Text(name)) => name,
            Some(Token::Sign('=')) => {
                if let Value::Text(value) = tokens.value(0) {
                    bake.variables.insert(kind.to_owned(), value);
                }
                continue;
            }
            _ => continue,
        };
        if tokens.next() != Some(Token::Sign('{')) {
            continue;
        }
        let attributes = tokens.block(0);
        match kind {
            "variable" => bake.variable(name, attributes.get("default")),
            "target" if bake.targets.len() < MOST_TARGETS => {
                bake.targets.entry(name).or_default().extend(attributes);
            }
            _ => {}
        }
    }
    bake.builds(frame, found);
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

#[derive(Debug, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    Text(String),
    Sign(char),
}

struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let comment = match trimmed {
                text if text.starts_with('#') || text.starts_with("//") => {
                    text.find('\n').unwrap_or(text.len())
                }
                text if text.starts_with("/*") => text.find("*/").map_or(text.len(), |at| at + 2),
                _ => break,
            };
            self.at += comment;
        }
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        if first == '"' {
            return Some(Token::Text(self.string()));
        }
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len()).max(first.len_utf8());
        self.at += length;
        Some(if is_word(first) { Token::Word(&rest[..length]) } else { Token::Sign(first) })
    }

    fn peek(&mut self) -> Option<Token<'t>> {
        let at = self.at;
        let token = self.next();
        self.at = at;
        token
    }

    fn string(&mut self) -> String {
        let mut text = String::new();
        let mut chars = self.text[self.at + 1..].char_indices();
        let mut end = self.text.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    end = self.at + 1 + at + 1;
                    break;
                }
                '\\' => text.extend(chars.next().map(|(_, c)| c)),
                c => text.push(c),
            }
        }
        self.at = end;
        text
    }

    /// The attributes up to the bracket that closes.
    fn block(&mut self, depth: usize) -> BTreeMap<String, Value> {
        let mut attributes = BTreeMap::new();
        while let Some(token) = self.next() {
            let name = match token {
                Token::Sign('}') => break,
                Token::Sign('{') if depth < DEEPEST => {
                    self.block(depth + 1);
                    continue;
                }
                Token::Word(name) => name.to_owned(),
                Token::Text(name) => name,
                Token::Sign(_) => continue,
            };
            if matches!(self.peek(), Some(Token::Sign('=' | ':'))) {
                self.next();
                let value = self.value(depth);
                attributes.insert(name, value);
            }
        }
        attributes
    }

    /// A value: literal, or unknown and passed by up to the end of its line.
    fn value(&mut self, depth: usize) -> Value {
        let value = match self.peek() {
            Some(Token::Text(text)) => {
                self.next();
                Value::Text(text)
            }
            Some(Token::Sign('[')) if depth < DEEPEST => {
                self.next();
                self.list(depth + 1)
            }
            Some(Token::Sign('{')) if depth < DEEPEST => {
                self.next();
                Value::Map(self.block(depth + 1).into_iter().collect())
            }
            Some(Token::Word(word)) => {
                self.next();
                match word {
                    "null" => Value::Unknown,
                    word if word.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
                        Value::Text(word.to_owned())
                    }
                    word => Value::Text(format!("${{{word}}}")),
                }
            }
            _ => Value::Unknown,
        };
        // What comes behind it on the line makes something else of it: `A ? "x" : "y"`, `concat(a, b)`.
        let line = self.text[self.at..].split(['\n', ',', '}', ']', '#']).next().unwrap_or_default();
        if line.trim().is_empty() || line.trim().starts_with("//") {
            return value;
        }
        let mut open = 0_usize;
        while let Some(c) = self.text[self.at..].chars().next() {
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' if open == 0 => break,
                ')' | ']' | '}' => open -= 1,
                '"' => {
                    self.string();
                    continue;
                }
                '\n' | ',' if open == 0 => break,
                _ => {}
            }
            self.at += c.len_utf8();
        }
        Value::Unknown
    }

    fn list(&mut self, depth: usize) -> Value {
        let mut items = Vec::new();
        loop {
            match self.peek() {
                None => break,
                Some(Token::Sign(']')) => {
                    self.next();
                    break;
                }
                Some(Token::Sign(',')) => {
                    self.next();
                }
                Some(_) => {
                    let before = self.at;
                    items.push(self.value(depth));
                    if self.at == before {
                        self.next();
                    }
                }
            }
        }
        Value::List(items)
    }
}
