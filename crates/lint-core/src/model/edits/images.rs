//! Other tags for images.

use crate::model::edits::{Change, Editor};
use crate::model::project::images::PulledImage;

impl PulledImage<'_> {
    /// The same image with another tag.
    #[must_use]
    pub fn with_tag(&self, editor: &Editor<'_>, tag: &str) -> Option<Change> {
        let written = self.field.value.as_str();
        let name = match &self.reference.tag {
            Some(old) => written.strip_suffix(old.text())?.strip_suffix(':')?,
            None => written,
        };
        editor.replace(self.field.origin, &format!("{name}:{tag}"))
    }
}
