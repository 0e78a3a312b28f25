//! A Compose project as `docker compose` would load it: one tree made of many files, in which every value
//! knows where it is written.
//!
//! Compose checks the tree against its schema after each file, and so does this: a value of a wrong type is refused
//! even where a later file corrects it. What Compose looks at when all files are merged is looked at then.

pub mod canonical;
pub mod command_texts;
pub mod data_directories;
pub mod fault;
pub mod group;
pub mod host_mounts;
pub mod images;
pub mod limits;
pub mod lookup;
pub mod merge;
pub mod namespaces;
pub mod open_interfaces;
pub mod ports;
pub mod resources;
pub mod security_options;
pub mod service;
pub mod sources;
pub mod spelled_out;

mod consistency;
mod document;
pub(in crate::model) mod environment;
mod extends;
mod include;
mod loader;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::{Map, Named, Text};
use lint_parser::compose::ast::network::Network;
use lint_parser::compose::ast::resource::{Config, Secret, Volume};
use lint_parser::compose::ast::scalar::Condition;
use lint_parser::compose::lower::lower;
use lint_parser::compose::value::{Certainty, Origin, SourceId, Value, ValueKind};
use lint_parser::interpolation::{VariableState, VariableUse};
use lint_parser::text::source::SourceFile;

use crate::files::{FileError, Files, join};
use crate::finding::label::Place;
use crate::model::calls::LocalImages;
use crate::model::project::environment::Environment;
use crate::model::project::fault::{About, Fault, Note};
use crate::model::project::group::ProjectFiles;
use crate::model::project::loader::{Context, Loader, is_remote, parent};
use crate::model::project::lookup::Lookup;
use crate::model::project::resources::Used;
use crate::model::project::service::Service;
use crate::model::project::sources::Sources;

/// What Compose is told to read when there shall be no variables.
const NO_VARIABLES: &str = "/dev/null";

/// An effective project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The files it was loaded from, in order: [`ProjectFiles::files`], with its base where that was needed.
    pub(crate) files: Vec<String>,
    /// Every text that took part.
    pub(crate) sources: Sources,
    /// The project's directory, empty for the one the linted names are relative to.
    pub(crate) directory: String,
    /// Its name, where it can be said.
    pub(crate) name: Option<Text>,
    /// The services, in the order of the files. All of them: profiles are not applied.
    pub(crate) services: Vec<Service>,
    /// Everything else, typed. Its `services` are in [`Project::services`].
    pub(crate) spec: ast::Project,
    /// The whole project as a tree.
    pub(crate) value: Arc<Value>,
    /// What Compose refuses, in the order of the files.
    pub(crate) faults: Vec<Fault>,
    /// What could not be read.
    pub(crate) notes: Vec<Note>,
    /// The variables that went into the Compose files, each as often as it is written; a span is one of the
    /// text of that number.
    pub(crate) variables: Vec<(SourceId, VariableUse)>,
    /// Whether a file that may declare anything could not be read, so that nothing can be said to be
    /// undeclared.
    pub(crate) opaque: bool,
    /// The files that `include` brought in, and so are parts of this project.
    pub(crate) included: HashSet<String>,
    /// The file that Compose would load instead, if it were not told ([`ProjectFiles::shadowed_by`]).
    pub(crate) shadowed_by: Option<String>,
    /// The names of variables that somebody who starts it sets, to what is not known.
    pub(crate) set_elsewhere: BTreeSet<String>,
    /// What the files use that are started behind it.
    pub(crate) used_by_overlays: Used,
    /// The images that are built here, by others than its services.
    pub(crate) local_images: Option<Arc<LocalImages>>,
    /// Where things are, by name; made when first asked.
    lookup: OnceLock<Lookup>,
    /// The images its services build; made when first asked.
    built: OnceLock<HashMap<String, Option<usize>>>,
    /// The services whose end others wait for; made when first asked.
    completing: OnceLock<HashSet<Arc<str>>>,
}

