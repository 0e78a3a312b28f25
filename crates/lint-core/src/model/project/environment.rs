//! What variables are replaced with, and what a container's environment is made of.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::{Certainty, Origin, ScalarKind};
use lint_parser::text::mapped::Mapped;

use crate::files::{FileError, directory, join};
use crate::model::project::NO_VARIABLES;
use crate::model::project::fault::{About, Fault};
use crate::model::project::loader::Loader;
use crate::model::service::{UsedFile, VariablesFile};

const ENV_FILE: &str = "env file";

/// The variables of a project: what its `.env` files say, and nothing of the process the linter runs in.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Environment {
    /// Two environments of one number hold the same.
    id: usize,
    variables: HashMap<String, Text>,
}

/// Files of variables that services share, by path, and whether they are read as they are.
pub(super) type VariablesFiles = HashMap<(String, bool), Result<Arc<VariablesFile>, FileError>>;

/// How many lines are read again for services whose own variables go into a shared file.
const MAX_REREAD: usize = 100_000;

/// A file a service names.
struct Wanted<'a> {
    path: &'a Text,
    is_required: bool,
    is_raw: bool,
    service: &'a str,
    /// What Compose calls it.
    what: &'static str,
}

impl Environment {
    pub(super) fn id(&self) -> usize {
        self.id
    }

    /// What a variable is replaced with: nothing, when its own value depends on one that nothing sets.
    pub(super) fn lookup(&self, name: &str) -> Option<String> {
        known(self.variables.get(name)?)
    }

    /// The text of a variable.
    pub(in crate::model) fn get(&self, name: &str) -> Option<&Text> {
        self.variables.get(name)
    }
}

fn known(text: &Text) -> Option<String> {
    (!text.is_unknown()).then(|| text.as_str().to_owned())
}

