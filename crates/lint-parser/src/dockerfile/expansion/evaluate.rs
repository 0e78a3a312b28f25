//! Putting words together again.

use crate::dockerfile::expansion::pattern::{Budget, Pattern};
use crate::dockerfile::expansion::{Expanded, Modifier, Part, Use, UseState, Value, Variable, Word};
use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::Span;

/// How much longer than it is written a word may become, in bytes: `ENV A=$A$A` over and over doubles it each time, and a file
/// of a megabyte names a long value a hundred thousand times. The longest that people make, a `PATH` or a list of options, has a
/// tenth of it.
const MOST_ADDED: usize = 16 << 10;

/// Expands a word with the values `lookup` knows.
///
/// # Errors
///
/// With BuildKit's words where a required variable is unset or empty, or a pattern is none.
pub fn expand(word: &Word, mut lookup: impl FnMut(&str) -> Value) -> Result<Expanded, SyntaxError> {
    let longest = word.span.len() + MOST_ADDED;
    let mut evaluation =
        Evaluation { lookup: &mut lookup, uses: Vec::new(), budget: Budget::new(), longest, given_up: false };
    let Text { text, unknown } = evaluation.word(word)?;
    Ok(Expanded { text, unknown, uses: evaluation.uses, given_up: evaluation.given_up })
}

struct Evaluation<'a> {
    lookup: &'a mut dyn FnMut(&str) -> Value,
    uses: Vec<Use>,
    budget: Budget,
    /// Longest text worth working out, in bytes.
    longest: usize,
    /// Whether there was a longer one, or a pattern that takes too many steps.
    given_up: bool,
}

struct Text {
    text: Mapped,
    unknown: bool,
}

impl Evaluation<'_> {
    fn word(&mut self, word: &Word) -> Result<Text, SyntaxError> {
        let mut builder = MappedBuilder::default();
        let mut unknown = false;
        for part in &word.parts {
            let text = match part {
                Part::Literal { text, .. } => {
                    builder.push_mapped(text);
                    continue;
                }
                Part::Variable(variable) => self.variable(variable)?,
            };
            unknown |= text.unknown;
            if builder.text().len() + text.text.text().len() > self.longest {
                (unknown, self.given_up) = (true, true);
                continue;
            }
            builder.push_mapped(&text.text);
        }
        Ok(Text { text: builder.finish(word.span), unknown })
    }

    /// `${X:?why}`
    fn required(
        &mut self,
        variable: &Variable,
        value: Value,
        if_empty: bool,
        message: &Word,
    ) -> Result<Text, SyntaxError> {
        let message = self.word(message)?;
        let fault = match value {
            Value::Known(value) if !(if_empty && value.is_empty()) => {
                return Ok(self.known(&value, variable));
            }
            Value::Unknown => return Ok(placeholder(variable)),
            Value::Known(_) => "is not allowed to be empty",
            Value::Unset => "is not allowed to be unset",
        };
        let fault = if message.text.is_empty() { fault } else { message.text.text() };
        Err(error(variable, format!("{}: {fault}", variable.name.value)))
    }

    fn variable(&mut self, variable: &Variable) -> Result<Text, SyntaxError> {
        let value = (self.lookup)(&variable.name.value);
        let state = match value {
            Value::Known(_) => UseState::Set,
            Value::Unset => UseState::Unset,
            Value::Unknown => UseState::Unknown,
        };
        let guarded = matches!(
            variable.modifier,
            Some(Modifier::Default { .. } | Modifier::Alternative { .. } | Modifier::Required { .. })
        );
        self.uses.push(Use { name: variable.name.value.clone(), span: variable.span, state, guarded });
        let Some(modifier) = &variable.modifier else {
            return Ok(match value {
                Value::Known(value) => self.known(&value, variable),
                Value::Unset => Text::of("", variable.span),
                Value::Unknown => placeholder(variable),
            });
        };
        match modifier {
            Modifier::Default { if_empty, word } => {
                let word = self.word(word)?;
                Ok(match value {
                    Value::Known(value) if !(*if_empty && value.is_empty()) => self.known(&value, variable),
                    Value::Unknown => Text { unknown: true, ..word },
                    _ => word,
                })
            }
            Modifier::Alternative { if_empty, word } => {
                let before = self.uses.len();
                let word = self.word(word)?;
                // `${X:+$X:}`: what stands in it is used where X is set, so that X needs no other guard.
                for inner in self.uses.iter_mut().skip(before) {
                    inner.guarded |= inner.name == variable.name.value;
                }
                Ok(match value {
                    Value::Known(value) if !(*if_empty && value.is_empty()) => word,
                    Value::Unknown => placeholder(variable),
                    _ => Text::of("", variable.span),
                })
            }
            Modifier::Required { if_empty, message } => self.required(variable, value, *if_empty, message),
            Modifier::RemovePrefix { longest, pattern } => {
                let pattern = self.word(pattern)?;
                self.matched(variable, value, &pattern, |pattern, value, budget| {
                    let length = pattern.prefix(value, *longest, budget)?.unwrap_or(0);
                    value.get(length..).map(str::to_owned)
                })
            }
            Modifier::RemoveSuffix { longest, pattern } => {
                let pattern = self.word(pattern)?;
                self.matched(variable, value, &pattern, |pattern, value, budget| {
                    let length = pattern.suffix(value, *longest, budget)?.unwrap_or(0);
                    value.get(..value.len() - length).map(str::to_owned)
                })
            }
            Modifier::Replace { all, pattern, replacement } => {
                let pattern = self.word(pattern)?;
                let replacement = self.word(replacement)?;
                if replacement.unknown && value != Value::Unset {
                    return Ok(placeholder(variable));
                }
                let longest = self.longest;
                self.matched(variable, value, &pattern, |pattern, value, budget| {
                    replaced(pattern, value, replacement.text.text(), *all, (longest, budget))
                })
            }
        }
    }

    /// Applies a pattern to a value, as far as both are known.
    fn matched(
        &mut self,
        variable: &Variable,
        value: Value,
        pattern: &Text,
        apply: impl FnOnce(&Pattern, &str, &mut Budget) -> Option<String>,
    ) -> Result<Text, SyntaxError> {
        let compiled = Pattern::new(pattern.text.text()).map_err(|message| error(variable, message))?;
        let value = match &value {
            Value::Known(value) if !pattern.unknown => value,
            Value::Unset => "",
            _ => return Ok(placeholder(variable)),
        };
        Ok(match apply(&compiled, value, &mut self.budget) {
            Some(text) => self.known(&text, variable),
            None => {
                self.given_up = true;
                placeholder(variable)
            }
        })
    }

    /// A value in place of its reference, unless that makes the text too long.
    fn known(&mut self, value: &str, variable: &Variable) -> Text {
        if value.len() > self.longest {
            self.given_up = true;
            return placeholder(variable);
        }
        Text::of(value, variable.span)
    }
}

