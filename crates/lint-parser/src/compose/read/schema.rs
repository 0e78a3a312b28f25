//! The type go-yaml gives a scalar.

use crate::compose::value::ScalarKind;
use crate::yaml::node::ScalarStyle;

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resolution {
    /// `None` is null.
    pub(super) kind: Option<ScalarKind>,
    /// The tag the text contradicts, in its short form.
    pub(super) refused: Option<&'static str>,
}

impl Resolution {
    /// The short form of the tag the text has by itself.
    pub(super) fn name(self) -> &'static str {
        match self.kind {
            None => "!!null",
            Some(ScalarKind::String) => "!!str",
            Some(ScalarKind::Bool) => "!!bool",
            Some(ScalarKind::Int) => "!!int",
            Some(ScalarKind::Float) => "!!float",
            Some(ScalarKind::Timestamp) => "!!timestamp",
        }
    }
}

pub(super) fn is_string(kind: ScalarKind) -> bool {
    kind == ScalarKind::String
}

/// The type of a scalar of that style and tag. Tags that are not YAML's own make it a string, except that
/// `!reset null` is as null as it looks.
pub(super) fn resolve(text: &str, style: ScalarStyle, tag: Option<&str>) -> Resolution {
    let known = |kind| Resolution { kind, refused: None };
    let string = known(Some(ScalarKind::String));
    let core = match tag {
        None | Some("!reset") if style == ScalarStyle::Plain => return known(plain(text)),
        None => return string,
        Some(tag) => tag
            .strip_prefix("!!")
            .or_else(|| tag.strip_prefix("!<tag:yaml.org,2002:").and_then(|tag| tag.strip_suffix('>'))),
    };
    let (wanted, name) = match core {
        Some("null") => (None, "!!null"),
        Some("bool") => (Some(ScalarKind::Bool), "!!bool"),
        Some("int") => (Some(ScalarKind::Int), "!!int"),
        Some("float") => (Some(ScalarKind::Float), "!!float"),
        Some("timestamp") => (Some(ScalarKind::Timestamp), "!!timestamp"),
        _ => return string,
    };
    let found = plain(text);
    if found == wanted || (wanted == Some(ScalarKind::Float) && found == Some(ScalarKind::Int)) {
        return known(wanted);
    }
    Resolution { kind: found, refused: Some(name) }
}

/// The type of a plain scalar without a tag.
fn plain(text: &str) -> Option<ScalarKind> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return None,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Some(ScalarKind::Bool),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf"
        | "-.Inf" | "-.INF" => return Some(ScalarKind::Float),
        _ => {}
    }
    let kind = match text.as_bytes().first() {
        Some(b'.') if underscores_separate_digits(text) && is_float(&text.replace('_', "")) => {
            ScalarKind::Float
        }
        Some(b'0'..=b'9' | b'+' | b'-') => number(text),
        _ => ScalarKind::String,
    };
    Some(kind)
}

fn number(text: &str) -> ScalarKind {
    if is_timestamp(text) {
        return ScalarKind::Timestamp;
    }
    let digits = text.replace('_', "");
    if is_int(&digits) {
        ScalarKind::Int
    } else if is_float(&digits) {
        ScalarKind::Float
    } else {
        ScalarKind::String
    }
}

/// An integer as Go reads one whose base its prefix tells, in 64 bits with or without a sign.
fn is_int(text: &str) -> bool {
    let (negative, signed, magnitude) = match text.as_bytes().first() {
        Some(b'-') => (true, true, &text[1..]),
        Some(b'+') => (false, true, &text[1..]),
        _ => (false, false, text),
    };
    let (base, digits) = match magnitude.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &magnitude[2..]),
        [b'0', b'b' | b'B', ..] => (2, &magnitude[2..]),
        [b'0', b'o' | b'O', ..] => (8, &magnitude[2..]),
        [b'0', _, ..] => (8, &magnitude[1..]),
        _ => (10, magnitude),
    };
    // Rust would take a second sign.
    if !digits.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return false;
    }
    match u64::from_str_radix(digits, base) {
        Ok(value) if negative => value <= i64::MIN.unsigned_abs(),
        // Go's unsigned parser knows no sign.
        Ok(value) if signed => i64::try_from(value).is_ok(),
        Ok(_) => true,
        Err(_) => false,
    }
}

/// Go's rule for numbers, which go-yaml waives except after a leading dot.
fn underscores_separate_digits(text: &str) -> bool {
    let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(i, &b)| {
        b != b'_' || (digit(i.checked_sub(1).and_then(|i| bytes.get(i))) && digit(bytes.get(i + 1)))
    })
}

/// A number that 64 bits can hold, written as `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    has_float_form(text) && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn has_float_form(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = digits(text);
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if whole == 0 && length == 0 {
            return false;
        }
        rest = &fraction[length..];
    } else if whole == 0 {
        return false;
    }
    match rest.strip_prefix(['e', 'E']) {
        None => rest.is_empty(),
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
    }
}

