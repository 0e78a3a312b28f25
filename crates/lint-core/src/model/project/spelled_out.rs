//! Whether a text of a project stands in its files, or was brought in from a `.env`.

use std::ops::Range;

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::{Certainty, Origin};

use crate::model::project::effective::Project;

/// Whether a range of a text stands in the file it is written in: as it is, or as the default of a variable.
/// What a `.env` sets does not, and neither does what nobody sets.
#[must_use]
pub fn is_spelled_out(project: &Project, text: &Text, range: Range<usize>) -> bool {
    let part = text.slice(range.clone());
    match part.certainty {
        Certainty::Unknown => false,
        Certainty::Default => true,
        Certainty::Known => {
            let written = written(project, text.origin_of(range));
            // A file read without interpolation may hold dollars of its own.
            !has_variable(written) || written == part.as_str()
        }
    }
}

/// Whether what stands at a place holds no variable, or one with a default.
#[must_use]
pub fn is_written(project: &Project, origin: Origin) -> bool {
    let written = written(project, origin);
    !has_variable(written) || written.contains(":-")
}

fn written(project: &Project, origin: Origin) -> &str {
    project.sources.get(origin.source).map_or("", |source| source.file.slice(origin.span))
}

/// Whether a `$` begins a variable; `$$` stands for the character.
fn has_variable(written: &str) -> bool {
    let mut bytes = written.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'$' {
            continue;
        }
        match bytes.peek() {
            Some(b'$') => {
                bytes.next();
            }
            Some(next) if next.is_ascii_alphabetic() || matches!(next, b'_' | b'{') => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_variable;

    #[test]
    fn dollars() {
        for (written, expected) in [
            ("a", false),
            ("$$A", false),
            ("$$$A", true),
            ("pa$", false),
            ("$5", false),
            ("${A}", true),
            ("x$_", true),
        ] {
            assert_eq!(has_variable(written), expected, "{written}");
        }
    }
}
