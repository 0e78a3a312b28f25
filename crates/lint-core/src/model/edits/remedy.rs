//! Repairs of what Compose refuses.

use lint_parser::compose::value::Origin;

use crate::finding::fix::Fix;
use crate::model::project::Project;
use crate::model::project::fault::Remedy;

impl Remedy {
    /// The repair of a fault at a place, where the file can be edited there.
    pub(crate) fn fix(&self, project: &Project, origin: Origin) -> Option<Fix> {
        let editor = project.editor();
        match self {
            Self::Spell(name) => Some(editor.respell(origin, name)?.unsafely(format!("Write `{name}`"))),
            Self::DropKey => {
                let is_same = editor.repeats_earlier(origin)?;
                let change = editor.remove_key(origin)?;
                Some(match is_same {
                    true => change.safely("Remove the repetition"),
                    false => change.shown("Remove the later of the two"),
                })
            }
        }
    }
}
