//! Policies in a configuration file: their shape, the library's among them, and the faults of their expressions with their
//! places.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use lint_parser::text::near::nearest;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Node, NodeKind};
use memchr::memmem;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::scalars::is_text;
use crate::config::values;
use crate::finding::meta::{Category, Stride};
use crate::finding::policy::is_name;
use crate::finding::severity::Severity;
use crate::policies::compile::{MOST, PolicyPart, compile};
use crate::settings::{DeclaredPolicy, PolicyValue, UnknownMeans};

/// The policies that can be named.
const LIBRARY: &str = include_str!("../../../data/policies.yaml");

/// A policy of a configuration file: the name of one of the library's, or one that is written out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum PolicyOptions {
    /// One of the library's, as it is.
    Named(String),
    /// Written out, or one of the library's with changes.
    Written(Box<WrittenPolicy>),
}

/// A policy that is written out. Its keys are explained in [`KEYS`](crate::config::KEYS).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[allow(missing_docs, reason = "`KEYS` explains them")]
#[non_exhaustive]
pub struct WrittenPolicy {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stride: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    #[serde(rename = "with", skip_serializing_if = "Option::is_none")]
    pub params: Option<BTreeMap<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggest: Option<BTreeMap<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<Vec<PolicyTest>>,
}

/// An example beside a policy, and what it says of it.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicyTest {
    /// What is said: `pass`, `fail` or `unknown`.
    pub expect: String,
    /// What the example shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A Compose file, called `compose.yaml`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compose: Option<String>,
    /// A Dockerfile, called `Dockerfile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<String>,
    /// Files by path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<BTreeMap<String, String>>,
    /// Where a finding is: `compose.yaml:3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What the message of a finding holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The policies of the library, by name.
///
/// ```
/// let library = lint_core::config::policy_library();
/// assert!(library.iter().any(|policy| policy.name.as_deref() == Some("no-latest")));
/// ```
#[must_use]
pub fn policy_library() -> &'static [WrittenPolicy] {
    static READ: LazyLock<Vec<WrittenPolicy>> = LazyLock::new(|| values::of(LIBRARY).unwrap_or_default());
    &READ
}

/// The names in the library.
pub(in crate::config) fn names() -> Vec<&'static str> {
    policy_library().iter().filter_map(|policy| policy.name.as_deref()).collect()
}

/// One of the library's. The others are not read for it.
fn of_library(name: &str) -> Option<WrittenPolicy> {
    static READ: Mutex<BTreeMap<String, WrittenPolicy>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = read.get(name) {
        return Some(known.clone());
    }
    let policy = read_from_library(name)?;
    read.insert(name.to_owned(), policy.clone());
    Some(policy)
}

fn read_from_library(name: &str) -> Option<WrittenPolicy> {
    const START: &str = "\n- name: ";
    let at = memmem::find(LIBRARY.as_bytes(), format!("{START}{name}\n").as_bytes())? + 1;
    let rest = LIBRARY.get(at..)?;
    let end = memmem::find(rest.as_bytes(), START.as_bytes()).unwrap_or(rest.len());
    let read: Vec<WrittenPolicy> = values::of(rest.get(..end)?).ok()?;
    read.into_iter().next()
}

impl PolicyOptions {
    /// The policy with all that it takes from the library.
    #[must_use]
    pub fn written(&self) -> WrittenPolicy {
        match self {
            PolicyOptions::Named(name) => of_library(name).unwrap_or_default(),
            PolicyOptions::Written(own) => match own.base.as_deref().and_then(of_library) {
                Some(base) => own.over(&base),
                None => (**own).clone(),
            },
        }
    }

    /// The policy as the engine takes it; `None` where it is switched off.
    pub(in crate::config) fn declared(&self, directory: &str) -> Option<DeclaredPolicy> {
        self.written().declared(directory)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            PolicyOptions::Named(name) => Some(name),
            PolicyOptions::Written(own) => own.name.as_deref().or(own.base.as_deref()),
        }
    }
}

impl WrittenPolicy {
    fn over(&self, base: &WrittenPolicy) -> WrittenPolicy {
        let own = self.clone();
        let mut params = base.params.clone().unwrap_or_default();
        params.extend(own.params.unwrap_or_default());
        WrittenPolicy {
            name: own.name.or_else(|| base.name.clone()),
            base: own.base,
            subject: own.subject.or_else(|| base.subject.clone()),
            when: own.when.or_else(|| base.when.clone()),
            require: own.require.or_else(|| base.require.clone()),
            message: own.message.or_else(|| base.message.clone()),
            help: own.help.or_else(|| base.help.clone()),
            docs: own.docs.or_else(|| base.docs.clone()),
            severity: own.severity.or_else(|| base.severity.clone()),
            category: own.category.or_else(|| base.category.clone()),
            stride: own.stride.or_else(|| base.stride.clone()),
            unknown: own.unknown.or_else(|| base.unknown.clone()),
            params: Some(params),
            suggest: own.suggest.or_else(|| base.suggest.clone()),
            // Those of the library show what it says without changes.
            tests: own.tests,
        }
    }

