//! `RUN --mount`: one CSV record of `key=value`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while1};
use nom::character::complete::char;
use nom::combinator::{consumed, map, opt};
use nom::multi::{many0, separated_list0};
use nom::sequence::delimited;
use nom::{IResult, Parser};

use crate::dockerfile::ast::{Flag, Mount, MountOption};
use crate::dockerfile::reading::range;
use crate::text::mapped::{Mapped, MappedBuilder};

/// A field: the text it was written as, and the pieces of what it says.
type Field<'a> = (&'a str, Vec<&'a str>);

/// The `--mount` flags among `flags`.
pub(super) fn mounts(flags: &[Flag]) -> Vec<Mount> {
    let mounts = flags.iter().filter(|flag| flag.name.text() == "mount");
    mounts
        .map(|flag| Mount { span: flag.span, options: flag.value.as_ref().map(options).unwrap_or_default() })
        .collect()
}

fn options(record: &Mapped) -> Vec<MountOption> {
    let whole = record.text();
    if whole.is_empty() {
        return Vec::new();
    }
    let fields = separated_list0(char(','), field).parse(whole).map(|(_, fields)| fields).unwrap_or_default();
    fields.into_iter().map(|field| option(record, field)).collect()
}

fn option(record: &Mapped, (written, pieces): Field<'_>) -> MountOption {
    let whole = record.text();
    let mut builder = MappedBuilder::default();
    for piece in pieces {
        builder.push_slice(record, range(whole, piece));
    }
    let field = builder.finish(record.slice(range(whole, written)).span());
    let text = field.text();
    match text.split_once('=') {
        Some((key, value)) => {
            MountOption { key: field.slice(range(text, key)), value: Some(field.slice(range(text, value))) }
        }
        None => MountOption { key: field, value: None },
    }
}

/// A field, in quotes or not. What follows a closing quote is not CSV; it is kept with the field.
fn field(input: &str) -> IResult<&str, Field<'_>> {
    let quote = map(tag("\"\""), |pair: &str| pair.get(1..).unwrap_or_default());
    let quoted = delimited(char('"'), many0(alt((take_while1(|c| c != '"'), quote))), opt(char('"')));
    let plain = |input| take_till(|c| c == ',').parse(input);
    let quoted = map((quoted, plain), |(mut pieces, rest): (Vec<&str>, &str)| {
        pieces.push(rest);
        pieces
    });
    consumed(alt((quoted, map(plain, |text| vec![text])))).parse(input)
}
