//! Programs and variables as a check looks at them, wherever they are written.

use std::borrow::Cow;

use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::model::build::provenance::Provenance;
use crate::model::project::spelled_out::is_written;
use crate::model::runs::downloads::Download;
use crate::model::runs::packages::{PackageCommand, package_commands};
use crate::model::runs::{By, Course, Program, Variable};
use crate::model::values::variables::Variables;
use crate::rule::context::{Context, Draft};
use crate::rule::subject::{InstructionSubject, ServiceSubject};

/// What runs programs and sets variables.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// An instruction of a Dockerfile.
    Instruction(InstructionSubject<'a>),
    /// A service.
    Service(ServiceSubject<'a>),
}

/// What an instruction or a service runs: a `RUN` of a stage that is built, the `ENTRYPOINT`, `CMD` and `HEALTHCHECK` in
/// force, all commands of a service.
#[derive(Clone, Copy, Debug)]
pub struct RunsSubject<'a> {
    /// The instruction or service.
    pub owner: Owner<'a>,
    /// Its programs, in the order they are written.
    pub programs: &'a [Program],
    /// The variables its commands set.
    pub variables: &'a [Variable],
}

/// One program of [`RunsSubject`].
#[derive(Clone, Copy, Debug)]
pub struct ProgramSubject<'a> {
    /// The instruction or service that runs it.
    pub owner: Owner<'a>,
    /// The program.
    pub program: &'a Program,
}

/// A variable with a known value that `ENV`, `ARG` or a command sets in what is built and run, or that a service is given.
#[derive(Clone, Debug)]
pub struct VariableSubject<'a> {
    /// The instruction or service that sets it.
    pub owner: Owner<'a>,
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its value, variables in it replaced.
    pub value: Cow<'a, str>,
    span: Span,
    /// The file of the project it is set in, and where the service takes it from.
    file: Option<(SourceId, Option<Origin>)>,
}

impl<'a> Owner<'a> {
    /// Whether it is part of what is shipped: not of a stage that is only copied from.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        match self {
            Self::Instruction(subject) => subject.is_in_target_chain(),
            Self::Service(_) => true,
        }
    }

    fn report<'c>(
        &self,
        cx: &'c mut Context<'_>,
        span: Span,
        file: Option<(SourceId, Option<Origin>)>,
        message: impl Into<String>,
    ) -> Draft<'c> {
        match (self, file) {
            (Self::Instruction(subject), _) => subject.report(cx, span, message),
            (Self::Service(subject), Some((source, via))) => {
                subject.report_part(cx, Origin { source, span }, via, message)
            }
            // What a service runs is always written in a file.
            (Self::Service(subject), None) => subject.report_absence(cx, message),
        }
    }
}

impl<'a> RunsSubject<'a> {
    /// What an instruction runs; `None` where nothing does.
    #[must_use]
    pub fn of_instruction(subject: InstructionSubject<'a>) -> Option<Self> {
        let programs = subject.programs();
        let variables = || subject.plan.variables_set(subject.index);
        let built = !programs.is_empty() || subject.run().is_some();
        built.then(|| Self { owner: Owner::Instruction(subject), programs, variables: variables() })
    }

    /// What a service runs.
    #[must_use]
    pub fn of_service(subject: ServiceSubject<'a>) -> Self {
        let service = subject.service;
        let (programs, variables) = (service.programs(), service.variables_set());
        Self { owner: Owner::Service(subject), programs, variables }
    }

    /// Its programs in the order they run, and where each stands by then.
    #[must_use]
    pub fn course(&self) -> Course<'a> {
        match self.owner {
            Owner::Instruction(subject) => subject.plan.course(subject.index),
            Owner::Service(subject) => subject.service.course(),
        }
    }

    /// What it downloads; what only asks whether the container is well is left out.
    #[must_use]
    pub fn downloads(&self) -> &'a [Download] {
        match self.owner {
            Owner::Instruction(subject) => subject.plan.downloads(subject.index),
            Owner::Service(subject) => subject.service.downloads(),
        }
    }

    /// The package managers it calls.
    #[must_use]
    pub fn package_commands(&self) -> Cow<'a, [PackageCommand]> {
        match self.owner {
            Owner::Instruction(subject) => Cow::Borrowed(subject.plan.package_commands(subject.index)),
            Owner::Service(_) => Cow::Owned(package_commands(self.programs)),
        }
    }

    /// Where the package files come from that it installs.
    #[must_use]
    pub fn provenance(&self) -> Provenance<'a> {
        match self.owner {
            Owner::Instruction(InstructionSubject { plan, stage, index, .. }) => {
                Provenance::of_instruction(plan, stage.index, index)
            }
            Owner::Service(_) => Provenance::of_course(self.course()),
        }
    }

    /// The file that a place in what it runs is in.
    #[must_use]
    pub fn file_at(&self, span: Span) -> Option<SourceId> {
        self.programs.iter().find(|program| program.span().encloses(span)).and_then(|program| program.file)
    }

    /// Each program by itself.
    pub fn each(self) -> impl Iterator<Item = ProgramSubject<'a>> {
        self.programs.iter().map(move |program| ProgramSubject { owner: self.owner, program })
    }

    /// Reports at words of one of its programs, or at a variable.
    pub fn report<'c>(
        &self,
        cx: &'c mut Context<'_>,
        file: Option<SourceId>,
        span: Span,
        message: impl Into<String>,
    ) -> Draft<'c> {
        self.owner.report(cx, span, file.map(|file| (file, None)), message)
    }
}

