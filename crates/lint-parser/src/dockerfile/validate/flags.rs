//! Which flags each instruction takes, and what they may hold.

use std::collections::HashSet;

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, digit0, digit1, one_of};
use nom::combinator::{all_consuming, opt, recognize};
use nom::multi::many1_count;
use nom::{IResult, Parser};

use crate::dockerfile::ast::{Flag, Healthcheck, Instruction, InstructionKind};
use crate::dockerfile::validate::refused;
use crate::dockerfile::wording::shown;
use crate::syntax_error::SyntaxError;
use crate::text::near::closest;

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Bool,
    Text,
    /// Text, and the flag may be repeated.
    Texts,
}

use Takes::{Bool, Text, Texts};

type Known = &'static [(&'static str, Takes)];

/// The flags of an instruction; `None` where BuildKit never looks at them.
fn known(kind: &InstructionKind) -> Option<Known> {
    Some(match kind {
        InstructionKind::From(_) => &[("platform", Text)],
        InstructionKind::Copy(_) => &[
            ("from", Text),
            ("chown", Text),
            ("chmod", Text),
            ("link", Bool),
            ("parents", Bool),
            ("exclude", Texts),
        ],
        InstructionKind::Add(_) => &[
            ("chown", Text),
            ("chmod", Text),
            ("link", Bool),
            ("keep-git-dir", Bool),
            ("checksum", Text),
            ("unpack", Bool),
            ("exclude", Texts),
        ],
        InstructionKind::Run(_) => {
            &[("mount", Texts), ("network", Text), ("security", Text), ("device", Texts)]
        }
        InstructionKind::Healthcheck(Healthcheck::Cmd(_) | Healthcheck::Invalid) => &[
            ("interval", Text),
            ("timeout", Text),
            ("start-period", Text),
            ("start-interval", Text),
            ("retries", Text),
        ],
        InstructionKind::Healthcheck(Healthcheck::None { .. })
        | InstructionKind::Arg(_)
        | InstructionKind::Stopsignal(_)
        | InstructionKind::Unknown => return None,
        _ => &[],
    })
}

/// Notes unknown, repeated and ill-filled flags.
pub(super) fn check(instruction: &Instruction, errors: &mut Vec<SyntaxError>) {
    let Some(known) = known(&instruction.kind) else { return };
    let mut used = HashSet::new();
    for flag in &instruction.flags {
        let name = flag.name.text();
        let Some(&(_, takes)) = known.iter().find(|(known, _)| *known == name) else {
            errors.push(unknown(flag, known));
            continue;
        };
        if !used.insert(name) && takes != Texts {
            errors.push(refused(flag.span, format!("duplicate flag specified: --{name}")));
            continue;
        }
        let value = flag.value.as_ref();
        let empty = value.is_none_or(|value| value.is_empty());
        let missing = if takes == Bool { value.is_some() && empty } else { value.is_none() };
        if missing {
            errors.push(refused(flag.span, format!("missing a value on flag: --{name}")));
            continue;
        }
        let Some(value) = value.filter(|_| !empty) else { continue };
        if let Some((message, help)) = fault(takes, name, value.text(), &instruction.kind) {
            let error = refused(value.span(), message);
            errors.push(SyntaxError { help: help.map(str::to_owned), ..error });
        }
    }
}

fn unknown(flag: &Flag, known: Known) -> SyntaxError {
    let name = flag.name.text();
    let error = refused(flag.span, format!("unknown flag: --{}", shown(name)));
    match closest(name, known.iter().map(|(name, _)| *name)) {
        Some(guess) => error.with_guess(flag.name.span(), "--", guess),
        None => error,
    }
}

type Fault = (String, Option<&'static str>);

/// What is wrong with a flag's value.
fn fault(takes: Takes, name: &str, value: &str, kind: &InstructionKind) -> Option<Fault> {
    if takes == Bool {
        let lower = value.to_ascii_lowercase();
        let message = || format!("expecting boolean value for flag --{name}, not: {}", shown(value));
        return (lower != "true" && lower != "false").then(|| (message(), None));
    }
    match kind {
        InstructionKind::Run(_) => run_fault(name, value),
        InstructionKind::Healthcheck(_) => healthcheck_fault(name, value),
        _ => None,
    }
}

fn run_fault(name: &str, value: &str) -> Option<Fault> {
    let shown = shown(value);
    match name {
        "network" if !matches!(value, "default" | "none" | "host") => Some((
            format!("invalid network mode: \"{shown}\""),
            Some("the modes are `default`, `none` and `host`"),
        )),
        "security" if !matches!(value, "sandbox" | "insecure") => Some((
            format!("security \"{shown}\" is not valid"),
            Some("the modes are `sandbox` and `insecure`"),
        )),
        _ => None,
    }
}

fn healthcheck_fault(name: &str, value: &str) -> Option<Fault> {
    if name == "retries" {
        let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
        let integer = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        return match value.parse::<i32>() {
            Ok(0..) => None,
            Ok(number) => Some((format!("--retries cannot be negative ({number})"), None)),
            Err(_) if integer => Some((format!("--retries is out of range: {}", shown(value)), None)),
            Err(_) => Some((format!("invalid number in --retries: \"{}\"", shown(value)), None)),
        };
    }
    match nanoseconds(value) {
        None => Some((
            format!("time: invalid duration \"{}\"", shown(value)),
            Some("write a number with a unit, as `30s` or `1m30s`"),
        )),
        // Zero means the default.
        Some(time) if time == 0.0 || time >= 1e6 => None,
        Some(_) => Some((format!("Interval \"{name}\" cannot be less than 1ms"), None)),
    }
}

/// A Go duration: `1h2m3.5s`, with a sign perhaps; `0` alone needs no unit.
fn nanoseconds(text: &str) -> Option<f64> {
    let (unsigned, sign) = opt(one_of::<_, _, nom::error::Error<&str>>("+-")).parse(text).ok()?;
    let factor = if sign == Some('-') { -1.0 } else { 1.0 };
    if unsigned == "0" {
        return Some(0.0);
    }
    all_consuming(many1_count(duration_part)).parse(unsigned).ok()?;
    let mut rest = unsigned;
    let mut total = 0.0;
    while let Ok((after, (number, unit))) = duration_part(rest) {
        total += number.parse::<f64>().ok()? * unit_nanoseconds(unit);
        rest = after;
    }
    Some(total * factor)
}

fn duration_part(input: &str) -> IResult<&str, (&str, &str)> {
    let number = alt((recognize((digit1, opt((char('.'), digit0)))), recognize((char('.'), digit1))));
    let unit = alt((tag("ns"), tag("us"), tag("µs"), tag("μs"), tag("ms"), tag("s"), tag("m"), tag("h")));
    (number, unit).parse(input)
}

fn unit_nanoseconds(unit: &str) -> f64 {
    match unit {
        "ns" => 1.0,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        _ => 1e3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(nanoseconds("1m30.5s"), Some(90.5e9));
        assert_eq!(nanoseconds("-1µs"), Some(-1e3));
        assert_eq!(nanoseconds(".5s"), Some(5e8));
        for bad in ["", "5", "s", "1d", "1s ", "1 s", "--1s"] {
            assert_eq!(nanoseconds(bad), None, "{bad}");
        }
    }
}
