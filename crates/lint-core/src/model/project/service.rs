//! A service as Compose would run it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::{Field, Text};
use lint_parser::compose::value::{Origin, Value};

use crate::model::project::variables::{Environment, UsedFile, Variable};
use crate::model::runs::downloads::{self, Download};
use crate::model::runs::{self, Program, Runs};
use crate::model::values::variables::Variables;

/// A service of an effective project: after anchors, merge keys, variables, `include`, `extends` and override
/// files.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name is first written among the project's own files: what a finding about something absent
    /// points at.
    pub key: Origin,
    /// Everywhere the service is named or taken from: its key in each file, the alias that is its value, the
    /// `extends`, the keys of the services it extends, the `include`. A comment at any of them speaks of it.
    pub keys: Vec<Origin>,
    /// What it says. What could not be read is in its `rest`.
    pub spec: ast::service::Service,
    /// The same as a tree.
    pub value: Arc<Value>,
    /// Whether it is no service yet: it has neither `image` nor `build` nor `provider`, so another file is
    /// meant to complete it.
    pub fragment: bool,
    /// Whether all of it could be read. A service that extends a file nobody may open may have attributes
    /// that are not known: nothing can be said to be absent from it.
    pub complete: bool,
    /// Its `env_file`s that could be read, in order.
    pub env_files: Vec<UsedFile>,
    /// Its `label_file`s that could be read, in order.
    pub label_files: Vec<UsedFile>,
    /// The project's variables, from which a variable without a value takes it.
    pub(in crate::model) variables: Arc<Environment>,
    /// What its commands run, taken apart when somebody first asks.
    pub(in crate::model) runs: OnceLock<Runs>,
    /// What they download, likewise.
    pub(in crate::model) downloads: OnceLock<Box<[Download]>>,
}

impl Service {
    /// The programs that its own texts run (`entrypoint` and `command`, the health check, the hooks), those that
    /// wrappers and shells run included. Those of the image are not among them.
    #[must_use]
    pub fn programs(&self) -> &[Program] {
        &self.runs().programs
    }

