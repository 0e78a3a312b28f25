//! A look at what the rules are shown, for whoever wants to say something else of it.

use std::sync::Arc;

use crate::engine::builds::Builds;
use crate::engine::dockerfiles::ReadDockerfile;
use crate::engine::project_builds::ProjectBuilds;
use crate::engine::unit::Run;
use crate::model::build::{BuildArg, BuildRequest, ParsedDockerfile};
use crate::model::container::{
    self, BuildFiles as _, BuiltByServices, Container, Image, ServiceOf, Surroundings,
};
use crate::model::project::group::ProjectFiles;
use crate::model::project::{Project, load};

impl Run<'_> {
    /// A project, as it is judged.
    pub(crate) fn project_of(&self, files: &ProjectFiles) -> Project {
        let mut project = load(files, &|name| self.read(name));
        self.inform(&mut project, files);
        project
    }

    /// The containers of a project's services, as they are judged.
    pub(crate) fn containers_of<'p>(&self, project: &'p Project) -> Vec<Container<'p>> {
        let builds = ProjectBuilds::new(self);
        let containers = project.services.iter().map(|service| {
            let of = ServiceOf { project, service };
            Container::of_service(of, container::image_of_service(of, &builds), &builds)
        });
        containers.collect()
    }

    /// A Dockerfile, read.
    pub(crate) fn dockerfile_of(&self, name: &str) -> ReadDockerfile {
        self.dockerfile(name)
    }

    /// What a Dockerfile by itself becomes, with what is known of who builds it.
    pub(crate) fn image_of(
        &self,
        dockerfile: &Arc<ParsedDockerfile>,
        built: &BuiltByServices,
        builds: &Builds,
    ) -> Image {
        let name = dockerfile.file.name();
        let args = self.settings.of(name).build_args.iter();
        let args = args.map(|(name, value)| (name.clone(), BuildArg::Known(value.clone())));
        let calls = self.calls();
        let mut contexts = calls.contexts_of(name);
        contexts.extend(builds.contexts_of(name));
        let args = calls.arguments_of(dockerfile).into_iter().chain(args).collect();
        let request = BuildRequest { args, target: None, contexts };
        let local_images = Some(self.images_with(builds));
        let targets = calls.targets_of(name);
        let surroundings = Surroundings { services: built, local_images, targets };
        container::image_of_dockerfile(Arc::clone(dockerfile), &request, &surroundings, self)
    }
}
