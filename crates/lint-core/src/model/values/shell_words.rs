//! Words of a command, as far as literals, `ARG` and `ENV` tell what the shell makes of them.

use lint_parser::shell::word::{PartKind, Word};

use crate::model::values::variables::Variables;

/// A word as the shell would make it, where that depends on literals and on ARG and ENV alone.
#[must_use]
pub fn evaluate(word: &Word, variables: &Variables) -> Option<String> {
    let mut text = String::new();
    for part in &word.parts {
        match &part.kind {
            PartKind::Parameter(parameter) => {
                if parameter.length || parameter.indirect || parameter.subscript.is_some() {
                    return None;
                }
                let value = variables.get(parameter.name.text());
                let value = match &value {
                    Some(value) => Some(value.text()?),
                    None => None,
                };
                let operator = parameter.operator.as_ref().map(|operator| operator.text());
                match (operator, value) {
                    (None, value) => text.push_str(value?),
                    (Some(":-" | ":="), Some(value)) if !value.is_empty() => text.push_str(value),
                    (Some("-" | "="), Some(value)) => text.push_str(value),
                    (Some(":-" | "-" | ":=" | "="), _) => {
                        if let Some(default) = &parameter.word {
                            text.push_str(&default.literal_text()?);
                        }
                    }
                    _ => return None,
                }
            }
            PartKind::Literal | PartKind::Escape(_) => text.push_str(&part.value()?),
            // Names of users, options and modes have none of these; in a path they are shown as written.
            PartKind::Brace | PartKind::Glob => text.push_str(part.text.text()),
            _ => return None,
        }
    }
    Some(text)
}

/// The same, or the word as written where that is not enough.
#[must_use]
pub fn evaluated_or_written(word: &Word, variables: &Variables) -> String {
    evaluate(word, variables).unwrap_or_else(|| word.as_script().text().to_owned())
}
