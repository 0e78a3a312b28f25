//! `volumes` of a service: `[source:]target[:options]`.

use crate::compose::ast::field::{Cast, Form, Text};
use crate::compose::ast::mount::{BindOptions, Mount, VolumeOptions};
use crate::compose::ast::scalar::{MountType, SelinuxLabel};
use crate::compose::lower::cast::is_undecided;
use crate::compose::lower::excerpt;
use crate::compose::short::split::{part, parts};

/// Takes a mount apart as Compose does: a single letter before a colon is a Windows drive, so that `d:/data`
/// is an anonymous volume. The error is in Compose's words.
pub(crate) fn split_mount(text: &Text) -> Result<Mount, String> {
    let whole = text.as_str();
    if whole.is_empty() && !is_undecided(text) {
        return Err("invalid empty volume spec".to_owned());
    }
    let mut mount = Mount { form: Form::Short(text.clone()), ..Mount::default() };
    let mut sections = Vec::new();
    if whole.len() <= 2 {
        sections.push(0..whole.len());
    } else {
        let mut drive = None;
        for section in parts(whole, b':') {
            let start = drive.take().unwrap_or(section.start);
            let is_letter = start == section.start && is_drive(whole.get(section.clone()));
            // A last section has no colon after it.
            if is_letter && section.end < whole.len() {
                drive = Some(start);
            } else {
                sections.push(start..section.end);
            }
        }
    }
    // `${A}:/x` may be anything once it is interpolated, but hardly nothing.
    if sections.iter().any(std::ops::Range::is_empty) && !is_undecided(text) {
        return Err(format!("invalid spec: {}: empty section between colons", excerpt(whole)));
    }
    if sections.len() > 3 && !is_undecided(text) {
        return Err(format!("invalid spec: {}: too many colons", excerpt(whole)));
    }
    let mut sections = sections.into_iter();
    let first = sections.next().map(|range| text.slice(range));
    let (source, target) = match sections.next() {
        Some(target) => (first, Some(text.slice(target))),
        None => (None, first),
    };
    if let Some(section) = sections.next() {
        let options = text.slice(section);
        mount.options = parts(options.as_str(), b',').into_iter().map(|range| options.slice(range)).collect();
    }
    mount.kind = part(text, Cast { value: kind(source.as_ref()), text: text.clone() });
    mount.target = target.as_ref().and_then(|target| part(target, target.clone()));
    mount.source = source.as_ref().and_then(|source| part(source, source.clone()));
    for option in mount.options.clone() {
        apply(&mut mount, &option);
    }
    Ok(mount)
}

/// A path is mounted, a name is a volume's; `None` while a variable decides.
fn kind(source: Option<&Text>) -> Option<MountType> {
    let Some(source) = source else { return Some(MountType::Volume) };
    let path = source.as_str();
    let drive = path.split_once(':').is_some_and(|(letter, _)| is_drive(Some(letter)));
    if path.starts_with(['.', '/', '~']) || path.starts_with("\\\\") || drive {
        Some(MountType::Bind)
    } else if is_undecided(source) {
        None
    } else {
        Some(MountType::Volume)
    }
}

fn is_drive(section: Option<&str>) -> bool {
    let mut letters = section.unwrap_or_default().chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

/// Does what an option says; Compose ignores options it does not know.
fn apply(mount: &mut Mount, option: &Text) {
    let says = |value| Cast { value: Some(value), text: option.clone() };
    let word = option.as_str();
    match word {
        "ro" => mount.read_only = part(option, says(true)),
        "rw" => mount.read_only = part(option, says(false)),
        "nocopy" => {
            let nocopy = part(option, says(true));
            mount.volume = part(option, VolumeOptions { nocopy, ..VolumeOptions::default() });
        }
        "z" | "Z" => {
            let label = if word == "z" { SelinuxLabel::Shared } else { SelinuxLabel::Private };
            let label = Cast { value: Some(label), text: option.clone() };
            bind(mount, option).selinux = part(option, label);
        }
        "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => {
            bind(mount, option).propagation = part(option, option.clone());
        }
        _ => {}
    }
}

/// The bind options, made by the first option that needs them.
fn bind<'a>(mount: &'a mut Mount, option: &Text) -> &'a mut BindOptions {
    let field = mount.bind.get_or_insert_with(|| {
        Box::new(crate::compose::ast::field::Field {
            value: BindOptions::default(),
            key: option.origin,
            origin: option.origin,
            via: None,
        })
    });
    &mut field.value
}

#[cfg(test)]
mod tests {
    use super::split_mount;
    use crate::compose::short::tests::{spans, text};

    #[test]
    fn parts_and_their_places() {
        for (written, kind, expected) in [
            ("/c", "Some(Volume)", "target=/c"),
            ("/", "Some(Volume)", "target=/"),
            ("::", "Some(Volume)", "target=::"),
            ("data:/c", "Some(Volume)", "source=data target=/c"),
            ("./a:/c", "Some(Bind)", "source=./a target=/c"),
            ("~/a:/c:ro", "Some(Bind)", "source=~/a target=/c read_only=ro"),
            ("/a:/c:z,rshared,ro", "Some(Bind)", "source=/a target=/c read_only=ro bind=z"),
            ("data:/c:nocopy,r0", "Some(Volume)", "source=data target=/c volume=nocopy"),
            ("d:/data", "Some(Volume)", "target=d:/data"),
            (r"C:\a:/c:ro", "Some(Bind)", r"source=C:\a target=/c read_only=ro"),
            ("c:/a:d:/c", "Some(Bind)", "source=c:/a target=d:/c"),
            ("a:b:c", "Some(Bind)", "source=a:b target=c"),
            (r"\\.\pipe\x:\\.\pipe\x", "Some(Bind)", r"source=\\.\pipe\x target=\\.\pipe\x"),
            ("//var/run/docker.sock:/s", "Some(Bind)", "source=//var/run/docker.sock target=/s"),
            ("${SOCK:-/var/run/docker.sock}:/s", "None", "source=${SOCK:-/var/run/docker.sock} target=/s"),
            ("./${X}:/s:${MODE:-ro}", "Some(Bind)", "source=./${X} target=/s"),
        ] {
            let mount = split_mount(&text(written)).unwrap();
            let found = spans(
                written,
                &[
                    ("source", mount.source.as_ref().map(|f| f.origin)),
                    ("target", mount.target.as_ref().map(|f| f.origin)),
                    ("read_only", mount.read_only.as_ref().map(|f| f.origin)),
                    ("bind", mount.bind.as_ref().map(|f| f.origin)),
                    ("volume", mount.volume.as_ref().map(|f| f.origin)),
                ],
            );
            assert_eq!(found, expected, "{written}");
            let found = mount.kind.as_ref().map(|field| field.value.value);
            assert_eq!(format!("{:?}", found.flatten()), kind, "{written}");
        }
    }

    #[test]
    fn refused_in_composes_words() {
        for (written, words) in [
            ("", "invalid empty volume spec"),
            (":/x", "invalid spec: :/x: empty section between colons"),
            ("/a:/b:", "invalid spec: /a:/b:: empty section between colons"),
            ("/a::ro", "invalid spec: /a::ro: empty section between colons"),
            ("/a:/b:ro:rw", "invalid spec: /a:/b:ro:rw: too many colons"),
        ] {
            assert_eq!(split_mount(&text(written)).unwrap_err(), words, "{written}");
        }
    }
}
