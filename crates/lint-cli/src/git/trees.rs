//! Paths in a tree.

use crate::git::Repository;
use crate::git::object::{Id, Kind};

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A file, with its text.
    File(Id),
    /// A directory.
    Directory,
    /// Nothing.
    Nothing,
    /// A link, or something behind one or in another repository: the tree does not hold it.
    Elsewhere,
}

impl Repository {
    /// What lies at a path from the root, `/`-separated; an empty one is the root itself.
    ///
    /// # Errors
    /// When a tree is not here, in one line: what is missing must not pass for unchanged.
    pub(crate) fn entry(&self, tree: Id, path: &str) -> Result<Entry, String> {
        let mut tree = tree;
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            let bytes = self.tree(tree)?;
            let Some((mode, id)) = child(&bytes, part.as_bytes(), tree.bytes().len()) else {
                return Ok(Entry::Nothing);
            };
            match mode {
                b"40000" => tree = id,
                b"100644" | b"100755" | b"100664" if parts.peek().is_none() => return Ok(Entry::File(id)),
                b"100644" | b"100755" | b"100664" => return Ok(Entry::Nothing),
                _ => return Ok(Entry::Elsewhere),
            }
        }
        Ok(Entry::Directory)
    }

    /// The files of a tree, as paths from its root, in the order of their names. A stranger may have made a tree that holds
    /// itself many times over: what lies too deep, or comes after too many, is an error.
    ///
    /// # Errors
    /// When a tree is not here, or there is more than is read, in one line.
    pub(crate) fn files(&self, tree: Id) -> Result<Vec<(String, Id)>, String> {
        let mut found = Vec::new();
        let mut open = vec![(String::new(), tree, 0)];
        let mut seen = 0;
        while let Some((prefix, id, depth)) = open.pop() {
            let bytes = self.tree(id)?;
            for (mode, name, id) in children(&bytes, id.bytes().len()) {
                seen += 1;
                if seen > MOST_ENTRIES || depth > DEEPEST {
                    return Err(format!(
                        "the tree has more than {MOST_ENTRIES} files, or is more than {DEEPEST} deep"
                    ));
                }
                // A name that is no text is none that anything refers to.
                let Ok(name) = std::str::from_utf8(name) else { continue };
                if matches!(name, "" | "." | ".." | ".git") || name.contains('/') {
                    continue;
                }
                let path = format!("{prefix}{name}");
                match mode {
                    b"40000" => open.push((format!("{path}/"), id, depth + 1)),
                    b"100644" | b"100755" | b"100664" => found.push((path, id)),
                    _ => {}
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn tree(&self, id: Id) -> Result<Vec<u8>, String> {
        match self.objects.read(id) {
            Some((Kind::Tree, bytes)) => Ok(bytes),
            _ => Err(format!("tree {id} is not here; {}", self.how_to_deepen())),
        }
    }
}

/// How many files and directories of a tree are looked at.
const MOST_ENTRIES: usize = 500_000;

/// How deep directories may lie.
const DEEPEST: usize = 64;

/// The mode, the name and the object of each entry of a tree.
fn children(tree: &[u8], width: usize) -> impl Iterator<Item = (&[u8], &[u8], Id)> {
    let mut rest = tree;
    std::iter::from_fn(move || {
        let space = rest.iter().take(8).position(|&byte| byte == b' ')?;
        let end = space + 1 + rest.get(space + 1..)?.iter().position(|&byte| byte == 0)?;
        let id = Id::new(rest.get(end + 1..end + 1 + width)?)?;
        let entry = (rest.get(..space)?, rest.get(space + 1..end)?, id);
        rest = rest.get(end + 1 + width..)?;
        Some(entry)
    })
}

/// The mode and the object of a name in a tree: `MODE NAME\0OBJECT`, one after another.
fn child<'a>(mut tree: &'a [u8], name: &[u8], width: usize) -> Option<(&'a [u8], Id)> {
    loop {
        let space = tree.iter().take(8).position(|&byte| byte == b' ')?;
        let end = space + 1 + tree[space + 1..].iter().position(|&byte| byte == 0)?;
        let id = tree.get(end + 1..end + 1 + width)?;
        if &tree[space + 1..end] == name {
            return Some((&tree[..space], Id::new(id)?));
        }
        tree = &tree[end + 1 + width..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_trees() {
        let mut tree = b"100644 Dockerfile\0".to_vec();
        tree.extend([1; 20]);
        tree.extend(b"40000 web\0");
        tree.extend([2; 20]);
        let found = |name: &str| child(&tree, name.as_bytes(), 20).map(|(mode, id)| (mode.to_vec(), id));
        assert_eq!(found("web"), Some((b"40000".to_vec(), Id::new(&[2; 20]).unwrap())));
        assert!(found("Dockerfile").is_some() && found("Docker").is_none() && found("").is_none());
        assert!(child(&tree[..30], b"web", 20).is_none() && child(b"", b"a", 20).is_none());
    }
}
