//! What the services of all linted projects build, for the Dockerfiles that are judged after them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::files::{directory, normalise};
use crate::finding::label::Place;
use crate::model::build::local_images::LocalImages;
use crate::model::build::{BuildPlan, NamedContext};
use crate::model::container::{BuiltByServices, Image};
use crate::model::kubernetes::lower::Build;

/// What the services of a project build.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builds {
    /// How each Dockerfile is built.
    built: HashMap<String, BuiltByServices>,
    /// The named contexts they are built with, by Dockerfile.
    contexts: HashMap<String, BTreeMap<String, NamedContext>>,
    /// The Dockerfiles.
    dockerfiles: HashSet<String>,
    /// Directories where services are built, and the first place that says so.
    directories: HashMap<String, Place>,
    /// The full names of the images that services build.
    pub(crate) images: HashSet<String>,
    /// How the images are built that have a name of somebody's choice.
    pub(crate) named: Vec<(String, Build)>,
    /// With those that command lines build; made when first asked for.
    pub(crate) local_images: OnceLock<Arc<LocalImages>>,
    /// Whether some service builds something else, but what is not known.
    unknown: bool,
}

/// What the services of all projects say of one Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    built: Option<BuiltByServices>,
    contexts: BTreeMap<String, NamedContext>,
    near: Option<Place>,
}

impl Builds {
    /// All that the judgement of a Dockerfile takes from here, but for the images.
    pub(crate) fn view_of(&self, dockerfile: &str) -> View {
        View {
            built: self.of(dockerfile).cloned(),
            contexts: self.contexts_of(dockerfile),
            near: self.near_unused(dockerfile).cloned(),
        }
    }

    /// Takes note of one service's build, with the place that says where it is built.
    pub(crate) fn add(&mut self, image: &Image, at: Place) {
        match image {
            Image::Built { plan, context, .. } => {
                let name = plan.dockerfile.file.name();
                join(
                    self.built.entry(name.to_owned()).or_default(),
                    BuiltByServices {
                        stages: plan.target.into_iter().collect(),
                        arguments: plan.handed_over.clone(),
                        context: Some(context.clone()),
                    },
                );
                self.contexts.entry(name.to_owned()).or_default().extend(plan.contexts.clone());
                if plan.dockerfile.file != at.file {
                    self.dockerfiles.insert(name.to_owned());
                    self.directories.entry(normalise(directory(name))).or_insert_with(|| at.clone());
                }
                if let Some(context) = context {
                    self.directories.entry(context.clone()).or_insert(at);
                }
            }
            Image::NoTarget { .. } | Image::Unreadable { .. } | Image::Unknown => self.unknown = true,
            Image::Named { .. } => {}
        }
    }

    /// Takes note of something that could not be read and may hold services.
    pub(crate) fn set_unknown(&mut self) {
        self.unknown = true;
    }

    /// Joins what several projects build.
    pub(crate) fn extend(&mut self, other: Builds) {
        for (dockerfile, built) in other.built {
            join(self.built.entry(dockerfile).or_default(), built);
        }
        for (dockerfile, contexts) in other.contexts {
            self.contexts.entry(dockerfile).or_default().extend(contexts);
        }
        self.dockerfiles.extend(other.dockerfiles);
        self.images.extend(other.images);
        self.named.extend(other.named);
        for (directory, place) in other.directories {
            self.directories.entry(directory).or_insert(place);
        }
        self.unknown |= other.unknown;
    }

    /// How services build a Dockerfile; `None` when none does.
    pub(crate) fn of(&self, dockerfile: &str) -> Option<&BuiltByServices> {
        self.built.get(dockerfile)
    }

    /// The named contexts that some service builds a Dockerfile with: a base image of such a name may be
    /// something else.
    pub(crate) fn contexts_of(&self, dockerfile: &str) -> BTreeMap<String, NamedContext> {
        self.contexts.get(dockerfile).cloned().unwrap_or_default()
    }

    /// Where services are built in the directory of a Dockerfile that certainly none of them builds.
    pub(crate) fn near_unused(&self, dockerfile: &str) -> Option<&Place> {
        if self.unknown || self.dockerfiles.contains(dockerfile) {
            return None;
        }
        self.directories.get(&normalise(directory(dockerfile)))
    }
}

/// Whether a target of a Dockerfile has been judged as a container, or is none to judge: services build that stage; or they
/// build another one, which the target only adds to, or beside which it is there to develop with.
///
/// A project that builds `target: dev` says nothing against the last stage, which is what is shipped.
pub(crate) fn is_judged_by_services(plan: &BuildPlan, target: usize, built: &BuiltByServices) -> bool {
    plan.chain(target).any(|stage| built.stages.contains(&stage.index)) || plan.is_aside(target)
}

/// Adds how some services build a Dockerfile to how others do. Of two contexts neither is the one.
fn join(all: &mut BuiltByServices, more: BuiltByServices) {
    all.stages.extend(more.stages);
    all.arguments.extend(more.arguments);
    match &mut all.context {
        known @ None => *known = more.context,
        Some(known) => {
            if more.context.is_some_and(|context| context != *known) {
                *known = None;
            }
        }
    }
}
