//! Packs: many objects in a file, most of them as what differs from another one. They are read where they lie, a piece at a time,
//! since a pack may have gigabytes.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::git::object::{Id, Kind, LIMIT};

/// How many differences may lie upon each other. Git makes no more.
const DEEPEST: usize = 4095;

/// The index's head: what it is, and how many names begin with each byte or a smaller one.
const HEAD: u64 = 8 + 1024;

/// A pack and its index.
#[derive(Debug)]
pub(super) struct Pack {
    index: PathBuf,
    pack: PathBuf,
    fanout: Vec<u64>,
    /// The length of a name.
    width: usize,
}

impl Pack {
    /// Reads the head of an index of version 2, the only one that Git has written since 2007.
    pub(super) fn open(index: &Path, width: usize) -> Option<Self> {
        let head = piece(&mut File::open(index).ok()?, 0, usize::try_from(HEAD).ok()?)?;
        let (magic, fanout) = head.split_at_checked(8)?;
        if magic != b"\xFFtOc\0\0\0\x02" {
            return None;
        }
        let fanout: Vec<u64> = fanout.chunks_exact(4).map(number).collect();
        let is_complete = fanout.len() == 256 && fanout.is_sorted();
        let pack = index.with_extension("pack");
        is_complete.then(|| Self { index: index.to_path_buf(), pack, fanout, width })
    }

