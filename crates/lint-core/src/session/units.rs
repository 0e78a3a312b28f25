//! What is judged by itself, and judged again only when something has changed that its verdict rests on.

mod asked;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::engine::builds::{Builds, View};
use crate::engine::dispatch::Checks;
use crate::engine::inputs::is_input;
use crate::engine::linter::{Linter, bases, wholes};
use crate::engine::outcome::Outcome;
use crate::engine::scripts::Scripts;
use crate::engine::shared::{Kept as _, Shared, Stop};
use crate::engine::source::Source;
use crate::engine::unit::Run;
use crate::files::Files;
use crate::kinds::SourceKind;
use crate::model::build::local_images::LocalImages;
use crate::model::calls::Calls;
use crate::model::daemon::daemon_config::DaemonDefaults;
use crate::model::project::group::ProjectFiles;
use crate::session::texts::{Seen, Texts, Touched, Trace};

/// How many projects are asked what they know of a file that they share.
const MOST_PROJECTS: usize = 8;

/// Everything that has been judged.
#[derive(Default)]
pub(super) struct Units {
    daemons: Option<Daemons>,
    calls: Callers,
    groups: Option<Groups>,
    projects: Vec<ProjectUnit>,
    /// The images that the services of projects build, as the verdicts on what follows know them.
    built_by_projects: HashSet<String>,
    /// What the projects are to one another, which is looked at anew once one of them is.
    repository: Option<Option<Arc<Outcome>>>,
    /// Files of containers that are no Compose files.
    inputs: BTreeMap<String, Option<(Arc<Outcome>, Seen)>>,
    /// The manifests of Kubernetes, which speak of one another and are judged at once.
    manifests: Option<Manifests>,
    dockerfiles: HashMap<String, DockerfileUnit>,
    /// What the services of all projects build.
    builds: Option<Arc<Builds>>,
    /// The images among it, as the verdicts on Dockerfiles know them.
    images: HashSet<String>,
}

/// The daemons, which are few and judged at once.
struct Daemons {
    outcomes: Vec<Arc<Outcome>>,
    defaults: DaemonDefaults,
    seen: Seen,
}

/// The manifests.
struct Manifests {
    outcomes: Vec<Arc<Outcome>>,
    seen: Seen,
}

/// The command lines at hand, read when somebody first asks.
#[derive(Default)]
struct Callers {
    calls: Arc<OnceLock<Calls>>,
    local_images: Arc<OnceLock<Arc<LocalImages>>>,
    seen: Seen,
}

/// Who has seen what when files were put together to projects.
struct Groups {
    seen: Seen,
}

struct ProjectUnit {
    files: ProjectFiles,
    judged: Option<(Arc<Outcome>, Seen)>,
    /// Whether it is no part of another one.
    is_whole: bool,
    /// Whether others take services from it, so that what Compose refuses of it alone is not told.
    is_base: bool,
}

struct DockerfileUnit {
    judged: Option<(Arc<Outcome>, Seen)>,
    view: View,
}

/// What judging needs.
#[derive(Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) linter: &'a Linter,
    pub(super) checks: &'a Checks,
    pub(super) sources: &'a [Source],
    pub(super) texts: &'a Texts,
    pub(super) stop: Stop<'a>,
}

/// It was stopped, and can go on from there.
pub(super) struct Stopped;

