//! Edits of manifests: settings that are added to a container or a pod, in the way the file is written.

use std::sync::Arc;

use lint_parser::compose::value::{Value, ValueKind};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::fix::Edit;
use crate::finding::label::Place;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::tree::{entries, items};

/// Additions to one object, put together: what comes to stand at one place is one edit.
#[derive(Debug, Default)]
pub struct Additions {
    edits: Vec<(SourceFile, usize, String)>,
}

impl Additions {
    /// Sets a value at the end of a path of keys below a mapping, making the mappings on the way; `None` where that cannot be written
    /// without touching what is there.
    #[must_use]
    pub fn set(mut self, object: &Object, holder: &Arc<Value>, path: &[&str], value: &str) -> Option<Self> {
        let (file, at, text) = setting(object, holder, path, value)?;
        self.add(file, at, text);
        Some(self)
    }

    /// Adds items to a list below a mapping; each is written in flow style.
    #[must_use]
    pub fn push(mut self, object: &Object, holder: &Arc<Value>, key: &str, new: &[String]) -> Option<Self> {
        let found = holder.get(key).filter(|entry| !items(Some(&entry.value)).is_empty());
        match found {
            None if holder.get(key).is_some() => return None,
            None => {
                let (file, at, text) = setting(object, holder, &[key], &format!("[{}]", new.join(", ")))?;
                self.add(file, at, text);
            }
            Some(entry) if entry.via.is_some() => return None,
            Some(entry) => {
                let file = file_of(object, &entry.value)?;
                for item in new {
                    let (at, text) = appended(file.text(), &entry.value, item)?;
                    self.add(file.clone(), at, text);
                }
            }
        }
        Some(self)
    }

    fn add(&mut self, file: SourceFile, at: usize, text: String) {
        match self.edits.iter_mut().find(|(own, place, _)| *place == at && own.name() == file.name()) {
            Some((_, _, known)) => known.push_str(&text),
            None => self.edits.push((file, at, text)),
        }
    }

    /// The edits.
    #[must_use]
    pub fn finish(self) -> Vec<Edit> {
        let edits = self.edits.into_iter();
        edits.map(|(file, at, text)| Edit::new(Place::new(&file, Span::at(at)), text)).collect()
    }
}

/// The file that a value stands in: a mapping that is patched has parts in several.
fn file_of(object: &Object, value: &Value) -> Option<SourceFile> {
    object.files.get(value.origin.source.0 as usize).cloned()
}

/// Where a setting goes, and the text for it.
fn setting(
    object: &Object,
    holder: &Arc<Value>,
    path: &[&str],
    value: &str,
) -> Option<(SourceFile, usize, String)> {
    let (first, rest) = path.split_first()?;
    if let Some(entry) = holder.get(first) {
        let is_open = matches!(entry.value.kind, ValueKind::Mapping(_)) && entry.via.is_none();
        return if is_open && !rest.is_empty() { setting(object, &entry.value, rest, value) } else { None };
    }
    let file = file_of(object, holder)?;
    let text = file.text();
    let span = holder.origin.span;
    // What came from elsewhere says nothing of how this is written.
    let mut own = entries(holder).iter().filter(|entry| entry.key_origin.source == holder.origin.source);
    if text.get(span.start()..)?.starts_with('{') {
        let last = span.end().checked_sub(1)?;
        if !text.get(last..)?.starts_with('}') {
            return None;
        }
        let is_json = text.trim_start().starts_with('{');
        let inside = rest.iter().rev().fold(value.to_owned(), |inner, key| format!("{{{key}: {inner}}}"));
        let added = format!("{first}: {inside}");
        let added = if is_json { json(&added) } else { added };
        return Some(match own.next_back() {
            Some(entry) => (file.clone(), entry.value.origin.span.end(), format!(", {added}")),
            None => (file.clone(), last, added),
        });
    }
    let column = column_of(text, own.next()?.key_origin.span.start())?;
    let mut added = String::new();
    for (depth, key) in path.iter().enumerate() {
        let indent = " ".repeat(column + 2 * depth);
        added.push_str(&format!("\n{indent}{key}:"));
    }
    added.push_str(&format!(" {value}"));
    Some((file.clone(), end_of_line(text, span.end()), added))
}

/// YAML in flow style as JSON: words get quotes.
fn json(flow: &str) -> String {
    let mut out = String::with_capacity(flow.len() + 16);
    let mut rest = flow;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            c if is_mark(c) => c.len_utf8(),
            _ => rest.find(is_mark).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(length);
        let is_plain = first == '"' || is_mark(first) || matches!(word, "true" | "false");
        match is_plain || word.parse::<f64>().is_ok() {
            true => out.push_str(word),
            false => out.push_str(&format!("\"{word}\"")),
        }
        rest = after;
    }
    out
}

fn is_mark(c: char) -> bool {
    matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | ' ' | '"')
}

/// An item behind the last one of a list.
fn appended(text: &str, list: &Arc<Value>, item: &str) -> Option<(usize, String)> {
    let span = list.origin.span;
    if text.get(span.start()..)?.starts_with('[') {
        let last = span.end().checked_sub(1)?;
        let item = if text.trim_start().starts_with('{') { json(item) } else { item.to_owned() };
        let end = items(Some(list)).last()?.origin.span.end();
        return text.get(last..)?.starts_with(']').then(|| (end, format!(", {item}")));
    }
    let first = items(Some(list)).first()?;
    let start = first.origin.span.start();
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line..start)?;
    let dash = before.find('-')?;
    before
        .get(..dash)?
        .bytes()
        .all(|byte| byte == b' ')
        .then(|| (end_of_line(text, span.end()), format!("\n{}- {item}", " ".repeat(dash))))
}

/// How far a key stands from the beginning of its line, where blanks or dashes alone stand before it.
fn column_of(text: &str, at: usize) -> Option<usize> {
    let line = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let before = text.get(line..at)?;
    before.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(before.len())
}

fn end_of_line(text: &str, at: usize) -> usize {
    // A block scalar may end with the line break.
    let at = text.get(..at).map_or(at, |before| before.trim_end_matches(['\n', '\r']).len());
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| {
        let end = at + end;
        if text.get(..end).is_some_and(|line| line.ends_with('\r')) { end - 1 } else { end }
    })
}
