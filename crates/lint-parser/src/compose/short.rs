//! The short syntaxes, taken apart with the span of each part. Text that has not been interpolated yet may
//! hold `${...}`, which counts as one letter wherever a text is split.

pub(crate) mod device;
pub(crate) mod host;
pub(crate) mod mount;
pub(crate) mod port;
pub(crate) mod security;
pub(crate) mod split;

#[cfg(test)]
mod tests {
    use crate::compose::ast::field::Text;
    use crate::compose::value::{Certainty, Origin, ScalarKind, SourceId};
    use crate::text::mapped::Mapped;
    use crate::text::span::Span;

    /// Where the texts of these tests stand in their imagined file.
    const START: usize = 7;

    /// A plain string.
    pub(crate) fn text(written: &str) -> Text {
        let span = Span::new(START, START + written.len());
        Text {
            mapped: Mapped::verbatim(written, START),
            origin: Origin { source: SourceId(0), span },
            kind: ScalarKind::String,
            certainty: Certainty::Known,
        }
    }

    /// The source of each part that is there.
    pub(crate) fn spans(written: &str, parts: &[(&str, Option<Origin>)]) -> String {
        let source = format!("{}{written}", " ".repeat(START));
        let found = parts.iter().filter_map(|(name, origin)| {
            origin.map(|origin| format!("{name}={}", origin.span.slice(&source)))
        });
        found.collect::<Vec<_>>().join(" ")
    }

    proptest::proptest! {
        /// Whatever is written, each part is the text of its own bytes, and nothing panics.
        #[test]
        fn parts_stand_where_they_say(written in "[a1:/$ {}.,~é\\[\\]=\\\\-]{0,24}") {
            let whole = text(&written);
            let source = format!("{}{written}", " ".repeat(START));
            let mut parts: Vec<Text> = Vec::new();
            if let Ok(port) = super::port::split_port(&whole) {
                parts.extend(port.host_ip.into_iter().chain(port.protocol).map(|field| field.value));
                parts.extend(port.target.into_iter().chain(port.published).map(|field| field.value.text));
            }
            if let Ok(mount) = super::mount::split_mount(&whole) {
                parts.extend(mount.source.into_iter().chain(mount.target).map(|field| field.value));
                parts.extend(mount.options);
            }
            if let Ok(device) = super::device::split_device(&whole) {
                let fields = device.source.into_iter().chain(device.target).chain(device.permissions);
                parts.extend(fields.map(|field| field.value));
            }
            if let Ok(host) = super::host::split_host(&whole) {
                parts.extend([host.name, host.address]);
            }
            let option = super::security::split_security(&whole);
            parts.extend([Some(option.key), option.separator, option.value].into_iter().flatten());
            for part in parts {
                proptest::prop_assert_eq!(part.origin.span.slice(&source), part.as_str());
            }
        }
    }
}
