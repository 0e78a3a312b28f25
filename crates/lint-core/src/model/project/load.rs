//! From files to an effective project.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::{Map, Text};
use lint_parser::compose::lower::lower;
use lint_parser::compose::value::{Certainty, Origin, Value, ValueKind};
use lint_parser::text::source::SourceFile;

use crate::files::{FileError, Files, join};
use crate::model::project::besides::Besides;
use crate::model::project::fault::{About, Fault};
use crate::model::project::group::ProjectFiles;
use crate::model::project::input::Input;
use crate::model::project::loader::{Context, Loader};
use crate::model::project::paths::parent;
use crate::model::project::service::Service;
use crate::model::project::used::Used;
use crate::model::project::variables::{Environment, NO_VARIABLES};

use crate::model::project::effective::Project;
use crate::model::project::{consistency, document, group};

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
    let misshapen = std::mem::take(&mut loader.misshapen);
    let mut project = whole(loader, files.files.clone(), directory, name, (lowered.project, value));
    let told: HashSet<Origin> = project.faults.iter().map(|fault| fault.origin).collect();
    project.faults.extend(misshapen.into_iter().filter(|fault| !told.contains(&fault.origin)));
    consistency::check(&mut project, settled);
    let mut seen = HashSet::new();
    project.faults.retain(|fault| seen.insert((fault.origin, fault.message.clone())));
    project.faults.sort_by_key(|fault| fault.origin);
    project
}

/// The project that a tree is, with what was read on the way.
fn whole(
    mut loader: Loader<'_>,
    files: Vec<String>,
    directory: String,
    name: Option<Text>,
    (mut spec, value): (ast::Project, Arc<Value>),
) -> Project {
    let services = loader.services(&mut spec, &value);
    Project {
        input: Input::default(),
        files,
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
        extended: loader.extended,
        shadowed_by: None,
        set_elsewhere: BTreeSet::new(),
        used_by_overlays: Used::default(),
        local_images: None,
        besides: Besides::default(),
        built_here: HashMap::new(),
        lookup: OnceLock::new(),
        built: OnceLock::new(),
        completing: OnceLock::new(),
    }
}

/// A project that was written as something else than a Compose file, lowered into the tree that Compose works on: each value
/// stands where it is written: in the one file, whose number is 0, or in one of several.
#[derive(Clone, Debug)]
pub(crate) struct Lowered {
    /// What it was written as.
    pub(crate) input: Input,
    /// The tree: `services`, and what else Compose has at its root.
    pub(crate) tree: Value,
    /// Where relative paths start from.
    pub(crate) directory: String,
    /// Whether something is not known that may set more: what seems to be missing may be there.
    pub(crate) is_open: bool,
    /// What Compose has no attribute for.
    pub(crate) besides: Besides,
}

impl Project {
    /// A project that is lowered from files, by their numbers. Nothing is refused: what another language refuses is not for Compose to say.
    #[must_use]
    pub(crate) fn of_lowered(
        files: &[SourceFile],
        lowered: &Lowered,
        read: &dyn Fn(&str) -> Result<SourceFile, FileError>,
    ) -> Self {
        let mut loader = Loader::new(read, false);
        for file in files {
            loader.sources.add(file.clone(), file.name(), &lowered.directory);
        }
        let value = Arc::new(lowered.tree.clone());
        loader.opaque = lowered.is_open;
        if let Some(ValueKind::Mapping(services)) = value.get("services").map(|entry| &entry.value.kind) {
            for entry in &services.entries {
                loader.keys.insert(Arc::clone(&entry.key), vec![entry.key_origin]);
                if lowered.is_open {
                    loader.incomplete.insert(Arc::clone(&entry.key));
                }
            }
        }
        let spec = lower(&value).project;
        let files = files.iter().map(|file| file.name().to_owned()).collect();
        let mut project = whole(loader, files, lowered.directory.clone(), None, (spec, value));
        project.input = lowered.input;
        project.besides = lowered.besides.clone();
        project.faults.clear();
        project
    }
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
            // A build that is an empty text is one, without a context.
            let is_built =
                entry.value.get("build").is_some_and(|entry| !matches!(entry.value.kind, ValueKind::Null));
            let fragment = !is_built && !["image", "provider"].into_iter().any(says);
            services.push(Service {
                name: Arc::clone(&entry.key),
                key,
                keys,
                env_files: self.env_files(&spec, &entry.key),
                label_files: self.label_files(&spec, &entry.key),
                variables: Arc::clone(&self.variables),
                runs: OnceLock::new(),
                downloads: OnceLock::new(),
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
