//! The same for WebAssembly. The engine that `globset` matches with is a tenth of the module; here `globset` reads a pattern and
//! says which regular expression it comes to, and `regex-lite`, which takes linear time as well, matches that.

use std::borrow::Cow;

use globset::ErrorKind;
use regex_lite::{Regex, RegexBuilder};

use crate::settings::globs::{Manner, glob};

/// How many patterns there may be that need an expression, each of which takes a thousand bytes. The other engine gives up at about
/// as many.
const MOST: usize = 10_000;

/// Patterns, any of which may match.
#[derive(Clone, Debug)]
pub(in crate::settings) struct Globs(Vec<Light>);

/// A pattern. Most are so plain that nothing is compiled for them.
#[derive(Clone, Debug)]
enum Light {
    /// `a/b`
    Whole(String),
    /// `**/b`
    Name(String),
    /// `**/*.log`
    End(String),
    Expression(Regex),
}

impl Globs {
    pub(in crate::settings) fn new(patterns: &[String], manner: Manner) -> Result<Self, String> {
        let told = |error: &ErrorKind| error.to_string();
        let mut expressions = 0;
        let light = patterns.iter().map(|pattern| {
            let glob = glob(pattern, manner).map_err(|error| told(&error))?;
            let light = Light::plain(pattern).filter(|_| manner != Manner::Name);
            if let Some(light) = light {
                return Ok(light);
            }
            expressions += 1;
            if expressions > MOST {
                return Err(format!("more than {MOST} patterns"));
            }
            compile(glob.regex()).map(Light::Expression)
        });
        Ok(Self(light.collect::<Result<_, _>>()?))
    }

    pub(in crate::settings) fn is_match(&self, text: &str) -> bool {
        self.matching(text).next().is_some()
    }

    /// The numbers of those that match, the last first.
    pub(in crate::settings) fn matching<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let bytes = bytes(text);
        let numbered = self.0.iter().enumerate().rev();
        numbered.filter(move |(_, light)| light.matches(text, &bytes)).map(|(number, _)| number)
    }
}

impl Light {
    fn plain(pattern: &str) -> Option<Self> {
        let is_plain = |text: &str| !text.contains(['*', '?', '[', ']', '{', '}', '\\']);
        let is_name = |text: &str| is_plain(text) && !text.contains('/') && !text.is_empty();
        if is_plain(pattern) {
            return Some(Light::Whole(pattern.to_owned()));
        }
        let name = pattern.strip_prefix("**/")?;
        match name.strip_prefix('*') {
            Some(end) if is_name(end) => Some(Light::End(end.to_owned())),
            None if is_name(name) => Some(Light::Name(name.to_owned())),
            _ => None,
        }
    }

    fn matches(&self, text: &str, bytes: &str) -> bool {
        match self {
            Light::Whole(whole) => whole == text,
            Light::Name(name) => {
                text.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            }
            Light::End(end) => text.ends_with(end.as_str()),
            Light::Expression(expression) => expression.is_match(bytes),
        }
    }
}

/// The expressions are about bytes, where the engine knows characters only: each byte is told as the character of its number, on
/// both sides.
fn bytes(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.bytes().map(char::from).collect()),
    }
}

fn compile(expression: &str) -> Result<Regex, String> {
    let expression = expression.strip_prefix("(?-u)").unwrap_or(expression);
    let built = RegexBuilder::new(expression).dot_matches_new_line(true).build();
    built.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settings::globs::sets;

    fn same(pattern: &str, text: &str, manner: Manner) -> Result<(), TestCaseError> {
        let patterns = [pattern.to_owned(), "a*".to_owned()];
        match (sets::Globs::new(&patterns, manner), Globs::new(&patterns, manner)) {
            (Ok(sets), Ok(light)) => {
                prop_assert_eq!(sets.is_match(text), light.is_match(text), "{} {}", pattern, text);
                let (sets, light) = (sets.matching(text), light.matching(text));
                prop_assert_eq!(
                    sets.collect::<Vec<_>>(),
                    light.collect::<Vec<_>>(),
                    "{} {} {:?}",
                    pattern,
                    text,
                    manner
                );
            }
            (sets, light) => prop_assert_eq!(sets.err(), light.err(), "{}", pattern),
        }
        Ok(())
    }

    /// Texts of few different parts, so that they match now and then.
    fn path() -> impl Strategy<Value = String> {
        prop::collection::vec("[ab]{1,2}|\\.a|a\\.b|ä|b\\*|-|\\[", 1..4).prop_map(|parts| parts.join("/"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn both_engines_say_the_same(
            pattern in prop::collection::vec(
                "[ab]{1,2}|\\*|\\*\\*|\\*\\*/|/\\*\\*|/|\\?|\\[ab\\]|\\[!a\\]|\\[a-ä\\]|\\[|\\]|\\{a,b\\}|\\{a\\*,/b\\}|\\{|,|\\}|\\.|\\\\|ä|-|!",
                0..6,
            ),
            text in path(),
        ) {
            for manner in [Manner::Name, Manner::Path, Manner::Git] {
                same(&pattern.concat(), &text, manner)?;
            }
        }
    }

    #[test]
    fn patterns_as_people_write_them() {
        let patterns = [
            "**/node_modules",
            "**/*.log",
            "docs/**",
            "**/docs/**",
            "a/**/b",
            "*.{yml,yaml}",
            "Dockerfile*",
            "**",
            "**/*",
            "[Dd]ockerfile",
            "**/ä*",
            "a?c",
            "[!a]b",
            "svc-[0-9]",
            "\\*",
            "",
            "**/*.tar.gz",
            "**/.env",
        ];
        let texts = [
            "node_modules",
            "a/node_modules",
            "xnode_modules",
            "a.log",
            ".log",
            "a/b.log",
            "docs",
            "docs/a",
            "x/docs/y/z",
            "a/b",
            "a/x/y/b",
            "c.yml",
            "d/c.yaml",
            "Dockerfile.dev",
            "dockerfile",
            "ä",
            "x/äö",
            "aäc",
            "abc",
            "bb",
            "svc-3",
            "*",
            "a.tar.gz",
            ".env",
            "a/.env",
            "a\nb",
        ];
        for pattern in patterns {
            for text in texts {
                for manner in [Manner::Name, Manner::Path, Manner::Git] {
                    same(pattern, text, manner).unwrap();
                }
            }
        }
    }

    #[test]
    fn there_is_an_end_to_them() {
        let many = vec!["a*b".to_owned(); MOST + 1];
        assert!(Globs::new(&many, Manner::Git).is_err());
    }
}
