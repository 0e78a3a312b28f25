//! From files to one tree: Compose's pipeline, file by file.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lint_parser::compose::lower::{LowerError, lower};
use lint_parser::compose::value::{Entry, Mapping, Origin, SourceId, Value, ValueKind};
use lint_parser::interpolation::VariableUse;
use lint_parser::text::source::SourceFile;

use crate::files::FileError;
use crate::model::project::declared;
use crate::model::project::fault::{About, Fault, Note};
use crate::model::project::merge::Merger;
use crate::model::project::merge::marks::Sweep;
use crate::model::project::merge::spot::Spot;
use crate::model::project::merge::unique::Uniqueness;
use crate::model::project::sources::Sources;
use crate::model::project::variables::{Environment, VariablesFiles};

/// How many times files are loaded for one project, so that files that include each other in ever new ways
/// come to an end. Real projects have a few dozen.
pub(super) const MAX_LOADS: usize = 1000;

/// How many values may be copied by merging. A thousand services that each add an element to an inherited list
/// of a thousand come to a million; small hostile files could come to billions.
const MAX_COPIES: usize = 2_000_000;

/// How many times the files so far are checked: more than people have files, and few enough for each of a hundred
/// documents to be large.
const MAX_CHECKS: usize = 32;

/// How deep includes and `extends` may be nested.
pub(super) const MAX_DEPTH: usize = 64;

/// Reads a text by name: what the linter was given, then other files.
pub(super) type Read<'a> = &'a dyn Fn(&str) -> Result<SourceFile, FileError>;

/// Everything that is known while a project is loaded.
pub(super) struct Loader<'a> {
    pub(super) read: Read<'a>,
    pub(super) sources: Sources,
    pub(super) faults: Vec<Fault>,
    pub(super) notes: Vec<Note>,
    /// The variables in the files, each as often as it is written and for each environment it is replaced from.
    pub(super) uses: Vec<(SourceId, VariableUse)>,
    noted: HashSet<(String, String)>,
    /// For each service of the project, the keys it has in the files that made it and the places it is taken
    /// from.
    pub(super) keys: HashMap<Arc<str>, Vec<Origin>>,
    /// Services of which a part could not be read.
    pub(super) incomplete: HashSet<Arc<str>>,
    /// Whether a whole file could not be read, so that what it declares is not known.
    pub(super) opaque: bool,
    /// The files that `include` brought in.
    pub(super) included: HashSet<String>,
    /// The files that `extends` takes services from.
    pub(super) extended: HashSet<String>,
    /// What is wrong with the form of attributes in those files, unless something else says so too.
    pub(super) misshapen: Vec<Fault>,
    /// The documents of each text, with the variables of one environment replaced.
    documents: HashMap<(SourceId, usize), Vec<Arc<Value>>>,
    /// The documents of each text as they are written.
    pub(super) raw: HashMap<SourceId, Vec<Arc<Value>>>,
    /// The project's own variables.
    pub(super) variables: Arc<Environment>,
    /// How many environments there are.
    pub(super) environments: usize,
    pub(super) variables_files: VariablesFiles,
    /// Lines of files of variables that were read again.
    pub(super) reread: usize,
    /// Whether a variable that nothing sets is empty for good: somebody asks what Compose makes of the project
    /// here and now.
    pub(super) settled: bool,
    /// Values copied by merging.
    copied: usize,
    loads: usize,
    /// How many times what the files so far make was checked.
    checks: usize,
}

/// What a file is loaded in.
#[derive(Clone)]
pub(super) struct Context {
    /// Where relative paths start from.
    pub(super) directory: String,
    /// What variables are replaced with.
    pub(super) environment: Arc<Environment>,
    /// The files that are being included, outermost first.
    pub(super) including: Vec<String>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(read: Read<'a>, settled: bool) -> Self {
        Self {
            read,
            sources: Sources::default(),
            faults: Vec::new(),
            notes: Vec::new(),
            uses: Vec::new(),
            noted: HashSet::new(),
            keys: HashMap::new(),
            incomplete: HashSet::new(),
            opaque: false,
            included: HashSet::new(),
            extended: HashSet::new(),
            misshapen: Vec::new(),
            documents: HashMap::new(),
            raw: HashMap::new(),
            variables: Arc::default(),
            environments: 0,
            variables_files: HashMap::new(),
            reread: 0,
            settled,
            copied: 0,
            loads: 0,
            checks: 0,
        }
    }

