//! The commands in `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`, in Compose's `command:`, and in entrypoint
//! scripts: the POSIX shell language and the parts of bash that are common there.

pub mod ast;
pub mod fragment;
pub mod word;
