//! The file that a container starts with, and whether the kernel may run it.
//!
//! What `COPY` and bind mounts bring has the mode that the file has on the disk, which is the one that Git keeps: a script that was
//! added without the executable bit is refused wherever the repository is cloned.

use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};
use lint_parser::shell;

use crate::files::{InGit, file_name, is_absolute, join, normalise};
use crate::finding::label::Place;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, CopySource, ImageCommand, Stage};
use crate::model::container::step_down::copied_to;
use crate::model::container::{BuildFiles, Image, Presence, ServiceOf};
use crate::model::known::image_facts::ImageFacts;
use crate::model::project::service::Service;
use crate::model::runs::words_of;

/// Programs that run the words behind them in their own place.
const WRAPPERS: [&str; 6] = ["catatonit", "dumb-init", "env", "exec", "su-exec", "tini"];

/// Images without an entrypoint, or with one that runs whatever it is given.
const PLAIN: [&str; 21] = [
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "buildpack-deps",
    "busybox",
    "debian",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "fedora",
    "golang",
    "openjdk",
    "oraclelinux",
    "php",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "ubuntu",
];

/// A file that the kernel refuses to run.
#[derive(Clone, Debug)]
pub struct NotExecutable {
    /// Its path on disk.
    pub file: String,
    /// Its path in the container.
    pub path: String,
    /// Where that is written.
    pub place: Place,
    /// What brings it there: a mount or a `COPY`.
    pub brought: Place,
    /// Whether a `COPY` does.
    pub is_copied: bool,
}

/// What is started: a path or a name, and where it is written.
struct Started {
    program: String,
    place: Place,
}

/// The file that a container starts with, where Git has it as one that may not be run.
#[must_use]
pub(super) fn not_executable(
    of: Option<ServiceOf<'_>>,
    image: &Image,
    files: &dyn BuildFiles,
) -> Option<NotExecutable> {
    let started = started(of, image)?;
    let (plan, stage, context) = match image {
        Image::Built { plan, context, .. } => (Some(&**plan), plan.target_stage(), context.as_deref()),
        _ => (None, None, None),
    };
    let workdir =
        of.and_then(|of| of.service.spec.working_dir.as_ref()).map(|workdir| workdir.value.as_str());
    let of_stage = stage.and_then(|stage| match &stage.config.workdir {
        Some(set) => set.value.as_deref(),
        None => stage.config.base_workdir,
    });
    let path = match started.program.contains('/') {
        true if is_absolute(&started.program) => normalise(&started.program),
        true => join(workdir.or(of_stage)?, &started.program),
        false => started.program.clone(),
    };
    if let Some((file, origin)) = of.and_then(|of| mounted(of, &path)) {
        let brought = of?.project.place(origin);
        let is_plain = files.in_git(&file) == Some(InGit::Tracked) && is_script(&file, files);
        return is_plain.then_some(NotExecutable {
            file,
            path,
            place: started.place,
            brought,
            is_copied: false,
        });
    }
    let (plan, stage, context) = (plan?, stage?, context?);
    if is_given_a_mode(plan, stage) {
        return None;
    }
    let is_there = |source: &str| {
        let path = join(context, source.trim_start_matches('/'));
        (files.presence(&path) == Presence::There).then(String::new)
    };
    let (copied, source) = copied_to(plan, stage, &path, &is_there)?;
    let instruction = plan.instruction(copied.origin.instruction)?;
    if copied.from != CopySource::Context || instruction.flag("chmod").is_some() {
        return None;
    }
    let file = join(context, source.trim_start_matches('/'));
    let is_plain = files.in_git(&file) == Some(InGit::Tracked) && is_script(&file, files);
    let brought = Place::new(&plan.dockerfile.file, copied.origin.span);
    is_plain.then_some(NotExecutable { file, path, place: started.place, brought, is_copied: true })
}

/// Whether a file is one that is run by what its first line names.
fn is_script(file: &str, files: &dyn BuildFiles) -> bool {
    files.text(file).is_some_and(|text| text.starts_with("#!"))
}

/// Whether some command of the image may set modes.
fn is_given_a_mode(plan: &BuildPlan, stage: &Stage) -> bool {
    plan.chain(stage.index).any(|stage| {
        !stage.triggers.is_empty()
            || stage.instructions.clone().filter_map(|index| plan.instruction(index)).any(|instruction| {
                let is_run = matches!(instruction.kind, InstructionKind::Run(_));
                let text = plan.dockerfile.file.slice(instruction.span);
                is_run
                    && ["chmod", "install", "setfacl", "0755", "0o755"].iter().any(|word| text.contains(word))
            })
    })
}

