//! The manifests of Kubernetes among the sources.

mod annotations;
mod look;
mod mend;
mod pods;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use lint_parser::compose::value::SourceId;

use crate::engine::builds::Builds;
use crate::engine::evidence;
use crate::engine::ignores::Ignores;
use crate::engine::kubernetes::pods::Around;
use crate::engine::outcome::Outcome;
use crate::engine::project_builds::ProjectBuilds;
use crate::engine::source::{Source, SourceKind};
use crate::engine::unit::{Bench, Run};
use crate::engine::work;
use crate::files::{directory, join};
use crate::finding::finding::Finding;
use crate::finding::reference::{Reference, kubernetes_key};
use crate::finding::severity::Severity;
use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::control_plane::{Component, StartedBy};
use crate::model::kubernetes::kustomize::{self, Built, is_kustomization};
use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::pod::Pod;
use crate::model::kubernetes::skaffold;
use crate::model::kubernetes::ties::Ties;
use crate::model::kubernetes::tree::string_at;
use crate::report::Note;
use crate::rule::check::Fault;
use crate::rule::context::Subject;
use crate::rule::kubernetes::ComponentSubject;

pub(crate) use look::Seen;

/// How many directories are looked into for what says how images are built.
const MOST_PLACES: usize = 1_000;

impl Run<'_> {
    /// Judges the manifests.
    pub(crate) fn lint_kubernetes(&self, builds: &Builds) -> Vec<Outcome> {
        let sources: Vec<&Source> =
            self.sources.iter().filter(|source| source.kind == SourceKind::Kubernetes).collect();
        if sources.is_empty() {
            return Vec::new();
        }
        let mut charts: BTreeMap<String, usize> = BTreeMap::new();
        let (mut outcomes, mut manifests) = (Vec::new(), Vec::new());
        let kustomized = self.kustomized(&sources);
        let mut used: BTreeSet<&str> =
            kustomized.iter().flat_map(|built| built.used.iter().map(String::as_str)).collect();
        used.extend(sources.iter().map(|source| source.name.as_str()).filter(|name| is_kustomization(name)));
        for source in &sources {
            if used.contains(source.name.as_str()) {
                continue;
            }
            match self.chart_of(&source.name) {
                Some(chart) => *charts.entry(chart).or_default() += 1,
                None => {
                    let (outcome, manifest) = self.read_manifest(source);
                    outcomes.push(outcome);
                    manifests.extend(manifest);
                }
            }
        }
        let mut notes = Outcome::default();
        for built in kustomized {
            let told = built.notes.into_iter().map(|(file, message)| Note { file, message });
            notes.notes.extend(told);
            for (file, stream) in &built.streams {
                notes.heed(file, Ignores::of_yaml(file, stream));
            }
            manifests.push(built.manifest);
        }
        self.add_named_kinds(&mut manifests);
        let cluster = Cluster::of(manifests);
        let ties = self.ties(&cluster, builds);
        let jobs = self.settings.first().jobs;
        outcomes.extend(work::map(jobs, &cluster.manifests, |manifest| {
            self.lint_manifest(&cluster, &ties, manifest)
        }));
        notes.notes.extend(charts.into_iter().map(|(chart, templates)| Note {
            message: format!(
                "{} of this Helm chart {} not judged: pass what `helm template` makes of it, as a file or on standard input",
                crate::report::seen::count(templates, "template"),
                if templates == 1 { "was" } else { "were" },
            ),
            file: chart,
        }));
        outcomes.push(notes);
        outcomes
    }

    /// Adds the pods of kinds that somebody has named.
    fn add_named_kinds(&self, manifests: &mut [Manifest]) {
        let kinds = &self.settings.first().pod_kinds;
        if !kinds.is_empty() {
            let objects = manifests.iter_mut().flat_map(|manifest| &mut manifest.objects);
            objects.for_each(|object| object.add_pods_of(kinds));
        }
    }

    /// The `Chart.yaml` whose template a file is.
    fn chart_of(&self, name: &str) -> Option<String> {
        let mut at = directory(name);
        for _ in 0..16 {
            let (above, last) = (directory(at), crate::files::file_name(at));
            if last == "templates" {
                let chart = join(above, "Chart.yaml");
                if self.files.exists(&chart) {
                    return Some(chart);
                }
            }
            if at.is_empty() || above == at {
                return None;
            }
            at = above;
        }
        None
    }

    /// What the kustomizations come to that no other one builds upon.
    fn kustomized(&self, sources: &[&Source]) -> Vec<Built> {
        let own: Vec<&str> =
            sources.iter().map(|source| source.name.as_str()).filter(|name| is_kustomization(name)).collect();
        let mut named: BTreeSet<String> = BTreeSet::new();
        for file in own.iter().filter_map(|name| self.read(name).ok()) {
            named.extend(kustomize::named(&file));
        }
        let is_root = |name: &&&str| {
            let home = directory(name);
            !named.contains(if home.is_empty() { "." } else { home }) && !named.contains(**name)
        };
        let roots = own.iter().filter(is_root);
        let read = |path: &str| self.read(path);
        let build = |name: &&str| {
            catch_unwind(AssertUnwindSafe(|| kustomize::build(name, &read))).unwrap_or_default()
        };
        roots.filter_map(build).collect()
    }

    /// What ties the images of pods to Dockerfiles.
    fn ties(&self, cluster: &Cluster, builds: &Builds) -> Ties {
        let dockerfiles = self.sources.iter().filter(|source| source.kind == SourceKind::Dockerfile);
        let images = cluster.objects().flat_map(Pod::all_of).flat_map(|pod| {
            let images =
                pod.containers().into_iter().filter_map(|container| string_at(container.value, &["image"]));
            images.map(str::to_owned).collect::<Vec<_>>()
        });
        let mut ties = Ties::of(dockerfiles.map(|source| source.name.clone()).collect(), images);
        for (name, build) in &builds.named {
            ties.say(name, build.clone());
        }
        let mut places: BTreeSet<String> = BTreeSet::new();
        for manifest in &cluster.manifests {
            let mut at = directory(manifest.file.name());
            loop {
                places.insert(at.to_owned());
                if at.is_empty() || at == "/" {
                    break;
                }
                at = directory(at);
            }
        }
        let places = places.into_iter().take(MOST_PLACES);
        for path in places.flat_map(|place| ["skaffold.yaml", "skaffold.yml"].map(|name| join(&place, name)))
        {
            if let Some(file) =
                self.read(&path).ok().filter(|_| self.files.exists(&path) || self.is_source(&path))
            {
                for (image, build) in skaffold::builds(&file) {
                    ties.say(&image, build);
                }
            }
        }
        ties
    }

    fn is_source(&self, path: &str) -> bool {
        self.sources.iter().any(|source| source.name == path)
    }

    fn read_manifest(&self, source: &Source) -> (Outcome, Option<Manifest>) {
        let outcome = Outcome { unit: source.name.clone(), ..Outcome::default() };
        let mut bench = Bench::new(self, outcome, &source.name);
        let file = match self.read(&source.name) {
            Ok(file) => file,
            Err(error) => {
                bench.outcome.unreadable.push((source.name.clone(), error));
                return (bench.outcome, None);
            }
        };
        let manifest = bench.guarded("reading the manifest", || Manifest::read(file, SourceId::default()));
        if manifest.as_ref().is_some_and(|manifest| manifest.is_template) {
            let message = "not judged: a template, which becomes a manifest when its engine has been over it";
            bench.outcome.notes.push(Note { file: source.name.clone(), message: message.to_owned() });
        }
        (bench.outcome, manifest.filter(|manifest| !manifest.is_template))
    }

    fn lint_manifest(&self, cluster: &Cluster, ties: &Ties, manifest: &Manifest) -> Outcome {
        let name = manifest.file.name();
        let outcome = Outcome { unit: name.to_owned(), files: vec![name.to_owned()], ..Outcome::default() };
        let mut bench = Bench::new(self, outcome, name);
        let mut ignores = Ignores::of_yaml(&manifest.file, &manifest.stream);
        annotations::add(manifest, &mut ignores);
        bench.outcome.heed(&manifest.file, ignores);
        if !manifest.errors.is_empty() {
            bench.outcome.refused.insert(name.to_owned());
        }
        bench.faults(manifest.errors.iter().map(|error| Fault::of_syntax(&manifest.file, error, None)));
        let builds = ProjectBuilds::new(self);
        let around = Around { cluster, ties, builds: &builds };
        for object in &manifest.objects {
            if self.is_stopped() {
                return bench.outcome;
            }
            bench.object(around, object);
        }
        let components = bench.guarded("reading the control plane", || Component::all_of(manifest));
        for component in components.iter().flatten() {
            bench.evidence(|| evidence::kubernetes::of_component(component));
            let checked = ComponentSubject { component };
            let subject = Subject { scopes: component.scopes().collect(), ..Subject::default() };
            let before = bench.outcome.findings.len();
            bench.checks(&self.checks.component, &subject, |check, cx| check(&checked, cx));
            let found = bench.outcome.findings.split_off(before);
            bench
                .outcome
                .findings
                .extend(found.into_iter().filter_map(|finding| of_component(finding, component)));
        }
        bench.outcome
    }
}

/// A finding about a component, as far as whoever starts it leaves that open: a cluster for tests weighs less.
fn of_component(mut finding: Finding, component: &Component) -> Option<Finding> {
    let is_lacking = finding.place == component.head_place();
    if component.started_by == StartedBy::Distribution && is_lacking {
        return None;
    }
    breaks_all(&mut finding);
    if component.is_for_tests {
        finding.severity = finding.severity.min(Severity::Low);
    }
    Some(finding)
}

/// A finding breaks all recommendations of its rule where it does not say which.
fn breaks_all(finding: &mut Finding) {
    if finding.breaks.is_none() {
        let keys = finding.rule.references.iter().filter_map(|reference| match reference {
            Reference::CisKubernetes(number) => kubernetes_key(number),
            _ => None,
        });
        finding.breaks = Some(keys.collect());
    }
}
