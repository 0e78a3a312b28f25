//! The images services are made of.

use lint_parser::compose::ast::field::{Field, Text};
use lint_parser::image::{ImageReference, parse};
use lint_parser::text::mapped::Mapped;

use crate::files::file_name;
use crate::model::kit::names::full_name;
use crate::model::project::built::full_names;
use crate::model::project::effective::Project;
use crate::model::project::service::Service;

/// The image a service is pulled as.
#[derive(Clone, Debug)]
pub struct PulledImage<'a> {
    /// As it is written.
    pub field: &'a Field<Text>,
    /// Taken apart.
    pub reference: ImageReference,
}

/// The image a service is pulled as. None where it is built, by this service or another one of the project; where
/// `pull_policy` says that it is there already; and where it depends on a variable nobody sets.
#[must_use]
pub fn pulled<'a>(project: &Project, service: &'a Service) -> Option<PulledImage<'a>> {
    let spec = &service.spec;
    let is_built = spec.build.is_some();
    let pulls = project.input.pulls_what_is_built();
    let built = is_built && !pulls || spec.rest.invalid("build").is_some() || spec.provider.is_some();
    let policy = spec.pull_policy.as_ref().map_or("", |policy| policy.value.as_str());
    let field = spec.image.as_deref()?;
    if built || matches!(policy, "never" | "build") || field.value.is_unknown() {
        return None;
    }
    let reference = parse(&field.value.mapped).ok()?;
    // What has a registry in its name and is built here may be pulled by those who only run it.
    let is_local = reference.registry.is_none()
        && project.local_images.as_ref().is_some_and(|images| images.hold(&reference, ""));
    if is_local || is_built && reference.registry.is_none() {
        return None;
    }
    if is_built && pulls {
        return Some(PulledImage { field, reference });
    }
    (!project.builds(&full_name(&reference))).then_some(PulledImage { field, reference })
}

/// The full names of the images that a service builds, those that Compose makes up among them where the project's name is
/// known: `shop-web`, and `shop_web` before Compose 2.
pub(crate) fn names_of_build(project: &Project, service: &Service) -> Vec<String> {
    let mut names: Vec<String> = full_names(service).collect();
    let name = project.spec.name.as_ref().map(|name| name.value.as_str().to_owned());
    let name = name.unwrap_or_else(|| file_name(&project.directory).to_lowercase());
    if service.spec.image.is_none() && !name.is_empty() {
        let own = ["-", "_"].map(|between| format!("{name}{between}{}", service.name));
        let own = own.iter().filter_map(|name| parse(&Mapped::verbatim(name, 0)).ok());
        names.extend(own.map(|reference| full_name(&reference)));
    }
    names
}
