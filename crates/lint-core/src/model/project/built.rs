//! The images that services build.

use std::collections::HashMap;

use lint_parser::image::parse;

use crate::model::kit::names::full_name;
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
    names.filter_map(|name| parse(&name.mapped).ok()).map(|reference| full_name(&reference))
}
