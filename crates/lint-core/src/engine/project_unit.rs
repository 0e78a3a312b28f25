//! One project, whatever it was written as: model, and run the rules over it.

use std::collections::HashSet;

use crate::engine::evidence;
use crate::engine::ignores::Ignores;
use crate::engine::outcome::Outcome;
use crate::engine::project_builds::ProjectBuilds;
use crate::engine::unit::{Bench, Run};
use crate::files::join;
use crate::finding::label::Label;
use crate::finding::severity::Severity;
use crate::model::build::BuildPlan;
use crate::model::container::assembly::{Assembly, Part};
use crate::model::container::{self, BuildFiles as _, Container, Image, Presence, ServiceOf, missing_mounts};
use crate::model::kit::foreign;
use crate::model::kubernetes::lower;
use crate::model::project::Project;
use crate::model::project::fault::{self, About};
use crate::model::project::group::ProjectFiles;
use crate::model::project::images;
use crate::model::project::service::Service;
use crate::report::Note;
use crate::rule::check::{Fault, ServiceSubject};
use crate::rule::context::Subject;

/// How many containers of one project its own policies see.
#[cfg(feature = "policies")]
const MOST_OF_PROJECT: usize = 500;

impl Run<'_> {
    /// Judges one project.
    pub(crate) fn lint_project(&self, files: &ProjectFiles) -> Outcome {
        let unit = files.files.first().cloned().unwrap_or_default();
        let mut outcome = Outcome { unit, files: files.files.clone(), ..Outcome::default() };
        for file in &files.files {
            let named = self.sources.iter().any(|source| source.name == *file);
            match self.read(file) {
                Ok(text) => {
                    let message = foreign::of_compose(&text).map(|foreign| foreign.to_string());
                    outcome.notes.extend(message.map(|message| Note { file: file.clone(), message }));
                }
                Err(error) if named => outcome.unreadable.push((file.clone(), error)),
                Err(_) => {}
            }
        }
        // A project with such a file is one that nobody sees before it is made.
        if !outcome.notes.is_empty() {
            outcome.builds.set_unknown();
            return outcome;
        }
        if !outcome.unreadable.is_empty() {
            return outcome;
        }
        let mut bench = Bench::new(self, outcome, files.files.first().map_or("", String::as_str));
        let project = bench.guarded("reading the project", || self.project_of(files));
        if let Some(project) = project {
            bench.project(&project, files);
        }
        bench.done()
    }
}

