//! What a service or a Dockerfile makes a container run.

use std::sync::Arc;

use lint_parser::compose::ast::build::Build;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::Certainty as TextCertainty;
use lint_parser::image;
use lint_parser::text::source::SourceFile;

use crate::files::{FileError, is_absolute, join};
use crate::model::build::{BuildArg, BuildRequest, NamedContext, ParsedDockerfile, plan};
use crate::model::container::step_down::Overrides;
use crate::model::container::{
    BuildFiles, BuildOf, BuildResult, Image, Presence, ServiceOf, Surroundings, context, credentials,
    runtime, sources,
};
use crate::model::kit::names::full_name;
use crate::model::known::image_facts;
use crate::model::paths::dockerignore::Dockerignore;
use crate::model::project::Project;
use crate::model::project::build_sources::sources;

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

/// What a service runs.
#[must_use]
pub fn image_of_service(of: ServiceOf<'_>, files: &dyn BuildFiles) -> Image {
    let spec = &of.service.spec;
    if let Some(build) = &spec.build {
        return of_build(of, &build.value, files, false);
    }
    match &spec.image {
        Some(image) if image.value.certainty != TextCertainty::Unknown => {
            let built = built_by_another(of, &image.value, files);
            built
                .or_else(|| built_by_command(of, &image.value, files))
                .unwrap_or_else(|| named(of.project, &image.value))
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

/// What a command line builds under this name, from one Dockerfile. What that build takes from its context is its own matter.
fn built_by_command(of: ServiceOf<'_>, text: &Text, files: &dyn BuildFiles) -> Option<Image> {
    let built = of.project.built_here.get(text.as_str())?;
    let dockerfile = files.dockerfile(&built.dockerfile).ok().filter(|one| one.foreign.is_none())?;
    let request = BuildRequest { target: built.target.clone(), ..BuildRequest::default() };
    let wanted = BuildOf { file: built.dockerfile.clone(), inline: None, context: None, request };
    let size = dockerfile.tree.instructions.len();
    match self::built(of, wanted, size, files, &|| Arc::clone(&dockerfile)) {
        image @ Image::Built { .. } => Some(image),
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
    let contexts = sources(build).into_iter().filter_map(|source| Some((source.name?, source.address)));
    let mut services = 0;
    let contexts = contexts
        .map(|(name, address)| {
            let value = address.unwrap_or_default();
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
            (name.to_owned(), context)
        })
        .collect();
    Some(BuildRequest { args, target, contexts })
}
