//! The manifests of Kubernetes among the sources.

mod mend;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use lint_parser::compose::value::SourceId;

use crate::engine::builds::Builds;
use crate::engine::evidence;
use crate::engine::ignores::Ignores;
use crate::engine::inputs;
use crate::engine::outcome::Outcome;
use crate::engine::project_builds::ProjectBuilds;
use crate::engine::source::{Source, SourceKind};
use crate::engine::unit::{Bench, Run};
use crate::engine::work;
use crate::files::{directory, join};
use crate::finding::finding::Finding;
use crate::finding::label::Label;
use crate::finding::meta::Category;
use crate::finding::reference::{Reference, kubernetes_key};
use crate::finding::severity::Severity;
use crate::model::container::{BuildFiles as _, Container, Image, Presence, ServiceOf, image_of_service};
use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::control_plane::Component;
use crate::model::kubernetes::kustomize::{self, Built, is_kustomization};
use crate::model::kubernetes::lower::lowered;
use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod::{Pod, PodContainer, Role};
use crate::model::kubernetes::pod_security;
use crate::model::kubernetes::skaffold;
use crate::model::kubernetes::ties::Ties;
use crate::model::kubernetes::tree::{self, string_at};
use crate::model::project::input::{Input, InputKind};
use crate::report::Note;
use crate::report::pod_security::{PodSecurity, PodSecurityViolation};
use crate::rule::check::{Fault, ServiceSubject};
use crate::rule::context::Subject;
use crate::rule::kubernetes::{ComponentSubject, ContainerOfPod, ObjectSubject, PodSubject};

/// How many containers of one pod are judged.
const MOST_CONTAINERS: usize = 200;

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
        let images = cluster.objects().filter_map(Pod::of).flat_map(|pod| {
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
        bench.outcome.heed(&manifest.file, Ignores::of_yaml(&manifest.file, &manifest.stream));
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
            let subject = ComponentSubject { component };
            bench.checks(&self.checks.component, &Subject::default(), |check, cx| check(&subject, cx));
        }
        bench.outcome
    }
}

/// What an object is judged among.
#[derive(Clone, Copy)]
struct Around<'r> {
    cluster: &'r Cluster,
    ties: &'r Ties,
    builds: &'r ProjectBuilds<'r>,
}

/// Whether something is asked of a container of its kind: what ends is not probed, what runs once before the others needs no limits of its
/// own, and what is privileged cannot be kept from gaining privileges.
fn is_asked(finding: &Finding, pod: &Pod<'_>, container: &PodContainer<'_>) -> bool {
    match finding.rule.name {
        "missing-healthcheck" => !pod.kind.ends && container.role != Role::Init,
        "unlimited-memory" | "unlimited-cpu" => container.role != Role::Init,
        "new-privileges-allowed" => container.security_flag("privileged") != Some(true),
        _ => true,
    }
}

