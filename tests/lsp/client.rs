//! A client of the protocol: it says what an editor says, and keeps what it hears.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use lint_lsp::{Connection, Environment, Message, Notification, Request, RequestId, Response, serve};
use serde_json::{Value, json};

/// How long an answer may take: machines that test are busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client, and the server that it talks to.
pub(crate) struct Client {
    connection: Option<Connection>,
    server: Option<JoinHandle<bool>>,
    pub(crate) folder: tempfile::TempDir,
    next: i32,
    /// What was heard besides answers.
    pub(crate) heard: Vec<Notification>,
    /// What the server has asked.
    pub(crate) asked: Vec<Request>,
    /// What the client answers to `workspace/configuration`.
    pub(crate) settings: Value,
    pub(crate) initialized: Value,
    answers: BTreeMap<RequestId, Response>,
}

/// What a modern editor can do.
pub(crate) fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "workspace": {
            "configuration": true,
            "didChangeWatchedFiles": {"dynamicRegistration": true},
            "didChangeConfiguration": {"dynamicRegistration": true},
            "diagnostics": {"refreshSupport": true},
            "inlayHint": {"refreshSupport": true},
            "codeLens": {"refreshSupport": true},
            "applyEdit": true,
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create"]},
        },
        "window": {"showDocument": {"support": true}},
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true, "tagSupport": {"valueSet": [1, 2]},
            },
            "diagnostic": {"dynamicRegistration": false},
            "codeAction": {
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
                "dataSupport": true, "resolveSupport": {"properties": ["edit"]},
            },
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "definition": {"linkSupport": true},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
    })
}

/// The same without one of the abilities.
pub(crate) fn able_but_for(path: &str) -> Value {
    let mut able = able();
    let (parent, name) = path.rsplit_once('/').unwrap();
    able.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    able
}

/// An editor that is sent what is found.
pub(crate) fn pushed() -> Value {
    able_but_for("/textDocument/diagnostic")
}

impl Client {
    /// Opens a folder with some files.
    pub(crate) fn open_folder(files: &[(&str, &str)], able: Value) -> Self {
        Self::with(files, able, json!({}), &Environment::default())
    }

    pub(crate) fn with(
        files: &[(&str, &str)],
        able: Value,
        options: Value,
        environment: &Environment,
    ) -> Self {
        let mut client = Self::silent(files, environment);
        let uri = client.uri("");
        client.initialize(json!({
            "processId": null, "rootUri": uri, "workspaceFolders": [{"uri": uri, "name": "x"}],
            "capabilities": able, "initializationOptions": options,
        }));
        client
    }

