//! What expressions come to: a value, where it is set, and how sure it is.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::finding::label::Place;
use crate::policies::view::kind::Kind;

/// How many places a value remembers: as many as a message can tell of.
const MOST_SOURCES: usize = 6;

/// A value and where it comes from.
#[derive(Clone)]
pub(crate) struct Value<'a> {
    pub(crate) data: Data<'a>,
    /// Whether somebody has set it: what nobody has is empty, zero, or false.
    pub(crate) is_set: bool,
    pub(crate) sources: Sources,
}

#[derive(Clone)]
pub(crate) enum Data<'a> {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Arc<str>),
    List(Rc<[Value<'a>]>),
    Map(Rc<[(Arc<str>, Value<'a>)]>),
    Part(Part<'a>),
    /// It cannot be known, or there is none.
    Unknown(Rc<Unknown>),
}

/// What the files do not say, or an expression that cannot be worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// What was asked for; empty until the field is known.
    pub(crate) what: String,
    pub(crate) why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Nobody can know it from the files.
    Open,
    /// It is a secret, which policies are not told.
    Withheld,
    /// An error of CEL's: no such key, a division by zero.
    Error,
}

/// A part of the view: fields that are there, or a part of the model that is asked for each.
#[derive(Clone)]
pub(crate) enum Part<'a> {
    Record(Kind, Rc<[(&'static str, Value<'a>)]>),
    Asked(Rc<Asked<'a>>),
}

/// A part of the model, and what it has been asked: several policies ask the same.
pub(crate) struct Asked<'a> {
    part: Box<dyn Fields<'a> + 'a>,
    known: RefCell<Vec<(Box<str>, Option<Value<'a>>)>>,
}

impl<'a> Asked<'a> {
    fn get(&self, name: &str) -> Option<Value<'a>> {
        if let Some((_, known)) = self.known.borrow().iter().find(|(own, _)| **own == *name) {
            return known.clone();
        }
        let value = self.part.get(name);
        self.known.borrow_mut().push((name.into(), value.clone()));
        value
    }
}

/// A part of the model that knows its fields.
pub(crate) trait Fields<'a> {
    /// What it is.
    fn kind(&self) -> Kind;
    /// The field of that name; `None` where there is none.
    fn get(&self, name: &str) -> Option<Value<'a>>;
}

/// Where a value comes from.
#[derive(Clone, Default)]
pub(crate) struct Sources(Option<Rc<[Source]>>);

/// A place that says something.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Where it is written.
    pub(crate) place: Place,
    /// Where what has it takes it from there: an alias, an `extends`.
    pub(crate) via: Option<Place>,
    /// Whether it is a default of the text, such as `${TAG:-latest}`.
    pub(crate) is_default: bool,
    /// Whether it is where what has the field stands, since nobody writes the field itself.
    pub(crate) is_around: bool,
    /// The field that was read.
    pub(crate) what: Option<Arc<str>>,
}

impl Source {
    pub(crate) fn at(place: Place) -> Self {
        Self { place, via: None, is_default: false, is_around: false, what: None }
    }
}

impl Sources {
    pub(crate) fn of(sources: Vec<Source>) -> Self {
        Self((!sources.is_empty()).then(|| sources.into()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().flat_map(|sources| sources.iter())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Both, each place once.
    pub(crate) fn and(&self, other: &Sources) -> Sources {
        let (Some(one), Some(two)) = (&self.0, &other.0) else {
            return if self.0.is_some() { self.clone() } else { other.clone() };
        };
        if Rc::ptr_eq(one, two) {
            return self.clone();
        }
        let mut all: Vec<Source> = one.to_vec();
        for source in two.iter() {
            let is_known = all.iter().any(|known| known.place == source.place && known.what == source.what);
            if !is_known && all.len() < MOST_SOURCES {
                all.push(source.clone());
            }
        }
        Sources::of(all)
    }

    /// The same, for a field that is not written there.
    pub(crate) fn around(&self) -> Sources {
        let around = self.iter().map(|source| Source { is_around: true, ..source.clone() });
        Sources::of(around.collect())
    }

    /// The same, as what was read of them.
    pub(crate) fn named(&self, what: &Arc<str>) -> Sources {
        let Some(sources) = &self.0 else { return Sources(None) };
        if sources.iter().all(|source| source.what.is_some()) {
            return self.clone();
        }
        let named = sources.iter().map(|source| {
            let what = source.what.clone().unwrap_or_else(|| Arc::clone(what));
            Source { what: Some(what), ..source.clone() }
        });
        Sources(Some(named.collect()))
    }
}

impl<'a> Value<'a> {
    /// A value of no place.
    pub(crate) fn new(data: Data<'a>) -> Self {
        Self { data, is_set: true, sources: Sources::default() }
    }

    pub(crate) fn bool(value: bool) -> Self {
        Self::new(Data::Bool(value)).set(value)
    }

    pub(crate) fn int(value: i64) -> Self {
        Self::new(Data::Int(value)).set(value != 0)
    }

    pub(crate) fn double(value: f64) -> Self {
        Self::new(Data::Double(value)).set(value != 0.0)
    }

    pub(crate) fn text(value: &str) -> Self {
        Self::new(Data::Text(value.into())).set(!value.is_empty())
    }

    pub(crate) fn list(values: Vec<Value<'a>>) -> Self {
        let is_set = !values.is_empty();
        Self::new(Data::List(values.into())).set(is_set)
    }

    pub(crate) fn map(entries: Vec<(Arc<str>, Value<'a>)>) -> Self {
        let is_set = !entries.is_empty();
        Self::new(Data::Map(entries.into())).set(is_set)
    }

    pub(crate) fn record(kind: Kind, fields: Vec<(&'static str, Value<'a>)>) -> Self {
        Self::new(Data::Part(Part::Record(kind, fields.into())))
    }

    pub(crate) fn asked(part: impl Fields<'a> + 'a) -> Self {
        Self::new(Data::Part(Part::Asked(Rc::new(Asked { part: Box::new(part), known: RefCell::default() }))))
    }

    /// Nobody can know it.
    pub(crate) fn unknown() -> Self {
        Self::because(Why::Open, "")
    }

    pub(crate) fn because(why: Why, what: impl Into<String>) -> Self {
        Self::new(Data::Unknown(Rc::new(Unknown { what: what.into(), why })))
    }

    pub(crate) fn set(self, is_set: bool) -> Self {
        Self { is_set, ..self }
    }

    /// The same, from this place.
    pub(crate) fn at(self, source: impl Into<Option<Source>>) -> Self {
        match source.into() {
            Some(source) => Self { sources: Sources::of(vec![source]), ..self },
            None => self,
        }
    }

    pub(crate) fn with(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.data, Data::Unknown(_))
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> Part<'a> {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Part::Record(kind, _) => *kind,
            Part::Asked(asked) => asked.part.kind(),
        }
    }

    /// The field of that name.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        match self {
            Part::Record(_, fields) => {
                fields.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone())
            }
            Part::Asked(asked) => asked.get(name),
        }
    }
}

/// As a message says it.
impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::Bool(value) => write!(f, "{value}"),
            Data::Int(value) => write!(f, "{value}"),
            Data::Double(value) => write!(f, "{value}"),
            Data::Text(text) => f.write_str(text),
            Data::List(values) => {
                for (at, value) in values.iter().enumerate() {
                    let comma = if at > 0 { ", " } else { "" };
                    write!(f, "{comma}{}", value.data)?;
                }
                Ok(())
            }
            Data::Map(entries) => {
                for (at, (key, value)) in entries.iter().enumerate() {
                    let comma = if at > 0 { ", " } else { "" };
                    write!(f, "{comma}{key}={}", value.data)?;
                }
                Ok(())
            }
            Data::Part(part) => f.write_str(part.kind().name()),
            Data::Unknown(unknown) if unknown.why == Why::Withheld => f.write_str("(withheld)"),
            Data::Unknown(_) => f.write_str("(unknown)"),
        }
    }
}
