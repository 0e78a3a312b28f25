//! Lists, mappings of chosen names, pairs, and single texts.

use std::collections::HashMap;
use std::sync::Arc;

use crate::compose::ast::field::{AnyText, Anything, Item, List, Map, Named, Text};
use crate::compose::ast::pairs::{Command, ExtraHost, ExtraHosts, Pair, Pairs};
use crate::compose::lower::attributes::{Lower, field};
use crate::compose::lower::cast::is_undecided;
use crate::compose::lower::{Lowering, Path, excerpt};
use crate::compose::short::host::{split_host, without_brackets};
use crate::compose::short::split::first_cut;
use crate::compose::value::{Certainty, Entry, Mapping, ScalarKind, Value, ValueKind};
use crate::text::mapped::Mapped;

/// The elements that `!reset` leaves, with their positions.
fn present(elements: &[Arc<Value>]) -> impl Iterator<Item = (usize, &Arc<Value>)> {
    elements.iter().enumerate().filter(|(_, element)| !element.is_reset())
}

/// The entries that `!reset` leaves.
pub(crate) fn entries(mapping: &Mapping) -> impl Iterator<Item = &Entry> {
    mapping.entries.iter().filter(|entry| !entry.value.is_reset())
}

/// The text of any scalar.
pub(crate) fn scalar_text(value: &Value) -> Option<Text> {
    let scalar = value.as_scalar()?;
    Some(Text {
        mapped: scalar.text.clone(),
        origin: value.origin,
        kind: scalar.kind,
        certainty: scalar.certainty,
    })
}

/// The text of a string.
pub(crate) fn string_text(value: &Value) -> Option<Text> {
    scalar_text(value).filter(|text| text.kind == ScalarKind::String)
}

/// The text of a key. A quoted key without escapes is mapped without its quotes.
pub(crate) fn key_text(entry: &Entry) -> Text {
    let span = entry.key_origin.span;
    let quotes = span.len().checked_sub(entry.key.len());
    let mapped = match quotes {
        Some(0) => Mapped::verbatim(&entry.key, span.start()),
        Some(2) => Mapped::verbatim(&entry.key, span.start() + 1),
        _ => Mapped::replaced(&*entry.key, span),
    };
    Text { mapped, origin: entry.key_origin, kind: ScalarKind::String, certainty: Certainty::Known }
}

impl Lower for Text {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        let text = string_text(value);
        if text.is_none() {
            cx.wrong_type(value, at, "a string");
        }
        text
    }
}

impl Lower for AnyText {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        let text = scalar_text(value).filter(|text| text.kind != ScalarKind::Bool);
        if text.is_none() {
            cx.wrong_type(value, at, "a number or string");
        }
        text.map(AnyText)
    }
}

/// An option whose value may be null.
impl Lower for Option<AnyText> {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        match value.kind {
            ValueKind::Null => Some(None),
            _ => AnyText::lower(value, at, cx).map(Some),
        }
    }
}

impl Lower for Anything {
    fn lower(value: &Arc<Value>, _: Path<'_>, _: &mut Lowering) -> Option<Self> {
        Some(Anything(Arc::clone(value)))
    }
}

impl<T: Lower> Lower for List<T> {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        list_by(value, at, cx, T::lower)
    }
}

/// Reads a list, each element by `read`.
pub(crate) fn list_by<T>(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
    read: fn(&Arc<Value>, Path<'_>, &mut Lowering) -> Option<T>,
) -> Option<List<T>> {
    let ValueKind::Sequence(elements) = &value.kind else {
        cx.wrong_type(value, at, "a array");
        return None;
    };
    let mut list = List { items: Vec::new(), invalid: Vec::new(), is_list: true };
    for (index, element) in present(elements) {
        match read(element, at.index(index), cx) {
            Some(value) => list.items.push(Item { value, origin: element.origin }),
            None => list.invalid.push(Arc::clone(element)),
        }
    }
    Some(list)
}

impl<T: Lower> Lower for Map<T> {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        match &value.kind {
            ValueKind::Mapping(mapping) => Some(read_map(mapping, at, cx)),
            _ => {
                cx.wrong_type(value, at, "a mapping");
                None
            }
        }
    }
}

/// Reads a mapping of chosen names.
pub(crate) fn read_map<T: Lower>(mapping: &Mapping, at: Path<'_>, cx: &mut Lowering) -> Map<T> {
    let mut map = Map { entries: Vec::new(), invalid: Vec::new(), is_list: false };
    for entry in entries(mapping) {
        match T::lower(&entry.value, at.key(&entry.key), cx) {
            Some(value) => {
                map.entries.push(Named { name: Arc::clone(&entry.key), field: field(entry, value) });
            }
            None => map.invalid.push(entry.clone()),
        }
    }
    map
}

/// Reports the first element of a list that stands there twice, which Compose refuses in lists it does not
/// clear of duplicates itself.
pub(crate) fn refuse_twice<'a>(
    texts: impl Iterator<Item = (usize, &'a Text)>,
    at: Path<'_>,
    cx: &mut Lowering,
) {
    let mut seen: HashMap<&str, (usize, bool)> = HashMap::new();
    for (index, text) in texts {
        // What depends on a variable nobody sets is nobody's double.
        if is_undecided(text) {
            continue;
        }
        let is_text = text.kind == ScalarKind::String;
        match seen.get(text.as_str()) {
            // To Compose a number is the same as a text before it, and another than a text behind it.
            Some((first, was_text)) if *was_text || !is_text => {
                cx.error(text.origin, at, &format!("items at {first} and {index} are equal"));
                return;
            }
            Some(_) => {}
            None => drop(seen.insert(text.as_str(), (index, is_text))),
        }
    }
}

