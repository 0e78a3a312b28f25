//! The functions of Bake that real files use. What the others yield is unknown; so is what depends on the clock.

use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::inputs::bake::value::{Value, text_of};

/// How long a list may become.
const MOST: usize = 4_000;

/// What a function yields.
pub(super) fn call(name: &str, args: &[Value], span: Span) -> Value {
    let text = |at: usize| args.get(at).and_then(text_of);
    let made = |text: String| Value::Text(Mapped::replaced(text, span));
    let is = |is: Option<bool>| is.map_or(Value::Unknown, Value::Bool);
    match (name, args) {
        ("lower", [_]) => text(0).map_or(Value::Unknown, |text| made(text.to_lowercase())),
        ("upper", [_]) => text(0).map_or(Value::Unknown, |text| made(text.to_uppercase())),
        ("trimspace", [_]) => text(0).map_or(Value::Unknown, |text| made(text.trim().to_owned())),
        ("trimprefix", [..]) => match (text(0), text(1)) {
            (Some(text), Some(prefix)) => made(text.strip_prefix(prefix).unwrap_or(text).to_owned()),
            _ => Value::Unknown,
        },
        ("trimsuffix", [..]) => match (text(0), text(1)) {
            (Some(text), Some(suffix)) => made(text.strip_suffix(suffix).unwrap_or(text).to_owned()),
            _ => Value::Unknown,
        },
        ("replace", [..]) => match (text(0), text(1), text(2)) {
            // A pattern between slashes is one of regular expressions.
            (Some(text), Some(from), Some(to)) if !from.starts_with('/') => made(text.replace(from, to)),
            _ => Value::Unknown,
        },
        ("sanitize", [_]) => text(0).map_or(Value::Unknown, |text| {
            made(text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect())
        }),
        ("substr", [..]) => match (text(0), text(1), text(2)) {
            (Some(text), Some(from), Some(length)) => {
                let (from, length) = (from.parse::<usize>(), length.parse::<usize>());
                match (from, length) {
                    (Ok(from), Ok(length)) => made(text.chars().skip(from).take(length).collect()),
                    _ => Value::Unknown,
                }
            }
            _ => Value::Unknown,
        },
        ("split", [..]) => match (text(0), text(1)) {
            (Some(sign), Some(text)) if !sign.is_empty() => {
                Value::List(text.split(sign).take(MOST).map(|part| made(part.to_owned())).collect())
            }
            _ => Value::Unknown,
        },
        ("join", [_, Value::List(items)]) => {
            let parts: Option<Vec<&str>> = items.iter().map(text_of).collect();
            match (text(0), parts) {
                (Some(sign), Some(parts)) => made(parts.join(sign)),
                _ => Value::Unknown,
            }
        }
        ("format", [_, rest @ ..]) => {
            text(0).and_then(|form| format(form, rest)).map_or(Value::Unknown, made)
        }
        ("coalesce", args) => {
            let first = args.iter().find(|arg| !matches!(arg, Value::Null) && text_of(arg) != Some(""));
            first.cloned().unwrap_or(Value::Unknown)
        }
        ("try", [first, ..]) => first.clone(),
        ("equal", [a, b]) => is(same(a, b)),
        ("notequal", [a, b]) => is(same(a, b).map(|same| !same)),
        ("and", [Value::Bool(a), Value::Bool(b)]) => Value::Bool(*a && *b),
        ("or", [Value::Bool(a), Value::Bool(b)]) => Value::Bool(*a || *b),
        ("not", [Value::Bool(a)]) => Value::Bool(!*a),
        _ => of_collections(name, args, span),
    }
}

/// The same of functions over lists and maps.
fn of_collections(name: &str, args: &[Value], span: Span) -> Value {
    match (name, args) {
        ("concat", lists) => {
            let mut all = Vec::new();
            for list in lists {
                let Value::List(items) = list else { return Value::Unknown };
                all.extend(items.iter().cloned());
                if all.len() > MOST {
                    return Value::Unknown;
                }
            }
            Value::List(all)
        }
        ("compact", [Value::List(items)]) => {
            Value::List(items.iter().filter(|item| text_of(item) != Some("")).cloned().collect())
        }
        ("distinct", [Value::List(items)]) => {
            let mut all: Vec<Value> = Vec::new();
            for item in items {
                if !all.iter().any(|known| same(known, item) == Some(true)) {
                    all.push(item.clone());
                }
            }
            Value::List(all)
        }
        ("flatten", [Value::List(items)]) => Value::List(
            items
                .iter()
                .flat_map(|item| match item {
                    Value::List(inner) => inner.clone(),
                    other => vec![other.clone()],
                })
                .take(MOST)
                .collect(),
        ),
        ("length", [Value::List(items)]) => Value::Text(Mapped::replaced(items.len().to_string(), span)),
        ("merge", maps) => {
            let mut all: Vec<(String, Span, Value)> = Vec::new();
            for map in maps {
                let Value::Map(entries) = map else { return Value::Unknown };
                for entry in entries {
                    all.retain(|(name, ..)| *name != entry.0);
                    all.push(entry.clone());
                }
            }
            Value::Map(all)
        }
        ("lookup", [Value::Map(entries), _, ..]) => match args.get(1).and_then(text_of) {
            Some(key) => {
                let found = entries.iter().find(|(name, ..)| name == key).map(|(.., value)| value);
                found.or(args.get(2)).cloned().unwrap_or(Value::Unknown)
            }
            None => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

/// Whether two values are the same, where that can be said.
pub(super) fn same(one: &Value, other: &Value) -> Option<bool> {
    match (one, other) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Null, Value::Text(_)) | (Value::Text(_), Value::Null) => Some(false),
        _ => Some(text_of(one)? == text_of(other)?),
    }
}

/// `format("%s-%d", a, b)`
fn format(form: &str, args: &[Value]) -> Option<String> {
    let mut out = String::new();
    let mut args = args.iter();
    let mut chars = form.chars();
    while let Some(c) = chars.next() {
        match (c, c == '%') {
            (_, false) => out.push(c),
            _ => match chars.next()? {
                's' | 'd' | 'v' => out.push_str(text_of(args.next()?)?),
                '%' => out.push('%'),
                _ => return None,
            },
        }
        if out.len() > MOST {
            return None;
        }
    }
    Some(out)
}
