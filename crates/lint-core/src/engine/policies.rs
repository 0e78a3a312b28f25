//! Hands what is judged to the policies of its settings.

use std::sync::{Arc, PoisonError};

use lint_parser::image::ImageReference;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::engine::unit::{Bench, Run};
use crate::finding::label::Place;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Stage};
use crate::model::container::Container;
use crate::model::project::Project;
use crate::model::project::service::Service;
use crate::policies::explain::explain;
use crate::policies::language::value::{Source, Value};
use crate::policies::policy::{Policy, Scope, Verdict, Violation};
use crate::policies::portrait::{self, Portrait};
use crate::policies::ready::{KnownPath, Made, ready};
use crate::policies::suggest;
use crate::policies::view::Said;
use crate::policies::view::container::ContainerView;
use crate::policies::view::image::{self, Named};
use crate::policies::view::kind::Kind;
use crate::policies::view::project::{ProjectView, ServiceView};
use crate::policies::view::stage::StageView;
use crate::report::{Failure, Note};
use crate::rule::context::Subject;
use crate::settings::Settings;

/// How many steps the policies of one unit may take together.
const MOST_STEPS: u64 = 20_000_000;

/// The roots of what is judged, in the order of their names.
type Roots<'a> = Vec<(&'static str, Value<'a>)>;

/// What a judgement is about.
struct About<'b> {
    subject: &'b Subject,
    /// The first file of its project.
    file: &'b str,
    /// What a fix edits.
    service: Option<(&'b Project, &'b Service)>,
}

impl Run<'_> {
    /// The policies of settings, looked for once.
    fn made_policies(&self, settings: &Settings) -> Arc<Vec<Made>> {
        let mut known = self.made_policies.lock().unwrap_or_else(PoisonError::into_inner);
        let at = std::ptr::from_ref(settings).addr();
        if let Some((_, made)) = known.iter().find(|(own, _)| *own == at) {
            return Arc::clone(made);
        }
        let made = Arc::new(ready(&settings.policies));
        known.push((at, Arc::clone(&made)));
        made
    }
}

