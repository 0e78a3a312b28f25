//! `.env` files and the files `env_file:` names.
//!
//! Compose's reading, checked against `docker compose config`: `export`, `NAME: value`, quotes that span
//! lines, comments, and variables in values, which see the environment first and then the lines above.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::interpolation::{Budget, Certainty, Interpolated, VariableUse, interpolate_within};
use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::mapped::{Mapped, MappedBuilder};
use crate::text::span::{Span, Spanned};

/// A variable of the file, as often as it is written: the last one wins.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// Its name.
    pub name: Spanned<String>,
    /// Its value. `None` for a name alone: it passes on the variable of the environment, if that has one.
    pub value: Option<Mapped>,
    /// How much of the value is certain.
    pub certainty: Certainty,
    /// The variables that went into the value.
    pub variables: Vec<VariableUse>,
}

/// Reads a file. `lookup` is the environment, for the variables in values.
///
/// After a fault reading goes on at the next line, though Compose refuses the file.
///
/// ```
/// let variables = lint_parser::dotenv::parse("A=1\nB=${A}2\n", &|_| None).tree;
/// assert_eq!(variables[1].value.as_ref().unwrap().text(), "12");
/// ```
#[must_use]
pub fn parse(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> Parsed<Vec<Variable>> {
    if u32::try_from(text.len()).is_err() {
        let message = "the file is larger than 4 GiB and was not read";
        let error = SyntaxError::new(SyntaxErrorKind::Syntax, Span::at(0), message);
        return Parsed { tree: Vec::new(), errors: vec![error] };
    }
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        text,
        at,
        lookup,
        known: RefCell::default(),
        budget: Budget::default(),
        variables: Vec::new(),
        errors: Vec::new(),
    };
    while reader.find_statement() {
        let from = reader.at;
        reader.statement();
        // Every statement holds at least one byte; this is what the end of the loop rests on.
        reader.at = reader.at.max(from + 1);
    }
    Parsed { tree: reader.variables, errors: reader.errors }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    lookup: &'t dyn Fn(&str) -> Option<String>,
    /// The values so far.
    known: RefCell<HashMap<String, String>>,
    budget: Budget,
    variables: Vec<Variable>,
    errors: Vec<SyntaxError>,
}

