//! `# syntax=`, `# escape=` and `# check=` at the top of a Dockerfile.
//!
//! Two readers look for them. BuildKit's parser wants `escape` and refuses a directive written twice; before it
//! runs, a cruder search looks for `syntax` and `check`. The search passes over a `#!` line, which ends the
//! parser's directives; the parser passes over indentation, which ends the search.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::{char, satisfy};
use nom::combinator::{recognize, rest, verify};
use nom::sequence::{delimited, preceded, separated_pair};
use nom::{IResult, Offset, Parser};

use crate::dockerfile::ast::Directive;
use crate::dockerfile::lines::Line;
use crate::dockerfile::wording::shown;
use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::span::{Span, Spanned};

/// What has been read of the directives.
#[derive(Debug)]
pub(super) struct Directives {
    pub(super) found: Vec<Directive>,
    pub(super) escape: char,
    seen: Vec<String>,
    parser_done: bool,
    search_done: bool,
    first: bool,
}

impl Directives {
    pub(super) fn new() -> Self {
        Self {
            found: Vec::new(),
            escape: '\\',
            seen: Vec::new(),
            parser_done: false,
            search_done: false,
            first: true,
        }
    }

    /// No directive may follow.
    pub(super) fn end(&mut self) {
        self.parser_done = true;
        self.search_done = true;
    }

    /// Reads a comment line; says whether it was a directive.
    pub(super) fn read(&mut self, line: Line<'_>, errors: &mut Vec<SyntaxError>) -> bool {
        let first = std::mem::replace(&mut self.first, false);
        if self.parser_done && self.search_done {
            return false;
        }
        let (text, start) = line.unindented();
        if first && text.starts_with("#!") {
            self.parser_done = true;
            return false;
        }
        let parsed = directive(text).ok().map(|(_, found)| found);
        let known = parsed.filter(|(name, _)| {
            ["syntax", "escape", "check"].iter().any(|known| known.eq_ignore_ascii_case(name))
        });
        let Some((name, value)) = known else {
            self.end();
            return false;
        };
        if start != line.start {
            self.search_done = true;
        }
        self.keep(text, start, name, value, errors)
    }

    fn keep(
        &mut self,
        text: &str,
        start: usize,
        name: &str,
        value: &str,
        errors: &mut Vec<SyntaxError>,
    ) -> bool {
        let at = |part: &str| {
            let begin = start + text.offset(part);
            Span::new(begin, begin + part.len())
        };
        let lower = name.to_ascii_lowercase();
        if self.seen.contains(&lower) {
            if !self.parser_done {
                let message = format!("only one {lower} parser directive can be used");
                errors.push(SyntaxError::new(SyntaxErrorKind::Syntax, at(name), message));
            }
            return false;
        }
        let used = match lower.as_str() {
            "escape" if self.parser_done => return false,
            "escape" => value,
            _ if self.search_done => {
                self.seen.push(lower);
                return false;
            }
            // `# syntax=docker/dockerfile:1 --opt` hands what follows the blank to the frontend.
            _ => value.split(' ').next().unwrap_or(value),
        };
        if lower == "escape" {
            match value {
                "\\" | "`" => self.escape = if value == "`" { '`' } else { '\\' },
                _ => {
                    let message = format!("invalid escape token '{}' does not match ` or \\", shown(value));
                    errors.push(
                        SyntaxError::new(SyntaxErrorKind::Syntax, at(value), message)
                            .with_help("write `# escape=\\` or `` # escape=` ``"),
                    );
                }
            }
        }
        self.found.push(Directive {
            span: Span::new(start, at(used).end()),
            name: Spanned::new(lower.clone(), at(name)),
            value: Spanned::new(used.to_owned(), at(used)),
        });
        self.seen.push(lower);
        true
    }

    /// Reads `// syntax=`, by which a file of another language names its frontend. It is no comment to the
    /// Dockerfile frontend, so the line is also read as an instruction.
    pub(super) fn read_foreign(&mut self, line: Line<'_>) {
        let text = line.content();
        if self.search_done || !self.found.is_empty() || !text.starts_with("//") {
            return;
        }
        if let Ok((_, (name, value))) = directive(text)
            && name.eq_ignore_ascii_case("syntax")
        {
            self.search_done = true;
            self.keep_foreign(line.start, text, name, value);
        }
    }

    fn keep_foreign(&mut self, start: usize, text: &str, name: &str, value: &str) {
        let used = value.split(' ').next().unwrap_or(value);
        let at = |part: &str| {
            let begin = start + text.offset(part);
            Span::new(begin, begin + part.len())
        };
        self.found.push(Directive {
            span: Span::new(start, at(used).end()),
            name: Spanned::new(name.to_ascii_lowercase(), at(name)),
            value: Spanned::new(used.to_owned(), at(used)),
        });
    }
}

/// `# name = value`, as a name and a trimmed value.
fn directive(line: &str) -> IResult<&str, (&str, &str)> {
    let name =
        recognize((satisfy(|c| c.is_ascii_alphabetic()), take_while(|c: char| c.is_ascii_alphanumeric())));
    let value = verify(rest.map(|value: &str| value.trim_matches(is_space)), |value: &str| !value.is_empty());
    preceded(
        (alt((tag("#"), tag("//"))), space),
        separated_pair(name, delimited(space, char('='), space), value),
    )
    .parse(line)
}

fn space(input: &str) -> IResult<&str, &str> {
    take_while(is_space).parse(input)
}

/// `\s` of Go's regular expressions.
fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ')
}

#[cfg(test)]
mod tests {
    use crate::dockerfile::parse;

    fn read(text: &str) -> (Vec<(String, String)>, char, Vec<String>) {
        let parsed = parse(&format!("{text}\nFROM a\n"));
        let pairs = parsed.tree.directives.into_iter().map(|d| (d.name.value, d.value.value)).collect();
        (pairs, parsed.tree.escape, parsed.errors.into_iter().map(|e| e.message).collect())
    }

    #[test]
    fn directives_stand_first_and_once() {
        let (found, escape, errors) =
            read("#Escape = ` \n# syntax=docker/dockerfile:1 x\n# check=error=true");
        assert_eq!(escape, '`');
        assert_eq!(found[1].1, "docker/dockerfile:1");
        assert_eq!((found.len(), errors.len()), (3, 0));
        assert_eq!(read("\n# escape=`").1, '\\');
        assert_eq!(read("# hello\n# escape=`").1, '\\');
        assert_eq!(read("# foo=bar\n# escape=`").1, '\\');
        assert_eq!(read("# check=skip=A\n# CHECK=skip=B").2, ["only one check parser directive can be used"]);
        assert_eq!(read("# escape=x").2, ["invalid escape token 'x' does not match ` or \\"]);
    }

    #[test]
    fn the_two_readers_differ_over_indentation_and_shebangs() {
        let (found, escape, _) = read("#!/usr/bin/env docker\n# syntax=a\n# escape=`");
        assert_eq!((found.len(), escape), (1, '\\'));
        let (found, escape, _) = read("  # escape=`\n# syntax=a");
        assert_eq!((found.len(), escape), (1, '`'));
        let (found, ..) = read("// syntax=a/b x");
        assert_eq!(found, [("syntax".to_owned(), "a/b".to_owned())]);
    }
}
