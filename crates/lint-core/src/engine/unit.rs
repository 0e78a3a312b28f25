//! One Dockerfile or one Compose project: parse, model, and run the rules over it.

use std::any::Any;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use lint_parser::text::source::SourceFile;

use crate::engine::builds::Builds;
use crate::engine::dispatch::{Checks, Of};
use crate::engine::dockerfiles::{Dockerfiles, ReadDockerfile};
use crate::engine::evidence;
use crate::engine::ignores::Ignores;
use crate::engine::outcome::Outcome;
use crate::engine::project_builds::ProjectBuilds;
use crate::engine::scripts::{self};
use crate::engine::settings_by_file::SettingsByFile;
use crate::engine::shared::Shared;
use crate::engine::source::{Source, SourceKind};
use crate::files::{FileError, Files, join};
use crate::finding::finding::Finding;
use crate::finding::label::Label;
use crate::finding::label::Place;
use crate::finding::meta::RuleMeta;
use crate::finding::severity::Severity;
use crate::model::build::ParsedDockerfile;
use crate::model::build::local_images::LocalImages;
use crate::model::calls::{Calls, Material, Mentions};
use crate::model::container::assembly::{Assembly, Part};
use crate::model::container::{
    self, BuildFiles, BuiltByServices, Container, Image, Presence, ServiceOf, missing_mounts,
};
use crate::model::daemon::daemon_config::DaemonDefaults;
use crate::model::kit::foreign;
use crate::model::project::Project;
use crate::model::project::fault::{self, About};
use crate::model::project::group::{ProjectFiles, declared, group};
use crate::model::project::images;
use crate::model::project::service::Service;
use crate::report::picture::Picture;
use crate::report::seen::Evidence;
use crate::report::{Failure, Note};
use crate::rule::check::{Fault, ServiceSubject, StageSubject, UnusedDockerfile};
use crate::rule::context::{Context, Subject};
use crate::settings::Settings;

/// How many containers of one project its own policies see.
#[cfg(feature = "policies")]
const MOST_OF_PROJECT: usize = 500;

/// What every unit of a run shares.
pub(crate) struct Run<'a> {
    pub(super) settings: &'a SettingsByFile,
    pub(super) checks: &'a Checks,
    pub(super) sources: &'a [Source],
    pub(super) files: &'a dyn Files,
    /// The sources that came with their text, by name.
    texts: HashMap<&'a str, SourceFile>,
    dockerfiles: Dockerfiles,
    /// What the daemons among the sources say for every container.
    pub(crate) daemon: DaemonDefaults,
    /// Whether there is a linter of shell scripts.
    lints_scripts: bool,
    /// The command lines at hand; read when first asked for.
    pub(super) calls: Arc<OnceLock<Calls>>,
    /// What scripts make Dockerfiles of, read when first asked for.
    pub(super) material: OnceLock<Material>,
    /// The images that they build.
    pub(super) local_images: Arc<OnceLock<Arc<LocalImages>>>,
    /// The words of the files that may call Docker; read when first asked for.
    pub(super) mentions: OnceLock<Mentions>,
    /// Who keeps texts and trees from one run to the next, where somebody does.
    shared: Option<Shared<'a>>,
    /// Whether to write out what policies can ask, instead of asking it.
    #[cfg(feature = "policies")]
    pub(super) explains: bool,
}

