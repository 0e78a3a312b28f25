//! What editors ask of one manifest: its pods, and their containers as they would run.

use lint_parser::compose::value::SourceId;

use crate::engine::builds::Builds;
use crate::engine::project_builds::ProjectBuilds;
use crate::engine::unit::Run;
use crate::model::container::{BuildFiles as _, Container, Presence, ServiceOf, image_of_service};
use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::lower::lowered;
use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::string_at;

/// How many containers of a file are looked at.
const MOST_CONTAINERS: usize = 500;

/// Something to look at.
pub(crate) enum Seen<'s> {
    /// A pod.
    Pod(&'s Pod<'s>),
    /// A container of one, and what comes of it.
    Container(&'s Pod<'s>, &'s PodContainer<'s>, &'s Container<'s>),
}

impl Run<'_> {
    /// Shows the pods of a manifest, by itself: what other files say of them is told where they are judged.
    pub(crate) fn look_at_manifest(&self, name: &str, builds: &Builds, look: &mut dyn FnMut(Seen<'_>)) {
        let Ok(file) = self.read(name) else { return };
        let manifest = Manifest::read(file, SourceId::default());
        if manifest.is_template {
            return;
        }
        let mut manifests = vec![manifest];
        self.add_named_kinds(&mut manifests);
        let cluster = Cluster::of(manifests);
        let ties = self.ties(&cluster, builds);
        let planned = ProjectBuilds::new(self);
        let mut left = MOST_CONTAINERS;
        for pod in cluster.objects().flat_map(Pod::all_of) {
            look(Seen::Pod(&pod));
            for says in pod.containers() {
                if left == 0 || self.is_stopped() {
                    return;
                }
                left -= 1;
                let image = string_at(says.value, &["image"]);
                let tie = image
                    .and_then(|image| ties.of_image(image, &|image| self.local_images().builders(image)));
                let tie = tie.filter(|tie| self.presence(&tie.build.dockerfile) == Presence::There);
                let (lowered, files) = lowered(&pod, &says, &cluster, tie.as_ref().map(|tie| &tie.build));
                let project = self.lowered(&files, &lowered, &|| self.local_images());
                let Some(service) = project.services.first() else { continue };
                let of = ServiceOf { project: &project, service };
                let container = Container::of_service(of, image_of_service(of, &planned), &planned);
                look(Seen::Container(&pod, &says, &container));
            }
        }
    }
}
