//! `--volume` and `--mount` as Compose writes them.

use std::sync::Arc;

use lint_parser::compose::value::Value;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::inputs::tree::{self, Map};
use crate::model::kit::holes::is_known;

/// `-v source:target:options`. What is known of a part of it is known, whatever becomes of the rest.
pub(super) fn volume(text: &Mapped) -> Arc<Value> {
    let whole = text.text();
    if is_known(whole) {
        return tree::text(text);
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in whole.match_indices(':').chain([(whole.len(), "")]) {
        parts.push(text.slice(from..at));
        from = at + 1;
    }
    let [source, target, options @ ..] = parts.as_slice() else { return tree::text(text) };
    if !is_known(source.text()) || source.is_empty() {
        return tree::text(text);
    }
    let mut mount = Map::default();
    let is_path = source.text().starts_with(['/', '.', '~']);
    let span = text.span();
    mount.set("type", span, tree::made(if is_path { "bind" } else { "volume" }, span));
    mount.set("source", source.span(), tree::text(source));
    mount.set("target", target.span(), tree::text(target));
    for option in options.iter().flat_map(|options| split(options, ',')) {
        if option.text() == "ro" || option.text() == "readonly" {
            mount.set("read_only", option.span(), tree::boolean(true, option.span()));
        } else if !is_known(option.text()) {
            // It may be read-only.
            mount.set("read_only", option.span(), tree::text(&option));
        }
    }
    mount.finish(span)
}

/// `--mount type=bind,source=/a,target=/b,readonly`; nothing where it is no such list.
pub(super) fn mount(text: &Mapped) -> Option<Arc<Value>> {
    let mut mount = Map::default();
    let fields = fields(text);
    let span = text.span();
    for field in &fields {
        let (name, value) = match field.text().split_once('=') {
            Some((name, _)) => (name.to_owned(), Some(field.slice(name.len() + 1..field.text().len()))),
            None => (field.text().to_owned(), None),
        };
        let at = field.span();
        match (name.trim().to_ascii_lowercase().as_str(), value) {
            ("type", Some(value)) => mount.set("type", at, tree::text(&value)),
            ("source" | "src", Some(value)) => mount.set("source", at, tree::text(&value)),
            ("target" | "dst" | "destination", Some(value)) => mount.set("target", at, tree::text(&value)),
            ("readonly" | "ro", value) => {
                let says = value.as_ref().map_or("true", |value| value.text());
                match says {
                    "true" | "1" | "t" | "T" | "TRUE" | "True" => {
                        mount.set("read_only", at, tree::boolean(true, at));
                    }
                    says if is_known(says) => mount.set("read_only", at, tree::boolean(false, at)),
                    _ => mount.set("read_only", at, tree::text(field)),
                }
            }
            ("bind-propagation", Some(value)) => {
                mount.set_in("bind", "propagation", at, tree::text(&value));
            }
            ("tmpfs-mode", Some(value)) => mount.set_in("tmpfs", "mode", at, tree::number(&value)),
            ("tmpfs-size", Some(value)) => mount.set_in("tmpfs", "size", at, tree::text(&value)),
            _ => {}
        }
    }
    if !mount.has("target") {
        return None;
    }
    if !mount.has("type") {
        mount.set("type", span, tree::made("volume", span));
    }
    Some(mount.finish(span))
}

/// The fields of a line of CSV; a quoted one may hold commas.
fn fields(text: &Mapped) -> Vec<Mapped> {
    let whole = text.text();
    let mut fields = Vec::new();
    let (mut from, mut is_quoted) = (0, false);
    for (at, c) in whole.char_indices().chain([(whole.len(), ',')]) {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted || at == whole.len() => {
                fields.push(text.slice(from..at).trim_matches(|c| c == '"' || c.is_whitespace()));
                from = at + 1;
            }
            _ => {}
        }
    }
    fields
}

/// The parts of a text between a sign.
pub(super) fn split(text: &Mapped, sign: char) -> Vec<Mapped> {
    let whole = text.text();
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in whole.match_indices(sign).chain([(whole.len(), "")]) {
        parts.push(text.slice(from..at));
        from = at + sign.len_utf8();
    }
    parts
}

/// A part of a text behind some bytes of it.
pub(super) fn after(text: &Mapped, at: usize) -> Mapped {
    text.slice(at..text.text().len())
}

/// What a flag and its value cover together.
pub(super) fn cover(flag: Span, value: &Mapped) -> Span {
    flag.cover(value.span())
}
