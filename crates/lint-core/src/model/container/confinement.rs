//! What a container needs where its root file system is read-only and its capabilities are dropped.

use lint_parser::compose::ast::pairs::Command;
use lint_parser::image;
use lint_parser::text::mapped::Mapped;

use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Stage};
use crate::model::build::user::UserKind;
use crate::model::container::needed_paths::{is_below, mounted};
use crate::model::container::{Container, Image, ServiceOf};
use crate::model::edits::{Change, Yaml};
use crate::model::known::hardening::{Hardening, lookup};
use crate::model::known::image_facts::ImageFacts;
use crate::model::project::service::Service;
use crate::model::runs::{By, Program};

/// What programs of no known image may count on.
const SCRATCH_SPACE: &str = "/tmp";

/// The tmpfs mounts with which a container runs on a read-only root file system, as the short syntax writes them: those
/// that are not there yet. `None` where nobody knows what it writes to.
#[must_use]
pub fn tmpfs(container: &Container<'_>) -> Option<Vec<String>> {
    let service = container.service?.service;
    let spec = &service.spec;
    let unread = ["volumes", "tmpfs", "user"].into_iter().any(|name| spec.rest.invalid(name).is_some());
    if unread || spec.volumes_from.is_some() || service.fragment || !service.complete {
        return None;
    }
    let mounted = mounted(service)?;
    let is_mounted = |path: &str| mounted.iter().any(|mount| is_below(path, mount));
    let (known, volumes, own_program) = match &container.image {
        Image::Named { reference, facts } => (of_reference(reference)?, volumes_of(*facts), false),
        Image::Built { plan, .. } => {
            let stage = plan.target_stage()?;
            if plan.is_for_development() && !is_workdir_mounted(stage, &is_mounted) {
                return None;
            }
            let (known, facts) = of_build(plan, stage)?;
            let own = stage.config.volumes.iter().map(|(path, _)| path.to_owned());
            let own_program = has_own_program(stage) || starts_own_program(service);
            (known, volumes_of(facts).into_iter().chain(own).collect(), own_program)
        }
        _ => return None,
    };
    let is_writable = |path: &str| is_mounted(path) || volumes.iter().any(|volume| is_below(path, volume));
    let wanted: Vec<(&str, &str)> = match known {
        Some(known) => {
            // A runtime for programs of one's own writes nowhere by itself.
            let is_runtime = own_program && known.keeps().is_empty();
            let needs_more = needs_more(known, service) && !is_runtime
                || known.unless().iter().any(|path| is_mounted(path));
            if needs_more || !known.keeps().iter().all(|path| is_writable(path)) {
                return None;
            }
            let writes = known.writes()?;
            writes.iter().map(|writes| (writes.path, writes.options)).collect()
        }
        // A program of somebody's own, on a base that is known.
        None if own_program => vec![(SCRATCH_SPACE, "")],
        None => return None,
    };
    let owner = owner(service)?;
    wanted
        .into_iter()
        .filter(|(path, _)| !is_writable(path))
        .map(|(path, options)| mount(path, options, &owner))
        .collect()
}

