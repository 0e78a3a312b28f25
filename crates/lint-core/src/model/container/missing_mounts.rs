//! What services mount of the project's own files that is not there.
//!
//! Docker makes an empty directory of a source that is missing. For data that is what people want; for a file, and for what
//! the container only reads, it is not. That a file is missing here proves little, though: many are made where a project
//! runs. So nothing is said of what anything at hand mentions, keeps out of version control, builds or fills.

mod kinds;
mod made;

use std::collections::HashSet;

use lint_parser::compose::ast::field::{Attribute, List, Text};
use lint_parser::compose::ast::mount::{FileGrant, Mount};
use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::{Certainty, Origin};

use crate::files::{file_name, join};
use crate::model::container::missing_mounts::kinds::{is_file, is_made, is_only_read};
use crate::model::container::{BuildFiles, Presence};
use crate::model::project::Project;
use crate::model::project::group::is_base;
use crate::model::project::service::Service;

/// How many mounts are looked at in one project; each costs a question to the disk. Real projects have a few hundred.
const MOST_MOUNTS: usize = 2_000;

/// A source that is not there.
#[derive(Clone, Debug)]
pub struct MissingMount<'p> {
    /// The service that mounts it.
    pub service: &'p Service,
    /// Where it is written.
    pub origin: Origin,
    /// As it is written.
    pub source: &'p str,
    /// What comes of it.
    pub comes: Comes,
}

/// What comes of a source that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comes {
    /// A directory, where the container wants a file.
    DirectoryForFile,
    /// An empty directory, which nothing fills.
    EmptyDirectory,
    /// Nothing: `create_host_path: false` keeps the container from being started.
    Refusal,
}

/// The mounts of a project whose source is certainly not there and that nothing seems to make.
#[must_use]
pub(crate) fn find<'p>(project: &'p Project, files: &dyn BuildFiles) -> Vec<MissingMount<'p>> {
    if kinds::is_for_tests(&project.files)
        || files.presence(&join(&project.directory, ".")) != Presence::There
    {
        return Vec::new();
    }
    // Of a file that another is laid under nobody knows the directory.
    let is_whole = project.files.iter().any(|file| is_base(file))
        || !project.services.iter().any(|service| service.fragment);
    if project.opaque || !is_whole {
        return Vec::new();
    }
    let mounts: Vec<(&Service, Bind<'p>)> = project
        .services
        .iter()
        .filter(|service| service.spec.provider.is_none())
        .flat_map(|service| binds(project, service).map(move |bind| (service, bind)))
        .take(MOST_MOUNTS)
        .collect();
    let mut seen = HashSet::new();
    let mut missing = Vec::new();
    for (service, bind) in &mounts {
        if !seen.insert(bind.path.as_str()) || files.presence(&bind.path) != Presence::Missing {
            continue;
        }
        let Some(comes) = bind.comes() else { continue };
        let is_filled = mounts.iter().any(|(_, other)| other.fills(bind, &project.directory));
        if is_filled || made::may_be(&bind.path, project, files) {
            continue;
        }
        let (origin, source) = (bind.source.origin, bind.source.as_str());
        missing.push(MissingMount { service, origin, source, comes });
    }
    missing
}

/// A bind mount of something of the project's, or a secret or config that is a file.
struct Bind<'p> {
    /// The mount; `None` for a secret or config, of which the engine makes nothing that is missing.
    mount: Option<&'p Mount>,
    source: &'p Text,
    /// From where names start.
    path: String,
}

/// The bind mounts of a service whose source is written in full and relative to the project.
fn binds<'p>(project: &'p Project, service: &'p Service) -> impl Iterator<Item = Bind<'p>> {
    let mounts = service.spec.volumes.iter().flat_map(|volumes| volumes.value.iter());
    let mounts = mounts.filter_map(|mount| {
        let is_bind = mount.kind.as_ref().is_some_and(|kind| kind.value.is(MountType::Bind));
        Some((Some(mount), mount.source.as_ref().filter(|_| is_bind).map(|field| &field.value)?))
    });
    mounts.chain(granted(project, service).map(|source| (None, source))).filter_map(|(mount, source)| {
        let text = source.as_str();
        let is_relative = source.certainty == Certainty::Known
            && !text.is_empty()
            && !text.starts_with(['/', '~'])
            && !text.contains(['\\', ':', '$']);
        let from = &project.sources.get(source.origin.source)?.directory;
        is_relative.then(|| Bind { mount, source, path: join(from, text) })
    })
}

/// The files of the secrets and configs that a service is granted.
fn granted<'p>(project: &'p Project, service: &'p Service) -> impl Iterator<Item = &'p Text> {
    let names = |grants: &'p Attribute<List<FileGrant>>| {
        let grants = grants.iter().flat_map(|grants| grants.value.iter());
        grants.filter_map(|grant| grant.source.as_ref()).map(|source| source.value.as_str())
    };
    let secrets =
        names(&service.spec.secrets).filter_map(|name| project.secret(name)?.field.value.file.as_ref());
    let configs =
        names(&service.spec.configs).filter_map(|name| project.config(name)?.field.value.file.as_ref());
    secrets.chain(configs).map(|field| &field.value)
}

impl Bind<'_> {
    /// What comes of its not being there; `None` where that may well be meant.
    fn comes(&self) -> Option<Comes> {
        let Some(mount) = self.mount else { return (!is_made(&self.path)).then_some(Comes::Refusal) };
        let target = mount.target.as_ref().map_or("", |target| target.value.as_str());
        if is_made(&self.path) {
            return None;
        }
        let bind = mount.bind.as_ref().map(|bind| &bind.value);
        if bind.and_then(|bind| bind.create_host_path.as_ref()).is_some_and(|makes| makes.value.is(false)) {
            return Some(Comes::Refusal);
        }
        if is_file(file_name(&self.path)) || is_file(file_name(target)) {
            return Some(Comes::DirectoryForFile);
        }
        (self.is_read_only() || is_only_read(target)).then_some(Comes::EmptyDirectory)
    }

    fn is_read_only(&self) -> bool {
        self.mount.is_none_or(|mount| mount.read_only.as_ref().is_some_and(|field| field.value.is(true)))
    }

    /// Whether its container may write what another mounts. That of the whole project is there for its sources, and who
    /// mounts a file that is missing gets the same directory.
    fn fills(&self, other: &Bind<'_>, project: &str) -> bool {
        let below = |path: &str, above: &str| {
            path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_sources = self.path == "." || below(project, &self.path);
        let is_same = self.source.origin == other.source.origin
            || (self.path == other.path && other.comes() == Some(Comes::DirectoryForFile));
        let reaches = below(&other.path, &self.path) || below(&self.path, &other.path);
        reaches && !is_same && !is_sources && !self.is_read_only()
    }
}