impl BuildFiles for Run<'_> {
    fn dockerfile(&self, path: &str) -> ReadDockerfile {
        match self.shared {
            Some(shared) => shared.kept.dockerfile(path),
            None => self.dockerfiles.get(path, || self.parse(path)),
        }
    }

    fn text(&self, path: &str) -> Option<String> {
        self.read(path).ok().map(|file| file.text().to_owned())
    }

    fn presence(&self, path: &str) -> Presence {
        if self.texts.contains_key(path) || self.files.exists(path) {
            return Presence::There;
        }
        // A window that is shut says of everything that it does not exist.
        match self.files.read(path) {
            Ok(_) | Err(FileError::NotAFile) => Presence::There,
            Err(FileError::NotFound) => Presence::Missing,
            Err(_) => Presence::Unknown,
        }
    }

    fn is_mentioned(&self, name: &str) -> bool {
        self.mentions.get_or_init(|| Mentions::read(self.files)).contains(name)
    }
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        settings: &'a SettingsByFile,
        checks: &'a Checks,
        sources: &'a [Source],
        files: &'a dyn Files,
        lints_scripts: bool,
    ) -> Self {
        let with_text = sources.iter().filter_map(|s| Some((s, s.text.as_ref()?)));
        let texts = with_text.map(|(s, text)| (s.name.as_str(), SourceFile::new(&s.name, text))).collect();
        let (dockerfiles, daemon) = (Dockerfiles::default(), DaemonDefaults::default());
        let (calls, material, local_images) = Default::default();
        Self {
            settings,
            checks,
            sources,
            files,
            texts,
            dockerfiles,
            daemon,
            lints_scripts,
            calls,
            material,
            local_images,
            mentions: OnceLock::new(),
            shared: None,
            #[cfg(feature = "policies")]
            explains: false,
        }
    }

    /// The same, with what outlives the run.
    pub(crate) fn sharing(mut self, shared: Shared<'a>) -> Self {
        self.daemon = shared.daemon;
        self.calls = Arc::clone(shared.calls);
        self.local_images = Arc::clone(shared.local_images);
        self.shared = Some(shared);
        self
    }

    /// The same, to write out what policies can ask.
    #[cfg(feature = "policies")]
    pub(crate) fn explaining(self) -> Self {
        Self { explains: true, ..self }
    }

    /// Whether to stop in the middle: what comes of it will not be looked at.
    pub(super) fn is_stopped(&self) -> bool {
        self.shared.is_some_and(|shared| (shared.stop)())
    }

    /// The window for whoever looks for callers.
    pub(super) fn callers(&self) -> &'a dyn Files {
        self.shared.map_or(self.files, |shared| shared.callers)
    }

    /// The projects that the Compose sources make.
    pub(crate) fn projects(&self) -> Vec<ProjectFiles> {
        let compose = self.sources.iter().filter(|source| source.kind == SourceKind::Compose);
        let mut names: Vec<String> = compose.map(|source| source.name.clone()).collect();
        let mut projects = self.declared(&mut names);
        projects.extend(self.as_started(group(&names, self.files)));
        for project in &mut projects {
            let unit = project.files.first().map_or("", String::as_str);
            project.env_files.clone_from(&self.settings.of(unit).env_files);
        }
        projects
    }

    /// The projects that the settings declare, of which a file is among `names`; takes their files from there.
    fn declared(&self, names: &mut Vec<String>) -> Vec<ProjectFiles> {
        let mut projects: Vec<ProjectFiles> = Vec::new();
        for project in self.settings.all().iter().flat_map(|settings| declared(names, settings)) {
            if !projects.contains(&project) {
                projects.push(project);
            }
        }
        names.retain(|name| !projects.iter().any(|project| project.files.contains(name)));
        projects
    }

    /// A file's text: the one the caller gave, or what is on the other side of the window.
    pub(super) fn read(&self, name: &str) -> Result<SourceFile, FileError> {
        match (self.texts.get(name), self.shared) {
            (Some(file), _) => Ok(file.clone()),
            (None, Some(shared)) => shared.kept.source(name),
            (None, None) => self.files.read(name).map(|text| SourceFile::new(name, text)),
        }
    }

    fn parse(&self, path: &str) -> ReadDockerfile {
        self.read(path).map(|file| Arc::new(ParsedDockerfile::parse(file)))
    }

    /// The text of a file that is not linted by itself.
    pub(super) fn read_unlinted(&self, name: &str) -> Option<SourceFile> {
        let linted = self.sources.iter().any(|source| source.name == name);
        if linted { None } else { self.read(name).ok() }
    }

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
        let Some(project) = project else {
            return bench.outcome;
        };
        bench.outcome.included.clone_from(&project.included);
        bench.outcome.extended.clone_from(&project.extended);
        for (_, source) in project.sources.iter() {
            bench.outcome.heed(&source.file, Ignores::of_yaml(&source.file, &source.stream));
        }
        for note in &project.notes {
            let at = note.origin.map(|origin| project.place(origin).file.name().to_owned());
            let file = at.unwrap_or_else(|| files.files.first().cloned().unwrap_or_default());
            bench.outcome.notes.push(Note { file, message: format!("{}: {}", note.file, note.message) });
        }
        let refusals = project.faults.iter().filter(|fault| fault.about != About::EnvironmentFile);
        let refused = refusals.map(|fault| project.place(fault.origin).file.name().to_owned());
        bench.outcome.refused.extend(refused);
        bench.faults(project.faults.iter().map(|fault| project_fault(&project, fault)));
        bench.outcome.refusals = bench.outcome.findings.len();
        bench.checks(&self.checks.project, &Subject::default(), |check, cx| check(&project, cx));
        bench.evidence(|| evidence::of_project(&project));
        bench.draw(|picture| *picture = Some(evidence::picture::of_project(&project)));
        let mut assembly = Assembly::new(&project);
        // An override file that may not be read may build more.
        if project.opaque
            || self.presence(&join(&project.directory, "compose.override.yaml")) == Presence::Unknown
        {
            bench.outcome.builds.set_unknown();
        }
        let builds = ProjectBuilds::new(self);
        let mut followed = HashSet::new();
        for service in project.services.iter().filter(|service| Run::is_started(files, service)) {
            if self.is_stopped() {
                return bench.outcome;
            }
            let subject = Subject {
                service: Some(service.name.to_string()),
                stage: None,
                most: None,
                scopes: service.keys.iter().map(|&key| project.place(key)).collect(),
            };
            let of = ServiceOf { project: &project, service };
            let container = bench.guarded("resolving the build", || {
                Container::of_service(of, container::image_of_service(of, &builds), &builds)
            });
            let checked = ServiceSubject { project: &project, service, container: container.as_ref() };
            bench.checks(&self.checks.service, &subject, |check, cx| check(&checked, cx));
            bench.what_service_runs(checked, &subject);
            let Some(container) = container else { continue };
            bench.builds(&project, service, &container.image);
            bench.note_given_up(&container.image);
            // What the build says by itself is said once, however many services share it, and of one that builds it.
            let builds_it = service.spec.build.is_some();
            let is_new = builds_it
                && container.image.plan().is_some_and(|plan| followed.insert(std::ptr::from_ref(plan)));
            if builds_it {
                bench.followed(service, &container.image, is_new);
            }
            bench.daemon_in_service(&project, service, &subject);
            if is_new {
                bench.daemon_in_image(&container.image);
            }
            assembly.add(Part::of(&container, service));
            #[cfg(feature = "policies")]
            bench.policies_of_service(&project, service, &container, &subject);
            if service.spec.provider.is_none() {
                bench.outcome.services += usize::from(!service.fragment);
                if !service.fragment {
                    bench.evidence(|| evidence::of_service(&project, service));
                    bench.evidence(|| evidence::of_container(&container));
                    bench.draw(|picture| {
                        let drawn = evidence::picture::of_service(&project, service, &container);
                        picture.iter_mut().for_each(|picture| picture.services.push(drawn.clone()));
                    });
                }
                bench.container(&container, subject);
            }
        }
        if let Some(message) = builds.left_out() {
            bench.outcome.notes.push(Note { file: bench.file.to_owned(), message });
        }
        #[cfg(feature = "policies")]
        bench.policies_of_project(&project, || {
            let of = |service| ServiceOf { project: &project, service };
            let made = |service| {
                Container::of_service(of(service), container::image_of_service(of(service), &builds), &builds)
            };
            project.services.iter().take(MOST_OF_PROJECT).map(|service| Some(made(service))).collect()
        });
        let missing =
            bench.guarded("looking for what is mounted", || missing_mounts::find(&project, &builds));
        assembly.missing_mounts = missing.unwrap_or_default();
        bench.checks(&self.checks.assembly, &Subject::default(), |check, cx| check(&assembly, cx));
        bench.outcome
    }

    /// Judges one Dockerfile. The containers that services make of a stage have been judged with everything their
    /// service says, so the stage is not judged as a container once more.
    pub(crate) fn lint_dockerfile(&self, source: &Source, builds: &Builds) -> Outcome {
        let none = BuiltByServices::default();
        let built = builds.of(&source.name).unwrap_or(&none);
        let mut outcome = Outcome { unit: source.name.clone(), ..Outcome::default() };
        let read = match self.shared {
            Some(shared) => shared.kept.dockerfile(&source.name),
            None => self.dockerfiles.take(&source.name, || self.parse(&source.name)),
        };
        let dockerfile = match read {
            Ok(dockerfile) => dockerfile,
            Err(error) => {
                outcome.unreadable.push((source.name.clone(), error));
                return outcome;
            }
        };
        let mut bench = Bench::new(self, outcome, &source.name);
        bench.outcome.heed(&dockerfile.file, Ignores::of_dockerfile(&dockerfile.tree));
        if let Some(foreign) = &dockerfile.foreign {
            bench.outcome.notes.push(Note { file: source.name.clone(), message: foreign.to_string() });
        }
        if let Some(maker) = self.maker_of(&dockerfile) {
            let message =
                format!("not judged: `{maker}` makes another file of it, which is what Docker gets");
            bench.outcome.notes.push(Note { file: source.name.clone(), message });
            return bench.outcome;
        }
        if !dockerfile.errors.is_empty() {
            bench.outcome.refused.insert(source.name.clone());
        }
        bench.faults(dockerfile.errors.iter().map(|error| Fault::of_syntax(&dockerfile.file, error, None)));
        let container = bench.guarded("planning the build", || {
            Container::of_dockerfile(self.image_of(&dockerfile, built, builds), self)
        });
        let Some(container) = container else { return bench.outcome };
        bench.note_given_up(&container.image);
        bench.instructions(&container.image);
        bench.daemon_in_image(&container.image);
        bench.targets(&container, built);
        if let (Some(plan), Some(near)) = (container.image.plan(), self.near_unused(&source.name, builds)) {
            let unused = UnusedDockerfile { plan, near };
            bench.checks(&self.checks.unused_dockerfile, &Subject::default(), |check, cx| check(&unused, cx));
        }
        bench.outcome
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

/// Runs checks over a unit and keeps a panic in one of them from ending the others.
pub(super) struct Bench<'a> {
    pub(super) run: &'a Run<'a>,
    /// The unit's.
    pub(super) settings: &'a Settings,
    pub(super) outcome: Outcome,
    /// The file to name when something of ours fails.
    pub(super) file: &'a str,
    /// Those of the settings.
    #[cfg(feature = "policies")]
    pub(super) policies: crate::engine::policies::Policies,
}

