//! The way to the client.

use std::sync::atomic::{AtomicI32, Ordering};

use crossbeam_channel::Sender;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::capabilities::Abilities;

/// The client, as far as the server can reach it.
#[derive(Debug)]
pub(crate) struct Client {
    sender: Sender<Message>,
    pub(crate) abilities: Abilities,
    next: AtomicI32,
}

/// How bad something is that the user is told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Weight {
    Error = 1,
    Warning = 2,
    Info = 3,
}

impl Client {
    pub(crate) fn new(sender: Sender<Message>, abilities: Abilities) -> Self {
        Self { sender, abilities, next: AtomicI32::new(1) }
    }

    /// A client that is gone gets nothing more, and the loop notices.
    fn send(&self, message: Message) {
        let _ = self.sender.send(message);
    }

    pub(crate) fn notify(&self, method: &str, params: impl Serialize) {
        self.send(Message::Notification(Notification::new(method.to_owned(), params)));
    }

    /// Asks the client for something; the answer comes as any message does.
    pub(crate) fn ask(&self, method: &str, params: Value) -> RequestId {
        let id = RequestId::from(format!("plimsoll-{}", self.next.fetch_add(1, Ordering::Relaxed)));
        self.send(Message::Request(Request { id: id.clone(), method: method.to_owned(), params }));
        id
    }

    pub(crate) fn answer(&self, id: RequestId, result: impl Serialize) {
        self.send(Message::Response(Response::new_ok(id, result)));
    }

    pub(crate) fn refuse(&self, id: RequestId, code: ErrorCode, why: impl Into<String>) {
        self.send(Message::Response(Response::new_err(id, code as i32, why.into())));
    }

    /// Tells the user something.
    pub(crate) fn show(&self, weight: Weight, message: &str) {
        self.notify("window/showMessage", json!({"type": weight as i32, "message": message}));
    }

    /// Writes something down where the user can look for it.
    pub(crate) fn log(&self, weight: Weight, message: &str) {
        self.notify("window/logMessage", json!({"type": weight as i32, "message": message}));
    }
}