    /// Where in the pack an object lies.
    pub(super) fn offset(&self, id: Id) -> Option<u64> {
        let mut index = File::open(&self.index).ok()?;
        let (mut low, mut high) = self.range(*id.bytes().first()?);
        while low < high {
            let middle = low + (high - low) / 2;
            let name = piece(&mut index, HEAD + middle * self.width as u64, self.width)?;
            match name.as_slice().cmp(id.bytes()) {
                Ordering::Equal => return self.place(&mut index, middle),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The objects whose names begin so; `prefix` has at least two hexadecimal digits.
    pub(super) fn beginning_with(&self, prefix: &str) -> Vec<Id> {
        let first = prefix.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (Some(first), Ok(mut index)) = (first, File::open(&self.index)) else { return Vec::new() };
        // In one piece: one name in 256 begins with a byte.
        let (low, high) = self.range(first);
        let length = usize::try_from(high - low).unwrap_or(usize::MAX).saturating_mul(self.width).min(LIMIT);
        let names = piece(&mut index, HEAD + low * self.width as u64, length).unwrap_or_default();
        let ids = names.chunks_exact(self.width).filter_map(Id::new);
        ids.filter(|id| id.to_string().starts_with(prefix)).collect()
    }

    /// The numbers of the objects whose names begin with a byte.
    fn range(&self, first: u8) -> (u64, u64) {
        let at = usize::from(first);
        (at.checked_sub(1).map_or(0, |before| self.fanout[before]), self.fanout[at])
    }

    /// Where in the pack the object of a number lies. After the names come checksums, then places; those beyond 2 GiB stand in
    /// a table of their own.
    fn place(&self, index: &mut File, object: u64) -> Option<u64> {
        let count = self.fanout[255];
        let places = HEAD + count * (self.width as u64 + 4);
        let place = number(&piece(index, places + object * 4, 4)?);
        if place < 1 << 31 {
            return Some(place);
        }
        Some(number(&piece(index, places + count * 4 + (place - (1 << 31)) * 8, 8)?))
    }

    /// The object at a place. Those that it differs from are in the same pack; only on their way between repositories they need
    /// not be.
    pub(super) fn read(&self, mut offset: u64) -> Option<(Kind, Vec<u8>)> {
        let mut file = File::open(&self.pack).ok()?;
        let (mut differences, mut total) = (Vec::new(), 0);
        let (kind, mut object) = loop {
            let head = piece(&mut file, offset, 64)?;
            let mut bytes = Bytes(&head);
            let (kind, size) = bytes.kind_and_size()?;
            let base = match kind {
                6 => Some(offset.checked_sub(bytes.distance()?)?),
                7 => Some(self.offset(Id::new(bytes.take(self.width)?)?)?),
                _ => None,
            };
            total += size;
            if total > LIMIT || differences.len() > DEEPEST {
                return None;
            }
            let begin = offset + (head.len() - bytes.0.len()) as u64;
            let text = inflate(&mut file, begin, size)?;
            match base {
                None => break (kind_of(kind)?, text),
                Some(base) => {
                    differences.push(text);
                    offset = base;
                }
            }
        };
        while let Some(difference) = differences.pop() {
            object = apply(&object, &difference)?;
        }
        Some((kind, object))
    }
}

fn kind_of(number: u8) -> Option<Kind> {
    match number {
        1 => Some(Kind::Commit),
        2 => Some(Kind::Tree),
        3 => Some(Kind::Blob),
        4 => Some(Kind::Tag),
        _ => None,
    }
}

/// A piece of a file; shorter where the file ends.
fn piece(file: &mut File, at: u64, length: usize) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = Vec::with_capacity(length.min(1 << 20));
    file.take(length as u64).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// What is compressed at a place. How long that is nobody says, but no more than it becomes and a little for each block.
fn inflate(file: &mut File, at: u64, size: usize) -> Option<Vec<u8>> {
    let compressed = piece(file, at, size + size / 64 + 1024)?;
    let text = decompress_to_vec_zlib_with_limit(&compressed, size).ok()?;
    (text.len() == size).then_some(text)
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// Seven bits a byte, the lowest first, onto the bits there are.
    fn continued(&mut self, mut byte: u8, mut value: usize, mut place: u32) -> Option<usize> {
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            value |= usize::from(byte & 0x7F).checked_shl(place).filter(|_| place < 56)?;
            place += 7;
        }
        Some(value)
    }

    /// What an object is, and how long.
    fn kind_and_size(&mut self) -> Option<(u8, usize)> {
        let byte = self.byte()?;
        let size = self.continued(byte, usize::from(byte & 0xF), 4)?;
        Some((byte >> 4 & 7, size)).filter(|(_, size)| *size <= LIMIT)
    }

    fn size(&mut self) -> Option<usize> {
        let byte = self.byte()?;
        self.continued(byte, usize::from(byte & 0x7F), 7).filter(|&size| size <= LIMIT)
    }

    /// How far before an object that lies which it differs from.
    fn distance(&mut self) -> Option<u64> {
        let mut byte = self.byte()?;
        let mut distance = u64::from(byte & 0x7F);
        while byte & 0x80 != 0 {
            byte = self.byte()?;
            distance = distance.checked_add(1)?.checked_mul(128)?.checked_add(u64::from(byte & 0x7F))?;
        }
        Some(distance).filter(|&distance| distance > 0)
    }

    /// The bytes of a number that are there; the others are zero.
    fn sparse(&mut self, present: u8, bytes: u32) -> Option<usize> {
        let mut value = 0;
        for place in 0..bytes {
            if present & 1 << place != 0 {
                value |= usize::from(self.byte()?) << (8 * place);
            }
        }
        Some(value)
    }
}

/// An object, made of the one it differs from.
fn apply(base: &[u8], difference: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Bytes(difference);
    let (from, to) = (bytes.size()?, bytes.size()?);
    if from != base.len() {
        return None;
    }
    let mut object = Vec::with_capacity(to);
    while let Some(command) = bytes.byte() {
        let piece = if command & 0x80 == 0 {
            bytes.take(usize::from(command)).filter(|piece| !piece.is_empty())?
        } else {
            let begin = bytes.sparse(command & 0xF, 4)?;
            let length = match bytes.sparse(command >> 4 & 7, 3)? {
                0 => 0x10000,
                length => length,
            };
            base.get(begin..begin.checked_add(length)?)?
        };
        if object.len() + piece.len() > to {
            return None;
        }
        object.extend_from_slice(piece);
    }
    (object.len() == to).then_some(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_applied_and_never_beyond_what_they_say() {
        let base = b"FROM debian:12\n";
        // "FROM " from the base, "alpine" anew, the end of the line from the base.
        let difference = b"\x0F\x0C\x90\x05\x06alpine\x91\x0E\x01";
        assert_eq!(apply(base, difference).as_deref(), Some(&b"FROM alpine\n"[..]));
        for broken in [
            &b""[..],
            b"\x0F",
            b"\x0E\x0C\x90\x05",
            b"\x0F\x03\x90\x05",
            b"\x0F\x0C\x90\x05\x06alp",
            b"\x0F\x0C\x90\x05\x00",
            b"\x0F\x0C\x91\xFF\x7F",
            b"\x0F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01",
        ] {
            assert_eq!(apply(base, broken), None, "{broken:?}");
        }
    }

    #[test]
    fn numbers_of_packs_are_bounded() {
        assert_eq!(Bytes(b"\x95\x0A").kind_and_size(), Some((1, 0xA5)));
        assert_eq!(Bytes(b"\xB5\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF").kind_and_size(), None);
        assert_eq!(Bytes(b"\x80\x00").distance(), Some(128));
        assert_eq!(Bytes(b"\x00").distance(), None);
        assert_eq!(Bytes(&[0xFF; 32]).distance(), None);
    }
}