impl<'a> Bench<'a> {
    fn run(
        &self,
        trace: &'a Trace<'a>,
        callers: &'a dyn Files,
        units: &'a Callers,
        daemon: DaemonDefaults,
    ) -> Run<'a> {
        let shared = Shared {
            kept: trace,
            stop: self.stop,
            callers,
            daemon,
            calls: &units.calls,
            local_images: &units.local_images,
        };
        let lints_scripts = self.linter.script_linter.is_some();
        Run::new(&self.linter.settings, self.checks, self.sources, trace, lints_scripts).sharing(shared)
    }

    /// Runs something that may look for callers, and says what it has seen.
    fn judge<T>(
        &self,
        callers: &mut Callers,
        daemon: DaemonDefaults,
        work: impl FnOnce(&mut Run<'_>) -> T,
    ) -> (T, Seen) {
        let (trace, of_callers) = (Trace::new(self.texts), Trace::new(self.texts));
        let done = work(&mut self.run(&trace, &of_callers, callers, daemon));
        let seen = of_callers.seen();
        callers.seen.read.extend(seen.read);
        callers.seen.asked.extend(seen.asked);
        (done, trace.seen())
    }

    /// Has the scripts of a unit linted, once.
    fn scripts(&self, outcome: &mut Outcome) {
        let scripts = std::mem::take(&mut outcome.scripts);
        if let Some(linter) = self.linter.script_linter.as_ref().filter(|_| !scripts.is_empty()) {
            let mut waiting = Scripts::new(linter, 1);
            waiting.add(self.linter.settings.of(&outcome.unit), scripts);
            let answers = waiting.lint();
            outcome.findings.extend(answers.findings.into_iter().map(|(finding, _)| finding));
        }
    }
}

impl Units {
    /// Forgets what rests on something that has changed; the files that verdicts were given on.
    pub(super) fn touch(&mut self, touched: &Touched) -> BTreeSet<String> {
        let mut told = BTreeSet::new();
        if touched.is_empty() {
            return told;
        }
        if self.calls.seen.is_touched(touched) {
            self.calls = Callers::default();
            self.groups = None;
            told.extend(self.forget_verdicts());
        }
        if self.daemons.as_ref().is_some_and(|daemons| daemons.seen.is_touched(touched)) {
            told.extend(self.forget_verdicts());
        }
        if self.groups.as_ref().is_some_and(|groups| groups.seen.is_touched(touched)) {
            self.groups = None;
        }
        if self.manifests.as_ref().is_some_and(|manifests| manifests.seen.is_touched(touched)) {
            self.forget_manifests(&mut told);
        }
        for judged in self.judged_mut() {
            if let Some((outcome, _)) = judged.take_if(|(_, seen)| seen.is_touched(touched)) {
                told.extend(files_of(&outcome));
            }
        }
        told
    }

    /// Forgets all verdicts; the files that they were given on.
    pub(super) fn forget_verdicts(&mut self) -> BTreeSet<String> {
        let daemons = self.daemons.take();
        let repository = self.repository.take().flatten();
        let mut told: BTreeSet<String> = daemons
            .iter()
            .flat_map(|daemons| &daemons.outcomes)
            .chain(&repository)
            .flat_map(|outcome| files_of(outcome))
            .collect();
        self.forget_manifests(&mut told);
        for judged in self.judged_mut() {
            told.extend(judged.take().iter().flat_map(|(outcome, _)| files_of(outcome)));
        }
        self.builds = None;
        told
    }

    /// Takes note of other sources: which files make projects, and where callers are looked for.
    pub(super) fn regroup(&mut self, directories_changed: bool) -> BTreeSet<String> {
        self.groups = None;
        if directories_changed {
            self.calls = Callers::default();
            return self.forget_verdicts();
        }
        let mut told = BTreeSet::new();
        self.forget_manifests(&mut told);
        told
    }

    fn forget_manifests(&mut self, told: &mut BTreeSet<String>) {
        let manifests = self.manifests.take();
        told.extend(
            manifests.iter().flat_map(|manifests| &manifests.outcomes).flat_map(|outcome| files_of(outcome)),
        );
    }

    fn judged_mut(&mut self) -> impl Iterator<Item = &mut Option<(Arc<Outcome>, Seen)>> {
        let projects = self.projects.iter_mut().map(|project| &mut project.judged);
        let dockerfiles = self.dockerfiles.values_mut().map(|dockerfile| &mut dockerfile.judged);
        projects.chain(self.inputs.values_mut()).chain(dockerfiles)
    }

