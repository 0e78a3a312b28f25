//! Numbers, sizes and switches within the bounds that Compose's schema and its types set.

use std::sync::Arc;

use crate::compose::ast::field::Cast;
use crate::compose::ast::scalar::{ByteSize, Decimal, FileMode, PortRange};
use crate::compose::lower::attributes::Lower;
use crate::compose::lower::cast::{self, Fault, FromScalar, cast_by, is_undecided};
use crate::compose::lower::collections::string_text;
use crate::compose::lower::{Lowering, Path, excerpt};
use crate::compose::value::{ScalarKind, Value};

/// A port; the long syntax has no ranges inside the container.
pub(crate) fn one_port(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<PortRange>> {
    cast_by(value, at, cx, PortRange::TYPES, |text, kind| {
        PortRange::from_scalar(text, kind).and_then(|range| match range.count() {
            1 => Ok(range),
            _ => Err(Fault::Text(format!("parsing \"{}\": invalid syntax", excerpt(text)))),
        })
    })
}

/// A port of the host, or a range; the empty text is none.
pub(crate) fn published_port(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<PortRange>> {
    match string_text(value) {
        Some(text) if text.mapped.is_empty() => Some(Cast { value: None, text }),
        _ => Cast::lower(value, at, cx),
    }
}

/// An integer; a fraction is cut off.
pub(crate) fn number(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    cast_by(value, at, cx, "a number or string", cast::number)
}

/// A number that may not be written as a string.
pub(crate) fn only_number(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    cast_by(value, at, cx, "a number", |text, kind| match kind {
        ScalarKind::String => Err(Fault::Type("a number")),
        _ => cast::number(text, kind),
    })
}

/// A boolean that may not be written as a string.
pub(crate) fn only_bool(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<bool>> {
    cast_by(value, at, cx, "a boolean", |text, kind| match kind {
        ScalarKind::Bool => bool::from_scalar(text, kind),
        _ => Err(Fault::Type("a boolean")),
    })
}

/// An integer that may not be written as a string.
pub(crate) fn only_integer(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    cast_by(value, at, cx, "a integer", |text, kind| match kind {
        ScalarKind::String => Err(Fault::Type("a integer")),
        _ => i64::from_scalar(text, kind),
    })
}

/// An integer within bounds.
fn bounded(text: &str, kind: ScalarKind, low: i64, high: i64) -> Result<i64, Fault> {
    let value = i64::from_scalar(text, kind)?;
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(Fault::Bounds(match high {
        i64::MAX => format!("must be greater than or equal to {low}, not {value}"),
        _ => format!("must be a number from {low} to {high}, not {value}"),
    }))
}

/// `cpu_count`.
pub(crate) fn count(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    cast_by(value, at, cx, "a integer or string", |text, kind| bounded(text, kind, 0, i64::MAX))
}

/// `cpu_percent`: a whole number, which Compose keeps as a float.
pub(crate) fn percent(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<Decimal>> {
    cast_by(value, at, cx, "a integer or string", |text, kind| {
        let percent = Decimal::from_scalar(text, kind)?;
        match (0.0..=100.0).contains(&percent.0) && percent.0.fract() == 0.0 {
            true => Ok(percent),
            false => {
                Err(Fault::Bounds(format!("must be a whole number from 0 to 100, not {}", excerpt(text))))
            }
        }
    })
}

/// `oom_score_adj`.
pub(crate) fn oom_score(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    cast_by(value, at, cx, "a integer or string", |text, kind| bounded(text, kind, -1000, 1000))
}

/// `mem_swappiness`, which Compose reads as it reads a size.
pub(crate) fn size_as_number(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    cast_by(value, at, cx, "a integer or string", |text, kind| {
        whole(text, kind)?;
        ByteSize::from_scalar(text, kind).map(|size| size.0)
    })
}

/// A size; a number must be whole.
pub(crate) fn whole_size(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<ByteSize>> {
    cast_by(value, at, cx, "a integer or string", |text, kind| {
        whole(text, kind)?;
        ByteSize::from_scalar(text, kind)
    })
}

/// Refuses a number with a fraction.
fn whole(text: &str, kind: ScalarKind) -> Result<(), Fault> {
    match kind {
        ScalarKind::Float => i64::from_scalar(text, kind).map(|_| ()),
        _ => Ok(()),
    }
}

/// An integer that counts something; a fraction is cut off where the schema lets it pass.
fn count_of(
    value: &Arc<Value>,
    at: Path<'_>,
    cx: &mut Lowering,
    cast: fn(&str, ScalarKind) -> Result<i64, Fault>,
    types: &'static str,
) -> Option<Cast<i64>> {
    let number = cast_by(value, at, cx, types, cast)?;
    if let Some(below) = number.value.filter(|number| *number < 0) {
        cx.refuse(number.text.origin, at, &format!("must not be negative, and is {below}")).at_last();
    }
    Some(number)
}

/// `healthcheck.retries`.
pub(crate) fn retries(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    count_of(value, at, cx, cast::number, "a number or string")
}

/// Numbers of tasks.
pub(crate) fn tasks(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    count_of(value, at, cx, i64::from_scalar, "a integer or string")
}

/// `blkio_config.weight`: Compose takes a text, and then cannot make a number of it.
pub(crate) fn weight(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<i64>> {
    let weight = Cast::<i64>::lower(value, at, cx)?;
    let fits = weight.value.is_none_or(|weight| (0..=i64::from(u16::MAX)).contains(&weight));
    if weight.text.kind == ScalarKind::String && !is_undecided(&weight.text) {
        cx.refuse(weight.text.origin, at, "must be a number without quotes").at_last();
    } else if !fits {
        cx.refuse(weight.text.origin, at, "must be a number from 0 to 65535").at_last();
    }
    Some(weight)
}

/// The mode of a tmpfs: a number, of which YAML says what it is.
pub(crate) fn tmpfs_mode(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<FileMode>> {
    let mode = cast_by(value, at, cx, "a number or string", |text, kind| match kind {
        ScalarKind::Float => cast::number(text, kind).and_then(|number| {
            u32::try_from(number).map(FileMode).map_err(|_| Fault::Text("must not be negative".to_owned()))
        }),
        _ => FileMode::from_scalar(text, kind),
    })?;
    if mode.text.kind == ScalarKind::String && !is_undecided(&mode.text) {
        cx.refuse(mode.text.origin, at, "must be a number without quotes")
            .help("write it as `0o755`")
            .at_last();
    }
    Some(mode)
}

/// A size that must be written as a string.
pub(crate) fn string_size(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<ByteSize>> {
    cast_by(value, at, cx, "a string", |text, kind| match kind {
        ScalarKind::String => ByteSize::from_scalar(text, kind),
        _ => Err(Fault::Type("a string")),
    })
}

/// The size of a tmpfs: a number is whole and not negative.
pub(crate) fn tmpfs_size(value: &Arc<Value>, at: Path<'_>, cx: &mut Lowering) -> Option<Cast<ByteSize>> {
    cast_by(value, at, cx, "a integer or string", |text, kind| match kind {
        ScalarKind::String => ByteSize::from_scalar(text, kind),
        // Whole, as it must be, and forgotten.
        ScalarKind::Float => bounded(text, kind, 0, i64::MAX).map(|_| ByteSize(0)),
        _ => bounded(text, kind, 0, i64::MAX).map(ByteSize),
    })
}
