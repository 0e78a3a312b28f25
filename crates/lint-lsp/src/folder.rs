//! A folder of the workspace: what is in it, by which settings it is judged, and the session that does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use lint_core::kind::{self, NameSays};
use lint_core::session::Session;
use lint_core::{FileError, Files, InGit, Linter, Source, SourceKind};
use lint_disk::config_files::{ConfigFiles, NAMES, user_file};
use lint_disk::configure::{linter, read_baseline};
use lint_disk::discover::{Inputs, Search, Wanted, name_in};
use lint_disk::disk::Disk;
use lint_disk::git_state::GitState;
use lint_disk::roots::Roots;

use crate::Environment;
use crate::documents::Document;
use crate::settings::Settings;

/// A folder of the workspace, or what stands in for one where a document is in none.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Where it lies; empty for documents that lie nowhere.
    pub(crate) path: PathBuf,
    /// Whether nobody opened it: only documents count, and nothing is searched.
    pub(crate) is_loose: bool,
    pub(crate) session: Session,
    configs: ConfigFiles,
    /// What a search has found.
    found: BTreeMap<String, SourceKind>,
    /// What may call Docker, as the session's window lists it.
    scripts: Arc<RwLock<Vec<String>>>,
    /// The documents that are open, and what configuration says of each.
    open: BTreeMap<String, Configured>,
    /// The sources.
    kinds: BTreeMap<String, SourceKind>,
    needs_search: bool,
}

/// What configuration says of a file.
#[derive(Clone, Copy, Debug, Default)]
struct Configured {
    kind: Option<SourceKind>,
    is_excluded: bool,
}

/// The disk, and the list of what may call Docker.
struct Window {
    disk: Disk,
    scripts: Arc<RwLock<Vec<String>>>,
}

impl Files for Window {
    fn read(&self, path: &str) -> Result<String, FileError> {
        // A document that lies nowhere has nothing beside it.
        if self.disk.here.as_os_str().is_empty() { Err(FileError::NotFound) } else { self.disk.read(path) }
    }

    fn exists(&self, path: &str) -> bool {
        !self.disk.here.as_os_str().is_empty() && self.disk.exists(path)
    }

    fn is_link(&self, path: &str) -> bool {
        self.disk.is_link(path)
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        if self.disk.here.as_os_str().is_empty() { None } else { self.disk.in_git(path) }
    }

    fn list(&self, directory: &str) -> Vec<String> {
        if self.disk.here.as_os_str().is_empty() { Vec::new() } else { self.disk.list(directory) }
    }

