//! The view of something, written out: what a policy could ask of it, and what it would be told.

use serde_json::Value as Json;

use crate::policies::language::value::{Data, Part, Value, Why};
use crate::policies::view;
use crate::policies::view::field::Shape;
use crate::policies::view::kind::Kind;

/// How many elements of a list are told.
const MOST: usize = 100;

/// How deep parts are told within parts.
const DEEPEST: usize = 6;

/// What the view has of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explained {
    /// What it is: `project`, `service`, `container` or `stage`.
    pub kind: &'static str,
    /// The file it is in.
    pub file: String,
    /// Its fields.
    pub fields: Vec<ExplainedField>,
}

/// A field of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExplainedField {
    /// As an expression names it: `container.user.uid`, `container.ports[0].target`.
    pub path: String,
    /// What it is; `null` where that is not known.
    pub value: Json,
    /// How sure that is.
    pub state: FieldState,
    /// Where it is set: `compose.yaml:3:5`.
    pub at: Option<String>,
}

/// How sure a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldState {
    /// The files say it.
    Known,
    /// Nobody sets it.
    Unset,
    /// It is a default of the text, or of a build argument.
    Default,
    /// The files do not say.
    Unknown,
    /// It is a secret.
    Withheld,
}

impl FieldState {
    /// `known`, `unset`, `default`, `unknown` or `withheld`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FieldState::Known => "known",
            FieldState::Unset => "unset",
            FieldState::Default => "default",
            FieldState::Unknown => "unknown",
            FieldState::Withheld => "withheld",
        }
    }
}

/// Writes out what the view has of something; what is told by itself is left out of what holds it.
pub(crate) fn explain(kind: Kind, file: &str, value: &Value<'_>) -> Explained {
    let mut fields = Vec::new();
    tell(kind.name(), value, 0, &mut fields);
    Explained { kind: kind.name(), file: file.to_owned(), fields }
}

fn tell(path: &str, value: &Value<'_>, depth: usize, fields: &mut Vec<ExplainedField>) {
    match &value.data {
        Data::Part(part) if depth < DEEPEST => {
            for field in view::fields(part.kind()) {
                if !is_told_elsewhere(part, field.name)
                    && let Some(value) = part.get(field.name)
                {
                    told(&format!("{path}.{}", field.name), &value, field.shape, depth, fields);
                }
            }
        }
        _ => fields.push(leaf(path, value)),
    }
}

fn told(path: &str, value: &Value<'_>, shape: Shape, depth: usize, fields: &mut Vec<ExplainedField>) {
    match (&value.data, shape) {
        (Data::Part(_), _) => tell(path, value, depth + 1, fields),
        (Data::List(values), Shape::Many(_)) if !values.is_empty() => {
            for (at, value) in values.iter().take(MOST).enumerate() {
                tell(&format!("{path}[{at}]"), value, depth + 1, fields);
            }
        }
        (Data::Map(entries), _) if !entries.is_empty() => {
            for (key, value) in entries.iter().take(MOST) {
                let key = Json::from(&**key);
                fields.push(leaf(&format!("{path}[{key}]"), value));
            }
        }
        _ => fields.push(leaf(path, value)),
    }
}

/// What stands by itself in what is written out.
fn is_told_elsewhere(part: &Part<'_>, field: &str) -> bool {
    matches!(
        (part.kind(), field),
        (Kind::Project, "services") | (Kind::Service, "container") | (Kind::Container, "stage" | "stages")
    )
}

fn leaf(path: &str, value: &Value<'_>) -> ExplainedField {
    let source = value.sources.iter().next();
    let state = match &value.data {
        Data::Unknown(unknown) if unknown.why == Why::Withheld => FieldState::Withheld,
        Data::Unknown(_) => FieldState::Unknown,
        _ if !value.is_set => FieldState::Unset,
        _ if value.sources.iter().any(|source| source.is_default) => FieldState::Default,
        _ => FieldState::Known,
    };
    let at = source.filter(|_| state != FieldState::Unset).map(|source| {
        let place = source.place.file.line_column(source.place.span.start());
        format!("{}:{}:{}", source.place.file.name(), place.line, place.column)
    });
    ExplainedField { path: path.to_owned(), value: json(value), state, at }
}

fn json(value: &Value<'_>) -> Json {
    match &value.data {
        Data::Bool(value) => Json::from(*value),
        Data::Int(value) => Json::from(*value),
        Data::Double(value) => Json::from(*value),
        Data::Text(text) => Json::from(&**text),
        Data::List(values) => values.iter().take(MOST).map(json).collect(),
        Data::Map(entries) => {
            entries.iter().take(MOST).map(|(key, value)| (key.to_string(), json(value))).collect()
        }
        Data::Part(part) => Json::from(part.kind().name()),
        Data::Unknown(_) => Json::Null,
    }
}