/// Blanks within a line, as Compose counts them.
fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&mut self, span: Span, message: String, help: &str) {
        self.errors.push(SyntaxError::new(SyntaxErrorKind::Syntax, span, message).with_help(help));
    }

    /// Moves to the next statement; `false` at the end of the file.
    fn find_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            match self.rest().bytes().next() {
                None => return false,
                Some(b'#') => self.skip_line(),
                Some(_) => return true,
            }
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_blank).len();
    }

    fn statement(&mut self) {
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with(char::is_whitespace)
        {
            self.at += "export".len();
            self.skip_blanks();
            if self.rest().starts_with('\n') {
                return;
            }
        }
        let (start, rest) = (self.at, self.rest());
        let end = rest.char_indices().find(|&(_, c)| {
            !(is_blank(c) || c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']'))
        });
        let (length, end) = end.unwrap_or((rest.len(), '\n'));
        let name = rest[..length].trim_end();
        let span = Span::new(start, start + name.len());
        if !matches!(end, '=' | ':' | '\n') {
            let at = Span::new(start + length, start + length + end.len_utf8());
            let line = rest.split('\n').next().unwrap_or_default();
            let message = format!("unexpected character {:?} in variable name {line:?}", end.to_string());
            self.error(at, message, "names are of letters, digits, `_`, `.` and `-`, and end with `=`");
            return self.skip_line();
        }
        if name.contains(' ') {
            let help = "remove the space, or put `#` before the line if it is a comment";
            self.error(span, "key cannot contain a space".to_owned(), help);
            return self.skip_line();
        }
        self.at = start + length;
        let name = Spanned::new(name.to_owned(), span);
        if end == '\n' {
            let value = (self.lookup)(&name.value);
            if let Some(value) = value {
                self.known.borrow_mut().insert(name.value.clone(), value);
            }
            let (certainty, variables) = (Certainty::Unknown, Vec::new());
            self.variables.push(Variable { name, value: None, certainty, variables });
            return;
        }
        self.at += 1;
        self.skip_blanks();
        if let Some(value) = self.value() {
            self.errors.extend(value.error);
            self.known.borrow_mut().insert(name.value.clone(), value.text.text().to_owned());
            let Interpolated { text, certainty, variables, .. } = value;
            self.variables.push(Variable { name, value: Some(text), certainty, variables });
        }
    }

    /// The value at hand; `None` after a quote that nothing closes.
    fn value(&mut self) -> Option<Interpolated> {
        let start = self.at;
        let quote = match self.rest().as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => {
                self.skip_line();
                let line = self.text.get(start..self.at).unwrap_or_default();
                let value = line.split(" #").next().unwrap_or_default().trim_end();
                return Some(self.interpolate(&Mapped::verbatim(value, start)));
            }
        };
        let mut out = MappedBuilder::default();
        let bytes = self.text.as_bytes();
        let (mut verbatim, mut at) = (start + 1, start + 1);
        while let Some(&byte) = bytes.get(at) {
            if byte == quote {
                self.copy(&mut out, verbatim, at);
                self.at = at + 1;
                let value = out.finish(Span::new(start, self.at));
                if quote == b'\'' {
                    let (certainty, variables) = (Certainty::Known, Vec::new());
                    return Some(Interpolated { text: value, certainty, variables, error: None });
                }
                return Some(self.interpolate(&value));
            }
            if byte != b'\\' {
                at += 1;
                continue;
            }
            let backslash = at;
            let escaped = self.text.get(at + 1..).and_then(|rest| rest.chars().next());
            at += 1 + escaped.map_or(0, char::len_utf8);
            let replacement = match escaped {
                Some(c) if c == char::from(quote) => Some((c.to_string(), at)),
                Some(c) if quote == b'"' => self.escape(c, at),
                _ => None,
            };
            if let Some((text, after)) = replacement {
                self.copy(&mut out, verbatim, backslash);
                out.push_replaced(&text, Span::new(backslash, after));
                (verbatim, at) = (after, after);
            }
        }
        self.at = start;
        let line = self.rest().split('\n').next().unwrap_or_default();
        let message = format!("unterminated quoted value {}", line.trim_end());
        self.error(Span::new(start, start + 1), message, "close the quote");
        self.skip_line();
        None
    }

    fn copy(&self, out: &mut MappedBuilder, from: usize, to: usize) {
        out.push_verbatim(self.text.get(from..to).unwrap_or_default(), from);
    }

    /// What `\c` in double quotes stands for, and where it ends; `None` for what stays as it is.
    fn escape(&self, c: char, after: usize) -> Option<(String, usize)> {
        let text = match c {
            'a' => "\u{7}",
            'b' => "\u{8}",
            'f' => "\u{c}",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\u{b}",
            '\\' => "\\",
            // The interpolation that follows makes `$` of it.
            '$' => "$$",
            '0' => {
                let digits = self.text.get(after..after + 3)?;
                let code = u8::from_str_radix(digits, 8).ok().filter(u8::is_ascii)?;
                return Some((char::from(code).to_string(), after + 3));
            }
            _ => return None,
        };
        Some((text.to_owned(), after))
    }

    fn interpolate(&mut self, text: &Mapped) -> Interpolated {
        let known = &self.known;
        let lookup = |name: &str| (self.lookup)(name).or_else(|| known.borrow().get(name).cloned());
        interpolate_within(text, &lookup, &mut self.budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpolation::SUBSTITUTION_BUDGET;

    fn run(text: &str) -> Parsed<Vec<Variable>> {
        parse(text, &|name| (name == "HOME").then(|| "/root".to_owned()))
    }

    fn values(text: &str) -> Vec<(String, String)> {
        let parsed = run(text);
        assert_eq!(parsed.errors, [], "{text}");
        for variable in &parsed.tree {
            assert_eq!(variable.name.span.slice(text), variable.name.value);
        }
        let value = |v: Variable| (v.name.value, v.value.map_or("<none>".into(), |v| v.text().to_owned()));
        parsed.tree.into_iter().map(value).collect()
    }

    fn pairs(text: &str) -> String {
        values(text).iter().map(|(name, value)| format!("{name}={value:?} ")).collect()
    }

    /// Every case was put to `docker compose config` in an `env_file`.
    #[test]
    fn values_are_what_compose_reads() {
        let cases = [
            ("A=1\nexport B = 2 # c\n", r#"A="1" B="2" "#),
            ("A=1\nC=\"x\\n$A ${A}y\" # d\n", r#"A="1" C="x\n1 1y" "#),
            (
                "D='lit $A\\n '\nE=a#b\nF: yaml\nG=\nH\n",
                r#"D="lit $A\\n " E="a#b" F="yaml" G="" H="<none>" "#,
            ),
            ("I=\"multi\nline\"\nK=${Z:-d}\nL=$HOME\n", r#"I="multi\nline" K="d" L="/root" "#),
            ("\u{feff}A=1\r\nB=\"x\r\ny\"\r\nC=z\r\n", r#"A="1" B="x\r\ny" C="z" "#),
            ("A=\n\nB=1", r#"A="" B="1" "#),
            ("A=x\\$y\nB=\"x\\$y\"\nC=a\\nb\nD=\"a\\\"b\"\n", r#"A="x\\" B="x$y" C="a\\nb" D="a\"b" "#),
            ("A='it\\'s'\n", r#"A="it's" "#),
            ("A=\"x\" B=y\n", r#"A="x" B="y" "#),
            ("A=  spaced out  \nexport\nexportX=1\n", r#"A="spaced out" exportX="1" "#),
            ("# c\n  # d\nA=`x`\n", r#"A="`x`" "#),
            ("A=x # c \" d\nB=x\t# c\nA=2\n", r#"A="x" B="x\t# c" A="2" "#),
            ("A=#x\nB= #x\n", r##"A="#x" B="#x" "##),
            ("A.b-c[0]=1\n1A=2\né=3\n", r#"A.b-c[0]="1" 1A="2" é="3" "#),
            ("A=\"\\0101\\\\ \\c\"\n", "A=\"A\\\\ \\\\c\" "),
        ];
        for (text, expected) in cases {
            assert_eq!(pairs(text), expected, "{text}");
        }
    }

    #[test]
    fn what_compose_refuses_is_said_where_it_stands_and_the_rest_is_read() {
        let cases = [
            ("A B=1\nC=2\n", "A B", "key cannot contain a space"),
            ("A!=x\nC=2\n", "!", "unexpected character \"!\" in variable name \"A!=x\""),
            ("\"x\"\nC=2\n", "\"", "unexpected character \"\\\"\" in variable name \"\\\"x\\\"\""),
            ("A='open\nC=2\n", "'", "unterminated quoted value 'open"),
            ("A=${\nC=2\n", "${", "invalid interpolation format: \"${\""),
        ];
        for (text, wrong, message) in cases {
            let parsed = run(text);
            assert_eq!(parsed.errors.len(), 1, "{text}");
            assert_eq!(
                (parsed.errors[0].span.slice(text), parsed.errors[0].message.as_str()),
                (wrong, message)
            );
            assert_eq!(parsed.tree.last().map(|v| v.name.value.as_str()), Some("C"), "{text}");
        }
    }

    #[test]
    fn values_know_their_bytes() {
        let text = "HOST=db\nURL=\"pg://u:s\\\"ecret@${HOST}\" # note\n";
        let parsed = run(text);
        let url = parsed.tree[1].value.as_ref().unwrap();
        assert_eq!(url.text(), "pg://u:s\"ecret@db");
        assert_eq!(url.span_of(7..14).slice(text), "s\\\"ecret");
        assert_eq!(url.span_of(15..17).slice(text), "${HOST}");
        assert_eq!(url.span().slice(text), "\"pg://u:s\\\"ecret@${HOST}\"");
    }

    #[test]
    fn certainty_follows_the_variables() {
        let parsed = run("A=1\nB=$A\nC=${X:-d}\nD=$X\nE\n");
        let certainties: Vec<_> = parsed.tree.iter().map(|v| v.certainty).collect();
        use Certainty::{Default, Known, Unknown};
        assert_eq!(certainties, [Known, Known, Default, Unknown, Unknown]);
    }

    #[test]
    fn a_variable_bomb_is_bounded() {
        let mut text = "A0=xxxxxxxxxx\n".to_owned();
        for i in 1..30 {
            let previous = format!("$A{} ", i - 1).repeat(10);
            text.push_str(&format!("A{i}={previous}\n"));
        }
        let parsed = run(&text);
        let total: usize = parsed.tree.iter().filter_map(|v| v.value.as_ref()).map(|v| v.text().len()).sum();
        assert!(total < 2 * SUBSTITUTION_BUDGET && !parsed.errors.is_empty());
        assert!(!run(&"A=\"x".repeat(50_000)).tree.is_empty());
        assert!(run(&"A='\\".repeat(50_000)).errors.len() < 100_000);
    }
}
