//! One Dockerfile or one Compose project: parse, model, and run the rules over it.

use std::any::Any;
use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use lint_parser::text::source::SourceFile;

use crate::engine::at_work;
use crate::engine::builds::Builds;
use crate::engine::dispatch::{Checks, Of};
use crate::engine::dockerfiles::{Dockerfiles, ReadDockerfile};
use crate::engine::evidence;
use crate::engine::ignores::Ignores;
use crate::engine::outcome::Outcome;
use crate::engine::scripts::{self};
use crate::engine::settings_by_file::SettingsByFile;
use crate::engine::shared::Shared;
use crate::engine::source::{Source, SourceKind};
use crate::files::{FileError, Files, InGit};
use crate::finding::finding::Finding;
use crate::finding::label::Place;
use crate::finding::meta::RuleMeta;
use crate::finding::severity::Severity;
use crate::model::build::ParsedDockerfile;
use crate::model::build::local_images::LocalImages;
use crate::model::calls::{Calls, Material, Mentions};
use crate::model::container::{BuildFiles, BuiltByServices, Container, Image, Presence};
use crate::model::daemon::daemon_config::DaemonDefaults;
use crate::model::project::group::{ProjectFiles, declared, group};
use crate::model::project::input::{Input, InputKind};
use crate::report::picture::Picture;
use crate::report::seen::Evidence;
use crate::report::{Failure, Note};
use crate::rule::check::{Fault, StageSubject, UnusedDockerfile};
use crate::rule::context::{Context, Subject};
use crate::settings::Settings;

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
    /// The policies of each of the settings.
    #[cfg(feature = "policies")]
    pub(super) made_policies: crate::policies::ready::MadePolicies,
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

    fn in_git(&self, path: &str) -> Option<InGit> {
        self.files.in_git(path)
    }

    fn is_mentioned(&self, name: &str) -> bool {
        self.mentions.get_or_init(|| Mentions::read(self.files, &|_| true)).contains(name)
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
            #[cfg(feature = "policies")]
            made_policies: std::sync::Mutex::default(),
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
        bench.done()
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
    pub(super) policies: crate::policies::ready::Policies,
    /// What the project was written as that is being judged.
    pub(super) input: Input,
}

impl<'a> Bench<'a> {
    pub(super) fn new(run: &'a Run<'a>, outcome: Outcome, file: &'a str) -> Self {
        at_work::begins(file);
        #[cfg_attr(not(feature = "policies"), expect(unused_mut, reason = "policies are made ready"))]
        let mut bench = Self {
            run,
            settings: run.settings.of(file),
            outcome,
            file,
            input: Input::default(),
            #[cfg(feature = "policies")]
            policies: crate::policies::ready::Policies::default(),
        };
        #[cfg(feature = "policies")]
        bench.prepare_policies();
        bench
    }

    /// What has come of it.
    pub(super) fn done(self) -> Outcome {
        at_work::is_done();
        self.outcome
    }
}

impl Bench<'_> {
    pub(super) fn guarded<T>(&mut self, during: &str, work: impl FnOnce() -> T) -> Option<T> {
        at_work::does(during);
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
                    at_work::does(of.rule.name);
                    if self.input.is_reached_by(of.rule.reach) {
                        call(of.check, &mut self.context(of.rule, subject, &mut findings));
                    }
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
        // What a daemon of Docker's says holds for no pod; and root that is nobody on the host is one that is remapped.
        let mut daemon = if self.input.kind == InputKind::Kubernetes {
            DaemonDefaults::default()
        } else {
            self.run.daemon
        };
        daemon.userns_remap |= self.input.is_rootless;
        Context::new(rule, self.settings, subject, findings).under(daemon)
    }

    /// Says that not all values could be followed.
    pub(super) fn note_given_up(&mut self, image: &Image) {
        let Some(plan) = image.plan().filter(|plan| plan.has_given_up) else { return };
        self.outcome.notes.push(Note {
            file: plan.dockerfile.file.name().to_owned(),
            message:
                "variables grow to more than is worked out; nothing is said that depends on those values"
                    .to_owned(),
        });
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
    pub(super) fn instructions(&mut self, image: &Image) {
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