/// Loads a project. `read` gives the text of a file, by its path: first those the linter was given, then others.
///
/// Never fails: what cannot be read or would be refused is in [`Project::faults`] and [`Project::notes`], and
/// the project is what remains. Variables come from the `.env` beside the project, or from the files that take its
/// place ([`ProjectFiles::env_files`]), never from the environment of the process.
#[must_use]
pub fn load(files: &ProjectFiles, read: &dyn Fn(&str) -> Result<SourceFile, FileError>) -> Project {
    let mut project = load_files(files, read, false);
    project.shadowed_by.clone_from(&files.shadowed_by);
    let Some(base) = &files.base else { return project };
    // Complete by itself: a project beside the base, not over it. What refers to services and networks that only the base
    // has is over it.
    let is_whole = project.services.iter().all(|service| !service.fragment || !service.complete);
    let refers = undefined(&project);
    if is_whole && refers == 0 {
        return project;
    }
    let mut both = files.clone();
    both.files.insert(0, base.clone());
    let overlaid = load_files(&both, read, false);
    let completed: HashSet<&str> =
        overlaid.services.iter().filter(|service| !service.fragment).map(|service| &*service.name).collect();
    let fits = project
        .services
        .iter()
        .filter(|service| service.fragment)
        .any(|service| completed.contains(&*service.name));
    let defines = refers > 0 && undefined(&overlaid) == 0;
    if fits || defines { overlaid } else { project }
}

/// How many names it refers to that nothing declares.
fn undefined(project: &Project) -> usize {
    project.faults.iter().filter(|fault| fault.about == About::Undefined).count()
}

fn load_files(
    files: &ProjectFiles,
    read: &dyn Fn(&str) -> Result<SourceFile, FileError>,
    settled: bool,
) -> Project {
    let mut loader = Loader::new(read, settled);
    let own = || files.files.first().map(|file| parent(file)).unwrap_or_default();
    let directory = files.directory.clone().unwrap_or_else(own);
    let environment = surroundings(&mut loader, files, &directory);
    let name = loader.project_name(files, &directory, &environment);
    let environment = match &name {
        Some(name) => loader.with_name(&environment, name.clone()),
        None => environment,
    };
    loader.variables = Arc::clone(&environment);
    let context = Context { directory: directory.clone(), environment, including: Vec::new() };
    let paths: Vec<(String, Option<Origin>)> = files.files.iter().map(|file| (file.clone(), None)).collect();
    let value = loader.project(&paths, &context);
    // A file of comments under a name of its own is there for other files to use.
    let is_project = settled || files.files.first().is_some_and(|file| group::is_base(file));
    if matches!(&value.kind, ValueKind::Mapping(mapping) if mapping.entries.is_empty())
        && !loader.opaque
        && is_project
        && let Some((source, _)) = loader.sources.iter().next()
    {
        let origin = Origin { source, ..Origin::default() };
        loader.faults.push(Fault::new(About::Schema, origin, "empty compose file"));
    }
    let lowered = lower(&value);
    loader.refuse(lowered.errors, &value);
    if settled {
        let uses = loader.uses.iter();
        let missing: Vec<Fault> =
            uses.filter_map(|(source, used)| document::missing(*source, used)).collect();
        loader.faults.extend(missing);
    }
    let mut spec = lowered.project;
    let services = loader.services(&mut spec, &value);
    let mut project = Project {
        files: files.files.clone(),
        sources: loader.sources,
        directory,
        name,
        services,
        spec,
        value,
        faults: loader.faults,
        notes: loader.notes,
        variables: loader.uses,
        opaque: loader.opaque,
        included: loader.included,
        shadowed_by: None,
        set_elsewhere: BTreeSet::new(),
        used_by_overlays: Used::default(),
        local_images: None,
        lookup: OnceLock::new(),
        built: OnceLock::new(),
        completing: OnceLock::new(),
    };
    consistency::check(&mut project, settled);
    let mut seen = HashSet::new();
    project.faults.retain(|fault| seen.insert((fault.origin, fault.message.clone())));
    project.faults.sort_by_key(|fault| fault.origin);
    project
}

/// The variables of a project: those of its `.env`, or of the files that take its place.
fn surroundings(loader: &mut Loader<'_>, files: &ProjectFiles, directory: &str) -> Arc<Environment> {
    let variables: Vec<(String, Option<Origin>)> = match files.env_files.as_slice() {
        [] => vec![(join(directory, ".env"), None)],
        named => named.iter().map(|file| (file.clone(), None)).collect(),
    };
    // A project does without its `.env`, but not without what somebody named.
    for file in files.env_files.iter().filter(|file| *file != NO_VARIABLES) {
        if let Err(error) = loader.open(file, directory) {
            loader.note(None, file, error.to_string());
        }
    }
    let given = loader.given(&files.environment);
    loader.environment(&variables, directory, &given)
}