/// `2001-1-2`, or that with `T1:2:3.5Z`, `t1:2:3+02:00` or ` 1:2:3`, of days that exist.
fn is_timestamp(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else { return false };
    let Some((month, rest)) = rest.split_once('-') else { return false };
    let day_length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (day, time) = rest.split_at(day_length);
    let (Some(year), Some(month), Some(day)) =
        (bounded(year, 4, 4), bounded(month, 1, 2), bounded(day, 1, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    if !(1..=days).contains(&day) {
        return false;
    }
    match time.as_bytes().first() {
        None => true,
        Some(b' ') => is_clock(&time[1..], false),
        Some(b'T' | b't') => is_clock(&time[1..], true),
        _ => false,
    }
}

/// `1:2:3`, with a fraction perhaps, and with a zone if one is wanted.
fn is_clock(text: &str, zoned: bool) -> bool {
    let mut text = text;
    if zoned {
        let Some(zone) = text.find(['Z', '+', '-']) else { return false };
        let (clock, zone) = text.split_at(zone);
        let offset = zone[1..].split_once(':').filter(|(hours, minutes)| {
            bounded(hours, 2, 2).is_some_and(|h| h <= 24) && bounded(minutes, 2, 2).is_some_and(|m| m < 60)
        });
        if zone != "Z" && (zone.starts_with('Z') || offset.is_none()) {
            return false;
        }
        text = clock;
    }
    let mut parts = text.split(':');
    let (Some(hours), Some(minutes), Some(seconds), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    bounded(hours, 1, 2).is_some_and(|h| h < 24)
        && bounded(minutes, 1, 2).is_some_and(|m| m < 60)
        && bounded(seconds, 1, 2).is_some_and(|s| s < 60)
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
}

/// A number of that many digits.
fn bounded(text: &str, shortest: usize, longest: usize) -> Option<u32> {
    let fits = (shortest..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every case was put to `docker compose config`.
    #[test]
    fn plain_scalars_get_the_types_go_yaml_gives_them() {
        let kinds = [
            (
                Some(ScalarKind::String),
                "yes no on off y tRUE nULL 0x1p4 0xZZ ._5 1e400 22:22 2001-13-01 2001-02-30 \
              2001-1-1T1:2:3 1.2.3 0o9 - + . .. 1-2 0b2 --5 +-5 0x 1e 1e+ 127.0.0.1 é",
            ),
            (
                Some(ScalarKind::Int),
                "0 12 0444 0o17 0O17 0x1F 0b11 -0b11 -0o17 +5 +0b1 1_000 1__0 -5 18446744073709551615 \
              -9223372036854775808",
            ),
            (
                Some(ScalarKind::Float),
                "1.5 1.50 .5 .5_0 +.5 1. 08 1e3 1.5e-3 0_1.5 99999999999999999999 .inf -.INF .nan \
              +9223372036854775808 -9223372036854775809",
            ),
            (Some(ScalarKind::Bool), "true True TRUE false False FALSE"),
            (
                Some(ScalarKind::Timestamp),
                "2001-01-01 2001-1-1 2004-02-29 2001-1-1t1:2:3Z 2001-1-1T1:2:3.5+02:00",
            ),
            (None, "~ null Null NULL"),
        ];
        for (kind, texts) in kinds {
            for text in texts.split_ascii_whitespace() {
                assert_eq!(plain(text), kind, "{text}");
            }
        }
        assert_eq!(plain("2001-1-1 1:2:3"), Some(ScalarKind::Timestamp));
        assert_eq!(plain(""), None);
    }

    #[test]
    fn tags_of_yaml_are_held_to_and_others_make_strings() {
        let of = |text, tag| {
            let resolution = resolve(text, ScalarStyle::Plain, Some(tag));
            (resolution.kind, resolution.refused)
        };
        assert_eq!(of("12", "!!str"), (Some(ScalarKind::String), None));
        assert_eq!(of("12", "!custom"), (Some(ScalarKind::String), None));
        assert_eq!(of("0x10", "!override"), (Some(ScalarKind::String), None));
        assert_eq!(of("null", "!reset"), (None, None));
        assert_eq!(of("3", "!!float"), (Some(ScalarKind::Float), None));
        assert_eq!(of("3", "!<tag:yaml.org,2002:int>"), (Some(ScalarKind::Int), None));
        assert_eq!(of("z", "!!int"), (Some(ScalarKind::String), Some("!!int")));
        let quoted = resolve("true", ScalarStyle::DoubleQuoted, Some("!!bool"));
        assert_eq!((quoted.kind, quoted.refused), (Some(ScalarKind::Bool), None));
        assert_eq!(resolve("true", ScalarStyle::SingleQuoted, None).kind, Some(ScalarKind::String));
    }
}
