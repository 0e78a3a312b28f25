//! A policy that has been checked.

use std::sync::Arc;

use crate::files::{join, relative};
use crate::finding::label::Place;
use crate::finding::meta::RuleMeta;
use crate::policies::language::code::Code;
use crate::policies::language::evaluate::{Param, Roots, evaluate};
use crate::policies::language::value::{Data, Source, Sources, Value, Why};
use crate::policies::template::Template;
use crate::policies::view::kind::Kind;
use crate::settings::UnknownMeans;

/// A policy that has been checked.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) meta: &'static RuleMeta,
    pub(crate) subject: Kind,
    pub(crate) when: Option<Code>,
    pub(crate) require: Code,
    pub(crate) message: Template,
    pub(crate) help: Option<Template>,
    pub(crate) unknown: UnknownMeans,
    pub(crate) params: Vec<(String, Param)>,
    pub(crate) suggest: Vec<(&'static str, Suggested)>,
    /// Where `project.path` starts from.
    pub(crate) directory: String,
    /// Whether an expression may ask for the project.
    pub(crate) asks_project: bool,
}

/// What a fix writes.
#[derive(Debug)]
pub(crate) enum Suggested {
    /// As YAML reads it: `true`, `200`.
    Bare(&'static str),
    Text(Template),
    List(Vec<Suggested>),
    Map(Vec<(&'static str, Suggested)>),
}

/// What is judged: the roots that expressions begin with, and what it is.
pub(crate) struct Scope<'s, 'a> {
    /// The roots but for the project, which depends on where a policy's paths start from.
    pub(crate) roots: Vec<(&'static str, Value<'a>)>,
    /// The project, for a path of its first file.
    pub(crate) project: &'s dyn Fn(Arc<str>) -> Value<'a>,
    /// Where it stands itself.
    pub(crate) place: Option<Place>,
}

/// What a policy says of something.
pub(crate) enum Verdict {
    /// Nothing: it is met, or does not apply.
    Fine,
    Violation(Violation),
    /// What is not known decides.
    Open(String),
    TooCostly,
}

/// How a policy is not met.
pub(crate) struct Violation {
    pub(crate) place: Option<Place>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// Further places, with what is there.
    pub(crate) labels: Vec<(Place, String)>,
    /// Where a comment silences it besides.
    pub(crate) scopes: Vec<Place>,
    pub(crate) suggested: Vec<(&'static str, Written)>,
}

/// What a fix writes, its expressions worked out.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    Bare(&'static str),
    Text(String),
    List(Vec<Written>),
    Map(Vec<(&'static str, Written)>),
}

impl Policy {
    /// A file's path, as the policy knows it.
    pub(crate) fn path_of(&self, file: &str, working_directory: &str) -> Arc<str> {
        match self.directory.as_str() {
            "" => file.into(),
            directory => relative(directory, &join(working_directory, file)).into(),
        }
    }

    /// What it says of something, and how many steps that took. `path` is that of the project, for one that asks for it.
    pub(crate) fn judge(&self, scope: &Scope<'_, '_>, path: Option<Arc<str>>) -> (u32, Verdict) {
        let mut own = Vec::new();
        if let Some(path) = path {
            own.push(("project", (scope.project)(path)));
            own.extend(scope.roots.iter().cloned());
        }
        let parts = if own.is_empty() { &scope.roots } else { &own };
        let roots = Roots { parts, params: &self.params };
        let mut steps = 0;
        if let Some(when) = &self.when {
            let (taken, value) = evaluate(when, &roots);
            steps += taken;
            match value {
                Err(_) => return (steps, Verdict::TooCostly),
                Ok(value) => match (&value.data, self.unknown) {
                    (Data::Bool(true), _) => {}
                    // An error is never true.
                    (Data::Unknown(unknown), UnknownMeans::Fail) if unknown.why != Why::Error => {}
                    (Data::Unknown(unknown), UnknownMeans::Note) if unknown.why != Why::Error => {
                        return (steps, Verdict::Open(unknown.what.clone()));
                    }
                    _ => return (steps, Verdict::Fine),
                },
            }
        }
        let (taken, value) = evaluate(&self.require, &roots);
        steps = steps.saturating_add(taken);
        let Ok(value) = value else { return (steps, Verdict::TooCostly) };
        let reason = match &value.data {
            Data::Bool(true) => return (steps, Verdict::Fine),
            Data::Unknown(unknown) => match (&unknown.why, self.unknown) {
                (Why::Error, _) => Some(unknown.what.clone()),
                (_, UnknownMeans::Pass) => return (steps, Verdict::Fine),
                (_, UnknownMeans::Note) => return (steps, Verdict::Open(unknown.what.clone())),
                (Why::Withheld, _) => Some(format!("`{}` is withheld", unknown.what)),
                (Why::Open, _) => Some(format!("`{}` is not known from the files", unknown.what)),
            },
            _ => None,
        };
        (steps, Verdict::Violation(self.violation(&roots, &value.sources, scope, reason)))
    }

    fn violation(
        &self,
        roots: &Roots<'_, '_>,
        sources: &Sources,
        scope: &Scope<'_, '_>,
        reason: Option<String>,
    ) -> Violation {
        let mut message = self.message.write(roots);
        if let Some(reason) = reason {
            message = format!("{message}: {reason}");
        }
        // Where a value is written says more than where something lacks one.
        let first = sources.iter().find(|source| !source.is_around).or_else(|| sources.iter().next());
        let place = first.map(|source| source.place.clone()).or_else(|| scope.place.clone());
        let mut labels: Vec<(Place, String)> = Vec::new();
        for source in sources.iter() {
            let is_told = Some(&source.place) == place.as_ref()
                || labels.iter().any(|(known, _)| *known == source.place);
            if !is_told {
                labels.push((source.place.clone(), label(source)));
            }
        }
        let here = scope.place.clone().filter(|here| place.as_ref() != Some(here));
        let scopes = sources.iter().filter_map(|source| source.via.clone()).chain(here).collect();
        let suggested = self.suggest.iter().map(|(key, value)| (*key, value.write(roots))).collect();
        let help = self.help.as_ref().map(|help| help.write(roots));
        Violation { place, message, help, labels, scopes, suggested }
    }
}

fn label(source: &Source) -> String {
    match &source.what {
        Some(what) => format!("`{what}`"),
        None => "what it depends on too".to_owned(),
    }
}

impl Suggested {
    fn write(&self, roots: &Roots<'_, '_>) -> Written {
        match self {
            Suggested::Bare(text) => Written::Bare(text),
            Suggested::Text(template) => Written::Text(template.write(roots)),
            Suggested::List(items) => Written::List(items.iter().map(|item| item.write(roots)).collect()),
            Suggested::Map(entries) => {
                Written::Map(entries.iter().map(|(key, value)| (*key, value.write(roots))).collect())
            }
        }
    }
}
