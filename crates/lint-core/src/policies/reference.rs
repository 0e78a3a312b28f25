//! The reference of the view and of the functions, for the page that explains policies.

use std::fmt::Write as _;

use crate::policies::compile::roots;
use crate::policies::language::functions::ALL;
use crate::policies::view::field::Shape;
use crate::policies::view::kind::Kind;
use crate::policies::view::{VERSION, fields};
use crate::settings::DeclaredPolicy;

/// The reference in Markdown.
///
/// ```
/// assert!(lint_core::policy::reference().contains("### container"));
/// ```
#[must_use]
pub fn reference() -> String {
    let mut text = format!(
        "This is version {VERSION} of the view.\n\n### What a policy is for, and the names that it has\n\n"
    );
    text.push_str("| `for` | names |\n| --- | --- |\n");
    for kind in Kind::ALL.into_iter().filter(|kind| DeclaredPolicy::SUBJECTS.contains(&kind.name())) {
        let names: Vec<String> = roots(kind).iter().map(|(name, _)| format!("`{name}`")).collect();
        let _ = writeln!(text, "| `{}` | {} |", kind.name(), names.join(", "));
    }
    for kind in Kind::ALL {
        let _ = write!(text, "\n### {}\n\n| field | type | |\n| --- | --- | --- |\n", kind.name());
        for field in fields(kind) {
            let words = match field.shape {
                Shape::Word(words) => {
                    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                    format!(" One of {}.", words.join(", "))
                }
                _ => String::new(),
            };
            let _ = writeln!(text, "| `{}` | {} | {}{words} |", field.name, field.shape.in_cel(), field.docs);
        }
    }
    text.push_str("\n### Functions\n\n| function | |\n| --- | --- |\n");
    for function in &ALL {
        let takes: Vec<&str> = function.takes.iter().map(|takes| takes.in_words()).collect();
        let call = match (function.is_method, takes.split_first()) {
            (true, Some((_, rest))) => format!("`x.{}({})`", function.name, rest.join(", ")),
            _ => format!("`{}({})`", function.name, takes.join(", ")),
        };
        let _ = writeln!(text, "| {call} | {} |", function.docs);
    }
    text.push_str("| `has(x.field)` | Whether somebody sets the field. |\n");
    text.push_str("| `known(x)` | Whether it is known. |\n");
    text.push_str("| `state(x)` | `'known'`, `'default'` or `'unknown'`. |\n");
    text.push_str("| `x.all(e, …)`, `x.exists(e, …)`, `x.exists_one(e, …)` | Whether all, some, or one of the elements are so. |\n");
    text.push_str("| `x.filter(e, …)`, `x.map(e, …)`, `x.map(e, …, …)` | The elements that are so; what is made of each. |\n");
    text
}