/// The program that a container starts with, behind what only hands over.
fn started(of: Option<ServiceOf<'_>>, image: &Image) -> Option<Started> {
    let service = of.map(|of| of.service);
    let own = |field: Option<(&lint_parser::compose::ast::pairs::Command, Origin)>| {
        let (command, origin) = field?;
        Some((words(command)?, of?.project.place(origin)))
    };
    let spec = service.map(|service| &service.spec);
    let entrypoint = spec.and_then(|spec| spec.entrypoint.as_ref()).map(|field| (&field.value, field.origin));
    let command = spec.and_then(|spec| spec.command.as_ref()).map(|field| (&field.value, field.origin));
    let of_stage = || match image {
        Image::Built { plan, .. } => Some((&**plan, plan.target_stage()?)),
        _ => None,
    };
    let mut all: Vec<(String, Place)> = Vec::new();
    let mut add = |(words, place): (Vec<String>, Place)| {
        all.extend(words.into_iter().map(|word| (word, place.clone())));
    };
    match (own(entrypoint), of_stage()) {
        (Some(own), _) => add(own),
        (None, Some((plan, stage))) => {
            if let Some(set) = &stage.config.entrypoint {
                add((image_words(&set.value)?, Place::new(&plan.dockerfile.file, set.origin.span)));
            } else if !is_run_by_base(plan, stage) {
                return None;
            }
        }
        (None, None) => {
            let Image::Named { facts, .. } = image else { return None };
            if !facts.is_some_and(runs_what_it_is_given) {
                return None;
            }
        }
    }
    match (own(command), of_stage()) {
        (Some(own), _) => add(own),
        (None, Some((plan, stage))) if service.is_none_or(|service| service.spec.entrypoint.is_none()) => {
            if let Some(set) = &stage.config.cmd {
                add((image_words(&set.value)?, Place::new(&plan.dockerfile.file, set.origin.span)));
            }
        }
        _ => {}
    }
    let mut words = all.into_iter().peekable();
    while let Some((word, _)) = words.peek() {
        let is_assignment = word.contains('=') && !word.contains('/');
        if WRAPPERS.contains(&file_name(word)) || word.starts_with('-') || is_assignment {
            words.next();
        } else {
            break;
        }
    }
    let (program, place) = words.next()?;
    let is_path = !program.is_empty() && !program.contains(['$', '*', '?', '"', '\'', '`', ' ', '\\']);
    is_path.then_some(Started { program, place })
}

/// Whether the base of a stage runs the command that it is given, as far as that is known.
fn is_run_by_base(plan: &BuildPlan, stage: &Stage) -> bool {
    match &plan.root_of(stage).base {
        Base::Scratch => true,
        Base::Image(image) => image.facts.is_some_and(runs_what_it_is_given),
        Base::Stage(_) | Base::Unknown => false,
    }
}

fn runs_what_it_is_given(facts: ImageFacts) -> bool {
    let name = facts.repository.strip_prefix("docker.io/library/");
    facts.steps_down.is_some() || name.is_some_and(|name| PLAIN.contains(&name))
}

fn words(command: &lint_parser::compose::ast::pairs::Command) -> Option<Vec<String>> {
    use lint_parser::compose::ast::pairs::Command;
    match command {
        Command::Null => None,
        Command::Line(line) => {
            words_of(&line.mapped).map(|words| words.iter().map(|word| word.text().to_owned()).collect())
        }
        Command::Words(words) if words.iter().any(|word| word.is_unknown()) => None,
        Command::Words(words) => Some(words.iter().map(|word| word.as_str().to_owned()).collect()),
    }
}

/// The words of an `ENTRYPOINT` or `CMD`; of a shell form those of its one command.
fn image_words(command: &ImageCommand) -> Option<Vec<String>> {
    let ImageCommand::Line { line, .. } = command else { return Some(Vec::new()) };
    match &**line {
        CommandLine::Exec { words, .. } => Some(words.iter().map(|word| word.text().to_owned()).collect()),
        CommandLine::Shell(text) => {
            let script = shell::parse(text).tree;
            let first = script.simple_commands().first()?;
            let words = first.command.words.iter();
            words.map(|word| word.literal_text().map(|text| text.into_owned())).collect()
        }
    }
}

/// The file on disk that a bind mount puts at a path, and where the mount is written.
fn mounted(of: ServiceOf<'_>, path: &str) -> Option<(String, Origin)> {
    let Service { spec, .. } = of.service;
    let mounts = spec.volumes.iter().flat_map(|volumes| &volumes.value.items);
    let found = mounts.filter_map(|item| {
        let mount = &item.value;
        let is_bind = mount.kind.as_ref().is_some_and(|kind| kind.value.is(MountType::Bind));
        let target = normalise(mount.target.as_ref().filter(|_| is_bind)?.value.as_str());
        let rest = path.strip_prefix(&target).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        let source = of.project.path(&mount.source.as_ref()?.value)?;
        let file = if rest.is_empty() { source } else { join(&source, rest.trim_start_matches('/')) };
        Some((target.len(), file, item.origin))
    });
    found.max_by_key(|(length, ..)| *length).map(|(_, file, origin)| (file, origin))
}
