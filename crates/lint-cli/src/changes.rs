//! What a change makes of projects, services and images.

pub(crate) mod render;

use std::collections::{BTreeMap, BTreeSet};

use lint_core::policy::{Fact, Portrait};
use lint_core::{Finding, Report};

/// What two revisions are.
pub(crate) struct Sides<'s> {
    pub(crate) before: (&'s [Portrait], &'s Report),
    pub(crate) after: (&'s [Portrait], &'s Report),
}

/// What is different.
#[derive(Debug, Default)]
pub(crate) struct Changes<'s> {
    /// What has changed, been added, or gone, in the order of files.
    pub(crate) subjects: Vec<Changed<'s>>,
    /// The findings that come.
    pub(crate) new: Vec<&'s Finding>,
    /// The findings that go.
    pub(crate) gone: Vec<&'s Finding>,
    /// How many services and images were compared.
    pub(crate) compared: usize,
}

/// A project, a service or an image that is not what it was.
#[derive(Debug)]
pub(crate) struct Changed<'s> {
    pub(crate) before: Option<&'s Portrait>,
    pub(crate) after: Option<&'s Portrait>,
    pub(crate) facts: Vec<Difference<'s>>,
}

/// Something that is true of one side alone, or not the same on both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference<'s> {
    pub(crate) before: Option<&'s Fact>,
    pub(crate) after: Option<&'s Fact>,
}

/// What a difference means for who wants in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Worse,
    Better,
    Other,
}

impl Difference<'_> {
    pub(crate) fn verdict(&self) -> Verdict {
        let weight = |fact: Option<&Fact>| fact.map_or(0, |fact| fact.weight);
        let is_open = |fact: Option<&Fact>| fact.is_some_and(|fact| fact.value == "(unknown)");
        match weight(self.after).cmp(&weight(self.before)) {
            _ if is_open(self.before) || is_open(self.after) => Verdict::Other,
            std::cmp::Ordering::Greater => Verdict::Worse,
            std::cmp::Ordering::Less => Verdict::Better,
            std::cmp::Ordering::Equal => Verdict::Other,
        }
    }

    /// What it is about.
    pub(crate) fn aspect(&self) -> &str {
        self.after.or(self.before).map_or("", |fact| fact.aspect)
    }

    pub(crate) fn item(&self) -> &str {
        self.after.or(self.before).map_or("", |fact| fact.item.as_str())
    }
}

impl Changed<'_> {
    /// What it is, as it is called now.
    pub(crate) fn subject(&self) -> Option<&Portrait> {
        self.after.or(self.before)
    }
}

impl Changes<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.subjects.is_empty() && self.new.is_empty() && self.gone.is_empty()
    }
}

/// Compares two revisions.
pub(crate) fn compare<'s>(sides: &Sides<'s>) -> Changes<'s> {
    let pairs = pairs(sides.before.0, sides.after.0);
    let is_container =
        |(before, after): &&Pair<'_>| before.or(*after).is_some_and(|one| one.kind != "project");
    let compared = pairs.iter().filter(is_container).count();
    let mut changes = Changes { compared, ..Changes::default() };
    for (before, after) in pairs {
        let facts = match (before, after) {
            (Some(before), Some(after)) => differences(&before.facts, &after.facts),
            _ => Vec::new(),
        };
        let is_same = before.is_some() && after.is_some() && facts.is_empty();
        if !is_same {
            changes.subjects.push(Changed { before, after, facts });
        }
    }
    changes.subjects.sort_by_cached_key(|changed| {
        let is_worse = changed.facts.iter().any(|one| one.verdict() == Verdict::Worse);
        (!is_worse, changed.subject().map(|one| (one.file.clone(), one.kind != "project", one.name.clone())))
    });
    changes.new = more(&sides.after.1.findings, &sides.before.1.findings);
    changes.gone = more(&sides.before.1.findings, &sides.after.1.findings);
    changes
}

type Pair<'s> = (Option<&'s Portrait>, Option<&'s Portrait>);

/// What something is known by.
type Key<'p> = (&'p str, &'p str, &'p str);

/// What is known by one key on both sides.
type Alike<'p> = (Vec<&'p Portrait>, Vec<&'p Portrait>);

