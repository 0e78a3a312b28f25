//! What every command that judges says of its input.

use std::path::Path;

use lint_core::Report;

use crate::commands::Exit;
use crate::discover;
use crate::messages::{ISSUES, Messages};
use lint_disk::discover::Inputs;

/// Says what is wrong with configuration files.
pub(crate) fn misconfigured(messages: Messages, errors: &[String]) -> Exit {
    errors.iter().for_each(|error| messages.error(error));
    Exit::Failed
}

/// Says what became of the paths; whether that fails the run.
pub(crate) fn tell_inputs(messages: Messages, inputs: &Inputs, error_on_no_files: bool) -> bool {
    inputs.skipped.iter().for_each(|skipped| messages.detail(&format!("skipped {skipped}")));
    inputs.notes.iter().for_each(|note| messages.note(note));
    inputs.warnings.iter().for_each(|warning| messages.warning(warning));
    inputs.errors.iter().for_each(|error| messages.error(error));
    for source in inputs.sources.values() {
        let kind = source.kind.name();
        messages.detail(&format!("checking {} ({kind})", source.name));
    }
    if !inputs.sources.is_empty() || !inputs.errors.is_empty() {
        return !inputs.errors.is_empty();
    }
    let nothing = match inputs.searched.as_slice() {
        [] => "nothing to lint".to_owned(),
        [here] if here == "." => "no Dockerfiles or Compose files found here".to_owned(),
        searched => format!("no Dockerfiles or Compose files found under {}", searched.join(", ")),
    };
    if error_on_no_files {
        messages.error(&nothing);
    } else if !inputs.searched.is_empty() {
        messages.warning(&nothing);
    }
    error_on_no_files
}

/// Says what could not be linted; whether that fails the run.
pub(crate) fn tell_report(messages: Messages, report: &Report) -> bool {
    for note in &report.notes {
        messages.note(&format!("{}: {}", note.file, note.message));
    }
    for (name, error) in &report.unreadable {
        messages.error(&discover::unreadable(Path::new(name), name, error));
    }
    for failure in &report.failures {
        // That a policy takes too long is its author's to mend.
        if failure.during.starts_with("the policy `") {
            messages.error(&format!("{}: {}: {}", failure.file, failure.during, failure.message));
            continue;
        }
        messages.error(&format!(
            "{}: internal error in {}: {}; please report it at {ISSUES}",
            failure.file, failure.during, failure.message
        ));
    }
    for unjudged in &report.unjudged {
        messages.error(&format!("{}:{}: {}", unjudged.file, unjudged.line, unjudged.message));
    }
    !report.unreadable.is_empty() || !report.failures.is_empty() || !report.unjudged.is_empty()
}
