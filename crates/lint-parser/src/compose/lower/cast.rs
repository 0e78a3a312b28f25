//! Scalars cast to the types of their attributes, as Compose casts them.

use std::sync::Arc;

use crate::compose::ast::field::{Cast, Text};
use crate::compose::ast::scalar::{
    Attestation, ByteSize, Decimal, DeviceCount, FileMode, Nanoseconds, PortRange,
};
use crate::compose::lower::attributes::Lower;
use crate::compose::lower::collections::scalar_text;
use crate::compose::lower::float::{go_float, single, yaml_float};
use crate::compose::lower::{Lowering, Path, excerpt};
use crate::compose::value::{Certainty, ScalarKind, Value};

/// Why a scalar cannot be cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not of a type Compose looks at: `must be <these>`.
    Type(&'static str),
    /// Its text does not say such a value, in Compose's words. Where Compose finds that in each file by itself,
    /// [`crate::compose::casts`] has said so.
    Text(String),
    /// It is out of the bounds that the schema sets.
    Bounds(String),
    /// Its text is not one of the words there are.
    Word(&'static [&'static str]),
}

/// A type scalars are cast to.
pub(crate) trait FromScalar: Sized {
    /// The types Compose's schema accepts, for a value that is no scalar at all.
    const TYPES: &'static str;
    /// Casts a scalar.
    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault>;
}

/// An enumeration of words.
pub(crate) trait Words: Sized {
    const WORDS: &'static [&'static str];
    fn from_word(word: &str) -> Option<Self>;
}

/// Whether the text still has a variable in it, so that nothing can be said of what it will be.
pub(crate) fn is_undecided(text: &Text) -> bool {
    text.certainty == Certainty::Unknown || text.as_str().contains('$')
}

impl<T: FromScalar> Lower for Cast<T> {
    fn lower(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Self> {
        cast_by(value, at, cx, T::TYPES, T::from_scalar)
    }
}

/// Casts a value by `cast`, unless it is undecided.
pub(crate) fn cast_by<T>(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
    types: &'static str,
    cast: fn(&str, ScalarKind) -> Result<T, Fault>,
) -> Option<Cast<T>> {
    let Some(text) = scalar_text(value) else {
        cx.wrong_type(value, at, types);
        return None;
    };
    cast_text(text, at, cx, cast)
}

/// Casts a text by `cast`, unless it is undecided.
pub(crate) fn cast_text<T>(
    text: Text,
    at: Path<'_>,
    cx: &mut Lowering,
    cast: fn(&str, ScalarKind) -> Result<T, Fault>,
) -> Option<Cast<T>> {
    if is_undecided(&text) {
        return Some(Cast { value: None, text });
    }
    match cast(text.as_str(), text.kind) {
        Ok(value) => Some(Cast { value: Some(value), text }),
        Err(fault) => {
            fault.report(&text, at, cx);
            None
        }
    }
}

impl Fault {
    fn report(self, text: &Text, at: Path<'_>, cx: &mut Lowering) {
        match self {
            Fault::Type(types) => {
                cx.error(text.origin, at, &format!("must be {types}"));
            }
            Fault::Text(words) => cx.refuse(text.origin, at, &words).at_last(),
            Fault::Bounds(words) => {
                cx.refuse(text.origin, at, &words);
            }
            Fault::Word(words) => {
                let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                let suggestion = crate::text::near::closest(text.as_str(), words.iter().copied());
                let error = cx.error(text.origin, at, &format!("value must be one of {}", list.join(", ")));
                if let Some(word) = suggestion {
                    error.meant(word);
                }
            }
        }
    }
}

impl<T: Words> FromScalar for T {
    const TYPES: &'static str = "a string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        if kind != ScalarKind::String {
            return Err(Fault::Type(Self::TYPES));
        }
        T::from_word(text).ok_or(Fault::Word(T::WORDS))
    }
}

impl FromScalar for bool {
    const TYPES: &'static str = "a boolean or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        if !matches!(kind, ScalarKind::Bool | ScalarKind::String) {
            return Err(Fault::Type(Self::TYPES));
        }
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        if is(&["true", "y", "yes", "on"]) {
            Ok(true)
        } else if is(&["false", "n", "no", "off"]) {
            Ok(false)
        } else {
            Err(Fault::Text(format!("invalid boolean: {}", excerpt(text))))
        }
    }
}

