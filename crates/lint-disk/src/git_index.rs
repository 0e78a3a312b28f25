//! Which files git tracks: read from the index, since nothing that is found is run.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The largest index that is read. One of 100,000 files has some 10 MB.
const LIMIT: u64 = 128 * 1024 * 1024;

/// The longest path that is kept; a system takes no longer ones.
const LONGEST: usize = 4096;

/// What a file of an entry is, in the upper four bits of its mode.
const REGULAR: u16 = 0b1000;
const LINK: u16 = 0b1010;

/// The mode of a file that cannot be run.
const PLAIN: u16 = 0o100_644;

/// The files that the repository around a directory tracks and whose path is `wanted`, from the repository's root, which comes
/// first. `None` where there is no repository, or none whose index can be read.
pub fn tracked(directory: &Path, wanted: impl Fn(&Path) -> bool) -> Option<(PathBuf, Vec<PathBuf>)> {
    let directory = directory.canonicalize().ok()?;
    let root = directory.ancestors().find(|above| above.join(".git").exists())?;
    let index = read(&git_directory(&root.join(".git"))?.join("index"), LIMIT)?;
    Some((root.to_path_buf(), paths(&index, wanted)?))
}

/// The files that the repository of this root tracks, and whether each can be run. A link counts as one that can: what it leads to
/// decides.
pub(crate) fn modes(root: &Path) -> Option<Vec<(String, bool)>> {
    let index = read(&git_directory(&root.join(".git"))?.join("index"), LIMIT)?;
    let entries = entries(&index, |_| true)?;
    let mut files: Vec<(String, bool)> = entries
        .into_iter()
        .filter_map(|(path, mode)| Some((path.into_os_string().into_string().ok()?, mode != PLAIN)))
        .collect();
    // Git writes them in order; somebody else may not.
    if !files.is_sorted_by(|one, other| one.0.as_bytes() <= other.0.as_bytes()) {
        files.sort();
    }
    Some(files)
}

/// `.git` itself, or where the file of that name says that it is.
#[must_use]
pub fn git_directory(git: &Path) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git.to_path_buf());
    }
    let text = String::from_utf8(read(git, 4096)?).ok()?;
    Some(git.parent()?.join(text.strip_prefix("gitdir:")?.trim()))
}

/// The bytes of a regular file that is not larger than so many.
#[must_use]
pub fn read(path: &Path, limit: u64) -> Option<Vec<u8>> {
    let metadata =
        fs::metadata(path).ok().filter(|metadata| metadata.is_file() && metadata.len() <= limit)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
    File::open(path).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The paths of an index of version 2, 3 or 4. What stands after a fault is not read.
fn paths(index: &[u8], wanted: impl Fn(&Path) -> bool) -> Option<Vec<PathBuf>> {
    Some(entries(index, wanted)?.into_iter().map(|(path, _)| path).collect())
}

/// The same with their modes.
fn entries(index: &[u8], wanted: impl Fn(&Path) -> bool) -> Option<Vec<(PathBuf, u16)>> {
    let mut bytes = Bytes { rest: index };
    if bytes.take(4)? != b"DIRC" {
        return None;
    }
    let (version, count) = (bytes.number()?, bytes.number()?);
    if !(2..=4).contains(&version) {
        return None;
    }
    let (mut found, mut name) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let Some(mode) = bytes.entry(version, &mut name) else { break };
        if !matches!(mode >> 12, REGULAR | LINK) {
            continue;
        }
        let Ok(path) = std::str::from_utf8(&name).map(Path::new) else { continue };
        if is_inside(path) && wanted(path) {
            found.push((path.to_path_buf(), mode));
        }
    }
    Some(found)
}

/// Whether a path leads nowhere but into the repository. Git writes no other; somebody else may.
fn is_inside(path: &Path) -> bool {
    use std::path::Component;
    path.components().all(|part| matches!(part, Component::Normal(name) if name != ".git"))
}

struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    fn short(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    /// Reads an entry: its path into `name`, which holds the one before; its mode.
    fn entry(&mut self, version: u32, name: &mut Vec<u8>) -> Option<u16> {
        let begin = self.rest.len();
        // Two times, device, inode; then what it is; then owner, group, size and the object's SHA-1.
        self.take(24)?;
        let mode = u16::try_from(self.number()? & 0xFFFF).ok()?;
        self.take(12 + 20)?;
        let flags = self.short()?;
        if flags & 0x4000 != 0 {
            self.take(2)?;
        }
        if version == 4 {
            let dropped = self.variable()?;
            name.truncate(name.len().checked_sub(dropped)?);
            name.extend(self.text()?);
        } else {
            name.clear();
            name.extend(self.text()?);
            // Entries are padded to eight bytes; the end of the name, which is one of them, has been read.
            let length = begin - self.rest.len();
            self.take((8 - length % 8) % 8)?;
        }
        (name.len() <= LONGEST).then_some(mode)
    }

    /// Everything up to a zero byte, which goes too.
    fn text(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().take(LONGEST + 1).position(|&byte| byte == 0)?;
        let text = self.take(end)?;
        self.take(1)?;
        Some(text)
    }

    /// A number of seven bits a byte, as in pack files.
    fn variable(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        for place in 0..5 {
            let byte = *self.take(1)?.first()?;
            if place > 0 {
                value = value.checked_add(1)?;
            }
            value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7F))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(version: u32, entries: &[(u16, &str)]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend(version.to_be_bytes());
        bytes.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
        let mut last = String::new();
        for (mode, name) in entries {
            let begin = bytes.len();
            bytes.extend([0; 24]);
            bytes.extend(u32::from(*mode).to_be_bytes());
            bytes.extend([0; 32]);
            bytes.extend([0, 9]);
            if version == 4 {
                let same = last.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
                bytes.push(u8::try_from(last.len() - same).unwrap());
                bytes.extend(&name.as_bytes()[same..]);
                bytes.push(0);
                last = (*name).to_owned();
            } else {
                bytes.extend(name.as_bytes());
                bytes.push(0);
                while !(bytes.len() - begin).is_multiple_of(8) {
                    bytes.push(0);
                }
            }
        }
        bytes.extend([7; 20]);
        bytes
    }

    fn names(bytes: &[u8]) -> Option<Vec<String>> {
        paths(bytes, |_| true).map(|paths| paths.iter().map(|path| path.display().to_string()).collect())
    }

    #[test]
    fn every_version_gives_the_same_paths() {
        let entries = [
            (0o100_644, "a/Dockerfile"),
            (0o120_000, "a/Dockerfile.dev"),
            (0o160_000, "module"),
            (0o100_755, "é/x"),
        ];
        for version in 2..=4 {
            let expected = ["a/Dockerfile", "a/Dockerfile.dev", "é/x"].map(str::to_owned).to_vec();
            assert_eq!(names(&index(version, &entries)), Some(expected), "version {version}");
        }
        assert_eq!(names(&index(5, &entries)), None);
        assert_eq!(names(b"DIRC"), None);
    }

    #[test]
    fn modes_tell_what_can_be_run() {
        let entries = [(0o100_644, "a.sh"), (0o100_755, "b.sh"), (0o120_000, "c.sh")];
        let modes = super::entries(&index(2, &entries), |_| true).unwrap();
        let plain: Vec<bool> = modes.iter().map(|(_, mode)| *mode == PLAIN).collect();
        assert_eq!(plain, [true, false, false]);
    }

    #[test]
    fn no_path_leads_out_of_the_repository() {
        let hostile = [
            (0o100_644, "/etc/passwd"),
            (0o100_644, "../x"),
            (0o100_644, "a/../../x"),
            (0o100_644, ".git/config"),
        ];
        assert_eq!(names(&index(2, &hostile)), Some(Vec::new()));
        // A count that the file has no room for.
        let mut short = index(4, &[(0o100_644, "x")]);
        short[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(names(&short), Some(vec!["x".to_owned()]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_harmless(version in 2_u32..5, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let mut index = index(version, &[]);
            index.truncate(8);
            index.extend(u32::MAX.to_be_bytes());
            index.extend(bytes);
            let _ = names(&index);
        }
    }
}
