//! The proof that a fix which claims to be safe is: what Docker and Compose make of the sources before it and after.
//!
//! Of Compose files the effective projects are compared, in canonical form; of Dockerfiles the digests of their plans. What was
//! refused before came to nothing, and may come to something now.

use std::collections::BTreeMap;
use std::sync::Arc;

use lint_parser::compose::long::{Node, NodeKind};
use lint_parser::text::source::SourceFile;

use crate::engine::add_ignores::same::means_the_same;
use crate::engine::linter::Linter;
use crate::engine::overlay::Overlay;
use crate::engine::source::{Source, SourceKind};
use crate::files::Files;
use crate::model::build::digest::digest;
use crate::model::build::{BuildRequest, ParsedDockerfile, plan};
use crate::model::project::Project;
use crate::model::project::canonical::canonical;
use crate::report::project::yaml;

/// Sources before or after a fix.
pub(super) struct Side<'a> {
    pub(super) linter: &'a Linter,
    pub(super) sources: &'a [Source],
    /// The texts that are known, by name; the others are behind the window.
    pub(super) texts: &'a BTreeMap<String, String>,
    pub(super) files: &'a dyn Files,
}

/// Whether sources come to the same before and after; `changed` are the names of those whose texts differ.
pub(super) fn is_same(before: &Side<'_>, after: &Side<'_>, changed: &[&Source]) -> bool {
    let text = |side: &Side<'_>, name: &str| side.texts.get(name).cloned().unwrap_or_default();
    let is_same = |source: &&Source| {
        let (old, new) = (text(before, &source.name), text(after, &source.name));
        match source.kind {
            SourceKind::Dockerfile => dockerfiles(&old, &new),
            SourceKind::DaemonJson
            | SourceKind::SystemdUnit
            | SourceKind::Quadlet
            | SourceKind::Commands
            | SourceKind::Pipeline
            | SourceKind::Bake
            | SourceKind::Kubernetes
            | SourceKind::DevContainer => means_the_same(source.kind, &old, &new),
            SourceKind::Compose => true,
        }
    };
    let is_compose = changed.iter().any(|source| source.kind == SourceKind::Compose);
    changed.iter().all(is_same) && (!is_compose || projects(before, after, changed))
}

/// Whether two Dockerfiles build the same.
fn dockerfiles(before: &str, after: &str) -> bool {
    let read = |text: &str| Arc::new(ParsedDockerfile::parse(SourceFile::new("Dockerfile", text)));
    let (old, new) = (read(before), read(after));
    let is_mended = new.errors.len() < old.errors.len();
    is_mended || digest(&plan(old, &BuildRequest::default())) == digest(&plan(new, &BuildRequest::default()))
}

/// Whether the projects that changed files take part in come to the same.
fn projects(before: &Side<'_>, after: &Side<'_>, changed: &[&Source]) -> bool {
    let (old, new) = (before.projects(), after.projects());
    let is_changed = |project: &Project| {
        project.inputs().iter().any(|input| changed.iter().any(|source| source.name == *input))
    };
    old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| {
            let is_mended = new.faults.len() < old.faults.len();
            !(is_changed(old) || is_changed(new)) || is_mended || effective(old) == effective(new)
        })
}

impl Side<'_> {
    fn projects(&self) -> Vec<Project> {
        let window = Overlay { texts: self.texts, below: self.files };
        let files = self.linter.projects(self.sources, &window);
        files.iter().map(|files| Project::load(files, &window)).collect()
    }
}

/// A project in canonical form; the Dockerfiles in it by what they come to.
fn effective(project: &Project) -> String {
    let mut tree = canonical(project, "project");
    // What an anchor stands under is no part of what runs.
    if let NodeKind::Map(entries) = &mut tree.kind {
        entries.retain(|(name, _)| !name.starts_with("x-"));
    }
    if let Some(services) = entry(&mut tree, "services")
        && let NodeKind::Map(services) = &mut services.kind
    {
        for (_, service) in services {
            let inline = entry(service, "build").and_then(|build| entry(build, "dockerfile_inline"));
            if let Some(Node { kind: NodeKind::Text(text), .. }) = inline {
                let dockerfile = Arc::new(ParsedDockerfile::parse(SourceFile::new("Dockerfile", &**text)));
                *text = digest(&plan(dockerfile, &BuildRequest::default())).join("\n");
            }
        }
    }
    yaml(&tree, &|_| None)
}

