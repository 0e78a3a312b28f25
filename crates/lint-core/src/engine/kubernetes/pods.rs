//! The pods of manifests, whose containers are judged as services are.

use lint_parser::text::source::SourceFile;

use crate::engine::evidence;
use crate::engine::inputs;
use crate::engine::kubernetes::{breaks_all, mend};
use crate::engine::project_builds::ProjectBuilds;
use crate::engine::unit::Bench;
use crate::finding::finding::Finding;
use crate::finding::label::Label;
use crate::finding::meta::Category;
use crate::finding::severity::Severity;
use crate::model::container::{BuildFiles as _, Container, Image, Presence, ServiceOf, image_of_service};
use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::control_plane::kind_of;
use crate::model::kubernetes::lower::lowered;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod::{Pod, PodContainer, Role};
use crate::model::kubernetes::pod_security;
use crate::model::kubernetes::ties::{Tie, Ties};
use crate::model::kubernetes::tree::{self, string_at};
use crate::model::project::input::{Input, InputKind};
use crate::report::picture::Picture;
use crate::report::pod_security::{PodSecurity, PodSecurityViolation};
use crate::rule::check::ServiceSubject;
use crate::rule::context::Subject;
use crate::rule::kubernetes::{ContainerOfPod, ObjectSubject, PodSubject};

/// How many containers of one pod are judged.
const MOST_CONTAINERS: usize = 200;

/// What an object is judged among.
#[derive(Clone, Copy)]
pub(super) struct Around<'r> {
    pub(super) cluster: &'r Cluster,
    pub(super) ties: &'r Ties,
    pub(super) builds: &'r ProjectBuilds<'r>,
}

/// A container that was judged, for whoever looks at what was found.
struct Judged<'p, 'a> {
    pod: &'p Pod<'a>,
    says: &'p PodContainer<'a>,
    /// The files that its manifest stands in, and what it takes variables from.
    files: &'p [SourceFile],
    input: Input,
    /// The Dockerfile of its image, where somebody says so.
    dockerfile: Option<&'p str>,
    /// Its image by itself.
    image: Option<&'p Container<'static>>,
    /// The container.
    runs: Option<&'p Container<'p>>,
}

impl Judged<'_, '_> {
    fn is_here(&self, finding: &Finding) -> bool {
        self.files.iter().any(|own| own.name() == finding.file().name())
    }

    /// The command of the pod may take the place of what steps down in the image: then the manifest is where it goes wrong.
    fn at_its_place(&self, mut finding: Finding) -> Finding {
        let is_of_user = matches!(finding.rule.name, "missing-user" | "root-user");
        let image_is_root = self.image.is_some_and(|image| image.user.stays_root());
        if is_of_user && !self.is_here(&finding) && self.dockerfile.is_none() && !image_is_root {
            let here = self.pod.place(tree::origin_of(self.says.value, &["image"]));
            let from = std::mem::replace(&mut finding.place, here);
            finding.labels.push(Label::new(from, "the image is built on this"));
            finding.fixes.clear();
        }
        finding
    }

    /// Whether a finding is told of the pod. What a build does with its context is told where that is known.
    fn is_told(&self, finding: &Finding) -> bool {
        let is_of_image =
            self.dockerfile == Some(finding.file().name()) && finding.rule.category != Category::Correctness;
        (self.is_here(finding) || is_of_image)
            && inputs::may_lack(finding, self.input)
            && is_asked(finding, self.pod, self.says)
    }

    /// A finding in the words of Kubernetes. What is wrong with the image is told in the image's own.
    fn in_words(&self, finding: Finding) -> Finding {
        if !self.is_here(&finding) {
            return finding;
        }
        let fix = mend::fix(&finding, self.pod, self.says, self.runs);
        // A pod breaks no recommendation about Docker.
        let mut finding = Finding { breaks: None, ..inputs::in_words(finding, self.input) };
        breaks_all(&mut finding);
        finding.fixes.extend(fix);
        if self.says.role == Role::Init {
            finding.severity = finding.severity.lowered().max(Severity::Low).min(finding.severity);
        }
        finding
    }
}

/// Whether something is asked of a container of its kind: what ends is not probed, what runs once before the others needs no limits of its
/// own, and what is privileged cannot be kept from gaining privileges.
fn is_asked(finding: &Finding, pod: &Pod<'_>, container: &PodContainer<'_>) -> bool {
    match finding.rule.name {
        // The control plane is in the node's network, with the node's certificates, by design.
        "host-network"
        | "sensitive-host-mount"
        | "writable-system-mount"
        | "new-privileges-allowed"
        | "writable-root-filesystem"
            if pod.object.namespace.as_deref() == Some("kube-system") && kind_of(container).is_some() =>
        {
            false
        }
        "missing-healthcheck" => !pod.ends && container.role != Role::Init,
        "unlimited-memory" | "unlimited-cpu" => container.role != Role::Init,
        "new-privileges-allowed" => container.security_flag("privileged") != Some(true),
        _ => true,
    }
}