    fn scripts(&self) -> Vec<String> {
        self.scripts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Folder {
    /// A folder that is still to be searched.
    pub(crate) fn new(path: PathBuf, is_loose: bool) -> Self {
        let scripts = Arc::new(RwLock::new(Vec::new()));
        let roots = Roots::from(&path, [path.as_path()]);
        let disk =
            Disk { here: path.clone(), only: None, roots, scripts: Vec::new(), git: GitState::default() };
        let window = Window { disk, scripts: Arc::clone(&scripts) };
        Self {
            session: Session::new(Linter::default(), Box::new(window)),
            configs: ConfigFiles::none(path.clone()),
            path,
            is_loose,
            found: BTreeMap::new(),
            scripts,
            open: BTreeMap::new(),
            kinds: BTreeMap::new(),
            needs_search: true,
        }
    }

    /// What a path is called in this folder.
    pub(crate) fn name(&self, key: &str) -> String {
        if self.path.as_os_str().is_empty() { key.to_owned() } else { name_in(&self.path, Path::new(key)) }
    }

    /// The path of a name, as documents are known by it.
    pub(crate) fn key(&self, name: &str) -> String {
        if self.path.as_os_str().is_empty() {
            return name.to_owned();
        }
        self.path.join(name).to_string_lossy().replace('\\', "/")
    }

    /// Looks for files and configuration again before anything is judged.
    pub(crate) fn search_again(&mut self) {
        self.needs_search = true;
    }

    /// Whether there is something to do.
    pub(crate) fn is_due(&self) -> bool {
        self.needs_search || !self.session.is_judged()
    }

    /// Looks for files and configuration, where that is due. What is wrong is said, a line for each.
    pub(crate) fn search(
        &mut self,
        settings: &Settings,
        environment: &Environment,
        document: &dyn Fn(&str) -> Option<Document>,
    ) -> Vec<String> {
        if !std::mem::take(&mut self.needs_search) {
            return Vec::new();
        }
        let chosen =
            settings.config.as_ref().map(|path| self.path.join(path)).or_else(|| environment.config.clone());
        let isolated = environment.isolated || self.path.as_os_str().is_empty();
        let mut wrong = match ConfigFiles::in_directory(self.path.clone(), chosen.as_deref(), isolated) {
            Ok(configs) => {
                self.configs = configs;
                Vec::new()
            }
            // What was read before stays in force.
            Err(errors) => errors,
        };
        let mut inputs = Inputs::default();
        let wanted = Wanted { here: self.path.clone(), jobs: 1, ..Wanted::default() };
        if !self.is_loose {
            match Search::new(&wanted, &self.configs, std::slice::from_ref(&self.path)) {
                Ok(search) => search.path(&self.path, &mut inputs),
                Err(error) => wrong.push(error),
            }
        }
        self.found = inputs.sources.into_values().map(|source| (source.name, source.kind)).collect();
        inputs.scripts.sort();
        let changed = {
            let mut scripts = self.scripts.write().unwrap_or_else(PoisonError::into_inner);
            let changed = *scripts != inputs.scripts;
            *scripts = inputs.scripts;
            changed
        };
        if changed {
            self.session.callers_changed();
        }
        let names: Vec<String> = self.open.keys().cloned().collect();
        for name in names {
            let configured = self.configured(&name);
            self.open.insert(name, configured);
        }
        self.kinds = self.found.clone();
        for (name, configured) in &self.open {
            self.kinds.remove(name);
            if let Some(document) = document(&self.key(name)) {
                self.kinds.extend(kind(*configured, name, &document).map(|kind| (name.clone(), kind)));
            }
        }
        wrong.extend(self.judge_by(settings, environment));
        self.set_sources();
        wrong
    }

    /// Takes the settings that count now.
    fn judge_by(&mut self, settings: &Settings, environment: &Environment) -> Vec<String> {
        let sources: Vec<Source> = self.kinds.iter().map(|(name, kind)| Source::path(name, *kind)).collect();
        let made = linter(sources.iter(), &self.configs, &settings.options, |settings| settings.jobs = 1);
        let mut wrong = self.configs.errors();
        // Nothing is judged by settings that are not what somebody wrote: those before stay, or those that come with it.
        let made = match made {
            Ok(made) if wrong.is_empty() => made,
            Ok(_) => return wrong,
            Err(error) => return vec![error],
        };
        let mut baselines: Vec<PathBuf> = sources
            .iter()
            .filter_map(|source| self.configs.of_file(Path::new(&source.name))?.baseline())
            .collect();
        baselines.sort();
        baselines.dedup();
        let mut made = made;
        for path in baselines {
            match read_baseline(&self.path, &path, false) {
                Ok(baseline) => made = made.with_baseline(baseline),
                Err(error) => wrong.push(error),
            }
        }
        if let Some(script_linter) = &environment.script_linter {
            made = made.with_script_linter(Arc::clone(script_linter));
        }
        self.session.set_linter(made);
        wrong
    }

    fn set_sources(&mut self) {
        self.session.set_sources(self.kinds.iter().map(|(name, kind)| Source::path(name, *kind)));
    }

    /// A document has another text now.
    pub(crate) fn edit(&mut self, key: &str, document: &Document) {
        let name = self.name(key);
        self.session.open(&name, document.text.clone());
    }

    /// A document of this folder was opened, or has another text now: what it is may have changed. Whether it did.
    pub(crate) fn classify(&mut self, key: &str, document: &Document) {
        let name = self.name(key);
        let known = self.open.get(&name).copied();
        let configured = known.unwrap_or_else(|| self.configured(&name));
        self.open.insert(name.clone(), configured);
        let kind = kind(configured, &name, document);
        if self.kinds.get(&name).copied() == kind {
            return;
        }
        match kind {
            Some(kind) => self.kinds.insert(name, kind),
            None => self.kinds.remove(&name),
        };
        // A new file may have a configuration of its own.
        self.needs_search = true;
    }

    /// A document is not open any more.
    pub(crate) fn close(&mut self, key: &str) {
        let name = self.name(key);
        if self.open.remove(&name).is_some() {
            self.needs_search |= self.kinds.get(&name) != self.found.get(&name);
            match self.found.get(&name) {
                Some(kind) => self.kinds.insert(name.clone(), *kind),
                None => self.kinds.remove(&name),
            };
            self.set_sources();
        }
        self.session.close(&name);
        self.session.tidy();
    }

    pub(crate) fn has_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The sources.
    pub(crate) fn kinds(&self) -> &BTreeMap<String, SourceKind> {
        &self.kinds
    }

    /// The names of the configuration files that count for a file, the last word first.
    pub(crate) fn configured_by(&self, name: &str) -> Vec<String> {
        let config = self.configs.of_file(Path::new(name));
        let files = config.iter().flat_map(|config| config.files.iter().rev());
        files.map(|file| file.source.name().to_owned()).collect()
    }

    /// Where a new baseline goes.
    pub(crate) fn baseline(&self) -> PathBuf {
        let configured = self.configs.of_directory(&self.path).and_then(|config| config.baseline());
        configured.unwrap_or_else(|| self.path.join("plimsoll-baseline.json"))
    }

    fn configured(&self, name: &str) -> Configured {
        if self.path.as_os_str().is_empty() {
            return Configured::default();
        }
        let path = self.path.join(name);
        let config = self.configs.of_file(&path);
        let config = config.as_deref();
        Configured {
            kind: config.and_then(|config| config.kind(&path)),
            is_excluded: config.is_some_and(|config| config.excludes(&path, false)),
        }
    }
}

/// What an open document is, if it is one of ours: what somebody has said, else what its name says, else its text, and where
/// both say nothing the language that the editor has for it.
fn kind(configured: Configured, name: &str, document: &Document) -> Option<SourceKind> {
    if configured.is_excluded {
        return None;
    }
    let path = Path::new(name);
    let text = document.text.as_str();
    let said = match document.language.to_ascii_lowercase().as_str() {
        "dockerfile" | "containerfile" => Some(SourceKind::Dockerfile),
        "dockercompose" | "docker-compose" | "yaml.docker-compose" => Some(SourceKind::Compose),
        _ => None,
    };
    let file_name = lint_core::path::file_name(name);
    configured.kind.or_else(|| match kind::by_name(path) {
        NameSays::Kind(kind) => kind::lacks(kind, file_name, text).is_none().then_some(kind),
        NameSays::MayStart(kind) => kind::starts(kind, text).then_some(kind).or(said),
        NameSays::Perhaps { .. } => {
            said.or_else(|| kind::by_text(text).filter(|kind| kind::may_be(path, *kind)))
        }
        NameSays::Unknown => said,
        NameSays::Never | NameSays::Template(_) => None,
    })
}

/// Whether a change of this file may change which files there are, or by which settings they are judged.
pub(crate) fn is_telling(key: &str) -> bool {
    let name = lint_core::path::file_name(key);
    NAMES.contains(&name)
        || matches!(name, ".gitignore" | ".ignore" | "plimsoll-baseline.json")
        || user_file().is_some_and(|file| file == Path::new(key))
}

/// Whether a file may be one of ours.
pub(crate) fn may_be_ours(key: &str) -> bool {
    !matches!(kind::by_name(Path::new(key)), NameSays::Never | NameSays::Unknown)
        || lint_core::path::may_call(key)
}
