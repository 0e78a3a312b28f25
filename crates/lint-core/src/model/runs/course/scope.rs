//! What is known of a shell at one point: its directory and its variables.

use std::sync::Arc;

use lint_parser::shell::ast::{Compound, CompoundKind};
use lint_parser::shell::walk::Context;
use lint_parser::shell::word::Word;

use crate::files;
use crate::model::kit::persistent::PersistentMap;

/// How many loops around a command are looked at.
const MAX_LOOPS: usize = 8;

/// How long a text may become, in bytes.
pub(super) const MAX_TEXT: usize = 4096;

/// The directory and the variables of a shell.
#[derive(Clone, Debug)]
pub struct Scope {
    /// `None` where the build's own is not known.
    directory: Option<Arc<str>>,
    /// The one before, for `cd -`.
    before: Option<Arc<str>>,
    /// What each variable may hold; nothing where that is not known.
    variables: PersistentMap<Arc<[String]>>,
    /// The innermost loop whose variable is set.
    of_loop: Option<Arc<Compound>>,
}

impl Default for Scope {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Scope {
    /// A shell that begins in a directory.
    pub(super) fn new(directory: Option<&str>) -> Self {
        let directory = directory.map(Arc::from);
        Self { directory, before: None, variables: PersistentMap::new(), of_loop: None }
    }

    /// The directory.
    pub(super) fn directory(&self) -> Option<&str> {
        self.directory.as_deref()
    }

    /// A path from the directory, without `.` and `..`. One that begins with what is not known stays as it is.
    pub(super) fn path(&self, path: &str) -> String {
        let is_relative = !path.starts_with(['/', '~', '$', '`']);
        match &self.directory {
            Some(directory) if is_relative => files::join(directory, path),
            None if is_relative => files::normalise(path),
            _ if path.starts_with('/') => files::normalise(path),
            _ => path.trim_end_matches('/').to_owned(),
        }
    }

    /// What a variable may hold; `None` where this shell has not set it.
    pub(super) fn get(&self, name: &str) -> Option<&[String]> {
        self.variables.get(name).map(|values| &**values)
    }

    pub(super) fn set(&mut self, name: &str, values: Vec<String>, append: bool) {
        let values = match self.get(name) {
            Some(before) if append => {
                let before = before.first().cloned().unwrap_or_default();
                values.iter().map(|value| format!("{before}{value}")).collect()
            }
            _ if append => Vec::new(),
            _ => values,
        };
        let values = if values.iter().any(|value| value.len() > MAX_TEXT) { vec![] } else { values };
        self.variables.insert(name, values.into());
    }

    /// Sets `$1`, `$2` and so on, and gives those before.
    pub(super) fn arguments(&mut self, values: Vec<Option<Vec<String>>>) -> Vec<Option<Vec<String>>> {
        let mut before = Vec::with_capacity(values.len());
        for (at, value) in values.into_iter().enumerate() {
            let name = (at + 1).to_string();
            before.push(self.get(&name).map(<[String]>::to_vec));
            match value {
                Some(value) => self.set(&name, value, false),
                None => self.forget(&name),
            }
        }
        before
    }

    /// From here on it may hold anything.
    pub(super) fn forget(&mut self, name: &str) {
        self.variables.insert(name, Arc::default());
    }

    pub(super) fn change_directory(&mut self, to: Option<&str>) {
        let now = match to {
            Some("-") => self.before.clone(),
            Some(path) => Some(self.path(path)).filter(|path| path.len() <= MAX_TEXT).map(Arc::from),
            None => Some("~".into()),
        };
        self.before = std::mem::replace(&mut self.directory, now);
    }

    /// Sets the variables of the loops around a command, as what `values` says the words come to.
    pub(super) fn loops(&mut self, context: &Context, values: impl Fn(&Self, &[Word]) -> Vec<String>) {
        let mut loops = Vec::new();
        let mut within = context.within.as_ref();
        while let Some(around) = within {
            if self.of_loop.as_ref().is_some_and(|known| Arc::ptr_eq(known, &around.compound)) {
                break;
            }
            if matches!(around.compound.kind, CompoundKind::For { .. }) && loops.len() < MAX_LOOPS {
                loops.push(&around.compound);
            }
            within = around.outer.as_ref();
        }
        for compound in loops.into_iter().rev() {
            if let CompoundKind::For { name, words: Some(words), .. } = &compound.kind {
                let values = values(self, words);
                self.set(&name.unquoted(), values, false);
            }
            self.of_loop = Some(Arc::clone(compound));
        }
    }
}
