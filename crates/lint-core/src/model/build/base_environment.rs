//! Which variables the base of a stage sets.

use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::build::stage::Base;
use crate::model::known::image_environment::image_sets;

pub use crate::model::known::image_environment::InBase;

/// Whether the base at the root of a stage's chain sets a variable.
#[must_use]
pub fn base_sets(root: &Base, name: &str) -> InBase {
    if name == "PATH" {
        return InBase::Set;
    }
    match root {
        Base::Scratch => InBase::Unset,
        Base::Image(base) if base.facts.is_some_and(|facts| facts.env().any(|(known, _)| known == name)) => {
            InBase::Set
        }
        Base::Image(base) => match image::parse(&Mapped::replaced(&*base.reference, Span::default())) {
            Ok(reference) => image_sets(&reference.normalized_name(), name),
            Err(_) => InBase::Unknown,
        },
        Base::Stage(_) | Base::Unknown => InBase::Unknown,
    }
}
