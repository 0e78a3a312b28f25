//! What a rule is made of: checks, each for one kind of thing.

use crate::model::build::BuildPlan;
use crate::model::container::Container;
use crate::model::container::assembly::Assembly;
use crate::model::project::Project;
use crate::model::repository::Repository;
use crate::rule::context::Context;
use crate::rule::daemon::DaemonSubject;
use crate::rule::kubernetes::{ComponentSubject, ObjectSubject, PodSubject};
use crate::rule::program::{ProgramSubject, RunsSubject, VariableSubject};

pub use crate::rule::subject::{
    Fault, InstructionSubject, JudgedIgnore, NameVerdict, ServiceSubject, StageSubject, UnusedDockerfile,
    Void,
};

/// A pure function, and what it is handed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Check {
    /// Each thing Docker would refuse to read.
    Fault(fn(&Fault, &mut Context<'_>)),
    /// Each service of a project, as Compose would run it.
    Service(fn(&ServiceSubject<'_>, &mut Context<'_>)),
    /// Each project, for what belongs to none of its services: its networks, its configs.
    Project(fn(&Project, &mut Context<'_>)),
    /// Each project with all its containers side by side, for what is true of two of them together.
    Assembly(fn(&Assembly<'_>, &mut Context<'_>)),
    /// Each container: a service over what it builds, or a Dockerfile's last stage by itself.
    Container(fn(&Container<'_>, &mut Context<'_>)),
    /// Each Dockerfile, built as its author wrote it: the last stage, with no arguments but the run's own.
    Dockerfile(fn(&BuildPlan, &mut Context<'_>)),
    /// Each stage of a Dockerfile, those that nothing needs included.
    Stage(fn(&StageSubject<'_>, &mut Context<'_>)),
    /// Each instruction of each stage.
    Instruction(fn(&InstructionSubject<'_>, &mut Context<'_>)),
    /// All that an instruction or a service runs, for what depends on the order.
    Runs(fn(&RunsSubject<'_>, &mut Context<'_>)),
    /// Each program that an instruction or a service runs.
    Program(fn(&ProgramSubject<'_>, &mut Context<'_>)),
    /// Each variable that an instruction or a service sets.
    Variable(fn(&VariableSubject<'_>, &mut Context<'_>)),
    /// Each Docker daemon's configuration, of all its files together.
    Daemon(fn(&DaemonSubject<'_>, &mut Context<'_>)),
    /// The projects of a run that take the same of their host.
    Repository(fn(&Repository<'_>, &mut Context<'_>)),
    /// Each Dockerfile that lies where services of a linted project are built and that none of them builds.
    UnusedDockerfile(fn(&UnusedDockerfile<'_>, &mut Context<'_>)),
    /// Each object of a manifest.
    Object(fn(&ObjectSubject<'_>, &mut Context<'_>)),
    /// Each pod of a manifest, or template of one, with its containers.
    Pod(fn(&PodSubject<'_>, &mut Context<'_>)),
    /// Each component of the control plane or of a node that a file configures.
    Component(fn(&ComponentSubject<'_>, &mut Context<'_>)),
    /// Each suppression comment of ours, after everything else has run.
    Ignore(fn(&JudgedIgnore<'_>, &mut Context<'_>)),
}
