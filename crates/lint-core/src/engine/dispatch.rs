//! The checks of the rules that run, sorted once by what they look at.

use crate::finding::meta::RuleMeta;
use crate::model::build::BuildPlan;
use crate::model::container::Container;
use crate::model::container::assembly::Assembly;
use crate::model::project::Project;
use crate::model::repository::Repository;
use crate::rule::check::{
    Check, Fault, InstructionSubject, JudgedIgnore, ServiceSubject, StageSubject, UnusedDockerfile,
};
use crate::rule::context::Context;
use crate::rule::daemon::DaemonSubject;
use crate::rule::kubernetes::{ComponentSubject, ObjectSubject, PodSubject};
use crate::rule::program::{ProgramSubject, RunsSubject, VariableSubject};
use crate::rule::rule::Rule;

/// A check that looks at a `T`, and the rule it belongs to.
pub(crate) struct Of<T> {
    pub(crate) rule: &'static RuleMeta,
    pub(crate) check: T,
}

/// What is handed out, one list for each kind of [`Check`], in the order of the rules.
#[derive(Default)]
#[allow(clippy::type_complexity, reason = "the types are those of `Check`, whose subjects borrow")]
pub(crate) struct Checks {
    pub(crate) fault: Vec<Of<fn(&Fault, &mut Context<'_>)>>,
    pub(crate) service: Vec<Of<fn(&ServiceSubject<'_>, &mut Context<'_>)>>,
    pub(crate) project: Vec<Of<fn(&Project, &mut Context<'_>)>>,
    pub(crate) assembly: Vec<Of<fn(&Assembly<'_>, &mut Context<'_>)>>,
    pub(crate) container: Vec<Of<fn(&Container<'_>, &mut Context<'_>)>>,
    pub(crate) dockerfile: Vec<Of<fn(&BuildPlan, &mut Context<'_>)>>,
    pub(crate) stage: Vec<Of<fn(&StageSubject<'_>, &mut Context<'_>)>>,
    pub(crate) instruction: Vec<Of<fn(&InstructionSubject<'_>, &mut Context<'_>)>>,
    pub(crate) runs: Vec<Of<fn(&RunsSubject<'_>, &mut Context<'_>)>>,
    pub(crate) program: Vec<Of<fn(&ProgramSubject<'_>, &mut Context<'_>)>>,
    pub(crate) variable: Vec<Of<fn(&VariableSubject<'_>, &mut Context<'_>)>>,
    pub(crate) daemon: Vec<Of<fn(&DaemonSubject<'_>, &mut Context<'_>)>>,
    pub(crate) repository: Vec<Of<fn(&Repository<'_>, &mut Context<'_>)>>,
    pub(crate) unused_dockerfile: Vec<Of<fn(&UnusedDockerfile<'_>, &mut Context<'_>)>>,
    pub(crate) object: Vec<Of<fn(&ObjectSubject<'_>, &mut Context<'_>)>>,
    pub(crate) pod: Vec<Of<fn(&PodSubject<'_>, &mut Context<'_>)>>,
    pub(crate) component: Vec<Of<fn(&ComponentSubject<'_>, &mut Context<'_>)>>,
    pub(crate) ignore: Vec<Of<fn(&JudgedIgnore<'_>, &mut Context<'_>)>>,
}

impl Checks {
    /// Those of the rules that run.
    pub(crate) fn of(rules: impl IntoIterator<Item = &'static Rule>) -> Self {
        let mut checks = Self::default();
        for rule in rules {
            for check in rule.checks {
                checks.add(&rule.meta, *check);
            }
        }
        checks
    }

    fn add(&mut self, rule: &'static RuleMeta, check: Check) {
        match check {
            Check::Fault(check) => self.fault.push(Of { rule, check }),
            Check::Service(check) => self.service.push(Of { rule, check }),
            Check::Project(check) => self.project.push(Of { rule, check }),
            Check::Assembly(check) => self.assembly.push(Of { rule, check }),
            Check::Container(check) => self.container.push(Of { rule, check }),
            Check::Dockerfile(check) => self.dockerfile.push(Of { rule, check }),
            Check::Stage(check) => self.stage.push(Of { rule, check }),
            Check::Instruction(check) => self.instruction.push(Of { rule, check }),
            Check::Runs(check) => self.runs.push(Of { rule, check }),
            Check::Program(check) => self.program.push(Of { rule, check }),
            Check::Variable(check) => self.variable.push(Of { rule, check }),
            Check::Daemon(check) => self.daemon.push(Of { rule, check }),
            Check::Repository(check) => self.repository.push(Of { rule, check }),
            Check::UnusedDockerfile(check) => self.unused_dockerfile.push(Of { rule, check }),
            Check::Object(check) => self.object.push(Of { rule, check }),
            Check::Pod(check) => self.pod.push(Of { rule, check }),
            Check::Component(check) => self.component.push(Of { rule, check }),
            Check::Ignore(check) => self.ignore.push(Of { rule, check }),
        }
    }
}
