//! The container as it will run: a service over the stage it builds over what is known of the base image, or a
//! Dockerfile's last stage by itself.

pub mod absent_programs;
mod action;
pub mod assembly;
pub mod confinement;
pub mod context;
mod credentials;
pub mod docker_exec;
pub mod health;
mod images;
pub mod missing_mounts;
pub mod needed_paths;
mod owner;
mod runtime;
pub mod runtime_user;
pub mod sources;
pub mod start;
pub mod step_down;
pub mod unwritable;
pub mod volume_owner;

pub use crate::model::container::images::{image_of_dockerfile, image_of_service};

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use lint_parser::text::span::Span;

use crate::files::{FileError, InGit};
use crate::finding::label::Place;
use crate::model::build::local_images::LocalImages;
use crate::model::build::stage::Stage;
use crate::model::build::targets::Targets;
use crate::model::build::{BuildPlan, BuildRequest, ParsedDockerfile};
use crate::model::container::context::WholeContext;
use crate::model::container::runtime_user::{RuntimeUser, SetBy};
use crate::model::container::sources::MissingSource;
use crate::model::container::start::NotExecutable;
use crate::model::container::step_down::Overrides;
use crate::model::known::image_facts::ImageFacts;
use crate::model::project::Project;
use crate::model::project::service::Service;

/// A container as it will run.
#[derive(Debug)]
pub struct Container<'a> {
    /// The service; `None` for a Dockerfile by itself.
    pub service: Option<ServiceOf<'a>>,
    /// What it runs.
    pub image: Image,
    /// Who its main process runs as.
    pub user: RuntimeUser,
    /// Whether GitHub runs it as a step of a workflow, which works as root alone.
    pub is_action: bool,
    /// The file that it starts with, where the kernel may not run it.
    pub not_executable: Option<NotExecutable>,
}

/// A service and its project.
#[derive(Clone, Copy, Debug)]
pub struct ServiceOf<'a> {
    /// The project.
    pub project: &'a Project,
    /// The service.
    pub service: &'a Service,
}

/// What a container runs.
#[derive(Debug)]
pub enum Image {
    /// The target stage of a Dockerfile we have read.
    Built {
        /// The plan; its [`BuildPlan::target`] is a stage.
        plan: Arc<BuildPlan>,
        /// The path of the build context; `None` when it is not on this machine, or services build one Dockerfile in
        /// several.
        context: Option<String>,
        /// What the build copies from its context and is certainly not there. Nothing for a Dockerfile by itself,
        /// whose context nobody has named.
        missing: Arc<[MissingSource]>,
        /// The copies of the whole context that bring along what belongs into no image. For a Dockerfile that no service
        /// builds, the directory it lies in is looked at.
        whole: Arc<[WholeContext]>,
    },
    /// A Dockerfile that is there and has no stage of the name asked for.
    NoTarget {
        /// The plan.
        plan: Arc<BuildPlan>,
    },
    /// An image by name.
    Named {
        /// The reference as Compose would pull it.
        reference: String,
        /// What is known of it.
        facts: Option<ImageFacts>,
    },
    /// A Dockerfile that could not be read.
    Unreadable {
        /// Its path.
        path: String,
        /// Why.
        error: FileError,
        /// The path of the build context.
        context: String,
        /// Whether the context itself is there.
        context_presence: Presence,
        /// The path of a Dockerfile that may be meant.
        nearby: Option<String>,
    },
    /// It cannot be known: a remote context, a variable that nothing sets, no image at all.
    Unknown,
}

impl<'a> Container<'a> {
    /// A Dockerfile's target by itself.
    #[must_use]
    pub fn of_dockerfile(image: Image, files: &dyn BuildFiles) -> Self {
        let user = runtime::of(&image, &Overrides::default(), files);
        let is_action = image.plan().is_some_and(|plan| action::runs(plan.dockerfile.file.name(), files));
        let not_executable = start::not_executable(None, &image, files);
        Self { service: None, image, user, is_action, not_executable }
    }

    /// A service over what it runs.
    #[must_use]
    pub fn of_service(of: ServiceOf<'a>, image: Image, files: &dyn BuildFiles) -> Self {
        let user = runtime::of_service(of, &image, files);
        let not_executable = start::not_executable(Some(of), &image, files);
        Self { service: Some(of), image, user, is_action: false, not_executable }
    }

    /// Whether Podman runs it without root on the host, so that root in it is the user who started it.
    #[must_use]
    pub fn is_rootless(&self) -> bool {
        self.service.is_some_and(|of| of.project.input.is_rootless && of.project.input.is_podman)
    }

    /// The stage that becomes the image.
    #[must_use]
    pub fn target(&self) -> Option<(&BuildPlan, &Stage)> {
        match &self.image {
            Image::Built { plan, .. } => Some((plan, plan.target_stage()?)),
            _ => None,
        }
    }

    /// What the build copies from its context and is certainly not there.
    #[must_use]
    pub fn missing_sources(&self) -> &[MissingSource] {
        match &self.image {
            Image::Built { missing, .. } => missing,
            _ => &[],
        }
    }

