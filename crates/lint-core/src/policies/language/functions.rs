//! The functions that expressions may call.

use std::fmt;
use std::rc::Rc;

use crate::policies::language::types::Type;
use crate::policies::language::value::{Data, Value, Why};

/// The largest regular expression once it is read, in bytes. One that matches in linear time still takes its size for each
/// byte that it looks at.
pub(crate) const LARGEST_PATTERN: usize = 1 << 15;

/// A function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// What it takes, the value before the dot first.
    pub(crate) takes: &'static [Takes],
    pub(crate) gives: Gives,
    pub(crate) docs: &'static str,
    /// Whether it may be called as `f(x)` too.
    pub(crate) is_free: bool,
    /// Whether it may be called as `x.f()`.
    pub(crate) is_method: bool,
    pub(crate) run: for<'a> fn(&[Value<'a>]) -> Value<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Text,
    Int,
    /// Text, a list or a map.
    Sized,
    /// A number or text.
    Number,
    Scalar,
    Texts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    Bool,
    Int,
    Double,
    Text,
    Texts,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Takes {
    pub(crate) fn fits(self, kind: &Type) -> bool {
        match self {
            Takes::Text => kind.is_text(),
            Takes::Int => matches!(kind, Type::Int | Type::Any),
            Takes::Sized => kind.is_text() || matches!(kind, Type::List(_) | Type::Map(_)),
            Takes::Number => kind.is_text() || kind.is_number(),
            Takes::Scalar => kind.is_scalar(),
            Takes::Texts => matches!(kind, Type::List(of) if of.is_text()),
        }
    }

    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Takes::Text => "text",
            Takes::Int => "a whole number",
            Takes::Sized => "text, a list or a map",
            Takes::Number => "a number or text",
            Takes::Scalar => "text, a number or a truth value",
            Takes::Texts => "a list of texts",
        }
    }
}

impl Gives {
    pub(crate) fn of_expression(self) -> Type {
        match self {
            Gives::Bool => Type::Bool,
            Gives::Int => Type::Int,
            Gives::Double => Type::Double,
            Gives::Text => Type::Text,
            Gives::Texts => Type::List(Rc::new(Type::Text)),
        }
    }
}

/// The functions of that name.
pub(crate) fn named(name: &str) -> impl Iterator<Item = &'static Function> {
    ALL.iter().filter(move |function| function.name == name)
}

const fn method(
    name: &'static str,
    takes: &'static [Takes],
    gives: Gives,
    docs: &'static str,
    run: for<'a> fn(&[Value<'a>]) -> Value<'a>,
) -> Function {
    Function { name, takes, gives, docs, is_free: false, is_method: true, run }
}

const fn cast(
    name: &'static str,
    takes: &'static [Takes],
    gives: Gives,
    docs: &'static str,
    run: for<'a> fn(&[Value<'a>]) -> Value<'a>,
) -> Function {
    Function { name, takes, gives, docs, is_free: true, is_method: false, run }
}

/// All of them, but for `known` and `state`, which look at how sure a value is.
pub(crate) static ALL: [Function; 18] = [
    Function {
        is_free: true,
        ..method("size", &[Takes::Sized], Gives::Int, "How many characters, elements or keys.", size)
    },
    method(
        "startsWith",
        &[Takes::Text, Takes::Text],
        Gives::Bool,
        "Whether text begins with another.",
        |a| both(a, |one, two| Value::bool(one.starts_with(two))),
    ),
    method("endsWith", &[Takes::Text, Takes::Text], Gives::Bool, "Whether text ends with another.", |a| {
        both(a, |one, two| Value::bool(one.ends_with(two)))
    }),
    method("contains", &[Takes::Text, Takes::Text], Gives::Bool, "Whether text holds another.", |a| {
        both(a, |one, two| Value::bool(one.contains(two)))
    }),
    Function {
        is_free: true,
        ..method(
            "matches",
            &[Takes::Text, Takes::Text],
            Gives::Bool,
            "Whether a regular expression (RE2) matches anywhere; `^…$` for the whole.",
            matches,
        )
    },
    method("lowerAscii", &[Takes::Text], Gives::Text, "In small letters.", |a| {
        one(a, |text| Value::text(&text.to_ascii_lowercase()))
    }),
    method("upperAscii", &[Takes::Text], Gives::Text, "In capitals.", |a| {
        one(a, |text| Value::text(&text.to_ascii_uppercase()))
    }),
    method("trim", &[Takes::Text], Gives::Text, "Without blanks at both ends.", |a| {
        one(a, |text| Value::text(text.trim()))
    }),
    method(
        "indexOf",
        &[Takes::Text, Takes::Text],
        Gives::Int,
        "Where another text begins; -1 where it does not.",
        |a| both(a, |one, two| Value::int(position(one, two)).set(true)),
    ),
    method(
        "replace",
        &[Takes::Text, Takes::Text, Takes::Text],
        Gives::Text,
        "With each of one text become another.",
        replace,
    ),
    method("substring", &[Takes::Text, Takes::Int], Gives::Text, "From a character on.", substring),
    method(
        "substring",
        &[Takes::Text, Takes::Int, Takes::Int],
        Gives::Text,
        "From a character to before another.",
        substring,
    ),
    method("split", &[Takes::Text, Takes::Text], Gives::Texts, "The parts between a separator.", split),
    method("join", &[Takes::Texts], Gives::Text, "The texts one after the other.", join),
    method("join", &[Takes::Texts, Takes::Text], Gives::Text, "The texts with a separator between.", join),
    cast("int", &[Takes::Number], Gives::Int, "As a whole number.", int),
    cast("double", &[Takes::Number], Gives::Double, "As a number with a fraction.", double),
    cast("string", &[Takes::Scalar], Gives::Text, "As text.", |a| {
        a.first().map_or_else(Value::unknown, |value| Value::text(&value.data.to_string()))
    }),
];

