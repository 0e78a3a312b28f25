//! The thread that does the work: one thing after the other, in the order in which the client said it.
//!
//! Notifications are heeded at once. What is asked waits until everything is judged that was said before, and what is said
//! meanwhile comes first: judging stops for it, and goes on from where it was.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;

use crossbeam_channel::Receiver;
use lsp_server::{ErrorCode, Message, Request, RequestId};
use lsp_types::TextDocumentPositionParams;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::Weight;
use crate::folder::Folder;
use crate::worker::{Answer, Refusal, Worker};

/// Where faults of ours are reported.
const ISSUES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// How often judging is stopped before it is seen through: a client that never rests is answered late rather than never.
const MOST_STOPS: usize = 5;

impl Worker {
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

    fn refuse_unknown(&self, request: Request) {
        let why = format!("no such method: {}", request.method);
        self.client.refuse(request.id, ErrorCode::MethodNotFound, why);
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

/// What a client sends, as what it should be.
fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}
