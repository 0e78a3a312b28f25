//! Who calls: the command lines at hand that build a Dockerfile or start a project.
//!
//! A Dockerfile or a Compose file says half of what is run; the other half is what somebody types, or a Makefile, a script
//! or a workflow: which file, which target, which overlays, which variables. Such files are read as text, by the shell's own
//! grammar, never run, and only once somebody asks. A caller that is found makes a verdict sharper; one that is not found
//! proves nothing.

mod bake;
mod besides;
mod collect;
mod containers;
mod docker;
mod frame;
mod index;
mod makefile;
mod material;
mod mentions;
mod names;
mod pipelines;
mod prose;
mod questions;
mod shell;
#[cfg(test)]
mod tests;
mod text;
mod thin;
mod together;
mod trials;
mod wrappers;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::build::NamedContext;

pub use collect::Calls;
pub use containers::{Act, CallWord, ContainerCall};
pub use material::Material;
pub use mentions::Mentions;
pub use names::{calls_as, is_of_developers, may_call};
pub use pipelines::mapped_without_expressions;
pub use questions::variables_of_examples;
pub use trials::is_trial;

/// A command line that builds a Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildCall {
    /// The file that says so.
    pub file: String,
    /// The paths that the Dockerfile may have; parts of them may be unknown.
    pub(super) dockerfiles: Vec<String>,
    /// The stage that is built.
    pub target: Option<String>,
    /// The names that the image is given; parts of them may be unknown.
    pub(super) tags: Vec<String>,
    /// The platforms that it is built for.
    pub platforms: Vec<String>,
    /// The build arguments; without a value where it is known only to who runs it.
    pub args: BTreeMap<String, Option<String>>,
    /// The named contexts.
    pub contexts: BTreeMap<String, NamedContext>,
    /// Whether it is there to test or to lint.
    pub is_aside: bool,
}

/// A command line that starts a project, or does something else with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartCall {
    /// The file that says so.
    pub file: String,
    /// The Compose files in order, each with the paths that it may have; none where Compose looks for them.
    pub(super) files: Vec<Vec<String>>,
    /// The directories that it may be run in.
    pub(super) places: Vec<String>,
    /// The paths that `--project-directory` may have.
    pub(super) directory: Vec<String>,
    /// The paths that each `--env-file` may have.
    pub(super) env_files: Vec<Vec<String>>,
    /// The names of the variables that its caller sets.
    pub variables: BTreeSet<String>,
    /// Whether Swarm is given the files.
    pub is_stack: bool,
    /// What it does with the project.
    pub(super) act: Deed,
    /// Whether it gives the project another name.
    pub(super) is_named: bool,
    /// What is run one after the other has one number; none where it is not known to be run with anything.
    pub(super) group: Option<usize>,
}

/// What a command line does with a project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Deed {
    /// Nothing that stays.
    #[default]
    Other,
    /// Starts it, and goes on.
    Up,
    /// Starts it, and waits until it ends.
    Foreground,
    /// Ends it.
    Down,
}

/// What the command lines of one file come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) builds: Vec<BuildCall>,
    pub(super) starts: Vec<StartCall>,
    /// Variables that everything in the file sees.
    pub(super) exports: BTreeSet<String>,
    /// Other files that are run, by the paths they may have, with the variables that are set for them.
    pub(super) runs: Vec<(Vec<String>, BTreeSet<String>)>,
    /// Files of variables that are written: the paths they may have and the names in them.
    pub(super) written: Vec<(Vec<String>, BTreeSet<String>)>,
    /// Files of variables that are copied, from and to.
    pub(super) copied: Vec<(Vec<String>, Vec<String>)>,
    /// Other names that images are given, by `docker tag`: from and to.
    pub(super) renamed: Vec<(String, String)>,
    /// Command lines that start a container.
    pub(super) containers: Vec<ContainerCall>,
    /// How many groups of command lines there are that are run one after the other.
    groups: usize,
    /// Groups that are run before others: those of a target's prerequisites.
    pub(super) before: Vec<(usize, Vec<usize>)>,
}

impl Found {
    /// The number of a group that nothing is in yet.
    pub(super) fn new_group(&mut self) -> usize {
        self.groups += 1;
        self.groups
    }
}