impl Bench<'_> {
    /// Makes the policies of the unit's settings ready.
    pub(super) fn prepare_policies(&mut self) {
        let settings = self.settings;
        self.policies.explains = self.run.explains;
        if settings.policies.is_empty() || self.run.explains {
            return;
        }
        let made = self.run.made_policies(settings);
        for (declared, made) in settings.policies.iter().zip(&*made) {
            match made {
                Ok(policy) if settings.enables(policy.meta) => self.policies.ready.push(Arc::clone(policy)),
                Ok(_) => {}
                Err(faults) => {
                    let message = faults.first().map_or_else(String::new, |fault| fault.message.clone());
                    self.policy_failed(&declared.name, message);
                }
            }
        }
    }

    fn policy_failed(&mut self, name: &str, message: String) {
        self.outcome.failures.push(Failure {
            file: self.file.to_owned(),
            during: format!("the policy `{name}`"),
            message,
        });
    }

    /// The policies for projects. `containers` are those of its services, in their order.
    pub(super) fn policies_of_project<'p>(
        &mut self,
        project: &'p Project,
        containers: impl FnOnce() -> Vec<Option<Container<'p>>>,
    ) {
        if !self.policies.are_for(Kind::Project) {
            return;
        }
        let containers = containers();
        let file = project.files.first().cloned().unwrap_or_default();
        let start = project.sources.iter().next().map(|(_, source)| Place::new(&source.file, Span::at(0)));
        let root = |path| Value::asked(ProjectView { path, project: Some(project), containers: &containers });
        let about = About { subject: &Subject::default(), file: &file, service: None };
        self.judge(Kind::Project, &about, Vec::new(), start, &root);
    }

    /// The policies for services.
    pub(super) fn policies_of_service(
        &mut self,
        project: &Project,
        service: &Service,
        container: &Container<'_>,
        subject: &Subject,
    ) {
        if !self.policies.are_for(Kind::Service) || service.fragment {
            return;
        }
        let file = project.files.first().cloned().unwrap_or_default();
        let root = |path| Value::asked(ProjectView { path, project: Some(project), containers: &[] });
        let view = ServiceView { said: Said { project, service }, container: Some(container) };
        let roots =
            vec![("service", Value::asked(view)), ("container", Value::asked(ContainerView { container }))];
        let about = About { subject, file: &file, service: Some((project, service)) };
        self.judge(Kind::Service, &about, roots, Some(project.place(service.key)), &root);
    }

    /// The policies for containers, and for what they mount, publish, are told and run.
    pub(super) fn policies_of_container(&mut self, container: &Container<'_>, subject: &Subject) {
        let own = [Kind::Container, Kind::Mount, Kind::Port, Kind::Variable, Kind::Image];
        if !own.into_iter().any(|kind| self.policies.are_for(kind)) {
            return;
        }
        let of = container.service;
        let project = of.map(|of| of.project);
        let plan = container.image.plan();
        let by_itself = || plan.map(|plan| plan.dockerfile.file.name().to_owned());
        let file =
            project.and_then(|project| project.files.first().cloned()).or_else(by_itself).unwrap_or_default();
        let root = |path| Value::asked(ProjectView { path, project, containers: &[] });
        let view = ContainerView { container };
        let service = match of {
            Some(of) => {
                let said = Said { project: of.project, service: of.service };
                Value::asked(ServiceView { said, container: Some(container) })
            }
            None => Value::unknown(),
        };
        let roots = || vec![("container", Value::asked(view)), ("service", service.clone())];
        let target =
            container.target().map(|(plan, stage)| Place::new(&plan.dockerfile.file, stage.from_span));
        let here = container.service_key().or(target);
        let about = About { subject, file: &file, service: of.map(|of| (of.project, of.service)) };
        self.judge(Kind::Container, &about, roots(), here.clone(), &root);
        for (kind, name) in [(Kind::Mount, "mounts"), (Kind::Port, "ports"), (Kind::Variable, "variables")] {
            if !self.policies.are_for(kind) {
                continue;
            }
            for part in view.listed(name) {
                let mut all = roots();
                let place = part.sources.iter().next().map(|source| source.place.clone());
                all.push((kind.name(), part));
                self.judge(kind, &about, all, place.or_else(|| here.clone()), &root);
            }
        }
        if of.is_some_and(|of| of.service.spec.image.is_some() && of.service.spec.build.is_none())
            && let Some(image) = view.image_named()
        {
            let place = image.sources.iter().next().map(|source| source.place.clone());
            self.judge(Kind::Image, &about, vec![("image", image)], place, &root);
        }
    }

    /// The policies for stages, their instructions, and the images they pull.
    pub(super) fn policies_of_build(&mut self, plan: &BuildPlan) {
        let own = [Kind::Stage, Kind::Instruction, Kind::Image];
        if !own.into_iter().any(|kind| self.policies.are_for(kind)) {
            return;
        }
        let file = plan.dockerfile.file.name().to_owned();
        let root = |path| Value::asked(ProjectView { path, project: None, containers: &[] });
        for stage in &plan.stages {
            if self.run.is_stopped() {
                return;
            }
            let subject = Subject { stage: stage.name.clone(), ..Subject::default() };
            let about = About { subject: &subject, file: &file, service: None };
            let place = |span| Some(Place::new(&plan.dockerfile.file, span));
            let view = StageView { plan, stage };
            self.judge(
                Kind::Stage,
                &about,
                vec![("stage", Value::asked(view))],
                place(stage.from_span),
                &root,
            );
            if self.policies.are_for(Kind::Instruction) {
                for instruction in view.instructions() {
                    let span = instruction.instruction.span;
                    let roots =
                        vec![("instruction", Value::asked(instruction)), ("stage", Value::asked(view))];
                    self.judge(Kind::Instruction, &about, roots, place(span), &root);
                }
            }
            if self.policies.are_for(Kind::Image) {
                for (image, span) in images(plan, stage) {
                    self.judge(Kind::Image, &about, vec![("image", image)], place(span), &root);
                }
            }
        }
    }

    /// Takes note of what something is. A service and its container are one.
    fn portray(&mut self, kind: Kind, file: &str, value: &Value<'_>) {
        let Some(new) = portrait::of(kind, file, value) else { return };
        let portraits = &mut self.outcome.portraits;
        let same = |known: &&mut Portrait| {
            known.kind == new.kind && known.name == new.name && known.file == new.file
        };
        match portraits.last_mut().filter(same) {
            Some(known) => known.facts.extend(new.facts),
            None => portraits.push(new),
        }
    }

    fn judge<'a>(
        &mut self,
        kind: Kind,
        about: &About<'_>,
        roots: Roots<'a>,
        place: Option<Place>,
        project: &dyn Fn(Arc<str>) -> Value<'a>,
    ) {
        let scope = Scope { roots, project, place };
        if self.policies.explains {
            if !matches!(kind, Kind::Project | Kind::Service | Kind::Container | Kind::Stage) {
                return;
            }
            let is_it = |(name, _): &&(&str, Value<'a>)| *name == kind.name();
            let value = match scope.roots.iter().find(is_it) {
                Some((_, value)) => value.clone(),
                None => project(about.file.into()),
            };
            self.outcome.explained.push(explain(kind, about.file, &value));
            self.portray(kind, about.file, &value);
            return;
        }
        let ready = std::mem::take(&mut self.policies.ready);
        for policy in ready.iter().filter(|policy| policy.subject == kind) {
            if self.policies.steps > MOST_STEPS {
                break;
            }
            let path = policy.asks_project.then(|| self.path_of(policy, about.file));
            let judged = self.guarded(policy.meta.name, || policy.judge(&scope, path));
            let Some((steps, verdict)) = judged else { continue };
            self.policies.steps += u64::from(steps);
            if self.policies.steps > MOST_STEPS {
                let message = "the policies of this file take too long; not all of it was judged".to_owned();
                self.policy_failed(own_name(policy), message);
            }
            self.tell(policy, about, &scope, verdict);
        }
        self.policies.ready = ready;
    }

    /// The path of a file as a policy knows it: policies of one directory ask one after the other.
    fn path_of(&mut self, policy: &Policy, file: &str) -> Arc<str> {
        if let Some(known) = &self.policies.path
            && known.file == file
            && known.directory == policy.directory
        {
            return Arc::clone(&known.path);
        }
        let path = policy.path_of(file, &self.settings.working_directory);
        let (file, directory) = (file.to_owned(), policy.directory.clone());
        self.policies.path = Some(KnownPath { file, directory, path: Arc::clone(&path) });
        path
    }

    fn tell(&mut self, policy: &Policy, about: &About<'_>, scope: &Scope<'_, '_>, verdict: Verdict) {
        match verdict {
            Verdict::Fine => {}
            Verdict::Violation(violation) => self.violated(policy, about, violation),
            Verdict::Open(what) => {
                let line = scope.place.as_ref().map(|place| place.file.line(place.span.start()));
                let line = line.map(|line| format!(" at line {line}")).unwrap_or_default();
                let message = format!(
                    "`{}` is not decided{line}: `{what}` is not known from the files",
                    policy.meta.name
                );
                self.outcome.notes.push(Note { file: about.file.to_owned(), message });
            }
            Verdict::TooCostly => {
                let message =
                    "an expression takes too long, or makes too much; nothing is said of what it judges"
                        .to_owned();
                self.policy_failed(own_name(policy), message);
            }
        }
    }

    fn violated(&mut self, policy: &Policy, about: &About<'_>, violation: Violation) {
        let Some(place) = violation.place else { return };
        let fix = about
            .service
            .filter(|_| !violation.suggested.is_empty())
            .and_then(|(project, service)| suggest::fix(project, service, &violation.suggested));
        let mut findings = std::mem::take(&mut self.outcome.findings);
        let mut context = self.context(policy.meta, about.subject, &mut findings);
        let mut draft = context.report(place, violation.message).maybe_fix(fix);
        for (place, message) in violation.labels {
            draft = draft.label(place, message);
        }
        for scope in violation.scopes {
            draft = draft.scope(scope);
        }
        if let Some(help) = violation.help {
            draft.help(help);
        }
        self.outcome.findings = findings;
    }
}

