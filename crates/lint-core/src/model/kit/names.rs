//! Names of images.

use lint_parser::image::ImageReference;

/// Registry, path and tag in full: `docker.io/library/alpine:latest`.
#[must_use]
pub fn full_name(reference: &ImageReference) -> String {
    let tag = reference.effective_tag().unwrap_or_default();
    format!("{}:{tag}", reference.normalized_name())
}
