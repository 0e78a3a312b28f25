//! Works an expression out, with what is not known, where values come from, and within bounds.
//!
//! What is not known, and what CEL makes an error of, is a value here that everything made of it becomes too; `&&`, `||`,
//! `all` and `exists` pass it by where the other side decides, as in CEL.

use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use crate::policies::language::code::{Code, Operator};
use crate::policies::language::compare::{equal, order, size};
use crate::policies::language::tree::FoldKind;
use crate::policies::language::value::{Data, Sources, Unknown, Value, Why};

/// How many steps one expression may take.
const MOST_STEPS: u32 = 100_000;

/// How many bytes of text and elements of lists one expression may make.
const MOST_MADE: usize = 1 << 20;

/// The longest text that a regular expression is tried on, in bytes.
const LONGEST_MATCHED: usize = 1 << 14;

/// What the names of an expression stand for.
pub(crate) struct Roots<'r, 'a> {
    pub(crate) parts: &'r [(&'static str, Value<'a>)],
    pub(crate) params: &'r [(String, Param)],
}

/// What a policy is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Param {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    List(Vec<Param>),
    Map(Vec<(String, Param)>),
}

/// The expression took more than [`MOST_STEPS`] or made more than [`MOST_MADE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooCostly;

/// Works an expression out; how many steps that took, and what came of it.
pub(crate) fn evaluate<'a>(code: &Code, roots: &Roots<'_, 'a>) -> (u32, Result<Value<'a>, TooCostly>) {
    let mut run = Run { roots, steps: 0, made: 0, elements: Vec::new(), params: None };
    let value = run.value(code);
    (run.steps, value)
}

struct Run<'r, 'a> {
    roots: &'r Roots<'r, 'a>,
    steps: u32,
    made: usize,
    elements: Vec<Value<'a>>,
    /// What the policy is given, once it has been asked for.
    params: Option<Value<'a>>,
}

type Worked<'a> = Result<Value<'a>, TooCostly>;

