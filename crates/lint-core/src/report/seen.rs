//! How much there was to judge: silence about nothing is no verdict.

use crate::finding::label::Place;

/// What a run has judged, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Seen {
    /// Dockerfiles, those inside of Compose files among them.
    pub dockerfiles: usize,
    /// Compose files.
    pub compose_files: usize,
    /// Other files that start containers which are there to stay.
    pub other_files: usize,
    /// Services that run a container, and the containers of those other files.
    pub services: usize,
    /// What the Docker daemon is told: `daemon.json`, `docker.service`.
    pub daemon_files: usize,
    /// `docker.socket` units.
    pub socket_units: usize,
    /// Files of Kubernetes.
    pub manifests: usize,
    /// Pods, and templates of them, in those.
    pub pods: usize,
}

/// What a verdict can rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A Dockerfile.
    Dockerfile,
    /// A service of a Compose file.
    Service,
    /// The daemon's configuration.
    Daemon,
    /// The unit that makes the daemon's socket.
    Socket,
    /// A file of Kubernetes.
    Manifest,
}

/// Something in a file that a verdict of the audit can rest on, beside the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// What kind of thing it stands in.
    pub input: Input,
    /// Where.
    pub place: Place,
    /// The Compose service it is about.
    pub service: Option<String>,
    /// The recommendations of the CIS Docker Benchmark that it speaks of, by their keys; empty for the file, service or
    /// Dockerfile as a whole.
    pub about: Vec<&'static str>,
    /// Whether it shows how things are; `false` for a container of which these files do not say.
    pub decides: bool,
}

impl Evidence {
    /// What is seen at a place.
    #[must_use]
    pub fn new(input: Input, place: Place, about: Vec<&'static str>) -> Self {
        Self { input, place, service: None, about, decides: true }
    }

    /// `compose.yaml:3`, and the service.
    #[must_use]
    pub fn shown(&self) -> String {
        let line = self.place.file.line(self.place.span.start());
        let service = self.service.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("{}:{line}{service}", self.place.file.name())
    }

    pub(crate) fn order(&self) -> (&str, usize, usize, &[&'static str], Option<&str>, bool) {
        let span = self.place.span;
        let service = self.service.as_deref();
        (self.place.file.name(), span.start(), span.end(), &self.about, service, self.decides)
    }
}

impl Input {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Input::Dockerfile => "Dockerfile",
            Input::Service => "Compose service",
            Input::Daemon => "daemon.json or docker.service",
            Input::Socket => "docker.socket",
            Input::Manifest => "Kubernetes manifest",
        }
    }
}

impl Seen {
    /// How many of an input there were.
    #[must_use]
    pub fn of(&self, input: Input) -> usize {
        match input {
            Input::Dockerfile => self.dockerfiles,
            Input::Service => self.services,
            Input::Daemon => self.daemon_files,
            Input::Socket => self.socket_units,
            Input::Manifest => self.manifests,
        }
    }

    /// `3 Dockerfiles, 5 services`, of the inputs that are asked for and were there.
    #[must_use]
    pub fn in_words(&self, inputs: &[Input]) -> String {
        let words = inputs.iter().filter(|&&input| self.of(input) > 0).map(|&input| {
            let noun = match input {
                Input::Dockerfile => "Dockerfile",
                Input::Service => "service",
                Input::Daemon => "daemon configuration",
                Input::Socket => "socket unit",
                Input::Manifest => "Kubernetes manifest",
            };
            count(self.of(input), noun)
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// Everything that was there.
    #[must_use]
    pub fn all_in_words(&self) -> String {
        let services = self.in_words(&[Input::Service]);
        let services = if services.is_empty() { "no services".to_owned() } else { services };
        let compose = count(self.compose_files, "Compose file");
        let compose = match self.other_files {
            0 => format!("{compose} ({services})"),
            1 => format!("{compose} and 1 other file that starts containers ({services})"),
            others => format!("{compose} and {others} other files that start containers ({services})"),
        };
        let rest = self.in_words(&[Input::Daemon, Input::Socket]);
        let rest = if rest.is_empty() { "no files of the Docker daemon".to_owned() } else { rest };
        let pods = match self.manifests {
            0 => String::new(),
            manifests => {
                format!(", {} ({})", count(manifests, "Kubernetes manifest"), count(self.pods, "pod"))
            }
        };
        format!("{}, {compose}, {rest}{pods}", count(self.dockerfiles, "Dockerfile"))
    }
}

/// A number and what it counts.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
