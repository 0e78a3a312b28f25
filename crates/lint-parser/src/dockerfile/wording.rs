//! Words for errors: quoting hostile text.

/// Longest piece of source an error message repeats, in characters.
const SHOWN: usize = 60;

/// Source text for a message: cut when long, control characters replaced.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_control_text_is_tamed() {
        assert_eq!(shown("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
        assert_eq!(shown(&"é".repeat(99)).chars().count(), SHOWN + 1);
    }
}
