//! `devices`: `source[:target][:permissions]`, and the names of CDI devices.

use crate::compose::ast::field::{Form, Text};
use crate::compose::ast::mount::Device;
use crate::compose::lower::excerpt;
use crate::compose::short::split::{part, parts};

/// Takes a device apart as Compose does: a second section is the device in the container, even where it looks
/// like permissions, as which `docker run` would take it. The error is in Compose's words.
pub(crate) fn split_device(text: &Text) -> Result<Device, String> {
    let whole = text.as_str();
    let mut device = Device { form: Form::Short(text.clone()), ..Device::default() };
    let sections: Vec<Text> = parts(whole, b':').into_iter().map(|range| text.slice(range)).collect();
    let field = |section: &Text| part(section, section.clone());
    match sections.as_slice() {
        [source] => device.source = field(source),
        [source, target] => {
            device.source = field(source);
            device.target = field(target);
        }
        [source, target, permissions] => {
            device.source = field(source);
            device.target = field(target);
            device.permissions = field(permissions);
        }
        _ => {
            return Err(format!("confusing device mapping, please use long syntax: {}", excerpt(whole)));
        }
    }
    Ok(device)
}

/// Whether it is the name of a CDI device: `vendor/class=name`.
pub(crate) fn is_cdi(text: &str) -> bool {
    let Some((kind, name)) = text.split_once('=') else { return false };
    let Some((vendor, class)) = kind.split_once('/') else { return false };
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b))
    };
    is_name(vendor) && is_name(class) && is_name(name)
}

#[cfg(test)]
mod tests {
    use super::split_device;
    use crate::compose::short::tests::{spans, text};

    #[test]
    fn parts_and_their_places() {
        for (written, expected) in [
            ("/dev/a", "source=/dev/a"),
            ("/dev/a:/dev/b", "source=/dev/a target=/dev/b"),
            ("/dev/a:/dev/b:rwm", "source=/dev/a target=/dev/b permissions=rwm"),
            ("/dev/a:rw", "source=/dev/a target=rw"),
            ("/dev/a:rr", "source=/dev/a target=rr"),
            ("vendor.com/class=gpu0", "source=vendor.com/class=gpu0"),
            // Compose does not know that a name may hold a colon.
            ("vendor.com/class=gpu:0", "source=vendor.com/class=gpu target=0"),
            ("${D:-/dev/a}:/dev/b", "source=${D:-/dev/a} target=/dev/b"),
        ] {
            let device = split_device(&text(written)).unwrap();
            let found = spans(
                written,
                &[
                    ("source", device.source.as_ref().map(|f| f.origin)),
                    ("target", device.target.as_ref().map(|f| f.origin)),
                    ("permissions", device.permissions.as_ref().map(|f| f.origin)),
                ],
            );
            assert_eq!(found, expected, "{written}");
        }
        let words = split_device(&text("a:b:c:d")).unwrap_err();
        assert_eq!(words, "confusing device mapping, please use long syntax: a:b:c:d");
    }
}
