//! Commits and where branches parted.

use std::collections::{BinaryHeap, HashMap};

use crate::git::object::{Id, Kind};
use crate::git::{Repository, read_text};

/// How many commits are looked at in search of a common one.
const MOST: usize = 500_000;

/// What is read of a commit.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) tree: Id,
    pub(super) parents: Vec<Id>,
    /// When it was made, in seconds. Those before 1970 are as good as there.
    date: u64,
}

/// Reachable from our side, from theirs; and then from a common commit already.
const OURS: u8 = 1;
const THEIRS: u8 = 2;
const BEFORE: u8 = 4;

impl Repository {
    /// A commit, without parents that were not fetched.
    ///
    /// # Errors
    /// When it is not here.
    pub(super) fn commit(&self, id: Id) -> Result<Commit, String> {
        let missing = || format!("commit {id} is not here; {}", self.how_to_deepen());
        let (kind, bytes) = self.objects.read(id).ok_or_else(missing)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut commit = (kind == Kind::Commit).then(|| parse(&text)).flatten().ok_or_else(missing)?;
        if !commit.parents.is_empty() && self.shallow().contains(&id.to_string()) {
            commit.parents.clear();
        }
        Ok(commit)
    }

    /// The commits whose parents were not fetched.
    fn shallow(&self) -> String {
        read_text(&self.common.join("shallow"), 16 << 20).unwrap_or_default()
    }

    pub(super) fn is_shallow(&self) -> bool {
        !self.shallow().trim().is_empty()
    }

    /// What brings the history that is missing.
    pub(super) fn how_to_deepen(&self) -> &'static str {
        if self.is_shallow() {
            "only a part of the history was fetched: `git fetch --unshallow`, `fetch-depth: 0` of actions/checkout or `GIT_DEPTH: 0` of GitLab brings the rest"
        } else {
            "`git fetch` may bring it"
        }
    }

    /// The newest commit that two have in common: Git's own way, which looks at no more of the history than lies between them.
    ///
    /// # Errors
    /// When there is none, or the history does not reach as far.
    pub(super) fn merge_base(&self, ours: Id, theirs: Id, revision: &str) -> Result<Id, String> {
        if ours == theirs {
            return Ok(ours);
        }
        let mut walk = Walk::default();
        walk.reach(ours, self.commit(ours)?, OURS);
        walk.reach(theirs, self.commit(theirs)?, THEIRS);
        let mut common = Vec::new();
        while walk.open > 0
            && let Some((date, id, parents, sides)) = walk.next()
        {
            let is_common = sides == OURS | THEIRS;
            if is_common {
                common.push((date, id));
            }
            for parent in parents {
                if walk.seen.len() >= MOST {
                    return Err(format!(
                        "`{revision}` and HEAD have no common commit among the newest {MOST}"
                    ));
                }
                let commit = match walk.seen.get(&parent) {
                    Some(seen) => seen.commit.clone(),
                    None => self.commit(parent)?,
                };
                walk.reach(parent, commit, if is_common { sides | BEFORE } else { sides });
            }
        }
        let best = common
            .into_iter()
            .filter(|(_, id)| walk.seen.get(id).is_some_and(|seen| seen.sides & BEFORE == 0))
            .max();
        best.map(|(_, id)| id).ok_or_else(|| match self.is_shallow() {
            true => format!(
                "`{revision}` and HEAD have no commit in common that is here; {}",
                self.how_to_deepen()
            ),
            false => format!("`{revision}` and HEAD have no commit in common"),
        })
    }
}

/// A way back through the history from two commits, the newest first.
#[derive(Default)]
struct Walk {
    seen: HashMap<Id, Seen>,
    queue: BinaryHeap<(u64, Id)>,
    /// How many in the queue may still lead to a common commit.
    open: usize,
}

struct Seen {
    commit: Commit,
    /// What it can be reached from.
    sides: u8,
    /// How often it is in the queue.
    queued: usize,
}

