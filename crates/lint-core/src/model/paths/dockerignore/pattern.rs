//! One pattern of a `.dockerignore`.

use crate::model::paths::dockerignore::Budget;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `?`
    AnyChar,
    /// `*`
    AnyName,
    /// `**/`, or `**` within a pattern: nothing, or any text that ends in `/`.
    AnyDirectories,
    /// `**` at the end, or a `**` that a name follows at once at the very beginning.
    AnyText,
    /// `[a-z]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// A pattern, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Token>);

/// How far a pattern goes along a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    /// It matches the path, or a directory the path lies in.
    pub(super) matches: bool,
    /// It may match something below the path.
    pub(super) may_go_on: bool,
}

impl Pattern {
    /// Reads a cleaned pattern; `None` for a malformed one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("**") {
                let first = tokens.is_empty();
                let slash = after.starts_with('/');
                rest = after.strip_prefix('/').unwrap_or(after);
                let token = match () {
                    () if rest.is_empty() => Token::AnyText,
                    // Docker compares `**name` with the end of the path while nothing else in it is special.
                    () if first && !slash && !rest.contains(['*', '?', '[', ']', '\\']) => Token::AnyText,
                    () => Token::AnyDirectories,
                };
                if tokens.last() != Some(&token) {
                    tokens.push(token);
                }
                continue;
            }
            rest = rest.get(c.len_utf8()..)?;
            tokens.push(match c {
                '*' => Token::AnyName,
                '?' => Token::AnyChar,
                '[' => {
                    let (class, after) = class(rest)?;
                    rest = after;
                    class
                }
                '\\' => {
                    let escaped = rest.chars().next()?;
                    rest = rest.get(escaped.len_utf8()..)?;
                    Token::Char(escaped)
                }
                c => Token::Char(c),
            });
        }
        Some(Self(tokens))
    }

    /// Whether it matches everything there is: `*`, `**`, `**/*`.
    pub(super) fn is_everything(&self) -> bool {
        matches!(
            self.0.as_slice(),
            [Token::AnyName | Token::AnyText] | [Token::AnyDirectories, Token::AnyName | Token::AnyText]
        )
    }

    /// Goes along a path without a leading `/`; `None` when the budget is spent. Costs at most the product of
    /// both lengths.
    pub(super) fn reach(&self, path: &str, budget: &mut Budget) -> Option<Reach> {
        let mut states = vec![false; self.0.len() + 1];
        self.enter(&mut states, 0);
        let mut matches = false;
        for c in path.chars() {
            matches |= c == '/' && self.accepts(&states);
            states = self.step(&states, c, budget)?;
            if !states.contains(&true) {
                return Some(Reach { matches, may_go_on: false });
            }
        }
        matches |= self.accepts(&states);
        let below = self.step(&states, '/', budget)?;
        Some(Reach { matches, may_go_on: below.contains(&true) })
    }

    fn accepts(&self, states: &[bool]) -> bool {
        states.last().copied().unwrap_or(false)
    }

    /// Comes to a token from before it, and passes those that may stand for nothing.
    fn enter(&self, states: &mut [bool], from: usize) {
        let mut at = from;
        while let Some(state) = states.get_mut(at) {
            let known = std::mem::replace(state, true);
            match self.0.get(at) {
                // One that stays where it is has not been passed.
                Some(Token::AnyDirectories) => at += 1,
                Some(Token::AnyName | Token::AnyText) if !known => at += 1,
                _ => break,
            }
        }
    }

    fn step(&self, states: &[bool], c: char, budget: &mut Budget) -> Option<Vec<bool>> {
        let mut next = vec![false; states.len()];
        let mut steps = states.len() / 8;
        let active = states.iter().zip(&self.0).enumerate().filter(|(_, (active, _))| **active);
        for (at, (_, token)) in active {
            steps += 1;
            match token {
                Token::Char(expected) if *expected == c => self.enter(&mut next, at + 1),
                Token::AnyChar if c != '/' => self.enter(&mut next, at + 1),
                Token::Class { negated, ranges } => {
                    let inside = ranges.iter().any(|&(from, to)| from <= c && c <= to);
                    steps += ranges.len();
                    if inside != *negated {
                        self.enter(&mut next, at + 1);
                    }
                }
                Token::AnyName if c != '/' => self.enter(&mut next, at),
                Token::AnyText => self.enter(&mut next, at),
                Token::AnyDirectories => {
                    // Text that does not end in `/` must not be passed over.
                    if let Some(state) = next.get_mut(at) {
                        *state = true;
                    }
                    if c == '/' {
                        self.enter(&mut next, at + 1);
                    }
                }
                _ => {}
            }
        }
        budget.spend(steps)?;
        Some(next)
    }
}

/// What follows `[`; and what follows the class.
fn class(text: &str) -> Option<(Token, &str)> {
    let (negated, mut rest) = match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty()
            && let Some(after) = rest.strip_prefix(']')
        {
            return Some((Token::Class { negated, ranges }, after));
        }
        let (from, after) = member(rest)?;
        rest = after;
        let to = match rest.strip_prefix('-') {
            Some(after) => {
                let (to, after) = member(after)?;
                rest = after;
                to
            }
            None => from,
        };
        ranges.push((from, to));
    }
}

fn member(text: &str) -> Option<(char, &str)> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    let c = text.chars().next()?;
    Some((c, text.get(c.len_utf8()..)?)).filter(|_| !text.starts_with([']', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(pattern: &str, path: &str) -> (bool, bool) {
        let reach = Pattern::parse(pattern).unwrap().reach(path, &mut Budget::default()).unwrap();
        (reach.matches, reach.may_go_on)
    }

    #[test]
    fn wildcards() {
        assert_eq!(reach("a*c", "abc"), (true, false));
        assert!(!reach("a*c", "a/c").0);
        assert!(reach("a?c", "abc").0);
        assert!(reach("[a-c]x", "bx").0);
        assert!(!reach("[^a-c]x", "bx").0);
        assert!(reach("\\*", "*").0);
        assert!(!reach("\\*", "a").0);
    }

    #[test]
    fn double_stars() {
        assert!(reach("**/foo", "foo").0);
        assert!(reach("**/foo", "a/b/foo").0);
        assert!(!reach("**/foo", "xfoo").0);
        assert!(reach("**foo", "xfoo").0);
        assert!(reach("a/**/b", "a/b").0);
        assert!(reach("a/**/b", "a/x/y/b").0);
        assert!(reach("a/**", "a/x").0);
        assert_eq!(reach("a/**", "a"), (false, true));
        assert!(reach("**", "anything/at/all").0);
    }

    #[test]
    fn a_pattern_may_go_on_below() {
        assert_eq!(reach("a/b/c", "a"), (false, true));
        assert_eq!(reach("a/b/c", "x"), (false, false));
        assert_eq!(reach("**/c", "x"), (false, true));
    }
}