/// An integer as Go's `ParseInt(text, 10, 64)` reads it.
fn decimal_integer(text: &str) -> Result<i64, Fault> {
    text.parse().map_err(|_| invalid_syntax(text))
}

fn invalid_syntax(text: &str) -> Fault {
    Fault::Text(format!("parsing \"{}\": invalid syntax", excerpt(text)))
}

/// An integer as YAML writes it: decimal, `0x1f`, `0o17`, `017`, `0b1`, with `_` between digits.
pub(crate) fn yaml_integer(text: &str) -> Option<i64> {
    let text = text.replace('_', "");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (digits.get(2..)?, 16),
        Some("0o" | "0O") => (digits.get(2..)?, 8),
        Some("0b" | "0B") => (digits.get(2..)?, 2),
        Some(two) if two.starts_with('0') => (digits.get(1..)?, 8),
        _ => (digits, 10),
    };
    let value = i64::from_str_radix(digits, radix).ok()?;
    if negative { value.checked_neg() } else { Some(value) }
}

/// The whole number a floating-point one is, cut towards zero.
#[allow(clippy::cast_possible_truncation, reason = "Compose cuts a fraction off")]
fn truncate(value: f64) -> i64 {
    value as i64
}

impl FromScalar for i64 {
    const TYPES: &'static str = "a integer or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        match kind {
            ScalarKind::Int => yaml_integer(text).ok_or_else(|| invalid_syntax(text)),
            ScalarKind::String => decimal_integer(text),
            // `1.0` is an integer to a JSON schema.
            ScalarKind::Float => match yaml_float(text) {
                Some(value) if value.fract() == 0.0 => Ok(truncate(value)),
                _ => Err(Fault::Type(Self::TYPES)),
            },
            ScalarKind::Bool | ScalarKind::Timestamp => Err(Fault::Type(Self::TYPES)),
        }
    }
}

/// What an attribute of the schema's type `number` with an integer behind it takes: a fraction is cut off.
pub(crate) fn number(text: &str, kind: ScalarKind) -> Result<i64, Fault> {
    match kind {
        ScalarKind::Float => yaml_float(text).map(truncate).ok_or(Fault::Type("a number or string")),
        ScalarKind::Bool | ScalarKind::Timestamp => Err(Fault::Type("a number or string")),
        ScalarKind::Int | ScalarKind::String => i64::from_scalar(text, kind),
    }
}

impl FromScalar for Decimal {
    const TYPES: &'static str = "a number or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        match kind {
            #[allow(clippy::cast_precision_loss, reason = "Compose keeps such a number as a float too")]
            ScalarKind::Int => yaml_integer(text).map(|n| n as f64),
            ScalarKind::Float => yaml_float(text),
            ScalarKind::String => go_float(text),
            ScalarKind::Bool | ScalarKind::Timestamp => return Err(Fault::Type(Self::TYPES)),
        }
        .map(single)
        .ok_or_else(|| invalid_syntax(text))
    }
}

impl FromScalar for ByteSize {
    const TYPES: &'static str = "a number or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        match kind {
            ScalarKind::String => size(text).map(ByteSize),
            ScalarKind::Int => number(text, kind).map(ByteSize),
            // Compose takes the number and does nothing with it.
            ScalarKind::Float => Ok(ByteSize(0)),
            ScalarKind::Bool | ScalarKind::Timestamp => Err(Fault::Type(Self::TYPES)),
        }
    }
}

/// A size with a unit, as the engine's own reader takes it: `1.5g`, `512 MiB`, `64kb`. Units are powers of
/// 1024, and a negative size is none.
fn size(text: &str) -> Result<i64, Fault> {
    let invalid = || Fault::Text(format!("invalid size: '{}'", excerpt(text)));
    let last = text.rfind(|c: char| c.is_ascii_digit() || c == '.' || c == ' ').ok_or_else(invalid)?;
    let (number, unit) = text.split_at(last + 1);
    let number = number.strip_suffix(' ').unwrap_or(number);
    let value = go_float(number).ok_or_else(|| invalid_syntax(number))?;
    if value < 0.0 {
        return Err(invalid());
    }
    let lower = unit.to_ascii_lowercase();
    let mut letters = lower.chars();
    let power = match letters.next() {
        None | Some('b') => 0,
        Some('k') => 1,
        Some('m') => 2,
        Some('g') => 3,
        Some('t') => 4,
        Some('p') => 5,
        Some(_) => return Err(invalid_suffix(unit)),
    };
    if !matches!((power, letters.as_str()), (_, "") | (1.., "b" | "ib")) {
        return Err(invalid_suffix(unit));
    }
    Ok(truncate(value * 1024_f64.powi(power)))
}

