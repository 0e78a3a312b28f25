//! What a repository has that a configuration or a next step could be about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lint_core::path::{directory, file_name};
use lint_core::project::group;
use lint_core::{Files, Severity, Source, SourceKind};

use crate::discover;

/// Directories whose files are there to be read by tests, and are often wrong on purpose.
const FIXTURES: [&str; 6] =
    ["fixtures", "__fixtures__", "testdata", "test-data", "test_data", "test-fixtures"];

/// Files of other tools, from the directory that is looked at.
const TOOLS: [(&str, Tool); 17] = [
    (".hadolint.yaml", Tool::Hadolint),
    (".hadolint.yml", Tool::Hadolint),
    (".dclintrc", Tool::Dclint),
    (".dclintrc.json", Tool::Dclint),
    (".dclintrc.yaml", Tool::Dclint),
    (".dclintrc.yml", Tool::Dclint),
    (".compose-lint.yml", Tool::ComposeLint),
    (".pre-commit-config.yaml", Tool::PreCommit),
    ("lefthook.yml", Tool::Lefthook),
    (".github/workflows", Tool::GitHub),
    (".gitlab-ci.yml", Tool::GitLab),
    (".mega-linter.yml", Tool::MegaLinter),
    (".circleci/config.yml", Tool::OtherCi),
    ("azure-pipelines.yml", Tool::OtherCi),
    ("bitbucket-pipelines.yml", Tool::OtherCi),
    ("Jenkinsfile", Tool::OtherCi),
    ("mise.toml", Tool::Mise),
];

/// Something that Plimsoll has a place in, or takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tool {
    Hadolint,
    Dclint,
    ComposeLint,
    PreCommit,
    Lefthook,
    GitHub,
    GitLab,
    MegaLinter,
    OtherCi,
    Mise,
}

/// What there is.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) dockerfiles: usize,
    pub(super) compose_files: usize,
    pub(super) other_files: usize,
    /// How many files are left when fixtures are excluded.
    pub(super) kept: usize,
    /// Directories of fixtures with files of ours, from the directory that is looked at.
    pub(super) fixtures: Vec<String>,
    /// Compose files beside each other that nothing says belong together.
    pub(super) projects: Vec<Vec<String>>,
    /// What other tools have there, with the file that says so.
    pub(super) tools: BTreeMap<Tool, &'static str>,
    pub(super) findings: usize,
    pub(super) worst: Option<Severity>,
}

impl Found {
    pub(super) fn look(root: &Path, sources: &[Source]) -> Self {
        let count = |kind: SourceKind| sources.iter().filter(|source| source.kind == kind).count();
        let (dockerfiles, compose_files) = (count(SourceKind::Dockerfile), count(SourceKind::Compose));
        let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        let fixtures: BTreeSet<String> =
            names.iter().filter_map(|name| fixtures_of(below(root, name)?)).map(str::to_owned).collect();
        let tools =
            TOOLS.iter().filter(|(file, _)| root.join(file).exists()).map(|(file, tool)| (*tool, *file));
        Self {
            dockerfiles,
            compose_files,
            other_files: sources.len() - dockerfiles - compose_files,
            fixtures: fixtures.into_iter().collect(),
            tools: tools.collect(),
            ..Self::default()
        }
    }

    pub(super) fn has(&self, tool: Tool) -> bool {
        self.tools.contains_key(&tool)
    }
}

/// The path of a file from a directory.
fn below<'a>(root: &Path, name: &'a str) -> Option<&'a str> {
    let root = discover::name(root);
    if root == "." { Some(name) } else { name.strip_prefix(root.as_str())?.strip_prefix('/') }
}

/// The directory of fixtures that a file lies in.
fn fixtures_of(path: &str) -> Option<&str> {
    let mut end = 0;
    for part in path.split('/') {
        end += part.len();
        if FIXTURES.iter().any(|name| part.eq_ignore_ascii_case(name)) && end < path.len() {
            return Some(&path[..end]);
        }
        end += 1;
    }
    None
}

/// Whether a file lies in one of some directories.
pub(super) fn lies_in(directories: &[String], root: &Path, name: &str) -> bool {
    let Some(path) = below(root, name) else { return false };
    directories
        .iter()
        .any(|directory| path.strip_prefix(directory.as_str()).is_some_and(|rest| rest.starts_with('/')))
}

/// Compose files of one directory that are judged each by itself although their names say that one lies over another:
/// `compose.yaml` and `compose.prod.yaml`, as they are called from `root`.
pub(super) fn overlays(root: &Path, sources: &[Source], files: &dyn Files) -> Vec<Vec<String>> {
    let compose = sources.iter().filter(|source| source.kind == SourceKind::Compose);
    let names: Vec<String> = compose.map(|source| source.name.clone()).collect();
    let projects = group(&names, files);
    let mut by_directory: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for project in &projects {
        let Some(first) = project.files.first() else { continue };
        by_directory.entry(directory(first)).or_default().push(project.files.clone());
    }
    let mut found = Vec::new();
    for projects in by_directory.into_values() {
        let Some(base) = projects.iter().find(|files| files.first().is_some_and(|file| is_base(file))) else {
            continue;
        };
        for overlay in
            projects.iter().filter(|files| *files != base && files.len() == 1 && is_overlay(&files[0]))
        {
            // The override that Compose adds by itself is not added beside files that are named.
            let both = [&base[0], &overlay[0]].map(|file| below(root, file).unwrap_or(file).to_owned());
            found.push(both.to_vec());
        }
    }
    found
}

fn stem(file: &str) -> &str {
    let name = file_name(file);
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name)
}

fn is_base(file: &str) -> bool {
    matches!(stem(file), "compose" | "docker-compose")
}

fn is_overlay(file: &str) -> bool {
    let stem = stem(file);
    let rest = stem.strip_prefix("docker-compose").or_else(|| stem.strip_prefix("compose"));
    rest.is_some_and(|rest| rest.starts_with(['.', '-', '_']))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn fixtures_are_found_by_the_name_of_a_directory() {
        for (path, directory) in [
            ("tests/fixtures/a/Dockerfile", Some("tests/fixtures")),
            ("testdata/compose.yaml", Some("testdata")),
            ("fixtures", None),
            ("web/Dockerfile", None),
            ("my-fixtures/Dockerfile", None),
        ] {
            assert_eq!(fixtures_of(path), directory, "{path}");
        }
        assert!(lies_in(&["a/testdata".to_owned()], Path::new("x"), "x/a/testdata/Dockerfile"));
        assert!(!lies_in(&["a/testdata".to_owned()], Path::new("x"), "x/a/testdata2/Dockerfile"));
    }

    #[test]
    fn overlays_lie_over_the_file_that_compose_finds() {
        let source = |name: &str| Source::new(name, SourceKind::Compose, None);
        let sources =
            ["compose.yaml", "compose.override.yaml", "compose.prod.yaml", "web/stack.yml"].map(source);
        let files: BTreeMap<String, String> =
            sources.iter().map(|source| (source.name.clone(), String::new())).collect();
        assert_eq!(
            overlays(Path::new("."), &sources, &files),
            [["compose.yaml", "compose.prod.yaml"].map(str::to_owned)]
        );
    }
}
