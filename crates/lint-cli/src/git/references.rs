//! From what somebody types to a commit.

use std::path::Path;

use crate::git::object::{Id, Kind};
use crate::git::{Repository, SMALL, read_text};

/// The largest file of packed references that is read.
const LIMIT: u64 = 256 << 20;

/// How many references and tags may point at each other.
const DEEPEST: usize = 10;

/// The most that is counted back.
const FURTHEST: usize = 1_000_000;

impl Repository {
    /// The commit that `revision` names: a branch, a tag, a remote's branch or a commit, with `~2` and `^2` behind it.
    ///
    /// # Errors
    /// When there is none, or not here.
    pub(super) fn resolve(&self, revision: &str) -> Result<Id, String> {
        let end = revision.find(['~', '^']).unwrap_or(revision.len());
        let (name, mut steps) = revision.split_at(end);
        let mut id = self.named(name)?;
        while !steps.is_empty() {
            let digits = steps[1..].find(|c: char| !c.is_ascii_digit()).map_or(steps.len(), |at| at + 1);
            let count = match &steps[1..digits] {
                "" => 1,
                number => {
                    number.parse().ok().filter(|&count| count <= FURTHEST).ok_or_else(|| unknown(revision))?
                }
            };
            id = match (&steps[..1], count) {
                ("~", count) => (0..count).try_fold(id, |id, _| self.parent(id, 0, revision))?,
                ("^", 0) => id,
                ("^", number) => self.parent(id, number - 1, revision)?,
                _ => return Err(unknown(revision)),
            };
            steps = &steps[digits..];
        }
        Ok(id)
    }

    fn parent(&self, id: Id, number: usize, revision: &str) -> Result<Id, String> {
        let parents = self.commit(id)?.parents;
        parents.get(number).copied().ok_or_else(|| match self.is_shallow() {
            true => format!("`{revision}` lies before what was fetched; {}", self.how_to_deepen()),
            false => format!("`{revision}` lies before the first commit"),
        })
    }

    /// The commit of a name by itself.
    fn named(&self, name: &str) -> Result<Id, String> {
        let name = if name == "@" { "HEAD" } else { name };
        let by_hash = Id::parse(name).filter(|id| self.peel(*id).is_some());
        let found = by_hash
            .or_else(|| self.reference(name))
            .map_or_else(|| self.abbreviated(name), |id| Ok(Some(id)))?;
        match found {
            Some(id) => {
                self.peel(id).ok_or_else(|| format!("`{name}` is no commit, or one that is not here"))
            }
            None if self.common.join("reftable").is_dir() => Err(format!(
                "this repository keeps its references in a form that is not read here; name a commit by its hash in place of `{name}`"
            )),
            None => Err(unknown(name)),
        }
    }

    /// A reference, in the order in which Git looks for one.
    fn reference(&self, name: &str) -> Option<Id> {
        if !is_reference(name) {
            return None;
        }
        let forms = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
        let mut names: Vec<String> = forms.iter().map(|form| format!("{form}{name}")).collect();
        names.push(format!("refs/remotes/{name}/HEAD"));
        let packed = read_text(&self.common.join("packed-refs"), LIMIT).unwrap_or_default();
        names.iter().find_map(|name| self.follow(name, &packed))
    }

    fn follow(&self, name: &str, packed: &str) -> Option<Id> {
        let mut name = name.to_owned();
        for _ in 0..DEEPEST {
            let loose = |directory: &Path| read_text(&directory.join(&name), SMALL);
            let Some(text) = loose(&self.own).or_else(|| loose(&self.common)) else {
                let line =
                    packed.lines().find_map(|line| line.strip_suffix(name.as_str())?.strip_suffix(' '));
                return line.and_then(Id::parse);
            };
            match text.strip_prefix("ref:") {
                Some(next) if is_reference(next.trim()) => name = next.trim().to_owned(),
                Some(_) => return None,
                None => return Id::parse(text.trim()),
            }
        }
        None
    }

    fn abbreviated(&self, name: &str) -> Result<Option<Id>, String> {
        if !(4..=64).contains(&name.len()) || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let commits: Vec<Id> =
            self.objects.beginning_with(name).into_iter().filter(|id| self.peel(*id).is_some()).collect();
        match commits.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            several => {
                Err(format!("`{name}` is the beginning of {} commits; write more of it", several.len()))
            }
        }
    }

    /// The commit behind tags.
    fn peel(&self, id: Id) -> Option<Id> {
        let mut id = id;
        for _ in 0..DEEPEST {
            let (kind, bytes) = self.objects.read(id)?;
            match kind {
                Kind::Commit => return Some(id),
                Kind::Tag => {
                    let line = bytes.split(|&byte| byte == b'\n').next()?;
                    id = Id::parse(std::str::from_utf8(line.strip_prefix(b"object ")?).ok()?)?;
                }
                Kind::Tree | Kind::Blob => return None,
            }
        }
        None
    }
}

fn unknown(revision: &str) -> String {
    format!("there is no revision `{revision}` here; a remote's branch has to be fetched first")
}

/// Whether a text may be the name of a reference. It becomes a path, so it must not lead out of the directory.
fn is_reference(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.');
    let is_odd = |c: char| c.is_control() || matches!(c, ' ' | '\\' | ':' | '?' | '*' | '[');
    name.len() <= 1024 && name.split('/').all(is_part) && !name.contains(is_odd)
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn names_of_references_stay_inside() {
        for name in ["HEAD", "main", "origin/main", "refs/heads/feature/x", "v1.0"] {
            assert!(is_reference(name), "{name}");
        }
        for name in
            ["", "../config", "a/../../b", "/etc/passwd", "a//b", "C:x", "a\\b", ".git", "a b", "config."]
        {
            assert!(!is_reference(name), "{name}");
        }
    }
}