    /// Judges what has no verdict; adds the files that new verdicts are given on.
    pub(super) fn judge(&mut self, bench: Bench<'_>, told: &mut BTreeSet<String>) -> Result<(), Stopped> {
        let daemon = self.daemons(bench, told);
        self.group(bench, told);
        let mut is_new = false;
        for project in self.projects.iter_mut().filter(|project| project.judged.is_none()) {
            let (mut outcome, seen) =
                bench.judge(&mut self.calls, daemon, |run| run.lint_project(&project.files));
            if (bench.stop)() {
                return Err(Stopped);
            }
            bench.scripts(&mut outcome);
            told.extend(files_of(&outcome));
            project.judged = Some((Arc::new(outcome), seen));
            self.builds = None;
            is_new = true;
        }
        if is_new {
            self.forget_repository(told);
        }
        self.judge_inputs(bench, daemon, told)?;
        if self.builds.is_none() {
            // What services build is what pods may run.
            self.forget_manifests(told);
        }
        let builds = self.builds(bench, told);
        self.judge_repository(bench, daemon, told);
        let builds = self.judge_manifests(bench, daemon, builds, told)?;
        let names: BTreeSet<&str> =
            of_kind(bench.sources, SourceKind::Dockerfile).map(|s| s.name.as_str()).collect();
        self.dockerfiles.retain(|name, unit| {
            let stays = names.contains(name.as_str());
            if let Some((outcome, _)) = unit.judged.as_ref().filter(|_| !stays) {
                told.extend(files_of(outcome));
            }
            stays
        });
        for source in of_kind(bench.sources, SourceKind::Dockerfile) {
            let view = builds.view_of(&source.name);
            let known = self.dockerfiles.get(&source.name);
            if known.is_some_and(|known| known.judged.is_some() && known.view == view) {
                continue;
            }
            if let Some((outcome, _)) = known.and_then(|known| known.judged.as_ref()) {
                told.extend(files_of(outcome));
            }
            let (mut outcome, seen) =
                bench.judge(&mut self.calls, daemon, |run| run.lint_dockerfile(source, &builds));
            if (bench.stop)() {
                return Err(Stopped);
            }
            bench.scripts(&mut outcome);
            told.extend(files_of(&outcome));
            let unit = DockerfileUnit { judged: Some((Arc::new(outcome), seen)), view };
            self.dockerfiles.insert(source.name.clone(), unit);
        }
        Ok(())
    }

    /// Judges what the projects are to one another.
    fn judge_repository(&mut self, bench: Bench<'_>, daemon: DaemonDefaults, told: &mut BTreeSet<String>) {
        if self.repository.is_some() {
            return;
        }
        let projects = self.projects.iter().filter(|project| project.is_whole && !project.is_base);
        let claims: Vec<_> =
            projects.filter_map(|project| project.judged.as_ref()?.0.claims.clone()).collect();
        let (outcome, _) = bench.judge(&mut self.calls, daemon, |run| run.lint_repository(&claims));
        told.extend(outcome.iter().flat_map(files_of));
        self.repository = Some(outcome.map(Arc::new));
    }

    fn forget_repository(&mut self, told: &mut BTreeSet<String>) {
        let repository = self.repository.take().flatten();
        told.extend(repository.iter().flat_map(|outcome| files_of(outcome)));
    }

