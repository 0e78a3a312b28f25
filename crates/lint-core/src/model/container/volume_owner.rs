//! Volumes that a container's program cannot write to, because nobody has made their directory for it.
//!
//! A new volume takes its content and its owner from the directory of the image it is mounted at. Where the image has no such
//! directory, the engine makes one, and it belongs to root.

use lint_parser::compose::ast::field::Field;
use lint_parser::compose::ast::mount::Mount;
use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::InstructionKind;

use crate::files::normalise;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Stage};
use crate::model::build::user::UserKind;
use crate::model::container::owner::{OF_SYSTEMS, is_seen, made_by_root};
use crate::model::container::{Container, ServiceOf};
use crate::model::project::service::Service;
use crate::model::values::origin::{Confidence, SetAt};

/// A volume that belongs to root.
#[derive(Clone, Debug)]
pub struct RootsVolume {
    /// The mount.
    pub origin: Origin,
    /// Where it is mounted.
    pub target: String,
    /// Whether the image has nothing but what is copied: no program there could make a directory.
    pub in_scratch: bool,
    /// The instruction that makes the directory for root; `None` where nothing does.
    pub made: Option<SetAt>,
}

/// The volumes of a container whose program is certainly not root, at paths that its image certainly does not have.
#[must_use]
pub fn of_root(container: &Container<'_>) -> Vec<RootsVolume> {
    let (Some(of), Some((plan, stage))) = (container.service, container.target()) else { return Vec::new() };
    let spec = &of.service.spec;
    let user = &container.user;
    let is_somebody =
        user.kind == UserKind::NotRoot && user.certainty >= Confidence::Likely && user.unset.is_empty();
    let is_helped = spec.pre_start.is_some() || spec.post_start.is_some() || spec.userns_mode.is_some();
    if !is_somebody || is_helped || !of.service.complete || of.service.is_windows() || !is_seen(plan, stage) {
        return Vec::new();
    }
    let Some(volumes) = &spec.volumes else { return Vec::new() };
    let belongs = |item: &lint_parser::compose::ast::field::Item<Mount>| {
        let target = target(&item.value)?;
        let made = made_by_root(plan, stage, &target);
        let is_absent = is_absent_from_systems(&target) && !is_made(plan, stage, &target);
        let is_roots = is_new(of, &item.value) && (made.is_some() || is_absent);
        let in_scratch = matches!(plan.root_of(stage).base, Base::Scratch);
        is_roots.then_some(RootsVolume { origin: item.origin, target, in_scratch, made })
    };
    volumes.value.items.iter().filter_map(belongs).collect()
}

/// Where a writable volume is mounted.
fn target(mount: &Mount) -> Option<String> {
    let is_volume = mount.kind.as_ref().is_some_and(|kind| kind.value.is(MountType::Volume));
    let is_writable = mount.read_only.as_ref().is_none_or(|read_only| read_only.value.is(false))
        && mount.options.iter().all(|option| !option.is_unknown());
    let target =
        mount.target.as_ref().filter(|target| is_volume && is_writable && !target.value.is_unknown())?;
    Some(normalise(target.value.as_str())).filter(|path| path.starts_with('/') && path != "/")
}

/// Whether a path is right below the root, or in a directory that is there for it.
fn is_absent_from_systems(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    !first.is_empty() && !OF_SYSTEMS.contains(&first)
}

/// Whether the project makes the volume, and nobody else in it has it.
fn is_new(of: ServiceOf<'_>, mount: &Mount) -> bool {
    if mount
        .volume
        .as_ref()
        .is_some_and(|volume| volume.value.subpath.is_some() || volume.value.nocopy.is_some())
    {
        return false;
    }
    let Some(source) = &mount.source else { return true };
    if source.value.is_unknown() {
        return false;
    }
    let name = source.value.as_str();
    let is_plain = of.project.volume(name).is_some_and(|volume| {
        let volume = &volume.field.value;
        volume.external.is_none()
            && volume.driver.is_none()
            && volume.driver_opts.is_none()
            && volume.name.is_none()
    });
    let has_it = |service: &Service| {
        let mounts = service.spec.volumes.iter().flat_map(|volumes| volumes.value.iter());
        let names = |source: &Field<_>| -> bool {
            let text: &lint_parser::compose::ast::field::Text = &source.value;
            text.as_str() == name || text.is_unknown()
        };
        mounts.filter_map(|mount| mount.source.as_deref()).any(names) || service.spec.volumes_from.is_some()
    };
    let others = of.project.services.iter().filter(|service| service.name != of.service.name);
    is_plain && !others.into_iter().any(has_it)
}

/// Whether an instruction may make the directory, or one above it: it names a part of the path, or copies to the root.
fn is_made(plan: &BuildPlan, stage: &Stage, target: &str) -> bool {
    let parts: Vec<&str> = target.split('/').filter(|part| !part.is_empty()).collect();
    let of_base = match &plan.root_of(stage).base {
        Base::Image(base) => base.facts.is_some_and(|facts| {
            facts.volumes().any(|volume| volume.starts_with(target) || target.starts_with(volume))
        }),
        _ => false,
    };
    let names = |index: usize| {
        let Some(instruction) = plan.instruction(index) else { return true };
        let is_open = match &instruction.kind {
            InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
                let to = copy.destination.as_ref().map(|to| plan.expand(index, to));
                to.is_none_or(|to| to.text().is_none_or(|to| to.starts_with('~')))
            }
            InstructionKind::Onbuild(_) => true,
            // It says what is a volume and makes nothing.
            InstructionKind::Volume(_) => return false,
            _ => false,
        };
        let text = plan.dockerfile.file.slice(instruction.span);
        is_open || parts.iter().any(|part| text.contains(part))
    };
    // What is copied into the working directory lies where that is; nobody knows what is in it.
    let workdir = match &stage.config.workdir {
        Some(set) => set.value.as_deref(),
        None => Some(stage.config.base_workdir.unwrap_or("/")),
    };
    let in_workdir = workdir.is_none_or(|workdir| {
        let workdir = normalise(workdir);
        workdir != "/" && target.starts_with(&workdir)
    });
    let copied = |stage: &Stage| {
        stage.copies.iter().any(|copied| {
            let to = copied.destination.as_str();
            to == "/" || target.starts_with(to) || to.starts_with(target)
        })
    };
    of_base
        || in_workdir
        || plan.chain(stage.index).any(|stage| copied(stage) || stage.instructions.clone().any(names))
}
