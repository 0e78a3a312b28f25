//! Texts of a Compose project that a program in the container reads, most often a shell: there `$NAME` may be meant
//! for it, and Compose replaces it first.

use lint_parser::compose::ast::field::{Attribute, List, Text};
use lint_parser::compose::ast::lifecycle::Hook;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::{Origin, SourceId};
use lint_parser::text::span::Span;

use crate::model::project::Project;

/// The places of a project's commands.
#[derive(Clone, Debug, Default)]
pub struct CommandTexts {
    /// Sorted, each once, none within another.
    places: Vec<Origin>,
}

impl CommandTexts {
    /// Every `command`, `entrypoint`, health check and hook of the project.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let mut places = Vec::new();
        let mut add = |command: &Command| match command {
            Command::Null => {}
            Command::Line(line) => places.push(line.origin),
            Command::Words(words) => places.extend(words.iter().map(|word: &Text| word.origin)),
        };
        for service in &project.services {
            let spec = &service.spec;
            let health = spec.healthcheck.as_deref().and_then(|health| health.value.test.as_deref());
            for command in [spec.command.as_deref(), spec.entrypoint.as_deref(), health].into_iter().flatten()
            {
                add(&command.value);
            }
            let hooks = [&spec.pre_start, &spec.post_start, &spec.pre_stop];
            for hook in hooks.into_iter().flat_map(|hooks: &Attribute<List<Hook>>| hooks.iter()) {
                for command in hook.value.iter().filter_map(|hook| hook.command.as_deref()) {
                    add(&command.value);
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        Self { places }
    }

    /// Whether a place is within one of them.
    #[must_use]
    pub fn hold(&self, source: SourceId, span: Span) -> bool {
        let after =
            self.places.partition_point(|place| (place.source, place.span.start()) <= (source, span.start()));
        let before = after.checked_sub(1).and_then(|at| self.places.get(at));
        before.is_some_and(|place| place.source == source && span.end() <= place.span.end())
    }
}