impl Project {
    /// Loads a project. Never fails: what would be refused is told by `project::refusals`, and the project is what remains.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::project::{Project, ProjectFiles};
    ///
    /// let files = BTreeMap::from([
    ///     ("compose.yaml".to_owned(), "services:\n  web:\n    image: nginx:${TAG}\n".to_owned()),
    ///     ("prod.yaml".to_owned(), "services:\n  web:\n    read_only: true\n  db:\n    image: postgres\n".to_owned()),
    ///     (".env".to_owned(), "TAG=1.27\n".to_owned()),
    /// ]);
    /// let project = Project::load(&ProjectFiles::new(["compose.yaml", "prod.yaml"]), &files);
    /// assert_eq!(project.services().collect::<Vec<_>>(), ["web", "db"]);
    /// // Every value knows where it is written.
    /// let web = &project.value().get("services").unwrap().value.get("web").unwrap().value;
    /// let place = project.place(web.get("read_only").unwrap().value.origin);
    /// assert_eq!((place.file.name(), place.file.slice(place.span)), ("prod.yaml", "true"));
    /// ```
    #[must_use]
    pub fn load(files: &ProjectFiles, window: &dyn Files) -> Self {
        load(files, &|name| window.read(name).map(|text| SourceFile::new(name, text)))
    }

    /// Loads a project as Compose would here and now: what nothing sets is empty, so an image that is a variable
    /// nothing sets is no image, and a variable that must be set is missing. The files are all there is, and are judged as
    /// the project they make.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::project::{Project, ProjectFiles, refusals};
    ///
    /// let files = BTreeMap::from([("compose.yaml".to_owned(), "services: {web: {image: $IMAGE}}\n".to_owned())]);
    /// let named = ProjectFiles::new(["compose.yaml"]);
    /// assert!(refusals(&Project::load(&named, &files)).findings.is_empty());
    /// assert!(!refusals(&Project::load_settled(&named, &files)).findings.is_empty());
    /// ```
    #[must_use]
    pub fn load_settled(files: &ProjectFiles, window: &dyn Files) -> Self {
        load_files(files, &|name| window.read(name).map(|text| SourceFile::new(name, text)), true)
    }

