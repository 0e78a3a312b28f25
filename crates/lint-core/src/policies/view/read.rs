//! From what files say to values of the view, with where they say it.

use std::sync::Arc;

use lint_parser::compose::ast::field::{Attribute, Cast, Field, List, Text};
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::{Certainty, Origin};
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::build::BuildPlan;
use crate::model::project::Project;
use crate::model::project::service::Service;
use crate::model::project::variables::Variable;
use crate::model::runs::words_of;
use crate::model::secrets;
use crate::model::values::origin::{SetAt, Setting};
use crate::model::values::variables::Expanded;
use crate::policies::language::value::{Data, Source, Sources, Value, Why};

/// What a service says, read.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) project: &'a Project,
    pub(crate) service: &'a Service,
}

/// Where a project says something.
pub(crate) fn source(project: &Project, origin: Origin, via: Option<Origin>, certainty: Certainty) -> Source {
    Source {
        via: via.map(|via| project.place(via)),
        is_default: certainty == Certainty::Default,
        ..Source::at(project.place(origin))
    }
}

/// A text of a project.
pub(crate) fn text<'a>(project: &Project, text: &Text, via: Option<Origin>) -> Value<'a> {
    let value = if text.is_unknown() { Value::unknown() } else { Value::text(text.as_str()) };
    value.at(source(project, text.origin, via, text.certainty))
}

/// A text that may not be there.
pub(crate) fn field<'a>(project: &Project, field: &Attribute<Text>) -> Value<'a> {
    field.as_ref().map_or_else(|| Value::text(""), |field| text(project, &field.value, field.via))
}

/// A value that a text is cast to, where it is there.
pub(crate) fn cast<'a, T>(
    project: &Project,
    field: &Attribute<Cast<T>>,
    value: impl Fn(&T) -> Value<'a>,
) -> Option<Value<'a>> {
    let field = field.as_ref()?;
    let certainty = field.value.text.certainty;
    let read = field.value.known().map_or_else(Value::unknown, value).set(true);
    Some(read.at(source(project, field.origin, field.via, certainty)))
}

/// A switch that is off where nobody sets it.
pub(crate) fn switch<'a>(project: &Project, field: &Attribute<Cast<bool>>) -> Value<'a> {
    cast(project, field, |on| Value::bool(*on)).unwrap_or_else(|| Value::bool(false))
}

/// The texts of a list.
pub(crate) fn texts<'a>(project: &Project, field: &Attribute<List<Text>>) -> Value<'a> {
    let Some(field) = field else { return Value::list(Vec::new()) };
    let items = field.value.items.iter().map(|item| text(project, &item.value, field.via)).collect();
    Value::list(items).set(true).at(of_list(project, field))
}

/// Where a list stands.
pub(crate) fn of_list<T>(project: &Project, field: &Field<T>) -> Source {
    source(project, field.origin, field.via, Certainty::Known)
}

/// A command as words.
pub(crate) fn command<'a>(project: &Project, field: &Attribute<Command>) -> Option<Value<'a>> {
    let field = field.as_ref()?;
    let words = match &field.value {
        Command::Null => return None,
        Command::Line(line) if line.is_unknown() => Value::unknown(),
        Command::Line(line) => match words_of(&line.mapped) {
            Some(words) => Value::list(words.iter().map(|word| Value::text(word.text())).collect()),
            None => Value::unknown(),
        },
        Command::Words(words) => Value::list(words.iter().map(|word| text(project, word, None)).collect()),
    };
    Some(words.set(true).at(of_list(project, field)))
}

impl<'a> Said<'a> {
    pub(crate) fn source(&self, origin: Origin) -> Source {
        Source::at(self.project.place(origin))
    }

    /// What a service that may say more elsewhere does not say is not known.
    pub(crate) fn checked(&self, key: &str, value: Value<'a>) -> Value<'a> {
        let spec = &self.service.spec;
        if !value.sources.is_empty() {
            return value;
        }
        if let Some(entry) = spec.rest.invalid(key) {
            return Value::unknown().at(self.source(entry.key_origin));
        }
        let may_be_set = self.service.fragment || !self.service.complete;
        if may_be_set { Value::unknown() } else { value }
    }

    pub(crate) fn field(&self, key: &str, attribute: &Attribute<Text>) -> Value<'a> {
        self.checked(key, field(self.project, attribute))
    }

    pub(crate) fn switch(&self, key: &str, attribute: &Attribute<Cast<bool>>) -> Value<'a> {
        self.checked(key, switch(self.project, attribute))
    }

    pub(crate) fn texts(&self, key: &str, attribute: &Attribute<List<Text>>) -> Value<'a> {
        self.checked(key, texts(self.project, attribute))
    }

    /// A pair of `environment`, `labels` or a file of variables.
    pub(crate) fn pair(&self, pair: &Variable) -> Value<'a> {
        let origin = source(self.project, pair.origin, pair.via, Certainty::Known);
        match &pair.value {
            Some(value) if value.is_unknown() => Value::unknown().at(origin),
            Some(value) => {
                let is_default = value.certainty == Certainty::Default;
                Value::text(value.as_str()).set(true).at(Source { is_default, ..origin })
            }
            None => Value::unknown().at(origin),
        }
    }
}

/// The value of a variable, unless it is a secret.
pub(crate) fn withheld<'a>(name: &str, value: Value<'a>) -> (Value<'a>, bool) {
    let is_secret = value.as_text().is_some_and(|text| secrets::in_variable(name, text).is_some());
    if is_secret {
        let sources = value.sources;
        return (Value::because(Why::Withheld, "").with(sources), true);
    }
    (value, false)
}

/// A text that may hold a secret among other things, such as a command.
pub(crate) fn without_secrets<'a>(text: &str) -> Value<'a> {
    let holds = text.split_whitespace().any(|word| {
        let (name, value) = word.split_once('=').unwrap_or(("", word));
        secrets::in_variable(name.trim_start_matches('-'), value.trim_matches(['"', '\''])).is_some()
    });
    if holds { Value::because(Why::Withheld, "") } else { Value::text(text) }
}

/// The place of a span of a Dockerfile.
pub(crate) fn in_dockerfile(plan: &BuildPlan, span: Span) -> Source {
    Source::at(Place::new(&plan.dockerfile.file, span))
}

/// What an instruction sets.
pub(crate) fn setting<'a>(plan: &BuildPlan, set: Option<&Setting<Expanded>>) -> Value<'a> {
    set.map_or_else(|| Value::text(""), |set| expanded(plan, &set.value, set.origin))
}

/// A word of an instruction after expansion. One that came of a build argument is a default: somebody may pass another.
pub(crate) fn expanded<'a>(plan: &BuildPlan, word: &Expanded, at: SetAt) -> Value<'a> {
    let value = word.text().map_or_else(Value::unknown, |text| Value::text(text).set(true));
    let origin = Source { is_default: word.through_arguments, ..in_dockerfile(plan, at.span) };
    value.at(origin)
}

/// Names with values, sorted by name.
pub(crate) fn sorted<'a>(mut entries: Vec<(Arc<str>, Value<'a>)>) -> Value<'a> {
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    let sources =
        Sources::of(entries.iter().flat_map(|(_, value)| value.sources.iter().cloned()).take(1).collect());
    let map = Value::map(entries);
    match map.data {
        Data::Map(_) if map.is_set => map.with(sources),
        _ => map,
    }
}
