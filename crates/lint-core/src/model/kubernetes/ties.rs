//! Which Dockerfile of the repository builds the image of a pod.
//!
//! What somebody has written down is certain: the name that a build gives its image, in a script, a Compose file, Skaffold's
//! configuration or ours. Where nothing says so, a directory of the image's name, or the one Dockerfile for the one image that
//! nobody else publishes, is likely.

use std::collections::{BTreeMap, BTreeSet};

use lint_parser::image::{ImageReference, parse};
use lint_parser::text::mapped::Mapped;

use crate::files::{directory, file_name};
use crate::model::known::image_facts;
use crate::model::kubernetes::lower::Build;
use crate::model::kubernetes::tree::is_placeholder;

/// A Dockerfile that builds an image, and whether somebody says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The build.
    pub build: Build,
    /// Whether it is written down, and not only likely.
    pub is_said: bool,
}

/// What ties images to Dockerfiles.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    /// Builds by the names of their images, without tags; `None` where two differ.
    said: BTreeMap<String, Option<Build>>,
    /// The Dockerfiles of the run.
    dockerfiles: Vec<String>,
    /// The images of pods that nobody else is known to publish.
    own: BTreeSet<String>,
}

/// Registries of projects that publish for everybody.
const PUBLIC: [&str; 9] = [
    "registry.k8s.io",
    "k8s.gcr.io",
    "quay.io",
    "mcr.microsoft.com",
    "public.ecr.aws",
    "nvcr.io",
    "docker.elastic.co",
    "registry.access.redhat.com",
    "registry.redhat.io",
];

impl Ties {
    /// Between these Dockerfiles and images.
    #[must_use]
    pub fn of(dockerfiles: Vec<String>, images: impl IntoIterator<Item = String>) -> Self {
        let own = images.into_iter().filter_map(|image| read(&image)).filter(|image| !is_published(image));
        Self { said: BTreeMap::new(), dockerfiles, own: own.map(|image| image.normalized_name()).collect() }
    }

    /// Takes note that a build gives its image a name.
    pub fn say(&mut self, image: &str, build: Build) {
        let Some(image) = read(image) else { return };
        self.said
            .entry(image.normalized_name())
            .and_modify(|known| {
                if known
                    .as_ref()
                    .is_some_and(|known| known.dockerfile != build.dockerfile || known.target != build.target)
                {
                    *known = None;
                }
            })
            .or_insert(Some(build));
    }

    /// The Dockerfile that builds an image.
    #[must_use]
    pub fn of_image(&self, image: &str, builders: &dyn Fn(&ImageReference) -> Vec<String>) -> Option<Tie> {
        let reference = read(image)?;
        if let Some(build) = self.said.get(&reference.normalized_name()) {
            return build.clone().map(|build| Tie { build, is_said: true });
        }
        let by_scripts = builders(&reference);
        if let [dockerfile] = by_scripts.as_slice() {
            return Some(Tie { build: beside(dockerfile), is_said: true });
        }
        if !by_scripts.is_empty() || is_published(&reference) {
            return None;
        }
        let name = file_name(reference.path.text()).to_owned();
        let likely: Vec<&String> =
            self.dockerfiles.iter().filter(|dockerfile| is_called(dockerfile, &name)).collect();
        let one = match (likely.as_slice(), self.dockerfiles.as_slice()) {
            ([one], _) => Some(*one),
            ([], [only]) if self.own.len() == 1 && self.own.contains(&reference.normalized_name()) => {
                Some(only)
            }
            _ => None,
        };
        one.map(|dockerfile| Tie { build: beside(dockerfile), is_said: false })
    }
}

fn read(image: &str) -> Option<ImageReference> {
    if image.is_empty() || is_placeholder(image) {
        return None;
    }
    parse(&Mapped::verbatim(image, 0)).ok()
}

/// A build whose context is where its Dockerfile lies.
fn beside(dockerfile: &str) -> Build {
    let context = directory(dockerfile);
    let context = if context.is_empty() { "." } else { context };
    Build { dockerfile: dockerfile.to_owned(), context: context.to_owned(), target: None }
}

/// Whether a Dockerfile is called as an image, or lies in a directory that is.
fn is_called(dockerfile: &str, name: &str) -> bool {
    let file = file_name(dockerfile);
    let lower = file.to_ascii_lowercase();
    let named =
        ["dockerfile.", "containerfile.", "dockerfile-"].iter().find_map(|before| lower.strip_prefix(before));
    let named = named.or_else(|| lower.strip_suffix(".dockerfile"));
    match named {
        Some(own) => own == name,
        None => file_name(directory(dockerfile)) == name,
    }
}

/// Whether somebody else is known to publish an image.
fn is_published(image: &ImageReference) -> bool {
    let tag = image.effective_tag().unwrap_or("latest");
    PUBLIC.contains(&image.registry_name())
        || image.normalized_name().starts_with("gcr.io/distroless/")
        || image_facts::lookup(&image.normalized_name(), tag).is_some()
        || image_facts::lookup(&image.normalized_name(), "latest").is_some()
}
