//! Other projects that a file brings in.
//!
//! What both declare is merged, the including file over the included one, as Compose has done since version 5;
//! versions before refuse it unless the two are equal.

use std::sync::Arc;

use lint_parser::compose::value::{Entry, Mapping, Origin, Value, ValueKind};

use crate::files::join;
use crate::model::project::fault::{About, Fault};
use crate::model::project::loader::{Context, Loader, MAX_DEPTH, known_text, without};
use crate::model::project::merge::spot::Spot;
use crate::model::project::paths::{is_remote, parent, subdirectory};

/// What an included project adds to the one that includes it.
const RESOURCES: [&str; 6] = ["services", "volumes", "networks", "secrets", "configs", "models"];

/// An element of `include`.
struct Include {
    /// The element.
    origin: Origin,
    /// Files, the first of which is the main one.
    paths: Vec<(String, Origin)>,
    project_directory: Option<String>,
    environment_files: Vec<(String, Origin)>,
}

impl Loader<'_> {
    /// The document merged over everything it includes.
    pub(super) fn include(&mut self, document: &Arc<Value>, file: &str, context: &Context) -> Arc<Value> {
        let Some(entry) = document.get("include") else { return Arc::clone(document) };
        let own = without(document, "include");
        let items = match &entry.value.kind {
            ValueKind::Sequence(items) => items,
            ValueKind::Null => return own,
            _ => {
                let message = "`include` must be a list";
                self.refuse_include(entry.value.origin, message);
                return own;
            }
        };
        let mut including = context.including.clone();
        including.push(file.to_owned());
        if including.len() > MAX_DEPTH {
            self.opaque = true;
            let message = format!("not read: includes are nested more than {MAX_DEPTH} deep");
            self.note(Some(entry.value.origin), file, message);
            return own;
        }
        let mut included: Option<Arc<Value>> = None;
        for item in items.iter().filter(|item| !matches!(item.kind, ValueKind::Null)) {
            let Some(include) = self.read_include(item) else { continue };
            let Some(project) = self.included(&include, context, &including) else { continue };
            included = Some(match included {
                Some(before) => self.merge(&before, &project, Spot::Root, &[], None),
                None => project,
            });
        }
        match included {
            Some(included) => self.merge(&included, &own, Spot::Root, &[], None),
            None => own,
        }
    }

    /// The resources of one included project.
    fn included(&mut self, include: &Include, context: &Context, including: &[String]) -> Option<Arc<Value>> {
        let paths: Vec<(String, Option<Origin>)> = include
            .paths
            .iter()
            .map(|(path, origin)| (join(&context.directory, path), Some(*origin)))
            .collect();
        let (main, origin) = paths.first()?;
        if including.contains(main) {
            let circle: Vec<&str> = including.iter().map(String::as_str).chain([main.as_str()]).collect();
            let message = format!("files include each other in a circle: {}", circle.join(" includes "));
            self.faults.push(Fault::new(About::Include, origin.unwrap_or_default(), message));
            return None;
        }
        let directory = match &include.project_directory {
            Some(directory) => subdirectory(&context.directory, directory),
            None => parent(main),
        };
        let files: Vec<(String, Option<Origin>)> = match include.environment_files.is_empty() {
            true => vec![(join(&directory, ".env"), None)],
            false => include
                .environment_files
                .iter()
                .map(|(path, origin)| (join(&context.directory, path), Some(*origin)))
                .collect(),
        };
        let environment = self.environment(&files, &directory, &context.environment);
        let context = Context { directory, environment, including: including.to_vec() };
        let project = self.project(&paths, &context);
        self.check_included(&project);
        self.included.extend(paths.into_iter().map(|(path, _)| path));
        Some(resources(&project, include.origin))
    }

    fn read_include(&mut self, item: &Arc<Value>) -> Option<Include> {
        let mut include = Include {
            origin: item.origin,
            paths: Vec::new(),
            project_directory: None,
            environment_files: Vec::new(),
        };
        match &item.kind {
            ValueKind::Scalar(_) => include.paths = self.paths(item, "path")?,
            ValueKind::Mapping(mapping) => {
                let Some(path) = mapping.get("path") else {
                    let message = "an `include` needs a `path`";
                    self.refuse_include(item.origin, message);
                    return None;
                };
                include.paths = self.paths(&path.value, "path")?;
                if let Some(directory) = mapping.get("project_directory") {
                    if matches!(directory.value.kind, ValueKind::Sequence(_)) {
                        let message = "`project_directory` of an `include` must be a string";
                        self.refuse_include(directory.value.origin, message);
                        return None;
                    }
                    let directory = self.paths(&directory.value, "project_directory")?.into_iter().next();
                    include.project_directory =
                        directory.map(|(path, _)| path).filter(|path| !path.is_empty());
                }
                if let Some(files) = mapping.get("env_file") {
                    include.environment_files = self.paths(&files.value, "env_file")?;
                }
            }
            _ => {
                let message = "an `include` must be a path or a mapping";
                self.refuse_include(item.origin, message);
                return None;
            }
        }
        Some(include)
    }

    /// Refuses an `include`. What it would have brought in is not known then.
    fn refuse_include(&mut self, origin: Origin, message: impl Into<String>) {
        self.opaque = true;
        self.faults.push(Fault::new(About::Include, origin, message));
    }

    /// One path or several. `None` when one of them cannot be followed.
    fn paths(&mut self, value: &Arc<Value>, key: &str) -> Option<Vec<(String, Origin)>> {
        let values = match &value.kind {
            ValueKind::Sequence(items) => items.as_slice(),
            ValueKind::Null => return Some(Vec::new()),
            _ => std::slice::from_ref(value),
        };
        let mut paths = Vec::with_capacity(values.len());
        for value in values {
            if value.as_scalar().is_none() {
                let message = format!("`{key}` of an `include` must be a string or a list of strings");
                self.refuse_include(value.origin, message);
                return None;
            }
            let message = match known_text(value) {
                Some(path) if is_remote(path) => "not read: it would have to be fetched",
                Some(path) => {
                    paths.push((path.to_owned(), value.origin));
                    continue;
                }
                None => "not followed: it depends on a variable that nothing sets",
            };
            self.opaque = true;
            let path = value.as_scalar().map(|scalar| scalar.text.text().to_owned()).unwrap_or_default();
            self.note(Some(value.origin), &path, message);
            return None;
        }
        Some(paths)
    }
}

/// What a project declares, each taken from the `include`.
fn resources(project: &Value, via: Origin) -> Arc<Value> {
    let mut entries = Vec::new();
    for name in RESOURCES {
        let Some(section) = project.get(name) else { continue };
        let ValueKind::Mapping(mapping) = &section.value.kind else { continue };
        let taken = mapping.entries.iter().map(|entry| Entry { via: Some(via), ..entry.clone() });
        let kind = ValueKind::Mapping(Mapping { entries: taken.collect() });
        let value = Value { origin: section.value.origin, kind, mark: None };
        entries.push(Entry { value: Arc::new(value), ..section.clone() });
    }
    let kind = ValueKind::Mapping(Mapping { entries });
    Arc::new(Value { origin: project.origin, kind, mark: None })
}
