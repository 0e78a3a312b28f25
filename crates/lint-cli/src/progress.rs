//! How far a long run has come: on a terminal alone, and only after a second, since most runs are over by then.

use std::collections::HashMap;
use std::io::{IsTerminal as _, stderr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use lint_core::{FileError, Files, InGit};

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often what is shown is brought up to date.
const BEAT: Duration = Duration::from_millis(100);

/// How many of the files have been read: what there is to judge is read as its turn comes.
#[derive(Debug, Default)]
struct Counter {
    /// The files, and whether each was read; unknown while they are searched.
    files: OnceLock<HashMap<String, AtomicBool>>,
    read: AtomicU64,
}

impl Counter {
    /// Counts a file that is read, once.
    fn count(&self, name: &str) {
        let known = self.files.get().and_then(|files| files.get(name));
        if known.is_some_and(|was_read| !was_read.swap(true, Ordering::Relaxed)) {
            self.read.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn total(&self) -> Option<u64> {
        self.files.get().map(|files| files.len() as u64)
    }
}

/// A window to files that counts those that are read through it.
pub(crate) struct Counted<'a> {
    files: &'a dyn Files,
    counter: Option<Arc<Counter>>,
}

impl Files for Counted<'_> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        if let Some(counter) = &self.counter {
            counter.count(path);
        }
        self.files.read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.files.exists(path)
    }

    fn is_link(&self, path: &str) -> bool {
        self.files.is_link(path)
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        self.files.in_git(path)
    }

    fn scripts(&self) -> Vec<String> {
        self.files.scripts()
    }

    fn list(&self, directory: &str) -> Vec<String> {
        self.files.list(directory)
    }
}

/// What is shown until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    counter: Option<Arc<Counter>>,
    /// Dropped to say that the run is over.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins to wait. `is_wanted` is false where nothing but findings is.
    pub(crate) fn new(is_wanted: bool) -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if !is_wanted || is_dumb || !stderr().is_terminal() {
            return Self { counter: None, running: None, thread: None };
        }
        let counter = Arc::new(Counter::default());
        let (running, ended) = channel();
        let shared = Arc::clone(&counter);
        // Without a thread there is no picture, and the run goes on.
        let thread =
            thread::Builder::new().name("progress".to_owned()).spawn(move || show(&shared, &ended)).ok();
        Self { counter: Some(counter), running: Some(running), thread }
    }

    /// Says what is going to be judged.
    pub(crate) fn judging<'a>(&self, names: impl Iterator<Item = &'a String>) {
        if let Some(counter) = &self.counter {
            counter.files.get_or_init(|| names.map(|name| (name.clone(), AtomicBool::new(false))).collect());
        }
    }

    /// The same window, with what is read through it counted.
    pub(crate) fn watch<'a>(&self, files: &'a dyn Files) -> Counted<'a> {
        Counted { files, counter: self.counter.clone() }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.running = None;
        if let Some(thread) = self.thread.take() {
            // It leaves the terminal as it was, so it must have done so before anything else is printed.
            let _ = thread.join();
        }
    }
}

fn show(counter: &Counter, ended: &Receiver<()>) {
    if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let bar = ProgressBar::new_spinner();
    bar.set_message("looking for Dockerfiles and Compose files");
    while ended.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
        if let (Some(total), None) = (counter.total(), bar.length()) {
            let style = ProgressStyle::with_template("{bar:30} {pos} of {len} files judged, {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("#> "));
            bar.set_length(total);
        }
        match counter.total() {
            Some(_) => bar.set_position(counter.read.load(Ordering::Relaxed)),
            None => bar.tick(),
        }
    }
    bar.finish_and_clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_counted_once_and_only_those_that_are_judged() {
        let counter = Arc::new(Counter::default());
        counter.count("a");
        assert_eq!((counter.total(), counter.read.load(Ordering::Relaxed)), (None, 0));
        let progress = Progress { counter: Some(Arc::clone(&counter)), running: None, thread: None };
        progress.judging(["a".to_owned(), "b".to_owned()].iter());
        ["a", "a", "b", ".env"].into_iter().for_each(|name| counter.count(name));
        assert_eq!((counter.total(), counter.read.load(Ordering::Relaxed)), (Some(2), 2));
    }

    #[test]
    fn a_run_that_is_over_does_not_wait_for_its_picture() {
        let (running, ended) = channel();
        let before = std::time::Instant::now();
        drop(running);
        show(&Counter::default(), &ended);
        assert!(before.elapsed() < PATIENCE);
    }
}