fn invalid_suffix(unit: &str) -> Fault {
    Fault::Text(format!("invalid suffix: '{}'", excerpt(unit)))
}

impl FromScalar for Nanoseconds {
    const TYPES: &'static str = "a string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        if kind != ScalarKind::String {
            return Err(Fault::Type(Self::TYPES));
        }
        duration(text).map(Nanoseconds)
    }
}

/// A duration as Compose reads it: Go's, with days and weeks.
fn duration(text: &str) -> Result<i64, Fault> {
    let quoted = excerpt(text);
    let invalid = || Fault::Text(format!("time: invalid duration \"{quoted}\""));
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (number, after) = rest.split_at(digits);
        let number: f64 = number.parse().map_err(|_| invalid())?;
        let letters = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let nanoseconds = match unit {
            "" => return Err(Fault::Text(format!("time: missing unit in duration \"{quoted}\""))),
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            "d" => 86_400e9,
            "w" => 604_800e9,
            _ => {
                let unit = excerpt(unit);
                return Err(Fault::Text(format!("time: unknown unit \"{unit}\" in duration \"{quoted}\"")));
            }
        };
        total += number * nanoseconds;
        rest = after;
    }
    Ok(truncate(sign * total))
}

impl FromScalar for FileMode {
    const TYPES: &'static str = "a number or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        let value = match kind {
            ScalarKind::String => i64::from_str_radix(text, 8).ok(),
            ScalarKind::Int => yaml_integer(text),
            _ => return Err(Fault::Type(Self::TYPES)),
        };
        value.and_then(|v| u32::try_from(v).ok()).map(FileMode).ok_or_else(|| invalid_syntax(text))
    }
}

impl FromScalar for DeviceCount {
    const TYPES: &'static str = "a integer or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        if kind == ScalarKind::String && text.eq_ignore_ascii_case("all") {
            return Ok(DeviceCount::All);
        }
        match i64::from_scalar(text, kind) {
            Ok(-1) => Ok(DeviceCount::All),
            Ok(count) => Ok(DeviceCount::Number(count)),
            Err(fault @ Fault::Type(_)) => Err(fault),
            Err(_) => Err(Fault::Text(format!(
                "invalid value \"{}\", the only value allowed is 'all' or a number",
                excerpt(text)
            ))),
        }
    }
}

impl FromScalar for Attestation {
    const TYPES: &'static str = "a boolean or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        match bool::from_scalar(text, kind) {
            Ok(switch) => Ok(Attestation::Switch(switch)),
            Err(Fault::Text(_)) => Ok(Attestation::Parameters),
            Err(fault) => Err(fault),
        }
    }
}

impl FromScalar for PortRange {
    const TYPES: &'static str = "a integer or string";