    /// Judges the files of containers that are no Compose files.
    fn judge_inputs(
        &mut self,
        bench: Bench<'_>,
        daemon: DaemonDefaults,
        told: &mut BTreeSet<String>,
    ) -> Result<(), Stopped> {
        let sources: Vec<&Source> = bench.sources.iter().filter(|source| is_input(source.kind)).collect();
        let names: BTreeSet<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        if !names.is_empty() && self.builds.is_none() {
            let projects = self.projects.iter().filter_map(|project| project.judged.as_ref());
            let built: HashSet<String> =
                projects.flat_map(|(outcome, _)| outcome.builds.images.iter().cloned()).collect();
            if built != self.built_by_projects {
                self.built_by_projects = built;
                let judged = self.inputs.values_mut().filter_map(Option::take);
                judged.for_each(|(outcome, _)| told.extend(files_of(&outcome)));
            }
        }
        let before = self.inputs.len();
        self.inputs.retain(|name, judged| {
            let stays = names.contains(name.as_str());
            if let Some((outcome, _)) = judged.as_ref().filter(|_| !stays) {
                told.extend(files_of(outcome));
            }
            stays
        });
        if self.inputs.len() != before {
            self.builds = None;
        }
        let units: Vec<&str> =
            of_kind(bench.sources, SourceKind::Quadlet).map(|source| source.name.as_str()).collect();
        if units.iter().any(|name| !self.inputs.contains_key(*name)) {
            // It may be a drop-in of the others.
            units.iter().for_each(|name| {
                self.inputs.remove(*name);
            });
        }
        for source in sources {
            if self.inputs.get(&source.name).is_some_and(Option::is_some) {
                continue;
            }
            let built = &self.built_by_projects;
            let (mut outcome, seen) =
                bench.judge(&mut self.calls, daemon, |run| run.lint_input(source, built));
            if (bench.stop)() {
                return Err(Stopped);
            }
            bench.scripts(&mut outcome);
            told.extend(files_of(&outcome));
            self.inputs.insert(source.name.clone(), Some((Arc::new(outcome), seen)));
            self.builds = None;
        }
        Ok(())
    }

    /// Judges the manifests, all of them together; what is built with what their pods run.
    fn judge_manifests(
        &mut self,
        bench: Bench<'_>,
        daemon: DaemonDefaults,
        builds: Arc<Builds>,
        told: &mut BTreeSet<String>,
    ) -> Result<Arc<Builds>, Stopped> {
        if of_kind(bench.sources, SourceKind::Kubernetes).next().is_none() {
            return Ok(builds);
        }
        if self.manifests.is_none() {
            let (mut outcomes, seen) =
                bench.judge(&mut self.calls, daemon, |run| run.lint_kubernetes(&builds));
            if (bench.stop)() {
                return Err(Stopped);
            }
            for outcome in &mut outcomes {
                bench.scripts(outcome);
                told.extend(files_of(outcome));
            }
            let outcomes = outcomes.into_iter().map(Arc::new).collect();
            self.manifests = Some(Manifests { outcomes, seen });
        }
        let mut all = (*builds).clone();
        let outcomes = self.manifests.iter().flat_map(|manifests| &manifests.outcomes);
        outcomes.for_each(|outcome| all.extend(outcome.builds.clone()));
        Ok(Arc::new(all))
    }

    fn daemons(&mut self, bench: Bench<'_>, told: &mut BTreeSet<String>) -> DaemonDefaults {
        if let Some(daemons) = &self.daemons {
            return daemons.defaults;
        }
        let ((outcomes, defaults), seen) =
            bench.judge(&mut self.calls, DaemonDefaults::default(), |run| (run.lint_daemons(), run.daemon));
        told.extend(outcomes.iter().flat_map(files_of));
        let outcomes = outcomes.into_iter().map(Arc::new).collect();
        self.daemons = Some(Daemons { outcomes, defaults, seen });
        defaults
    }

