//! An effective project, and what it is asked.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::{Named, Text};
use lint_parser::compose::ast::network::Network;
use lint_parser::compose::ast::resource::{Config, Secret, Volume};
use lint_parser::compose::ast::scalar::Condition;
use lint_parser::compose::value::{Certainty, Origin, SourceId, Value};
use lint_parser::interpolation::{VariableState, VariableUse};

use crate::files::join;
use crate::finding::label::Place;
use crate::model::build::local_images::LocalImages;
use crate::model::project::besides::Besides;
use crate::model::project::fault::{Fault, Note};
use crate::model::project::input::Input;
use crate::model::project::lookup::Lookup;
use crate::model::project::paths::is_remote;
use crate::model::project::service::Service;
use crate::model::project::sources::Sources;
use crate::model::project::used::Used;

use crate::model::project::built;

/// How a command line builds an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltHere {
    /// The path of the Dockerfile.
    pub dockerfile: String,
    /// The stage.
    pub target: Option<String>,
}

/// An effective project.
#[derive(Clone, Debug)]
pub struct Project {
    /// What it was written as.
    pub(crate) input: Input,
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
    /// The files that its services take others from.
    pub(crate) extended: HashSet<String>,
    /// The file that Compose would load instead, if it were not told ([`ProjectFiles::shadowed_by`]).
    pub(crate) shadowed_by: Option<String>,
    /// The names of variables that somebody who starts it sets, to what is not known.
    pub(crate) set_elsewhere: BTreeSet<String>,
    /// What the files use that are started behind it.
    pub(crate) used_by_overlays: Used,
    /// The images that are built here, by others than its services.
    pub(crate) local_images: Option<Arc<LocalImages>>,
    /// How those of its images are built that a command line builds, by the names that it gives them.
    pub(crate) built_here: HashMap<String, BuiltHere>,
    /// What its language says that Compose's does not.
    pub(crate) besides: Besides,
    /// Where things are, by name; made when first asked.
    pub(super) lookup: OnceLock<Lookup>,
    /// The images its services build; made when first asked.
    pub(super) built: OnceLock<HashMap<String, Option<usize>>>,
    /// The services whose end others wait for; made when first asked.
    pub(super) completing: OnceLock<HashSet<Arc<str>>>,
}

impl Project {
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
        self.built.get_or_init(|| built::built(&self.services))
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
