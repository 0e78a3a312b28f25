//! What the command lines at hand say of the projects and Dockerfiles of a run.

use std::collections::{BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lint_parser::image::parse;

use crate::engine::builds::Builds;
use crate::engine::source::Source;
use crate::engine::unit::Run;
use crate::files::{directory, join};
use crate::finding::label::Place;
use crate::model::build::ParsedDockerfile;
use crate::model::build::local_images::LocalImages;
use crate::model::calls::{Calls, Material, variables_of_examples};
use crate::model::project::group::{ProjectFiles, is_base};
use crate::model::project::service::Service;
use crate::model::project::stack::is_named_so;
use crate::model::project::used::Used;
use crate::model::project::{Project, load};

/// How many lists of files are judged because some command line starts them together, besides the projects that the files
/// make by themselves.
const MOST_STARTED: usize = 200;

/// Whether a project says how it is deployed, so that callers are worth a look.
fn is_deployed(project: &Project) -> bool {
    project.services.iter().any(|service| service.spec.deploy.is_some())
}

impl Run<'_> {
    /// The command lines at hand, read when first asked for.
    pub(super) fn calls(&self) -> &Calls {
        let directories = || self.sources.iter().map(|source| directory(&source.name)).collect();
        let read = || catch_unwind(AssertUnwindSafe(|| Calls::read(self.callers(), &directories())));
        self.calls.get_or_init(|| {
            let mut calls = read().unwrap_or_default();
            for settings in self.settings.all() {
                for image in &settings.images {
                    let path = join(&settings.working_directory, &image.dockerfile);
                    let below = format!("{}/", settings.working_directory);
                    let is_named = |source: &&Source| join(&settings.working_directory, &source.name) == path;
                    let named = self.sources.iter().find(is_named).map(|source| source.name.clone());
                    let name = named.unwrap_or_else(|| path.strip_prefix(&below).unwrap_or(&path).to_owned());
                    calls.declare(name, image);
                }
            }
            calls
        })
    }

    /// The script that puts a file into others, or fills it in, where the file by itself is none that Docker takes and nobody
    /// builds it.
    pub(super) fn maker_of(&self, dockerfile: &ParsedDockerfile) -> Option<&str> {
        let name = dockerfile.file.name();
        if !dockerfile.is_unfinished() || self.calls().builds(name) {
            return None;
        }
        let read = || catch_unwind(AssertUnwindSafe(|| Material::read(self.files))).unwrap_or_default();
        self.material.get_or_init(read).maker_of(name)
    }

    /// Whether a service is one of those that are started, where somebody has said which profiles are.
    pub(super) fn is_started(files: &ProjectFiles, service: &Service) -> bool {
        let Some(own) = service.spec.profiles.as_ref().filter(|_| !files.profiles.is_empty()) else {
            return true;
        };
        let mut names = own.value.iter().map(|profile| profile.as_str()).peekable();
        names.peek().is_none()
            || names.any(|name| files.profiles.iter().any(|enabled| enabled == name || enabled == "*"))
    }

    /// Puts files together that are only ever started together, and takes note of how the others are started.
    pub(super) fn as_started(&self, projects: Vec<ProjectFiles>) -> Vec<ProjectFiles> {
        if projects.is_empty() {
            return projects;
        }
        let calls = self.calls();
        let mut all: Vec<ProjectFiles> = Vec::new();
        let mut started = 0;
        for mut project in projects {
            let Some(first) = project.files.first().cloned() else { continue };
            // What lies beside it under Compose's own name is there for those who name no files.
            let has_override = project.files.len() > 1;
            let is_default = is_base(&first) && project.shadowed_by.is_none();
            let lists = if has_override { Vec::new() } else { calls.started_with(&first, is_default) };
            let lists = lists.into_iter();
            let lists = lists.filter(|(files, _)| files.iter().all(|file| self.is_there(file)));
            let lists: Vec<_> = lists.take(MOST_STARTED - started).collect();
            if lists.is_empty() {
                project.directory = project.directory.or_else(|| calls.directory_of(&first));
                project.overlays = calls.overlays_of(&first);
                project.overlays.retain(|files| files.iter().all(|file| self.is_there(file)));
                all.push(project);
                continue;
            }
            for (files, directory) in lists {
                let together = ProjectFiles { directory, ..ProjectFiles::new(files) };
                if !all.contains(&together) {
                    started += 1;
                    all.push(together);
                }
            }
        }
        all
    }

    fn is_there(&self, path: &str) -> bool {
        self.sources.iter().any(|source| source.name == path) || self.files.exists(path)
    }

    /// Tells a project what others know of it: which variables they set, what overlays use of it, which images are built
    /// here.
    pub(super) fn inform(&self, project: &mut Project, files: &ProjectFiles) {
        let is_stack = |file: &String| {
            let is_named = is_named_so(file);
            let may_be = is_named || is_deployed(project) || project.has_unheard_by_swarm();
            may_be && self.calls().is_stack(file).unwrap_or(is_named)
        };
        if project.files.iter().any(is_stack) {
            project.deploy_as_stack();
        } else if project.is_like_a_stack()
            && project.files.iter().all(|file| self.calls().is_stack(file).is_none())
        {
            project.input.may_be_stack = true;
        }
        if project.has_unset_variables() {
            let mut names = self.calls().variables_of(&project.files, &project.directory);
            let mut places: BTreeSet<&str> = project.files.iter().map(|file| directory(file)).collect();
            places.extend(project.included.iter().map(|file| directory(file)));
            places.insert(&project.directory);
            let read = |path: &str| self.read(path).ok().map(|file| file.text().to_owned());
            for place in places.into_iter().take(32) {
                names.extend(variables_of_examples(place, &read));
            }
            project.set_elsewhere(names);
        }
        if !files.overlays.is_empty() {
            let mut used = Used::default();
            for list in &files.overlays {
                let whole = load(&ProjectFiles::new(list.clone()), &|name| self.read(name));
                used.extend(Used::of(&whole));
            }
            project.used_by_overlays = used;
        }
        Self::inform_of_images(project, &|| self.local_images());
    }

    /// Tells a project which images are built here, where it pulls any.
    pub(super) fn inform_of_images(project: &mut Project, built_here: &dyn Fn() -> Arc<LocalImages>) {
        let pulls = |image: &str| {
            let reference = parse(&lint_parser::text::mapped::Mapped::verbatim(image, 0)).ok();
            reference.is_some_and(|image| image.digest.is_none())
        };
        let images = project.services.iter().filter(|service| service.spec.build.is_none());
        let mut images = images.filter_map(|service| service.spec.image.as_ref());
        if images.any(|image| pulls(image.value.as_str())) {
            project.local_images = Some(built_here());
        }
    }

    /// Where services are built in the directory of a Dockerfile that nobody builds. A link is the file that it leads to.
    pub(super) fn near_unused<'b>(&self, dockerfile: &str, builds: &'b Builds) -> Option<&'b Place> {
        let near = builds.near_unused(dockerfile)?;
        (!self.calls().builds(dockerfile) && !self.files.is_link(dockerfile)).then_some(near)
    }

    /// The images that command lines build.
    pub(super) fn local_images(&self) -> Arc<LocalImages> {
        Arc::clone(self.local_images.get_or_init(|| Arc::new(self.calls().images())))
    }

    /// The images that command lines and services build.
    pub(super) fn images_with(&self, builds: &Builds) -> Arc<LocalImages> {
        Arc::clone(builds.local_images.get_or_init(|| self.local_images_and(&builds.images)))
    }

    /// The images that command lines build, and others.
    pub(super) fn local_images_and(&self, others: &HashSet<String>) -> Arc<LocalImages> {
        if others.is_empty() {
            return self.local_images();
        }
        let mut images = (*self.local_images()).clone();
        images.extend(others.iter().cloned());
        Arc::new(images)
    }
}
