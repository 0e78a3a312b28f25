//! What a configuration declares: projects, images, kinds of pods, policies.

use std::collections::BTreeMap;

use crate::finding::meta::{Category, Stride};
use crate::finding::severity::Severity;

/// A Compose project that somebody has declared.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct DeclaredProject {
    /// Its files, each overriding those before it: paths relative to [`Settings::working_directory`](crate::settings::Settings::working_directory), or absolute.
    pub files: Vec<String>,
    /// Its directory, where that is not the one of the first file.
    pub directory: Option<String>,
    /// The profiles that are enabled; all are where none is named.
    pub profiles: Vec<String>,
    /// Variables that whoever starts it sets.
    pub environment: BTreeMap<String, String>,
}

/// An image that somebody has declared.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct DeclaredImage {
    /// The Dockerfile: a path relative to [`Settings::working_directory`](crate::settings::Settings::working_directory), or absolute.
    pub dockerfile: String,
    /// The stage that is built; the last one without.
    pub target: Option<String>,
    /// The build arguments.
    pub args: BTreeMap<String, String>,
    /// The names that the image is given.
    pub tags: Vec<String>,
}

/// A kind of custom resources that somebody has said to hold pods.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct DeclaredPodKind {
    /// Its group, such as `example.com`; any, where nobody says.
    pub group: Option<String>,
    /// `Thing`
    pub kind: String,
    /// The way to the `spec` of each pod: `spec.template.spec`. `[]` stands for each item of a list
    /// (`spec.workers[].podTemplate.spec`), `*` for each value of a mapping.
    pub path: String,
}

/// A policy that somebody has declared: a rule of a repository's own. The crate's feature `policies` carries it out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DeclaredPolicy {
    /// Its name; findings of it are called `policy/` and this.
    pub name: String,
    /// What it is for: one of [`DeclaredPolicy::SUBJECTS`].
    pub subject: String,
    /// When it applies, in CEL.
    pub when: Option<String>,
    /// What must be true, in CEL.
    pub require: String,
    /// What is said where it is not; `{…}` holds an expression.
    pub message: Option<String>,
    /// What to do then; `{…}` holds an expression.
    pub help: Option<String>,
    /// Why there is such a policy, in Markdown.
    pub docs: Option<String>,
    /// How bad that is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The threats it stops.
    pub stride: Vec<Stride>,
    /// What it means that something is not known.
    pub unknown: UnknownMeans,
    /// What `params` has in its expressions.
    pub params: Vec<(String, PolicyValue)>,
    /// The keys that a fix sets in the service; `{…}` in a text holds an expression.
    pub suggest: Vec<(String, PolicyValue)>,
    /// The directory that `project.path` starts from: absolute, or empty for the one that names of sources start from.
    pub directory: String,
}

/// What it means for a policy that something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum UnknownMeans {
    /// Nothing is said.
    #[default]
    Pass,
    /// It is noted beside the findings.
    Note,
    /// It counts as a violation.
    Fail,
}

/// A value that is given to a policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyValue {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, as it is written.
    Decimal(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<PolicyValue>),
    /// A mapping.
    Map(Vec<(String, PolicyValue)>),
}

impl DeclaredPolicy {
    /// What a policy can be for.
    pub const SUBJECTS: &[&str] =
        &["project", "service", "image", "stage", "container", "instruction", "mount", "port", "variable"];

    /// A policy that requires something of everything of a kind.
    #[must_use]
    pub fn new(name: impl Into<String>, subject: impl Into<String>, require: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            subject: subject.into(),
            when: None,
            require: require.into(),
            message: None,
            help: None,
            docs: None,
            severity: Severity::Medium,
            category: Category::Hygiene,
            stride: Vec::new(),
            unknown: UnknownMeans::Pass,
            params: Vec::new(),
            suggest: Vec::new(),
            directory: String::new(),
        }
    }
}
