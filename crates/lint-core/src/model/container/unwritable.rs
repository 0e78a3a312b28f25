//! What a program that is not root has to write to, and root has in the image.

use lint_parser::dockerfile::ast::CommandLine;
use lint_parser::shell::ast::{AndOrOperator, RedirectionOperator};

use crate::files::{directory, join, normalise};
use crate::finding::label::Place;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{ImageCommand, Stage};
use crate::model::build::user::UserKind;
use crate::model::container::Container;
use crate::model::container::needed_paths::{self, is_below};
use crate::model::container::owner::made_by_root;
use crate::model::runs::{By, Program};
use crate::model::values::origin::{Confidence, SetAt};

/// A place that the program has to write to.
#[derive(Clone, Debug)]
pub struct Unwritable {
    /// Who writes there: a program, or the image itself, which makes a volume of it.
    pub writer: Writer,
    /// The directory.
    pub path: String,
    /// Where it is written that something writes there.
    pub place: Place,
    /// What makes the directory; `None` where the base image has it.
    pub made: Option<Place>,
}

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writer {
    /// A program of the command.
    Program(String),
    /// A known program with its own configuration.
    Known(&'static str),
    /// `VOLUME`
    Volume,
}

/// Package managers that write into the directory they run in, and the words that have them do so.
const INSTALLERS: [(&str, &[&str]); 6] = [
    ("bun", &["install", "i", "add"]),
    ("composer", &["install", "update"]),
    ("npm", &["install", "i", "ci", "add"]),
    ("pnpm", &["install", "i", "add"]),
    ("poetry", &["lock"]),
    ("yarn", &["install", "add"]),
];

/// What a container has to write to and may not, as far as its Dockerfile shows it.
#[must_use]
pub fn unwritable(container: &Container<'_>) -> Vec<Unwritable> {
    let user = &container.user;
    let is_somebody =
        user.kind == UserKind::NotRoot && user.certainty >= Confidence::Likely && user.unset.is_empty();
    if !is_somebody || !is_plain(container) {
        return Vec::new();
    }
    let mounted = match container.service.map(|of| needed_paths::mounted(of.service)) {
        Some(None) => return Vec::new(),
        Some(Some(mounted)) => mounted,
        None => Vec::new(),
    };
    let is_free = |path: &str| !mounted.iter().any(|mount| is_below(path, mount));
    let mut found: Vec<Unwritable> = known(container).into_iter().collect();
    if let Some((plan, stage)) = container.target() {
        found.extend(volumes(plan, stage));
        found.extend(written(container, plan, stage));
    }
    found.retain(|unwritable| is_free(&unwritable.path));
    found.dedup_by(|one, other| one.path == other.path);
    found
}

/// Whether nobody but the program itself has to do with its files.
fn is_plain(container: &Container<'_>) -> bool {
    let Some(of) = container.service else { return true };
    let spec = &of.service.spec;
    let is_helped = spec.pre_start.is_some() || spec.post_start.is_some() || spec.userns_mode.is_some();
    of.service.complete && !is_helped && spec.volumes_from.is_none() && !of.service.is_windows()
}

/// What a public image's program writes to, which root has there.
fn known(container: &Container<'_>) -> Option<Unwritable> {
    let needed = needed_paths::unmounted(container)?;
    // The databases' directories are open to everybody.
    let path = needed.paths.iter().find(|_| matches!(needed.program, "nginx" | "httpd"))?;
    let place = container.user_place()?;
    Some(Unwritable { writer: Writer::Known(needed.program), path: (*path).to_owned(), place, made: None })
}

/// The volumes that the image makes of what root has.
fn volumes(plan: &BuildPlan, stage: &Stage) -> Vec<Unwritable> {
    let found = stage.config.volumes.iter().filter_map(|(path, at)| {
        let path = normalise(path);
        let made = made_by_root(plan, stage, &path)?;
        Some(Unwritable {
            writer: Writer::Volume,
            place: place(plan, *at),
            made: Some(place(plan, made)),
            path,
        })
    });
    found.collect()
}

/// What the command writes to.
fn written(container: &Container<'_>, plan: &BuildPlan, stage: &Stage) -> Vec<Unwritable> {
    let spec = container.service.map(|of| &of.service.spec);
    let of_stage = stage.config.workdir.as_ref().and_then(|set| set.value.clone());
    let here = match spec.and_then(|spec| spec.working_dir.as_ref()) {
        Some(directory) if directory.value.is_unknown() => None,
        Some(directory) => Some(directory.value.as_str().to_owned()),
        None => of_stage,
    };
    let mut found = Vec::new();
    let mut add = |program: &Program, place: Place| {
        for path in targets(program, here.as_deref()) {
            let Some(made) = made_by_root(plan, stage, &path) else { continue };
            found.push(Unwritable {
                writer: Writer::Program(program.name().unwrap_or_default().to_owned()),
                path,
                place: place.clone(),
                made: Some(self::place(plan, made)),
            });
        }
    };
    let own_entrypoint = spec.is_some_and(|spec| spec.entrypoint.is_some());
    let own_command = spec.is_some_and(|spec| spec.command.is_some());
    if let Some(of) = container.service.filter(|_| own_entrypoint || own_command) {
        for program in of.service.programs().iter().filter(|program| program.by == By::Start) {
            let Some(file) = program.file.and_then(|file| of.project.sources.get(file)) else { continue };
            add(program, Place::new(&file.file, program.span()));
        }
    }
    let is_shell = |command: &ImageCommand| matches!(command, ImageCommand::Line { line, .. } if matches!(**line, CommandLine::Shell(_)));
    let entrypoint = stage.config.entrypoint.as_ref().filter(|_| !own_entrypoint);
    // The shell of a shell form ignores what follows, and a service's entrypoint has no use for the image's command.
    let is_heard = !own_entrypoint && !own_command && !entrypoint.is_some_and(|set| is_shell(&set.value));
    let command = stage.config.cmd.as_ref().filter(|_| is_heard);
    for set in entrypoint.into_iter().chain(command) {
        for program in plan.programs(set.origin.instruction) {
            add(program, Place::new(&plan.dockerfile.file, program.span()));
        }
    }
    found
}

/// The directories that a program writes to for certain.
fn targets(program: &Program, here: Option<&str>) -> Vec<String> {
    let context = &program.context;
    let is_conditional = context.conditional
        || context.in_substitution
        || context.function.is_some()
        || context.after == Some(AndOrOperator::Or);
    if is_conditional || program.may_fail() {
        return Vec::new();
    }
    let Some(name) = program.name() else { return Vec::new() };
    let words: Option<Vec<_>> = program.args().iter().map(|word| word.literal_text()).collect();
    let Some(words) = words else { return Vec::new() };
    let absolute = |path: &str| {
        let is_plain = !path.is_empty() && !path.contains(['*', '?', '$', '~']);
        let path = is_plain
            .then(|| if path.starts_with('/') { Some(normalise(path)) } else { Some(join(here?, path)) });
        path.flatten()
    };
    let mut found: Vec<String> = Vec::new();
    let operands = words.iter().filter(|word| !word.starts_with('-'));
    match name {
        "mkdir" | "touch" | "tee" => {
            found.extend(operands.filter_map(|word| absolute(word)).map(|path| directory(&path).to_owned()));
        }
        name => {
            let installs = INSTALLERS.iter().find(|(installer, _)| *installer == name);
            let verb = words.iter().find(|word| !word.starts_with('-'));
            let is_global = words
                .iter()
                .any(|word| matches!(&**word, "-g" | "--global" | "--prefix" | "-C" | "--cwd" | "--dir"));
            let installs = installs.zip(verb).is_some_and(|((_, verbs), verb)| verbs.contains(&&**verb));
            found.extend(here.filter(|_| installs && !is_global).map(normalise));
        }
    }
    let redirections = program.command().redirections.iter().filter(|_| program.is_outermost());
    let redirections = redirections.filter(|redirection| {
        use RedirectionOperator::{Append, Clobber, Output};
        matches!(redirection.operator, Output | Append | Clobber)
    });
    let files = redirections.filter_map(|redirection| absolute(&redirection.target.literal_text()?));
    found.extend(files.map(|path| directory(&path).to_owned()));
    found.retain(|path| !path.is_empty());
    found
}

fn place(plan: &BuildPlan, at: SetAt) -> Place {
    Place::new(&plan.dockerfile.file, at.span)
}