    /// The programs in the order they run, and where each stands by then.
    #[must_use]
    pub fn course(&self) -> runs::Course<'_> {
        let directory = self.spec.working_dir.as_ref().filter(|field| !field.value.is_unknown());
        runs::Course::of(
            self.runs(),
            directory.map(|field| field.value.as_str()),
            Variables::of_container(),
            true,
        )
    }

    /// What its commands download.
    #[must_use]
    pub fn downloads(&self) -> &[Download] {
        if !downloads::any(self.programs()) {
            return &[];
        }
        self.downloads.get_or_init(|| downloads::of_image(&self.course()))
    }

    /// The variables that its commands set.
    #[must_use]
    pub fn variables_set(&self) -> &[runs::Variable] {
        &self.runs().variables
    }

    /// Its commands that are too long to be read.
    pub fn unread(&self) -> impl Iterator<Item = Origin> {
        let unread = self.runs().unread.iter();
        unread.filter_map(|(file, span)| file.map(|source| Origin { source, span: *span }))
    }

    /// The variable of that name that its project has, from the `.env` or what takes its place.
    pub(crate) fn project_variable(&self, name: &str) -> Option<&Text> {
        self.variables.get(name)
    }

    fn runs(&self) -> &Runs {
        self.runs.get_or_init(|| runs::of_service(&self.spec))
    }

    /// The environment the container gets from Compose: `env_file`s, later ones over earlier ones, and
    /// `environment` over all of them. Each name once. A name without a value takes that of the project's
    /// `.env`, if it has one.
    #[must_use]
    pub fn environment(&self) -> Vec<Variable> {
        let mut variables = merged(&self.env_files, self.spec.environment.as_deref());
        for variable in variables.iter_mut().filter(|variable| variable.value.is_none()) {
            variable.value = self.variables.get(variable.name.as_str()).cloned();
        }
        variables
    }

    /// The variable of that name in [`Service::environment`], but for a value taken from the project's `.env`.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Variable> {
        if let Some(field) = &self.spec.environment
            && let Some(pair) = field.value.get(name)
        {
            let (name, value) = (pair.name.clone(), pair.value.clone());
            return Some(Variable { name, value, origin: pair.origin, via: pair.via.or(field.via) });
        }
        self.env_files.iter().rev().find_map(|used| {
            let mut variables = used.file.variables.iter().rev();
            let variable = variables.find(|variable| variable.name.as_str() == name)?;
            Some(Variable { via: Some(used.at), ..variable.clone() })
        })
    }

    /// The labels the container gets from Compose: `label_file`s, and `labels` over all of them.
    #[must_use]
    pub fn labels(&self) -> Vec<Variable> {
        merged(&self.label_files, self.spec.labels.as_deref())
    }

    /// The profiles that start it; none means always.
    pub fn profiles(&self) -> impl Iterator<Item = &Text> {
        self.spec.profiles.iter().flat_map(|profiles| profiles.value.iter())
    }

    /// Whether it is a Windows container, as far as the service itself tells.
    #[must_use]
    pub fn is_windows(&self) -> bool {
        let spec = &self.spec;
        let says = |text: &Option<Box<Field<Text>>>, prefix: &str| {
            text.as_ref().is_some_and(|field| field.value.as_str().to_ascii_lowercase().starts_with(prefix))
        };
        spec.isolation.is_some()
            || spec.credential_spec.is_some()
            || says(&spec.platform, "windows")
            || (spec.build.is_none() && says(&spec.image, "mcr.microsoft.com/windows"))
    }

    /// Whether one profile, or none, starts both, or `COMPOSE_PROFILES` in `.env` names profiles of both. Services of different profiles only (`dev`, `prod`) are taken
    /// for alternatives: Compose would start both for someone who names both profiles, but who has two of
    /// them that use one port does not.
    #[must_use]
    pub fn can_run_with(&self, other: &Service) -> bool {
        let has_none = |service: &Service| service.profiles().next().is_none();
        has_none(self)
            || has_none(other)
            || self.profiles().any(|one| other.profiles().any(|two| one.as_str() == two.as_str()))
            || (self.is_started_by_env() && other.is_started_by_env())
    }

    /// Whether `COMPOSE_PROFILES` in the project's `.env` names one of its profiles.
    fn is_started_by_env(&self) -> bool {
        let Some(named) = self.variables.get("COMPOSE_PROFILES").filter(|named| !named.is_unknown()) else {
            return false;
        };
        let mut named = named.as_str().split(',').map(str::trim);
        named.any(|name| name == "*" || self.profiles().any(|profile| profile.as_str() == name))
    }

    /// Whether some profile that starts the other one starts this one too, or nothing is needed to start this.
    pub(super) fn starts_with(&self, other: &Service) -> bool {
        let starts = |profile: &Text| {
            profile.is_unknown()
                || profile.as_str() == "*"
                || other.profiles().any(|p| p.is_unknown() || p.as_str() == profile.as_str())
        };
        self.profiles().next().is_none() || self.profiles().any(starts)
    }
}

fn merged(files: &[UsedFile], own: Option<&Field<ast::pairs::Pairs>>) -> Vec<Variable> {
    let mut variables: Vec<Variable> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let mut add = |variable: Variable, is_own: bool| match index.get(variable.name.as_str()) {
        // A name alone in a file takes nothing away.
        Some(_) if variable.value.is_none() && !is_own => {}
        Some(&at) => variables[at] = variable,
        None => {
            index.insert(variable.name.as_str().to_owned(), variables.len());
            variables.push(variable);
        }
    };
    for used in files {
        for variable in &used.file.variables {
            add(Variable { via: Some(used.at), ..variable.clone() }, false);
        }
    }
    for pair in own.iter().flat_map(|field| &field.value.items) {
        let (name, value) = (pair.name.clone(), pair.value.clone());
        let via = pair.via.or(own.and_then(|field| field.via));
        add(Variable { name, value, origin: pair.origin, via }, true);
    }
    variables
}
