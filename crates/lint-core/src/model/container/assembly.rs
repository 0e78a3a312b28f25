//! All containers of a project side by side.
//!
//! A service is judged by itself and then forgotten, with the plan of what it builds; what another service's verdict
//! needs of it stays here. That bounds the memory: a hostile project may build one large Dockerfile a thousand
//! times.

use std::collections::{HashMap, HashSet};

use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::build::stage::Base;
use crate::model::container::Container;
use crate::model::container::health::{self, Health};
use crate::model::container::missing_mounts::{IgnoredFile, MadeForRoot, MissingMount};
use crate::model::container::runtime_user::RuntimeUser;
use crate::model::kit::names::full_name;
use crate::model::project::Project;
use crate::model::project::service::Service;

/// Services walked through to see whether one waits for another.
const MOST_STEPS: usize = 1_000;

/// A project and its containers.
#[derive(Clone, Debug)]
pub struct Assembly<'a> {
    /// The project.
    pub project: &'a Project,
    /// What its services mount that is not there.
    pub missing_mounts: Vec<MissingMount<'a>>,
    /// What they need that Git is told to leave alone.
    pub ignored_files: Vec<IgnoredFile<'a>>,
    /// What they mount that is made for root, and somebody else is to write to.
    pub made_for_root: Vec<MadeForRoot<'a>>,
    parts: Vec<Part<'a>>,
    index: HashMap<&'a str, usize>,
}

/// What other services need to know of one.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// The service.
    pub service: &'a Service,
    /// Whether the engine checks that it works.
    pub health: Health,
    /// Who its program runs as.
    pub user: RuntimeUser,
    /// Where that is written.
    pub user_place: Option<Place>,
    /// The images it is built on that the project builds itself.
    pub built_bases: Vec<BuiltBase>,
}

/// A base image that a service of the project builds.
#[derive(Clone, Debug)]
pub struct BuiltBase {
    /// Its full name, as [`full_name`] writes it.
    pub image: String,
    /// Where the Dockerfile names it.
    pub place: Place,
}

impl<'a> Assembly<'a> {
    /// No containers yet.
    #[must_use]
    pub fn new(project: &'a Project) -> Self {
        Self {
            project,
            missing_mounts: Vec::new(),
            ignored_files: Vec::new(),
            made_for_root: Vec::new(),
            parts: Vec::new(),
            index: HashMap::new(),
        }
    }

    /// Adds the container of a service.
    pub fn add(&mut self, part: Part<'a>) {
        self.index.insert(&part.service.name, self.parts.len());
        self.parts.push(part);
    }

    /// What is known of each service.
    #[must_use]
    pub fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    /// The same of the service of that name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Part<'a>> {
        self.parts.get(*self.index.get(name)?)
    }

    /// Whether a service waits for another, directly or through others. Longer ways than anybody writes count as
    /// waiting.
    #[must_use]
    pub fn waits_for(&self, service: &Service, other: &str) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![service];
        while let Some(service) = open.pop() {
            if seen.len() > MOST_STEPS {
                return true;
            }
            let dependencies = service.spec.depends_on.iter().flat_map(|names| names.value.iter());
            for (name, _) in dependencies {
                if name == other {
                    return true;
                }
                if seen.insert(name)
                    && let Some(next) = self.project.service(name)
                {
                    open.push(next);
                }
            }
        }
        false
    }
}

impl<'a> Part<'a> {
    /// What is to be kept of a container.
    #[must_use]
    pub fn of(container: &Container<'_>, service: &'a Service) -> Self {
        Self {
            service,
            health: health::of(container),
            user: container.user.clone(),
            user_place: container.user_place(),
            built_bases: built_bases(container),
        }
    }
}

fn built_bases(container: &Container<'_>) -> Vec<BuiltBase> {
    let (Some(of), Some((plan, _))) = (container.service, container.target()) else { return Vec::new() };
    let images = plan.reachable().filter_map(|stage| {
        let Base::Image(base) = &stage.base else { return None };
        let reference = image::parse(&Mapped::replaced(base.reference.as_str(), Span::default())).ok()?;
        let image = full_name(&reference);
        let built = reference.digest.is_none() && of.project.builds(&image);
        built.then(|| BuiltBase { image, place: Place::new(&plan.dockerfile.file, stage.base_span) })
    });
    images.collect()
}
