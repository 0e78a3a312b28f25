//! `COPY`, `ADD` and `VOLUME`: a JSON array or words between blanks.

use crate::dockerfile::ast::Copy;
use crate::dockerfile::grammar::{Parts, json, need_argument, words};
use crate::dockerfile::heredoc;
use crate::dockerfile::reading::Reading;
use crate::text::mapped::Mapped;

/// The arguments of `COPY` and `ADD`.
pub(super) fn copy(parts: Parts<'_>, reading: &mut Reading<'_>) -> Copy {
    let before = reading.errors.len();
    let (mut words, json) = list(parts.arguments, reading);
    if reading.errors.len() > before {
        return Copy { sources: words, destination: None, json: false };
    }
    if words.len() < 2 {
        let span = words.first().map_or(parts.keyword.span, Mapped::span);
        let message = format!(
            "{} requires at least two arguments, but only one was provided. Destination could not be determined",
            parts.upper
        );
        reading.refuse(span, message);
    }
    let mut destination = if words.len() < 2 { None } else { words.pop() };
    if !json {
        if let Some(word) = destination.take_if(|word| heredoc::operator(word).is_some()) {
            let message = format!("{} cannot accept a heredoc as a destination", parts.upper);
            reading.refuse_with(word.span(), message, Some("write the destination last".to_owned()));
        }
        words.retain(|word| heredoc::operator(word).is_none());
    }
    Copy { sources: words, destination, json }
}

/// The arguments of `VOLUME`.
pub(super) fn volume(parts: Parts<'_>, reading: &mut Reading<'_>) -> Vec<Mapped> {
    let before = reading.errors.len();
    let (volumes, _) = list(parts.arguments, reading);
    if reading.errors.len() > before {
        return volumes;
    }
    if need_argument(parts, reading) && volumes.is_empty() {
        reading.refuse(parts.keyword.span, "VOLUME requires at least one argument");
    }
    for volume in volumes.iter().filter(|volume| volume.text().trim().is_empty()) {
        reading.refuse(volume.span(), "VOLUME specified can not be an empty string");
    }
    volumes
}

/// The words, and whether they were written as JSON.
fn list(arguments: &Mapped, reading: &mut Reading<'_>) -> (Vec<Mapped>, bool) {
    match json::strings(arguments, reading) {
        Some(words) => (words, true),
        None => (words::blank_separated(arguments), false),
    }
}