    /// The files of a project as one tree. A file that cannot be read is left out.
    pub(super) fn project(&mut self, files: &[(String, Option<Origin>)], context: &Context) -> Arc<Value> {
        let mut project: Option<Arc<Value>> = None;
        for (file, wanted) in files {
            let source = match self.open(file, &context.directory) {
                Ok(source) => source,
                Err(error) => {
                    self.failed(file, error, *wanted, About::Include, None);
                    continue;
                }
            };
            for document in self.documents(source, &context.environment) {
                // The whole of it is checked when it is complete.
                if let Some(project) = &project {
                    self.check(project);
                }
                project = self.add(project, &document, file, context);
            }
        }
        project.unwrap_or_else(|| {
            let kind = ValueKind::Mapping(Mapping::default());
            Arc::new(Value { origin: Origin::default(), kind, mark: None })
        })
    }

    /// A document with its includes below it and its services extended, over what there is so far.
    fn add(
        &mut self,
        project: Option<Arc<Value>>,
        document: &Arc<Value>,
        file: &str,
        context: &Context,
    ) -> Option<Arc<Value>> {
        let ValueKind::Mapping(mapping) = &document.kind else {
            self.opaque = true;
            let message = "top-level object must be a mapping";
            self.faults.push(Fault::new(About::Schema, document.origin, message));
            return project;
        };
        self.collect_keys(mapping);
        let document = self.include(document, file, context);
        let document = self.extend(&document, context);
        let merged = match project {
            Some(project) => self.merge(&project, &document, Spot::Root, &[], None),
            None => document,
        };
        let swept = Sweep::default().sweep(&merged).unwrap_or(merged);
        Some(Uniqueness::new(&self.sources, &context.directory, &self.extended).enforce(&swept, Spot::Root))
    }

    /// Checks what the files so far make of the project, as Compose does after each: a wrong type is refused even
    /// where a later file corrects it.
    pub(super) fn check(&mut self, project: &Value) {
        self.checks += 1;
        if self.checks > MAX_CHECKS {
            return;
        }
        let errors = lower(project).errors.into_iter().filter(|error| !error.is_late).collect();
        self.refuse(errors, project);
    }

    /// Checks an included project, before the one that includes it is laid over it.
    pub(super) fn check_included(&mut self, project: &Value) {
        self.checks += 1;
        if self.checks > MAX_CHECKS {
            return;
        }
        let lowered = lower(project);
        let errors = lowered.errors.into_iter().filter(|error| !error.is_late).collect();
        self.refuse(errors, project);
        declared::check(&lowered.project, project, &mut self.faults);
    }

    /// Makes faults of what is wrong in the tree of a project.
    pub(super) fn refuse(&mut self, errors: Vec<LowerError>, project: &Value) {
        let names = service_names(project);
        for error in errors {
            let mut fault = Fault::new(About::Schema, error.origin, error.message);
            fault.help = error.help;
            fault.service = service_of(&error.path, &names).map(str::to_owned);
            self.faults.push(fault);
        }
    }

    /// Remembers where each service is named.
    fn collect_keys(&mut self, document: &Mapping) {
        let Some(services) = document.get("services") else { return };
        let ValueKind::Mapping(services) = &services.value.kind else { return };
        for entry in &services.entries {
            let keys = self.keys.entry(Arc::clone(&entry.key)).or_default();
            keys.push(entry.key_origin);
            keys.extend(entry.via);
        }
    }

    /// Merges two values; what does not fit becomes a fault.
    pub(super) fn merge(
        &mut self,
        base: &Arc<Value>,
        over: &Arc<Value>,
        spot: Spot,
        path: &[&str],
        via: Option<Origin>,
    ) -> Arc<Value> {
        if self.copied > MAX_COPIES {
            return Arc::clone(over);
        }
        let mut merger = Merger::new(via);
        let merged = merger.merge(base, over, spot, path);
        self.copied = self.copied.saturating_add(merger.copied);
        if self.copied > MAX_COPIES {
            self.opaque = true;
            let message = "not merged any further: the project has grown too large";
            self.note(Some(over.origin), &path.join("."), message);
        }
        for mismatch in merger.mismatches {
            let message =
                format!("cannot override {}: it is a {}", mismatch.path.join("."), mismatch.expected);
            let fault = Fault::new(About::Override, mismatch.over, message)
                .with_label(mismatch.base, format!("the {} it overrides", mismatch.expected));
            let service = match mismatch.path.as_slice() {
                [section, service, ..] if &**section == "services" => Some(service),
                _ => None,
            };
            self.faults.push(match service {
                Some(service) => fault.of(service),
                None => fault,
            });
        }
        merged
    }