fn text<'v>(args: &'v [Value<'_>], at: usize) -> &'v str {
    args.get(at).and_then(Value::as_text).unwrap_or_default()
}

fn whole(args: &[Value<'_>], at: usize) -> Option<i64> {
    match args.get(at)?.data {
        Data::Int(value) => Some(value),
        _ => None,
    }
}

fn one<'a>(args: &[Value<'a>], run: impl Fn(&str) -> Value<'a>) -> Value<'a> {
    run(text(args, 0))
}

fn both<'a>(args: &[Value<'a>], run: impl Fn(&str, &str) -> Value<'a>) -> Value<'a> {
    run(text(args, 0), text(args, 1))
}

fn error<'a>(message: impl Into<String>) -> Value<'a> {
    Value::because(Why::Error, message)
}

fn size<'a>(args: &[Value<'a>]) -> Value<'a> {
    let size = match args.first().map(|value| &value.data) {
        Some(Data::Text(text)) => text.chars().count(),
        Some(Data::List(values)) => values.len(),
        Some(Data::Map(entries)) => entries.len(),
        _ => 0,
    };
    Value::int(i64::try_from(size).unwrap_or(i64::MAX))
}

/// Reads a regular expression.
pub(crate) fn pattern(text: &str) -> Result<regex_lite::Regex, String> {
    let mut builder = regex_lite::RegexBuilder::new(text);
    let read = builder.size_limit(LARGEST_PATTERN).nest_limit(32).build();
    read.map_err(|error| error.to_string().lines().last().unwrap_or("it cannot be read").to_owned())
}

fn matches<'a>(args: &[Value<'a>]) -> Value<'a> {
    match pattern(text(args, 1)) {
        Ok(regex) => Value::bool(regex.is_match(text(args, 0))),
        Err(why) => error(format!("`{}` is no regular expression: {why}", text(args, 1))),
    }
}

fn position(whole: &str, part: &str) -> i64 {
    let Some(at) = whole.find(part) else { return -1 };
    i64::try_from(whole.get(..at).unwrap_or_default().chars().count()).unwrap_or(i64::MAX)
}

fn replace<'a>(args: &[Value<'a>]) -> Value<'a> {
    Value::text(&text(args, 0).replace(text(args, 1), text(args, 2)))
}

fn substring<'a>(args: &[Value<'a>]) -> Value<'a> {
    let whole_text = text(args, 0);
    let length = whole_text.chars().count();
    let number = |at: usize, otherwise: usize| match whole(args, at) {
        Some(value) => usize::try_from(value).ok().filter(|value| *value <= length),
        None => Some(otherwise),
    };
    match (number(1, 0), number(2, length)) {
        (Some(from), Some(to)) if from <= to => {
            Value::text(&whole_text.chars().skip(from).take(to - from).collect::<String>())
        }
        _ => error("`substring` reaches beyond the text"),
    }
}

fn split<'a>(args: &[Value<'a>]) -> Value<'a> {
    let (whole, by) = (text(args, 0), text(args, 1));
    if by.is_empty() {
        return Value::list(whole.chars().map(|c| Value::text(c.encode_utf8(&mut [0; 4]))).collect());
    }
    Value::list(whole.split(by).map(Value::text).collect())
}

fn join<'a>(args: &[Value<'a>]) -> Value<'a> {
    let Some(Data::List(values)) = args.first().map(|value| &value.data) else { return Value::text("") };
    if let Some(unknown) = values.iter().find(|value| value.is_unknown()) {
        return unknown.clone();
    }
    let texts: Vec<&str> = values.iter().filter_map(Value::as_text).collect();
    Value::text(&texts.join(text(args, 1)))
}

fn int<'a>(args: &[Value<'a>]) -> Value<'a> {
    match args.first().map(|value| &value.data) {
        Some(Data::Int(value)) => Value::int(*value),
        // What no i64 holds is an error in CEL; the bounds are those that a double can say exactly.
        Some(Data::Double(value)) if value.abs() < 9_007_199_254_740_992.0 =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "the bound is checked")]
            Value::int(value.trunc() as i64)
        }
        Some(Data::Text(text)) => match text.parse() {
            Ok(value) => Value::int(value),
            Err(_) => error(format!("`{text}` is no whole number")),
        },
        _ => error("the number is too large for a whole one"),
    }
}

fn double<'a>(args: &[Value<'a>]) -> Value<'a> {
    match args.first().map(|value| &value.data) {
        #[expect(clippy::cast_precision_loss, reason = "as CEL does it")]
        Some(Data::Int(value)) => Value::double(*value as f64),
        Some(Data::Double(value)) => Value::double(*value),
        Some(Data::Text(text)) => match text.parse() {
            Ok(value) => Value::double(value),
            Err(_) => error(format!("`{text}` is no number")),
        },
        _ => error("this is no number"),
    }
}
