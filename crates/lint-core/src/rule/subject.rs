//! What a check is handed.

use lint_parser::compose::ast;
use lint_parser::compose::ast::field::Field;
use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::{Copy, Instruction, InstructionKind};
use lint_parser::image::{self, ImageReference};
use lint_parser::syntax_error::{SyntaxError, SyntaxErrorKind};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::fix::{Applicability, Edit, Fix};
use crate::finding::label::{Label, Place};
use crate::finding::severity::Severity;
use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::model::container::Container;
use crate::model::edits::Editor;
use crate::model::kit::ignore::{IgnoreComment, MalformedIgnore};
use crate::model::project::Project;
use crate::model::project::host_mounts::HostMount;
use crate::model::project::namespaces::{Namespace, in_host};
use crate::model::project::service::Service;
use crate::model::runs::Program;
use crate::model::values::variables::Variables;
use crate::rule::context::{Context, Draft};

/// How many services [`ServiceSubject::siblings_with`] looks at.
const MOST_SIBLINGS: usize = 200;

/// A service, and the project it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct ServiceSubject<'a> {
    /// The project.
    pub project: &'a Project,
    /// The service.
    pub service: &'a Service,
    /// Its container; `None` where it could not be made.
    pub container: Option<&'a Container<'a>>,
}

impl<'a> ServiceSubject<'a> {
    /// Edits of the project's files, made for the service.
    #[must_use]
    pub fn editor(&self) -> Editor<'a> {
        self.project.editor_for(self.service)
    }

    /// What the service says.
    #[must_use]
    pub fn spec(&self) -> &'a ast::service::Service {
        &self.service.spec
    }

    /// The image the service names, taken apart; `None` when it names none or depends on a variable nobody sets.
    #[must_use]
    pub fn image(&self) -> Option<ImageReference> {
        let image = self.spec().image.as_ref()?;
        image::parse(&image.value.mapped).ok().filter(|_| !image.value.is_unknown())
    }

    /// Whether it is a Linux container: not a service that a `provider` runs, nor a Windows one.
    #[must_use]
    pub fn has_linux_container(&self) -> bool {
        self.spec().provider.is_none() && !self.service.is_windows()
    }

    /// Which of the project's other services have something this one lacks, as the end of a message: "; `api` and
    /// `db` set it". Empty when none has. Who sets it in one place knows of it, so the other places are worth a look.
    #[must_use]
    pub fn siblings_with(&self, has: impl Fn(&Service) -> bool) -> String {
        // Every service that lacks it asks; a project of thousands need not be walked thousands of times.
        let others = self.project.services.iter().take(MOST_SIBLINGS);
        let names: Vec<&str> = others
            .filter(|other| other.name != self.service.name && has(other))
            .map(|other| &*other.name)
            .collect();
        let several = names.len() > 1;
        let listed = match names.as_slice() {
            [] => return String::new(),
            [one] => format!("`{one}`"),
            [one, two] => format!("`{one}` and `{two}`"),
            [one, two, three] => format!("`{one}`, `{two}` and `{three}`"),
            [one, two, rest @ ..] => format!("`{one}`, `{two}` and {} other services", rest.len()),
        };
        format!("; {listed} {} it", if several { "set" } else { "sets" })
    }

    /// Whether an attribute that was not read may be set all the same: it is written but not of its type,
    /// part of the service could not be read, or another file is meant to complete it.
    #[must_use]
    pub fn may_be_set(&self, attribute: &str) -> bool {
        self.service.fragment
            || !self.service.complete
            || self.spec().rest.invalid(attribute).is_some()
            || !self.project.input.can_say(attribute)
    }

    /// Reports at the value of an attribute.
    pub fn report_field<'c, T>(
        &self,
        cx: &'c mut Context<'_>,
        field: &Field<T>,
        message: impl Into<String>,
    ) -> Draft<'c> {
        self.report_part(cx, field.origin, field.via, message)
    }

    /// Reports at a part of an attribute's value; `via` is where the service takes the attribute from.
    pub fn report_part<'c>(
        &self,
        cx: &'c mut Context<'_>,
        origin: Origin,
        via: Option<Origin>,
        message: impl Into<String>,
    ) -> Draft<'c> {
        let draft = cx.report(self.project.place(origin), message);
        match via {
            Some(via) => draft.scope(self.project.place(via)),
            None => draft,
        }
    }

    /// Reports that the service is in a namespace of the host, where it says so; `None` when it is not, or that is
    /// not known.
    pub fn report_in_host<'c>(
        &self,
        cx: &'c mut Context<'_>,
        namespace: Namespace,
        message: &str,
    ) -> Option<Draft<'c>> {
        let found = in_host(self.project, self.service, namespace)?;
        let message = match found.through.last() {
            None => message.to_owned(),
            Some(last) => format!("{message}, through `{}`", last.name),
        };
        let draft = self.report_part(cx, found.origin, found.via, message);
        Some(match found.host == found.origin {
            true => draft,
            false => draft.label(self.project.place(found.host), "the host's namespace"),
        })
    }

    /// Reports a mount of the host, where the service says it, with the place of the path where a volume has it.
    pub fn report_mount<'c>(
        &self,
        cx: &'c mut Context<'_>,
        mount: &HostMount,
        message: impl Into<String>,
    ) -> Draft<'c> {
        let draft = self.report_part(cx, mount.origin, mount.via, message);
        match mount.declared {
            Some(declared) => draft.label(self.project.place(declared), "the path of the host"),
            None => draft,
        }
    }

    /// Reports at a place of the project.
    pub fn report_at<'c>(
        &self,
        cx: &'c mut Context<'_>,
        origin: Origin,
        message: impl Into<String>,
    ) -> Draft<'c> {
        cx.report(self.project.place(origin), message)
    }

    /// Reports something the service lacks, at its name; [`Draft::absent`] says what to add.
    pub fn report_absence<'c>(&self, cx: &'c mut Context<'_>, message: impl Into<String>) -> Draft<'c> {
        self.report_at(cx, self.service.key, message)
    }
}

