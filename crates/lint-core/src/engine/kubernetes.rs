//! The manifests of Kubernetes among the sources.

use std::collections::BTreeMap;

use lint_parser::compose::value::SourceId;

use crate::engine::ignores::Ignores;
use crate::engine::outcome::Outcome;
use crate::engine::source::{Source, SourceKind};
use crate::engine::unit::{Bench, Run};
use crate::files::{directory, join};
use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::control_plane::Component;
use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod_security;
use crate::report::Note;
use crate::report::pod_security::{PodSecurity, PodSecurityViolation};
use crate::rule::check::Fault;
use crate::rule::context::Subject;
use crate::rule::kubernetes::{ComponentSubject, ContainerOfPod, ObjectSubject, PodSubject};

impl Run<'_> {
    /// Judges the manifests.
    pub(crate) fn lint_kubernetes(&self) -> Vec<Outcome> {
        let sources: Vec<&Source> =
            self.sources.iter().filter(|source| source.kind == SourceKind::Kubernetes).collect();
        if sources.is_empty() {
            return Vec::new();
        }
        let mut charts: BTreeMap<String, usize> = BTreeMap::new();
        let (mut outcomes, mut manifests) = (Vec::new(), Vec::new());
        for source in sources {
            match self.chart_of(&source.name) {
                Some(chart) => *charts.entry(chart).or_default() += 1,
                None => {
                    let (outcome, manifest) = self.read_manifest(source);
                    outcomes.push(outcome);
                    manifests.extend(manifest);
                }
            }
        }
        let cluster = Cluster::of(manifests);
        outcomes.extend(cluster.manifests.iter().map(|manifest| self.lint_manifest(&cluster, manifest)));
        let mut notes = Outcome::default();
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

    /// The `Chart.yaml` whose template a file is.
    fn chart_of(&self, name: &str) -> Option<String> {
        let mut at = directory(name);
        for _ in 0..16 {
            let (above, last) = (directory(at), crate::files::file_name(at));
            if matches!(last, "templates" | "crds") {
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

    fn lint_manifest(&self, cluster: &Cluster, manifest: &Manifest) -> Outcome {
        let name = manifest.file.name();
        let outcome = Outcome { unit: name.to_owned(), files: vec![name.to_owned()], ..Outcome::default() };
        let mut bench = Bench::new(self, outcome, name);
        bench.outcome.heed(&manifest.file, Ignores::of_yaml(&manifest.file, &manifest.stream));
        if !manifest.errors.is_empty() {
            bench.outcome.refused.insert(name.to_owned());
        }
        bench.faults(manifest.errors.iter().map(|error| Fault::of_syntax(&manifest.file, error, None)));
        for object in &manifest.objects {
            if self.is_stopped() {
                return bench.outcome;
            }
            bench.object(cluster, object);
        }
        let components = bench.guarded("reading the control plane", || Component::all_of(manifest));
        for component in components.iter().flatten() {
            let subject = ComponentSubject { component };
            bench.checks(&self.checks.component, &Subject::default(), |check, cx| check(&subject, cx));
        }
        bench.outcome
    }
}

impl Bench<'_> {
    fn object(&mut self, cluster: &Cluster, object: &Object) {
        let subject = Subject {
            service: Some(object.title()).filter(|_| !object.name.is_empty()),
            scopes: vec![object.place(object.head())],
            ..Subject::default()
        };
        let checked = ObjectSubject { cluster, object };
        self.checks(&self.run.checks.object, &subject, |check, cx| check(&checked, cx));
        self.pod_security(object);
        let Some(pod) = object.pod() else { return };
        let subject =
            Subject { service: Some(object.name.clone()).filter(|name| !name.is_empty()), ..subject };
        let containers: Vec<ContainerOfPod<'_>> =
            pod.containers().into_iter().map(|says| ContainerOfPod { says, runs: None }).collect();
        let checked = PodSubject { cluster, pod: &pod, containers: &containers };
        self.checks(&self.run.checks.pod, &subject, |check, cx| check(&checked, cx));
    }

    /// Takes note of the level of the Pod Security Standards that the pods of an object meet.
    fn pod_security(&mut self, object: &Object) {
        let Some(pod) = object.pod().filter(|_| !object.partial) else { return };
        self.outcome.pods += 1;
        let settings = self.run.settings.of(self.file);
        if !settings.gather_evidence {
            return;
        }
        let verdict = pod_security::judge(&pod, settings.pod_security_version);
        let violations = verdict.violations.into_iter().map(|violation| PodSecurityViolation {
            level: violation.level,
            control: violation.control,
            field: violation.field,
            place: object.place(violation.origin),
        });
        let place = object.place(object.value.origin);
        self.outcome.pod_security.push(PodSecurity {
            violations: violations.collect(),
            ..PodSecurity::new(place, &object.kind, &object.name, verdict.level)
        });
    }
}
