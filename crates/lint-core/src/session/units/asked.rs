//! What the units are asked once they are judged.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::engine::ignores::Ignores;
use crate::engine::kubernetes::Seen as SeenInManifest;
use crate::engine::outcome::Outcome;
use crate::engine::pipeline::{Found, Judges};
use crate::engine::shared::Kept as _;
use crate::engine::source::Source;
use crate::kinds::SourceKind;
use crate::model::container::{BuiltByServices, Container};
use crate::model::project::group::ProjectFiles;
use crate::report::Report;
use crate::session::facts::{Facts, of_container, of_dockerfile, of_pod, of_project};
use crate::session::texts::{Seen, Trace};
use crate::session::units::{Bench, Callers, MOST_PROJECTS, ProjectUnit, Units, files_of};

impl Units {
    /// What comes of a unit, with what it has seen.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (&Arc<Outcome>, Option<&Seen>)> {
        let daemons =
            self.daemons.iter().flat_map(|daemons| &daemons.outcomes).map(|outcome| (outcome, None));
        let repository = self.repository.iter().flatten().map(|outcome| (outcome, None));
        let projects = self.projects.iter().filter(|project| project.is_whole);
        let projects = projects.filter_map(|project| project.judged.as_ref());
        let projects = projects.chain(self.inputs.values().flatten());
        let mut names: Vec<&String> = self.dockerfiles.keys().collect();
        names.sort();
        let dockerfiles = names.into_iter().filter_map(|name| self.dockerfiles.get(name)?.judged.as_ref());
        let manifests = self.manifests.iter();
        let manifests =
            manifests.flat_map(|all| all.outcomes.iter().map(move |outcome| (outcome, Some(&all.seen))));
        let others = projects.chain(dockerfiles).map(|(outcome, seen)| (outcome, Some(seen)));
        daemons.chain(others).chain(manifests).chain(repository)
    }

    /// The report on everything, or on one file: then of what was judged only that is looked at which the file is part of.
    pub(in crate::session) fn report(&self, bench: Bench<'_>, file: Option<&str>) -> Report {
        let judges = Judges {
            rules: &bench.linter.rules,
            checks: bench.checks,
            scripts: bench.linter.script_linter.as_deref(),
        };
        let mut found = Found::new(&bench.linter.settings, None);
        let bases = self.projects.iter().filter(|project| project.is_base);
        let bases: HashSet<*const Outcome> =
            bases.filter_map(|project| Some(Arc::as_ptr(&project.judged.as_ref()?.0))).collect();
        let as_told = |outcome: &Arc<Outcome>| {
            let mut told = (**outcome).clone();
            if bases.contains(&Arc::as_ptr(outcome)) {
                told.leave_refusals();
            }
            told
        };
        let Some(file) = file else {
            self.outcomes().for_each(|(outcome, _)| found.add(as_told(outcome)));
            return found.finish(&bench.linter.baselines, judges, bench.sources);
        };
        let mut wanted = BTreeSet::from([file.to_owned()]);
        for (outcome, _) in self.outcomes() {
            let of_file = outcome.findings.iter().filter(|finding| finding.file().name() == file);
            let scopes = of_file.flat_map(|finding| &finding.scopes);
            wanted.extend(scopes.map(|place| place.file.name().to_owned()));
        }
        for (outcome, seen) in self.outcomes() {
            let is_part = |path: &String| {
                seen.is_some_and(|seen| seen.read.contains(path))
                    || files_of(outcome).any(|file| file == *path)
            };
            if !bases.contains(&Arc::as_ptr(outcome)) {
                found.refuse(&outcome.refused);
            }
            if wanted.iter().any(is_part) {
                found.add(as_told(outcome));
            }
        }
        let sources: Vec<Source> =
            bench.sources.iter().filter(|source| source.name == file).cloned().collect();
        found.finish(&bench.linter.baselines, judges, &sources)
    }

    /// The files that what was found in a file rests on, itself among them.
    pub(in crate::session) fn read_for(&self, file: &str) -> BTreeSet<String> {
        let of_file = self.outcomes().filter(|(_, seen)| seen.is_some_and(|seen| seen.read.contains(file)));
        let mut read: BTreeSet<String> = of_file
            .flat_map(|(_, seen)| seen.into_iter().flat_map(|seen| seen.read.iter().cloned()))
            .collect();
        read.insert(file.to_owned());
        read
    }

    /// The projects that have read a file.
    pub(in crate::session) fn projects_with(&self, file: &str) -> Vec<&ProjectFiles> {
        let reads = |unit: &&ProjectUnit| {
            unit.is_whole && unit.judged.as_ref().is_some_and(|(_, seen)| seen.read.contains(file))
        };
        self.projects.iter().filter(reads).map(|unit| &unit.files).collect()
    }

    /// The sources that were judged together with a file, itself among them where it is one.
    pub(in crate::session) fn related(&self, file: &str, sources: &[Source]) -> Vec<Source> {
        let units = self.outcomes().filter(|(_, seen)| seen.is_some_and(|seen| seen.read.contains(file)));
        let read: HashSet<&String> =
            units.flat_map(|(_, seen)| seen.into_iter().flat_map(|seen| &seen.read)).collect();
        sources.iter().filter(|source| source.name == file || read.contains(&source.name)).cloned().collect()
    }

    /// The suppression comments of a file.
    pub(in crate::session) fn ignores(&self, file: &str) -> impl Iterator<Item = &Ignores> {
        let ignores = self.outcomes().flat_map(|(outcome, _)| &outcome.ignores);
        ignores.filter(move |(of, _)| of.name() == file).map(|(_, ignores)| ignores)
    }

    /// Adds what there is to say of a file.
    pub(in crate::session) fn look_at(
        &self,
        bench: Bench<'_>,
        file: &str,
        kind: Option<SourceKind>,
        facts: &mut Facts,
    ) {
        let trace = Trace::new(bench.texts);
        let none = Callers::default();
        // What is read for callers is noted by whoever judges.
        let callers = if self.calls.calls.get().is_some() { &self.calls } else { &none };
        let daemon = self.daemons.as_ref().map(|daemons| daemons.defaults).unwrap_or_default();
        let run = bench.run(&trace, &trace, callers, daemon);
        for files in self.projects_with(file).into_iter().take(MOST_PROJECTS) {
            let project = run.project_of(files);
            let containers = run.containers_of(&project);
            let open = |path: &str| bench.texts.source(path).ok();
            of_project(&project, &containers, file, &open, facts);
        }
        if kind == Some(SourceKind::Kubernetes) {
            let builds = self.builds.clone().unwrap_or_default();
            let version = bench.linter.settings.of(file).pod_security_version;
            run.look_at_manifest(file, &builds, &mut |seen| match seen {
                SeenInManifest::Pod(pod) => of_pod(pod, version, facts),
                SeenInManifest::Container(pod, says, runs) => of_container(pod, says, runs, facts),
            });
        }
        if kind == Some(SourceKind::Dockerfile)
            && let Ok(dockerfile) = run.dockerfile_of(file)
        {
            let builds = self.builds.clone().unwrap_or_default();
            let none = BuiltByServices::default();
            let image = run.image_of(&dockerfile, builds.of(file).unwrap_or(&none), &builds);
            of_dockerfile(&Container::of_dockerfile(image, &run), facts);
        }
    }

    /// Whether anything that was judged has seen a path.
    pub(in crate::session) fn has_seen(&self, path: &str) -> bool {
        let traces = self.outcomes().filter_map(|(_, seen)| seen).chain([&self.calls.seen]);
        let groups = self.groups.iter().map(|groups| &groups.seen);
        traces.chain(groups).any(|seen| seen.read.contains(path) || seen.asked.contains(path))
    }
}