    /// A client that has said nothing yet.
    pub(crate) fn silent(files: &[(&str, &str)], environment: &Environment) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        let (connection, theirs) = Connection::memory();
        let environment = environment.clone();
        let server = std::thread::spawn(move || serve(theirs, &environment));
        let client = Self {
            connection: Some(connection),
            server: Some(server),
            folder,
            next: 0,
            heard: Vec::new(),
            asked: Vec::new(),
            settings: Value::Null,
            initialized: Value::Null,
            answers: BTreeMap::new(),
        };
        files.iter().for_each(|(name, text)| client.write(name, text));
        client
    }

    pub(crate) fn initialize(&mut self, params: Value) {
        self.initialized = self.request("initialize", params).unwrap();
        self.notify("initialized", json!({}));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.folder.path().to_path_buf() } else { self.folder.path().join(name) }
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn send(&self, message: Message) {
        self.connection.as_ref().unwrap().sender.send(message).unwrap();
    }

    pub(crate) fn notify(&self, method: &str, params: Value) {
        self.send(Message::Notification(Notification::new(method.to_owned(), params)));
    }

    /// Asks, without waiting.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.send(Message::Request(Request { id: id.clone(), method: method.to_owned(), params }));
        id
    }

    /// The answer to what was asked.
    pub(crate) fn answer(&mut self, id: &RequestId) -> Result<Value, (i32, String)> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(response) = self.answers.remove(id) {
                return response.response_result.map_err(|error| (error.code, error.message));
            }
            self.hear(end).unwrap_or_else(|| panic!("no answer to {id}"));
        }
    }

    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        let id = self.ask(method, params);
        self.answer(&id)
    }

    /// Hears one thing; `None` when there is nothing until then, or nobody speaks any more.
    fn hear(&mut self, end: Instant) -> Option<()> {
        let left = end.saturating_duration_since(Instant::now());
        match self.connection.as_ref()?.receiver.recv_timeout(left).ok()? {
            Message::Response(response) => {
                assert!(self.answers.insert(response.id.clone(), response).is_none(), "answered twice");
            }
            Message::Notification(note) => self.heard.push(note),
            Message::Request(request) => {
                let answer = match request.method.as_str() {
                    "workspace/configuration" => json!([self.settings]),
                    "workspace/applyEdit" => json!({"applied": true}),
                    "window/showDocument" => json!({"success": true}),
                    _ => Value::Null,
                };
                self.send(Message::Response(Response::new_ok(request.id.clone(), answer)));
                self.asked.push(request);
            }
        }
        Some(())
    }

    /// Hears until something that is wanted was heard, and takes it.
    pub(crate) fn wait_for(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.heard.iter().position(|note| note.method == method && wanted(&note.params))
            {
                return self.heard.remove(at).params;
            }
            if self.hear(end).is_none() {
                panic!("no {method} among {:#?}", self.heard);
            }
        }
    }

    /// Hears until the server has asked for something, and takes it.
    pub(crate) fn wait_to_be_asked(&mut self, method: &str) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.asked.iter().position(|request| request.method == method) {
                return self.asked.remove(at).params;
            }
            self.hear(end).unwrap_or_else(|| panic!("never asked for {method}"));
        }
    }

    /// Hears what is said until everything that was said before is done.
    pub(crate) fn settle(&mut self) {
        // An answer to a question about documents waits until all is judged.
        let uri = self.uri("no such file");
        let _ = self.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri}}));
        while self.hear(Instant::now() + Duration::from_millis(20)).is_some() {}
    }

    pub(crate) fn open(&self, name: &str, language: &str, text: &str) {
        self.open_at(&self.uri(name), language, 1, text);
    }

    pub(crate) fn open_at(&self, uri: &str, language: &str, version: i32, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub(crate) fn change(&self, name: &str, version: i32, changes: Value) {
        let document = json!({"uri": self.uri(name), "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub(crate) fn close(&self, name: &str) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": self.uri(name)}}));
    }

    pub(crate) fn touched(&self, name: &str, kind: u32) {
        self.notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": [{"uri": self.uri(name), "type": kind}]}),
        );
    }

    /// The findings of a file, as the server answers them.
    pub(crate) fn pull(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        self.pull_at(&uri)
    }

    pub(crate) fn pull_at(&mut self, uri: &str) -> Vec<Value> {
        let report = self.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}})).unwrap();
        assert_eq!(report["kind"], "full");
        report["items"].as_array().unwrap().clone()
    }

    /// The same, in short: `rule line:column-line:column`.
    pub(crate) fn found(&mut self, name: &str) -> Vec<String> {
        self.pull(name).iter().map(short).collect()
    }

    pub(crate) fn at(&self, name: &str, line: u32, character: u32) -> Value {
        json!({"textDocument": {"uri": self.uri(name)}, "position": {"line": line, "character": character}})
    }

    /// Takes leave; whether the server took it as one.
    pub(crate) fn leave(mut self) -> bool {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        drop(self.connection.take());
        self.server.take().unwrap().join().unwrap()
    }
}

/// A finding in short.
pub(crate) fn short(diagnostic: &Value) -> String {
    let place = |end: &str| {
        let at = &diagnostic["range"][end];
        format!("{}:{}", at["line"], at["character"])
    };
    format!("{} {}-{}", diagnostic["code"].as_str().unwrap(), place("start"), place("end"))
}

/// The rules of findings.
pub(crate) fn rules(diagnostics: &[Value]) -> Vec<String> {
    diagnostics.iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

/// A text after the edits of a workspace edit that are about a file.
pub(crate) fn applied(edit: &Value, uri: &str, text: &str) -> String {
    let changes = edit["documentChanges"].as_array().cloned().unwrap_or_default();
    let mut edits: Vec<Value> = changes
        .iter()
        .filter(|change| change["textDocument"]["uri"] == uri)
        .flat_map(|change| change["edits"].as_array().unwrap().clone())
        .collect();
    if let Some(plain) = edit["changes"].get(uri) {
        edits.extend(plain.as_array().unwrap().clone());
    }
    assert!(!edits.is_empty(), "no edit of {uri} in {edit:#}");
    let positions = lint_core::session::Positions::new(text, lint_core::session::Encoding::Utf16);
    let offset = |at: &Value| {
        let number = |name: &str| u32::try_from(at[name].as_u64().unwrap()).unwrap();
        positions.offset(text, lint_core::session::Position::new(number("line"), number("character")))
    };
    let mut places: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(&range["start"]), offset(&range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    places.sort_by_key(|(start, end, _)| (*start, *end));
    let mut out = text.to_owned();
    for (start, end, new) in places.into_iter().rev() {
        out.replace_range(start..end, new);
    }
    out
}

/// The files of a folder of the repository.
pub(crate) fn files_of(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.push((path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(), text));
        }
    }
    files.sort();
    files
}
