//! What is started and left running while something else is started: one script brings up both.
//!
//! What stands in another branch, in a test, or in a README that shows one way after the other, proves nothing. Neither does what is
//! stopped before the other one is started, nor what waits until it ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::calls::Deed;
use crate::model::kit::holes::is_known;

/// How many lists of files are known to run at once; a script that starts more repeats itself.
const MOST_RUNNING: usize = 64;

/// How many pairs are kept of all files.
const MOST_PAIRS: usize = 10_000;

/// How deep targets may need one another.
const DEEPEST: usize = 8;

/// Two lists of Compose files that run at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// The file that starts both.
    pub caller: String,
    /// The files of the one that is started first.
    pub first: Vec<String>,
    /// The files of the other.
    pub second: Vec<String>,
}

/// What one file does, in its order.
pub(super) struct Course<'p> {
    caller: &'p str,
    before: BTreeMap<usize, Vec<usize>>,
    groups: BTreeMap<usize, Vec<(Deed, Vec<String>)>>,
}

impl<'p> Course<'p> {
    pub(super) fn new(caller: &'p str, before: Vec<(usize, Vec<usize>)>) -> Self {
        Self { caller, before: before.into_iter().collect(), groups: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, group: Option<usize>, deed: Deed, files: &[String]) {
        if let Some(group) = group.filter(|_| deed != Deed::Other && files.iter().all(|file| is_known(file)))
        {
            self.groups.entry(group).or_default().push((deed, files.to_vec()));
        }
    }

    /// Adds what runs at once.
    pub(super) fn end(self, all: &mut Vec<Together>) {
        if self.groups.values().map(Vec::len).sum::<usize>() < 2 {
            return;
        }
        let wholes: BTreeSet<usize> = self.groups.keys().chain(self.before.keys()).copied().collect();
        for group in wholes {
            let mut deeds = Vec::new();
            self.deeds(group, 0, &mut BTreeSet::new(), &mut deeds);
            let mut running: Vec<&Vec<String>> = Vec::new();
            for (deed, files) in deeds {
                running.retain(|known| *known != files);
                if matches!(deed, Deed::Up | Deed::Foreground) {
                    for known in &running {
                        let pair = Together {
                            caller: self.caller.to_owned(),
                            first: (*known).clone(),
                            second: files.clone(),
                        };
                        if all.len() < MOST_PAIRS && !all.contains(&pair) {
                            all.push(pair);
                        }
                    }
                }
                if deed == Deed::Up && running.len() < MOST_RUNNING {
                    running.push(files);
                }
            }
        }
    }

    /// What a group does, what is done before it first. Each group once.
    fn deeds<'g>(
        &'g self,
        group: usize,
        depth: usize,
        seen: &mut BTreeSet<usize>,
        deeds: &mut Vec<(Deed, &'g Vec<String>)>,
    ) {
        if depth > DEEPEST || !seen.insert(group) {
            return;
        }
        for before in self.before.get(&group).into_iter().flatten() {
            self.deeds(*before, depth + 1, seen, deeds);
        }
        deeds.extend(self.groups.get(&group).into_iter().flatten().map(|(deed, files)| (*deed, files)));
    }
}