/// The capabilities a container needs besides those of every process, where all are dropped. `None` where nobody knows.
#[must_use]
pub fn capabilities(container: &Container<'_>) -> Option<Vec<&'static str>> {
    let service = container.service?.service;
    let is_root = match container.user.kind {
        UserKind::Root(_) => true,
        UserKind::NotRoot => false,
        UserKind::Invalid(_) | UserKind::Unknown => return None,
    };
    let (known, own_program) = match &container.image {
        Image::Named { reference, .. } => (of_reference(reference)?, false),
        Image::Built { plan, .. } => {
            let stage = plan.target_stage()?;
            let (known, _) = of_build(plan, stage)?;
            (known, has_own_program(stage) || starts_own_program(service))
        }
        _ => return None,
    };
    match known {
        Some(known) if !is_root => Some(known.carries()),
        Some(known) => {
            if needs_more(known, service) {
                None
            } else {
                known.needs()
            }
        }
        None if !is_root && own_program => Some(Vec::new()),
        None => None,
    }
}

/// Whether a program of the image is known to gain privileges that `no-new-privileges` would refuse it.
#[must_use]
pub fn escalates(container: &Container<'_>) -> bool {
    let known = match &container.image {
        Image::Named { reference, .. } => of_reference(reference).flatten(),
        Image::Built { plan, .. } => plan.target_stage().and_then(|stage| of_build(plan, stage)?.0),
        _ => None,
    };
    let uses_sudo = |service: &Service| {
        service.programs().iter().any(|program| matches!(program.name(), Some("sudo" | "doas" | "su")))
    };
    known.is_some_and(Hardening::escalates) || container.service.is_some_and(|of| uses_sudo(of.service))
}

/// What is known of an image by its name: nothing of one whose name tells nothing, `Some(None)` of one that is in no table.
fn of_reference(reference: &str) -> Option<Option<Hardening>> {
    let reference = image::parse(&Mapped::verbatim(reference, 0)).ok()?;
    let tag = reference.effective_tag().unwrap_or_default();
    Some(lookup(&reference.normalized_name(), tag))
}

/// What is known of the image that a build begins with.
fn of_build(plan: &BuildPlan, stage: &Stage) -> Option<(Option<Hardening>, Option<ImageFacts>)> {
    match &plan.root_of(stage).base {
        Base::Scratch => Some((None, None)),
        Base::Image(base) => {
            let known = of_reference(&base.reference)?;
            // A base of which nothing is known may write anywhere.
            (known.is_some() || base.facts.is_some()).then_some((known, base.facts))
        }
        _ => None,
    }
}

/// Whether a service has its image do more than is known: by its variables, by another entrypoint, by a shell script in place
/// of the image's own program.
fn needs_more(known: Hardening, service: &Service) -> bool {
    let runs_script = |program: &Program| {
        program.by == By::Start && matches!(program.name(), Some("sh" | "ash" | "bash" | "dash"))
    };
    known.unless().iter().any(|name| service.variable(name).is_some())
        || replaces_entrypoint(service)
        || service.programs().iter().any(runs_script)
}

fn volumes_of(facts: Option<ImageFacts>) -> Vec<String> {
    facts.iter().flat_map(|facts| facts.volumes()).map(str::to_owned).collect()
}

/// Whether the stage says what runs: then it is not the base's program.
fn has_own_program(stage: &Stage) -> bool {
    stage.config.entrypoint.is_some() || stage.config.cmd.is_some()
}

fn starts_own_program(service: &Service) -> bool {
    let says = |command: &Command| *command != Command::Null;
    service.spec.command.as_ref().is_some_and(|command| says(&command.value)) || replaces_entrypoint(service)
}

fn replaces_entrypoint(service: &Service) -> bool {
    service.spec.entrypoint.as_ref().is_some_and(|entrypoint| entrypoint.value != Command::Null)
}

/// Whether where a development server keeps its caches is mounted.
fn is_workdir_mounted(stage: &Stage, is_mounted: &dyn Fn(&str) -> bool) -> bool {
    let own = stage.config.workdir.as_ref().and_then(|workdir| workdir.value.as_deref());
    own.or(stage.config.base_workdir).is_some_and(is_mounted)
}

/// Who must be able to write to a tmpfs.
enum Owner<'t> {
    /// Root, or the user that the image comes with: what the table says holds.
    Image,
    /// Whom the service names by number.
    Number { uid: &'t str, gid: Option<&'t str> },
    /// Whom it names by name, whose number is not known.
    Name,
}

/// Who the service runs as; `None` where a variable decides.
fn owner(service: &Service) -> Option<Owner<'_>> {
    let Some(user) = &service.spec.user else { return Some(Owner::Image) };
    if user.value.is_unknown() {
        return None;
    }
    let text = user.value.as_str();
    let (uid, gid) = text.split_once(':').map_or((text, None), |(uid, gid)| (uid, Some(gid)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    Some(match uid {
        "" | "root" => Owner::Image,
        uid if is_number(uid) && uid.bytes().all(|b| b == b'0') => Owner::Image,
        uid if is_number(uid) && gid.is_none_or(is_number) => Owner::Number { uid, gid },
        _ => Owner::Name,
    })
}

/// A tmpfs in the short syntax, owned by who must write to it. `/tmp` is everybody's.
fn mount(path: &str, options: &str, owner: &Owner<'_>) -> Option<String> {
    let mut all: Vec<String> =
        options.split(':').filter(|option| !option.is_empty()).map(str::to_owned).collect();
    match owner {
        _ if path == SCRATCH_SPACE => {}
        Owner::Image => {}
        Owner::Number { uid, gid } => {
            all.retain(|option| !option.starts_with("uid=") && !option.starts_with("gid="));
            all.push(format!("uid={uid}"));
            all.extend(gid.iter().map(|gid| format!("gid={gid}")));
        }
        Owner::Name => return None,
    }
    Some(if all.is_empty() { path.to_owned() } else { format!("{path}:{}", all.join(",")) })
}

/// Adds mounts to those that a service's `tmpfs` has, in the file that decides.
#[must_use]
pub fn add_tmpfs(of: ServiceOf<'_>, mounts: Vec<String>) -> Option<Change> {
    let editor = of.project.editor_for(of.service);
    let Some(field) = &of.service.spec.tmpfs else {
        return editor.add_to_service(of.service, &[("tmpfs", Yaml::texts(mounts))]);
    };
    if field.value.is_list {
        let items: Vec<Yaml> = mounts.into_iter().map(Yaml::text).collect();
        return editor.append(field.origin, &items);
    }
    let one = field.value.items.first().filter(|one| !one.value.is_unknown())?;
    let all = std::iter::once(one.value.as_str().to_owned()).chain(mounts);
    editor.replace_value(one.origin, &Yaml::texts(all))
}