impl Bench<'_> {
    /// Judges a project, all of it.
    pub(super) fn project(&mut self, project: &Project, files: &ProjectFiles) {
        self.outcome.included.clone_from(&project.included);
        self.outcome.extended.clone_from(&project.extended);
        for (_, source) in project.sources.iter() {
            self.outcome.heed(&source.file, Ignores::of_yaml(&source.file, &source.stream));
        }
        for note in &project.notes {
            let at = note.origin.map(|origin| project.place(origin).file.name().to_owned());
            let file = at.unwrap_or_else(|| files.files.first().cloned().unwrap_or_default());
            self.outcome.notes.push(Note { file, message: format!("{}: {}", note.file, note.message) });
        }
        let refusals = project.faults.iter().filter(|fault| fault.about != About::EnvironmentFile);
        let refused = refusals.map(|fault| project.place(fault.origin).file.name().to_owned());
        self.outcome.refused.extend(refused);
        self.faults(project.faults.iter().map(|fault| project_fault(project, fault)));
        self.outcome.refusals = self.outcome.findings.len();
        self.evidence(|| evidence::of_project(project));
        self.draw(|picture| *picture = Some(evidence::picture::of_project(project)));
        // An override file that may not be read may build more.
        if project.opaque
            || self.run.presence(&join(&project.directory, "compose.override.yaml")) == Presence::Unknown
        {
            self.outcome.builds.set_unknown();
        }
        self.claim(project);
        self.containers(project, |service| Run::is_started(files, service));
    }

    /// Judges a project and its containers by the rules, whatever it was written as.
    pub(super) fn containers(&mut self, project: &Project, is_started: impl Fn(&Service) -> bool) {
        self.input = project.input;
        self.checks(&self.run.checks.project, &Subject::default(), |check, cx| check(project, cx));
        let mut assembly = Assembly::new(project);
        let builds = ProjectBuilds::new(self.run);
        let mut followed = HashSet::new();
        for service in project.services.iter().filter(|service| is_started(service)) {
            if self.run.is_stopped() {
                return;
            }
            let subject = Subject {
                service: Some(service.name.to_string()),
                stage: None,
                most: None,
                scopes: service.keys.iter().map(|&key| project.place(key)).collect(),
            };
            let of = ServiceOf { project, service };
            let container = self.guarded("resolving the build", || {
                Container::of_service(of, container::image_of_service(of, &builds), &builds)
            });
            let checked = ServiceSubject { project, service, container: container.as_ref() };
            self.checks(&self.run.checks.service, &subject, |check, cx| check(&checked, cx));
            self.what_service_runs(checked, &subject);
            let Some(container) = container else { continue };
            if project.input.builds() {
                self.built(of, &container.image, &mut followed, &subject);
            } else if let Some(plan) = container.image.plan().filter(|plan| plan.dockerfile.inline) {
                // Whatever it stands in, it stands nowhere else.
                let is_new = followed.insert(std::ptr::from_ref(plan));
                self.followed(service, &container.image, is_new);
            }
            assembly.add(Part::of(&container, service));
            #[cfg(feature = "policies")]
            self.policies_of_service(project, service, &container, &subject);
            if service.spec.provider.is_none() {
                self.seen(of, &container);
                self.container(&container, subject);
            }
        }
        if let Some(message) = builds.left_out() {
            self.outcome.notes.push(Note { file: self.file.to_owned(), message });
        }
        #[cfg(feature = "policies")]
        self.policies_of_project(project, || {
            let made = |service| {
                let of = ServiceOf { project, service };
                Container::of_service(of, container::image_of_service(of, &builds), &builds)
            };
            project.services.iter().take(MOST_OF_PROJECT).map(|service| Some(made(service))).collect()
        });
        let missing = self.guarded("looking for what is mounted", || missing_mounts::find(project, &builds));
        assembly.missing_mounts = missing.unwrap_or_default();
        let ignored = self.guarded("asking what Git has", || missing_mounts::ignored(project, &builds));
        assembly.ignored_files = ignored.unwrap_or_default();
        let made = self.guarded("looking for what is made for root", || {
            let parts = assembly.parts().iter();
            parts
                .flat_map(|part| missing_mounts::made_for_root(project, part.service, &part.user, &builds))
                .collect()
        });
        assembly.made_for_root = made.unwrap_or_default();
        self.checks(&self.run.checks.assembly, &Subject::default(), |check, cx| check(&assembly, cx));
    }

    /// Takes note of what a service builds. What the build says by itself is said once, however many services share it, and of
    /// one that builds it.
    fn built(
        &mut self,
        of: ServiceOf<'_>,
        image: &Image,
        followed: &mut HashSet<*const BuildPlan>,
        subject: &Subject,
    ) {
        let ServiceOf { project, service } = of;
        self.note_builds(project, service, image);
        self.note_given_up(image);
        let builds_it = service.spec.build.is_some();
        let is_new = builds_it && image.plan().is_some_and(|plan| followed.insert(std::ptr::from_ref(plan)));
        if builds_it {
            self.followed(service, image, is_new);
        }
        self.daemon_in_service(project, service, subject);
        if is_new {
            self.daemon_in_image(image);
        }
    }

    /// Takes note of a container for who asks what there was to see.
    fn seen(&mut self, of: ServiceOf<'_>, container: &Container<'_>) {
        let ServiceOf { project, service } = of;
        let is_compose = project.input.is_compose();
        // What ends, what somebody works in, and what is not known whole proves nothing.
        let proves = is_compose || (project.input.has_evidence() && service.complete);
        if service.fragment || !proves {
            return;
        }
        self.outcome.services += 1;
        self.evidence(|| evidence::of_service(project, service));
        self.evidence(|| evidence::of_container(container));
        if !is_compose {
            return;
        }
        self.draw(|picture| {
            let drawn = evidence::picture::of_service(project, service, container);
            picture.iter_mut().for_each(|picture| picture.services.push(drawn.clone()));
        });
    }

    /// Takes note of what a service builds: the comments in its Dockerfile, and the faults of one that stands
    /// in the Compose file itself. A Dockerfile of its own is judged when it is linted.
    fn followed(&mut self, service: &Service, image: &Image, is_new: bool) {
        let Some(plan) = image.plan() else { return };
        let dockerfile = &plan.dockerfile;
        if dockerfile.inline {
            if is_new {
                self.outcome.heed_inside(&dockerfile.file, Ignores::of_dockerfile(&dockerfile.tree));
            }
            self.faults(dockerfile.errors.iter().map(|error| {
                let fault = Fault::of_syntax(&dockerfile.file, error, None);
                Fault { service: Some(service.name.to_string()), ..fault }
            }));
            if is_new {
                self.instructions(image);
                self.outcome.inline_dockerfiles += 1;
            }
            return;
        }
        if is_new {
            self.outcome.heed(&dockerfile.file, Ignores::of_dockerfile(&dockerfile.tree));
        }
    }

    /// Takes note of where a service is built.
    fn note_builds(&mut self, project: &Project, service: &Service, image: &Image) {
        if !service.complete {
            self.outcome.builds.set_unknown();
        }
        if let Some(build) = &service.spec.build {
            let at = build.value.context.as_ref().map_or(build.key, |context| context.origin);
            self.outcome.builds.add(image, project.place(at));
            self.outcome.builds.images.extend(images::names_of_build(project, service));
            if let (Some(name), Image::Built { plan, context: Some(context), .. }) =
                (&service.spec.image, image)
            {
                let build = lower::Build {
                    dockerfile: plan.dockerfile.file.name().to_owned(),
                    context: context.clone(),
                    target: build.value.target.as_ref().map(|target| target.value.as_str().to_owned()),
                };
                self.outcome.builds.named.push((name.value.as_str().to_owned(), build));
            }
        }
    }
}

/// A fault of a project as the rules see it.
pub(crate) fn project_fault(project: &Project, fault: &fault::Fault) -> Fault {
    Fault {
        kind: fault.kind,
        place: project.place(fault.origin),
        message: fault.message.clone(),
        help: fault.help.clone(),
        fix: fault.remedy.as_ref().and_then(|remedy| remedy.fix(project, fault.origin)),
        labels: fault
            .labels
            .iter()
            .map(|(origin, message)| Label { place: project.place(*origin), message: message.clone() })
            .collect(),
        service: fault.service.clone(),
        at_most: (fault.about == About::EnvironmentFile).then_some(Severity::Low),
    }
}
