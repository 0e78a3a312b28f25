//! Who runs in the container, with what the service says over what the image says.

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::Certainty;
use lint_parser::interpolation::{VariableState, interpolate};
use lint_parser::text::mapped::Mapped;

use crate::files::join;
use crate::model::container::runtime_user::RuntimeUser;
use crate::model::container::runtime_user::{runtime_user, runtime_user_of_image};
use crate::model::container::step_down::Overrides;
use crate::model::container::{BuildFiles, Image, ServiceOf};
use crate::model::runs::words_of;
use crate::model::values::variables::{Expanded, UnsetVariable};

pub(super) fn of_service(of: ServiceOf<'_>, image: &Image, files: &dyn BuildFiles) -> RuntimeUser {
    let spec = &of.service.spec;
    let user = match &spec.user {
        Some(user) => Some(expanded(of, &user.value)),
        // `user: 1000` is a number, which Compose refuses; what is meant is clear all the same.
        None => {
            let written = spec.rest.invalid("user").and_then(|entry| entry.value.as_scalar());
            written.map(|scalar| Expanded::literal(scalar.text.text()))
        }
    };
    let entrypoint = spec.entrypoint.as_ref().and_then(|entrypoint| words(&entrypoint.value));
    let command = spec.command.as_ref().and_then(|command| words(&command.value));
    let overrides =
        Overrides { user: user.as_ref(), entrypoint: entrypoint.as_deref(), command: command.as_deref() };
    self::of(image, &overrides, files)
}

pub(super) fn of(image: &Image, overrides: &Overrides<'_>, files: &dyn BuildFiles) -> RuntimeUser {
    match image {
        Image::Built { plan, context, .. } => {
            let read = |path: &str| files.text(&join(context.as_deref()?, path.trim_start_matches('/')));
            runtime_user(plan, plan.target.unwrap_or_default(), overrides, &read)
        }
        Image::Named { facts, .. } => runtime_user_of_image(*facts, overrides),
        Image::NoTarget { .. } | Image::Unreadable { .. } | Image::Unknown => {
            runtime_user_of_image(None, overrides)
        }
    }
}

/// Compose takes a variable that nothing sets as empty. The model wants it by name, to see which part of the
/// text is not known.
fn expanded(of: ServiceOf<'_>, text: &Text) -> Expanded {
    if text.certainty != Certainty::Unknown {
        return Expanded::literal(text.as_str());
    }
    // What is unknown elsewhere is no variable of Compose's.
    if !of.project.input.is_compose() {
        return Expanded::unknown(text.as_str());
    }
    let place = of.project.place(text.origin);
    let written = place.file.slice(place.span).trim_matches(['"', '\'']);
    let variables = interpolate(&Mapped::verbatim(written, 0), &|_| None).variables;
    let unset = variables.into_iter().filter(|used| {
        matches!(used.state, VariableState::Unset) && !of.project.set_elsewhere.contains(&used.name)
    });
    let unset = unset.map(|used| UnsetVariable { name: used.name, declared: false, guarded: false });
    Expanded { unset: unset.collect(), ..Expanded::unknown(written) }
}

/// A command as words; `None` when it is the image's own, or cannot be split.
fn words(command: &Command) -> Option<Vec<String>> {
    let texts = |words: &[Mapped]| words.iter().map(|word| word.text().to_owned()).collect();
    match command {
        Command::Null => None,
        Command::Line(line) => words_of(&line.mapped).map(|words| texts(&words)),
        Command::Words(words) => Some(words.iter().map(|word| word.as_str().to_owned()).collect()),
    }
}
