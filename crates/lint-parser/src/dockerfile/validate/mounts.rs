//! `RUN --mount`. Values with variables are passed over: BuildKit judges them once they are expanded.

use crate::dockerfile::ast::{Mount, MountOption, Run};
use crate::dockerfile::check::boolean;
use crate::dockerfile::validate::refused;
use crate::dockerfile::wording::shown;
use crate::syntax_error::SyntaxError;
use crate::text::mapped::Mapped;
use crate::text::near::closest;

const TYPES: [&str; 5] = ["bind", "cache", "tmpfs", "secret", "ssh"];

const KEYS: [&str; 18] = [
    "type",
    "from",
    "source",
    "src",
    "target",
    "dst",
    "destination",
    "readonly",
    "ro",
    "readwrite",
    "rw",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
];

/// Notes what is wrong with the mounts of a `RUN`.
pub(super) fn check(run: &Run, errors: &mut Vec<SyntaxError>) {
    for mount in &run.mounts {
        errors.extend(fault(mount));
    }
}

/// The type, when it is known: `bind` unless written.
fn mount_type(mount: &Mount) -> Option<String> {
    let written = mount.options.iter().rev().find(|option| key(option) == "type");
    match written.and_then(|option| option.value.as_ref()) {
        None => Some("bind".to_owned()),
        Some(value) if value.text().contains('$') => None,
        Some(value) => Some(value.text().to_lowercase()),
    }
}

fn key(option: &MountOption) -> String {
    option.key.text().to_ascii_lowercase()
}

fn fault(mount: &Mount) -> Option<SyntaxError> {
    let kind = mount_type(mount);
    let kind = kind.as_deref();
    if let Some(error) = mount.options.iter().find_map(|option| option_fault(option, kind)) {
        return Some(error);
    }
    let kind = kind?;
    let find = |names: &[&str]| mount.options.iter().find(|option| names.contains(&key(option).as_str()));
    let owned = matches!(kind, "secret" | "ssh" | "cache");
    if let Some(option) = find(&["mode", "uid", "gid"]).filter(|_| !owned) {
        let message = format!("{} not allowed for \"{kind}\" type mounts", key(option));
        return Some(refused(option.key.span(), message));
    }
    if let Some(option) = find(&["sharing"]).filter(|_| kind != "cache") {
        return Some(refused(option.key.span(), format!("invalid cache sharing set for {kind} mount")));
    }
    if kind != "secret" {
        return None;
    }
    if let Some(option) = find(&["from"]) {
        return Some(refused(option.key.span(), "secret mount should not have a from"));
    }
    let source = find(&["source", "src"]);
    let id = find(&["id"]);
    if let (Some(_), Some(id)) = (source, id) {
        return Some(refused(id.key.span(), "both source and id can't be set"));
    }
    if source.is_none() && id.is_none() && find(&["target", "dst", "destination"]).is_none() {
        return Some(refused(mount.span, "invalid secret mount. one of source, target required"));
    }
    None
}

fn option_fault(option: &MountOption, kind: Option<&str>) -> Option<SyntaxError> {
    let key = key(option);
    let at = option.key.span();
    let Some(value) = &option.value else {
        return match key.as_str() {
            "readonly" | "ro" | "readwrite" | "rw" => None,
            "required" => required_fault(option, kind),
            _ => {
                let message =
                    format!("invalid field '{}' must be a key=value pair", shown(option.key.text()));
                Some(refused(at, message))
            }
        };
    };
    let text = value.text();
    let variable = text.contains('$');
    let bad = |message: String| Some(refused(place(value, option), message));
    match key.as_str() {
        "from" if text.split_once('$').is_some_and(|(_, after)| !after.is_empty()) => {
            let message = "'from' doesn't support variable expansion, define alias stage instead";
            bad(message.to_owned())
        }
        _ if variable && (KEYS.contains(&key.as_str()) || key == "env") => None,
        "type" if !TYPES.contains(&text.to_lowercase().as_str()) => {
            let error = refused(place(value, option), format!("unsupported mount type \"{}\"", shown(text)));
            Some(match closest(text, TYPES) {
                Some(guess) => error.with_guess(value.span(), "", guess),
                None => error.with_help("the types are bind, cache, tmpfs, secret and ssh"),
            })
        }
        "required" if kind.is_some_and(|kind| !matches!(kind, "secret" | "ssh")) => {
            required_fault(option, kind)
        }
        "readonly" | "ro" | "readwrite" | "rw" | "required" if boolean(text).is_none() => {
            bad(format!("invalid value for {key}: {}", shown(text)))
        }
        "sharing" if !matches!(text.to_lowercase().as_str(), "shared" | "private" | "locked") => {
            bad(format!("unsupported sharing value \"{}\"", shown(text)))
        }
        "mode" if u32::from_str_radix(text, 8).is_err() => {
            bad(format!("invalid value {} for mode", shown(text)))
        }
        "uid" | "gid" if text.parse::<u32>().is_err() => {
            bad(format!("invalid value {} for {key}", shown(text)))
        }
        _ if KEYS.contains(&key.as_str()) || key == "env" => None,
        _ => {
            let message = format!("unexpected key '{}' in '{}={}'", shown(&key), shown(&key), shown(text));
            let error = refused(at, message);
            Some(match closest(&key, KEYS) {
                Some(guess) => error.with_guess(option.key.span(), "", guess),
                None => error,
            })
        }
    }
}

fn required_fault(option: &MountOption, kind: Option<&str>) -> Option<SyntaxError> {
    let kind = kind.filter(|kind| !matches!(*kind, "secret" | "ssh"))?;
    Some(refused(option.key.span(), format!("unexpected key 'required' for mount type '{kind}'")))
}

/// The value; the key when the value is empty.
fn place(value: &Mapped, option: &MountOption) -> crate::text::span::Span {
    if value.is_empty() { option.key.span() } else { value.span() }
}