/// The value with the first match, or every one, replaced; `None` when that is too costly.
fn replaced(
    pattern: &Pattern,
    value: &str,
    by: &str,
    all: bool,
    (longest, budget): (usize, &mut Budget),
) -> Option<String> {
    let mut text = String::new();
    let mut from = 0;
    while let Some(found) = pattern.find(value, from, budget)? {
        text.push_str(value.get(from..found.start)?);
        text.push_str(by);
        from = found.end;
        if text.len() > longest {
            return None;
        }
        if !all {
            break;
        }
    }
    text.push_str(value.get(from..)?);
    Some(text)
}

impl Text {
    fn of(text: &str, span: Span) -> Self {
        Self { text: Mapped::replaced(text, span), unknown: false }
    }
}

fn placeholder(variable: &Variable) -> Text {
    let text = format!("${{{}}}", variable.name.value);
    Text { text: Mapped::replaced(text, variable.span), unknown: true }
}

fn error(variable: &Variable, message: String) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::Instruction, variable.span, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::expansion::parse;

    fn lookup(name: &str) -> Value {
        match name {
            "A" => Value::Known("hello".into()),
            "P" => Value::Known("/usr/local/bin/x.tar.gz".into()),
            "E" => Value::Known("".into()),
            "Q" => Value::Unknown,
            _ => Value::Unset,
        }
    }

    fn run(text: &str) -> Result<String, String> {
        run_with(text, '\\')
    }

    fn run_with(text: &str, escape: char) -> Result<String, String> {
        let word = parse(&Mapped::verbatim(text, 0), escape).map_err(|e| e.message)?;
        expand(&word, lookup).map(|e| e.text.text().to_owned()).map_err(|e| e.message)
    }

    #[test]
    fn quotes_and_escapes_go_and_variables_are_replaced() {
        for (text, wanted) in [
            ("hello", "hello"),
            ("he'll'o", "hello"),
            ("he'llo", "!unexpected end of statement while looking for matching single-quote"),
            ("\"abc", "!unexpected end of statement while looking for matching double-quote"),
            (r"he\'llo", "he'llo"),
            (r"he\\'llo'", r"he\llo"),
            (r#""he\llo""#, r"he\llo"),
            (r#""he\$A\"\\""#, r#"he$A"\"#),
            (r#""x'$A'""#, "x'hello'"),
            ("'$A'", "$A"),
            (r"\$A", "$A"),
            ("$A.$A", "hello.hello"),
            ("$Ab", ""),
            ("${A}b", "hellob"),
            ("$", "$"),
            ("a$.", "a$."),
            ("$1x", "x"),
            ("x\\", "x"),
            ("${", "!syntax error: missing '}'"),
            ("${A", "!syntax error: missing '}'"),
            ("${A:-x", "!syntax error: missing '}'"),
            ("${A:-'x}", "!syntax error: missing '}'"),
            ("${}", "!syntax error: bad substitution"),
            ("${:x}", "!syntax error: bad substitution"),
            ("${{A}", "!syntax error: bad substitution"),
            ("${A:=x}", "!unsupported modifier (:=) in substitution"),
            ("${A:#x}", "!unsupported modifier (:#) in substitution"),
            ("${A;x}", "!unsupported modifier (;) in substitution"),
        ] {
            let got = run(text).unwrap_or_else(|message| format!("!{message}"));
            assert_eq!(got, wanted, "{text}");
        }
        assert_eq!(run_with(r"C:\a`$A`", '`').unwrap(), r"C:\a$A");
    }

    #[test]
    fn modifiers_do_what_a_shell_does() {
        for (text, wanted) in [
            ("${A:-x}", "hello"),
            ("${N:-x}", "x"),
            ("${E:-x}", "x"),
            ("${E-x}", ""),
            ("${N-x}", "x"),
            ("${A:+x}", "x"),
            ("${E:+x}", ""),
            ("${E+x}", "x"),
            ("${N+x}", ""),
            ("${N:-${M:-$A}}", "hello"),
            ("${N:-\"a }\"}", "a }"),
            ("${A?}", "hello"),
            ("${N?}", "!N: is not allowed to be unset"),
            ("${E:?}", "!E: is not allowed to be empty"),
            ("${E?}", ""),
            ("${N:?give $A}", "!N: give hello"),
            ("${P##*/}", "x.tar.gz"),
            ("${P#*/}", "usr/local/bin/x.tar.gz"),
            ("${P%.*}", "/usr/local/bin/x.tar"),
            ("${P%%.*}", "/usr/local/bin/x"),
            ("${P#nope}", "/usr/local/bin/x.tar.gz"),
            ("${A/l/L}", "heLlo"),
            ("${A//l/L}", "heLLo"),
            ("${A//l*/}", "he"),
            ("${P//\\//_}", "_usr_local_bin_x.tar.gz"),
            ("${A/x", "!syntax error: missing '/'"),
            ("${A/x/", "!syntax error: missing '}'"),
            ("${A#\\h}", "!invalid escape '\\h'"),
        ] {
            let got = run(text).unwrap_or_else(|message| format!("!{message}"));
            assert_eq!(got, wanted, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_said_so() {
        let source = "img:${Q:-1}-$N-$Q";
        let word = parse(&Mapped::verbatim(source, 0), '\\').unwrap();
        let expanded = expand(&word, lookup).unwrap();
        assert_eq!(expanded.text.text(), "img:1--${Q}");
        assert!(expanded.unknown);
        let uses: Vec<_> = expanded.uses.iter().map(|u| (u.span.slice(source), u.state, u.guarded)).collect();
        let wanted = [
            ("${Q:-1}", UseState::Unknown, true),
            ("$N", UseState::Unset, false),
            ("$Q", UseState::Unknown, false),
        ];
        assert_eq!(uses, wanted);
        assert_eq!(expanded.text.span_of(8..9).slice(source), "$Q");
    }

    #[test]
    fn nesting_and_growth_are_bounded() {
        let deep = "${a:-".repeat(100_000);
        assert!(run(&deep).unwrap_err().contains("nested more than"));
        let grown = |value: usize, text: &str| {
            let word = parse(&Mapped::verbatim(text, 0), '\\').unwrap();
            let value = Value::Known("x".repeat(value).into());
            let expanded = expand(&word, |_| value.clone()).unwrap();
            assert_eq!(expanded.unknown, expanded.given_up, "{text}");
            assert!(expanded.text.text().len() <= text.len() + MOST_ADDED, "{text}");
            expanded.given_up
        };
        assert!(!grown(MOST_ADDED, "$B"));
        assert!(grown(MOST_ADDED / 2 + 8, "$B$B"));
        assert!(grown(MOST_ADDED + 3, "$B"));
        assert!(grown(MOST_ADDED / 2, "${B//x/xxxxx}"));
        // What is only asked whether it is there may be as long as it likes.
        assert!(!grown(MOST_ADDED * 2, "${B:+set}"));
    }
}