/// Which of both sides are one thing: of one name in one file; else in one directory, in one file, or of one name at all where
/// nothing else is.
fn pairs<'s>(before: &'s [Portrait], after: &'s [Portrait]) -> Vec<Pair<'s>> {
    let keys: [fn(&Portrait) -> Key<'_>; 5] = [
        |one| (one.kind, &one.file, &one.name),
        |one| (one.kind, one.directory(), &one.name),
        |one| (one.kind, &one.file, ""),
        |one| (one.kind, "", &one.name),
        |one| (one.kind, one.directory(), ""),
    ];
    let (mut left, mut right): (Vec<&Portrait>, Vec<&Portrait>) =
        (before.iter().collect(), after.iter().collect());
    let mut pairs = Vec::new();
    for (round, key) in keys.into_iter().enumerate() {
        let mut by_key: BTreeMap<Key<'_>, Alike<'_>> = BTreeMap::new();
        left.iter().for_each(|one| by_key.entry(key(one)).or_default().0.push(one));
        right.iter().for_each(|one| by_key.entry(key(one)).or_default().1.push(one));
        (left, right) = (Vec::new(), Vec::new());
        for ((kind, ..), (mut ours, mut theirs)) in by_key {
            // A service of another name is another service; an image is known by its file, whatever its stages are called.
            let is_loose = round >= 2 && kind == "service" && round != 3;
            let is_one = !is_loose && (round == 0 || ours.len() == 1 && theirs.len() == 1);
            while is_one && !ours.is_empty() && !theirs.is_empty() {
                pairs.push((Some(ours.remove(0)), Some(theirs.remove(0))));
            }
            left.extend(ours);
            right.extend(theirs);
        }
    }
    pairs.extend(left.into_iter().map(|one| (Some(one), None)));
    pairs.extend(right.into_iter().map(|one| (None, Some(one))));
    // A project by itself says nothing that its services do not.
    pairs.retain(|(before, after)| {
        before.is_some() && after.is_some() || before.or(*after).is_some_and(|one| one.kind != "project")
    });
    pairs
}

fn differences<'s>(before: &'s [Fact], after: &'s [Fact]) -> Vec<Difference<'s>> {
    let index = |facts: &'s [Fact]| {
        let mut index: BTreeMap<(&'s str, &'s str), &'s Fact> = BTreeMap::new();
        index.extend(facts.iter().map(|fact| ((fact.aspect, fact.item.as_str()), fact)));
        index
    };
    let (old, new) = (index(before), index(after));
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    // In the order in which they are told of one thing.
    let order = |aspect: &str| {
        let facts = before.iter().chain(after);
        facts.map(|fact| fact.aspect).position(|one| one == aspect).unwrap_or(usize::MAX)
    };
    let mut all: Vec<Difference<'s>> = keys
        .into_iter()
        .map(|key| Difference { before: old.get(&key).copied(), after: new.get(&key).copied() })
        .filter(|one| one.before.map(|fact| &fact.value) != one.after.map(|fact| &fact.value))
        .collect();
    // A container that is privileged has all capabilities, and that is told in one line.
    let is_privileged = |fact: &&Fact| fact.aspect == "privileged" && fact.value == "true";
    if before.iter().chain(after).any(|fact| is_privileged(&fact)) {
        all.retain(|one| one.aspect() != "capability");
    }
    all.sort_by_key(|one| (one.verdict() != Verdict::Worse, order(one.aspect())));
    all
}

/// The findings that are more on one side, whatever lines and files they have gone to.
fn more<'s>(here: &'s [Finding], there: &'s [Finding]) -> Vec<&'s Finding> {
    let kind = |finding: &Finding| (finding.rule().name, finding.service.clone());
    let mut known: BTreeMap<(&str, Option<String>), usize> = BTreeMap::new();
    there.iter().for_each(|finding| *known.entry(kind(finding)).or_default() += 1);
    let messages: BTreeSet<(&str, &str)> =
        there.iter().map(|finding| (finding.rule().name, finding.message())).collect();
    let mut found: Vec<&Finding> = here.iter().collect();
    // Of those alike, the ones that say something else are the new ones.
    found.sort_by_key(|finding| !messages.contains(&(finding.rule().name, finding.message())));
    found.retain(|finding| match known.get_mut(&kind(finding)).filter(|left| **left > 0) {
        Some(left) => {
            *left -= 1;
            false
        }
        None => true,
    });
    found.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.location()));
    found
}
