//! What is at work, for hosts where a panic is the end of everything.
//!
//! Where panics unwind they are caught for each subject and become a `Failure` that names the rule. WebAssembly aborts, and
//! whoever finds the module dead can still ask here what it died of.

use std::cell::RefCell;

/// A rule or a step of the engine, and the file that it was at work on.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AtWork {
    /// A rule's name, or a step of the engine.
    pub during: String,
    /// The file that was being linted.
    pub file: String,
}

thread_local! {
    static AT_WORK: RefCell<AtWork> = RefCell::default();
}

/// What this thread is doing; nothing is noted, and nothing told, where panics unwind.
#[must_use]
pub fn at_work() -> Option<AtWork> {
    AT_WORK.with_borrow(|now| (!now.during.is_empty()).then(|| now.clone()))
}

/// A file comes next.
pub(super) fn begins(file: &str) {
    if cfg!(panic = "abort") {
        AT_WORK.with_borrow_mut(|now| {
            file.clone_into(&mut now.file);
            "reading".clone_into(&mut now.during);
        });
    }
}

/// A rule or a step comes next.
pub(super) fn does(during: &str) {
    if cfg!(panic = "abort") {
        AT_WORK.with_borrow_mut(|now| during.clone_into(&mut now.during));
    }
}

/// What was begun is done.
pub(super) fn is_done() {
    if cfg!(panic = "abort") {
        AT_WORK.with_borrow_mut(|now| *now = AtWork::default());
    }
}
