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
}