    /// The copies of the whole context that bring along what belongs into no image.
    #[must_use]
    pub fn whole_context(&self) -> &[WholeContext] {
        match &self.image {
            Image::Built { whole, .. } => whole,
            _ => &[],
        }
    }

    /// The place of the service's name, for what the service lacks.
    #[must_use]
    pub fn service_key(&self) -> Option<Place> {
        self.service.map(|of| of.project.place(of.service.key))
    }

    /// The user, when the program proper runs as root, as far as can be known.
    #[must_use]
    pub fn root_user(&self) -> Option<&RuntimeUser> {
        // A service that another file completes may be given a user there.
        let may_be_set = self.service.is_some_and(|of| of.service.fragment || !of.service.complete);
        let is_open = may_be_set && self.user.set_by != SetBy::Service;
        (self.user.stays_root() && !is_open && !self.is_action).then_some(&self.user)
    }

    /// Where the user is written; `None` when it is the base image's own.
    #[must_use]
    pub fn user_place(&self) -> Option<Place> {
        match self.user.set_by {
            SetBy::Service => {
                let of = self.service?;
                let spec = &of.service.spec;
                let own = spec.user.as_ref().map(|user| user.origin);
                let origin = own.or_else(|| Some(spec.rest.invalid("user")?.value.origin))?;
                Some(of.project.place(origin))
            }
            SetBy::Instruction(origin) => {
                let plan = self.image.plan()?;
                Some(Place::new(&plan.dockerfile.file, origin.span))
            }
            SetBy::Base => None,
        }
    }
}

impl Image {
    /// The same build with another of its targets. What the context lacks or brings along has been told.
    #[must_use]
    pub(crate) fn of_target(&self, target: usize) -> Self {
        let Image::Built { plan, context, .. } = self else { return Image::Unknown };
        let plan =
            Arc::new(BuildPlan { target: Some(target), in_force: OnceLock::new(), ..(**plan).clone() });
        Image::Built { plan, context: context.clone(), missing: Arc::default(), whole: Arc::default() }
    }

    /// The plan of a build whose Dockerfile could be read.
    #[must_use]
    pub fn plan(&self) -> Option<&BuildPlan> {
        match self {
            Image::Built { plan, .. } | Image::NoTarget { plan } => Some(plan),
            Image::Named { .. } | Image::Unreadable { .. } | Image::Unknown => None,
        }
    }
}

/// Reads what a build reads.
pub trait BuildFiles {
    /// The Dockerfile of that path.
    ///
    /// # Errors
    /// When it cannot be read.
    fn dockerfile(&self, path: &str) -> Result<Arc<ParsedDockerfile>, FileError>;

    /// The text of a file of a build context; `None` when it cannot be read.
    fn text(&self, path: &str) -> Option<String>;

    /// Whether there is a file or a directory of that path.
    fn presence(&self, path: &str) -> Presence;

    /// What Git has of a path; `None` where nobody can tell.
    fn in_git(&self, path: &str) -> Option<InGit> {
        let _ = path;
        None
    }

    /// Whether a script, a pipeline or a README holds that name as a word.
    fn is_mentioned(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// What comes of a build, which is made by `make` unless it is known already: many services may build the
    /// same. `size` is how many instructions its Dockerfile has; `None` is that so many have been planned that this one
    /// is left out.
    fn shared(&self, wanted: BuildOf, size: usize, make: &dyn Fn() -> BuildResult) -> Option<BuildResult> {
        let _ = (wanted, size);
        Some(make())
    }
}

/// A build of a project, as far as it decides what comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BuildOf {
    /// The Dockerfile's file.
    pub file: String,
    /// Where in the file it stands, and what it says once variables are replaced, if it is not the whole file.
    pub inline: Option<(Span, String)>,
    /// The path of the build context.
    pub context: Option<String>,
    /// What is asked for.
    pub request: BuildRequest,
}

/// What comes of a build.
#[derive(Clone, Debug)]
pub struct BuildResult {
    /// The plan.
    pub plan: Arc<BuildPlan>,
    /// What it copies from its context and is certainly not there.
    pub missing: Arc<[MissingSource]>,
    /// Where it copies the whole context with what belongs into no image.
    pub whole: Arc<[WholeContext]>,
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    There,
    /// It is not: we have looked.
    Missing,
    /// We may not look, or cannot.
    Unknown,
}

/// What is known of a Dockerfile besides its text.
#[derive(Clone, Debug)]
pub struct Surroundings<'a> {
    /// How services build it.
    pub services: &'a BuiltByServices,
    /// The images that are built here and come from no registry.
    pub local_images: Option<Arc<LocalImages>>,
    /// The stages that command lines build.
    pub targets: Targets,
}

/// How the services of all projects build one Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuiltByServices {
    /// The stages that are theirs: what those need counts as built too.
    pub stages: BTreeSet<usize>,
    /// The arguments they hand over.
    pub arguments: BTreeSet<String>,
    /// The path of the context they build it in; `None` inside where that is not one path on this machine, outside
    /// where none builds it.
    pub context: Option<Option<String>>,
}
