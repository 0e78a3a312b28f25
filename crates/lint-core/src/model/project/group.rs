//! Which of the files somebody named make one project.

use std::collections::{BTreeMap, HashMap, HashSet};

use lint_parser::dotenv;
use lint_parser::interpolation::Certainty;

use crate::files::{Files, directory, file_name, join};
use crate::settings::Settings;

/// What Compose looks for in a directory, in its order of preference.
const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// What Compose adds to whichever of [`BASES`] it found.
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// The files of one project.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ProjectFiles {
    /// The files, each overriding those before it; relative paths start from the directory of the first.
    pub files: Vec<String>,
    /// A file that [`ProjectFiles::files`] may have been written to override: it joins the project, as the
    /// first file, when they are incomplete without it.
    pub base: Option<String>,
    /// The file that Compose finds in the directory in place of the first of these, which has one of the names it
    /// looks for as well.
    pub shadowed_by: Option<String>,
    /// Files of variables that take the place of the `.env` beside the project, as `docker compose --env-file` names
    /// them; the later wins. Relative to where [`Files`] begins. Empty when the `.env` counts.
    pub env_files: Vec<String>,
    /// The project's directory, as `--project-directory` names it, where it is not that of the first file; empty for the
    /// one that names start from.
    pub directory: Option<String>,
    /// Variables that whoever starts the project sets; they win over its `.env`.
    pub environment: BTreeMap<String, String>,
    /// The profiles that are enabled: services of others are not judged. All are where none is named.
    pub profiles: Vec<String>,
    /// Lists of files, the first of this project's before others, that are started together besides: what the others use
    /// of this project is used.
    pub overlays: Vec<Vec<String>>,
    /// The name of the project's directory, which is the project's where nothing else names it. Told where the paths of
    /// the files do not hold it, since they are relative to that directory.
    pub directory_name: Option<String>,
}

