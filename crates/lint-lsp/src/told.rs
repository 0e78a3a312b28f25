//! What the client is told of findings: sent to it, or as the answer when it asks.

use std::collections::{BTreeMap, HashSet};
use std::sync::PoisonError;

use lsp_server::{ErrorCode, Request};
use lsp_types::Diagnostic;
use serde_json::{Value, json};

use crate::diagnostics::id;
use crate::uri;
use crate::worker::Worker;

impl Worker {
    /// Tells of the files of which something else is to be said than was.
    pub(crate) fn tell(&mut self) {
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

    /// `textDocument/diagnostic`
    pub(crate) fn pulled(&mut self, uri: &str, previous: Option<&str>) -> Value {
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
    pub(crate) fn workspace_diagnostics(&mut self, request: Request) {
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
}
