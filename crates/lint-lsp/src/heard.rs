//! What the client tells.

use std::path::Path;
use std::sync::PoisonError;

use lsp_server::{ErrorCode, Notification, Request, Response};
use lsp_types::FileEvent;
use serde_json::{Value, json};

use crate::client::Weight;
use crate::documents::Change;
use crate::folder::{Folder, is_telling, may_be_ours};
use crate::uri;
use crate::worker::Worker;

/// What the client is asked to watch.
const WATCHED: [&str; 8] = [
    "**/{.plimsoll,plimsoll}.{yaml,yml}",
    "**/*{ockerfile,ontainerfile,OCKERFILE}*",
    "**/*.{yaml,yml}",
    "**/.{dockerignore,containerignore,gitignore,ignore}",
    "**/{.env,*.env,.env.*}",
    "**/{Makefile,makefile,GNUmakefile,justfile,*.mk,*.sh,*.hcl,package.json}",
    "**/{daemon.json,plimsoll-baseline.json,*.service,*.socket,*.conf}",
    "**/{*.container,*.pod,*.kube,*.build,*.image,*.volume,*.network,*.quadlets,devcontainer.json,.devcontainer.json,docker-bake*.json}",
];

impl Worker {
    /// Heeds a notification. One that cannot be understood is passed by: the next may be.
    pub(crate) fn hear(&mut self, note: Notification) {
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
    pub(crate) fn answered(&mut self, response: Response) {
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
    pub(crate) fn edit(&mut self, key: &str) {
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
}
