//! Docker daemons that run in containers ("Docker in Docker"), and how they are configured.

pub mod daemon_config;

use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::shell::word::Word;

use crate::files::file_name;
use crate::model::build::BuildPlan;
use crate::model::project::service::Service;

/// Whether the image is one of Docker's daemon images, by its name: `docker:27-dind`, `docker:dind-rootless`.
#[must_use]
pub fn is_daemon_image(service: &Service) -> bool {
    service.spec.image.as_ref().is_some_and(|image| {
        let name = image.value.as_str();
        file_name(name).contains("dind")
    })
}

/// Hands over the arguments of every daemon a service starts: those of `dockerd`, and a `command` of options alone
/// for an image whose entrypoint passes them on.
pub fn for_each_daemon(service: &Service, report: &mut dyn FnMut(SourceId, &[Word])) {
    let passes_on = is_daemon_image(service);
    for program in service.programs() {
        let Some(file) = program.file else { continue };
        let words = &program.invocation().words;
        let first = words.first().and_then(|word| word.literal_text());
        let options_alone = passes_on && first.is_some_and(|first| first.starts_with('-'));
        let is_daemon = matches!(
            program.name(),
            Some(
                "dockerd" | "dockerd-entrypoint.sh" | "dockerd-rootless.sh" | "dockerd-rootless-setuptool.sh"
            )
        );
        if options_alone {
            report(file, words);
        } else if is_daemon {
            report(file, program.args());
        }
    }
}

/// Hands over the arguments of every daemon that an image starts: those of `dockerd` in `ENTRYPOINT` and `CMD`.
pub fn for_each_daemon_of_image(plan: &BuildPlan, report: &mut dyn FnMut(&[Word])) {
    for origin in plan.started() {
        for program in plan.programs(origin.instruction) {
            if let Some("dockerd" | "dockerd-entrypoint.sh" | "dockerd-rootless.sh") = program.name() {
                report(program.args());
            }
        }
    }
}

/// The value of a long option: `--name=value`, or the next word; and the words that say it.
#[must_use]
pub fn option_values<'w>(words: &'w [Word], names: &[&str]) -> Vec<(String, &'w [Word])> {
    let mut values = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(text) = word.literal_text() else { continue };
        for name in names {
            match text.strip_prefix(name) {
                Some("") => {
                    let next = words.get(at + 1).and_then(|next| next.literal_text());
                    if let (Some(value), Some(pair)) = (next, words.get(at..at + 2)) {
                        values.push((value.into_owned(), pair));
                    }
                }
                Some(rest) => {
                    if let (Some(value), Some(one)) = (rest.strip_prefix('='), words.get(at..=at)) {
                        values.push((value.to_owned(), one));
                    }
                }
                None => {}
            }
        }
    }
    values
}

/// Where words stand that follow one another.
#[must_use]
pub fn place_of(file: SourceId, words: &[Word]) -> Option<Origin> {
    let span = words.first()?.span().cover(words.last()?.span());
    Some(Origin { source: file, span })
}
