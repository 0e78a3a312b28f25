//! Containers to develop in, and images that run nothing by themselves.

use lint_parser::image;
use lint_parser::text::mapped::Mapped;

use crate::model::build::plan::BuildPlan;
use crate::model::build::stage::{Base, ImageCommand, Stage};
use crate::model::runs::prompt::{first_words, is_prompt};

/// Images that are made to develop in, by their repository or the beginning of it.
const FOR_DEVELOPMENT: [&str; 6] = [
    "ghcr.io/devcontainers/",
    "mcr.microsoft.com/devcontainers/",
    "mcr.microsoft.com/vscode/devcontainers/",
    "docker.io/gitpod/workspace-",
    "docker.io/jetbrains/",
    "ghcr.io/rocker-org/devcontainer/",
];

/// Images whose own command is a shell or the prompt of an interpreter.
const PROMPTS: [&str; 40] = [
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "buildpack-deps",
    "busybox",
    "centos",
    "clojure",
    "debian",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "fedora",
    "gcc",
    "golang",
    "gradle",
    "groovy",
    "haskell",
    "ibmjava",
    "julia",
    "maven",
    "node",
    "openjdk",
    "oraclelinux",
    "perl",
    "photon",
    "pypy",
    "python",
    "r-base",
    "rockylinux",
    "ruby",
    "rust",
    "sapmachine",
    "sl",
    "swift",
    "ubuntu",
    "mageia",
    "clearlinux",
    "alt",
];

impl BuildPlan {
    /// Whether it is a container to work in: an editor attaches to it, and compilers and debuggers are what it is for.
    #[must_use]
    pub fn is_for_development(&self) -> bool {
        let path = self.dockerfile.file.name();
        if path.split(['/', '\\']).any(|part| part == ".devcontainer") {
            return true;
        }
        let Some(root) = self.target_stage().and_then(|target| self.chain(target.index).last()) else {
            return false;
        };
        let Base::Image(base) = &root.base else { return false };
        repository(&base.reference)
            .is_some_and(|name| FOR_DEVELOPMENT.iter().any(|prefix| name.starts_with(prefix)))
    }

    /// Whether a container of the stage runs no program that could work or fail: its command is a shell or an interpreter's
    /// prompt, its own or its base image's, or it waits for ever.
    #[must_use]
    pub fn starts_prompt(&self, stage: &Stage) -> bool {
        let config = &stage.config;
        let entrypoint = config.entrypoint.as_ref().and_then(|set| words(&set.value));
        let command = config.cmd.as_ref().and_then(|set| words(&set.value));
        if entrypoint.is_none() && command.is_none() {
            let root = self.chain(stage.index).last();
            return root
                .is_some_and(|root| matches!(&root.base, Base::Image(base) if has_prompt(&base.reference)));
        }
        let words: Vec<String> = entrypoint.into_iter().chain(command).flatten().collect();
        waits(&words)
    }
}

fn words(command: &ImageCommand) -> Option<Vec<String>> {
    let ImageCommand::Line { line, .. } = command else { return None };
    Some(first_words(line))
}

fn waits(words: &[String]) -> bool {
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(texts.as_slice(), ["sleep", "infinity" | "inf"] | ["tail", "-f" | "-F", "/dev/null"])
        || is_prompt(words)
}

fn has_prompt(reference: &str) -> bool {
    let Some(name) = repository(reference) else { return false };
    name.strip_prefix("docker.io/library/").is_some_and(|name| PROMPTS.contains(&name))
}

fn repository(reference: &str) -> Option<String> {
    image::parse(&Mapped::verbatim(reference, 0)).ok().map(|reference| reference.normalized_name())
}
