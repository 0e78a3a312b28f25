//! Whose a directory of an image is, where its Dockerfile shows it.

use lint_parser::dockerfile::ast::InstructionKind;

use crate::files::{self, join, normalise};
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, CopySource, Stage};
use crate::model::container::needed_paths::is_below;
use crate::model::runs::Program;
use crate::model::values::origin::SetAt;

/// Programs that give a directory to somebody, or may.
const GIVES: [&str; 8] = ["chgrp", "chmod", "chown", "install", "make", "rsync", "setfacl", "tar"];

/// Programs that make somebody's home.
const MAKES_HOMES: [&str; 4] = ["adduser", "mkhomedir_helper", "useradd", "usermod"];

/// Where images keep nothing of their own that a Dockerfile could be thought to make.
const FREE: [&str; 6] = ["/opt", "/srv", "/usr/src", "/var/lib", "/var/log", "/var/opt"];

/// Directories at the root that an image may have for itself, or that packages put things into.
pub(super) const OF_SYSTEMS: [&str; 22] = [
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib32",
    "lib64",
    "media",
    "mnt",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "srv",
    "sys",
    "tmp",
    "usr",
    "var",
    "workspace",
    "workspaces",
];

/// What makes a directory of an image, for root: an instruction that no other one takes back. `None` where it may be somebody
/// else's, or nothing here makes it.
#[must_use]
pub(super) fn made_by_root(plan: &BuildPlan, stage: &Stage, path: &str) -> Option<SetAt> {
    let path = normalise(path);
    if !is_free(&path) || !is_seen(plan, stage) || is_of_base(plan, stage, &path) {
        return None;
    }
    let mut made = None;
    let stages: Vec<&Stage> = plan.chain(stage.index).collect();
    for stage in stages.into_iter().rev() {
        for index in stage.instructions.clone() {
            let instruction = plan.instruction(index)?;
            let at = SetAt { stage: stage.index, instruction: index, span: instruction.span, trigger: false };
            match &instruction.kind {
                InstructionKind::Onbuild(_) => return None,
                InstructionKind::Run(_) => {
                    if may_give(plan, index, &path) {
                        return None;
                    }
                    if makes(plan, index, &path) {
                        if !plan.runs_as_root(index) {
                            return None;
                        }
                        made.get_or_insert(at);
                    }
                }
                InstructionKind::Workdir(_) => {
                    let workdir = match index + 1 < stage.instructions.end {
                        true => plan.directories.get(index + 1).cloned().flatten().map(|at| at.to_string()),
                        false => stage.config.workdir.as_ref().and_then(|set| set.value.clone()),
                    };
                    if workdir.is_some_and(|workdir| is_below(&workdir, &path)) {
                        // BuildKit makes it for the user that is set by then.
                        if !plan.runs_as_root(index) {
                            return made;
                        }
                        made.get_or_insert(at);
                    }
                }
                InstructionKind::Copy(_) | InstructionKind::Add(_) => {
                    let is_given = instruction.flag("chown").is_some() || instruction.flag("chmod").is_some();
                    for copied in stage.copies.iter().filter(|copied| copied.origin.instruction == index) {
                        let is_here =
                            is_below(&copied.destination, &path) || is_below(&path, &copied.destination);
                        // What another stage has may belong to whom it belongs there.
                        let is_open = !matches!(copied.from, CopySource::Context | CopySource::Heredoc(_));
                        if is_here && (is_given || is_open) {
                            return None;
                        }
                        if is_below(&copied.destination, &path) {
                            made.get_or_insert(at);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    made
}

/// Whether a path lies where images have nothing of their own.
fn is_free(path: &str) -> bool {
    let Some(first) = path.strip_prefix('/').and_then(|path| path.split('/').next()) else { return false };
    let is_below_free = FREE.iter().any(|free| path != *free && is_below(path, free));
    !first.is_empty() && (!OF_SYSTEMS.contains(&first) || is_below_free)
}

/// Whether all that the image is made of can be seen: a base whose directories are those of every system, and no `ONBUILD`.
pub(super) fn is_seen(plan: &BuildPlan, stage: &Stage) -> bool {
    let is_known = match &plan.root_of(stage).base {
        Base::Scratch => true,
        Base::Image(base) => base.facts.is_some_and(|facts| !facts.windows),
        Base::Stage(_) | Base::Unknown => false,
    };
    is_known
        && plan.dockerfile.errors.is_empty()
        && plan.chain(stage.index).all(|stage| stage.triggers.is_empty())
}

/// Whether the base may have the directory for itself.
fn is_of_base(plan: &BuildPlan, stage: &Stage, path: &str) -> bool {
    let Base::Image(base) = &plan.root_of(stage).base else { return false };
    let Some(facts) = base.facts else { return true };
    let has = |own: &str| is_below(own, path) || is_below(path, own);
    facts.volumes().any(has) || facts.workdir.is_some_and(|workdir| workdir != "/" && has(workdir))
}

/// Whether a `RUN` makes a directory: `mkdir -p /data`, without a mode of its own.
fn makes(plan: &BuildPlan, index: usize, path: &str) -> bool {
    let here = plan.directories.get(index).cloned().flatten();
    plan.programs(index).iter().filter(|program| program.name() == Some("mkdir")).any(|program| {
        let words = program.args().iter().filter_map(|word| word.literal_text());
        let words: Vec<_> = words.collect();
        let has_mode = words.iter().any(|word| word.starts_with("-m") || word.starts_with("--mode"));
        let mut operands = words.iter().filter(|word| !word.starts_with('-'));
        !has_mode
            && operands
                .any(|operand| absolute(here.as_deref(), operand).is_some_and(|made| is_below(&made, path)))
    })
}

/// Whether a program has to do with a directory, as far as its words tell.
fn touches(plan: &BuildPlan, index: usize, program: &Program, path: &str) -> bool {
    let here = plan.directories.get(index).cloned().flatten();
    // Its first word says who, or how.
    let first = usize::from(matches!(program.name(), Some("chgrp" | "chmod" | "chown")));
    let words = program.args().iter().map(|word| word.literal_text());
    let words = words.filter(|word| word.as_ref().is_none_or(|word| !word.starts_with('-'))).skip(first);
    words.into_iter().any(|word| {
        let Some(word) = word else { return true };
        let named = word.split(['*', '?', '[']).next().unwrap_or_default();
        let is_relative = !named.starts_with('/');
        let named = if named.len() < word.len() { files::directory(named) } else { named };
        let Some(named) = absolute(here.as_deref(), named) else { return true };
        // It may have gone elsewhere first.
        is_relative
            && program.in_script
            && plan.programs(index).iter().any(|other| other.name() == Some("cd"))
            || is_below(&named, path)
            || is_below(path, &named)
    })
}

/// Whether what a `RUN` runs may give a directory to somebody. A script that is not seen may do anything.
fn may_give(plan: &BuildPlan, index: usize, path: &str) -> bool {
    if plan.commands(index).is_none() || plan.unread(index).next().is_some() {
        return true;
    }
    let top = path.split('/').take(2).collect::<Vec<_>>().join("/");
    plan.programs(index).iter().any(|program| {
        let Some(name) = program.name() else { return true };
        let is_script = name.ends_with(".sh")
            || program.invocation().words.first().is_some_and(|word| word.text.text().starts_with("./"));
        let is_home = || program.command().text.text().contains(&top);
        is_script
            || (GIVES.contains(&name) && touches(plan, index, program, path))
            || (MAKES_HOMES.contains(&name) && is_home())
    })
}

fn absolute(here: Option<&str>, path: &str) -> Option<String> {
    if path.starts_with('/') { Some(normalise(path)) } else { Some(join(here?, path)) }
}