/// A Dockerfile that no service builds.
#[derive(Clone, Debug)]
pub struct UnusedDockerfile<'a> {
    /// The Dockerfile.
    pub plan: &'a BuildPlan,
    /// The build context it lies in, or that of the Dockerfile it lies beside.
    pub near: &'a Place,
}

/// A stage, and the build it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct StageSubject<'a> {
    /// The build.
    pub plan: &'a BuildPlan,
    /// The stage.
    pub stage: &'a Stage,
}

/// An instruction, and the stage it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct InstructionSubject<'a> {
    /// The build.
    pub plan: &'a BuildPlan,
    /// The stage.
    pub stage: &'a Stage,
    /// Its index among the Dockerfile's instructions.
    pub index: usize,
    /// The instruction.
    pub instruction: &'a Instruction,
}

impl<'a> StageSubject<'a> {
    /// The instructions after `FROM`.
    pub fn instructions(self) -> impl Iterator<Item = InstructionSubject<'a>> {
        let StageSubject { plan, stage } = self;
        stage.instructions.clone().filter_map(move |index| {
            Some(InstructionSubject { plan, stage, index, instruction: plan.instruction(index)? })
        })
    }

    /// A place in the Dockerfile.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        Place::new(&self.plan.dockerfile.file, span)
    }

    /// Whether the image that is built needs the stage. BuildKit does not build the others.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.plan.is_reachable(self.stage.index)
    }
}

impl<'a> InstructionSubject<'a> {
    /// A place in the Dockerfile.
    #[must_use]
    pub fn place(&self, span: Span) -> Place {
        Place::new(&self.plan.dockerfile.file, span)
    }

