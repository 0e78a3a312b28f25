//! Readers for attributes whose type alone does not say how they are read.

mod numbers;

pub(crate) use numbers::*;

use std::sync::Arc;

use crate::compose::ast::field::{AnyText, Anything, Form, List, Map, Named, Text};
use crate::compose::ast::lifecycle::{EnvFile, Hook, SecurityOpt};
use crate::compose::ast::mount::DeviceRequest;
use crate::compose::ast::pairs::{Command, ExtraHosts, Options, Pairs, Ulimit};
use crate::compose::lower::attributes::{Lower, field, read_attributes, unknown};
use crate::compose::lower::cast::is_undecided;
use crate::compose::lower::collections::{
    entries, is_resource_name, list_by, read_map, refuse_name, refuse_twice, scalar_text, string_text,
};
use crate::compose::lower::{Lowering, Path, excerpt};
use crate::compose::value::{ScalarKind, Value, ValueKind};

// Lists and mappings.

/// One element without a list around it, or a list.
pub(crate) fn one_or_list<T: Lower>(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<List<T>> {
    if matches!(value.kind, ValueKind::Sequence(_)) {
        return List::lower(value, at, cx);
    }
    let single = T::lower(value, at, cx)?;
    let item = crate::compose::ast::field::Item { value: single, origin: value.origin };
    Some(List { items: vec![item], invalid: Vec::new(), is_list: false })
}

/// What a list is searched for duplicates by.
pub(crate) trait ElementText {
    fn text(&self) -> &Text;
}

impl ElementText for Text {
    fn text(&self) -> &Text {
        self
    }
}

impl ElementText for SecurityOpt {
    fn text(&self) -> &Text {
        &self.text
    }
}

/// A list that Compose refuses when an element stands there twice.
pub(crate) fn distinct<T: Lower + ElementText>(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
) -> Option<List<T>> {
    let list = List::lower(value, at, cx)?;
    // With an element left out, positions would not be those of the file.
    if list.invalid.is_empty() {
        refuse_twice(list.iter().map(T::text).enumerate(), at, cx);
    }
    Some(list)
}

/// A text or a whole number.
fn text_or_integer(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<AnyText> {
    let text = scalar_text(value).filter(|text| matches!(text.kind, ScalarKind::String | ScalarKind::Int));
    if text.is_none() {
        cx.wrong_type(value, at, "a number or string");
    }
    text.map(AnyText)
}

/// `expose`.
pub(crate) fn exposed(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<List<AnyText>> {
    list_by(value, at, cx, text_or_integer)
}

/// `group_add`.
pub(crate) fn groups(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<List<AnyText>> {
    let list: List<AnyText> = list_by(value, at, cx, AnyText::lower)?;
    for group in list.iter().filter(|group| group.0.kind == ScalarKind::Float) {
        cx.refuse(group.0.origin, at, "must hold strings and whole numbers").at_last();
    }
    if list.invalid.is_empty() {
        refuse_twice(list.iter().map(|text| &text.0).enumerate(), at, cx);
    }
    Some(list)
}

/// A mapping, or a list of the names alone.
pub(crate) fn names_or_map<T: Lower + Default>(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
) -> Option<Map<T>> {
    if let ValueKind::Mapping(mapping) = &value.kind {
        return Some(read_map(mapping, at, cx));
    }
    let names = distinct::<Text>(value, at, cx)?;
    let entry = |name: &Text| Named {
        name: name.as_str().into(),
        field: crate::compose::ast::field::Field {
            value: T::default(),
            key: name.origin,
            origin: name.origin,
            via: None,
        },
    };
    let entries = names.iter().map(entry).collect();
    Some(Map { entries, invalid: Vec::new(), is_list: true })
}

/// A top-level mapping of resources, whose names are restricted.
pub(crate) fn resources<T: Lower>(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Map<T>> {
    let ValueKind::Mapping(mapping) = &value.kind else {
        cx.wrong_type(value, at, "a mapping");
        return None;
    };
    let mut map =
        Map { entries: Vec::with_capacity(mapping.entries.len()), invalid: Vec::new(), is_list: false };
    for entry in entries(mapping) {
        if !is_resource_name(&entry.key) {
            refuse_name(entry, at, cx);
            map.invalid.push(entry.clone());
            continue;
        }
        match T::lower(&entry.value, at.key(&entry.key), cx) {
            Some(value) => {
                map.entries.push(Named { name: Arc::clone(&entry.key), field: field(entry, value) });
            }
            None => map.invalid.push(entry.clone()),
        }
    }
    Some(map)
}

/// Devices that must say what they can do.
pub(crate) fn capable_devices(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
) -> Option<List<DeviceRequest>> {
    list_by(value, at, cx, |value, at, cx| {
        let request = DeviceRequest::lower(value, at, cx)?;
        if request.capabilities.is_none() && request.rest.invalid("capabilities").is_none() {
            cx.error(value.origin, at, "missing property 'capabilities'");
        }
        Some(request)
    })
}

impl Lower for DeviceRequest {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        let mut request: DeviceRequest = read_attributes(value, at, cx)?;
        // Compose takes extensions here, and forgets them.
        request.rest.extensions.clear();
        if let (Some(count), Some(_)) = (&request.count, &request.device_ids) {
            cx.refuse(count.key, at, "\"count\" and \"device_ids\" attributes are exclusive").at_last();
        }
        Some(request)
    }
}

/// `environment`: Compose refuses a space between a name and `=`.
pub(crate) fn environment(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Pairs> {
    Pairs::lower(value, at, cx).map(|pairs| unspaced(pairs, at, cx))
}

/// Pairs after what is wrong with their names is said.
fn unspaced(pairs: Pairs, at: Path<'_>, cx: &mut Lowering) -> Pairs {
    let spaced = |name: &str| name.ends_with([' ', '\t']);
    for pair in pairs.items.iter().filter(|pair| pairs.is_list && spaced(pair.name.as_str())) {
        let name = excerpt(pair.name.as_str());
        let words = format!("environment variable {name} is declared with a trailing space");
        cx.refuse(pair.name.origin, at, &words).at_last();
    }
    pairs
}

/// `build.ulimits`: Compose makes no number of a text here, so that it takes no variable either.
pub(crate) fn build_limits(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Map<Ulimit>> {
    let limits: Map<Ulimit> = Map::lower(value, at, cx)?;
    for (name, field) in limits.iter() {
        if let Form::Short(text) = &field.value.form
            && text.kind == ScalarKind::String
        {
            cx.refuse(text.origin, at.key(name), "must be a number without quotes");
        }
    }
    Some(limits)
}

/// `build.additional_contexts`: a name alone is no context.
pub(crate) fn contexts(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Pairs> {
    let pairs = Pairs::lower(value, at, cx)?;
    for pair in pairs.items.iter().filter(|pair| pairs.is_list && pair.value.is_none()) {
        if is_undecided(&pair.name) {
            continue;
        }
        let words = format!("invalid value {}, expected key=value", excerpt(pair.name.as_str()));
        cx.refuse(pair.name.origin, at, &words);
    }
    Some(pairs)
}

/// A hook that runs in the service's own container.
pub(crate) fn hook(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Hook> {
    let mut hook: Hook = read_attributes(value, at, cx)?;
    for entry in ["image", "per_replica"].into_iter().filter_map(|name| value.get(name)) {
        unknown(entry, at, &[], cx);
        hook.rest.unknown.push(entry.clone());
    }
    (hook.image, hook.per_replica) = (None, None);
    Some(hook)
}

/// `post_start` and `pre_stop`.
pub(crate) fn hooks(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<List<Hook>> {
    list_by(value, at, cx, hook)
}

/// `provider.options`: scalars and lists of them.
pub(crate) fn provider_options(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Map<Anything>> {
    let map: Map<Anything> = Map::lower(value, at, cx)?;
    for (name, field) in map.iter() {
        let value = &field.value.0;
        let is_time = value.as_scalar().is_some_and(|scalar| scalar.kind == ScalarKind::Timestamp);
        if is_time || matches!(value.kind, ValueKind::Mapping(_) | ValueKind::Null) {
            cx.wrong_type(value, at.key(name), "a boolean, number or string");
        }
    }
    Some(map)
}

// Texts.

/// A text; null is none at all, but no fault.
pub(crate) fn nullable_text(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Option<Text>> {
    match value.kind {
        ValueKind::Null => Some(None),
        _ => Text::lower(value, at, cx).map(Some),
    }
}

/// A text that must pass a test.
fn text_like(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
    pattern: &str,
    test: fn(&str) -> bool,
) -> Option<Text> {
    let text = Text::lower(value, at, cx)?;
    if !is_undecided(&text) && !test(text.as_str()) {
        let words = format!("'{}' does not match pattern '{pattern}'", excerpt(text.as_str()));
        cx.error(text.origin, at, &words);
    }
    Some(text)
}

/// `container_name`: somewhere in it are two characters in a row that the engine takes. The engine is stricter.
pub(crate) fn container_name(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Text> {
    text_like(value, at, cx, "[a-zA-Z0-9][a-zA-Z0-9_.-]+", |text| {
        text.as_bytes().windows(2).any(|two| match two {
            [first, second] => {
                first.is_ascii_alphanumeric() && (second.is_ascii_alphanumeric() || b"_.-".contains(second))
            }
            _ => false,
        })
    })
}

/// `pull_policy`.
pub(crate) fn pull_policy(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Text> {
    let pattern = "always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+";
    text_like(value, at, cx, pattern, |text| match text.strip_prefix("every_") {
        Some(every) => {
            let mut digits = 0;
            let fits = every.chars().all(|c| {
                let unit_after_digits = "wdhms".contains(c) && digits > 0;
                digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
                digits > 0 || unit_after_digits
            });
            fits && !every.is_empty() && digits == 0
        }
        None => ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"]
            .contains(&text),
    })
}

/// `healthcheck.test`: a list begins with the word that says how it is run.
pub(crate) fn health_test(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Command> {
    let test = Command::lower(value, at, cx)?;
    match &test {
        Command::Null => {
            cx.wrong_type(value, at, "a string or a list of strings");
            return None;
        }
        Command::Words(words) => {
            let known = ["NONE", "CMD", "CMD-SHELL"];
            let wrong =
                words.first().filter(|first| !known.contains(&first.as_str()) && !is_undecided(first));
            if let Some(first) = wrong {
                cx.error(first.origin, at, "must start either by \"CMD\", \"CMD-SHELL\" or \"NONE\"")
                    .at_last();
            }
        }
        Command::Line(_) => {}
    }
    Some(test)
}

/// Options that Compose keeps as texts: a whole number is one, and nothing is the empty text.
fn text_options(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Map<Option<AnyText>>> {
    let map: Map<Option<AnyText>> = Map::lower(value, at, cx)?;
    for (name, field) in map.iter() {
        let Some(text) = field.value.as_ref().filter(|text| text.kind == ScalarKind::Float) else { continue };
        let words = format!("expected a text, got the number {}", excerpt(text.as_str()));
        cx.refuse(text.origin, at.key(name), &words).help("put the number in quotes").at_last();
    }
    Some(map)
}

/// `storage_opt`.
pub(crate) fn storage_options(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
) -> Option<Map<Option<AnyText>>> {
    text_options(value, at, cx)
}

/// `secrets.*.driver_opts`.
pub(crate) fn secret_options(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Options> {
    let map = text_options(value, at, cx)?;
    let mut options = Map { entries: Vec::new(), invalid: map.invalid, is_list: false };
    for entry in map.entries {
        match entry.field.value {
            Some(value) => {
                let field = crate::compose::ast::field::Field {
                    value,
                    key: entry.field.key,
                    origin: entry.field.origin,
                    via: entry.field.via,
                };
                options.entries.push(Named { name: entry.name, field });
            }
            None => {
                cx.error(entry.field.origin, at.key(&entry.name), "must be a number or string");
            }
        }
    }
    Some(options)
}

/// Pairs of which Compose does not take one away that stands in the list twice, but refuses the list.
pub(crate) fn distinct_pairs(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Pairs> {
    let pairs = Pairs::lower(value, at, cx)?;
    if let ValueKind::Sequence(elements) = &value.kind {
        let texts: Vec<Text> = elements.iter().filter_map(|element| string_text(element)).collect();
        refuse_twice(texts.iter().enumerate(), at, cx);
    }
    Some(pairs)
}

/// The environment of a hook.
pub(crate) fn hook_environment(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Pairs> {
    distinct_pairs(value, at, cx).map(|pairs| unspaced(pairs, at, cx))
}

/// The same for hosts.
pub(crate) fn distinct_hosts(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<ExtraHosts> {
    let hosts = ExtraHosts::lower(value, at, cx)?;
    if let ValueKind::Sequence(elements) = &value.kind {
        let texts: Vec<Text> = elements.iter().filter_map(|element| string_text(element)).collect();
        refuse_twice(texts.iter().enumerate(), at, cx);
    }
    Some(hosts)
}

/// One text without a list around it, or a list that Compose refuses when a text stands there twice.
pub(crate) fn one_or_distinct(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<List<Text>> {
    match value.kind {
        ValueKind::Sequence(_) => distinct(value, at, cx),
        _ => one_or_list(value, at, cx),
    }
}

/// `env_file`: one path without a list around it, or a list of paths and mappings.
pub(crate) fn env_files(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<List<EnvFile>> {
    if matches!(value.kind, ValueKind::Mapping(_)) {
        cx.wrong_type(value, at, "a string").help("make it an element of a list: `- path: ...`");
        return None;
    }
    one_or_list(value, at, cx)
}
