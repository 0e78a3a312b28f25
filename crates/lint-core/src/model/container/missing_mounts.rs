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

use crate::files::{InGit, file_name, join};
use crate::model::build::user::UserKind;
use crate::model::container::missing_mounts::kinds::{is_file, is_made, is_only_read};
use crate::model::container::runtime_user::RuntimeUser;
use crate::model::container::{BuildFiles, Presence};
use crate::model::project::Project;
use crate::model::project::group::is_base;
use crate::model::project::service::Service;
use crate::model::values::origin::Confidence;

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

/// A file that the project needs and that Git is told to leave alone.
#[derive(Clone, Debug)]
pub struct IgnoredFile<'p> {
    /// The service that needs it.
    pub service: &'p Service,
    /// Where it is written.
    pub origin: Origin,
    /// As it is written.
    pub path: &'p str,
    /// What it is for.
    pub need: Need,
}

/// What a file is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `env_file`
    Variables,
    /// A bind mount.
    Mount,
    /// A secret or config.
    Grant,
}

/// A directory that the engine makes, for root, and that somebody else is to write to.
#[derive(Clone, Debug)]
pub struct MadeForRoot<'p> {
    /// The service that mounts it.
    pub service: &'p Service,
    /// Where it is written.
    pub origin: Origin,
    /// As it is written.
    pub source: &'p str,
    /// Where it is mounted.
    pub target: &'p str,
}

/// The files that services need and no clone has, since Git is told to leave them alone, and of which nothing at hand speaks.
#[must_use]
pub(crate) fn ignored<'p>(project: &'p Project, files: &dyn BuildFiles) -> Vec<IgnoredFile<'p>> {
    if kinds::is_for_tests(&project.files) || project.opaque {
        return Vec::new();
    }
    let services =
        project.services.iter().filter(|service| service.spec.provider.is_none() && !service.fragment);
    let needed = services.flat_map(|service| needed(project, service).map(move |needed| (service, needed)));
    let mut seen = HashSet::new();
    let found = needed.take(MOST_MOUNTS).filter_map(|(service, (text, path, need))| {
        let is_ignored = seen.insert(path.clone())
            && files.in_git(&path) == Some(InGit::Ignored)
            && !made::is_spoken_of(&path, files);
        is_ignored.then_some(IgnoredFile { service, origin: text.origin, path: text.as_str(), need })
    });
    found.collect()
}

/// The files of a project that a service does not start without, each with its path.
fn needed<'p>(project: &'p Project, service: &'p Service) -> impl Iterator<Item = (&'p Text, String, Need)> {
    let variables = service.spec.env_file.iter().flat_map(|files| files.value.iter());
    let variables = variables.filter_map(|file| {
        let is_required = file.required.as_ref().is_none_or(|required| required.value.is(true));
        Some(&file.path.as_ref().filter(|_| is_required)?.value)
    });
    let labels = service.spec.label_file.iter().flat_map(|files| files.value.iter());
    let variables = variables.chain(labels).filter_map(|text| {
        let is_written = text.certainty == Certainty::Known && !text.as_str().starts_with(['/', '~']);
        Some((text, project.path(text).filter(|_| is_written)?, Need::Variables))
    });
    let mounts = binds(project, service).filter_map(|bind| {
        let need = if bind.mount.is_some() { Need::Mount } else { Need::Grant };
        // Directories hold what is made where the project runs.
        let is_wanted = match bind.mount {
            Some(_) => bind.comes().is_some() && is_file(file_name(&bind.path)),
            None => true,
        };
        is_wanted.then_some((bind.source, bind.path, need))
    });
    variables.chain(mounts)
}

/// The directories of a project that a service mounts to write to, that are not there, and that its program could not write to
/// once the engine has made them.
#[must_use]
pub(crate) fn made_for_root<'p>(
    project: &'p Project,
    service: &'p Service,
    user: &RuntimeUser,
    files: &dyn BuildFiles,
) -> Vec<MadeForRoot<'p>> {
    let spec = &service.spec;
    let is_somebody =
        user.kind == UserKind::NotRoot && user.certainty >= Confidence::Likely && user.unset.is_empty();
    let is_helped = spec.pre_start.is_some() || spec.post_start.is_some() || spec.userns_mode.is_some();
    let is_known = service.complete && !service.fragment && !project.opaque && !service.is_windows();
    if !is_somebody
        || is_helped
        || !is_known
        || !project.input.is_compose()
        || kinds::is_for_tests(&project.files)
        || service.spec.volumes.as_ref().is_none_or(|volumes| volumes.value.is_empty())
        || files.presence(&join(&project.directory, ".")) != Presence::There
    {
        return Vec::new();
    }
    let others = project.services.iter().filter(|other| other.name != service.name);
    let others: Vec<Bind<'_>> = others.flat_map(|other| binds(project, other)).take(MOST_MOUNTS).collect();
    let found = binds(project, service).take(MOST_MOUNTS).filter_map(|bind| {
        let mount = bind.mount?;
        let target = mount.target.as_ref()?.value.as_str();
        let own = mount.bind.as_ref().map(|bind| &bind.value);
        let is_made =
            own.and_then(|bind| bind.create_host_path.as_ref()).is_none_or(|makes| makes.value.is(true));
        let is_directory = !is_file(file_name(&bind.path)) && !is_file(file_name(target));
        let is_shared = others.iter().any(|other| other.path == bind.path);
        let is_ours = is_made && is_directory && !bind.is_read_only() && !is_shared && !is_only_read(target);
        let is_absent = is_ours
            && files.presence(&bind.path) == Presence::Missing
            && !bind.path.starts_with("..")
            && !made::is_spoken_of(&bind.path, files);
        is_absent.then(|| MadeForRoot {
            service,
            origin: bind.source.origin,
            source: bind.source.as_str(),
            target,
        })
    });
    found.collect()
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
