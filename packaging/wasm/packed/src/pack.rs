//! From a module to what is packed.

use std::fmt;
use std::io::Write;

use lzma_rust2::{EncodeMode, LzmaOptions, LzmaWriter, MfType};

use crate::grammar::{Bytes, Mover, Operands, STREAMS, Stream, numbers, operands, write_unsigned};
use crate::{SECTION, unpack};

/// A module that cannot be packed: it is none, or it uses what the grammar does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown {
    /// Where in the module, in bytes.
    pub at: usize,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: not a module, or nothing that is known how to pack", self.at)
    }
}

impl std::error::Error for Unknown {}

/// What [`unpack`] makes the module of again, byte for byte.
///
/// # Errors
///
/// Where this is no module, its code uses operators that are not known here (SIMD, threads, exceptions), or its numbers are longer than
/// they must be. What `wasm-opt` writes is none of these.
pub fn pack(module: &[u8]) -> Result<Vec<u8>, Unknown> {
    let mut sorter = Sorter { left: Bytes(module), streams: std::array::from_fn(|_| Vec::new()) };
    let sorted = sorter.module(module).ok_or(Unknown { at: module.len() - sorter.left.0.len() })?;
    let packed = compressed(&sorted);
    // Numbers that are longer than they must be come back shorter.
    match unpack(&packed) {
        Ok(again) if again == module => Ok(packed),
        again => Err(Unknown {
            at: again.map_or(0, |again| again.iter().zip(module).take_while(|(a, b)| a == b).count()),
        }),
    }
}

/// A module with one more custom section at its end, which holds what is packed.
pub fn with_section(module: &[u8], packed: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(packed.len() + 16);
    write_unsigned(SECTION.len(), &mut content);
    content.extend_from_slice(SECTION.as_bytes());
    content.extend_from_slice(packed);
    let mut whole = module.to_vec();
    whole.push(0);
    write_unsigned(content.len(), &mut whole);
    whole.extend_from_slice(&content);
    whole
}

fn compressed(sorted: &[u8]) -> Vec<u8> {
    let size = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
    let mut options = LzmaOptions::with_preset(9);
    // Bytes that stand anywhere: nothing here comes in fours.
    (options.lc, options.lp, options.pb) = (3, 0, 0);
    (options.mode, options.mf, options.nice_len, options.depth_limit) =
        (EncodeMode::Normal, MfType::Bt4, 273, 512);
    options.dict_size = size.next_power_of_two().clamp(1 << 12, 1 << 26);
    let packed = size.to_le_bytes().to_vec();
    let mut writer = LzmaWriter::new_use_header(packed, &options, Some(sorted.len() as u64))
        .expect("the options are right");
    writer.write_all(sorted).and_then(|()| writer.finish()).expect("a vector takes everything")
}

struct Sorter<'a> {
    left: Bytes<'a>,
    streams: [Vec<u8>; STREAMS],
}

impl<'a> Sorter<'a> {
    /// All streams behind each other, with their lengths before them.
    fn module(&mut self, module: &'a [u8]) -> Option<Vec<u8>> {
        (self.left.take(8)? == b"\0asm\x01\0\0\0").then_some(())?;
        loop {
            let before = module.len() - self.left.0.len();
            let id = self.left.byte()?;
            let size = self.left.unsigned()? as usize;
            if id != 10 {
                self.left.take(size)?;
                continue;
            }
            let after = module.get(module.len() - self.left.0.len() + size..)?;
            let functions = self.left.unsigned()?;
            for _ in 0..functions {
                let size = self.left.unsigned()? as usize;
                let end = self.left.0.len().checked_sub(size)?;
                self.function()?;
                (self.left.0.len() == end).then_some(())?;
            }
            (self.left.0.len() == after.len()).then_some(())?;
            let frame = &mut self.streams[Stream::Frame as usize];
            write_unsigned(before, frame);
            write_unsigned(functions as usize, frame);
            frame.extend_from_slice(&module[..before]);
            frame.extend_from_slice(after);
            break;
        }
        let mut sorted = Vec::with_capacity(module.len() + 64);
        for stream in &self.streams {
            write_unsigned(stream.len(), &mut sorted);
        }
        for stream in &self.streams {
            sorted.extend_from_slice(stream);
        }
        Some(sorted)
    }
}

impl<'a> Mover<'a> for Sorter<'a> {
    fn operator(&mut self) -> Option<Operands> {
        // One that is not known is what is told of, and not what comes after it.
        let operands = operands(*self.left.0.first()?)?;
        self.bytes(Stream::Operators, 1)?;
        Some(operands)
    }

    fn number(&mut self, stream: Stream) -> Option<&'a [u8]> {
        let number = self.left.number()?;
        self.streams[stream as usize].extend_from_slice(number);
        Some(number)
    }

    fn constant(&mut self) -> Option<()> {
        let number = self.left.number()?;
        let stream = numbers(*self.left.0.first()?);
        self.streams[stream as usize].extend_from_slice(number);
        Some(())
    }

    fn bytes(&mut self, stream: Stream, count: usize) -> Option<()> {
        let taken = self.left.take(count)?;
        self.streams[stream as usize].extend_from_slice(taken);
        Some(())
    }
}
