//! Top-level resources that Compose refuses once everything is merged.

use lint_parser::compose::ast::field::{Attribute, Text};

use crate::model::project::consistency::known;
use crate::model::project::declared;
use crate::model::project::effective::Project;
use crate::model::project::fault::{About, Fault};

pub(super) fn check(project: &Project, faults: &mut Vec<Fault>) {
    declared::check(&project.spec, &project.value, faults);
    for named in project.spec.secrets.iter().flat_map(|map| &map.value.entries) {
        let spec = &named.field.value;
        let is_internal = spec.external.as_ref().is_some_and(|e| e.value.is_external() == Some(false));
        let is_unread = !spec.rest.invalid.is_empty();
        let is_internal = is_internal || (spec.external.is_none() && spec.driver.is_some());
        let is_nowhere = spec.file.is_none() && spec.environment.is_none() && is_internal && !is_unread;
        let is_empty = |text: &Attribute<Text>| text.as_ref().is_some_and(|t| known(&t.value) == Some(""));
        let has_no_file = spec.environment.is_none() && is_empty(&spec.file);
        if is_nowhere || has_no_file || is_empty(&spec.environment) {
            let message = format!("secret \"{}\" must declare either `file` or `environment`", named.name);
            faults.push(Fault::new(About::Conflict, named.field.key, message));
        }
    }
}