    /// The files it was loaded from, each overriding those before it.
    #[must_use]
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// Its directory, empty for the one that names start from.
    #[must_use]
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// The names of its services, in the order of the files; those of every profile.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.iter().map(|service| &*service.name)
    }

    /// The whole of it as a tree: anchors and variables replaced, files merged, each value with its origin.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The place of an origin.
    #[must_use]
    pub fn place(&self, origin: Origin) -> Place {
        self.sources.place(origin)
    }

    /// The names of all files that took part, each once.
    #[must_use]
    pub fn inputs(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.sources.iter().map(|(_, source)| source.file.name()).filter(|name| seen.insert(*name)).collect()
    }

    /// Whether a variable went into it that nothing sets.
    #[must_use]
    pub(crate) fn has_unset_variables(&self) -> bool {
        let is_unset =
            |state: &VariableState| matches!(state, VariableState::Unset | VariableState::Required(_));
        self.variables.iter().any(|(_, variable)| is_unset(&variable.state))
    }

    /// Takes note of variables that somebody who starts the project sets. Their values stay unknown.
    pub(crate) fn set_elsewhere(&mut self, names: BTreeSet<String>) {
        for (_, variable) in &mut self.variables {
            if variable.state == VariableState::Unset && names.contains(&variable.name) {
                variable.state = VariableState::Set;
            }
        }
        self.set_elsewhere = names;
    }

    /// The service of that name.
    #[must_use]
    pub(crate) fn service(&self, name: &str) -> Option<&Service> {
        self.lookup().service(&self.services, name)
    }

    /// The service whose `container_name` it is.
    #[must_use]
    pub(crate) fn container(&self, name: &str) -> Option<&Service> {
        self.lookup().container(&self.services, name)
    }

    /// The top-level network of that name.
    #[must_use]
    pub(crate) fn network(&self, name: &str) -> Option<&Named<Network>> {
        self.lookup().network(&self.spec, name)
    }

    /// The top-level volume of that name.
    #[must_use]
    pub(crate) fn volume(&self, name: &str) -> Option<&Named<Volume>> {
        self.lookup().volume(&self.spec, name)
    }

    /// The top-level secret of that name.
    #[must_use]
    pub(crate) fn secret(&self, name: &str) -> Option<&Named<Secret>> {
        self.lookup().secret(&self.spec, name)
    }

    /// The top-level config of that name.
    #[must_use]
    pub(crate) fn config(&self, name: &str) -> Option<&Named<Config>> {
        self.lookup().config(&self.spec, name)
    }

    /// Whether one of its services builds the image of that name, as [`images::full_name`] writes it: it is not
    /// pulled from anywhere then.
    #[must_use]
    pub(crate) fn builds(&self, image: &str) -> bool {
        self.built().contains_key(image)
    }

    /// The one service that builds the image of that name.
    #[must_use]
    pub(crate) fn builder(&self, image: &str) -> Option<&Service> {
        self.services.get((*self.built().get(image)?)?)
    }

    /// Whether another service waits until this one has ended: it does its work and is done.
    #[must_use]
    pub(crate) fn waits_for_end_of(&self, service: &str) -> bool {
        let waited_for = || {
            let dependencies = self.services.iter().filter_map(|service| service.spec.depends_on.as_ref());
            let dependencies = dependencies.flat_map(|dependencies| dependencies.value.iter());
            let ends = dependencies.filter(|(_, dependency)| {
                let condition = dependency.value.condition.as_ref();
                condition.is_some_and(|condition| condition.value.is(Condition::CompletedSuccessfully))
            });
            ends.map(|(name, _)| Arc::from(name)).collect()
        };
        self.completing.get_or_init(waited_for).contains(service)
    }

    fn built(&self) -> &HashMap<String, Option<usize>> {
        self.built.get_or_init(|| images::built(&self.services))
    }

    fn lookup(&self) -> &Lookup {
        self.lookup.get_or_init(|| Lookup::new(&self.spec, &self.services))
    }

    /// The path a text names, relative to the directory the linted names are relative to: a relative path
    /// starts from the directory of the project it is written in, or of the file a service is extended from.
    ///
    /// `None` when it names nothing on this machine that can be known: a web address, somebody's home, a
    /// variable that nothing sets.
    #[must_use]
    pub(crate) fn path(&self, text: &Text) -> Option<String> {
        let path = text.as_str();
        if text.certainty == Certainty::Unknown
            || path.is_empty()
            || path.starts_with('~')
            || path.contains("://")
            || is_remote(path)
        {
            return None;
        }
        let directory = self.sources.get(text.origin.source).map_or("", |source| &source.directory);
        Some(join(directory, path))
    }
}

impl Loader<'_> {
    /// The services of the effective project, taken out of its typed form.
    fn services(&mut self, spec: &mut ast::Project, value: &Value) -> Vec<Service> {
        let Some(section) = value.get("services") else { return Vec::new() };
        let ValueKind::Mapping(mapping) = &section.value.kind else { return Vec::new() };
        let mut typed: HashMap<Arc<str>, ast::service::Service> = match &mut spec.services {
            Some(field) => {
                let taken: &mut Map<_> = &mut field.value;
                std::mem::take(&mut taken.entries)
                    .into_iter()
                    .map(|named| (named.name, named.field.value))
                    .collect()
            }
            None => HashMap::new(),
        };
        let mut services = Vec::with_capacity(mapping.entries.len());
        for entry in &mapping.entries {
            let Some(spec) = typed.remove(&entry.key) else { continue };
            let mut keys = self.keys.remove(&entry.key).unwrap_or_default();
            keys.extend(entry.via);
            let key = keys.first().copied().unwrap_or(entry.key_origin);
            let mut seen = HashSet::new();
            keys.retain(|key| seen.insert(*key));
            let says = |name| entry.value.get(name).is_some_and(|entry| is_something(&entry.value));
            let fragment = !["image", "build", "provider"].into_iter().any(says);
            services.push(Service {
                name: Arc::clone(&entry.key),
                key,
                keys,
                env_files: self.env_files(&spec, &entry.key),
                label_files: self.label_files(&spec, &entry.key),
                variables: Arc::clone(&self.variables),
                runs: OnceLock::new(),
                spec,
                value: Arc::clone(&entry.value),
                fragment,
                complete: !self.incomplete.contains(&entry.key),
            });
        }
        services
    }
}

/// Whether a value is more than nothing, as far as that is known.
fn is_something(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Null => false,
        ValueKind::Scalar(scalar) => scalar.certainty == Certainty::Unknown || !scalar.text.is_empty(),
        ValueKind::Sequence(_) | ValueKind::Mapping(_) => true,
    }
}