impl Bench<'_> {
    fn object(&mut self, around: Around<'_>, object: &Object) {
        let subject = Subject {
            service: Some(object.title()).filter(|_| !object.name.is_empty()),
            scopes: vec![object.place(object.head())],
            ..Subject::default()
        };
        self.evidence(|| evidence::kubernetes::of_object(object));
        let checked = ObjectSubject { object };
        self.input = Input::of(InputKind::Kubernetes);
        self.checks(&self.run.checks.object, &subject, |check, cx| check(&checked, cx));
        self.pod_security(object);
        let Some(pod) = Pod::of(object) else { return };
        self.evidence(|| evidence::kubernetes::of_pod(&pod));
        let subject =
            Subject { service: Some(object.name.clone()).filter(|name| !name.is_empty()), ..subject };
        let containers: Vec<ContainerOfPod<'_>> = pod
            .containers()
            .into_iter()
            .take(MOST_CONTAINERS)
            .map(|says| self.container_of_pod(around, &pod, says, &subject))
            .collect();
        let checked = PodSubject { cluster: around.cluster, pod: &pod, containers: &containers };
        self.input = Input::of(InputKind::Kubernetes);
        self.checks(&self.run.checks.pod, &subject, |check, cx| check(&checked, cx));
    }

    /// Judges a container as a service is judged, in the words of Kubernetes.
    fn container_of_pod<'a>(
        &mut self,
        around: Around<'_>,
        pod: &Pod<'a>,
        says: PodContainer<'a>,
        object: &Subject,
    ) -> ContainerOfPod<'a> {
        let (run, Around { cluster, ties, builds }) = (self.run, around);
        let image = string_at(says.value, &["image"]).unwrap_or_default();
        let tie = self.guarded("looking for the image's Dockerfile", || {
            ties.of_image(image, &|image| run.local_images().builders(image))
        });
        let tie = tie.flatten();
        // It may have been named and never written.
        let tie = tie.filter(|tie| run.presence(&tie.build.dockerfile) == Presence::There);
        let lowered = lowered(pod, &says, cluster, tie.as_ref().map(|tie| &tie.build));
        let Some(project) = self.guarded("reading the pod", || run.lowered(&pod.object.files, &lowered))
        else {
            return ContainerOfPod { says, image: None };
        };
        let Some(service) = project.services.first() else { return ContainerOfPod { says, image: None } };
        let of = ServiceOf { project: &project, service };
        let mut subject = Subject { service: Some(service.name.to_string()), ..object.clone() };
        subject.scopes.push(pod.place(says.head()));
        let before = self.outcome.findings.len();
        self.input = project.input;
        let container = self.guarded("resolving the build", || {
            Container::of_service(of, image_of_service(of, builds), builds)
        });
        let checked = ServiceSubject { project: &project, service, container: container.as_ref() };
        self.checks(&run.checks.service, &subject, |check, cx| check(&checked, cx));
        self.what_service_runs(checked, &subject);
        if let Some(container) = &container {
            if tie.as_ref().is_some_and(|tie| tie.is_said) {
                let at = tree::origin_of(says.value, &["image"]);
                self.outcome.builds.add(&container.image, pod.place(at));
            }
            self.container(container, subject);
        }
        let found = self.outcome.findings.split_off(before);
        let dockerfile = tie.as_ref().filter(|tie| tie.is_said).map(|tie| tie.build.dockerfile.as_str());
        let by_itself = self.guarded("resolving the build", || {
            let image = image_of_service(of, builds);
            (!matches!(image, Image::Unknown)).then(|| Container::of_dockerfile(image, builds))
        });
        let by_itself = by_itself.flatten();
        let image_at = pod.place(tree::origin_of(says.value, &["image"]));
        let image_is_root = by_itself.as_ref().is_some_and(|image| image.user.stays_root());
        let told = found.into_iter().map(|mut finding| {
            // The command of the pod may take the place of what steps down in the image: then the manifest is where it goes wrong.
            let is_of_user = matches!(finding.rule.name, "missing-user" | "root-user");
            let is_elsewhere = !pod.object.files.iter().any(|own| own.name() == finding.file().name());
            if is_of_user && is_elsewhere && dockerfile.is_none() && !image_is_root {
                let from = std::mem::replace(&mut finding.place, image_at.clone());
                finding.labels.push(Label::new(from, "the image is built on this"));
                finding.fixes.clear();
            }
            finding
        });
        let told = told.filter(|finding| {
            let file = finding.file().name();
            let is_here = pod.object.files.iter().any(|own| own.name() == file);
            // What a build does with its context is told where that is known.
            let is_of_image = dockerfile == Some(file) && finding.rule.category != Category::Correctness;
            (is_here || is_of_image)
                && inputs::may_lack(finding, project.input)
                && is_asked(finding, pod, &says)
        });
        let told: Vec<Finding> = told
            .map(|finding| {
                // A pod breaks no recommendation about Docker.
                let broken = finding.rule.references.iter().filter_map(|reference| match reference {
                    Reference::CisKubernetes(number) => kubernetes_key(number),
                    _ => None,
                });
                let breaks = Some(broken.collect());
                let fix = mend::fix(&finding, pod, &says, container.as_ref());
                let mut finding = Finding { breaks, ..inputs::in_words(finding, project.input) };
                finding.fixes.extend(fix);
                if says.role == Role::Init {
                    finding.severity = finding.severity.lowered().max(Severity::Low).min(finding.severity);
                }
                finding
            })
            .collect();
        self.outcome.findings.extend(told);
        ContainerOfPod { says, image: by_itself }
    }

    /// Takes note of the level of the Pod Security Standards that the pods of an object meet.
    fn pod_security(&mut self, object: &Object) {
        let Some(pod) = Pod::of(object).filter(|_| !object.partial) else { return };
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