impl ProjectFiles {
    /// The files that `docker compose -f a -f b` would be given.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { files: files.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

/// Pairs the Compose files somebody named with those that Compose would load together with them.
///
/// In each directory the file Compose finds by itself gets the override Compose adds by itself, whether or not
/// both were named; unless `COMPOSE_FILE` in the directory's `.env` lists the files. A named override without such a base belongs to the file of its own name. Every other
/// file is a project of its own, and may turn out to be an overlay ([`ProjectFiles::base`]). Each project comes where the first of its files is named.
///
/// ```
/// use lint_core::NoFiles;
/// use lint_core::project::group;
///
/// let names = ["compose.yaml", "compose.override.yaml", "other.yaml"].map(str::to_owned);
/// let projects = group(&names, &NoFiles);
/// assert_eq!(projects[0].files, ["compose.yaml", "compose.override.yaml"]);
/// assert_eq!(projects[1].files, ["other.yaml"]);
/// ```
#[must_use]
pub fn group(names: &[String], files: &dyn Files) -> Vec<ProjectFiles> {
    let named: HashSet<&str> = names.iter().map(String::as_str).collect();
    let exists = |path: &str| named.contains(path) || files.exists(path);
    let mut taken: HashSet<String> = HashSet::new();
    let mut projects = Vec::new();
    for name in names {
        if taken.contains(name) {
            continue;
        }
        let mut project = listed(name, files).unwrap_or_else(|| project_of(name, &exists));
        // An override that `COMPOSE_FILE` leaves out overrides nothing by itself.
        let base = project.files.first().filter(|base| *base != name && listed(base, files).is_some());
        if let Some(base) = base.filter(|_| listed(name, files).is_none()).cloned() {
            project = ProjectFiles { files: vec![name.clone()], base: Some(base), ..ProjectFiles::default() };
        }
        taken.extend(project.files.iter().cloned());
        projects.push(project);
    }
    projects
}

/// The projects that the settings declare ([`Settings::projects`]) and that have one of the named files.
#[must_use]
pub fn declared(names: &[String], settings: &Settings) -> Vec<ProjectFiles> {
    if settings.projects.is_empty() {
        return Vec::new();
    }
    let absolute = |file: &str| join(&settings.working_directory, file);
    let known: HashMap<String, &String> = names.iter().map(|name| (absolute(name), name)).collect();
    // A file that was not named keeps a short name where it can.
    let below = format!("{}/", settings.working_directory);
    let name = |file: &String| match known.get(file) {
        Some(name) => (*name).clone(),
        None => file.strip_prefix(&below).unwrap_or(file).to_owned(),
    };
    let mut projects = Vec::new();
    for project in &settings.projects {
        let files: Vec<String> = project.files.iter().map(|file| absolute(file)).collect();
        if files.iter().any(|file| known.contains_key(file)) {
            let directory = project.directory.as_ref().map(|directory| {
                let directory = absolute(directory);
                let is_here = directory == settings.working_directory || directory == ".";
                if is_here { String::new() } else { name(&directory) }
            });
            projects.push(ProjectFiles {
                directory,
                profiles: project.profiles.clone(),
                environment: project.environment.clone(),
                ..ProjectFiles::new(files.iter().map(name))
            });
        }
    }
    projects
}

/// The file Compose finds by itself in a directory, the current one where it is empty or `.`.
///
/// ```
/// use std::collections::BTreeMap;
/// use lint_core::project::default_file;
///
/// let files = BTreeMap::from([("web/compose.yml".to_owned(), String::new())]);
/// assert_eq!(default_file("web", &files).as_deref(), Some("web/compose.yml"));
/// assert_eq!(default_file("", &files), None);
/// ```
#[must_use]
pub fn default_file(directory: &str, files: &dyn Files) -> Option<String> {
    BASES.iter().map(|file| join(directory, file)).find(|path| files.exists(path))
}

/// The project Compose finds by itself in a directory, the current one where it is empty or `.`: the files that
/// `COMPOSE_FILE` in its `.env` names, or the [`default_file`] with its override.
///
/// ```
/// use std::collections::BTreeMap;
/// use lint_core::project::default_project;
///
/// let files = BTreeMap::from([
///     (".env".to_owned(), "COMPOSE_FILE=base.yml;more.yml\nCOMPOSE_PATH_SEPARATOR=;\n".to_owned()),
///     ("base.yml".to_owned(), String::new()),
/// ]);
/// assert_eq!(default_project("", &files).unwrap().files, ["base.yml", "more.yml"]);
/// assert!(default_project("elsewhere", &files).is_none());
/// ```
#[must_use]
pub fn default_project(directory: &str, files: &dyn Files) -> Option<ProjectFiles> {
    if let Some(paths) = compose_file(directory, files) {
        return Some(ProjectFiles::new(paths));
    }
    let file = default_file(directory, files)?;
    group(&[file], files).into_iter().next()
}

/// The project that the directory's `.env` makes of the file, with other files, by `COMPOSE_FILE`. Compose then adds no
/// override by itself.
fn listed(name: &str, files: &dyn Files) -> Option<ProjectFiles> {
    let paths = compose_file(directory(name), files)?;
    paths.iter().any(|path| path == name).then(|| ProjectFiles::new(paths))
}

/// The files that `COMPOSE_FILE` in the `.env` of a directory names.
fn compose_file(directory: &str, files: &dyn Files) -> Option<Vec<String>> {
    let text = files.read(&join(directory, ".env")).ok()?;
    if !text.contains("COMPOSE_FILE") {
        return None;
    }
    let variables = dotenv::parse(&text, &|_| None).tree;
    let value = |name: &str| {
        let variable = variables.iter().rev().find(|variable| variable.name.value == name)?;
        let is_known = variable.certainty != Certainty::Unknown;
        variable.value.as_ref().filter(|_| is_known).map(|value| value.text())
    };
    let separator = value("COMPOSE_PATH_SEPARATOR").filter(|text| !text.is_empty()).unwrap_or(":");
    let paths = value("COMPOSE_FILE")?.split(separator).map(str::trim).filter(|path| !path.is_empty());
    let paths: Vec<String> = paths.map(|path| join(directory, path)).collect();
    (!paths.is_empty()).then_some(paths)
}

fn project_of(name: &str, exists: &dyn Fn(&str) -> bool) -> ProjectFiles {
    let beside = |file: &str| match directory(name) {
        "" => file.to_owned(),
        "/" => format!("/{file}"),
        directory => format!("{directory}/{file}"),
    };
    let first = |candidates: &[&str]| candidates.iter().map(|file| beside(file)).find(|path| exists(path));
    let found = first(&BASES);
    let added = first(&OVERRIDES);
    if let Some(found) = &found
        && (found == name || added.as_deref() == Some(name))
    {
        return ProjectFiles::new(std::iter::once(found.clone()).chain(added));
    }
    let file = file_name(name);
    let free = |path: &String| exists(path) && (found.is_none() || added.as_ref() != Some(path));
    if BASES.contains(&file) {
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "yaml"));
        let own = ["yml", "yaml", extension].map(|e| beside(&format!("{stem}.override.{e}")));
        let own = own.into_iter().find(free);
        let files = std::iter::once(name.to_owned()).chain(own).collect();
        return ProjectFiles { files, shadowed_by: found, ..ProjectFiles::default() };
    }
    let (stem, _) = file.rsplit_once('.').unwrap_or((file, ""));
    if let Some(stem) = stem.strip_suffix(".override") {
        let base = ["yaml", "yml"].map(|extension| beside(&format!("{stem}.{extension}")));
        if let Some(base) = base.into_iter().find(|path| exists(path)) {
            return ProjectFiles::new([base, name.to_owned()]);
        }
    }
    let base = if is_variant(stem) { family(stem).and_then(first).or(found) } else { found };
    ProjectFiles { files: vec![name.to_owned()], base, ..ProjectFiles::default() }
}

