//! What YAML takes a scalar for.

use lint_parser::yaml::node::{Scalar, ScalarStyle};

/// Whether a plain scalar may be a number, a truth value or nothing to a YAML reader.
pub(super) fn is_typed(text: &str) -> bool {
    let body = text.trim_start_matches(['+', '-', '.']);
    matches!(text.to_ascii_lowercase().as_str(), "" | "~" | "null" | "true" | "false" | ".nan")
        || text.parse::<f64>().is_ok()
        || body.eq_ignore_ascii_case("inf")
        || ["0x", "0o", "0b"].iter().any(|prefix| {
            let digits = body.strip_prefix(prefix);
            digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_hexdigit()))
        })
}

/// Whether a scalar is text for YAML, and no number or truth value.
#[cfg_attr(not(feature = "policies"), expect(dead_code, reason = "only policies have values of any kind"))]
pub(super) fn is_text(scalar: &Scalar) -> bool {
    scalar.style != ScalarStyle::Plain || !is_typed(scalar.text.text())
}

/// Names are quoted in messages of one line, however long they are.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