impl<'a> Run<'_, 'a> {
    fn step(&mut self, steps: usize) -> Result<(), TooCostly> {
        self.steps = self.steps.saturating_add(u32::try_from(steps).unwrap_or(u32::MAX));
        if self.steps > MOST_STEPS { Err(TooCostly) } else { Ok(()) }
    }

    fn make(&mut self, size: usize) -> Result<(), TooCostly> {
        self.made = self.made.saturating_add(size);
        if self.made > MOST_MADE { Err(TooCostly) } else { Ok(()) }
    }

    fn value(&mut self, code: &Code) -> Worked<'a> {
        self.step(1)?;
        Ok(match code {
            Code::Bool(value) => Value::new(Data::Bool(*value)),
            Code::Int(value) => Value::new(Data::Int(*value)),
            Code::Double(value) => Value::new(Data::Double(*value)),
            Code::Text(text) => Value::new(Data::Text(Arc::clone(text))),
            Code::List(items) => {
                self.make(items.len())?;
                Value::list(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Code::Map(entries) => self.map(entries)?,
            Code::Root("params") => {
                let all = self.roots.params;
                let made = || all.iter().map(|(name, param)| (name.as_str().into(), param.value())).collect();
                self.params.get_or_insert_with(|| Value::map(made())).clone()
            }
            Code::Root(name) => {
                let root = self.roots.parts.iter().find(|(own, _)| own == name);
                root.map_or_else(Value::unknown, |(_, value)| value.clone())
            }
            Code::Element(at) => self.elements.get(*at).cloned().unwrap_or_else(Value::unknown),
            Code::Field { of, name, what } => self.field(of, name, what)?,
            Code::Has { of, name } => self.has(of, name)?,
            Code::Key { of, key, what } => self.key(of, key, what)?,
            Code::Index { of, at, what } => self.index(of, at, what)?,
            Code::And(one, two) => self.junction(one, two, false)?,
            Code::Or(one, two) => self.junction(one, two, true)?,
            Code::Not(of) => {
                let value = self.value(of)?;
                match value.data {
                    Data::Bool(truth) => Value::bool(!truth).with(value.sources),
                    _ => value,
                }
            }
            Code::Choose(parts) => self.choose(parts)?,
            Code::Equal(parts) => self.pair(parts, |one, two| equal(&one.data, &two.data))?,
            Code::Order(parts, counts) => self.pair(parts, |one, two| {
                Ok(match order(&one.data, &two.data) {
                    Some(Ordering::Less) => counts[0],
                    Some(Ordering::Equal) => counts[1],
                    Some(Ordering::Greater) => counts[2],
                    None => false,
                })
            })?,
            Code::In(parts) => self.within(parts)?,
            Code::Calculate(operator, parts) => self.calculate(*operator, parts)?,
            Code::Negate(of) => negative(self.value(of)?),
            Code::Known(of) => {
                let value = self.value(of)?;
                Value::bool(!value.is_unknown()).with(value.sources)
            }
            Code::State(of) => state(self.value(of)?),
            Code::Call(function, args) => self.call(function.run, args)?,
            Code::Matches(of, pattern) => {
                let value = self.value(of)?;
                let Some(text) = value.as_text() else { return Ok(value) };
                if text.len() > LONGEST_MATCHED {
                    return Ok(error("a text is too long for a regular expression"));
                }
                self.step(text.len() / 8)?;
                Value::bool(pattern.regex.is_match(text)).with(value.sources.clone())
            }
            Code::Fold { kind, over, test, makes } => {
                self.fold(*kind, over, test.as_deref(), makes.as_deref())?
            }
        })
    }

    fn choose(&mut self, parts: &[Code; 3]) -> Worked<'a> {
        let [test, one, two] = parts;
        let test = self.value(test)?;
        let Some(truth) = test.as_bool() else { return Ok(test) };
        let chosen = self.value(if truth { one } else { two })?;
        let sources = test.sources.and(&chosen.sources);
        Ok(chosen.with(sources))
    }

    fn map(&mut self, entries: &[(Code, Code)]) -> Worked<'a> {
        self.make(entries.len())?;
        let mut all: Vec<(Arc<str>, Value<'a>)> = Vec::new();
        for (key, value) in entries {
            let key = self.value(key)?;
            let Data::Text(name) = &key.data else { return Ok(key) };
            all.push((Arc::clone(name), self.value(value)?));
        }
        Ok(Value::map(all))
    }

    fn field(&mut self, of: &Code, name: &str, what: &Arc<str>) -> Worked<'a> {
        let of = self.value(of)?;
        let part = match &of.data {
            Data::Part(part) => part,
            Data::Map(entries) => {
                let entry = entries.iter().find(|(key, _)| &**key == name);
                return Ok(entry.map_or_else(Value::unknown, |(_, value)| value.clone()));
            }
            Data::Unknown(_) => return Ok(named(of, what)),
            _ => return Ok(Value::unknown()),
        };
        let value = part.get(name).unwrap_or_else(Value::unknown);
        let sources = match value.sources.is_empty() {
            true => of.sources.around().named(what),
            false => value.sources.named(what),
        };
        Ok(named(value, what).with(sources))
    }

    fn has(&mut self, of: &Code, name: &str) -> Worked<'a> {
        let of = self.value(of)?;
        Ok(match &of.data {
            Data::Part(part) => {
                let value = part.get(name).unwrap_or_else(Value::unknown);
                match &value.data {
                    // That a secret is set is no secret.
                    Data::Unknown(unknown) if unknown.why != Why::Withheld => value,
                    _ => Value::bool(value.is_set).with(value.sources),
                }
            }
            Data::Map(entries) => {
                let entry = entries.iter().find(|(key, _)| &**key == name);
                let sources = entry.map_or_else(|| of.sources.clone(), |(_, value)| value.sources.clone());
                Value::bool(entry.is_some()).with(sources)
            }
            _ => of,
        })
    }

    fn key(&mut self, of: &Code, key: &Code, what: &Arc<str>) -> Worked<'a> {
        let of = self.value(of)?;
        let key = self.value(key)?;
        let (Data::Map(entries), Data::Text(name)) = (&of.data, &key.data) else {
            return Ok(if of.is_unknown() { of } else { key });
        };
        self.step(entries.len() / 8)?;
        Ok(match entries.iter().find(|(own, _)| own == name) {
            Some((_, value)) => {
                let sources = value.sources.named(what);
                named(value.clone(), what).with(sources)
            }
            None => error(format!("no such key: `{name}`")).with(of.sources.clone()),
        })
    }

    fn index(&mut self, of: &Code, at: &Code, what: &Arc<str>) -> Worked<'a> {
        let of = self.value(of)?;
        let at = self.value(at)?;
        let (Data::List(values), Data::Int(number)) = (&of.data, &at.data) else {
            return Ok(if of.is_unknown() { of } else { at });
        };
        let found = usize::try_from(*number).ok().and_then(|number| values.get(number));
        Ok(match found {
            Some(value) => {
                let sources = value.sources.named(what);
                named(value.clone(), what).with(sources)
            }
            None => error(format!("there is no element {number}")).with(of.sources.clone()),
        })
    }

    /// `&&` and `||`: the value that decides alone, and where it comes from; else that of both sides.
    fn junction(&mut self, one: &Code, two: &Code, decides: bool) -> Worked<'a> {
        let one = self.value(one)?;
        if one.as_bool() == Some(decides) {
            return Ok(one);
        }
        let two = self.value(two)?;
        if two.as_bool() == Some(decides) {
            return Ok(two);
        }
        let sources = one.sources.and(&two.sources);
        Ok(match (one.is_unknown(), two.is_unknown()) {
            (true, _) => one.with(sources),
            (_, true) => two.with(sources),
            _ => Value::bool(!decides).with(sources),
        })
    }

    fn pair(
        &mut self,
        parts: &[Code; 2],
        compare: impl Fn(&Value<'a>, &Value<'a>) -> Result<bool, Rc<Unknown>>,
    ) -> Worked<'a> {
        let (one, two) = (self.value(&parts[0])?, self.value(&parts[1])?);
        let sources = one.sources.and(&two.sources);
        if one.is_unknown() || two.is_unknown() {
            return Ok(if one.is_unknown() { one } else { two }.with(sources));
        }
        self.step(size(&one.data).min(size(&two.data)) / 8)?;
        Ok(match compare(&one, &two) {
            Ok(truth) => Value::bool(truth).with(sources),
            Err(unknown) => Value::new(Data::Unknown(unknown)).with(sources),
        })
    }

    fn within(&mut self, parts: &[Code; 2]) -> Worked<'a> {
        let (one, two) = (self.value(&parts[0])?, self.value(&parts[1])?);
        let sources = one.sources.and(&two.sources);
        if one.is_unknown() || two.is_unknown() {
            return Ok(if one.is_unknown() { one } else { two }.with(sources));
        }
        self.step(size(&two.data))?;
        let found = match &two.data {
            Data::Map(entries) => entries.iter().any(|(key, _)| Some(&**key) == one.as_text()),
            Data::List(values) => {
                let mut unknown = None;
                for value in values.iter() {
                    match equal(&one.data, &value.data) {
                        Ok(true) => return Ok(Value::bool(true).with(one.sources.and(&value.sources))),
                        Ok(false) => {}
                        Err(why) => unknown = Some(why),
                    }
                }
                if let Some(unknown) = unknown {
                    return Ok(Value::new(Data::Unknown(unknown)).with(sources));
                }
                false
            }
            _ => false,
        };
        Ok(Value::bool(found).with(sources))
    }

    fn calculate(&mut self, operator: Operator, parts: &[Code; 2]) -> Worked<'a> {
        let (one, two) = (self.value(&parts[0])?, self.value(&parts[1])?);
        let sources = one.sources.and(&two.sources);
        if one.is_unknown() || two.is_unknown() {
            return Ok(if one.is_unknown() { one } else { two }.with(sources));
        }
        let value = match (&one.data, &two.data) {
            (Data::Int(one), Data::Int(two)) => {
                let number = match operator {
                    Operator::Add => one.checked_add(*two),
                    Operator::Subtract => one.checked_sub(*two),
                    Operator::Multiply => one.checked_mul(*two),
                    Operator::Divide => one.checked_div(*two),
                    Operator::Remainder => one.checked_rem(*two),
                };
                let by_zero = *two == 0 && matches!(operator, Operator::Divide | Operator::Remainder);
                let why = if by_zero { "a division by zero" } else { "a number is too large" };
                number.map_or_else(|| error(why), Value::int)
            }
            (Data::Double(one), Data::Double(two)) => Value::double(match operator {
                Operator::Add => one + two,
                Operator::Subtract => one - two,
                Operator::Multiply => one * two,
                Operator::Divide | Operator::Remainder => one / two,
            }),
            (Data::Text(one), Data::Text(two)) => {
                self.make(one.len() + two.len())?;
                Value::text(&format!("{one}{two}"))
            }
            (Data::List(one), Data::List(two)) => {
                self.make(one.len() + two.len())?;
                Value::list(one.iter().chain(two.iter()).cloned().collect())
            }
            _ => Value::unknown(),
        };
        Ok(value.with(sources))
    }

    fn call(&mut self, run: for<'v> fn(&[Value<'v>]) -> Value<'v>, args: &[Code]) -> Worked<'a> {
        let args = args.iter().map(|arg| self.value(arg)).collect::<Result<Vec<_>, _>>()?;
        let sources = args.iter().fold(Sources::default(), |all, value| all.and(&value.sources));
        if let Some(unknown) = args.iter().find(|value| value.is_unknown()) {
            return Ok(unknown.clone().with(sources));
        }
        let sizes: usize = args.iter().map(|value| size(&value.data)).sum();
        // Whatever a text is replaced with may come as often as it has bytes.
        let grown = match args.as_slice() {
            [of, _, with] => size(&of.data).saturating_mul(size(&with.data).max(1)),
            [of, by] => size(&of.data).saturating_mul(match &of.data {
                Data::List(_) => size(&by.data).max(1),
                _ => 1,
            }),
            _ => sizes,
        };
        let within: usize = match args.first().map(|value| &value.data) {
            Some(Data::List(values)) => values.iter().map(|value| size(&value.data)).sum(),
            _ => 0,
        };
        self.step(sizes / 8)?;
        self.make(grown.saturating_add(within))?;
        Ok(run(&args).with(sources))
    }

    fn fold(&mut self, kind: FoldKind, over: &Code, test: Option<&Code>, makes: Option<&Code>) -> Worked<'a> {
        let over = self.value(over)?;
        let elements: Vec<Value<'a>> = match &over.data {
            Data::List(values) => values.to_vec(),
            Data::Map(entries) => {
                entries.iter().map(|(key, value)| Value::text(key).with(value.sources.clone())).collect()
            }
            _ => return Ok(over),
        };
        self.step(elements.len() / 4)?;
        let mut fold = Folded { sources: Sources::default(), unknown: None, found: 0, made: Vec::new() };
        for element in elements {
            self.elements.push(element.clone());
            let decided = self.element(kind, &element, test, makes, &mut fold);
            self.elements.pop();
            if let Some(value) = decided? {
                return Ok(value);
            }
        }
        let sources = if fold.sources.is_empty() { over.sources.clone() } else { fold.sources };
        if let Some(unknown) = fold.unknown {
            return Ok(unknown.with(sources));
        }
        Ok(match kind {
            FoldKind::All => Value::bool(true).with(sources),
            FoldKind::Exists => Value::bool(false).with(sources),
            FoldKind::ExistsOne => Value::bool(fold.found == 1).with(sources),
            FoldKind::Collect => Value::list(fold.made).with(over.sources),
        })
    }

    /// What one element decides, if it decides all.
    fn element(
        &mut self,
        kind: FoldKind,
        element: &Value<'a>,
        test: Option<&Code>,
        makes: Option<&Code>,
        fold: &mut Folded<'a>,
    ) -> Result<Option<Value<'a>>, TooCostly> {
        let test = match test {
            Some(test) => self.value(test)?,
            None => Value::bool(true),
        };
        fold.sources = fold.sources.and(&test.sources);
        let truth = test.as_bool();
        match (kind, truth) {
            (FoldKind::All, Some(false)) | (FoldKind::Exists, Some(true)) => return Ok(Some(test)),
            (FoldKind::All | FoldKind::Exists, Some(_)) => {}
            (FoldKind::All | FoldKind::Exists, None) => fold.unknown = fold.unknown.take().or(Some(test)),
            (FoldKind::ExistsOne | FoldKind::Collect, None) => return Ok(Some(test)),
            (FoldKind::ExistsOne, Some(truth)) => fold.found += usize::from(truth),
            (FoldKind::Collect, Some(true)) => {
                self.make(1)?;
                fold.made.push(match makes {
                    Some(makes) => self.value(makes)?,
                    None => element.clone(),
                });
            }
            (FoldKind::Collect, Some(false)) => {}
        }
        Ok(None)
    }
}

