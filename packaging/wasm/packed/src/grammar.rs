//! What the code of a module is made of (WebAssembly core specification 2.0, 5.4 and 5.5).

use alloc::vec::Vec;

/// What is kept together: the same kind of thing, from all functions in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// The module without its code.
    Frame,
    /// The locals that a function declares.
    Declarations,
    /// All operators, one byte each.
    Operators,
    /// The types of blocks.
    Blocks,
    /// How many blocks a branch leaves.
    Branches,
    /// The functions that are called.
    Functions,
    /// The locals that are read and written.
    Locals,
    /// How an access to the memory is aligned, and in which memory.
    Alignments,
    /// How far behind its address an access to the memory is.
    Offsets,
    /// Numbers of 64 bits.
    Wide,
    /// Numbers of 32 bits that are added: mostly offsets again,
    Added,
    /// that are subtracted: the sizes of frames on the stack,
    Subtracted,
    /// that are stored,
    Stored,
    /// that are handed to a function last,
    Handed,
    /// that are followed by another number: a text and its length,
    Followed,
    /// and all others.
    Numbers,
    /// What is too rare to be kept apart.
    Rest,
}

/// How many there are.
pub(crate) const STREAMS: usize = Stream::Rest as usize + 1;

/// What follows an operator. All numbers are in LEB128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operands {
    /// Nothing.
    None,
    /// Nothing; a block ends, or the function.
    End,
    /// The type of the block that begins.
    Block,
    /// A number.
    One(Stream),
    /// Two numbers.
    Two(Stream),
    /// The alignment and the offset of an access.
    Access,
    /// A number of 32 bits, whose stream depends on what comes next.
    Number,
    /// So many numbers as the first one says, and this many more.
    Counted(Stream, usize),
    /// This many bytes.
    Bytes(usize),
    /// The second half of the operator, and as many numbers as it asks for.
    Prefixed,
}

/// What follows an operator, if it is known.
pub(crate) fn operands(operator: u8) -> Option<Operands> {
    Some(match operator {
        0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Operands::None,
        0x02..=0x04 => Operands::Block,
        0x0b => Operands::End,
        0x0c | 0x0d => Operands::One(Stream::Branches),
        0x0e => Operands::Counted(Stream::Rest, 1),
        0x10 | 0x12 | 0xd2 => Operands::One(Stream::Functions),
        0x11 | 0x13 => Operands::Two(Stream::Rest),
        0x1c => Operands::Counted(Stream::Rest, 0),
        0x20..=0x22 => Operands::One(Stream::Locals),
        0x23..=0x26 | 0x3f | 0x40 | 0xd0 => Operands::One(Stream::Rest),
        0x28..=0x3e => Operands::Access,
        0x41 => Operands::Number,
        0x42 => Operands::One(Stream::Wide),
        0x43 => Operands::Bytes(4),
        0x44 => Operands::Bytes(8),
        0xfc => Operands::Prefixed,
        _ => return None,
    })
}

/// How many numbers follow an operator that begins with `0xfc`, by its second half.
fn prefixed(second: u32) -> Option<usize> {
    match second {
        0..=7 => Some(0),
        9 | 11 | 13 | 15..=17 => Some(1),
        8 | 10 | 12 | 14 => Some(2),
        _ => None,
    }
}

/// Where a number of 32 bits belongs, by the operator behind it.
pub(crate) fn numbers(next: u8) -> Stream {
    match next {
        0x6a => Stream::Added,
        0x6b => Stream::Subtracted,
        0x36 => Stream::Stored,
        0x10 => Stream::Handed,
        0x41 => Stream::Followed,
        _ => Stream::Numbers,
    }
}

/// What takes the code of a module from one order to the other: out of it into the streams, or back.
pub(crate) trait Mover<'a> {
    /// The next operator, and what follows it.
    fn operator(&mut self) -> Option<Operands>;

    /// The next number, which belongs into this stream.
    fn number(&mut self, stream: Stream) -> Option<&'a [u8]>;

    /// A number of 32 bits, which belongs where the operator behind it says.
    fn constant(&mut self) -> Option<()>;

    /// The next bytes, which belong into this stream.
    fn bytes(&mut self, stream: Stream, count: usize) -> Option<()>;

    /// The next function, whole.
    fn function(&mut self) -> Option<()> {
        for _ in 0..value(self.number(Stream::Declarations)?)? {
            self.number(Stream::Declarations)?;
            self.bytes(Stream::Declarations, 1)?;
        }
        let mut depth = 1_usize;
        while depth > 0 {
            match self.operator()? {
                Operands::None => {}
                Operands::End => depth -= 1,
                Operands::Block => {
                    depth += 1;
                    self.number(Stream::Blocks)?;
                }
                Operands::One(stream) => drop(self.number(stream)?),
                Operands::Two(stream) => {
                    self.number(stream)?;
                    self.number(stream)?;
                }
                Operands::Access => {
                    self.number(Stream::Alignments)?;
                    self.number(Stream::Offsets)?;
                }
                Operands::Number => self.constant()?,
                Operands::Counted(stream, more) => {
                    let count = value(self.number(stream)?)? as usize;
                    for _ in 0..count.checked_add(more)? {
                        self.number(stream)?;
                    }
                }
                Operands::Bytes(count) => self.bytes(Stream::Rest, count)?,
                Operands::Prefixed => {
                    let second = value(self.number(Stream::Rest)?)?;
                    for _ in 0..prefixed(second)? {
                        self.number(Stream::Rest)?;
                    }
                }
            }
        }
        Some(())
    }
}

/// A reader of bytes that knows where they end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next so many.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }

    /// The next number in LEB128, as it stands.
    pub(crate) fn number(&mut self) -> Option<&'a [u8]> {
        let length = self.0.iter().take(10).position(|byte| byte & 0x80 == 0)? + 1;
        self.take(length)
    }

    /// The next number in LEB128, of at most 32 bits.
    pub(crate) fn unsigned(&mut self) -> Option<u32> {
        value(self.number()?)
    }
}

/// What a number in LEB128 says, if it has at most 32 bits.
fn value(number: &[u8]) -> Option<u32> {
    let value = number
        .iter()
        .take(5)
        .enumerate()
        .fold(0, |value, (at, byte)| value | u64::from(byte & 0x7f) << (7 * at));
    if number.len() <= 5 { u32::try_from(value).ok() } else { None }
}

/// Writes a number in LEB128, as short as can be.
pub(crate) fn write_unsigned(mut value: usize, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