impl Lower for Pairs {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        let mut pairs = Pairs::default();
        match &value.kind {
            ValueKind::Mapping(mapping) => {
                for entry in entries(mapping) {
                    if entry.key.is_empty() {
                        refuse_empty_name(entry, at, cx);
                        pairs.invalid.push(Arc::clone(&entry.value));
                        continue;
                    }
                    match pair_of_entry(entry, at, cx) {
                        Some(pair) => pairs.items.push(pair),
                        None => pairs.invalid.push(Arc::clone(&entry.value)),
                    }
                }
            }
            ValueKind::Sequence(elements) => {
                pairs.is_list = true;
                for (index, element) in present(elements) {
                    match Text::lower(element, at.index(index), cx) {
                        Some(text) => pairs.items.push(pair_of_text(&text)),
                        None => pairs.invalid.push(Arc::clone(element)),
                    }
                }
            }
            _ => {
                cx.wrong_type(value, at, "a mapping");
                return None;
            }
        }
        Some(pairs)
    }
}

/// Reports a key that is empty, which the schema takes for no name. In the list form Compose lets `=value` pass.
fn refuse_empty_name(entry: &Entry, at: Path<'_>, cx: &mut Lowering) {
    cx.error(entry.key_origin, at, "additional properties '' not allowed").help("give the value a name");
}

fn pair_of_entry(entry: &Entry, at: Path<'_>, cx: &mut Lowering) -> Option<Pair> {
    let value = match &entry.value.kind {
        ValueKind::Null => None,
        ValueKind::Scalar(scalar) if scalar.kind != ScalarKind::Timestamp => scalar_text(&entry.value),
        _ => {
            cx.wrong_type(&entry.value, at.key(&entry.key), "a boolean, null, number or string");
            return None;
        }
    };
    Some(Pair { name: key_text(entry), value, origin: entry.value.origin, via: entry.via })
}

/// `K=V`, split at the first `=`; or `K` alone.
pub(crate) fn pair_of_text(text: &Text) -> Pair {
    let whole = text.as_str();
    let (name, value) = match first_cut(whole, b'=') {
        Some(at) => (text.slice(0..at), Some(text.slice(at + 1..whole.len()))),
        None => (text.clone(), None),
    };
    Pair { name, value, origin: text.origin, via: None }
}

impl Lower for ExtraHosts {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        let mut hosts = ExtraHosts::default();
        match &value.kind {
            ValueKind::Mapping(mapping) => {
                for entry in entries(mapping) {
                    if entry.key.is_empty() {
                        refuse_empty_name(entry, at, cx);
                        hosts.invalid.push(Arc::clone(&entry.value));
                        continue;
                    }
                    addresses_of_entry(entry, at.key(&entry.key), &mut hosts, cx);
                }
            }
            ValueKind::Sequence(elements) => {
                hosts.is_list = true;
                for (index, element) in present(elements) {
                    match host_of_element(element, at.index(index), cx) {
                        Some(host) => hosts.items.push(host),
                        None => hosts.invalid.push(Arc::clone(element)),
                    }
                }
            }
            _ => {
                cx.wrong_type(value, at, "a mapping");
                return None;
            }
        }
        Some(hosts)
    }
}

fn addresses_of_entry(entry: &Entry, at: Path<'_>, hosts: &mut ExtraHosts, cx: &mut Lowering) {
    let elements = match &entry.value.kind {
        ValueKind::Sequence(elements) => elements.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    };
    for element in elements {
        match Text::lower(element, at, cx) {
            Some(address) => hosts.items.push(ExtraHost {
                name: key_text(entry),
                address: without_brackets(&address),
                origin: address.origin,
                via: entry.via,
            }),
            None => hosts.invalid.push(Arc::clone(element)),
        }
    }
}

fn host_of_element(element: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<ExtraHost> {
    let text = Text::lower(element, at, cx)?;
    match split_host(&text) {
        Ok(host) => Some(host),
        Err(words) => {
            cx.refuse(text.origin, at, &words).help("write `name=address`").at_last();
            None
        }
    }
}

impl Lower for Command {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        match &value.kind {
            ValueKind::Null => Some(Command::Null),
            ValueKind::Sequence(elements) => {
                // All of it is wrong if one word is: a command with a word missing is another command.
                let words: Vec<_> =
                    present(elements).map(|(index, word)| Text::lower(word, at.index(index), cx)).collect();
                words.into_iter().collect::<Option<_>>().map(Command::Words)
            }
            _ => match string_text(value) {
                Some(text) => Some(Command::Line(text)),
                None => {
                    cx.wrong_type(value, at, "a string or a list of strings");
                    None
                }
            },
        }
    }
}

/// Whether Compose takes the name for a resource.
pub(crate) fn is_resource_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// Reports a name that Compose does not take.
pub(crate) fn refuse_name(entry: &Entry, at: Path<'_>, cx: &mut Lowering) {
    let words = format!("additional properties '{}' not allowed", excerpt(&entry.key));
    cx.error(entry.key_origin, at, &words)
        .help("a name is made of the letters a to z and A to Z, digits, `.`, `_` and `-`");
}
