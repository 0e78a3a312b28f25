//! A WebAssembly module, packed more tightly than by a compressor that knows nothing of it.
//!
//! In the code of a module, operators take turns with what they work on: numbers of locals, offsets, constants, functions. Each of these
//! repeats itself, but not the mixture; and `gzip` looks back over 32 KiB of it only. So the mixture is sorted into streams,
//! which are compressed together (LZMA): two thirds of what `gzip` makes of the module.
//!
//! A packed module is a module again, and a small one: it holds what is packed in a custom section and exports what unpacks it
//! ([`unpack()`]). Who loads it compiles it, asks it for the real one, and compiles that.

#![cfg_attr(target_arch = "wasm32", no_std)]
#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
#[allow(unreachable_pub, reason = "JavaScript calls it, and nobody else does")]
mod exports;
mod grammar;
#[cfg(feature = "pack")]
mod pack;
mod unpack;

#[cfg(feature = "pack")]
pub use pack::{Unknown, pack, with_section};
pub use unpack::{Broken, unpack};

/// The name of the custom section that holds what is packed.
pub const SECTION: &str = "packed";