/// What the configuration calls a policy.
fn own_name(policy: &Policy) -> &'static str {
    policy.meta.name.split_once('/').map_or(policy.meta.name, |(_, name)| name)
}

/// The images that a stage pulls, with where they are written.
fn images<'a>(plan: &'a BuildPlan, stage: &'a Stage) -> Vec<(Value<'a>, Span)> {
    let source = |span| Some(Source::at(Place::new(&plan.dockerfile.file, span)));
    let usage = |is_base: bool| Named { usage: if is_base { "base" } else { "copy" }, ..Named::default() };
    let mut all: Vec<(Value<'a>, Span)> = Vec::new();
    if matches!(stage.base, Base::Unknown) {
        all.push((image::unknown(usage(true), source(stage.base_span), None), stage.base_span));
    }
    for used in plan.used_images(stage) {
        let is_default = used.is_base && plan.dockerfile.file.slice(used.span).contains('$');
        let named = Named { is_default, ..usage(used.is_base) };
        all.push((
            image::named_by(written(&used.reference), used.reference, named, source(used.span)),
            used.span,
        ));
    }
    all
}

/// A reference as one writes it.
fn written(image: &ImageReference) -> String {
    let part = |sign: &str, part: &Option<Mapped>| {
        part.as_ref().map(|part| format!("{sign}{}", part.text())).unwrap_or_default()
    };
    let registry =
        image.registry.as_ref().map(|registry| format!("{}/", registry.text())).unwrap_or_default();
    format!("{registry}{}{}{}", image.path.text(), part(":", &image.tag), part("@", &image.digest))
}
