//! The images that services build.

use std::collections::HashMap;

use lint_parser::image::parse;
use lint_parser::text::mapped::Mapped;

use crate::model::kit::names::full_name;
use crate::model::project::build_sources::tags_of_bake;
use crate::model::project::service::Service;

/// The names of all images that services build, and which of the services does; `None` for a name that several give.
pub(in crate::model) fn built(services: &[Service]) -> HashMap<String, Option<usize>> {
    let mut built = HashMap::new();
    for (at, service) in services.iter().enumerate() {
        for name in full_names(service) {
            let builder = built.entry(name).or_insert(Some(at));
            if *builder != Some(at) {
                *builder = None;
            }
        }
    }
    built
}

/// The full names of the images that a service builds.
pub fn full_names(service: &Service) -> impl Iterator<Item = String> + use<'_> {
    let build = service.spec.build.as_ref();
    let image = service.spec.image.iter().map(|image| &image.value).filter(move |_| build.is_some());
    let tags = build.and_then(|build| build.value.tags.as_ref());
    let names = image.chain(tags.into_iter().flat_map(|tags| tags.value.iter()));
    let of_bake = build.into_iter().flat_map(|build| tags_of_bake(&build.value));
    let of_bake = of_bake.filter_map(|name| parse(&Mapped::verbatim(name, 0)).ok());
    let names = names.filter_map(|name| parse(&name.mapped).ok()).chain(of_bake);
    names.map(|reference| full_name(&reference))
}