    fn from_scalar(text: &str, kind: ScalarKind) -> Result<Self, Fault> {
        let port = |text: &str| text.parse::<u16>().ok().filter(|_| !text.starts_with('+'));
        let invalid = || Fault::Bounds(format!("invalid port: {}", excerpt(text)));
        match kind {
            ScalarKind::Int => {
                let port = yaml_integer(text).and_then(|n| u16::try_from(n).ok()).ok_or_else(invalid)?;
                Ok(PortRange { first: port, last: port })
            }
            ScalarKind::String => {
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                let range = port(first).zip(port(last)).filter(|(first, last)| first <= last);
                range.map(|(first, last)| PortRange { first, last }).ok_or_else(invalid)
            }
            _ => Err(Fault::Type(Self::TYPES)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast<T: FromScalar>(text: &str, kind: ScalarKind) -> Option<T> {
        T::from_scalar(text, kind).ok()
    }

    #[test]
    fn booleans_are_what_compose_takes_for_booleans() {
        for text in ["true", "TRUE", "y", "Yes", "oN"] {
            assert_eq!(cast::<bool>(text, ScalarKind::String), Some(true), "{text}");
        }
        for text in ["false", "n", "No", "OFF"] {
            assert_eq!(cast::<bool>(text, ScalarKind::String), Some(false), "{text}");
        }
        for text in ["", "t", "1", " true", "maybe"] {
            assert_eq!(cast::<bool>(text, ScalarKind::String), None, "{text}");
        }
        assert_eq!(bool::from_scalar("1", ScalarKind::Int), Err(Fault::Type("a boolean or string")));
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("512m", 512 << 20),
            ("1g", 1 << 30),
            ("1GiB", 1 << 30),
            ("1 g", 1 << 30),
            ("512mb", 512 << 20),
            ("1.5k", 1536),
            (".5k", 512),
            ("0", 0),
            ("64b", 64),
            ("1e3", 1000),
            ("1_0m", 10 << 20),
            ("9999999p", i64::MAX),
        ] {
            assert_eq!(cast(text, ScalarKind::String), Some(ByteSize(bytes)), "{text}");
        }
        for text in ["", "1x", "-5", "0x10", "1  gib", "1bb", "g", "1gibb", "1__0", "inf", "1é"] {
            assert_eq!(cast::<ByteSize>(text, ScalarKind::String), None, "{text}");
        }
        assert_eq!(cast("-1", ScalarKind::Int), Some(ByteSize(-1)));
        assert_eq!(cast("1_000", ScalarKind::Int), Some(ByteSize(1000)));
        assert_eq!(cast("1.5", ScalarKind::Float), Some(ByteSize(0)));
    }

    #[test]
    fn durations() {
        for (text, ns) in [
            ("10s", 10_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("100ms", 100_000_000),
            ("1us", 1000),
            ("1µs", 1000),
            ("1d", 86_400_000_000_000),
            ("1w", 604_800_000_000_000),
            ("-5s", -5_000_000_000),
            ("0", 0),
            ("99999999999w", i64::MAX),
        ] {
            assert_eq!(cast(text, ScalarKind::String), Some(Nanoseconds(ns)), "{text}");
        }
        for text in ["", "10", "abc", "1h 5m", "1x", "s", "-", "1..5s", "."] {
            assert_eq!(cast::<Nanoseconds>(text, ScalarKind::String), None, "{text}");
        }
        assert_eq!(cast::<Nanoseconds>("10", ScalarKind::Int), None);
    }

    #[test]
    fn modes_are_octal_as_text_and_yaml_as_numbers() {
        for (text, kind, mode) in [
            ("0444", ScalarKind::String, 0o444),
            ("444", ScalarKind::String, 0o444),
            ("0444", ScalarKind::Int, 0o444),
            ("0o444", ScalarKind::Int, 0o444),
            ("444", ScalarKind::Int, 0o674),
        ] {
            assert_eq!(cast(text, kind), Some(FileMode(mode)), "{text}");
        }
        assert_eq!(cast::<FileMode>("9", ScalarKind::String), None);
        assert_eq!(cast::<FileMode>("-1", ScalarKind::Int), None);
    }

    #[test]
    fn numbers_and_ports() {
        assert_eq!(cast("0x10", ScalarKind::Int), Some(16_i64));
        assert_eq!(cast::<i64>("0x10", ScalarKind::String), None);
        assert_eq!(cast("1.0", ScalarKind::Float), Some(1_i64));
        assert_eq!(cast::<i64>("1.5", ScalarKind::Float), None);
        assert_eq!(number("1.5", ScalarKind::Float), Ok(1));
        assert_eq!(cast("0.5", ScalarKind::String), Some(Decimal(0.5)));
        assert_eq!(cast("0.1", ScalarKind::Float), Some(Decimal(0.1)));
        assert_eq!(cast("1234567.89", ScalarKind::Float), Some(Decimal(1_234_567.9)));
        assert_eq!(cast("0x1.8p-2", ScalarKind::String), Some(Decimal(0.375)));
        assert_eq!(cast("-Inf", ScalarKind::String), Some(Decimal(f64::NEG_INFINITY)));
        assert_eq!(cast("1_0", ScalarKind::String), Some(Decimal(10.0)));
        for text in ["", "+", "1__0", "_1", "1_", ".inf", "0x1", "1e999", "--1", "e"] {
            assert_eq!(cast::<Decimal>(text, ScalarKind::String), None, "{text}");
        }
        assert_eq!(cast("-1", ScalarKind::Int), Some(DeviceCount::All));
        assert_eq!(cast("all", ScalarKind::String), Some(DeviceCount::All));
        assert_eq!(cast("80-82", ScalarKind::String), Some(PortRange { first: 80, last: 82 }));
        for text in ["82-80", "70000", "", "-", "a", "+80", " 80"] {
            assert_eq!(cast::<PortRange>(text, ScalarKind::String), None, "{text}");
        }
        assert_eq!(cast::<i64>(&"9".repeat(99), ScalarKind::Int), None);
    }
}
