//! Which files hold command lines.

use crate::files::{directory, file_name};

/// How the command lines of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A script of a shell.
    Shell,
    /// Lines of a shell that is not ours: PowerShell's, that of Windows.
    Lines,
    Makefile,
    Justfile,
    /// A workflow, a pipeline, a Taskfile: YAML with commands in it.
    Yaml,
    Package,
    BakeHcl,
    BakeJson,
    /// Text with blocks of commands.
    Markdown,
}

/// Whether a file of that path is a tool of whoever develops: what they start most often, and who deploys seldom does.
#[must_use]
pub fn is_of_developers(path: &str) -> bool {
    let is_tasks = || file_name(path).to_ascii_lowercase().starts_with("taskfile");
    matches!(kind(path), Some(Kind::Makefile | Kind::Justfile | Kind::Package)) || is_tasks()
}

/// Whether a file that may hold command lines is a pipeline, by its path; `None` where it holds none.
#[must_use]
pub fn calls_as(path: &str) -> Option<bool> {
    kind(path).map(|kind| kind == Kind::Yaml)
}

/// Directories whose files without an extension are likely scripts.
const SCRIPTS: [&str; 12] =
    ["bin", "build", "ci", ".ci", "dev", "docker", "hack", "script", "scripts", "test", "tests", "tools"];

/// Whether a file of that path may hold command lines that build or start something: a script, a Makefile, a workflow, a
/// README. [`Files::scripts`](crate::files::Files::scripts) lists such files.
///
/// ```
/// assert!(lint_core::path::may_call("ci/build.sh") && lint_core::path::may_call(".github/workflows/ci.yml"));
/// assert!(!lint_core::path::may_call("src/main.rs"));
/// ```
#[must_use]
pub fn may_call(path: &str) -> bool {
    kind(path).is_some()
}

/// How the command lines of a file of that path are written; `None` when it has none.
pub(super) fn kind(path: &str) -> Option<Kind> {
    let name = file_name(path);
    let Some((stem, extension)) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) else {
        return match name {
            "Makefile" | "makefile" | "GNUmakefile" => Some(Kind::Makefile),
            "justfile" | "Justfile" | ".justfile" => Some(Kind::Justfile),
            "README" => Some(Kind::Markdown),
            name if name.starts_with('.') || name.contains("ockerfile") => None,
            _ => is_of_scripts(path).then_some(Kind::Shell),
        };
    };
    match extension {
        "sh" | "bash" | "zsh" => Some(Kind::Shell),
        "ps1" | "cmd" | "bat" => Some(Kind::Lines),
        "mk" | "mak" => Some(Kind::Makefile),
        "just" => Some(Kind::Justfile),
        "hcl" if name.contains("bake") => Some(Kind::BakeHcl),
        "json" if name == "package.json" => Some(Kind::Package),
        "json" if name.contains("bake") => Some(Kind::BakeJson),
        "md" | "markdown" if stem.eq_ignore_ascii_case("readme") => Some(Kind::Markdown),
        "yml" | "yaml" => is_of_pipeline(path, stem).then_some(Kind::Yaml),
        _ if stem == "Makefile" => Some(Kind::Makefile),
        _ => None,
    }
}

fn is_of_scripts(path: &str) -> bool {
    let parent = directory(path);
    parent.is_empty() || parent == "." || SCRIPTS.contains(&file_name(parent))
}

fn is_of_pipeline(path: &str, stem: &str) -> bool {
    let folders =
        ["/.github/", "/.gitea/", "/.forgejo/", "/.gitlab/", "/.circleci/", "/.woodpecker/", "/.buildkite/"];
    let names = [
        ".gitlab-ci",
        ".travis",
        ".drone",
        ".woodpecker",
        ".goreleaser",
        "goreleaser",
        "azure-pipelines",
        "bitbucket-pipelines",
        "cloudbuild",
        "taskfile",
        "appveyor",
        ".appveyor",
        "action",
        ".cirrus",
    ];
    let stem = stem.to_ascii_lowercase();
    let rooted = format!("/{path}");
    folders.iter().any(|folder| rooted.contains(folder))
        || names.contains(&stem.as_str())
        || stem.ends_with(".gitlab-ci")
        || stem.starts_with("taskfile.")
        || stem.starts_with(".goreleaser")
}

/// Where the commands of a file are run that runs in its repository's root: a workflow in `.github/workflows`.
pub(super) fn root_of_pipeline(path: &str) -> &str {
    let hidden = path.match_indices("/.").map(|(at, _)| at).next();
    match hidden {
        _ if path.starts_with('.') && !path.starts_with("..") && path.contains('/') => "",
        Some(at) => &path[..at],
        None => directory(path),
    }
}

/// What calls Docker most often, and lies beside what it builds and starts.
pub(super) const USUAL: [&str; 7] = [
    "Makefile",
    "README.md",
    "Taskfile.yml",
    "docker-bake.hcl",
    "docker-bake.json",
    "justfile",
    "package.json",
];
