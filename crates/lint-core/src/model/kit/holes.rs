//! Texts of which a part is known only where they are run.

/// Stands for a part of a text that is known only where it is run: `$1`, `$(git describe)`.
pub(in crate::model) const UNKNOWN: char = '\u{F8F0}';

/// Begins a path that does not depend on where the command runs: `"$(dirname "$0")/.."`.
pub(in crate::model) const ROOTED: char = '\u{F8F1}';

/// Whether a text is known from its first letter to its last.
pub(in crate::model) fn is_known(text: &str) -> bool {
    !text.contains([UNKNOWN, ROOTED])
}

/// Whether a text is what a partly known one may become.
pub(in crate::model) fn may_be(pattern: &str, text: &str) -> bool {
    fits(pattern, UNKNOWN, text)
}

/// Whether a text fits a pattern in which a hole stands for any text. Linear in practice: no two holes are tried at once.
pub(in crate::model) fn fits(pattern: &str, hole: char, text: &str) -> bool {
    let mut parts = pattern.split(hole);
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_may_be_anything() {
        let pattern = |text: &str| text.replace('?', &UNKNOWN.to_string());
        assert!(may_be("a/b", "a/b") && !may_be("a/b", "a/bc"));
        assert!(may_be(&pattern("a/?/b"), "a/x/y/b") && !may_be(&pattern("a/?/b"), "a/b"));
        assert!(may_be(&pattern("?"), "x") && may_be(&pattern("x?"), "x"));
        assert!(!may_be(&pattern("ab?ba"), "aba"));
    }
}
