//! Floating-point numbers, in the spellings of YAML and of Go.

use crate::compose::ast::scalar::Decimal;

/// A floating-point number as YAML writes it.
pub(crate) fn yaml_float(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        ".inf" | "+.inf" => Some(f64::INFINITY),
        "-.inf" => Some(f64::NEG_INFINITY),
        ".nan" => Some(f64::NAN),
        _ => finite(&lower.replace('_', "")),
    }
}

/// A floating-point number in digits.
fn finite(text: &str) -> Option<f64> {
    let is_number = text.contains(|c: char| c.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// A floating-point number as Go's `ParseFloat` reads it.
pub(crate) fn go_float(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    let (sign, digits) = match lower.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, lower.strip_prefix('+').unwrap_or(&lower)),
    };
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return hexadecimal_float(hexadecimal).map(|value| sign * value);
    }
    match digits {
        "inf" | "infinity" => Some(sign * f64::INFINITY),
        "nan" => Some(f64::NAN),
        // A number that is too large is one that cannot be read.
        _ if digits.starts_with(['+', '-']) => None,
        _ => {
            finite(&without_underscores(digits)?).filter(|value| value.is_finite()).map(|value| sign * value)
        }
    }
}

/// The digits; underscores may stand between two of them.
fn without_underscores(text: &str) -> Option<String> {
    let between = |window: &[u8]| match window {
        [before, b'_', after] => before.is_ascii_digit() && after.is_ascii_digit(),
        _ => true,
    };
    let fits = text.as_bytes().windows(3).all(between) && !text.starts_with('_') && !text.ends_with('_');
    fits.then(|| text.replace('_', ""))
}

/// `1.8p-2`: hexadecimal digits and a power of two, which must be there.
fn hexadecimal_float(text: &str) -> Option<f64> {
    let (digits, power) = text.split_once('p')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let mantissa = u64::from_str_radix(&all, 16).ok().filter(|_| !all.starts_with('+'))?;
    let power: i32 = power.parse().ok()?;
    let shift = i32::try_from(fraction.len()).ok()?.checked_mul(4)?;
    #[allow(clippy::cast_precision_loss, reason = "a float is what is asked for")]
    let value = mantissa as f64 * 2_f64.powi(power.checked_sub(shift)?);
    value.is_finite().then_some(value)
}

/// The number Compose keeps: it has half the digits.
pub(crate) fn single(value: f64) -> Decimal {
    #[allow(clippy::cast_possible_truncation, reason = "Compose keeps a float32")]
    let single = value as f32;
    // `0.1` and not `0.10000000149011612`.
    Decimal(single.to_string().parse().unwrap_or(value))
}
