//! The loop that hears the client: it hands on what is said, in order, to the thread that does the work.

use std::sync::{Arc, PoisonError};
use std::thread;

use crossbeam_channel::unbounded;
use lsp_server::{Connection, ErrorCode, Message, Request, RequestId, Response};
use serde_json::{Value, json};

use crate::Environment;
use crate::capabilities::Abilities;
use crate::client::Client;
use crate::worker::{Cancelled, Worker};

/// The stack of the thread that works; documents are nested as deeply as somebody wants.
const STACK: usize = 16 << 20;

/// Serves one client. Whether it took its leave as the protocol has it.
#[must_use]
pub fn serve(connection: Connection, environment: &Environment) -> bool {
    let Connection { sender, receiver } = connection;
    let refuse = |id: RequestId, code: ErrorCode, why: &str| {
        let _ = sender.send(Message::Response(Response::new_err(id, code as i32, why.to_owned())));
    };
    // Before anything else the client says who it is.
    let initialize = loop {
        match receiver.recv() {
            Ok(Message::Request(request)) if request.method == "initialize" => break request,
            Ok(Message::Request(request)) => {
                refuse(request.id, ErrorCode::ServerNotInitialized, "not initialized");
            }
            Ok(Message::Notification(note)) if note.method == "exit" => return false,
            Ok(_) => {}
            Err(_) => return false,
        }
    };
    let Request { id, params, .. } = initialize;
    let abilities = Abilities::of(&params);
    let result = json!({
        "capabilities": abilities.offer(),
        "serverInfo": {"name": "plimsoll", "version": env!("CARGO_PKG_VERSION")},
    });
    let _ = sender.send(Message::Response(Response::new_ok(id, result)));

    let cancelled = Cancelled::default();
    let (work, jobs) = unbounded::<Message>();
    let worker = {
        let client = Client::new(sender.clone(), abilities);
        let (environment, cancelled) = (environment.clone(), Arc::clone(&cancelled));
        let work = move || Worker::new(client, environment, cancelled, &params).run(&jobs);
        thread::Builder::new().name("plimsoll".to_owned()).stack_size(STACK).spawn(work)
    };
    let Ok(worker) = worker else { return false };
    let mut is_shut_down = false;
    let mut took_leave = false;
    while let Ok(message) = receiver.recv() {
        match message {
            Message::Notification(note) if note.method == "exit" => {
                took_leave = is_shut_down;
                break;
            }
            _ if is_shut_down => {
                if let Message::Request(request) = message {
                    refuse(request.id, ErrorCode::InvalidRequest, "shut down");
                }
            }
            Message::Request(request) if request.method == "shutdown" => {
                is_shut_down = true;
                let _ = sender.send(Message::Response(Response::new_ok(request.id, Value::Null)));
            }
            Message::Request(request) if request.method == "initialize" => {
                refuse(request.id, ErrorCode::InvalidRequest, "initialized already");
            }
            message => {
                if let Message::Notification(note) = &message
                    && note.method == "$/cancelRequest"
                    && let Some(id) = note.params.get("id").and_then(request_id)
                {
                    cancelled.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
                }
                if work.send(message).is_err() {
                    break;
                }
            }
        }
    }
    // Without anybody to tell it, the worker ends.
    drop(work);
    let _ = worker.join();
    took_leave
}

fn request_id(value: &Value) -> Option<RequestId> {
    serde_json::from_value(value.clone()).ok()
}
