//! The door for one Compose file on its own.

use std::collections::HashSet;

use crate::compose::ast::Project;
use crate::compose::lower::{LowerError, lower};
use crate::compose::value::SourceId;
use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::span::Span;

/// Reads the text of one Compose file, before interpolation, and without the files it includes and extends.
/// Never fails.
///
/// Of a stream of several documents this is the first; the others override it, which is the engine's work.
/// The errors are those of the YAML and of [`lower`], in the order of the text; a value that many services
/// share is reported once.
///
/// ```
/// let parsed = lint_parser::compose::parse("services:\n  web:\n    image: nginx\n    read_only: 'yes'\n");
/// let web = &parsed.tree.services.as_ref().unwrap().value.entries[0];
/// assert_eq!((&*web.name, web.field.value.image.as_ref().unwrap().value.as_str()), ("web", "nginx"));
/// assert!(parsed.errors.is_empty());
/// ```
#[must_use]
pub fn parse(text: &str) -> Parsed<Project> {
    let stream = crate::yaml::parse(text);
    let documents = crate::compose::read::read(&stream.tree, SourceId::default());
    let mut errors = stream.errors;
    errors.extend(documents.errors);
    let mut project = Project::default();
    if documents.tree.is_empty() && errors.is_empty() {
        errors.push(SyntaxError::new(SyntaxErrorKind::Compose, Span::at(0), "empty compose file"));
    }
    if let Some(root) = documents.tree.first() {
        let lowered = lower(root);
        project = lowered.project;
        let mut seen = HashSet::new();
        for error in &lowered.errors {
            if seen.insert((error.origin, words(error))) {
                let found =
                    SyntaxError::new(SyntaxErrorKind::Compose, error.origin.span, error.message.clone());
                errors.push(SyntaxError { help: error.help.clone(), ..found });
            }
        }
    }
    errors.sort_by_key(|error| error.span);
    Parsed { tree: project, errors }
}

/// What an error says after its path.
fn words(error: &LowerError) -> &str {
    error.message.strip_prefix(&error.path).unwrap_or(&error.message)
}