impl<'a> Bench<'a> {
    pub(super) fn new(run: &'a Run<'a>, outcome: Outcome, file: &'a str) -> Self {
        #[cfg_attr(not(feature = "policies"), expect(unused_mut, reason = "policies are made ready"))]
        let mut bench = Self {
            run,
            settings: run.settings.of(file),
            outcome,
            file,
            #[cfg(feature = "policies")]
            policies: crate::engine::policies::Policies::default(),
        };
        #[cfg(feature = "policies")]
        bench.prepare_policies();
        bench
    }
}

impl Bench<'_> {
    pub(super) fn guarded<T>(&mut self, during: &str, work: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(result) => Some(result),
            Err(panic) => {
                self.failed(during, panic.as_ref());
                None
            }
        }
    }

    /// Takes note of what an audit can rest on, where one is asked for.
    pub(super) fn evidence(&mut self, gather: impl FnOnce() -> Vec<Evidence>) {
        if self.settings.gather_evidence {
            let seen = self.guarded("gathering evidence", gather);
            self.outcome.evidence.extend(seen.into_iter().flatten());
        }
    }

    /// Draws, where an audit is to show it.
    pub(super) fn draw(&mut self, draw: impl FnOnce(&mut Option<Picture>)) {
        if self.settings.gather_evidence {
            let mut picture = self.outcome.picture.take();
            self.guarded("drawing the project", || draw(&mut picture));
            self.outcome.picture = picture;
        }
    }

    fn failed(&mut self, during: &str, panic: &(dyn Any + Send)) {
        let message = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        self.outcome.failures.push(Failure {
            file: self.file.to_owned(),
            during: during.to_owned(),
            message: message.to_owned(),
        });
    }

    /// Hands a subject to every check of its kind. A check that panics is left out, and what it had found of the subject
    /// with it; those after it go on.
    pub(super) fn checks<C: Copy>(
        &mut self,
        checks: &[Of<C>],
        subject: &Subject,
        call: impl Fn(C, &mut Context<'_>),
    ) {
        let mut findings = std::mem::take(&mut self.outcome.findings);
        // Of the check that is at work: itself, and how many findings there were before it.
        let (at, before) = (Cell::new(0), Cell::new(0));
        while at.get() < checks.len() {
            let work = AssertUnwindSafe(|| {
                for of in checks.iter().skip(at.get()) {
                    before.set(findings.len());
                    call(of.check, &mut self.context(of.rule, subject, &mut findings));
                    at.set(at.get() + 1);
                }
            });
            let Err(panic) = catch_unwind(work) else { break };
            findings.truncate(before.get());
            if let Some(of) = checks.get(at.get()) {
                self.failed(of.rule.name, panic.as_ref());
            }
            at.set(at.get() + 1);
        }
        self.outcome.findings = findings;
    }

    pub(super) fn context<'c>(
        &'c self,
        rule: &'static RuleMeta,
        subject: &'c Subject,
        findings: &'c mut Vec<Finding>,
    ) -> Context<'c> {
        Context::new(rule, self.settings, subject, findings).under(self.run.daemon)
    }

    /// Says that not all values could be followed.
    fn note_given_up(&mut self, image: &Image) {
        let Some(plan) = image.plan().filter(|plan| plan.has_given_up) else { return };
        self.outcome.notes.push(Note {
            file: plan.dockerfile.file.name().to_owned(),
            message:
                "variables grow to more than is worked out; nothing is said that depends on those values"
                    .to_owned(),
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
    fn builds(&mut self, project: &Project, service: &Service, image: &Image) {
        if !service.complete {
            self.outcome.builds.set_unknown();
        }
        if let Some(build) = &service.spec.build {
            let at = build.value.context.as_ref().map_or(build.key, |context| context.origin);
            self.outcome.builds.add(image, project.place(at));
            self.outcome.builds.images.extend(images::names_of_build(project, service));
        }
    }

    pub(super) fn container(&mut self, container: &Container<'_>, mut subject: Subject) {
        if let Some((plan, stage)) = container.target() {
            subject.stage = stage.name.clone();
            subject.scopes.push(Place::new(&plan.dockerfile.file, stage.from_span));
        }
        let before = self.outcome.findings.len();
        #[cfg(feature = "policies")]
        self.policies_of_container(container, &subject);
        self.checks(&self.run.checks.container, &subject, |check, cx| check(container, cx));
        self.name_target(container, before);
    }

    /// The Dockerfile, its stages and its instructions, each by itself.
    fn instructions(&mut self, image: &Image) {
        let Some(plan) = image.plan() else { return };
        self.evidence(|| evidence::of_plan(plan));
        let checks = self.run.checks;
        #[cfg(feature = "policies")]
        self.policies_of_build(plan);
        self.checks(&checks.dockerfile, &Subject::default(), |check, cx| check(plan, cx));
        if self.run.lints_scripts && self.settings.wants_shell_findings() {
            let found =
                self.guarded("reading the shell scripts", || scripts::of_plan(plan).collect::<Vec<_>>());
            self.outcome.scripts.extend(found.into_iter().flatten());
        }
        for stage in &plan.stages {
            if self.run.is_stopped() {
                return;
            }
            let most = plan.is_aside(stage.index).then_some(Severity::Low);
            let subject = Subject { stage: stage.name.clone(), most, ..Subject::default() };
            let stage = StageSubject { plan, stage };
            self.what_stage_runs(stage, &subject);
            self.checks(&checks.stage, &subject, |check, cx| check(&stage, cx));
            self.checks(&checks.instruction, &subject, |check, cx| {
                stage.instructions().for_each(|instruction| check(&instruction, cx));
            });
        }
    }

    pub(super) fn faults(&mut self, faults: impl Iterator<Item = Fault>) {
        for fault in faults {
            self.checks(&self.run.checks.fault, &Subject::default(), |check, cx| check(&fault, cx));
        }
    }
}
