//! Programs that an image certainly does not have.
//!
//! Only `curl` and `wget` are asked for: the usual health check runs one of them, and small images have neither.

use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::normalise;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Stage};
use crate::model::container::{Container, Image};
use crate::model::runs::Program;

/// A program that fetches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetcher {
    /// `curl`
    Curl,
    /// `wget`
    Wget,
}

/// Repositories and tags, `*` for any, whose images have been looked into: those without `curl` and, where the
/// last is set, without `wget`. Alpine's `wget` is BusyBox's. PHP's images keep `curl` and are not here.
const WITHOUT: &[(&str, &[&str], bool)] = &[
    ("docker.io/library/alpine", &[""], false),
    ("docker.io/library/debian", &[""], true),
    ("docker.io/library/ubuntu", &[""], true),
    ("docker.io/library/python", &["slim"], true),
    ("docker.io/library/python", &["alpine"], false),
    ("docker.io/library/node", &["slim"], true),
    ("docker.io/library/node", &["alpine"], false),
    ("docker.io/library/ruby", &["slim"], true),
    ("docker.io/library/ruby", &["alpine"], false),
    ("docker.io/library/golang", &["alpine"], false),
];

/// Programs a `RUN` may start that bring neither of the two: package managers of languages, and what handles
/// files and users. Those of distributions are not here, since one package brings others.
const HARMLESS: &[&str] = &[
    "[", "adduser", "addgroup", "bundle", "cargo", "cat", "cd", "chgrp", "chmod", "chown", "cp", "echo",
    "exit", "export", "find", "gem", "go", "groupadd", "install", "ln", "ls", "mkdir", "mv", "npm", "pip",
    "pip3", "pnpm", "poetry", "printf", "python", "python3", "rm", "sed", "set", "tar", "test", "touch",
    "true", "tsc", "useradd", "usermod", "uv", "yarn",
];

/// Directories where programs are looked for, and those above them.
const PROGRAM_DIRECTORIES: [&str; 10] = [
    "/",
    "/bin",
    "/sbin",
    "/usr",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/opt",
];

impl Fetcher {
    /// The program of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "curl" => Some(Fetcher::Curl),
            "wget" => Some(Fetcher::Wget),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fetcher::Curl => "curl",
            Fetcher::Wget => "wget",
        }
    }
}

/// Whether the container certainly does not have the program: its image, or the image it is built on, does not,
/// and nothing the build does may have brought it.
#[must_use]
pub fn lacks(container: &Container<'_>, program: Fetcher) -> bool {
    if let Some(of) = container.service {
        // A mount may bring anything.
        let spec = &of.service.spec;
        if spec.volumes.is_some() || spec.volumes_from.is_some() || spec.rest.invalid("volumes").is_some() {
            return false;
        }
    }
    match &container.image {
        Image::Named { reference, facts: Some(_) } => is_without(reference, program),
        Image::Built { .. } => container.target().is_some_and(|(plan, stage)| built(plan, stage, program)),
        _ => false,
    }
}

/// Whether the image certainly has no shell: it begins with nothing, or with a base that is made without one, and nothing that is copied
/// comes to stand where programs are looked for.
#[must_use]
pub fn lacks_shell(container: &Container<'_>) -> bool {
    match &container.image {
        Image::Named { reference, .. } => is_shell_less(reference),
        Image::Built { plan, .. } => plan.target_stage().is_some_and(|stage| {
            plan.dockerfile.errors.is_empty()
                && plan.chain(stage.index).all(|stage| is_left_without_shell(plan, stage))
        }),
        _ => false,
    }
}

fn is_left_without_shell(plan: &BuildPlan, stage: &Stage) -> bool {
    let base = match &stage.base {
        Base::Stage(_) | Base::Scratch => true,
        Base::Image(base) => is_shell_less(&base.reference),
        Base::Unknown => false,
    };
    let brings = |index: usize, instruction: &Instruction| match &instruction.kind {
        // What runs there has brought something to run it.
        InstructionKind::Run(_) => true,
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
            let destination = copy.destination.as_ref().map(|word| plan.expand(index, word));
            let text = destination.as_ref().and_then(|destination| destination.text());
            text.is_none_or(|text| {
                let path = normalise(text);
                PROGRAM_DIRECTORIES.contains(&path.as_str())
                    || path.ends_with("sh")
                    || path.contains("busybox")
            })
        }
        _ => false,
    };
    let mut instructions = stage.instructions.clone().filter_map(|at| Some((at, plan.instruction(at)?)));
    base && stage.triggers.is_empty() && !instructions.any(|(at, instruction)| brings(at, instruction))
}

fn is_shell_less(reference: &str) -> bool {
    let Ok(reference) = image::parse(&Mapped::replaced(reference, Span::default())) else { return false };
    let name = reference.normalized_name();
    name.starts_with("gcr.io/distroless/")
        && !reference.effective_tag().is_some_and(|tag| tag.contains("debug"))
}

fn built(plan: &BuildPlan, stage: &Stage, program: Fetcher) -> bool {
    let has_not = |stage: &Stage| {
        let instructions = || stage.instructions.clone().filter_map(|at| Some((at, plan.instruction(at)?)));
        let base = match &stage.base {
            Base::Stage(_) | Base::Scratch => true,
            Base::Image(base) => base.facts.is_some() && is_without(&base.reference, program),
            Base::Unknown => false,
        };
        base && stage.triggers.is_empty()
            && instructions().all(|(at, instruction)| !may_bring(plan, at, instruction, program))
    };
    plan.dockerfile.errors.is_empty() && plan.chain(stage.index).all(has_not)
}

fn may_bring(plan: &BuildPlan, index: usize, instruction: &Instruction, program: Fetcher) -> bool {
    match &instruction.kind {
        InstructionKind::Run(_) => {
            let harmless = |program: &Program| program.name().is_some_and(|name| HARMLESS.contains(&name));
            let known = plan.commands(index).is_some();
            !known
                || !plan.programs(index).iter().all(harmless)
                || instruction.arguments.text().contains(program.name())
        }
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
            let Some(word) = &copy.destination else { return true };
            let destination = plan.expand(index, word);
            let Some(destination) = destination.text() else { return true };
            PROGRAM_DIRECTORIES.contains(&normalise(destination).as_str())
                || instruction.arguments.text().contains(program.name())
        }
        _ => false,
    }
}

fn is_without(reference: &str, program: Fetcher) -> bool {
    let Ok(reference) = image::parse(&Mapped::replaced(reference, Span::default())) else { return false };
    let name = reference.normalized_name();
    let Some(tag) = reference.effective_tag() else { return false };
    if name.starts_with("gcr.io/distroless/") {
        return !tag.contains("debug");
    }
    WITHOUT.iter().any(|(repository, tags, no_wget)| {
        *repository == name
            && tags.iter().all(|part| tag.contains(part))
            && (program == Fetcher::Curl || *no_wget)
    })
}
