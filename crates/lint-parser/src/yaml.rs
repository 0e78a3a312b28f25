//! YAML, behind one wall: only `events` knows the YAML crate.

mod aliases;
mod cooked;
mod events;
pub mod node;
mod tabs;
mod tree;

use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::span::Span;
use crate::yaml::node::Stream;

pub use aliases::{may_have_anchors, unaliased};

/// Reads a YAML stream as go-yaml, Compose's parser, accepts it.
///
/// Duplicate keys are kept and are no error here: what they mean is the reader's affair. A fault ends its
/// document, of which the part before the fault is kept; reading goes on at the next `---`. Collections may
/// be nested 255 deep.
///
/// ```
/// let text = "a: [1, two]\n";
/// let parsed = lint_parser::yaml::parse(text);
/// let root = parsed.tree.documents[0].root.as_ref().unwrap();
/// assert_eq!(root.span.slice(text), "a: [1, two]");
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<Stream> {
    if u32::try_from(text.len()).is_err() {
        let error = SyntaxError::new(
            SyntaxErrorKind::Syntax,
            Span::at(0),
            "the file is larger than 4 GiB and was not read",
        );
        return Parsed { tree: Stream::default(), errors: vec![error] };
    }
    tree::build(text)
}
