//! The control plane and the nodes as files configure them: the flags of each component, wherever they are written.
//!
//! A `KubeletConfiguration`, kubeadm's `extraArgs`, a static pod and the configuration of k3s say the same things in four ways. Here
//! each is a component with flags; what it does without one depends on who starts it.

mod configuration;
mod static_pod;

pub use static_pod::kind_of;

use std::sync::Arc;

use lint_parser::compose::value::Origin;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::kubernetes::manifest::Manifest;

/// A program of Kubernetes itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComponentKind {
    /// `kube-apiserver`
    ApiServer,
    /// `kube-controller-manager`
    ControllerManager,
    /// `kube-scheduler`
    Scheduler,
    /// `etcd`
    Etcd,
    /// `kubelet`
    Kubelet,
    /// `kube-proxy`
    KubeProxy,
}

impl ComponentKind {
    /// The component of a program.
    #[must_use]
    pub fn of_program(name: &str) -> Option<Self> {
        Some(match name {
            "kube-apiserver" => ComponentKind::ApiServer,
            "kube-controller-manager" => ComponentKind::ControllerManager,
            "kube-scheduler" => ComponentKind::Scheduler,
            "etcd" => ComponentKind::Etcd,
            "kubelet" => ComponentKind::Kubelet,
            "kube-proxy" => ComponentKind::KubeProxy,
            _ => return None,
        })
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ComponentKind::ApiServer => "the API server",
            ComponentKind::ControllerManager => "the controller manager",
            ComponentKind::Scheduler => "the scheduler",
            ComponentKind::Etcd => "etcd",
            ComponentKind::Kubelet => "the kubelet",
            ComponentKind::KubeProxy => "kube-proxy",
        }
    }
}

/// Who starts a component, and so what holds where it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StartedBy {
    /// Its own command line: what is not there has the program's default.
    CommandLine,
    /// A configuration file of its own, whose defaults are safer than those of the command line.
    File,
    /// kubeadm, which sets most of what matters by itself.
    Kubeadm,
    /// k3s or RKE2, which do too.
    K3s,
    /// Something else that sets most of what matters by itself, as kind and Talos do: what is not written is not missing.
    Distribution,
}

/// A component.
#[derive(Clone, Debug)]
pub struct Component {
    /// What it is.
    pub kind: ComponentKind,
    /// Who starts it.
    pub started_by: StartedBy,
    /// The files that configure it, by number.
    pub files: Arc<[SourceFile]>,
    /// Where a finding about what it lacks points.
    pub head: Origin,
    /// Where a comment stands that is for all that configures it.
    pub heads: Vec<Origin>,
    /// Whether its cluster is for tests.
    pub is_for_tests: bool,
    /// Its flags, in their order.
    pub flags: Vec<Flag>,
}

/// A flag of a component, or the field of a file that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its name, without dashes: `anonymous-auth`.
    pub name: String,
    /// What it is written as: `--anonymous-auth`, `authentication.anonymous.enabled`.
    pub written: String,
    /// Its value; `true` for a flag alone.
    pub value: String,
    /// Where it stands.
    pub origin: Origin,
}

impl Component {
    /// The components that a file of manifests configures.
    #[must_use]
    pub fn all_of(manifest: &Manifest) -> Vec<Component> {
        let mut components = Vec::new();
        for object in &manifest.objects {
            let own = static_pod::of(object).into_iter().chain(configuration::of(object));
            components.extend(own.map(|component| Component {
                heads: object.heads().collect(),
                is_for_tests: object.is_patch_of_kind,
                ..component
            }));
        }
        components
    }

    /// A flag; of several the last counts.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// Whether a flag is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.flag(name).is_some()
    }

    /// What a switch says; `None` where it is not there, or says neither.
    #[must_use]
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.flag(name)?.value.to_ascii_lowercase().as_str() {
            "true" | "1" | "t" => Some(true),
            "false" | "0" | "f" => Some(false),
            _ => None,
        }
    }

    /// The parts of a list.
    #[must_use]
    pub fn list(&self, name: &str) -> Vec<&str> {
        let value = self.flag(name).map_or("", |flag| flag.value.as_str());
        value.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    /// The place of a flag.
    #[must_use]
    pub fn place(&self, flag: &Flag) -> Place {
        self.at(flag.origin)
    }

    /// The place of what it lacks.
    #[must_use]
    pub fn head_place(&self) -> Place {
        self.at(self.head)
    }

    /// The places of comments that are for all that configures it.
    pub fn scopes(&self) -> impl Iterator<Item = Place> {
        self.heads.iter().map(|head| self.at(*head))
    }

    fn at(&self, origin: Origin) -> Place {
        match self.files.get(origin.source.0 as usize).or_else(|| self.files.first()) {
            Some(file) => Place::new(file, origin.span),
            None => Place::new(&SourceFile::new("", ""), Span::at(0)),
        }
    }

    /// Whether it is that kind, and started so that what is not written has the program's own default.
    #[must_use]
    pub fn is_plain(&self, kind: ComponentKind) -> bool {
        self.kind == kind && self.started_by == StartedBy::CommandLine
    }
}