impl ProgramSubject<'_> {
    /// Whether a build runs it.
    #[must_use]
    pub fn is_in_build(&self) -> bool {
        self.program.by == By::Run
    }

    /// The variables its words are expanded with.
    #[must_use]
    pub fn variables(&self) -> &Variables {
        self.owner.variables()
    }

    /// Reports at words of it.
    pub fn report<'c>(&self, cx: &'c mut Context<'_>, span: Span, message: impl Into<String>) -> Draft<'c> {
        self.owner.report(cx, span, self.program.file.map(|file| (file, None)), message)
    }
}

impl Owner<'_> {
    /// The variables words are expanded with.
    #[must_use]
    pub fn variables(&self) -> &Variables {
        match self {
            Self::Instruction(subject) => subject.variables(),
            Self::Service(_) => Variables::of_container(),
        }
    }

    /// What a Dockerfile has at a place; nothing of a service.
    #[must_use]
    pub fn written(&self, span: Span) -> &str {
        match self {
            Self::Instruction(subject) => subject.plan.dockerfile.file.slice(span),
            Self::Service(_) => "",
        }
    }

    /// Whether a place holds what the file says, and not what a variable brought there.
    #[must_use]
    pub fn is_written(&self, file: Option<SourceId>, span: Span) -> bool {
        match (self, file) {
            (Self::Service(subject), Some(source)) => is_written(subject.project, Origin { source, span }),
            _ => true,
        }
    }
}

impl<'a> VariableSubject<'a> {
    /// Those of an instruction of a stage that is built.
    pub fn of_instruction(subject: InstructionSubject<'a>) -> Vec<Self> {
        let owner = Owner::Instruction(subject);
        match &subject.operation().kind {
            InstructionKind::Env(pairs) | InstructionKind::Arg(pairs) if subject.is_reachable() => {
                let known = pairs.iter().filter_map(|pair| {
                    let value = subject.plan.expand(subject.index, pair.value.as_ref()?);
                    let value = Cow::Owned(value.text()?.to_owned());
                    Some(Self {
                        owner,
                        name: Cow::Borrowed(pair.key.text()),
                        value,
                        span: pair.span,
                        file: None,
                    })
                });
                known.collect()
            }
            _ => RunsSubject::of_instruction(subject)
                .map(|runs| Self::of_runs(&runs).collect())
                .unwrap_or_default(),
        }
    }

    /// Those a service is given, and those its commands set.
    pub fn of_service(subject: ServiceSubject<'a>) -> Vec<Self> {
        let owner = Owner::Service(subject);
        let given = subject.service.environment().into_iter().filter_map(|variable| {
            let value = variable.value.filter(|value| !value.is_unknown())?;
            let (name, value) = (variable.name.as_str().to_owned(), value.as_str().to_owned());
            let file = Some((variable.origin.source, variable.via));
            Some(Self { owner, name: name.into(), value: value.into(), span: variable.origin.span, file })
        });
        given.chain(Self::of_runs(&RunsSubject::of_service(subject))).collect()
    }

    fn of_runs(runs: &RunsSubject<'a>) -> impl Iterator<Item = Self> + use<'a> {
        let owner = runs.owner;
        runs.variables.iter().map(move |variable| Self {
            owner,
            name: Cow::Borrowed(&variable.name),
            value: Cow::Borrowed(&variable.value),
            span: variable.span,
            file: variable.file.map(|file| (file, None)),
        })
    }

    /// Reports where it is set.
    pub fn report<'c>(&self, cx: &'c mut Context<'_>, message: impl Into<String>) -> Draft<'c> {
        self.owner.report(cx, self.span, self.file, message)
    }
}
