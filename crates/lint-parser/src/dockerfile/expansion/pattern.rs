//! Shell patterns: `*`, `?`, and `\` before `*`, `?` and itself. BuildKit knows no brackets.

use std::ops::Range;

/// Steps one expansion may spend on matching. Enough for a kilobyte of pattern on as much value; more is no
/// version number or file name, and matching costs the product.
const STEPS: usize = 4_000_000;

/// One element of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    AnyChar,
    AnyText,
}

/// A pattern ready to match.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Token>);

/// What is left of [`STEPS`].
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new() -> Self {
        Self(STEPS)
    }

    fn spend(&mut self, steps: usize) -> Option<()> {
        self.0 = self.0.checked_sub(steps)?;
        Some(())
    }
}

impl Pattern {
    /// Reads a pattern; `Err` holds BuildKit's words for a bad escape.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let token = match c {
                '*' => Token::AnyText,
                '?' => Token::AnyChar,
                // `\}` and `\/` are escaped for the sake of `${...}`, not of the pattern.
                '\\' => match chars.next() {
                    Some(c @ ('*' | '?' | '\\' | '}' | '/')) => Token::Char(c),
                    Some(c) => return Err(format!("invalid escape '\\{}'", c.escape_default())),
                    None => return Err("invalid escape at the end of the pattern".to_owned()),
                },
                c => Token::Char(c),
            };
            // Two stars match what one does, and cost twice.
            if token != Token::AnyText || tokens.last() != Some(&Token::AnyText) {
                tokens.push(token);
            }
        }
        Ok(Self(tokens))
    }

    /// How many bytes at the start of `value` match; `None` inside when none do. Outer `None`: too costly.
    pub(super) fn prefix(&self, value: &str, longest: bool, budget: &mut Budget) -> Option<Option<usize>> {
        matched(&self.0, value.chars(), longest, budget)
    }

    /// How many bytes at the end of `value` match.
    pub(super) fn suffix(&self, value: &str, longest: bool, budget: &mut Budget) -> Option<Option<usize>> {
        let reversed: Vec<Token> = self.0.iter().rev().copied().collect();
        matched(&reversed, value.chars().rev(), longest, budget)
    }

    /// The first longest match at or after byte `from`.
    pub(super) fn find(&self, value: &str, from: usize, budget: &mut Budget) -> Option<Option<Range<usize>>> {
        let rest = value.get(from..).unwrap_or_default();
        for (at, _) in rest.char_indices() {
            let tail = rest.get(at..).unwrap_or_default();
            if let Some(length) = self.prefix(tail, true, budget)?
                && length > 0
            {
                return Some(Some(from + at..from + at + length));
            }
        }
        Some(None)
    }
}

/// Runs all ways to match side by side: state `i` means that `tokens[..i]` have matched so far. Backtracking
/// would take exponential time for `*a*a*a*b`.
fn matched(
    tokens: &[Token],
    chars: impl Iterator<Item = char>,
    longest: bool,
    budget: &mut Budget,
) -> Option<Option<usize>> {
    let mut states = vec![false; tokens.len() + 1];
    states[0] = true;
    skip_stars(tokens, &mut states);
    let mut best = None;
    let mut length = 0;
    if states[tokens.len()] {
        best = Some(0);
    }
    for c in chars {
        if best.is_some() && !longest {
            break;
        }
        budget.spend(states.len())?;
        length += c.len_utf8();
        let mut next = vec![false; states.len()];
        for (i, &token) in tokens.iter().enumerate() {
            if !states[i] {
                continue;
            }
            match token {
                Token::AnyText => next[i] = true,
                Token::AnyChar => next[i + 1] = true,
                Token::Char(wanted) if wanted == c => next[i + 1] = true,
                Token::Char(_) => {}
            }
        }
        skip_stars(tokens, &mut next);
        states = next;
        if states[tokens.len()] {
            best = Some(length);
        } else if !states.contains(&true) {
            break;
        }
    }
    Some(best)
}

/// A star may match nothing.
fn skip_stars(tokens: &[Token], states: &mut [bool]) {
    for (i, &token) in tokens.iter().enumerate() {
        if states[i] && token == Token::AnyText {
            states[i + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(pattern: &str, value: &str, longest: bool) -> Option<usize> {
        Pattern::new(pattern).unwrap().prefix(value, longest, &mut Budget::new()).unwrap()
    }

    #[test]
    fn shortest_and_longest_ends_are_found() {
        assert_eq!(prefix("*/", "a/b/c", false), Some(2));
        assert_eq!(prefix("*/", "a/b/c", true), Some(4));
        assert_eq!(prefix("?é", "aéb", true), Some(3));
        assert_eq!(prefix(r"\*", "*a", true), Some(1));
        assert_eq!(prefix("b", "a", true), None);
        let suffix = Pattern::new(".*").unwrap();
        assert_eq!(suffix.suffix("a.b.c", false, &mut Budget::new()), Some(Some(2)));
        assert_eq!(suffix.suffix("a.b.c", true, &mut Budget::new()), Some(Some(4)));
        assert!(Pattern::new(r"\a").is_err());
    }

    #[test]
    fn hostile_patterns_run_out_of_budget_and_not_of_time() {
        let pattern = Pattern::new(&"*a".repeat(50_000)).unwrap();
        assert_eq!(pattern.prefix(&"a".repeat(50_000), true, &mut Budget::new()), None);
        assert_eq!(prefix(&format!("{}b", "*a".repeat(30)), &"a".repeat(1000), true), None);
    }
}
