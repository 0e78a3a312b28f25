//! The container as it will run: a service over the stage it builds over what is known of the base image, or a
//! Dockerfile's last stage by itself.

pub mod absent_programs;
mod action;
pub mod assembly;
pub mod context;
mod credentials;
pub mod docker_exec;
pub mod health;
pub mod missing_mounts;
pub mod needed_paths;
mod runtime;
pub mod runtime_user;
pub mod sources;
pub mod step_down;

use std::collections::BTreeSet;
use std::sync::Arc;

use lint_parser::compose::ast::build::Build;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::Certainty as TextCertainty;
use lint_parser::image;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::files::{FileError, is_absolute, join};
use crate::finding::label::Place;
use crate::model::build::local_images::LocalImages;
use crate::model::build::stage::Stage;
use crate::model::build::targets::Targets;
use crate::model::build::{BuildArg, BuildPlan, BuildRequest, NamedContext, ParsedDockerfile, plan};
use crate::model::container::context::WholeContext;
use crate::model::container::runtime_user::{RuntimeUser, SetBy};
use crate::model::container::sources::MissingSource;
use crate::model::container::step_down::Overrides;
use crate::model::kit::names::full_name;
use crate::model::known::image_facts::{self, ImageFacts};
use crate::model::paths::dockerignore::Dockerignore;
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
        Self { service: None, image, user, is_action }
    }

    /// A service over what it runs.
    #[must_use]
    pub fn of_service(of: ServiceOf<'a>, image: Image, files: &dyn BuildFiles) -> Self {
        let user = runtime::of_service(of, &image, files);
        Self { service: Some(of), image, user, is_action: false }
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
        let plan = Arc::new(BuildPlan { target: Some(target), ..(**plan).clone() });
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

/// A Dockerfile by itself, built without a target, with what is known of the services that build it.
#[must_use]
pub fn image_of_dockerfile(
    dockerfile: Arc<ParsedDockerfile>,
    request: &BuildRequest,
    surroundings: &Surroundings<'_>,
    files: &dyn BuildFiles,
) -> Image {
    let by_services = surroundings.services;
    let context = match &by_services.context {
        None => Some(crate::files::directory(dockerfile.file.name()).to_owned()),
        Some(context) => context.clone(),
    };
    let mut plan = plan(dockerfile, request);
    plan.local_images.clone_from(&surroundings.local_images);
    plan.ships(&by_services.stages, &surroundings.targets);
    plan.handed_over.clone_from(&by_services.arguments);
    plan.ignored = ignored(&plan.dockerfile, context.as_deref(), files).map(Arc::new);
    plan.without_credentials = credentials::without_credentials(&plan, context.as_deref(), files);
    let whole = match &context {
        Some(context) if by_services.context.is_none() => context::taken_along(&plan, context, files),
        _ => Vec::new(),
    };
    image(BuildResult { plan: Arc::new(plan), missing: Arc::default(), whole: whole.into() }, context)
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

/// What a service runs.
#[must_use]
pub fn image_of_service(of: ServiceOf<'_>, files: &dyn BuildFiles) -> Image {
    let spec = &of.service.spec;
    if let Some(build) = &spec.build {
        return of_build(of, &build.value, files, false);
    }
    match &spec.image {
        Some(image) if image.value.certainty != TextCertainty::Unknown => {
            built_by_another(of, &image.value, files).unwrap_or_else(|| named(of.project, &image.value))
        }
        _ => Image::Unknown,
    }
}

/// What another service of the project builds under this name. Compose builds it and does not try to pull it, so
/// this service runs it too. What the build takes from its context is the other service's matter.
fn built_by_another(of: ServiceOf<'_>, text: &Text, files: &dyn BuildFiles) -> Option<Image> {
    let policy = of.service.spec.pull_policy.as_ref().map_or("", |policy| policy.value.as_str());
    if !matches!(policy, "" | "missing" | "if_not_present" | "never" | "build") {
        return None;
    }
    let service = of.project.builder(&full_name(&image::parse(&text.mapped).ok()?))?;
    let build = service.spec.build.as_ref()?;
    match of_build(ServiceOf { project: of.project, service }, &build.value, files, false) {
        Image::Built { plan, .. } => {
            Some(Image::Built { plan, context: None, missing: Arc::default(), whole: Arc::default() })
        }
        _ => None,
    }
}

/// Of an image that another service builds nothing is known by its name.
fn named(project: &Project, text: &Text) -> Image {
    let reference = text.as_str().to_owned();
    let facts = image::parse(&text.mapped)
        .ok()
        .filter(|image| !project.builds(&full_name(image)))
        .and_then(|image| image_facts::lookup(&image.normalized_name(), image.effective_tag()?));
    Image::Named { reference, facts }
}

/// Compose's rules: the context is relative to the file that declares it, the Dockerfile to the context.
fn of_build(of: ServiceOf<'_>, build: &Build, files: &dyn BuildFiles, nested: bool) -> Image {
    let context = match &build.context {
        Some(context) => of.project.path(&context.value),
        None => Some(join(&of.project.directory, ".")),
    };
    let Some(request) = request(of, build, files, nested) else { return Image::Unknown };
    if let Some(inline) = &build.dockerfile_inline {
        let text = &inline.value;
        if text.certainty == TextCertainty::Unknown {
            return Image::Unknown;
        }
        let place = of.project.place(text.origin);
        let inline = Some((place.span, text.as_str().to_owned()));
        let file = place.file.name().to_owned();
        let wanted = BuildOf { file, inline, context, request };
        // An instruction takes a line; reading it before it is known to be new would be reading it for each service.
        return built(of, wanted, text.as_str().lines().count(), files, &|| {
            Arc::new(ParsedDockerfile::parse_mapped(place.file.clone(), &text.mapped))
        });
    }
    let Some(directory) = &context else { return Image::Unknown };
    let path = match &build.dockerfile {
        Some(dockerfile) if dockerfile.value.certainty == TextCertainty::Unknown => return Image::Unknown,
        Some(dockerfile) if is_absolute(dockerfile.value.as_str()) => join("", dockerfile.value.as_str()),
        Some(dockerfile) => join(directory, dockerfile.value.as_str()),
        None => join(directory, "Dockerfile"),
    };
    match files.dockerfile(&path) {
        Ok(dockerfile) if dockerfile.foreign.is_some() => Image::Unknown,
        Ok(dockerfile) => {
            let wanted = BuildOf { file: path, inline: None, context, request };
            let size = dockerfile.tree.instructions.len();
            built(of, wanted, size, files, &|| Arc::clone(&dockerfile))
        }
        Err(error) => {
            let nearby =
                if error == FileError::NotFound { nearby(of, build, directory, files) } else { None };
            let context_presence = files.presence(directory);
            Image::Unreadable { path, error, context: directory.clone(), context_presence, nearby }
        }
    }
}

/// The Dockerfile that a build may mean which names none that is there: another spelling of the usual name, or a
/// path written from the project's directory, where Compose takes it from the build context.
fn nearby(of: ServiceOf<'_>, build: &Build, context: &str, files: &dyn BuildFiles) -> Option<String> {
    let written = build.dockerfile.as_ref().map(|dockerfile| of.project.path(&dockerfile.value));
    let usual = ["Dockerfile", "dockerfile", "Containerfile"].map(|name| Some(join(context, name)));
    let mut candidates = written.into_iter().chain(usual).flatten();
    candidates.find(|path| files.presence(path) == Presence::There)
}

fn built(
    of: ServiceOf<'_>,
    wanted: BuildOf,
    size: usize,
    files: &dyn BuildFiles,
    dockerfile: &dyn Fn() -> Arc<ParsedDockerfile>,
) -> Image {
    let BuildOf { context, request, .. } = wanted.clone();
    let result = files.shared(wanted, size, &|| {
        let mut plan = plan(dockerfile(), &request);
        plan.handed_over = request.args.names().map(str::to_owned).collect();
        plan.ignored = ignored(&plan.dockerfile, context.as_deref(), files).map(Arc::new);
        plan.without_credentials = credentials::without_credentials(&plan, context.as_deref(), files);
        let missing = match &context {
            Some(context) if plan.target.is_some() => sources::missing(of, &plan, context, files),
            _ => Vec::new(),
        };
        let whole = match &context {
            Some(context) if plan.target.is_some() => context::taken_along(&plan, context, files),
            _ => Vec::new(),
        };
        BuildResult { plan: Arc::new(plan), missing: missing.into(), whole: whole.into() }
    });
    result.map_or(Image::Unknown, |result| image(result, context))
}

fn image(result: BuildResult, context: Option<String>) -> Image {
    let BuildResult { plan, missing, whole } = result;
    match plan.target {
        Some(_) => Image::Built { plan, context, missing, whole },
        None => Image::NoTarget { plan },
    }
}

/// The `.dockerignore` in force: one of the Dockerfile's own name beside it comes before that of the context.
fn ignored(
    dockerfile: &ParsedDockerfile,
    context: Option<&str>,
    files: &dyn BuildFiles,
) -> Option<Dockerignore> {
    let own = Some(format!("{}.dockerignore", dockerfile.file.name())).filter(|_| !dockerfile.inline);
    let shared = context.map(|context| join(context, ".dockerignore"));
    let (path, text) = own.into_iter().chain(shared).find_map(|path| {
        let text = files.text(&path)?;
        Some((path, text))
    })?;
    Dockerignore::parse(SourceFile::new(path, text))
}

/// Whether the program of the image that a service builds runs as root, as far as can be known.
fn builds_root(project: &Project, service: &str, files: &dyn BuildFiles) -> bool {
    let Some(service) = project.service(service) else { return false };
    let Some(build) = &service.spec.build else { return false };
    let image = of_build(ServiceOf { project, service }, &build.value, files, true);
    image.plan().is_some() && runtime::of(&image, &Overrides::default(), files).stays_root()
}

/// Contexts of one build that are looked up among the services.
const MOST_SERVICE_CONTEXTS: usize = 16;

/// `None` when the target depends on a variable that nothing sets. An argument without a value takes that of the project's
/// `.env`, if it has one. The contexts of a `nested` build, itself the context of another, are not followed.
fn request(of: ServiceOf<'_>, build: &Build, files: &dyn BuildFiles, nested: bool) -> Option<BuildRequest> {
    let known = |text: &Text| (text.certainty != TextCertainty::Unknown).then(|| text.as_str().to_owned());
    let target = match &build.target {
        Some(target) => Some(known(&target.value)?).filter(|name| !name.is_empty()),
        None => None,
    };
    let args = build.args.iter().flat_map(|args| &args.value.items);
    let args = args
        .map(|pair| {
            let value = pair.value.as_ref().or_else(|| of.service.variables.get(pair.name.as_str()));
            let value = value.and_then(known);
            (pair.name.as_str().to_owned(), value.map_or(BuildArg::Unknown, BuildArg::Known))
        })
        .collect();
    let contexts = build.additional_contexts.iter().flat_map(|contexts| &contexts.value.items);
    let mut services = 0;
    let contexts = contexts
        .map(|pair| {
            let value = pair.value.as_ref().and_then(known).unwrap_or_default();
            let context = if let Some(reference) = value.strip_prefix("docker-image://") {
                NamedContext::Image(reference.to_owned())
            } else if let Some(service) = value.strip_prefix("service:") {
                services += 1;
                let followed = !nested && services <= MOST_SERVICE_CONTEXTS;
                match followed && builds_root(of.project, service, files) {
                    true => NamedContext::RootImage,
                    false => NamedContext::Other,
                }
            } else {
                NamedContext::Other
            };
            (pair.name.as_str().to_owned(), context)
        })
        .collect();
    Some(BuildRequest { args, target, contexts })
}
