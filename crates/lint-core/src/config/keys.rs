//! The keys of a configuration file: what its reader checks, the JSON Schema, and `plimsoll config show` list.

use crate::config::policies::{CATEGORIES, STRIDE, UNKNOWN};
use crate::settings::DeclaredPolicy;

/// A key.
#[derive(Debug)]
#[non_exhaustive]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub docs: &'static str,
    /// What may stand under it.
    pub shape: Shape,
}

/// What may stand under a key.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Shape {
    /// Text.
    Text,
    /// A version that has been released, such as `0.1.0`.
    Release,
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words.
    Words(&'static [&'static str]),
    /// A list of path patterns.
    Patterns,
    /// A list of texts.
    Texts,
    /// A list of rules, or words for many.
    Rules,
    /// A mapping from rules to one of these words.
    RuleWords(&'static [&'static str]),
    /// A mapping from patterns of paths to rules.
    PathRules,
    /// A mapping from patterns of names to rules.
    NameRules,
    /// A mapping from names to texts.
    TextMap,
    /// A list of which each item is a list of texts, which is what stands under the first of these keys, or a mapping with
    /// them.
    ListsOrSections(&'static [Key]),
    /// A list of mappings with these keys.
    Sections(&'static [Key]),
    /// A mapping with these keys.
    Section(&'static [Key]),
    /// A mapping from names to values of any kind.
    Values,
    /// A list of policies: the names of some of the library's, and mappings with these keys.
    Policies(&'static [Key]),
}

const SEVERITY_OR_OFF: &[&str] = &["critical", "high", "medium", "low", "style", "off"];
const THRESHOLDS: &[&str] = &["critical", "high", "medium", "low", "style", "never"];

/// The keys of a policy.
const POLICY: &[Key] = &[
    key("name", Shape::Text, "Its name: its findings are called `policy/` and this."),
    key("use", Shape::Text, "The policy of the library that this one is, but for what is said here."),
    key("for", Shape::Word(DeclaredPolicy::SUBJECTS), "What each of which it is about."),
    key("when", Shape::Text, "Where it applies, in CEL; everywhere without."),
    key("require", Shape::Text, "What must be true, in CEL."),
    key("message", Shape::Text, "What is said where it is not; `{…}` holds an expression."),
    key("help", Shape::Text, "What to do then; `{…}` holds an expression."),
    key("docs", Shape::Text, "Why there is such a policy, in Markdown."),
    key("severity", Shape::Word(SEVERITY_OR_OFF), "How bad that is: `medium` where nothing is said."),
    key("category", Shape::Word(CATEGORIES), "What it is about: `hygiene` where nothing is said."),
    key("stride", Shape::Words(STRIDE), "The threats it stops."),
    key(
        "unknown",
        Shape::Word(UNKNOWN),
        "What it means that the files do not say: nothing (`pass`), a note, or a violation (`fail`).",
    ),
    key("with", Shape::Values, "What `params` has in its expressions."),
    key(
        "suggest",
        Shape::Values,
        "The keys of the service that a fix sets; `{…}` in a text holds an expression.",
    ),
    key(
        "tests",
        Shape::Sections(&[
            key("expect", Shape::Word(&["pass", "fail", "unknown"]), "What the policy says of the example."),
            key("name", Shape::Text, "What the example shows."),
            key("compose", Shape::Text, "A Compose file."),
            key("dockerfile", Shape::Text, "A Dockerfile."),
            key("files", Shape::TextMap, "Files by path."),
            key("at", Shape::Text, "Where a finding is: `compose.yaml:3`."),
            key("message", Shape::Text, "What the message of a finding holds."),
        ]),
        "Examples that `plimsoll policy test` runs.",
    ),
];

const fn key(name: &'static str, shape: Shape, docs: &'static str) -> Key {
    Key { name, docs, shape }
}

/// Every key at the root, in the order they are explained in.
pub const KEYS: &[Key] = &[
    key(
        "extends",
        Shape::Text,
        "Another configuration file, relative to this one and inside the same repository, that this one adds to.",
    ),
    key(
        "rules-as-of",
        Shape::Release,
        "The version whose rules, severities and profiles are kept to when Plimsoll is upgraded.",
    ),
    key("preview", Shape::Flag, "Whether rules run that are still on trial."),
    key("profile", Shape::Word(&["default", "strict", "audit"]), "Which rules run, before the selections."),
    key("select", Shape::Rules, "Only these rules run, whatever the profile says."),
    key("extend-select", Shape::Rules, "These rules run in addition to the profile's."),
    key("ignore", Shape::Rules, "These rules do not run."),
    key("severity", Shape::RuleWords(SEVERITY_OR_OFF), "Severities that take the place of the rules' own."),
    key("fail-on", Shape::Word(THRESHOLDS), "The least severity that makes the run fail."),
    key("exclude", Shape::Patterns, "Files and directories that searches pass by, as in a .gitignore."),
    key(
        "files",
        Shape::Section(&[
            key("dockerfile", Shape::Patterns, "Files that are Dockerfiles."),
            key("compose", Shape::Patterns, "Files that are Compose files."),
            key(
                "daemon-json",
                Shape::Patterns,
                "Configuration files of the Docker daemon, as `daemon.json` is.",
            ),
            key(
                "systemd-unit",
                Shape::Patterns,
                "systemd units of the Docker daemon's, and drop-ins of them.",
            ),
            key("quadlet", Shape::Patterns, "Units of Podman's: `.container`, `.pod`, `.build`, `.image`."),
            key(
                "commands",
                Shape::Patterns,
                "Scripts and other files of command lines that start containers; a README only where it is named here.",
            ),
            key("pipeline", Shape::Patterns, "Workflows and pipelines whose jobs run in containers."),
            key("bake", Shape::Patterns, "Files of `docker buildx bake`."),
            key("devcontainer", Shape::Patterns, "Files like `devcontainer.json`."),
            key(
                "kubernetes",
                Shape::Patterns,
                "Manifests of Kubernetes, and what configures its control plane.",
            ),
        ]),
        "Files whose names do not say what they are.",
    ),
    key("per-file-ignores", Shape::PathRules, "Rules whose findings are dropped in the files of a pattern."),
    key(
        "per-service-ignores",
        Shape::NameRules,
        "Rules whose findings are dropped for the Compose services of a pattern.",
    ),
    key("fixable", Shape::Rules, "The only rules whose findings `--fix` may fix."),
    key("unfixable", Shape::Rules, "Rules whose findings `--fix` leaves as they are."),
    key("build-args", Shape::TextMap, "Build arguments, as `docker build --build-arg` takes them."),
    key(
        "trusted-registries",
        Shape::Texts,
        "Registries, or repositories on them, that images may come from; `*.example.com` is every registry below it.",
    ),
    key(
        "suppressions",
        Shape::Section(&[
            key("allow-inline", Shape::Flag, "Whether comments may silence findings at all."),
            key("require-reason", Shape::Flag, "Whether a suppression comment must say why."),
            key("warn-unused", Shape::Flag, "Whether a comment that silences nothing is reported."),
            key(
                "foreign",
                Shape::Words(&["hadolint", "buildkit", "dclint", "shellcheck"]),
                "The other tools whose suppression comments count.",
            ),
            key(
                "foreign-all-covers-security",
                Shape::Flag,
                "Whether \"everything\" in another tool's comment covers security rules.",
            ),
        ]),
        "What suppression comments may do.",
    ),
    key("baseline", Shape::Text, "The file of findings that are accepted for now, relative to this one."),
    key(
        "projects",
        Shape::ListsOrSections(&[
            key("files", Shape::Texts, "The files, in the order of `docker compose -f … -f …`."),
            key("directory", Shape::Text, "The project's directory, as `--project-directory` names it."),
            key("profiles", Shape::Texts, "The profiles that are enabled, as `--profile` does it."),
            key("environment", Shape::TextMap, "Variables that whoever starts the project sets."),
        ]),
        "Compose files that are given to `docker compose` together, in order, and how.",
    ),
    key(
        "images",
        Shape::Sections(&[
            key("dockerfile", Shape::Text, "The Dockerfile."),
            key("target", Shape::Text, "The stage that is built; the last one where nothing is said."),
            key("args", Shape::TextMap, "The build arguments."),
            key("tags", Shape::Texts, "The names that the image is given."),
        ]),
        "Images that are built from Dockerfiles, and how. Other stages of those Dockerfiles count as aids.",
    ),
    key(
        "kubernetes",
        Shape::Section(&[key(
            "pods",
            Shape::Sections(&[
                key("group", Shape::Text, "Its group, such as `example.com`; any where nothing is said."),
                key("kind", Shape::Text, "The kind."),
                key(
                    "path",
                    Shape::Text,
                    "The way to the `spec` of its pods: `spec.template.spec`, `spec.workers[].podTemplate.spec`.",
                ),
            ]),
            "Kinds of custom resources that hold pods, and where.",
        )]),
        "What Plimsoll cannot know of Kubernetes by itself.",
    ),
    key(
        "policies",
        Shape::Policies(POLICY),
        "Rules of your own: what must be true of the containers as they would run.",
    ),
];