/// What a loop has found so far.
struct Folded<'a> {
    sources: Sources,
    unknown: Option<Value<'a>>,
    found: usize,
    made: Vec<Value<'a>>,
}

/// `-x`
fn negative(value: Value<'_>) -> Value<'_> {
    match value.data {
        Data::Int(number) => match number.checked_neg() {
            Some(number) => Value::int(number).with(value.sources),
            None => error("a number is too large"),
        },
        Data::Double(number) => Value::double(-number).with(value.sources),
        _ => value,
    }
}

/// Which of the three states a value is in.
fn state(value: Value<'_>) -> Value<'_> {
    let is_default = value.sources.iter().any(|source| source.is_default);
    let state = match (value.is_unknown(), is_default) {
        (true, _) => "unknown",
        (_, true) => "default",
        _ => "known",
    };
    Value::text(state).with(value.sources)
}

impl Param {
    fn value<'a>(&self) -> Value<'a> {
        match self {
            Param::Bool(value) => Value::bool(*value),
            Param::Int(value) => Value::int(*value),
            Param::Double(value) => Value::double(*value),
            Param::Text(text) => Value::text(text),
            Param::List(values) => Value::list(values.iter().map(Param::value).collect()),
            Param::Map(entries) => {
                Value::map(entries.iter().map(|(key, value)| (key.as_str().into(), value.value())).collect())
            }
        }
    }
}

fn error<'a>(message: impl Into<String>) -> Value<'a> {
    Value::because(Why::Error, message)
}

/// What is unknown, as what it was asked for.
fn named<'a>(value: Value<'a>, what: &Arc<str>) -> Value<'a> {
    match &value.data {
        Data::Unknown(unknown) if unknown.what.is_empty() => Value {
            data: Data::Unknown(Rc::new(Unknown { what: what.to_string(), why: unknown.why.clone() })),
            ..value
        },
        _ => value,
    }
}