impl Walk {
    /// Puts a commit into the queue unless it is known to be reached from there.
    fn reach(&mut self, id: Id, commit: Commit, sides: u8) {
        let seen = self.seen.entry(id).or_insert(Seen { commit, sides: 0, queued: 0 });
        if seen.sides & sides == sides {
            return;
        }
        let was_before = seen.sides & BEFORE != 0;
        seen.sides |= sides;
        match (was_before, seen.sides & BEFORE != 0) {
            (false, false) => self.open += 1,
            // All that waited have nothing more to say.
            (false, true) => self.open -= seen.queued,
            (true, _) => {}
        }
        seen.queued += 1;
        self.queue.push((seen.commit.date, id));
    }

    fn next(&mut self) -> Option<(u64, Id, Vec<Id>, u8)> {
        let (date, id) = self.queue.pop()?;
        let seen = self.seen.get_mut(&id)?;
        seen.queued -= 1;
        if seen.sides & BEFORE == 0 {
            self.open -= 1;
        }
        Some((date, id, seen.commit.parents.clone(), seen.sides))
    }
}

/// The head of a commit's text.
fn parse(text: &str) -> Option<Commit> {
    let mut lines = text.lines().take_while(|line| !line.is_empty());
    let tree = Id::parse(lines.next()?.strip_prefix("tree ")?)?;
    let (mut parents, mut date) = (Vec::new(), 0);
    for line in lines {
        if let Some(parent) = line.strip_prefix("parent ") {
            parents.push(Id::parse(parent)?);
        } else if line.starts_with("committer ") {
            date = line.rsplit(' ').nth(1).and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
        }
    }
    Some(Commit { tree, parents, date })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> Id {
        Id::new(&[number; 20]).unwrap()
    }

    /// What two commits have in common in a history of (commit, its parents), dated by their numbers.
    fn common(history: &[(u8, &[u8])], ours: u8, theirs: u8) -> Vec<u8> {
        let commit = |number: u8| {
            let parents = history.iter().find(|(n, _)| *n == number).map_or(&[][..], |(_, parents)| parents);
            Commit { tree: id(0), parents: parents.iter().map(|&p| id(p)).collect(), date: u64::from(number) }
        };
        let mut walk = Walk::default();
        walk.reach(id(ours), commit(ours), OURS);
        walk.reach(id(theirs), commit(theirs), THEIRS);
        let mut found = Vec::new();
        while walk.open > 0 {
            let (_, id, parents, sides) = walk.next().unwrap();
            let is_common = sides == OURS | THEIRS;
            found.extend(is_common.then_some(id));
            for parent in parents {
                let below = if is_common { sides | BEFORE } else { sides };
                walk.reach(parent, commit(parent.bytes()[0]), below);
            }
        }
        let mut best: Vec<u8> = found
            .into_iter()
            .filter(|id| walk.seen[id].sides & BEFORE == 0)
            .map(|id| id.bytes()[0])
            .collect();
        best.dedup();
        best
    }

    #[test]
    fn branches_part_where_they_parted() {
        let line: &[(u8, &[u8])] = &[(1, &[]), (2, &[1]), (3, &[2]), (4, &[2])];
        assert_eq!(common(line, 3, 4), [2]);
        assert_eq!(common(line, 4, 1), [1]);
        // After a merge the newest common commit is the merged one.
        let merged: &[(u8, &[u8])] = &[(1, &[]), (2, &[1]), (3, &[1]), (4, &[3, 2]), (5, &[2])];
        assert_eq!(common(merged, 4, 5), [2]);
        // A child that is dated before its parent hides nothing.
        let odd: &[(u8, &[u8])] = &[(9, &[]), (5, &[9]), (6, &[9]), (3, &[5])];
        assert_eq!(common(odd, 3, 6), [9]);
        assert_eq!(common(&[(1, &[]), (2, &[])], 1, 2), Vec::<u8>::new());
        // A repository that somebody has made by hand may go round in circles.
        assert_eq!(common(&[(1, &[2]), (2, &[1]), (3, &[1])], 3, 4), Vec::<u8>::new());
    }

    #[test]
    fn commits_are_read_to_the_end_of_their_head() {
        let text = format!(
            "tree {0}\nparent {0}\nauthor A <a@b> 1 +0000\ncommitter B <a@b> 77 +0000\n\nparent x\n",
            id(7)
        );
        let commit = parse(&text).unwrap();
        assert_eq!((commit.tree, commit.parents.as_slice(), commit.date), (id(7), &[id(7)][..], 77));
        assert!(parse("").is_none() && parse("tree x\n").is_none());
    }
}
