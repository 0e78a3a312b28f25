//! Which projects run on one host.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::calls::Calls;
use crate::model::repository::alternatives::{are_alternatives, are_beside, differ_in_way};
use crate::model::repository::claims::{ClaimedService, Claims, Key};

/// How many projects a repository may have of which nothing shows that they belong together. What has more is a collection.
const MOST_UNPROVEN: usize = 6;

/// How many projects that take the same are compared with one another.
const MOST_ALIKE: usize = 40;

/// How many pairs are looked at.
const MOST_PAIRS: usize = 5_000;

/// The projects of a repository that take the same of their host.
#[derive(Clone, Debug, Default)]
pub struct Repository<'c> {
    /// Those that run together, or may.
    pub pairs: Vec<Neighbours<'c>>,
}

/// Two projects that take the same of their host, in the order of the files.
#[derive(Clone, Debug)]
pub struct Neighbours<'c> {
    /// The one.
    pub one: &'c Claims,
    /// The other.
    pub other: &'c Claims,
    /// What shows that they run together.
    pub why: Why,
    /// Whether some command line gives one of them another name.
    pub is_renamed: bool,
}

/// What shows that two projects run together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A file starts both.
    Started(String),
    /// One has to do with what the other makes: a network, a volume, a container of that name.
    Uses(String),
    /// Both are in a network that somebody else makes.
    Meet(String),
    /// Nothing, but nothing shows the opposite either.
    Perhaps,
}

impl<'c> Repository<'c> {
    /// The projects of a run. What command lines start is asked only where two projects take the same.
    #[must_use]
    pub fn of<'a>(projects: &[&'c Claims], calls: impl FnOnce() -> &'a Calls) -> Self {
        let mut by_key: HashMap<Key<'c>, Vec<usize>> = HashMap::new();
        for (at, claims) in projects.iter().enumerate() {
            let keys: std::collections::HashSet<Key<'c>> = claims.keys().collect();
            keys.into_iter().for_each(|key| by_key.entry(key).or_default().push(at));
        }
        let mut alike: BTreeSet<(usize, usize)> = BTreeSet::new();
        for takers in by_key.values().filter(|takers| takers.len() > 1) {
            for (index, one) in takers.iter().take(MOST_ALIKE).enumerate() {
                let others = takers.iter().take(MOST_ALIKE).skip(index + 1);
                alike.extend(others.map(|other| (*one.min(other), *one.max(other))));
            }
        }
        if alike.is_empty() {
            return Self::default();
        }
        let calls = calls();
        let started = calls.started_together(projects);
        let is_renamed = |at: usize| projects[at].started.iter().any(|file| calls.is_renamed(file));
        let pairs = alike.into_iter().take(MOST_PAIRS).filter_map(|(one, other)| {
            let why = why(projects, (one, other), &started)?;
            let is_renamed = is_renamed(one) || is_renamed(other);
            Some(Neighbours { one: projects[one], other: projects[other], why, is_renamed })
        });
        Self { pairs: pairs.collect() }
    }
}

fn why(
    projects: &[&Claims],
    (at, other_at): (usize, usize),
    started: &BTreeMap<(usize, usize), &str>,
) -> Option<Why> {
    let (one, other) = (projects[at], projects[other_at]);
    if !one.files.is_disjoint(&other.files) {
        return None;
    }
    if let Some(caller) = started.get(&(at, other_at)) {
        return Some(Why::Started((*caller).to_owned()));
    }
    if are_beside(one, other) {
        return None;
    }
    if let Some(name) = used(one, other).or_else(|| used(other, one)) {
        return Some(Why::Uses(name));
    }
    if let Some(name) = one.outer_networks.intersection(&other.outer_networks).next()
        && !differ_in_way(one, other)
    {
        return Some(Why::Meet(name.clone()));
    }
    (projects.len() <= MOST_UNPROVEN && !are_alternatives(one, other)).then_some(Why::Perhaps)
}

/// What one project makes and another one expects to be there.
fn used(user: &Claims, maker: &Claims) -> Option<String> {
    let network = maker.networks.iter().find(|made| user.outer_networks.contains(&made.name));
    let volume = || maker.volumes.iter().find(|made| user.outer_volumes.contains(&made.name));
    let container = || maker.containers.iter().find(|made| user.outer_containers.contains(&made.name));
    let made = network.or_else(volume).or_else(container).map(|made| made.name.clone());
    // The network that every project has.
    let default = || {
        let name = format!("{}_default", maker.name.as_ref()?.0);
        user.outer_networks.contains(&name).then_some(name)
    };
    made.or_else(default)
}

impl Calls {
    /// Which of some projects one file starts and leaves running side by side.
    fn started_together(&self, projects: &[&Claims]) -> BTreeMap<(usize, usize), &str> {
        let mut by_file: HashMap<&str, Vec<usize>> = HashMap::new();
        // A file that another one includes is judged as a part of that.
        let mut parts: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, claims) in projects.iter().enumerate() {
            if let Some(first) = claims.started.first() {
                by_file.entry(first).or_default().push(at);
            }
            for file in &claims.files {
                parts.entry(file).or_default().push(at);
            }
        }
        let of = |files: &[String]| -> Vec<usize> {
            let Some(first) = files.first().map(String::as_str) else { return Vec::new() };
            let known = by_file.get(first).into_iter().flatten().copied();
            // One file alone stands for what Compose adds to it.
            let known: Vec<usize> =
                known.filter(|at| files.len() == 1 || projects[*at].started == files).collect();
            let is_part = known.is_empty() && files.len() == 1;
            if is_part { parts.get(first).cloned().unwrap_or_default() } else { known }
        };
        let mut together = BTreeMap::new();
        for pair in self.together() {
            for one in of(&pair.first) {
                for other in of(&pair.second).into_iter().filter(|other| *other != one) {
                    together.entry((one.min(other), one.max(other))).or_insert(pair.caller.as_str());
                }
            }
        }
        together
    }
}

impl<'c> Neighbours<'c> {
    /// The services that both have, by their names.
    pub fn shared_services(&self) -> impl Iterator<Item = (&'c ClaimedService, &'c ClaimedService)> {
        let (ours, theirs) = (&self.one.services, &self.other.services);
        ours.iter().filter_map(|one| Some((one, theirs.iter().find(|other| other.name == one.name)?)))
    }

    /// Whether one start would take the other's container for its own: both are called the same and have a service in common.
    #[must_use]
    pub fn shares_a_service(&self) -> bool {
        let name = |claims: &Claims| claims.name.as_ref().map(|(name, _)| name.clone());
        name(self.one) == name(self.other) && self.shared_services().next().is_some()
    }
}

impl Why {
    /// The same in words, for the beginning of a sentence.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Why::Started(file) => format!("`{file}` starts both"),
            Why::Uses(name) => format!("one of them needs `{name}` of the other"),
            Why::Meet(name) => format!("both are in the network `{name}`"),
            Why::Perhaps => "both may be started on one host".to_owned(),
        }
    }
}