fn entry<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    match &mut node.kind {
        NodeKind::Map(entries) => entries.iter_mut().find(|(name, _)| name == key).map(|(_, node)| node),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_that_build_the_same_are_told_from_others() {
        for (before, after, expected) in [
            ("FROM a\nRUN b; c\n", "FROM a\nRUN b && c\n", true),
            ("FROM a\nRUN b || c\n", "FROM a\nRUN b && c\n", false),
            ("FROM a\nRUN b && c\n", "FROM a\nRUN c && b\n", false),
            ("FROM a\nRUN apt-get install x\n", "FROM a\nRUN apt-get install -y x\n", true),
            ("FROM a\nRUN apt-get install x\n", "FROM a\nRUN apt-get install -y y\n", false),
            ("FROM a\nRUN b | c\n", "FROM a\nRUN set -o pipefail && b | c\n", true),
            ("FROM a\nRUN b > c\n", "FROM a\nRUN b > d\n", false),
            (
                "FROM a\nRUN apk add x\n",
                "FROM a\nRUN apk add --no-cache x && rm -rf /var/cache/apk/*\n",
                true,
            ),
            ("FROM a\nRUN apk add x\n", "FROM a\nRUN apk add x && rm -rf /var/cache\n", false),
            ("FROM a\nRUN echo 'x y'\n", "FROM a\nRUN echo \"x y\"\n", true),
            ("FROM a\nRUN echo '*'\n", "FROM a\nRUN echo *\n", false),
            ("FROM a\nRUN if b; then c; fi\n", "FROM a\nRUN if d; then c; fi\n", false),
            ("FROM a\nRUN sh -c 'apt install x'\n", "FROM a\nRUN sh -c 'apt-get install -y x'\n", true),
            ("FROM a\nUSER root\nRUN sudo b\n", "FROM a\nUSER root\nRUN b\n", true),
            ("FROM a\nUSER app\nRUN sudo b\n", "FROM a\nUSER app\nRUN b\n", false),
            ("FROM a\nUSER root\nRUN sudo -u app b\n", "FROM a\nUSER root\nRUN b\n", false),
            ("FROM a\nCMD b\nCMD c\n", "FROM a\nCMD c\n", true),
            ("FROM a\nCMD b c\n", "FROM a\nCMD [\"b\", \"c\"]\n", true),
            ("FROM a\nCMD b $C\n", "FROM a\nCMD [\"b\", \"$C\"]\n", false),
            ("FROM a\nENTRYPOINT b\nCMD c\n", "FROM a\nENTRYPOINT [\"b\"]\nCMD c\n", false),
            ("FROM a\nENV A=1\nENV A=2\n", "FROM a\nENV A=2\n", true),
            ("FROM a\nENV A=1\nRUN b\nENV A=2\n", "FROM a\nRUN b\nENV A=2\n", false),
            ("FROM a\nENV A b\n", "FROM a\nENV A=b\n", true),
            ("FROM a\nENV A b c\n", "FROM a\nENV A=b c=\n", false),
            ("FROM a\nWORKDIR /a\nWORKDIR b\n", "FROM a\nWORKDIR /a\nWORKDIR /a/b\n", true),
            ("FROM a\nWORKDIR b\n", "FROM a\nWORKDIR /b\n", false),
            ("FROM a\nMAINTAINER b\n", "FROM a\nLABEL org.opencontainers.image.authors=b\n", true),
            ("FROM a\nADD b.sh c/ /d/\n", "FROM a\nCOPY b.sh c/ /d/\n", true),
            ("FROM a\nADD b.tgz /d/\n", "FROM a\nCOPY b.tgz /d/\n", false),
            ("FROM a\nUSER b\nRUN c\n", "FROM a\nRUN c\nUSER b\n", false),
            ("FROM a\nEXPOSE 80/TCP\n", "FROM a\nEXPOSE 80\n", true),
            ("FROM a\nSHELL [\"bash\", \"-c\"]\nRUN b\n", "FROM a\nRUN b\n", false),
            ("FROM a AS b\nFROM b\n", "FROM a AS c\nFROM c\n", false),
            ("FROM a\nONBUILD RUN b\n", "FROM a\nONBUILD RUN c\n", false),
            ("FROM a\nONBUILD CMD b\n", "FROM a\nONBUILD CMD c\n", false),
            ("FROM a\nHEALTHCHECK CMD b\n", "FROM a\nHEALTHCHECK --retries=2 CMD b\n", false),
            ("FROM a\nRUN <<E\nb\nE\n", "FROM a\nRUN <<E\nset -e\nb\nE\n", true),
            ("FROM a\nRUN cat <<E\nb\nE\n", "FROM a\nRUN cat <<E\nc\nE\n", false),
            ("FROM a\nCOPY <<E /b\nb\nE\n", "FROM a\nCOPY <<E /b\nc\nE\n", false),
            ("FROM a\nRUN --mount=type=secret,id=b c\n", "FROM a\nRUN c\n", false),
            ("FROM a\nVOLUME /b\nRUN c\n", "FROM a\nRUN c\nVOLUME /b\n", false),
        ] {
            assert_eq!(dockerfiles(before, after), expected, "{before}{after}");
        }
    }
}
