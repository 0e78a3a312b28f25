//! What checks of Kubernetes look at.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};

use crate::finding::fix::{Applicability, Fix};
use crate::finding::severity::Severity;
use crate::model::container::Container;
use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::control_plane::{Component, Flag, StartedBy};
use crate::model::kubernetes::edit::Additions;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::rule::context::{Context, Draft};

/// An object of a manifest, among all others.
#[derive(Clone, Copy, Debug)]
pub struct ObjectSubject<'a> {
    /// All objects of the run.
    pub cluster: &'a Cluster,
    /// The object.
    pub object: &'a Object,
}

/// A pod with its containers.
#[derive(Clone, Copy, Debug)]
pub struct PodSubject<'a> {
    /// All objects of the run.
    pub cluster: &'a Cluster,
    /// The pod.
    pub pod: &'a Pod<'a>,
    /// Its containers.
    pub containers: &'a [ContainerOfPod<'a>],
}

/// A container of a pod: what the manifest says, and what comes of that with its image.
#[derive(Debug)]
pub struct ContainerOfPod<'a> {
    /// What the manifest says.
    pub says: PodContainer<'a>,
    /// Its image by itself, where something is known of that: who it runs as when nobody says otherwise.
    pub image: Option<Container<'static>>,
}

/// A program of Kubernetes itself and its flags.
#[derive(Clone, Copy, Debug)]
pub struct ComponentSubject<'a> {
    /// The component.
    pub component: &'a Component,
}

impl ObjectSubject<'_> {
    /// Reports at a place of the object.
    pub fn report<'c>(
        &self,
        cx: &'c mut Context<'_>,
        origin: Origin,
        message: impl Into<String>,
    ) -> Draft<'c> {
        cx.report(self.object.place(origin), message)
    }
}

impl PodSubject<'_> {
    /// Sets a value below a mapping of the pod, where that can be written.
    #[must_use]
    pub fn setting(&self, holder: &Arc<Value>, path: &[&str], value: &str, title: &str) -> Option<Fix> {
        let added = Additions::default().set(self.pod.object, holder, path, value)?;
        Some(Fix::new(title, Applicability::Unsafe, added.finish()))
    }

    /// Reports at a place of the pod.
    pub fn report<'c>(
        &self,
        cx: &'c mut Context<'_>,
        origin: Origin,
        message: impl Into<String>,
    ) -> Draft<'c> {
        cx.report(self.pod.place(origin), message)
    }

    /// Reports at a place of a container, in whose name a comment silences it too.
    pub fn report_of<'c>(
        &self,
        cx: &'c mut Context<'_>,
        container: &PodContainer<'_>,
        origin: Origin,
        message: impl Into<String>,
    ) -> Draft<'c> {
        let head = self.pod.place(container.head());
        cx.report(self.pod.place(origin), message).scope(head)
    }
}

impl ComponentSubject<'_> {
    /// Reports at a flag.
    pub fn report<'c>(&self, cx: &'c mut Context<'_>, flag: &Flag, message: impl Into<String>) -> Draft<'c> {
        cx.report(self.component.place(flag), message)
    }

    /// Reports a flag that is not there: where another file may set it, no more than `Low`.
    pub fn report_absence<'c>(&self, cx: &'c mut Context<'_>, message: impl Into<String>) -> Draft<'c> {
        let draft = cx.report(self.component.head_place(), message);
        match self.component.started_by {
            StartedBy::CommandLine => draft,
            StartedBy::File | StartedBy::Kubeadm | StartedBy::K3s | StartedBy::Distribution => {
                draft.at_most(Severity::Low)
            }
        }
    }
}
