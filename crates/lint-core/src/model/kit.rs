//! Small things that every room above builds with.

pub mod foreign;
pub mod holes;
pub mod hosts;
pub mod ignore;
pub mod names;
pub mod persistent;
pub mod platform;
pub mod remote;
pub mod signals;
pub mod sorted_lines;