    /// Whether the image that is built needs the stage. BuildKit does not build the others.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.plan.is_reachable(self.stage.index)
    }

    /// Whether what it does is part of an image that is built: its stage is a target or an ancestor of one.
    #[must_use]
    pub fn is_in_target_chain(&self) -> bool {
        self.plan.is_in_target_chain(self.stage.index)
    }

    /// The instruction, or the trigger that an `ONBUILD` holds.
    #[must_use]
    pub fn operation(&self) -> &'a Instruction {
        match &self.instruction.kind {
            InstructionKind::Onbuild(Some(trigger)) => trigger,
            _ => self.instruction,
        }
    }

    /// The programs of a `RUN` of a stage that is built, `ONBUILD RUN` too; `None` for other instructions, and where
    /// another shell than a POSIX one reads it.
    #[must_use]
    pub fn run(&self) -> Option<&'a [Program]> {
        let is_run = matches!(self.operation().kind, InstructionKind::Run(_));
        let runs = is_run && self.is_reachable() && self.plan.commands(self.index).is_some();
        runs.then(|| self.plan.programs(self.index))
    }

    /// What a `RUN` of a stage that is built runs, and what `CMD`, `ENTRYPOINT` and `HEALTHCHECK` of the image run
    /// where nothing after them replaces them.
    #[must_use]
    pub fn programs(&self) -> &'a [Program] {
        match &self.operation().kind {
            InstructionKind::Run(_) => self.run().unwrap_or_default(),
            InstructionKind::Cmd(_) | InstructionKind::Entrypoint(_) | InstructionKind::Healthcheck(_) => {
                if self.plan.is_in_force(self.index) {
                    self.plan.programs(self.index)
                } else {
                    &[]
                }
            }
            _ => &[],
        }
    }

    /// The sources and destination of a `COPY` or `ADD` of a stage that is built, `ONBUILD` too.
    #[must_use]
    pub fn copy(&self) -> Option<&'a Copy> {
        match &self.operation().kind {
            InstructionKind::Copy(copy) | InstructionKind::Add(copy) if self.is_reachable() => Some(copy),
            _ => None,
        }
    }

    /// The variables its words are expanded with.
    #[must_use]
    pub fn variables(&self) -> &'a Variables {
        self.plan.variables_at(self.index)
    }

    /// Reports at a place of the Dockerfile.
    pub fn report<'c>(&self, cx: &'c mut Context<'_>, span: Span, message: impl Into<String>) -> Draft<'c> {
        cx.report(self.place(span), message)
    }
}

/// Something Docker would refuse to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which part of Docker refuses it.
    pub kind: SyntaxErrorKind,
    /// The bytes at fault.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What would repair it.
    pub fix: Option<Fix>,
    /// Further places that explain it.
    pub labels: Vec<Label>,
    /// The service it is about.
    pub service: Option<String>,
    /// The most severe that it may be reported: an `env_file` or `label_file` that is not there may be kept out of version
    /// control and made where the project runs.
    pub at_most: Option<Severity>,
}

impl Fault {
    /// What a parser says of a file; the service is the one the file is made for, if it is.
    pub(crate) fn of_syntax(file: &SourceFile, error: &SyntaxError, service: Option<String>) -> Self {
        Self {
            kind: error.kind,
            place: Place::new(file, error.span),
            message: error.message.clone(),
            help: error.help.clone(),
            fix: error.meant.as_ref().and_then(|(span, meant)| {
                // A word that goes over several lines is no typing error.
                let is_plain = !span.is_empty() && !file.slice(*span).contains(['\n', '\\']);
                let edit = Edit::new(Place::new(file, *span), meant.clone());
                // Another name may be meant.
                Fix::of(format!("Write `{meant}`"), Applicability::Unsafe, [Some(edit).filter(|_| is_plain)])
            }),
            labels: Vec::new(),
            service,
            at_most: None,
        }
    }

    /// Reports it as it is.
    pub(crate) fn report(&self, cx: &mut Context<'_>) {
        let mut draft = cx.report(self.place.clone(), self.message.clone()).service(self.service.as_deref());
        for label in &self.labels {
            draft = draft.label(label.place.clone(), label.message.clone());
        }
        if let Some(severity) = self.at_most {
            draft = draft.at_most(severity);
        }
        draft = draft.maybe_fix(self.fix.clone()).refusal();
        if let Some(help) = &self.help {
            draft.help(help.clone());
        }
    }
}

/// A suppression comment and what became of it.
#[derive(Debug)]
pub enum JudgedIgnore<'a> {
    /// It can be read.
    Ignore {
        /// Where it stands.
        place: Place,
        /// The comment.
        comment: &'a IgnoreComment,
        /// What is wrong with it as a whole, so that it silences nothing.
        void: Option<Void>,
        /// What became of each of its names.
        names: Vec<NameVerdict>,
        /// Deletes the comment, with its line when nothing else is on it.
        delete: Edit,
    },
    /// It cannot.
    Malformed {
        /// The part at fault.
        place: Place,
        /// What is wrong.
        comment: &'a MalformedIgnore,
    },
}

/// Why a comment that can be read silences nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Void {
    /// Its last day has passed.
    Expired,
    /// It does not say why, and the settings ask for that.
    Unexplained,
}

/// What became of a name in a suppression comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameVerdict {
    /// It silenced something, or could not: its rule did not run, or the comment is void.
    Used,
    /// Its rule ran, and there was nothing to silence.
    Unused,
    /// There is no such rule; the nearest names.
    Unknown(Vec<String>),
}
