//! What a project was written as: a Compose file, a command line, a unit of Podman's; and what is asked of its containers.

mod words;

pub use words::is_of_pod;

use crate::finding::meta::Reach;

/// A way to write a container down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum InputKind {
    /// A Compose file.
    #[default]
    Compose,
    /// `docker run`, `docker create`, `podman run`.
    CommandLine,
    /// `docker service create`.
    ServiceCreate,
    /// A unit of Podman's that systemd starts.
    Quadlet,
    /// `devcontainer.json`.
    DevContainer,
    /// A container of a pipeline that is given the options of `docker create`.
    Job,
    /// A container of a pipeline of which little more than the image can be said.
    PlainJob,
    /// A target of a Bake file.
    Bake,
    /// `docker build`, or what a pipeline builds.
    Build,
    /// A container of a pod.
    Kubernetes,
}

/// What is known of how the containers of a project are used. Rules ask this, and never where a container was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// What it was written as.
    pub kind: InputKind,
    /// Whether the containers do one thing and are gone: a step of a pipeline, `docker run --rm`. What is asked of a service that
    /// stays (limits, a health check, a file system that is not writable) is not asked of them.
    pub is_ephemeral: bool,
    /// Whether somebody works in the containers: tools, `sudo` and a writable file system are what they are for.
    pub is_workplace: bool,
    /// Whether they run without root on the host, so that root in them is an ordinary user outside.
    pub is_rootless: bool,
    /// Whether a Compose file is one that Swarm is given.
    pub is_stack: bool,
    /// Whether it says what only Swarm reads, so that it may be given to Swarm.
    pub may_be_stack: bool,
    /// Whether Podman runs them, which limits the number of processes by itself.
    pub is_podman: bool,
}

impl Input {
    /// Containers of a kind that are there to stay.
    #[must_use]
    pub fn of(kind: InputKind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Whether it is a Compose file, whose own language rules may speak of.
    #[must_use]
    pub fn is_compose(self) -> bool {
        self.kind == InputKind::Compose
    }

    /// Whether a rule that is about some containers is about these.
    #[must_use]
    pub fn is_reached_by(self, reach: Reach) -> bool {
        match reach {
            Reach::Any => true,
            Reach::Lasting => self.is_lasting(),
            Reach::Compose => self.is_compose(),
        }
    }

    /// Whether what it builds is known for certain, so that the Dockerfiles need not be judged as containers once more.
    #[must_use]
    pub fn builds(self) -> bool {
        self.kind == InputKind::Compose
    }

    /// Whether its containers are there to serve, as far as can be seen.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        !self.is_ephemeral && !self.is_workplace && !self.is_build()
    }

    /// Whether it is a build and nothing more: what becomes of the image is not said there.
    #[must_use]
    pub fn is_build(self) -> bool {
        matches!(self.kind, InputKind::Bake | InputKind::Build)
    }

    /// Whether an audit may rest on its containers as on those of Compose; pods have an audit of their own.
    #[must_use]
    pub fn has_evidence(self) -> bool {
        self.is_lasting() && self.kind != InputKind::Kubernetes
    }

    /// Whether what is found in it weighs one step less: it is gone soon, or nobody but who develops is near it.
    #[must_use]
    pub fn weighs_less(self) -> bool {
        self.is_ephemeral || self.is_workplace
    }

    /// Whether it has a way to say something that Compose says by an attribute. What cannot be said is not missing.
    #[must_use]
    pub fn can_say(self, attribute: &str) -> bool {
        if self.is_podman && attribute == "pids_limit" {
            return false;
        }
        match self.kind {
            InputKind::Compose if self.is_stack => {
                !matches!(attribute, "security_opt" | "tmpfs" | "mem_limit" | "cpus" | "pids_limit")
            }
            InputKind::Compose => true,
            InputKind::Bake | InputKind::Build | InputKind::PlainJob => false,
            InputKind::ServiceCreate => !matches!(
                attribute,
                "privileged" | "security_opt" | "devices" | "pid" | "ipc" | "userns_mode"
            ),
            InputKind::Kubernetes => {
                !matches!(attribute, "pids_limit" | "logging" | "ulimits" | "restart" | "deploy")
            }
            InputKind::CommandLine | InputKind::Quadlet | InputKind::DevContainer | InputKind::Job => true,
        }
    }

    /// Whether whoever runs it heeds the image's own `HEALTHCHECK`. The kubelet does not.
    #[must_use]
    pub fn heeds_healthcheck(self) -> bool {
        self.kind != InputKind::Kubernetes
    }

    /// Whether an image that is built here is pulled all the same by who runs it: a node has nothing but a registry.
    #[must_use]
    pub fn pulls_what_is_built(self) -> bool {
        self.kind == InputKind::Kubernetes
    }

    /// The lines that would set what a container lacks, in its own language; `None` where it has none for them.
    #[must_use]
    pub fn lines_for(self, compose: &'static str) -> Option<&'static str> {
        match self.kind {
            InputKind::Kubernetes => words::lines_of_pod(compose),
            _ => None,
        }
    }

    /// The text of a message, whose attributes are those of Compose, in the words of this input; `written` is what it points at.
    #[must_use]
    pub fn in_its_words(self, text: &str, written: &[&str]) -> String {
        words::translated(text, self.kind, written)
    }
}
