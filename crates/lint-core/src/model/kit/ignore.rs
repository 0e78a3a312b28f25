//! The grammar of our own suppression comments: `plimsoll: ignore[name, name] until=2027-01-31 reason`.

pub mod foreign;

use lint_parser::text::span::{Span, Spanned};

use crate::settings::date::Date;

/// A suppression comment, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoreComment {
    /// The comment from `#` to the end of its line.
    pub span: Span,
    /// `ignore-file` rather than `ignore`.
    pub whole_file: bool,
    /// The names between the brackets.
    pub names: Vec<Spanned<String>>,
    /// The last day on which it holds.
    pub until: Option<Spanned<Date>>,
    /// What else is written after the brackets.
    pub reason: Option<Spanned<String>>,
}

/// A comment that is addressed to us and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedIgnore {
    /// The part at fault.
    pub span: Span,
    /// What is wrong with it.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

const FORM: &str = "write `# plimsoll: ignore[rule-name] reason`";

/// Reads a comment's text (without `#`). `None` when it is not addressed to us.
#[must_use]
pub fn parse(comment: Span, text: &Spanned<String>) -> Option<Result<IgnoreComment, MalformedIgnore>> {
    let body = text.value.trim_start();
    let start = text.span.start() + (text.value.len() - body.len());
    let after = body.strip_prefix("plimsoll")?;
    let directive = after.trim_start();
    // Prose that begins with the name ("plimsoll found this to be ...") is not addressed to us.
    let looks_addressed = directive.starts_with(':') || directive.starts_with("ignore");
    if !looks_addressed {
        return None;
    }
    Some(parse_addressed(comment, body, start))
}

fn parse_addressed(comment: Span, body: &str, start: usize) -> Result<IgnoreComment, MalformedIgnore> {
    let at = |part: &str| start + (part.as_ptr() as usize - body.as_ptr() as usize);
    let span_of = |part: &str| Span::new(at(part), at(part) + part.len());
    let whole = span_of(body.trim_end());
    let malformed = |span: Span, message: &str, help: &str| {
        Err(MalformedIgnore { span, message: message.to_owned(), help: help.to_owned() })
    };

    let after_name = body["plimsoll".len()..].trim_start();
    let Some(directive) = after_name.strip_prefix(':') else {
        return malformed(whole, "a colon is missing after `plimsoll`", FORM);
    };
    let directive = directive.trim_start();
    let verb_end = directive.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(directive.len());
    let (verb, rest) = directive.split_at(verb_end);
    let whole_file = match verb {
        "ignore" => false,
        "ignore-file" => true,
        "" => return malformed(whole, "nothing is asked for after `plimsoll:`", FORM),
        other => {
            let message = format!("`{other}` is not something a comment can ask for");
            return malformed(
                span_of(verb),
                &message,
                "write `ignore[rule-name]`, or `ignore-file[rule-name]` at the top of the file",
            );
        }
    };
    let rest = rest.trim_start();
    let Some(inner) = rest.strip_prefix('[') else {
        return malformed(whole, "the rules to ignore are not named", FORM);
    };
    let Some(close) = inner.find(']') else {
        return malformed(whole, "the closing bracket is missing", FORM);
    };
    let (list, reason) = (&inner[..close], inner[close + 1..].trim());
    let names: Vec<_> = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| Spanned::new(name.to_owned(), span_of(name)))
        .collect();
    if names.is_empty() {
        return malformed(whole, "the brackets name no rule", FORM);
    }
    let Some(word) = reason.split_whitespace().find(|word| word.starts_with("until=")) else {
        let reason = (!reason.is_empty()).then(|| Spanned::new(reason.to_owned(), span_of(reason)));
        return Ok(IgnoreComment { span: comment, whole_file, names, until: None, reason });
    };
    let Ok(date) = word["until=".len()..].parse() else {
        let message = format!("`{word}` names no day");
        return malformed(span_of(word), &message, "write `until=2027-01-31`, with a day that there is");
    };
    let until = Some(Spanned::new(date, span_of(word)));
    // The date stands before the reason or after it.
    let rest = reason.strip_prefix(word).or_else(|| reason.strip_suffix(word)).unwrap_or(reason).trim();
    let reason = (!rest.is_empty()).then(|| Spanned::new(rest.to_owned(), span_of(rest)));
    Ok(IgnoreComment { span: comment, whole_file, names, until, reason })
}

impl IgnoreComment {
    /// Whether its last day has passed.
    #[must_use]
    pub fn has_expired(&self, today: Option<Date>) -> bool {
        matches!((&self.until, today), (Some(until), Some(today)) if until.value < today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Result<IgnoreComment, MalformedIgnore>> {
        let comment = Span::new(0, text.len());
        parse(comment, &Spanned::new(text[1..].to_owned(), Span::new(1, text.len())))
    }

    #[test]
    fn names_and_reason_keep_their_places() {
        let text = "#  plimsoll: ignore[missing-user, DL3002]  needs root until #123";
        let ignore = read(text).unwrap().unwrap();
        let names: Vec<_> = ignore.names.iter().map(|n| n.span.slice(text)).collect();
        assert_eq!(names, ["missing-user", "DL3002"]);
        assert_eq!(ignore.reason.unwrap().span.slice(text), "needs root until #123");
        assert!(!ignore.whole_file);
        assert!(read("#plimsoll:ignore-file[x]").unwrap().unwrap().whole_file);
    }

    #[test]
    fn a_day_stands_before_or_after_the_reason() {
        let day = |text: &str| text.parse::<Date>().ok();
        for text in
            ["# plimsoll: ignore[x] until=2027-01-31 é why", "# plimsoll: ignore[x] é why  until=2027-01-31 "]
        {
            let ignore = read(text).unwrap().unwrap();
            assert_eq!(ignore.reason.as_ref().unwrap().span.slice(text), "é why");
            assert_eq!(ignore.until.as_ref().unwrap().span.slice(text), "until=2027-01-31");
            assert!(!ignore.has_expired(day("2027-01-31")) && ignore.has_expired(day("2027-02-01")));
            assert!(!ignore.has_expired(None));
        }
        let text = "# plimsoll: ignore[x] why until=2027-02-30";
        assert_eq!(read(text).unwrap().unwrap_err().span.slice(text), "until=2027-02-30");
        assert_eq!(read("# plimsoll: ignore[x] until=2027-01-31").unwrap().unwrap().reason, None);
    }

    #[test]
    fn prose_is_not_addressed_to_us() {
        for text in
            ["# plimsoll found this", "# see plimsoll: ignore[x]", "# plimsolls: ignore[x]", "#", "# a"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, part) in [
            ("# plimsoll ignore[x]", "plimsoll ignore[x]"),
            ("# plimsoll:", "plimsoll:"),
            ("# plimsoll: ignroe[x]", "ignroe"),
            ("# plimsoll: ignore x", "plimsoll: ignore x"),
            ("# plimsoll: ignore[x", "plimsoll: ignore[x"),
            ("# plimsoll: ignore[ , ] é", "plimsoll: ignore[ , ] é"),
        ] {
            let malformed = read(text).unwrap().unwrap_err();
            assert_eq!(malformed.span.slice(text), part, "{text}: {malformed:?}");
        }
    }
}
