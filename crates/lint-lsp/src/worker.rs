//! The thread that does the work: one thing after the other, in the order in which the client said it.
//!
//! Notifications are heeded at once. What is asked waits until everything is judged that was said before, and what is said
//! meanwhile comes first: judging stops for it, and goes on from where it was.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use crossbeam_channel::Receiver;
use lint_core::syntax::text::source::SourceFile;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{Diagnostic, FileEvent, TextDocumentPositionParams};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::client::{Client, Weight};
use crate::diagnostics::id;
use crate::documents::{Change, Documents};
use crate::folder::{Folder, is_telling, may_be_ours};
use crate::server::Cancelled;
use crate::settings::Settings;
use crate::{Environment, uri};

/// Where faults of ours are reported.
const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// How often judging is stopped before it is seen through: a client that never rests is answered late rather than never.
const MOST_STOPS: usize = 5;

/// Why something is not answered.
pub(crate) type Refusal = (ErrorCode, String);

/// An answer.
pub(crate) type Answer = Result<Value, Refusal>;

/// Everything that the server knows.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) client: Client,
    environment: Environment,
    cancelled: Cancelled,
    pub(crate) settings: Settings,
    pub(crate) documents: Documents,
    pub(crate) folders: Vec<Folder>,
    /// What was asked and not answered yet.
    waiting: Vec<Request>,
    /// Those who want to hear of the whole workspace, and wait for something to change.
    polling: Vec<Request>,
    /// What was told of each file last.
    told: BTreeMap<String, String>,
    /// What was asked of the client: whether the settings are what it is about.
    asked: BTreeMap<RequestId, bool>,
    /// The documents that the client itself has changed since the last time everything was judged.
    edited: BTreeSet<String>,
    stops: usize,
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

    /// Works until nobody asks any more.
    pub(crate) fn run(mut self, jobs: &Receiver<Message>) {
        loop {
            if jobs.is_empty() && self.has_work() {
                self.guarded(None, |worker| worker.work(jobs));
                continue;
            }
            let Ok(message) = jobs.recv() else { return };
            match message {
                Message::Request(request) if is_of_documents(&request.method) => self.waiting.push(request),
                Message::Request(request) => self.refuse_unknown(request),
                Message::Notification(note) => self.guarded(None, |worker| worker.hear(note)),
                Message::Response(response) => self.guarded(None, |worker| worker.answered(response)),
            }
        }
    }

    /// Does something, and survives it. What was judged is forgotten when it fails, and no text is lost.
    fn guarded(&mut self, id: Option<RequestId>, work: impl FnOnce(&mut Self)) {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(self))) else { return };
        let why = panic.downcast_ref::<String>().map(String::as_str);
        let why = why.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        if let Some(id) = id {
            self.client.refuse(id, ErrorCode::InternalError, format!("internal error: {why}"));
        }
        self.complain(
            Weight::Error,
            &format!("Plimsoll: internal error: {why}; please report it at {ISSUES}"),
        );
        for folder in &mut self.folders {
            let again = Folder::new(folder.path.clone(), folder.is_loose);
            *folder = again;
        }
        for request in std::mem::take(&mut self.waiting) {
            self.client.refuse(request.id, ErrorCode::InternalError, format!("internal error: {why}"));
        }
        let open: Vec<String> = self.documents.iter().map(|(key, _)| key.clone()).collect();
        open.iter().for_each(|key| self.edit(key));
        // It would happen again at once: until somebody types, nothing more is tried.
        self.stops = usize::MAX;
    }

    fn has_work(&self) -> bool {
        let is_unjudged = self.folders.iter().any(|folder| folder.is_due());
        !self.waiting.is_empty()
            || (is_unjudged && self.stops != usize::MAX)
            || !self.edited.is_empty() && self.stops != usize::MAX
    }

    /// Judges what is to be judged, tells what is to be told, answers what was asked.
    fn work(&mut self, jobs: &Receiver<Message>) {
        let failed = self.stops == usize::MAX;
        for at in 0..self.folders.len() {
            let (settings, documents) = (self.settings.clone(), &self.documents);
            let Some(folder) = self.folders.get_mut(at).filter(|_| !failed) else { continue };
            let wrong = folder.search(&settings, &self.environment, &|key| documents.get(key).cloned());
            let sees_it_through = self.stops >= MOST_STOPS;
            let is_judged = folder.session.judge(&|| !sees_it_through && !jobs.is_empty());
            wrong.iter().for_each(|error| self.complain(Weight::Error, &format!("Plimsoll: {error}")));
            if !is_judged {
                self.stops += 1;
                return;
            }
        }
        if !failed {
            self.stops = 0;
            self.tell();
        }
        for request in std::mem::take(&mut self.waiting) {
            let id = request.id.clone();
            self.guarded(Some(id), |worker| worker.answer(request));
        }
        self.edited.clear();
    }

    /// Tells of the files of which something else is to be said than was.
    fn tell(&mut self) {
        let mut changed: Vec<(usize, String)> = Vec::new();
        for (at, folder) in self.folders.iter_mut().enumerate() {
            changed.extend(folder.session.take_changed().into_iter().map(|name| (at, name)));
        }
        if !self.client.abilities.pulls {
            // Who opens or changes something hears of it, whether or not that makes a difference.
            let edited = self.edited.iter().filter_map(|key| Some((self.owner_of(key)?, key)));
            changed.extend(edited.map(|(at, key)| (at, self.folders[at].name(key))).collect::<Vec<_>>());
            changed.sort();
            changed.dedup();
        }
        changed.retain(|(at, name)| self.owns(*at, name));
        if changed.is_empty() {
            return;
        }
        if !self.client.abilities.pulls {
            changed.iter().for_each(|(at, name)| self.publish(*at, name));
            return;
        }
        // A client that asks does so for what it has changed itself; of the rest it must be told.
        let is_news = |(at, name): &&(usize, String)| {
            let key = self.folders[*at].key(name);
            let known = self.told.get(&key);
            !self.edited.contains(&key)
                && self.documents.get(&key).is_some()
                && known.is_some_and(|known| *known != id(&self.diagnostics(*at, name)))
        };
        if changed.iter().any(|changed| is_news(&changed)) {
            self.refresh();
        }
        for request in std::mem::take(&mut self.polling) {
            self.workspace_diagnostics(request);
        }
    }

    /// Has the client ask again for everything.
    fn refresh(&mut self) {
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

    /// Sends what is found in a file, if it is something else than was sent last.
    fn publish(&mut self, folder: usize, name: &str) {
        let key = self.folders[folder].key(name);
        let document = self.documents.get(&key);
        let is_wanted = document.is_some() || self.settings.whole_workspace;
        let diagnostics = if is_wanted { self.diagnostics(folder, name) } else { Vec::new() };
        let id = id(&diagnostics);
        let version = document.map(|document| document.version);
        let known = self.told.get(&key);
        // An open document is always told of: its version is another one.
        if version.is_none() && (known == Some(&id) || (known.is_none() && diagnostics.is_empty())) {
            return;
        }
        self.client.notify(
            "textDocument/publishDiagnostics",
            json!({"uri": self.address(folder, name), "version": version, "diagnostics": diagnostics}),
        );
        self.told.insert(key, id);
    }

    /// Tells the user something once.
    pub(crate) fn complain(&mut self, weight: Weight, message: &str) {
        if self.said.insert(message.to_owned()) {
            self.client.show(weight, message);
        }
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).remove(&id) {
            self.client.refuse(id, ErrorCode::RequestCanceled, "canceled by the client");
            return;
        }
        if method == "workspace/diagnostic" {
            self.workspace_diagnostics(Request { id, method, params });
            return;
        }
        match self.answer_to(&method, params) {
            Ok(result) => self.client.answer(id, result),
            Err((code, why)) => self.client.refuse(id, code, why),
        }
    }

    fn answer_to(&mut self, method: &str, params: Value) -> Answer {
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str).map(str::to_owned);
        let uri = || uri.clone().ok_or((ErrorCode::InvalidParams, "no document is named".to_owned()));
        match method {
            "textDocument/diagnostic" => {
                let previous = params.get("previousResultId").and_then(Value::as_str);
                Ok(self.pulled(&uri()?, previous))
            }
            "textDocument/codeAction" => self.actions(&read(params)?),
            "codeAction/resolve" => self.resolve_action(read(params)?),
            "textDocument/hover" => self.hover(&read::<TextDocumentPositionParams>(params)?),
            "textDocument/inlayHint" => self.hints(&read(params)?),
            "textDocument/definition" => self.definition(&read::<TextDocumentPositionParams>(params)?),
            "textDocument/references" => {
                let with_declaration =
                    params.pointer("/context/includeDeclaration") == Some(&Value::Bool(true));
                self.references(&read::<TextDocumentPositionParams>(params)?, with_declaration)
            }
            "textDocument/documentSymbol" => self.symbols(&uri()?),
            "textDocument/codeLens" => self.lenses(&uri()?),
            "workspace/executeCommand" => {
                let name = params.get("command").and_then(Value::as_str).unwrap_or_default().to_owned();
                let arguments =
                    params.get("arguments").and_then(Value::as_array).cloned().unwrap_or_default();
                self.execute(&name, &arguments)
            }
            _ => Err((ErrorCode::MethodNotFound, format!("no such method: {method}"))),
        }
    }

    /// `textDocument/diagnostic`
    fn pulled(&mut self, uri: &str, previous: Option<&str>) -> Value {
        let found = self
            .located(uri)
            .map(|(folder, name, _)| (self.folders[folder].key(&name), self.diagnostics(folder, &name)));
        let (key, diagnostics) = found.unwrap_or_else(|| (uri::key(uri), Vec::new()));
        let id = id(&diagnostics);
        self.told.insert(key, id.clone());
        if previous == Some(&id) {
            return json!({"kind": "unchanged", "resultId": id});
        }
        json!({"kind": "full", "resultId": id, "items": diagnostics})
    }

    /// `workspace/diagnostic`: answered when there is something that the client does not know.
    fn workspace_diagnostics(&mut self, request: Request) {
        if self.cancelled.lock().unwrap_or_else(PoisonError::into_inner).remove(&request.id) {
            self.client.refuse(request.id, ErrorCode::RequestCanceled, "canceled by the client");
            return;
        }
        let previous = request.params.get("previousResultIds").and_then(Value::as_array);
        let known: BTreeMap<String, (String, String)> = previous
            .into_iter()
            .flatten()
            .filter_map(|known| {
                let uri = known.get("uri")?.as_str()?;
                Some((uri::key(uri), (uri.to_owned(), known.get("value")?.as_str()?.to_owned())))
            })
            .collect();
        let mut items: Vec<Value> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        let folders = self.folders.iter().enumerate();
        let names: Vec<(usize, String)> = folders
            .flat_map(|(at, folder)| folder.kinds().keys().map(move |name| (at, name.clone())))
            .collect();
        for (at, name) in names {
            let key = self.folders[at].key(&name);
            let document = self.documents.get(&key);
            if !self.owns(at, &name) || !(self.settings.whole_workspace || document.is_some()) {
                continue;
            }
            seen.insert(key.clone());
            let diagnostics: Vec<Diagnostic> = self.diagnostics(at, &name);
            let result = id(&diagnostics);
            let before = known.get(&key).map(|(_, id)| id);
            if before == Some(&result) || (before.is_none() && diagnostics.is_empty()) {
                continue;
            }
            let version = self.documents.get(&key).map(|document| document.version);
            items.push(json!({
                "uri": self.address(at, &name), "version": version, "kind": "full", "resultId": result, "items": diagnostics,
            }));
        }
        let gone = known.iter().filter(|(key, _)| !seen.contains(*key));
        items.extend(
            gone.map(|(_, (uri, _))| json!({"uri": uri, "version": null, "kind": "full", "items": []})),
        );
        if items.is_empty() {
            self.polling.push(request);
        } else {
            self.client.answer(request.id, json!({"items": items}));
        }
    }

    fn refuse_unknown(&self, request: Request) {
        let why = format!("no such method: {}", request.method);
        self.client.refuse(request.id, ErrorCode::MethodNotFound, why);
    }

    /// Heeds a notification. One that cannot be understood is passed by: the next may be.
    fn hear(&mut self, note: Notification) {
        let Notification { method, params } = note;
        let text = |path: &str| params.pointer(path).and_then(Value::as_str);
        let uri = text("/textDocument/uri").unwrap_or_default().to_owned();
        let version = params.pointer("/textDocument/version").and_then(Value::as_i64);
        let version = version.and_then(|version| i32::try_from(version).ok()).unwrap_or_default();
        let encoding = self.client.abilities.encoding;
        if self.stops == usize::MAX {
            self.stops = 0;
        }
        match method.as_str() {
            "initialized" => self.initialized(),
            "textDocument/didOpen" if !uri.is_empty() => {
                let language = text("/textDocument/languageId").unwrap_or_default();
                let content = text("/textDocument/text").unwrap_or_default().to_owned();
                let key = self.documents.open(&uri, language, version, content, encoding);
                self.reread_without_watchers();
                self.edit(&key);
            }
            "textDocument/didChange" => {
                let changes = params.get("contentChanges").cloned().unwrap_or_default();
                let Ok(changes) = serde_json::from_value::<Vec<Change>>(changes) else {
                    self.client.log(Weight::Warning, "a change that cannot be understood was passed by");
                    return;
                };
                if let Some(key) = self.documents.change(&uri, version, changes, encoding) {
                    self.edit(&key);
                }
            }
            "textDocument/didClose" => self.close(&uri),
            "textDocument/didSave" => {
                let key = uri::key(&uri);
                if is_telling(&key) {
                    self.folders.iter_mut().for_each(Folder::search_again);
                }
                self.reread_without_watchers();
            }
            "workspace/didChangeWatchedFiles" => {
                let changes = params.get("changes").cloned().unwrap_or_default();
                let changes: Vec<FileEvent> = serde_json::from_value(changes).unwrap_or_default();
                changes.iter().for_each(|change| {
                    self.changed_on_disk(&change.uri.0, change.kind == lsp_types::FileChangeType::Changed)
                });
            }
            "workspace/didChangeWorkspaceFolders" => {
                let uris = |path: &str| -> Vec<String> {
                    let list = params.pointer(path).and_then(Value::as_array).into_iter().flatten();
                    list.filter_map(|folder| Some(folder.get("uri")?.as_str()?.to_owned())).collect()
                };
                uris("/event/removed").iter().for_each(|uri| self.remove_folder(uri));
                uris("/event/added").iter().for_each(|uri| self.add_folder(uri));
                let open: Vec<String> = self.documents.iter().map(|(key, _)| key.clone()).collect();
                open.iter().for_each(|key| self.edit(key));
            }
            "workspace/didChangeConfiguration" => {
                if self.client.abilities.configuration {
                    self.ask_for_settings();
                } else if let Some(settings) = params.get("settings").filter(|settings| settings.is_object())
                {
                    self.configure(settings);
                }
            }
            "$/cancelRequest" => self.cancel(),
            _ => {}
        }
    }

    fn initialized(&mut self) {
        let able = self.client.abilities;
        let mut registrations = Vec::new();
        if able.watches {
            let watchers: Vec<Value> = WATCHED.iter().map(|glob| json!({"globPattern": glob})).collect();
            registrations.push(json!({
                "id": "plimsoll-files", "method": "workspace/didChangeWatchedFiles", "registerOptions": {"watchers": watchers},
            }));
        }
        if able.registers_configuration {
            registrations.push(json!({
                "id": "plimsoll-settings", "method": "workspace/didChangeConfiguration", "registerOptions": {"section": "plimsoll"},
            }));
        }
        if !registrations.is_empty() {
            let id = self.client.ask("client/registerCapability", json!({"registrations": registrations}));
            self.asked.insert(id, false);
        }
        if able.configuration {
            self.ask_for_settings();
        }
    }

    fn ask_for_settings(&mut self) {
        let id = self.client.ask("workspace/configuration", json!({"items": [{"section": "plimsoll"}]}));
        self.asked.insert(id, true);
    }

    /// The client has answered.
    fn answered(&mut self, response: Response) {
        let is_settings = self.asked.remove(&response.id).unwrap_or(false);
        match response.response_result {
            Ok(Value::Array(mut items)) if is_settings && !items.is_empty() => {
                // Who has no value has nothing to say, and what was said at the start counts.
                let settings = items.swap_remove(0);
                if settings.is_object() {
                    self.configure(&settings);
                }
            }
            Err(error) => self.client.log(Weight::Warning, &format!("the editor refused: {}", error.message)),
            Ok(_) => {}
        }
    }

    fn configure(&mut self, value: &Value) {
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

    /// What was asked and is not wanted any more is answered now.
    fn cancel(&mut self) {
        let mut cancelled = self.cancelled.lock().unwrap_or_else(PoisonError::into_inner);
        let client = &self.client;
        let mut take = |request: &Request| {
            let is_cancelled = cancelled.remove(&request.id);
            if is_cancelled {
                client.refuse(request.id.clone(), ErrorCode::RequestCanceled, "canceled by the client");
            }
            !is_cancelled
        };
        self.waiting.retain(&mut take);
        self.polling.retain(&mut take);
        // What was answered before it was taken back is not asked again under that number.
        cancelled.clear();
    }

    /// A document has another text.
    fn edit(&mut self, key: &str) {
        let Some(document) = self.documents.get(key).cloned() else { return };
        let owner = self.owner(key);
        for folder in &mut self.folders {
            folder.edit(key, &document);
        }
        self.folders[owner].classify(key, &document);
        self.edited.insert(key.to_owned());
    }

    fn close(&mut self, uri: &str) {
        let Some((key, document)) = self.documents.close(uri) else { return };
        for folder in &mut self.folders {
            folder.close(&key);
        }
        // What lies nowhere is gone; of what is in no folder nothing more is said.
        let is_gone = self
            .folders
            .iter()
            .all(|folder| folder.is_loose || !folder.kinds().contains_key(&folder.name(&key)));
        if !self.client.abilities.pulls && is_gone {
            self.client
                .notify("textDocument/publishDiagnostics", json!({"uri": document.uri, "diagnostics": []}));
            self.told.remove(&key);
        }
        self.folders.retain(|folder| !folder.is_loose || folder.has_open());
    }

    fn changed_on_disk(&mut self, uri: &str, is_only_text: bool) {
        let key = uri::key(uri);
        let is_open = self.documents.get(&key).is_some();
        let may_be_another = !is_only_text || !Path::new(&key).exists();
        for folder in &mut self.folders {
            if is_telling(&key) || (!is_open && may_be_another && may_be_ours(&key)) {
                folder.search_again();
            }
            let name = folder.name(&key);
            folder.session.changed(&name);
        }
    }

    /// Where nobody tells what changes on the disk, it is looked at again when something is opened or saved.
    fn reread_without_watchers(&mut self) {
        if !self.client.abilities.watches {
            self.folders.iter_mut().for_each(|folder| folder.session.changed_somewhere());
        }
    }

    fn add_folder(&mut self, uri: &str) {
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

    fn remove_folder(&mut self, uri: &str) {
        let Some(path) = uri::path(uri) else { return };
        let Some(at) = self.folders.iter().position(|folder| !folder.is_loose && folder.path == path) else {
            return;
        };
        let folder = self.folders.remove(at);
        for name in folder.kinds().keys() {
            let key = folder.key(name);
            if self.told.remove(&key).is_some()
                && !self.client.abilities.pulls
                && self.documents.get(&key).is_none()
            {
                let uri = uri::of_path(Path::new(&key));
                self.client.notify("textDocument/publishDiagnostics", json!({"uri": uri, "diagnostics": []}));
            }
        }
    }

    /// The folder that a document belongs to: the innermost, or one that is made for it.
    fn owner(&mut self, key: &str) -> usize {
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

    fn owner_of(&self, key: &str) -> Option<usize> {
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

/// What is asked about documents, and so waits until all is judged.
fn is_of_documents(method: &str) -> bool {
    matches!(
        method,
        "textDocument/diagnostic"
            | "workspace/diagnostic"
            | "textDocument/codeAction"
            | "codeAction/resolve"
            | "textDocument/hover"
            | "textDocument/inlayHint"
            | "textDocument/definition"
            | "textDocument/references"
            | "textDocument/documentSymbol"
            | "textDocument/codeLens"
            | "workspace/executeCommand"
    )
}

/// What the client is asked to watch.
const WATCHED: [&str; 7] = [
    "**/{.plimsoll,plimsoll}.{yaml,yml}",
    "**/*{ockerfile,ontainerfile,OCKERFILE}*",
    "**/*.{yaml,yml}",
    "**/.{dockerignore,containerignore,gitignore,ignore}",
    "**/{.env,*.env,.env.*}",
    "**/{Makefile,makefile,GNUmakefile,justfile,*.mk,*.sh,*.hcl,package.json}",
    "**/{daemon.json,plimsoll-baseline.json,*.service,*.socket}",
];

/// What a client sends, as what it should be.
fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}
