//! x
use crate::model::project::Project;
pub(super) fn check(project: &mut Project) {
    let _ = project;
}