    /// The policy as the engine takes it; `None` where it is switched off.
    #[must_use]
    pub fn declared(&self, directory: &str) -> Option<DeclaredPolicy> {
        let severity = match self.severity.as_deref() {
            Some("off") => return None,
            Some(severity) => severity.parse().unwrap_or(Severity::Medium),
            None => Severity::Medium,
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let word =
            |stride: &String| Stride::ALL.into_iter().find(|one| one.name().replace(' ', "-") == *stride);
        let category = self.category.as_deref().unwrap_or(Category::Hygiene.name());
        let mut declared = DeclaredPolicy::new(text(&self.name), text(&self.subject), text(&self.require));
        declared.when.clone_from(&self.when);
        declared.message.clone_from(&self.message);
        declared.help.clone_from(&self.help);
        declared.docs.clone_from(&self.docs);
        declared.severity = severity;
        declared.category =
            Category::ALL.iter().copied().find(|one| one.name() == category).unwrap_or(Category::Hygiene);
        declared.stride = self.stride.iter().flatten().filter_map(word).collect();
        declared.unknown = match self.unknown.as_deref() {
            Some("note") => UnknownMeans::Note,
            Some("fail") => UnknownMeans::Fail,
            _ => UnknownMeans::Pass,
        };
        declared.params = values(self.params.as_ref());
        declared.suggest = values(self.suggest.as_ref());
        directory.clone_into(&mut declared.directory);
        Some(declared)
    }
}

fn values(map: Option<&BTreeMap<String, Value>>) -> Vec<(String, PolicyValue)> {
    map.into_iter().flatten().map(|(name, value)| (name.clone(), value_of(value))).collect()
}

fn value_of(value: &Value) -> PolicyValue {
    match value {
        Value::Null => PolicyValue::Text(String::new()),
        Value::Bool(value) => PolicyValue::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => PolicyValue::Int(number),
            None => PolicyValue::Decimal(number.to_string()),
        },
        Value::String(text) => PolicyValue::Text(text.clone()),
        Value::Array(items) => PolicyValue::List(items.iter().map(value_of).collect()),
        Value::Object(entries) => {
            let mut all: Vec<(String, PolicyValue)> =
                entries.iter().map(|(name, value)| (name.clone(), value_of(value))).collect();
            all.sort_by(|one, other| one.0.cmp(&other.0));
            PolicyValue::Map(all)
        }
    }
}

/// Checks the policies of a file whose shape is right: names, what they lack, and their expressions.
pub(in crate::config) fn check(node: &Node, options: &[PolicyOptions], say: &mut dyn FnMut(Span, String)) {
    let NodeKind::Sequence(items) = &node.kind else { return };
    let mut seen: Vec<String> = Vec::new();
    let mut sound: Vec<(&Node, DeclaredPolicy)> = Vec::new();
    for (item, policy) in items.iter().zip(options) {
        let before = seen.len();
        let is_sound = check_item(item, policy, &mut seen, say);
        if is_sound && seen.len() > before {
            // One that is switched off must be right as well, or nobody could switch it on.
            let mut written = policy.written();
            written.severity = written.severity.filter(|severity| severity != "off");
            sound.extend(written.declared("").map(|declared| (item, declared)));
        }
    }
    expressions(&sound, say);
}

fn check_item(
    item: &Node,
    policy: &PolicyOptions,
    seen: &mut Vec<String>,
    say: &mut dyn FnMut(Span, String),
) -> bool {
    let at = |key: &str| entry(item, key).map_or(item.span, |value| value.span);
    let (base, base_span) = match policy {
        PolicyOptions::Named(name) => (Some(name.as_str()), item.span),
        PolicyOptions::Written(own) => (own.base.as_deref(), at("use")),
    };
    if let Some(base) = base
        && of_library(base).is_none()
    {
        let meant = match nearest(base, names()).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`plimsoll policy library` lists them".to_owned(),
        };
        say(base_span, format!("the library has no policy `{base}`; {meant}"));
        return false;
    }
    let mut is_sound = true;
    if let PolicyOptions::Written(own) = policy {
        is_sound = check_written(item, own, say);
    }
    let Some(name) = policy.name() else {
        say(item.span, "a policy needs a `name`".to_owned());
        return false;
    };
    if !is_name(name) {
        say(at("name"), format!("`{name}` cannot be the name of a policy: small letters, digits and dashes"));
        return false;
    }
    if seen.iter().any(|known| known == name) {
        say(at("name"), format!("there is a policy `{name}` already"));
        return false;
    }
    seen.push(name.to_owned());
    is_sound
}

