//! What `curl` and `wget` fetch: from where, what reads it, whether anything checks it, and what becomes of it.

pub(super) mod arguments;
mod download;
mod interpreters;
mod pipes;
mod uses;

use lint_parser::shell::word::Word;

use crate::model::runs::checks::Checks;
use crate::model::runs::course::{Course, Step};
use crate::model::runs::downloads::arguments::{arguments, is_fetcher};
use crate::model::runs::downloads::pipes::Pipes;
use crate::model::runs::files::output;
use crate::model::runs::program::{By, Program};

pub use download::{Download, Url, UseKind, host, is_plain_http};

/// Whether some of the programs download.
#[must_use]
pub fn any(programs: &[Program]) -> bool {
    programs.iter().any(|program| program.name().is_some_and(is_fetcher))
}

/// What a course downloads, in its order.
#[must_use]
pub fn downloads(course: &Course<'_>) -> Vec<Download> {
    let is_fetch = |step: &Step<'_>| step.program.name().is_some_and(is_fetcher);
    // Nearly all instructions fetch nothing.
    if !course.steps.iter().any(is_fetch) {
        return Vec::new();
    }
    let (pipes, checks) = (Pipes::new(course), Checks::of(course));
    let steps = course.steps.iter().enumerate().filter(|(_, step)| is_fetch(step));
    let mut looked_at = uses::MOST_STEPS;
    let read = |(at, step): (usize, &Step<'_>)| {
        let text = |word: &Word| course.texts(step, word).into_iter().next().unwrap_or_default();
        let mut download = arguments(step.program.invocation(), &text)?;
        download.step = at;
        let mut files: Vec<String> = download.files.iter().map(|file| step.path(file)).collect();
        if let Some(target) = output(step.program.command())
            && download.to_stdout
        {
            download.to_stdout = false;
            files.extend(course.paths(step, target));
        }
        download.files = files;
        download.runner = pipes.runner(step).filter(|_| download.to_stdout);
        download.verified |= match download.files.as_slice() {
            [] => checks.cover("*", Some(at)),
            files => files.iter().any(|file| checks.cover(file, Some(at))),
        };
        download.used = uses::of(course, &pipes, &download, &mut looked_at);
        Some(download)
    };
    steps.filter_map(read).collect()
}

/// The same without what only asks whether the container is well.
#[must_use]
pub fn of_image(course: &Course<'_>) -> Box<[Download]> {
    let mut found = downloads(course);
    found.retain(|download| {
        course.steps.get(download.step).is_none_or(|step| step.program.by != By::Healthcheck)
    });
    found.into()
}

#[cfg(test)]
mod tests;
