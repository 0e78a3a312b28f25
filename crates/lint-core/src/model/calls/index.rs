//! Which calls name a file.

use std::collections::{BTreeSet, HashMap};

use crate::model::kit::holes::is_known;

/// How many calls are kept whose file is known in part alone: each is compared with every file.
const MOST_PARTLY_KNOWN: usize = 500;

/// Which calls name a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    whole: HashMap<String, Vec<usize>>,
    /// Calls with a path of which a part is unknown.
    partly: Vec<usize>,
}

impl Index {
    pub(super) fn add<'p>(&mut self, call: usize, paths: impl Iterator<Item = &'p String>) {
        for path in paths {
            if is_known(path) {
                let calls = self.whole.entry(path.clone()).or_default();
                if calls.last() != Some(&call) {
                    calls.push(call);
                }
            } else if self.partly.len() < MOST_PARTLY_KNOWN && self.partly.last() != Some(&call) {
                self.partly.push(call);
            }
        }
    }

    /// The calls that name a file, or may.
    pub(super) fn of(&self, file: &str) -> BTreeSet<usize> {
        self.whole.get(file).into_iter().flatten().chain(&self.partly).copied().collect()
    }
}
