//! What Compose refuses once everything is merged: names nothing declares, services that wait for each other,
//! attributes that exclude each other.
//!
//! Nothing is claimed about a text that depends on a variable nobody sets, nor about what a file that could
//! not be read may hold.

mod conflicts;
mod cycles;
mod references;
mod resources;

use std::collections::HashMap;

use lint_parser::compose::ast::field::Text;

use crate::model::project::effective::Project;
use crate::model::project::fault::{About, Fault};
use crate::model::project::group;
use crate::model::project::service::Service;

/// Adds what Compose refuses in an effective project to its faults.
/// `settled` says that the files are all there is.
pub(super) fn check(project: &mut Project, settled: bool) {
    let index: Index<'_> = project.services.iter().map(|service| (&*service.name, service)).collect();
    let mut faults = Vec::new();
    for service in &project.services {
        if is_nothing_to_run(project, service, settled) {
            let message =
                format!("service \"{}\" has neither an image nor a build context specified", service.name);
            let fault = Fault::new(About::Conflict, service.key, message);
            faults.push(fault.of(&service.name).with_help("add `image` or `build`"));
        }
        conflicts::check(service, &mut faults);
    }
    conflicts::container_names(&project.services, &mut faults);
    references::check(project, &index, &mut faults);
    cycles::check(project, &mut faults);
    resources::check(project, &mut faults);
    project.faults.append(&mut faults);
}

/// The services by name.
type Index<'p> = HashMap<&'p str, &'p Service>;

/// Whether Compose would be asked to run this service and could not. A file of nothing but incomplete
/// services, under a name Compose does not look for, is there for other files to use.
fn is_nothing_to_run(project: &Project, service: &Service, settled: bool) -> bool {
    let is_project = || {
        settled
            || project.files.first().is_some_and(|file| group::is_base(file))
            || project.services.iter().any(|service| !service.fragment)
    };
    service.fragment && service.complete && !project.opaque && is_project()
}

/// The text, when it is known whatever the environment.
fn known(text: &Text) -> Option<&str> {
    (!text.is_unknown()).then(|| text.as_str())
}
