//! The same for JavaScript.

use std::panic::PanicHookInfo;

use lint_core::at_work;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::about::written;
use crate::{Workspace, about};

#[wasm_bindgen]
extern "C" {
    /// Whoever has made the module hears of a panic, which is the end of it.
    #[wasm_bindgen(js_name = plimsollPanicked)]
    fn panicked(message: &str, during: &str, file: &str);
}

/// A workspace.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Core(Workspace);

#[wasm_bindgen]
impl Core {
    /// As [`Workspace::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(setup: &str) -> Result<Core, JsError> {
        Workspace::new(setup).map(Core).map_err(error)
    }

    /// As [`Workspace::configure`].
    pub fn configure(&mut self, setup: &str) -> Result<(), JsError> {
        self.0.configure(setup).map_err(error)
    }

    /// As [`Workspace::set`].
    pub fn set(&mut self, path: &str, text: &str) {
        self.0.set(path, text);
    }

    /// As [`Workspace::set_bytes`].
    #[wasm_bindgen(js_name = setBytes)]
    pub fn set_bytes(&mut self, path: &str, bytes: &[u8]) {
        self.0.set_bytes(path, bytes);
    }

    /// As [`Workspace::set_present`].
    #[wasm_bindgen(js_name = setPresent)]
    pub fn set_present(&mut self, path: &str) {
        self.0.set_present(path);
    }

    /// As [`Workspace::remove`].
    pub fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// As [`Workspace::ask`].
    pub fn ask(&mut self, question: &str) -> Result<String, JsError> {
        self.0.ask(question).map_err(error)
    }
}

/// As [`about()`].
#[wasm_bindgen(js_name = about)]
pub fn about_linter(question: &str) -> Result<String, JsError> {
    about(question).map_err(error)
}

#[derive(Serialize)]
struct Work {
    during: String,
    file: String,
}

/// What is at work, for whoever finds the module dead without a word: a stack that came to its end does not panic.
#[wasm_bindgen(js_name = atWork)]
pub fn work() -> String {
    let work = at_work().unwrap_or_default();
    written(&Work { during: work.during, file: work.file }).unwrap_or_default()
}

/// The memory of the module.
#[wasm_bindgen(js_name = ownMemory)]
pub fn own_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// Runs when the module is made.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(tell));
}

fn tell(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("no message");
    let place = panic.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
    let work = at_work().unwrap_or_default();
    panicked(&format!("{message}{place}"), &work.during, &work.file);
}

fn error(message: String) -> JsError {
    JsError::new(&message)
}
