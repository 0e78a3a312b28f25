//! The reader. By hand: JSON is smaller than the glue a grammar library would need for its error messages.

use std::collections::HashSet;

use crate::json::{Json, JsonKind, Member};
use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::span::Span;

const MOST_DEEP: usize = 128;

/// Of so many names each is compared with all; of more, with a set.
const FEW: usize = 16;

pub(super) fn parse(text: &str) -> Parsed<Option<Json>> {
    let mut parser = Parser { text, at: 0, fault: None, duplicates: Vec::new() };
    if u32::try_from(text.len()).is_err() {
        let _: Option<()> = parser.fail(Span::at(0), "the file is larger than 4 GiB and was not read");
        return Parsed { tree: None, errors: parser.fault.into_iter().collect() };
    }
    // The engine takes a byte order mark away before it reads.
    parser.eat('\u{feff}');
    parser.blanks();
    let tree = if parser.rest().is_empty() { None } else { parser.value(0) };
    parser.blanks();
    if parser.fault.is_none() && !parser.rest().is_empty() {
        let _: Option<()> = parser.unexpected("after the end of the value");
    }
    // Reading ends at the fault, so it comes last.
    let errors = parser.duplicates.into_iter().chain(parser.fault).collect();
    Parsed { tree, errors }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    fault: Option<SyntaxError>,
    duplicates: Vec<SyntaxError>,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn blanks(&mut self) {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        self.at += self.rest().bytes().take_while(|byte| is_blank(byte)).count();
    }

    fn fail<T>(&mut self, span: Span, message: impl Into<String>) -> Option<T> {
        self.fault.get_or_insert_with(|| SyntaxError::new(SyntaxErrorKind::Syntax, span, message));
        None
    }

    /// Faults what comes next, in words that say what a writer of YAML or JavaScript may have meant.
    fn unexpected<T>(&mut self, place: &str) -> Option<T> {
        let Some(found) = self.peek() else {
            return self.fail(Span::at(self.at), "invalid JSON: the file ends in the middle of a value");
        };
        let span = Span::new(self.at, self.at + found.len_utf8());
        let shown = if found.is_control() { found.escape_default().to_string() } else { found.to_string() };
        let message = format!("invalid JSON: unexpected `{shown}` {place}");
        let help = match found {
            '/' | '#' => Some("JSON has no comments: remove it"),
            '\'' => Some("write strings in double quotes"),
            _ => None,
        };
        let _: Option<()> = self.fail(span, message);
        if let (Some(fault), Some(help)) = (&mut self.fault, help)
            && fault.span == span
        {
            fault.help = Some(help.to_owned());
        }
        None
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        let start = self.at;
        if depth > MOST_DEEP {
            return self.fail(Span::at(start), "values are nested too deeply to be read");
        }
        let kind = match self.peek() {
            Some('{') => return self.object(depth),
            Some('[') => return self.array(depth),
            Some('"') => JsonKind::String(self.string()?),
            Some('-' | '0'..='9') => JsonKind::Number(self.number()?),
            Some('a'..='z' | 'A'..='Z') => self.word()?,
            _ => return self.unexpected("where a value should begin"),
        };
        Some(Json { span: Span::new(start, self.at), kind })
    }

    fn word(&mut self) -> Option<JsonKind> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, _) = rest.split_at(end);
        let kind = match word {
            "true" => JsonKind::Bool(true),
            "false" => JsonKind::Bool(false),
            "null" => JsonKind::Null,
            _ => {
                let span = Span::new(self.at, self.at + end);
                return self.fail(
                    span,
                    format!("invalid JSON: `{word}` is no value; text is written in double quotes"),
                );
            }
        };
        self.at += end;
        Some(kind)
    }

    fn number(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')))
            .unwrap_or(rest.len());
        let (number, _) = rest.split_at(end);
        if !is_number(number) {
            let message = format!("invalid JSON: `{number}` is no number");
            return self.fail(Span::new(self.at, self.at + end), message);
        }
        self.at += end;
        Some(number.to_owned())
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            // Each of these is a byte that no other character has in it.
            let ends = |byte: u8| byte == b'"' || byte == b'\\' || byte < b' ';
            let plain = rest.bytes().position(ends).unwrap_or(rest.len());
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.at += plain;
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Some(text);
                }
                Some('\\') => text.push(self.escape()?),
                Some('\n' | '\r') | None => {
                    return self.fail(Span::new(start, self.at), "invalid JSON: this string has no end");
                }
                Some(_) => return self.unexpected("in a string, where it must be escaped"),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let start = self.at;
        let escaped = self.rest().chars().nth(1);
        self.at += 1 + escaped.map_or(0, char::len_utf8);
        let c = match escaped {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => match self.unit() {
                Some(unit) => return Some(self.character(unit)),
                None => {
                    return self
                        .fail(Span::new(start, start + 2), "invalid JSON: `\\u` wants four hex digits");
                }
            },
            other => {
                let end = start + 1 + other.map_or(0, char::len_utf8);
                return self.fail(Span::new(start, end), "invalid JSON: there is no such escape");
            }
        };
        Some(c)
    }

    /// The character of a UTF-16 unit: with the unit that follows, for those beyond the first 65536. Half a pair
    /// stands for the replacement character, as in Go.
    fn character(&mut self, unit: u16) -> char {
        if let Some(c) = char::from_u32(u32::from(unit)) {
            return c;
        }
        let before = self.at;
        if self.rest().starts_with("\\u") {
            self.at += 2;
            if let Some(low) = self.unit()
                && let Some(Ok(c)) = char::decode_utf16([unit, low]).next()
            {
                return c;
            }
            self.at = before;
        }
        char::REPLACEMENT_CHARACTER
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += 4;
        u16::from_str_radix(digits, 16).ok()
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if !self.eat(']') {
            loop {
                self.blanks();
                if self.peek() == Some(']') {
                    self.comma_too_many();
                    break;
                }
                let Some(item) = self.value(depth + 1) else { break };
                items.push(item);
                self.blanks();
                if self.eat(']') {
                    break;
                }
                if !self.eat(',') {
                    let _: Option<()> = self.unexpected("where `,` or `]` should follow");
                    break;
                }
            }
        }
        Some(Json { span: Span::new(start, self.at), kind: JsonKind::Array(items) })
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        let start = self.at;
        self.at += 1;
        let mut members = Vec::new();
        let mut names = HashSet::new();
        self.blanks();
        if !self.eat('}') {
            while let Some(member) = self.member(depth) {
                if is_known(&member.name, &members, &mut names) {
                    self.duplicate(&member);
                }
                members.push(member);
                self.blanks();
                if self.fault.is_some() || self.eat('}') {
                    break;
                }
                if !self.eat(',') {
                    let _: Option<()> = self.unexpected("where `,` or `}` should follow");
                    break;
                }
            }
        }
        Some(Json { span: Span::new(start, self.at), kind: JsonKind::Object(members) })
    }

    fn member(&mut self, depth: usize) -> Option<Member> {
        self.blanks();
        let start = self.at;
        match self.peek() {
            Some('"') => {}
            Some('}') => {
                self.comma_too_many();
                return None;
            }
            _ => return self.unexpected("where a name in double quotes should begin"),
        }
        let name = self.string()?;
        let name_span = Span::new(start, self.at);
        self.blanks();
        if !self.eat(':') {
            return self.unexpected("where `:` should follow the name");
        }
        self.blanks();
        let value = self.value(depth + 1)?;
        Some(Member { name, name_span, value })
    }

    fn duplicate(&mut self, member: &Member) {
        let message = format!("`{}` is set twice, and what was set before is lost", member.name);
        self.duplicates.push(SyntaxError::new(SyntaxErrorKind::DuplicateKey, member.name_span, message));
    }

    /// Faults the comma before a closing bracket.
    fn comma_too_many(&mut self) {
        let before = self.text.get(..self.at).unwrap_or_default().trim_end();
        let comma = Span::new(before.len().saturating_sub(1), before.len());
        let _: Option<()> = self.fail(comma, "invalid JSON: nothing follows this comma");
        if let Some(fault) = &mut self.fault
            && fault.span == comma
        {
            fault.help = Some("remove the comma".to_owned());
        }
    }
}