    fn group(&mut self, bench: Bench<'_>, told: &mut BTreeSet<String>) {
        if self.groups.is_some() {
            return;
        }
        let (files, seen) = bench.judge(&mut self.calls, DaemonDefaults::default(), |run| run.projects());
        let mut known: HashMap<String, Vec<ProjectUnit>> = HashMap::new();
        for unit in self.projects.drain(..) {
            known.entry(unit.files.files.join("\n")).or_default().push(unit);
        }
        let mut take = |files: &ProjectFiles| {
            let alike = known.get_mut(&files.files.join("\n"))?;
            let at = alike.iter().position(|unit| unit.files == *files)?;
            Some(alike.swap_remove(at))
        };
        let new = |files: &ProjectFiles| ProjectUnit {
            files: files.clone(),
            judged: None,
            is_whole: true,
            is_base: false,
        };
        self.projects = files.iter().map(|files| take(files).unwrap_or_else(|| new(files))).collect();
        let gone = known.into_values().flatten().filter_map(|unit| unit.judged);
        gone.for_each(|(outcome, _)| told.extend(files_of(&outcome)));
        self.forget_repository(told);
        self.builds = None;
        self.groups = Some(Groups { seen });
    }

    /// What the services of all projects build, but for those that are parts of another one.
    fn builds(&mut self, bench: Bench<'_>, told: &mut BTreeSet<String>) -> Arc<Builds> {
        if let Some(builds) = &self.builds {
            return Arc::clone(builds);
        }
        let outcomes = self.projects.iter().filter_map(|project| Some(&*project.judged.as_ref()?.0));
        let outcomes: Vec<_> = outcomes.collect();
        let states = wholes(&outcomes).into_iter().zip(bases(&outcomes)).collect::<Vec<_>>();
        let mut builds = Builds::default();
        for (project, (is_whole, is_base)) in self.projects.iter_mut().zip(states) {
            let Some((outcome, _)) = &project.judged else { continue };
            if (project.is_whole, project.is_base) != (is_whole, is_base) {
                told.extend(files_of(outcome));
            }
            (project.is_whole, project.is_base) = (is_whole, is_base);
            if is_whole {
                builds.extend(outcome.builds.clone());
            }
        }
        let inputs = self.inputs.values().flatten();
        inputs.for_each(|(outcome, _)| builds.extend(outcome.builds.clone()));
        self.forget_users(&builds.images, bench.texts, told);
        self.images.clone_from(&builds.images);
        let builds = Arc::new(builds);
        self.builds = Some(Arc::clone(&builds));
        builds
    }

    /// Forgets the verdicts on Dockerfiles that may use an image which is built now and was not, or the other way round.
    fn forget_users(&mut self, images: &HashSet<String>, texts: &Texts, told: &mut BTreeSet<String>) {
        let changed: BTreeSet<&str> =
            images.symmetric_difference(&self.images).map(|name| last_name(name)).collect();
        if changed.is_empty() {
            return;
        }
        for (name, unit) in &mut self.dockerfiles {
            let may_use = texts.source(name).is_ok_and(|file| may_use(file.text(), &changed));
            if let Some((outcome, _)) = unit.judged.take_if(|_| may_use) {
                told.extend(files_of(&outcome));
            }
        }
    }
}

/// What an image is called, without its registry, its path and its tag.
fn last_name(image: &str) -> &str {
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split([':', '@']).next().unwrap_or(last)
}

/// Whether a Dockerfile may use one of some images: it names one, or what it starts from is a variable's word.
fn may_use(text: &str, images: &BTreeSet<&str>) -> bool {
    images.iter().any(|image| text.contains(image))
        || text.lines().any(|line| line.contains('$') && (line.contains("FROM") || line.contains("from")))
}

/// The sources of one kind, in the order of the run.
fn of_kind(sources: &[Source], kind: SourceKind) -> impl Iterator<Item = &Source> {
    sources.iter().filter(move |source| source.kind == kind)
}

/// The files that a unit says something of.
fn files_of(outcome: &Outcome) -> impl Iterator<Item = String> {
    let found = outcome.findings.iter().map(|finding| finding.file().name());
    let commented = outcome.ignores.iter().map(|(file, _)| file.name());
    let unit = std::iter::once(outcome.unit.as_str()).filter(|unit| !unit.is_empty());
    found.chain(commented).chain(unit).map(str::to_owned)
}
