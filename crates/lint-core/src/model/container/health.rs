//! Whether the engine checks that a container works.

use lint_parser::compose::ast::pairs::Command;

use crate::finding::label::Place;
use crate::model::build::stage::{Base, ImageHealthcheck};
use crate::model::container::{Container, Image};
use crate::model::known::image_facts::ImageFacts;

/// How the engine learns that a container works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// By a check.
    Checked,
    /// Not at all: neither the service nor the image has a check. The place is the stage that is built.
    Absent(Option<Place>),
    /// Not at all: the check is switched off there.
    Disabled(Place),
    /// By none that the service or the Dockerfile has, but what they start from may bring one: an image we know nothing
    /// of. The place is the stage that is built.
    Open(Option<Place>),
    /// It cannot be known: a service that is not whole, a Dockerfile that cannot be read.
    Unknown,
}

/// The health check of a container: the service's own, or that of its image.
#[must_use]
pub fn of(container: &Container<'_>) -> Health {
    let Some(of) = container.service else { return of_image(container) };
    let service = of.service;
    let spec = &service.spec;
    if service.fragment
        || !service.complete
        || spec.provider.is_some()
        || spec.rest.invalid("healthcheck").is_some()
    {
        return Health::Unknown;
    }
    let Some(healthcheck) = &spec.healthcheck else {
        return if of.project.input.heeds_healthcheck() { of_image(container) } else { Health::Absent(None) };
    };
    let healthcheck = &healthcheck.value;
    if !healthcheck.rest.invalid.is_empty() {
        return Health::Unknown;
    }
    if let Some(disable) = &healthcheck.disable {
        match disable.value.known() {
            Some(true) => return Health::Disabled(of.project.place(disable.origin)),
            Some(false) => {}
            None => return Health::Unknown,
        }
    }
    let Some(test) = &healthcheck.test else { return of_image(container) };
    match &test.value {
        Command::Null => of_image(container),
        Command::Line(_) => Health::Checked,
        Command::Words(words) => match words.first() {
            None => of_image(container),
            Some(first) if first.is_unknown() => Health::Unknown,
            Some(first) if first.as_str() == "NONE" => Health::Disabled(of.project.place(test.origin)),
            Some(_) => Health::Checked,
        },
    }
}

fn of_image(container: &Container<'_>) -> Health {
    if let Image::Named { facts, .. } = &container.image {
        return of_facts(*facts, None);
    }
    let Some((plan, stage)) = container.target() else { return Health::Unknown };
    let place = |span| Place::new(&plan.dockerfile.file, span);
    match &stage.config.healthcheck {
        Some(setting) if setting.value == ImageHealthcheck::Disabled => {
            Health::Disabled(place(setting.origin.span))
        }
        Some(_) => Health::Checked,
        // An instruction that cannot be read may have been one.
        None if !plan.dockerfile.errors.is_empty() => Health::Unknown,
        None => match &plan.root_of(stage).base {
            Base::Scratch => Health::Absent(Some(place(stage.base_span))),
            Base::Image(base) => of_facts(base.facts, Some(place(stage.base_span))),
            Base::Unknown | Base::Stage(_) => Health::Open(Some(place(stage.base_span))),
        },
    }
}

fn of_facts(facts: Option<ImageFacts>, place: Option<Place>) -> Health {
    match facts.and_then(|facts| facts.healthcheck) {
        Some(true) => Health::Checked,
        Some(false) => Health::Absent(place),
        None => Health::Open(place),
    }
}