/// Whether one of the members has that name. The names of many are kept in `names`.
fn is_known(name: &str, members: &[Member], names: &mut HashSet<String>) -> bool {
    if members.len() < FEW {
        return members.iter().any(|member| member.name == name);
    }
    if names.is_empty() {
        names.extend(members.iter().map(|member| member.name.clone()));
    }
    !names.insert(name.to_owned())
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
pub(super) fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (String, String) {
        let errors = parse(text).errors;
        let [fault] = errors.as_slice() else { panic!("{text:?}: {errors:?}") };
        (fault.span.slice(text).to_owned(), fault.message.clone())
    }

    #[test]
    fn values_know_their_places() {
        let text =
            "\u{feff}{\n\t\"a\": [true, -1.5e3, \"x\\u00e9\\ud83d\\ude00\\n\"],\n\t\"b\": {}, \"a\": null}\n";
        let parsed = parse(text);
        let kinds: Vec<_> = parsed.errors.iter().map(|error| (error.kind, error.span.slice(text))).collect();
        assert_eq!(kinds, [(SyntaxErrorKind::DuplicateKey, "\"a\"")]);
        let root = parsed.tree.unwrap();
        assert_eq!(root.get("a").unwrap().value.kind, JsonKind::Null);
        let first = &root.members()[0];
        assert_eq!(first.name_span.slice(text), "\"a\"");
        let JsonKind::Array(items) = &first.value.kind else { panic!() };
        assert_eq!(items[1].kind, JsonKind::Number("-1.5e3".to_owned()));
        assert_eq!(items[2].as_str(), Some("xé😀\n"));
        assert_eq!(items[2].span.slice(text), "\"x\\u00e9\\ud83d\\ude00\\n\"");
    }

    #[test]
    fn names_that_are_there_twice_are_told_of_many_too() {
        for count in [1, FEW - 1, FEW, FEW + 1, 3 * FEW] {
            let members = (0..count).map(|at| format!("\"{at}\": 1")).collect::<Vec<_>>().join(", ");
            assert_eq!(parse(&format!("{{{members}}}")).errors, []);
            for again in [0, count - 1] {
                let text = format!("{{{members}, \"{again}\": 2, \"x\": 3}}");
                let errors = parse(&text).errors;
                assert_eq!(errors.len(), 1, "{text}");
                assert_eq!(errors[0].kind, SyntaxErrorKind::DuplicateKey);
            }
        }
    }

    #[test]
    fn an_empty_file_is_no_fault() {
        assert_eq!(parse(" \n"), Parsed { tree: None, errors: Vec::new() });
    }

    #[test]
    fn faults_point_at_what_is_wrong() {
        for (text, at) in [
            ("{\"a\": 1,}", ","),
            ("[1, 2 , ]", ","),
            ("{'a': 1}", "'"),
            ("{\"a\": yes}", "yes"),
            ("{\"a\": 01}", "01"),
            ("{\"a\": 1 \"b\": 2}", "\""),
            ("{ // note\n}", "/"),
            ("{} {}", "{"),
            ("{\"a", "\"a"),
            ("{\"a\\x\": 1}", "\\x"),
            ("{\"a\\u12\": 1}", "\\u"),
            ("{\"a\"", ""),
            ("{", ""),
            ("[\"a\tb\"]", "\t"),
            ("[1.]", "1."),
        ] {
            assert_eq!(fault(text).0, at, "{text:?}");
        }
    }

    #[test]
    fn what_stands_whole_before_a_fault_is_kept() {
        let parsed = parse("{\"icc\": false, \"debug\": true,}");
        assert!(parsed.tree.unwrap().get("debug").is_some() && parsed.errors.len() == 1);
    }

    #[test]
    fn deep_nesting_ends_in_a_fault() {
        let deep = "[".repeat(100_000);
        assert_eq!(parse(&deep).errors.len(), 1);
        let shallow = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(parse(&shallow).errors, []);
    }
}
