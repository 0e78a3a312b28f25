//! Each file is judged by its own settings.

use std::collections::HashMap;

use crate::settings::Settings;

/// Settings, and the files that have others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingsByFile {
    pub(super) all: Vec<Settings>,
    /// Indices into `all`, by file name.
    pub(super) files: HashMap<String, usize>,
}

impl SettingsByFile {
    /// A file's settings, if it has been given any.
    pub(crate) fn known(&self, file: &str) -> Option<&Settings> {
        self.files.get(file).and_then(|&index| self.all.get(index))
    }

    /// A file's settings, or those of files that have none of their own.
    pub(crate) fn of(&self, file: &str) -> &Settings {
        self.known(file).unwrap_or_else(|| self.first())
    }

    /// The settings of files that have none of their own.
    pub(crate) fn first(&self) -> &Settings {
        &self.all[0]
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Settings] {
        &self.all
    }
}
