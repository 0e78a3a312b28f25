//! Where reports go: standard output, files.

use std::io::{ErrorKind, Write as _, stderr, stdout};
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use lint_core::syntax::text::near::nearest;

use crate::args::values::OutputFormat;
use crate::replace;

/// A file that a report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Its own format; without one it takes the place of standard output.
    pub(crate) format: Option<OutputFormat>,
    pub(crate) path: PathBuf,
}

impl Target {
    /// Parses `PATH` or `FORMAT=PATH`.
    ///
    /// # Errors
    /// When there is no such format. A path that looks like one is written `./a=b`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Some((format, path)) = text.split_once('=')
            && !format.is_empty()
            && format.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        {
            let format = OutputFormat::from_str(format, true).map_err(|_| unknown_format(format))?;
            return Ok(Self { format: Some(format), path: PathBuf::from(path) });
        }
        Ok(Self { format: None, path: PathBuf::from(text) })
    }
}

fn unknown_format(name: &str) -> String {
    let values: Vec<_> =
        OutputFormat::value_variants().iter().filter_map(|f| f.to_possible_value()).collect();
    let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
    let meant = match nearest(name, names.iter().copied()).first() {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; there are {}", names.join(", ")),
    };
    format!("--output-file: there is no format `{name}`{meant}")
}

/// Whether one of the reports is a SARIF log.
pub(crate) fn writes_sarif(format: OutputFormat, targets: &[Target]) -> bool {
    let is_sarif = |format| format == OutputFormat::Sarif;
    is_sarif(format) || targets.iter().filter_map(|target| target.format).any(is_sarif)
}

/// Writes to standard output in one piece. That nobody reads it any more is no error: `plimsoll | head` is fine.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print(text: &str) -> Result<(), String> {
    print_bytes(text.as_bytes())
}

/// Writes what may not be text to standard output, as [`print`] does.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), String> {
    let mut out = stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Writes to standard error, where findings go when standard output holds a fixed text. Nobody is left to tell when it
/// is closed.
pub(crate) fn print_aside(text: &str) {
    let mut err = stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Writes a file.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    replace::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_paths_with_or_without_a_format() {
        let target = |text| Target::parse(text).map(|t| (t.format, t.path.display().to_string()));
        assert_eq!(target("out.json"), Ok((None, "out.json".to_owned())));
        assert_eq!(target("json=out=1"), Ok((Some(OutputFormat::Json), "out=1".to_owned())));
        assert_eq!(target("./a=b"), Ok((None, "./a=b".to_owned())));
        assert_eq!(
            target("jsn=x"),
            Err("--output-file: there is no format `jsn`; did you mean `json`?".to_owned())
        );
    }
}