impl Loader<'_> {
    /// The variables of a project: those of an outer project, and of the files what the outer one lacks. Of two
    /// files the later wins.
    pub(super) fn environment(
        &mut self,
        files: &[(String, Option<Origin>)],
        directory: &str,
        outer: &Arc<Environment>,
    ) -> Arc<Environment> {
        let mut inner: HashMap<String, Text> = HashMap::new();
        for (path, wanted) in files {
            if path == NO_VARIABLES {
                continue;
            }
            let source = match self.open(path, directory) {
                Ok(source) => source,
                Err(FileError::NotFound | FileError::NotFollowed) if wanted.is_none() => continue,
                Err(error) => {
                    self.failed(path, error, *wanted, About::EnvironmentFile, None);
                    continue;
                }
            };
            let variables =
                self.quoted_variables(source, &|name| outer.lookup(name).or_else(|| known(inner.get(name)?)));
            for variable in variables {
                if let Some(value) = variable.value {
                    inner.insert(variable.name.as_str().to_owned(), value);
                }
            }
        }
        if inner.keys().all(|name| outer.variables.contains_key(name)) {
            return Arc::clone(outer);
        }
        inner.extend(outer.variables.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.environments += 1;
        Arc::new(Environment { id: self.environments, variables: inner })
    }

    /// The environment around a project: Compose sets the project's name before it reads anything. Of a project
    /// without a `name` it is that of the directory, which may have another name wherever it is deployed.
    pub(super) fn surroundings(
        &mut self,
        files: &[String],
        directory: &str,
        given: &BTreeMap<String, String>,
    ) -> Arc<Environment> {
        let mut environment = Environment::default();
        for (name, value) in given {
            let mapped = Mapped::verbatim(value, 0);
            let (origin, kind) = (Origin::default(), ScalarKind::String);
            let value = Text { mapped, origin, kind, certainty: Certainty::Known };
            environment.variables.insert(name.clone(), value);
        }
        if let Some(name) = self.project_name(files, directory) {
            environment.variables.insert("COMPOSE_PROJECT_NAME".to_owned(), name);
        }
        Arc::new(environment)
    }

    fn project_name(&mut self, files: &[String], directory: &str) -> Option<Text> {
        let mut name: Option<Text> = None;
        for file in files {
            let Ok(source) = self.open(file, directory) else { continue };
            for document in self.raw_documents(source) {
                let Some(entry) = document.get("name") else { continue };
                let Some(scalar) = entry.value.as_scalar() else { continue };
                // A name that is made of variables itself is not worth a second pipeline.
                let certainty = match scalar.text.text().contains('$') {
                    true => Certainty::Unknown,
                    false => Certainty::Known,
                };
                let mapped = scalar.text.clone();
                name = Some(Text { mapped, origin: entry.value.origin, kind: scalar.kind, certainty });
            }
        }
        name
    }

    /// The `env_file`s of a service. Variables in them see the project's first, then the service's own
    /// `environment`, then the files before.
    pub(super) fn env_files(&mut self, spec: &ast::service::Service, service: &str) -> Vec<UsedFile> {
        let Some(files) = spec.env_file.as_ref() else { return Vec::new() };
        let mut seen: HashMap<String, String> = HashMap::new();
        for pair in spec.environment.iter().flat_map(|field| &field.value.items) {
            if let Some(value) = pair.value.as_ref().and_then(known) {
                seen.insert(pair.name.as_str().to_owned(), value);
            }
        }
        let own: HashSet<String> = seen.keys().cloned().collect();
        let mut used: Vec<UsedFile> = Vec::new();
        for item in &files.value.items {
            let Some(path) = item.value.path.as_ref() else { continue };
            let is_required = item.value.required.as_ref().is_none_or(|required| required.value.is(true));
            let is_raw = item.value.format.as_ref().is_some_and(|format| format.value.as_str() == "raw");
            let wanted = Wanted { path: &path.value, is_required, is_raw, service, what: ENV_FILE };
            let Some(file) = self.used_file(&wanted, &seen) else { continue };
            for variable in &file.file.variables {
                let name = variable.name.as_str();
                if let Some(value) = variable.value.as_ref().and_then(known)
                    && !own.contains(name)
                {
                    seen.insert(name.to_owned(), value);
                }
            }
            used.push(file);
        }
        used
    }

    /// The `label_file`s of a service.
    pub(super) fn label_files(&mut self, spec: &ast::service::Service, service: &str) -> Vec<UsedFile> {
        let mut used = Vec::new();
        for path in spec.label_file.iter().flat_map(|list| list.value.iter()) {
            let wanted = Wanted { path, is_required: true, is_raw: false, service, what: "label file" };
            used.extend(self.used_file(&wanted, &HashMap::new()));
        }
        used
    }

    fn used_file(&mut self, wanted: &Wanted<'_>, seen: &HashMap<String, String>) -> Option<UsedFile> {
        let path = wanted.path;
        if path.is_unknown() || path.as_str().is_empty() || path.as_str().starts_with('~') {
            return None;
        }
        let directory = self.sources.get(path.origin.source).map(|source| source.directory.clone());
        let file = join(&directory.unwrap_or_default(), path.as_str());
        let key = (file.clone(), wanted.is_raw);
        let read = match self.variables_files.get(&key) {
            Some(read) => read.clone(),
            None => {
                let read = self.read_variables(&file, wanted.is_raw, &HashMap::new());
                self.variables_files.insert(key, read.clone());
                read
            }
        };
        match read {
            // What depends on a variable the project does not set may be known for this service.
            Ok(shared) if !seen.is_empty() && !wanted.is_raw && self.may_reread(&shared) => {
                let file = self.read_variables(&file, false, seen).unwrap_or(shared);
                return Some(UsedFile { at: path.origin, file });
            }
            Ok(file) => return Some(UsedFile { at: path.origin, file }),
            Err(FileError::NotFound) if !wanted.is_required => {}
            Err(FileError::NotFound) => {
                let message = format!("{} {file} not found", wanted.what);
                let mut fault = Fault::new(About::EnvironmentFile, path.origin, message);
                if wanted.what == ENV_FILE {
                    let help =
                        "make it before the project starts, or write `required: false` if it may be missing";
                    fault = fault.with_help(help);
                }
                self.faults.push(fault.of(wanted.service));
            }
            Err(error) => {
                self.failed(&file, error, Some(path.origin), About::EnvironmentFile, Some(wanted.service));
            }
        }
        None
    }

    fn may_reread(&mut self, file: &VariablesFile) -> bool {
        let is_certain = |text: &Text| text.certainty == Certainty::Known;
        if file.variables.iter().all(|variable| variable.value.as_ref().is_none_or(is_certain)) {
            return false;
        }
        self.reread = self.reread.saturating_add(file.variables.len() + 1);
        self.reread <= MAX_REREAD
    }

    fn read_variables(
        &mut self,
        path: &str,
        is_raw: bool,
        seen: &HashMap<String, String>,
    ) -> Result<Arc<VariablesFile>, FileError> {
        let source = match self.sources.find(path, directory(path)) {
            Some(source) => source,
            None => self.open(path, directory(path))?,
        };
        let environment = Arc::clone(&self.variables);
        let lookup = |name: &str| environment.lookup(name).or_else(|| seen.get(name).cloned());
        let variables = match is_raw {
            true => self.raw_variables(source),
            false => self.quoted_variables(source, &lookup),
        };
        Ok(Arc::new(VariablesFile { path: path.to_owned(), variables }))
    }
}
