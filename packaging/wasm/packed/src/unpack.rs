//! From what is packed to the module.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
#[cfg(not(target_arch = "wasm32"))]
use std::io::Read;

use lzma_rust2::LzmaReader;
#[cfg(target_arch = "wasm32")]
use lzma_rust2::Read;

use crate::grammar::{Bytes, Mover, Operands, STREAMS, Stream, numbers, operands, write_unsigned};

/// The most that is unpacked, in bytes, and what that may take: nobody's module is as large.
const MOST: u32 = 1 << 26;
const MEMORY_KIB: u32 = 1 << 17;

/// How much is unpacked at once, in bytes.
const PIECE: usize = 1 << 14;

/// What is not what [`pack`](crate::pack) has made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what is packed is broken")
    }
}

impl core::error::Error for Broken {}

/// The module that was packed, byte for byte.
///
/// # Errors
///
/// Where `packed` was not made by [`pack`](crate::pack), or not all of it has arrived.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Broken> {
    let sorted = decompressed(packed).ok_or(Broken)?;
    joined(&sorted).ok_or(Broken)
}

fn decompressed(packed: &[u8]) -> Option<Vec<u8>> {
    let (size, packed) = packed.split_first_chunk()?;
    let size = u32::from_le_bytes(*size);
    (size <= MOST).then_some(())?;
    let mut sorted = vec![0; size as usize];
    let mut reader = LzmaReader::new_mem_limit(packed, MEMORY_KIB, None).ok()?;
    // Engines put better code in the place of what runs often; but only where it is called anew.
    for piece in sorted.chunks_mut(PIECE) {
        reader.read_exact(piece).ok()?;
    }
    Some(sorted)
}

fn joined(sorted: &[u8]) -> Option<Vec<u8>> {
    let size = sorted.len();
    let mut sorted = Bytes(sorted);
    let mut lengths = [0; STREAMS];
    for length in &mut lengths {
        *length = sorted.unsigned()? as usize;
    }
    let mut streams = [Bytes(&[]); STREAMS];
    for (stream, length) in streams.iter_mut().zip(lengths) {
        *stream = Bytes(sorted.take(length)?);
    }
    let frame = &mut streams[Stream::Frame as usize];
    let before = frame.unsigned()? as usize;
    let functions = frame.unsigned()? as usize;
    let before = frame.take(before)?;
    let after = core::mem::take(&mut frame.0);

    let mut joiner = Joiner { streams, body: Vec::new() };
    let mut code = Vec::with_capacity(size);
    write_unsigned(functions, &mut code);
    for _ in 0..functions {
        joiner.body.clear();
        joiner.function()?;
        write_unsigned(joiner.body.len(), &mut code);
        code.extend_from_slice(&joiner.body);
    }
    joiner.streams.iter().all(|stream| stream.0.is_empty()).then_some(())?;
    let mut module = Vec::with_capacity(before.len() + code.len() + after.len() + 6);
    module.extend_from_slice(before);
    module.push(10);
    write_unsigned(code.len(), &mut module);
    module.extend_from_slice(&code);
    module.extend_from_slice(after);
    Some(module)
}

struct Joiner<'a> {
    streams: [Bytes<'a>; STREAMS],
    /// The function that is being put together.
    body: Vec<u8>,
}

impl<'a> Mover<'a> for Joiner<'a> {
    fn operator(&mut self) -> Option<Operands> {
        let operator = self.streams[Stream::Operators as usize].byte()?;
        self.body.push(operator);
        operands(operator)
    }

    fn number(&mut self, stream: Stream) -> Option<&'a [u8]> {
        let number = self.streams[stream as usize].number()?;
        self.body.extend_from_slice(number);
        Some(number)
    }

    fn constant(&mut self) -> Option<()> {
        let next = *self.streams[Stream::Operators as usize].0.first()?;
        self.number(numbers(next)).map(|_| ())
    }

    fn bytes(&mut self, stream: Stream, count: usize) -> Option<()> {
        let taken = self.streams[stream as usize].take(count)?;
        self.body.extend_from_slice(taken);
        Some(())
    }
}
