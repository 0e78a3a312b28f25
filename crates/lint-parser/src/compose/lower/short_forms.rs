//! Types that have a short syntax beside the long one, and those whose kind of node says what they are.

use std::sync::Arc;

use crate::compose::ast::build::Build;
use crate::compose::ast::field::{Attribute, Cast, Form, List, Text};
use crate::compose::ast::lifecycle::{EnvFile, Extends, SecurityOpt};
use crate::compose::ast::mount::{Device, FileGrant, Gpus, Mount};
use crate::compose::ast::network::Port;
use crate::compose::ast::pairs::Ulimit;
use crate::compose::ast::resource::{External, Include};
use crate::compose::ast::scalar::MountType;
use crate::compose::lower::attributes::{Attributes, Lower, read_attributes};
use crate::compose::lower::cast::{FromScalar, cast_by, is_undecided};
use crate::compose::lower::collections::{scalar_text, string_text};
use crate::compose::lower::readers::one_or_list;
use crate::compose::lower::{Lowering, Path, excerpt};
use crate::compose::short::device::{is_cdi, split_device};
use crate::compose::short::mount::split_mount;
use crate::compose::short::port::split_port;
use crate::compose::short::security::split_security;
use crate::compose::short::split::part;
use crate::compose::value::{ScalarKind, Value, ValueKind};

/// A mapping, or a text that is `read` as the short syntax; anything else must be `expected`.
fn long_or_short<T: Attributes>(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
    expected: &str,
    read: impl FnOnce(Text) -> Result<T, String>,
) -> Option<T> {
    if matches!(value.kind, ValueKind::Mapping(_)) {
        return read_attributes(value, at, cx);
    }
    let Some(text) = string_text(value) else {
        cx.wrong_type(value, at, expected);
        return None;
    };
    match read(text) {
        Ok(tree) => Some(tree),
        Err(words) => {
            cx.refuse(value.origin, at, &words);
            None
        }
    }
}

/// Declares the short syntax that is the text of one field.
macro_rules! short_is {
    ($($Name:ident . $field:ident),* $(,)?) => {
        $( impl Lower for $Name {
            fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
                long_or_short(value, at, cx, "a string", |text| {
                    let form = Form::Short(text.clone());
                    Ok($Name { $field: part(&text, text.clone()), form, ..$Name::default() })
                })
            }
        } )*
    };
}

short_is!(Build.context, FileGrant.source, Extends.service, EnvFile.path);

impl Lower for Include {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        long_or_short(value, at, cx, "a string", |text| {
            let form = Form::Short(text.clone());
            let path = one_or_list(value, at, &mut Lowering::default());
            Ok(Include { path: path.and_then(|path| part(&text, path)), form, ..Include::default() })
        })
    }
}

impl Lower for Mount {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        let mount: Mount = long_or_short(value, at, cx, "a string", |text| split_mount(&text))?;
        if mount.target.is_none() && mount.rest.is_empty() {
            cx.error(value.origin, at, "is missing a mount target");
        }
        let is_bind = mount.kind.as_ref().is_some_and(|kind| kind.value.is(MountType::Bind));
        if is_bind && mount.source.is_none() && mount.rest.invalid("source").is_none() {
            let words = "invalid mount config for type \"bind\": field Source must not be empty";
            cx.refuse(value.origin, at, words)
                .help("give `source` the directory or file of the host")
                .at_last();
        }
        Some(mount)
    }
}

impl Lower for Device {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        let mut device: Device = long_or_short(value, at, cx, "a string", |text| split_device(&text))?;
        if device.form == Form::Long && device.target.is_none() && device.rest.is_empty() {
            cx.error(value.origin, at, "is missing a mount target");
        }
        device.is_cdi = device.source.as_ref().is_some_and(|source| is_cdi(source.value.as_str()));
        Some(device)
    }
}

impl Lower for Port {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        if let Some(text) = scalar_text(value).filter(|text| text.kind == ScalarKind::Int) {
            return match split_port(&text) {
                Ok(port) => Some(port),
                Err(words) => {
                    cx.refuse(value.origin, at, &words);
                    None
                }
            };
        }
        let mut port: Port = long_or_short(value, at, cx, "a number", |text| split_port(&text))?;
        // The empty text asks for no port of the host's, as if nothing stood there.
        let is_empty = |text: &Text| text.as_str().is_empty() && !is_undecided(text);
        port.published = port.published.filter(|published| !is_empty(&published.value.text));
        refuse_bare_ipv6(&port, at, cx);
        if port.target.is_none() && port.rest.is_empty() {
            cx.error(value.origin, at, "is missing a target port");
        }
        if let Some(ip) = port.host_ip.as_ref().map(|field| &field.value) {
            let fine = is_undecided(ip) || (port.form != Form::Long && ip.mapped.is_empty());
            if !fine && ip.as_str().parse::<std::net::IpAddr>().is_err() {
                let words = format!("invalid ip address: {}", excerpt(ip.as_str()));
                cx.refuse(ip.origin, at.key("host_ip"), &words).at_last();
            }
        }
        Some(port)
    }
}

/// Reports an IPv6 address in the short syntax that has no brackets, as Compose 2 does.
fn refuse_bare_ipv6(port: &Port, at: Path<'_>, cx: &mut Lowering) {
    let (Form::Short(whole), Some(ip)) = (&port.form, &port.host_ip) else { return };
    if whole.as_str().starts_with('[') || !ip.value.as_str().contains(':') || is_undecided(&ip.value) {
        return;
    }
    let ip = &ip.value;
    let words =
        format!("Invalid ip address {0}: address {0}:: too many colons in address", excerpt(ip.as_str()));
    cx.refuse(ip.origin, at, &words).help("write an IPv6 address in brackets: `[::1]:8080:80`");
}

impl Lower for SecurityOpt {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        if matches!(value.kind, ValueKind::Mapping(_)) {
            let error = cx.error(value.origin, at, "must be a string");
            error.help("`- name: value` is a mapping; write `- name=value`");
            return None;
        }
        Text::lower(value, at, cx).map(|text| split_security(&text))
    }
}

impl Lower for Ulimit {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        if matches!(value.kind, ValueKind::Mapping(_)) {
            let mut limit: Ulimit = read_attributes(value, at, cx)?;
            // Compose takes extensions here, and forgets them.
            limit.rest.extensions.clear();
            return Some(limit);
        }
        let limit = Cast::<i64>::lower(value, at, cx)?;
        if limit.text.kind == ScalarKind::Float {
            cx.refuse(value.origin, at, "must be written without a fraction");
        }
        let form = Form::Short(limit.text.clone());
        let both: Attribute<Cast<i64>> = part(&limit.text.clone(), limit);
        Some(Ulimit { soft: both.clone(), hard: both, form, ..Ulimit::default() })
    }
}

impl Lower for External {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        if matches!(value.kind, ValueKind::Mapping(_)) {
            return read_attributes(value, at, cx);
        }
        let switch = cast_by(value, at, cx, "a boolean, mapping or string", bool::from_scalar)?;
        Some(External { switch: Some(switch), ..External::default() })
    }
}

impl Lower for Gpus {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        if matches!(value.kind, ValueKind::Sequence(_)) {
            return List::lower(value, at, cx).map(Gpus::Requests);
        }
        let text = Text::lower(value, at, cx)?;
        if text.as_str() != "all" && !is_undecided(&text) {
            cx.error(text.origin, at, "value must be 'all'");
            return None;
        }
        Some(Gpus::All(text))
    }
}