/// Whether Compose looks for a file of that name.
pub(crate) fn is_base(path: &str) -> bool {
    BASES.contains(&file_name(path))
}

/// `compose.prod`, `docker-compose-ci`, `web.compose`.
fn is_variant(stem: &str) -> bool {
    stem.to_ascii_lowercase().split(['.', '_', '-']).any(|part| part == "compose")
}

/// The bases a variant of that name would rather belong to.
fn family(stem: &str) -> Option<&'static [&'static str]> {
    stem.to_ascii_lowercase().contains("docker-compose").then_some(&BASES[2..])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn grouped(names: &[&str], on_disk: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|&n| n.to_owned()).collect();
        let files: BTreeMap<String, String> =
            on_disk.iter().map(|&n| (n.to_owned(), String::new())).collect();
        group(&names, &files)
            .into_iter()
            .map(|p| match p.base {
                Some(base) => format!("{} ({base})", p.files.join(" + ")),
                None => p.files.join(" + "),
            })
            .collect()
    }

    #[test]
    fn compose_pairs_the_first_base_with_the_first_override_of_any_family() {
        assert_eq!(
            grouped(&["a/docker-compose.yml", "a/compose.override.yaml"], &[]),
            ["a/docker-compose.yml + a/compose.override.yaml"]
        );
        assert_eq!(
            grouped(&["compose.override.yml"], &["compose.yaml"]),
            ["compose.yaml + compose.override.yml"]
        );
        assert_eq!(
            grouped(&["compose.yaml"], &["compose.override.yml", "docker-compose.override.yml"]),
            ["compose.yaml + compose.override.yml"]
        );
    }

    #[test]
    fn the_environment_may_list_the_files() {
        let files = |environment: &str| {
            BTreeMap::from([
                (".env".to_owned(), environment.to_owned()),
                ("compose.yaml".to_owned(), String::new()),
            ])
        };
        let names = ["compose.override.yaml", "compose.yaml", "prod.yaml"].map(str::to_owned);
        let of = |environment: &str| -> Vec<Vec<String>> {
            group(&names, &files(environment)).into_iter().map(|project| project.files).collect()
        };
        let apart = [vec!["compose.override.yaml"], vec!["compose.yaml", "prod.yaml"]];
        assert_eq!(of("COMPOSE_FILE=compose.yaml:prod.yaml"), apart);
        assert_eq!(of("COMPOSE_PATH_SEPARATOR=;\nCOMPOSE_FILE='compose.yaml;./prod.yaml'"), apart);
        let usual = [vec!["compose.yaml", "compose.override.yaml"], vec!["prod.yaml"]];
        for environment in ["COMPOSE_FILE=", "COMPOSE_FILE=$FILES", "# COMPOSE_FILE=compose.yaml"] {
            assert_eq!(of(environment), usual, "{environment}");
        }
    }

    #[test]
    fn a_second_base_stands_alone_or_with_the_override_of_its_own_name() {
        assert_eq!(
            grouped(&["compose.yaml", "docker-compose.yml"], &["compose.override.yaml"]),
            ["compose.yaml + compose.override.yaml", "docker-compose.yml"]
        );
        let both = &["compose.override.yaml", "docker-compose.override.yml"];
        assert_eq!(
            grouped(&["docker-compose.yml", "compose.yaml"], both),
            ["docker-compose.yml + docker-compose.override.yml", "compose.yaml + compose.override.yaml"]
        );
    }

    #[test]
    fn files_beside_a_base_may_be_overlays() {
        assert_eq!(
            grouped(&["compose.yaml", "compose.prod.yaml", "web.yaml"], &[]),
            ["compose.yaml", "compose.prod.yaml (compose.yaml)", "web.yaml (compose.yaml)"]
        );
        assert_eq!(
            grouped(&["docker-compose-ci.yml"], &["compose.yaml", "docker-compose.yml"]),
            ["docker-compose-ci.yml (docker-compose.yml)"]
        );
        assert_eq!(grouped(&["prod.override.yml"], &["prod.yml"]), ["prod.yml + prod.override.yml"]);
        assert_eq!(grouped(&["compose.override.yml"], &[]), ["compose.override.yml"]);
    }
}
