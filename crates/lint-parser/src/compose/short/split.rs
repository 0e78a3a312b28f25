//! Finding separators outside `${...}`.

use std::ops::Range;

use crate::compose::ast::field::{Attribute, Field, Text};

/// Where the separator stands outside `${...}`. A `${` that is not closed is ordinary text.
pub(crate) fn cuts(text: &str, separator: u8) -> impl Iterator<Item = usize> + '_ {
    let bytes = text.as_bytes();
    let atoms = if text.contains("${") { atoms(bytes) } else { Vec::new() };
    let mut atoms = atoms.into_iter().peekable();
    memchr::memchr_iter(separator, bytes).filter(move |at| {
        while atoms.next_if(|atom: &Range<usize>| atom.end <= *at).is_some() {}
        !atoms.peek().is_some_and(|atom| atom.contains(at))
    })
}

/// The first separator outside `${...}`.
pub(crate) fn first_cut(text: &str, separator: u8) -> Option<usize> {
    cuts(text, separator).next()
}

/// The parts of the text between separators outside `${...}`; at least one.
pub(crate) fn parts(text: &str, separator: u8) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in cuts(text, separator) {
        parts.push(start..at);
        start = at + 1;
    }
    parts.push(start..text.len());
    parts
}

/// The outermost `${...}`, in order.
fn atoms(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut open = Vec::new();
    let mut atoms: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'$', Some(b'$')) => at += 1,
            (b'$', Some(b'{')) => {
                open.push(at);
                at += 1;
            }
            (b'}', _) => {
                if let Some(start) = open.pop() {
                    // What it encloses is part of it.
                    while atoms.pop_if(|inner| inner.start > start).is_some() {}
                    atoms.push(start..at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    atoms
}

/// A part of a short syntax as an attribute of the long one.
pub(crate) fn part<T>(text: &Text, value: T) -> Attribute<T> {
    Some(Box::new(Field { value, key: text.origin, origin: text.origin, via: None }))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn variables_are_atoms() {
        for (text, expected) in [
            ("", vec![""]),
            ("a:b", vec!["a", "b"]),
            ("${A:-x:y}:b", vec!["${A:-x:y}", "b"]),
            ("${A:-${B:-1}:2}:b:", vec!["${A:-${B:-1}:2}", "b", ""]),
            ("${A:b", vec!["${A", "b"]),
            ("$${A:b}", vec!["$${A", "b}"]),
            ("}a:b", vec!["}a", "b"]),
            ("${a:${b:c}", vec!["${a", "${b:c}"]),
        ] {
            let found: Vec<&str> = parts(text, b':').into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