/// What a policy lacks, and what it gives to one of the library's.
fn check_written(item: &Node, own: &WrittenPolicy, say: &mut dyn FnMut(Span, String)) -> bool {
    let mut is_sound = true;
    if own.base.is_none() {
        for (key, is_there) in [("for", own.subject.is_some()), ("require", own.require.is_some())] {
            if !is_there {
                say(
                    item.span,
                    format!("a policy needs `{key}`, or `use` and the name of one of the library's"),
                );
                is_sound = false;
            }
        }
        return is_sound;
    }
    if own.params.as_ref().is_none_or(BTreeMap::is_empty) {
        return is_sound;
    }
    let base = own.base.as_deref().and_then(of_library);
    let known = base.as_ref().and_then(|base| base.params.as_ref());
    let given = entry(item, "with");
    for (name, value) in own.params.iter().flatten() {
        let span = given.and_then(|given| entry(given, name)).map_or(item.span, |value| value.span);
        let Some(default) = known.and_then(|known| known.get(name)) else {
            let names: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            say(span, format!("this policy takes no `{name}`; it takes {}", names.join(", ")));
            is_sound = false;
            continue;
        };
        if !is_like(default, value) {
            say(span, format!("`{name}` takes {}, not {}", in_words(default), in_words(value)));
            is_sound = false;
        }
    }
    is_sound
}

fn is_like(default: &Value, value: &Value) -> bool {
    match (default, value) {
        (Value::Array(default), Value::Array(values)) => {
            values.iter().all(|value| default.first().is_none_or(|default| is_like(default, value)))
        }
        (Value::Number(default), Value::Number(value)) => default.is_f64() == value.is_f64(),
        (default, value) => std::mem::discriminant(default) == std::mem::discriminant(value),
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) => "a truth value".to_owned(),
        Value::Number(number) if number.is_f64() => "a number with a fraction".to_owned(),
        Value::Number(_) => "a whole number".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(values) => match values.first() {
            Some(first) => format!("a list (each element {})", in_words(first)),
            None => "a list".to_owned(),
        },
        Value::Object(_) => "a mapping".to_owned(),
    }
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let NodeKind::Mapping(entries) = &node.kind else { return None };
    let is_key = |node: &Node| matches!(&node.kind, NodeKind::Scalar(scalar) if scalar.text.text() == key);
    entries.iter().find(|entry| is_key(&entry.key)).map(|entry| &entry.value)
}

/// The faults of expressions, at the bytes of the file that hold them.
fn expressions(policies: &[(&Node, DeclaredPolicy)], say: &mut dyn FnMut(Span, String)) {
    if let Some((item, _)) = policies.get(MOST) {
        say(item.span, format!("there are at most {MOST} policies"));
        return;
    }
    let declared: Vec<DeclaredPolicy> = policies.iter().map(|(_, declared)| declared.clone()).collect();
    for ((item, _), made) in policies.iter().zip(compile(&declared)) {
        for fault in made.err().into_iter().flatten() {
            let node = match fault.part {
                PolicyPart::For => entry(item, "for"),
                PolicyPart::When => entry(item, "when"),
                PolicyPart::Require => entry(item, "require"),
                PolicyPart::Message => entry(item, "message"),
                PolicyPart::Help => entry(item, "help"),
                PolicyPart::Suggest(at) => entry(item, "suggest").and_then(|node| text_of(node, at)),
            };
            let span = match node.map(|node| &node.kind) {
                Some(NodeKind::Scalar(scalar)) => scalar.text.span_of(fault.span),
                _ => node.unwrap_or(item).span,
            };
            say(span, fault.message);
        }
    }
}

/// The text of a number below a node, mappings in the order of their keys.
fn text_of(node: &Node, wanted: usize) -> Option<&Node> {
    fn walk<'n>(node: &'n Node, left: &mut usize) -> Option<&'n Node> {
        match &node.kind {
            NodeKind::Mapping(entries) => {
                let mut sorted: Vec<_> = entries.iter().collect();
                let key = |node: &'n Node| match &node.kind {
                    NodeKind::Scalar(scalar) => scalar.text.text(),
                    _ => "",
                };
                sorted.sort_by_key(|entry| key(&entry.key));
                sorted.into_iter().find_map(|entry| walk(&entry.value, left))
            }
            NodeKind::Sequence(items) => items.iter().find_map(|item| walk(item, left)),
            NodeKind::Scalar(scalar) if is_text(scalar) => {
                if *left == 0 {
                    return Some(node);
                }
                *left -= 1;
                None
            }
            _ => None,
        }
    }
    let mut left = wanted;
    walk(node, &mut left)
}
