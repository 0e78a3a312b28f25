//! What variables are replaced with, and what a container's environment is made of.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::{Certainty, Origin, ScalarKind};
use lint_parser::interpolation::interpolate;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::{FileError, directory, join};
use crate::model::project::fault::{About, Fault};
use crate::model::project::group::ProjectFiles;
use crate::model::project::loader::Loader;
use crate::model::project::names::normalised_name;
use crate::model::project::variables::{Environment, NO_VARIABLES, UsedFile, VariablesFile, known};

const ENV_FILE: &str = "env file";

/// What a project's name is called among its variables.
const PROJECT_NAME: &str = "COMPOSE_PROJECT_NAME";

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

    /// The variables that whoever starts a project sets, as somebody has declared.
    pub(super) fn given(&mut self, given: &BTreeMap<String, String>) -> Arc<Environment> {
        if given.is_empty() {
            return Arc::default();
        }
        let text = |value: &String| Text {
            mapped: Mapped::verbatim(value, 0),
            origin: Origin::default(),
            kind: ScalarKind::String,
            certainty: Certainty::Known,
        };
        let variables = given.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        self.environments += 1;
        Arc::new(Environment { id: self.environments, variables })
    }

    /// The project's name, which Compose sets before it reads anything else: that of `.env`, else of the files, else
    /// of the directory. `None` when it cannot be said: the directory may have another name wherever it is deployed.
    pub(super) fn project_name(
        &mut self,
        files: &ProjectFiles,
        directory: &str,
        environment: &Arc<Environment>,
    ) -> Option<Text> {
        if let Some(name) = environment.get(PROJECT_NAME).filter(|name| !name.mapped.is_empty()) {
            let written = name.as_str();
            if !name.is_unknown() && normalised_name(written) != written {
                let message = format!(
                    "invalid project name \"{written}\": it must be of the letters a to z, digits, `-` and `_`, and \
                     begin with a letter or a digit"
                );
                self.faults.push(Fault::new(About::Conflict, name.origin, message));
            }
            return Some(name.clone());
        }
        if let Some(written) = self.written_name(&files.files, directory) {
            let read = interpolate(&written.mapped, &|name| environment.lookup(name));
            let certainty = if self.settled { read.certainty.settled() } else { read.certainty };
            let text = normalised_name(read.text.text());
            if text.is_empty() && certainty != Certainty::Unknown {
                let fault = Fault::new(About::Conflict, written.origin, "project name must not be empty");
                self.faults.push(fault);
            }
            // The whole of what is written stands for what Compose makes of it.
            let mapped = match read.text.text() == text {
                true => read.text,
                false => Mapped::replaced(text, written.mapped.span()),
            };
            return Some(Text { mapped, certainty, ..written });
        }
        let name = files.directory_name.as_deref()?;
        let mapped = Mapped::replaced(normalised_name(name), Span::at(0));
        let certainty = if self.settled { Certainty::Default } else { Certainty::Known };
        Some(Text { mapped, origin: Origin::default(), kind: ScalarKind::String, certainty })
    }

    /// The environment with the project's name in it.
    pub(super) fn with_name(&mut self, environment: &Environment, name: Text) -> Arc<Environment> {
        let mut variables = environment.variables.clone();
        variables.insert(PROJECT_NAME.to_owned(), name);
        self.environments += 1;
        Arc::new(Environment { id: self.environments, variables })
    }

    /// The last `name` of the files that says something.
    fn written_name(&mut self, files: &[String], directory: &str) -> Option<Text> {
        let mut name: Option<Text> = None;
        for file in files {
            let Ok(source) = self.open(file, directory) else { continue };
            for document in self.raw_documents(source) {
                let Some(entry) = document.get("name") else { continue };
                let Some(scalar) = entry.value.as_scalar().filter(|scalar| !scalar.text.is_empty()) else {
                    continue;
                };
                let (mapped, origin) = (scalar.text.clone(), entry.value.origin);
                name = Some(Text { mapped, origin, kind: scalar.kind, certainty: Certainty::Known });
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
        for (at, item) in files.value.items.iter().enumerate() {
            let Some(path) = item.value.path.as_ref() else { continue };
            let is_required = item.value.required.as_ref().is_none_or(|required| required.value.is(true));
            let is_raw = item.value.format.as_ref().is_some_and(|format| format.value.as_str() == "raw");
            let wanted = Wanted { path: &path.value, is_required, is_raw, service, what: ENV_FILE };
            let Some(file) = self.used_file(&wanted, &seen) else { continue };
            self.refuse_format(item.value.format.as_deref().map(|format| &format.value), service);
            // Most services have one file, and most share it with others: nothing reads what it says after it.
            let later = if at + 1 < files.value.items.len() { file.file.variables.as_slice() } else { &[] };
            for variable in later {
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

    /// Refuses a format that Compose does not know, as it does when there is such a file.
    fn refuse_format(&mut self, format: Option<&Text>, service: &str) {
        let Some(format) = format.filter(|format| !format.is_unknown()) else { return };
        if !matches!(format.as_str(), "" | ".env" | "raw") {
            let message = format!("unsupported env_file format {:?}", format.as_str());
            let fault = Fault::new(About::Schema, format.origin, message).of(service);
            self.faults
                .push(fault.with_help("the one format there is to name is `raw`: no quotes, no variables"));
        }
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
        if path.is_unknown() || path.as_str().starts_with('~') {
            return None;
        }
        if path.as_str().is_empty() {
            if wanted.is_required {
                let fault = Fault::new(
                    About::EnvironmentFile,
                    path.origin,
                    format!("{} \"\" not found", wanted.what),
                );
                self.faults.push(fault.of(wanted.service));
            }
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