impl Bench<'_> {
    /// Judges an object, and the pods that it holds.
    pub(super) fn object(&mut self, around: Around<'_>, object: &Object) {
        let subject = Subject {
            service: Some(object.title()).filter(|_| !object.name.is_empty()),
            scopes: object.heads().map(|head| object.place(head)).collect(),
            ..Subject::default()
        };
        self.evidence(|| evidence::kubernetes::of_object(object));
        let before = self.outcome.findings.len();
        let checked = ObjectSubject { cluster: around.cluster, object };
        self.input = Input::of(InputKind::Kubernetes);
        self.checks(&self.run.checks.object, &subject, |check, cx| check(&checked, cx));
        self.pod_security(object);
        let subject =
            Subject { service: Some(object.name.clone()).filter(|name| !name.is_empty()), ..subject };
        for pod in Pod::all_of(object) {
            self.evidence(|| evidence::kubernetes::of_pod(&pod));
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
        let files = &object.files;
        let own = self.outcome.findings.iter_mut().skip(before);
        // What is wrong with an image is told of its Dockerfile.
        own.filter(|finding| files.iter().any(|file| file.name() == finding.file().name()))
            .for_each(breaks_all);
    }

    /// Judges a container as a service is judged, in the words of Kubernetes.
    fn container_of_pod<'a>(
        &mut self,
        around: Around<'_>,
        pod: &Pod<'a>,
        says: PodContainer<'a>,
        object: &Subject,
    ) -> ContainerOfPod<'a> {
        let (run, builds) = (self.run, around.builds);
        let tie = self.tie(around.ties, &says);
        let (lowered, files) = lowered(pod, &says, around.cluster, tie.as_ref().map(|tie| &tie.build));
        let project =
            self.guarded("reading the pod", || run.lowered(&files, &lowered, &|| run.local_images()));
        let Some((project, service)) =
            project.as_ref().and_then(|project| Some((project, project.services.first()?)))
        else {
            return ContainerOfPod { says, image: None };
        };
        let of = ServiceOf { project, service };
        let mut subject = Subject { service: Some(service.name.to_string()), ..object.clone() };
        subject.scopes.push(pod.place(says.head()));
        let before = self.outcome.findings.len();
        self.input = project.input;
        let container = self.guarded("resolving the build", || {
            Container::of_service(of, image_of_service(of, builds), builds)
        });
        let checked = ServiceSubject { project, service, container: container.as_ref() };
        self.checks(&run.checks.service, &subject, |check, cx| check(&checked, cx));
        self.what_service_runs(checked, &subject);
        if let Some(container) = &container {
            if tie.as_ref().is_some_and(|tie| tie.is_said) {
                let at = tree::origin_of(says.value, &["image"]);
                self.outcome.builds.add(&container.image, pod.place(at));
            }
            self.drawn(pod, of, container);
            #[cfg(feature = "policies")]
            self.policies_of_service(project, service, container, &subject);
            self.container(container, subject);
        }
        let image = self.guarded("resolving the build", || {
            let image = image_of_service(of, builds);
            (!matches!(image, Image::Unknown)).then(|| Container::of_dockerfile(image, builds))
        });
        let image = image.flatten();
        let judged = Judged {
            pod,
            says: &says,
            files: &files,
            input: project.input,
            dockerfile: tie.as_ref().filter(|tie| tie.is_said).map(|tie| tie.build.dockerfile.as_str()),
            image: image.as_ref(),
            runs: container.as_ref(),
        };
        let found = self.outcome.findings.split_off(before).into_iter();
        let told =
            found.map(|finding| judged.at_its_place(finding)).filter(|finding| judged.is_told(finding));
        let told: Vec<Finding> = told.map(|finding| judged.in_words(finding)).collect();
        self.outcome.findings.extend(told);
        ContainerOfPod { says, image }
    }

    /// What builds a container's image. It may have been named and never written.
    fn tie(&mut self, ties: &Ties, says: &PodContainer<'_>) -> Option<Tie> {
        let run = self.run;
        let image = string_at(says.value, &["image"])?;
        let tie = self.guarded("looking for the image's Dockerfile", || {
            ties.of_image(image, &|image| run.local_images().builders(image))
        });
        tie.flatten().filter(|tie| run.presence(&tie.build.dockerfile) == Presence::There)
    }

    /// Draws a container among those of its files.
    fn drawn(&mut self, pod: &Pod<'_>, of: ServiceOf<'_>, container: &Container<'_>) {
        self.draw(|picture| {
            let files = pod.object.files.iter().map(|file| file.name().to_owned()).collect();
            let of_pods = Picture { files, networks: Vec::new(), services: Vec::new() };
            let drawn = evidence::picture::of_service(of.project, of.service, container);
            picture.get_or_insert(of_pods).services.push(drawn);
        });
    }

    /// Takes note of the level of the Pod Security Standards that the pods of an object meet.
    fn pod_security(&mut self, object: &Object) {
        for pod in Pod::all_of(object).into_iter().filter(|_| !object.partial) {
            self.outcome.pods += 1;
            let settings = self.run.settings.of(self.file);
            if !settings.gather_evidence {
                continue;
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
}
