//! What a configuration file or the command line may say, and the settings that come of it.
//!
//! Nothing here opens a file: whoever finds configuration files reads them and hands over their text.

pub mod keys;
pub mod options;
pub mod read;
pub mod resolve;
pub mod schema;
