//! Objects by their names: each in a file of its own, or many in a pack.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::git::object::{Id, Kind, LIMIT};
use crate::git::pack::Pack;
use crate::git::read_text;
use lint_disk::git_index::read;

/// How far repositories may borrow objects from others.
const MOST_BORROWED: usize = 16;

/// The places where objects lie.
#[derive(Debug)]
pub(super) struct Objects {
    directories: Vec<PathBuf>,
    packs: OnceLock<Vec<Pack>>,
    /// The length of a name: 20, or 32 where the repository says that its names are SHA-256.
    width: usize,
}

impl Objects {
    /// `directory` and those that it borrows from.
    pub(super) fn new(directory: &Path) -> Self {
        let mut directories = vec![directory.to_path_buf()];
        let mut next = 0;
        while let Some(directory) = directories.get(next).cloned() {
            next += 1;
            let borrowed = read_text(&directory.join("info/alternates"), 1 << 16).unwrap_or_default();
            for path in
                borrowed.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
            {
                let path = directory.join(path);
                if directories.len() < MOST_BORROWED && !directories.contains(&path) {
                    directories.push(path);
                }
            }
        }
        let config =
            read_text(&directory.join("../config"), 1 << 20).unwrap_or_default().to_ascii_lowercase();
        let is_long = config.lines().any(|line| line.contains("objectformat") && line.contains("sha256"));
        Self { directories, packs: OnceLock::new(), width: if is_long { 32 } else { 20 } }
    }

    /// An object; `None` when it is not here, or broken.
    pub(super) fn read(&self, id: Id) -> Option<(Kind, Vec<u8>)> {
        self.loose(id).or_else(|| self.packed(id))
    }

    fn loose(&self, id: Id) -> Option<(Kind, Vec<u8>)> {
        let name = id.to_string();
        let (first, rest) = name.split_at(2);
        let bytes = self
            .directories
            .iter()
            .find_map(|directory| read(&directory.join(first).join(rest), LIMIT as u64))?;
        let bytes = decompress_to_vec_zlib_with_limit(&bytes, LIMIT).ok()?;
        let end = bytes.iter().take(32).position(|&byte| byte == 0)?;
        let kind = match bytes[..end].split(|&byte| byte == b' ').next()? {
            b"commit" => Kind::Commit,
            b"tree" => Kind::Tree,
            b"blob" => Kind::Blob,
            b"tag" => Kind::Tag,
            _ => return None,
        };
        Some((kind, bytes[end + 1..].to_vec()))
    }

    fn packed(&self, id: Id) -> Option<(Kind, Vec<u8>)> {
        self.packs().iter().find_map(|pack| pack.read(pack.offset(id)?))
    }

    fn packs(&self) -> &[Pack] {
        self.packs.get_or_init(|| {
            let mut indexes: Vec<PathBuf> = Vec::new();
            for directory in &self.directories {
                let Ok(entries) = fs::read_dir(directory.join("pack")) else { continue };
                let paths = entries.flatten().map(|entry| entry.path());
                indexes.extend(paths.filter(|path| path.extension().is_some_and(|end| end == "idx")));
            }
            indexes.sort();
            indexes.iter().filter_map(|index| Pack::open(index, self.width)).collect()
        })
    }

    /// The objects whose names begin so, of which there should be one. `prefix` has at least two digits.
    pub(super) fn beginning_with(&self, prefix: &str) -> Vec<Id> {
        let prefix = prefix.to_ascii_lowercase();
        let mut found = Vec::new();
        for directory in &self.directories {
            let Ok(entries) = fs::read_dir(directory.join(&prefix[..2])) else { continue };
            for entry in entries.flatten() {
                let name = format!("{}{}", &prefix[..2], entry.file_name().to_string_lossy());
                found.extend(Id::parse(&name).filter(|_| name.starts_with(&prefix)));
            }
        }
        found.extend(self.packs().iter().flat_map(|pack| pack.beginning_with(&prefix)));
        found.sort_unstable();
        found.dedup();
        found
    }
}
