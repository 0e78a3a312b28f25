//! Names of images, and of files.

use lint_parser::image::ImageReference;

/// Registry, path and tag in full: `docker.io/library/alpine:latest`.
#[must_use]
pub fn full_name(reference: &ImageReference) -> String {
    let tag = reference.effective_tag().unwrap_or_default();
    format!("{}:{tag}", reference.normalized_name())
}

/// Files that are copied to `.env` and filled in.
pub const EXAMPLES: [&str; 20] = [
    ".env.example",
    ".env.sample",
    ".env.dist",
    ".env.template",
    "example.env",
    "sample.env",
    "env.example",
    "env.sample",
    "env.dist",
    "env.template",
    "template.env",
    ".env.tmpl",
    ".env.tpl",
    ".env.default",
    ".env.defaults",
    "default.env",
    ".env-example",
    ".env_example",
    ".env-sample",
    ".env.example.txt",
];
