//! Modes that programs set, with the paths they set them on.

use crate::model::runs::course::{Course, Step};
use crate::model::values::modes::{ModeChange, mode_change};
use crate::model::values::shell_words::evaluated_or_written;

/// Paths as they are written, each with what it comes to.
pub type Paths = Vec<(String, Vec<String>)>;

/// What a step changes of the modes of files, and for each of the paths as they are written what they come to.
#[must_use]
pub fn changes(course: &Course<'_>, step: &Step<'_>) -> Option<(ModeChange, Paths)> {
    let change = mode_change(step.program.invocation(), course.variables())?;
    let resolved = |path: &String| {
        let is_it =
            |arg: &&lint_parser::shell::word::Word| evaluated_or_written(arg, course.variables()) == *path;
        let word = step.program.args().iter().find(is_it);
        // Where no word says it (`install -t directory`) it stands for itself.
        let paths = word.map_or_else(|| vec![step.path(path)], |word| course.paths(step, word));
        (path.clone(), paths)
    };
    let paths = change.paths.iter().map(resolved).collect();
    Some((change, paths))
}