    /// A text, by its path.
    pub(super) fn open(&mut self, path: &str, directory: &str) -> Result<SourceId, FileError> {
        self.loads += 1;
        if self.loads > MAX_LOADS {
            let message = format!("not read: the project loads more than {MAX_LOADS} files");
            return Err(FileError::Unreadable(message));
        }
        if let Some(source) = self.sources.find(path, directory) {
            return Ok(source);
        }
        (self.read)(path).map(|file| self.sources.add(file, path, directory))
    }

    /// Says why a text could not be read: what is not there Compose refuses to do without.
    pub(super) fn failed(
        &mut self,
        path: &str,
        error: FileError,
        wanted: Option<Origin>,
        about: About,
        service: Option<&str>,
    ) {
        self.opaque |= about == About::Include;
        match (error, wanted) {
            (FileError::NotFound, Some(origin)) => {
                let message = match about {
                    About::EnvironmentFile => format!("env file {path} not found"),
                    _ => format!("{path}: no such file"),
                };
                let mut fault = Fault::new(about, origin, message);
                fault.service = service.map(str::to_owned);
                self.faults.push(fault);
            }
            (error @ FileError::NotAFile, Some(origin)) if about == About::Include => {
                self.faults.push(Fault::new(about, origin, format!("{path}: {error}")));
            }
            (error, _) => self.note(wanted, path, error.to_string()),
        }
    }

    /// Says once what could not be read.
    pub(super) fn note(&mut self, origin: Option<Origin>, file: &str, message: impl Into<String>) {
        let message = message.into();
        if self.noted.insert((file.to_owned(), message.clone())) {
            self.notes.push(Note { origin, file: file.to_owned(), message });
        }
    }

    /// The documents of a text, variables replaced.
    pub(super) fn documents(&mut self, source: SourceId, environment: &Environment) -> Vec<Arc<Value>> {
        let key = (source, environment.id());
        if let Some(documents) = self.documents.get(&key) {
            return documents.clone();
        }
        let documents = self.interpolated(source, environment);
        self.documents.insert(key, documents.clone());
        documents
    }
}

fn service_names(project: &Value) -> HashSet<&str> {
    match project.get("services").map(|section| &section.value.kind) {
        Some(ValueKind::Mapping(mapping)) => mapping.entries.iter().map(|entry| &*entry.key).collect(),
        _ => HashSet::new(),
    }
}

/// The service a path such as `services.web.ports.0` leads into. A name may hold dots: `services.db.v2.image`.
fn service_of<'p>(path: &'p str, names: &HashSet<&str>) -> Option<&'p str> {
    let rest = path.strip_prefix("services.")?;
    let dots = rest.match_indices('.').map(|(at, _)| at).chain([rest.len()]);
    dots.filter_map(|end| rest.get(..end)).find(|name| names.contains(name))
}

/// A copy of a mapping without one of its entries.
pub(super) fn without(value: &Value, key: &str) -> Arc<Value> {
    let kind = match &value.kind {
        ValueKind::Mapping(mapping) => {
            let entries = mapping.entries.iter().filter(|entry| &*entry.key != key).cloned().collect();
            ValueKind::Mapping(Mapping { entries })
        }
        kind => kind.clone(),
    };
    Arc::new(Value { origin: value.origin, kind, mark: value.mark })
}

/// A copy of a mapping with the value of one of its entries replaced.
pub(super) fn with(value: &Value, key: &str, new: Arc<Value>) -> Arc<Value> {
    let kind = match &value.kind {
        ValueKind::Mapping(mapping) => {
            let replace = |entry: &Entry| match &*entry.key == key {
                true => Entry { value: Arc::clone(&new), ..entry.clone() },
                false => entry.clone(),
            };
            ValueKind::Mapping(Mapping { entries: mapping.entries.iter().map(replace).collect() })
        }
        kind => kind.clone(),
    };
    Arc::new(Value { origin: value.origin, kind, mark: value.mark })
}

/// A text that names something, if it can be said what.
pub(super) fn known_text(value: &Value) -> Option<&str> {
    use lint_parser::compose::value::Certainty;
    let scalar = value.as_scalar()?;
    (scalar.certainty != Certainty::Unknown).then(|| scalar.text.text())
}
