//! Everything that the server knows, and whose a document is. What is done with it stands in [`crate::turns`].

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lint_core::syntax::text::source::SourceFile;
use lsp_server::{ErrorCode, Request, RequestId};
use serde_json::Value;

use crate::client::{Client, Weight};
use crate::documents::Documents;
use crate::folder::Folder;
use crate::settings::Settings;
use crate::{Environment, uri};

/// The requests that the client has taken back.
pub(crate) type Cancelled = Arc<Mutex<HashSet<RequestId>>>;

/// Why something is not answered.
pub(crate) type Refusal = (ErrorCode, String);

/// An answer.
pub(crate) type Answer = Result<Value, Refusal>;

/// Everything that the server knows.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) client: Client,
    pub(crate) environment: Environment,
    pub(crate) cancelled: Cancelled,
    pub(crate) settings: Settings,
    pub(crate) documents: Documents,
    pub(crate) folders: Vec<Folder>,
    /// What was asked and not answered yet.
    pub(crate) waiting: Vec<Request>,
    /// Those who want to hear of the whole workspace, and wait for something to change.
    pub(crate) polling: Vec<Request>,
    /// What was told of each file last.
    pub(crate) told: BTreeMap<String, String>,
    /// What was asked of the client: whether the settings are what it is about.
    pub(crate) asked: BTreeMap<RequestId, bool>,
    /// The documents that the client itself has changed since the last time everything was judged.
    pub(crate) edited: BTreeSet<String>,
    pub(crate) stops: usize,
    /// What has been complained of, so that it is said once.
    said: HashSet<String>,
}

impl Worker {
    pub(crate) fn new(
        client: Client,
        environment: Environment,
        cancelled: Cancelled,
        initialize: &Value,
    ) -> Self {
        let mut worker = Self {
            client,
            environment,
            cancelled,
            settings: Settings::default(),
            documents: Documents::default(),
            folders: Vec::new(),
            waiting: Vec::new(),
            polling: Vec::new(),
            told: BTreeMap::new(),
            asked: BTreeMap::new(),
            edited: BTreeSet::new(),
            stops: 0,
            said: HashSet::new(),
        };
        let folders = initialize.get("workspaceFolders").and_then(Value::as_array);
        let uris: Vec<&str> = match folders {
            Some(folders) => folders.iter().filter_map(|folder| folder.get("uri")?.as_str()).collect(),
            None => initialize.get("rootUri").and_then(Value::as_str).into_iter().collect(),
        };
        uris.into_iter().for_each(|uri| worker.add_folder(uri));
        if let Some(options) = initialize.get("initializationOptions") {
            worker.configure(options);
        }
        worker
    }

    /// Has the client ask again for everything.
    pub(crate) fn refresh(&mut self) {
        let able = self.client.abilities;
        let refreshes = [
            (able.refreshes_diagnostics, "workspace/diagnostic/refresh"),
            (able.refreshes_hints, "workspace/inlayHint/refresh"),
            (able.refreshes_lenses, "workspace/codeLens/refresh"),
        ];
        for (_, method) in refreshes.iter().filter(|(able, _)| *able) {
            let id = self.client.ask(method, Value::Null);
            self.asked.insert(id, false);
        }
    }

    /// Tells the user something once.
    pub(crate) fn complain(&mut self, weight: Weight, message: &str) {
        if self.said.insert(message.to_owned()) {
            self.client.show(weight, message);
        }
    }

    pub(crate) fn configure(&mut self, value: &Value) {
        let (settings, wrong) = Settings::read(value);
        wrong.iter().for_each(|wrong| self.complain(Weight::Warning, wrong));
        if settings == self.settings {
            return;
        }
        self.settings = settings;
        for folder in &mut self.folders {
            folder.search_again();
            folder.session.say_everything_again();
        }
        self.refresh();
    }

    pub(crate) fn add_folder(&mut self, uri: &str) {
        let Some(mut path) = uri::path(uri) else { return };
        // Some clients open a file as a folder.
        if path.is_file() {
            path.pop();
        }
        let path: PathBuf = path.components().collect();
        if !self.folders.iter().any(|folder| !folder.is_loose && folder.path == path) {
            self.folders.retain(|folder| {
                !(folder.is_loose && !folder.path.as_os_str().is_empty() && folder.path.starts_with(&path))
            });
            self.folders.push(Folder::new(path, false));
        }
    }

    /// The folder that a document belongs to: the innermost, or one that is made for it.
    pub(crate) fn owner(&mut self, key: &str) -> usize {
        if let Some(at) = self.owner_of(key) {
            return at;
        }
        let path = Path::new(key);
        let path = match path.parent() {
            Some(parent) if path.is_absolute() => parent.to_path_buf(),
            _ => PathBuf::new(),
        };
        self.folders.push(Folder::new(path, true));
        let at = self.folders.len() - 1;
        let open: Vec<_> =
            self.documents.iter().map(|(key, document)| (key.clone(), document.clone())).collect();
        open.iter().for_each(|(key, document)| self.folders[at].edit(key, document));
        at
    }

    pub(crate) fn owner_of(&self, key: &str) -> Option<usize> {
        let path = Path::new(key);
        let holds = |folder: &Folder| {
            if folder.path.as_os_str().is_empty() {
                !path.is_absolute()
            } else {
                path.starts_with(&folder.path)
            }
        };
        let is_own = |folder: &Folder| {
            !folder.is_loose || folder.path.as_os_str().is_empty() || path.parent() == Some(&folder.path)
        };
        let candidates =
            self.folders.iter().enumerate().filter(|(_, folder)| holds(folder) && is_own(folder));
        candidates
            .max_by_key(|(_, folder)| (!folder.is_loose, folder.path.as_os_str().len()))
            .map(|(at, _)| at)
    }

    /// Whether a file is this folder's to tell of, and no inner one's.
    pub(crate) fn owns(&self, folder: usize, name: &str) -> bool {
        self.folders.get(folder).is_some_and(|it| self.owner_of(&it.key(name)) == Some(folder))
    }

    /// The folder, the name and the text of a document that is open.
    pub(crate) fn located(&self, uri: &str) -> Option<(usize, String, SourceFile)> {
        let key = uri::key(uri);
        let folder = self.owner_of(&key)?;
        let name = self.folders.get(folder)?.name(&key);
        let file = self.folders.get(folder)?.session.text(&name)?;
        Some((folder, name, file))
    }

    /// The address of a file, as the client has written it where it has it open.
    pub(crate) fn address(&self, folder: usize, name: &str) -> String {
        let Some(folder) = self.folders.get(folder) else { return String::new() };
        let key = folder.key(name);
        match self.documents.get(&key) {
            Some(document) => document.uri.clone(),
            None => uri::of_path(Path::new(&key)),
        }
    }
}
