//! What Compose would refuse, and what could not be read.

use lint_parser::compose::value::Origin;
use lint_parser::syntax_error::SyntaxErrorKind;

/// Something Compose refuses to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub origin: Origin,
    /// Which part of Docker refuses it.
    pub kind: SyntaxErrorKind,
    /// What it is about.
    pub about: About,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What to do about it, when that is known.
    pub help: Option<String>,
    /// What would repair it, when that is known.
    pub remedy: Option<Remedy>,
    /// Further places that explain it.
    pub labels: Vec<(Origin, String)>,
    /// The service it is about.
    pub service: Option<String>,
}

/// What a fault is about, so that a rule can tell them apart without reading messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum About {
    /// The text: YAML, duplicate keys.
    Text,
    /// A variable that cannot be replaced.
    Interpolation,
    /// A value that is not of its type, an attribute there is not.
    Schema,
    /// Files that do not fit together.
    Override,
    /// `extends`.
    Extends,
    /// `include`.
    Include,
    /// A file that is not there and may well be elsewhere: `env_file`, `label_file`.
    EnvironmentFile,
    /// A name that nothing declares.
    Undefined,
    /// Services that wait for each other.
    Cycle,
    /// Attributes that exclude each other, or miss one another.
    Conflict,
}

/// What would repair a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Another name, where the fault is.
    Spell(String),
    /// The key that stands there has been given before.
    DropKey,
}

impl Fault {
    /// A fault Compose finds, without help or labels.
    pub fn new(about: About, origin: Origin, message: impl Into<String>) -> Self {
        Self {
            origin,
            kind: SyntaxErrorKind::Compose,
            about,
            message: message.into(),
            help: None,
            remedy: None,
            labels: Vec::new(),
            service: None,
        }
    }

    /// Names the service.
    #[must_use]
    pub fn of(mut self, service: &str) -> Self {
        self.service = Some(service.to_owned());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean", when there is something to mean.
    #[must_use]
    pub fn with_suggestion(mut self, suggestion: Option<&str>) -> Self {
        if let Some(name) = suggestion {
            self.help = Some(format!("did you mean `{name}`?"));
            self.remedy = Some(Remedy::Spell(name.to_owned()));
        }
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn with_label(mut self, origin: Origin, message: impl Into<String>) -> Self {
        self.labels.push((origin, message.into()));
        self
    }
}

/// Something that could not be read, so that nothing is claimed that depends on it. Said once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where it is asked for; `None` for a file of the project itself.
    pub origin: Option<Origin>,
    /// What could not be read.
    pub file: String,
    /// Why.
    pub message: String,
}
