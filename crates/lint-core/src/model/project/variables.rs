//! What variables of a project and of a container hold.

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::Origin;

use crate::files::FileError;

/// What Compose is told to read when there shall be no variables.
pub(super) const NO_VARIABLES: &str = "/dev/null";

/// The variables of a project: what its `.env` files say, and nothing of the process the linter runs in.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Environment {
    /// Two environments of one number hold the same.
    pub(super) id: usize,
    pub(super) variables: HashMap<String, Text>,
}

/// Files of variables that services share, by path, and whether they are read as they are.
pub(super) type VariablesFiles = HashMap<(String, bool), Result<Arc<VariablesFile>, FileError>>;

/// A file of variables that a service takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedFile {
    /// Where it is named.
    pub at: Origin,
    /// The file.
    pub file: Arc<VariablesFile>,
}

/// A file of `NAME=value` lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariablesFile {
    /// Its path.
    pub path: String,
    /// Its lines, in order; the last of a name counts.
    pub variables: Vec<Variable>,
}

/// A name and its text: an environment variable or a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: Text,
    /// The text; `None` when it comes from wherever Compose is run.
    pub value: Option<Text>,
    /// Where the pair is written.
    pub origin: Origin,
    /// Where the service takes it from: the `env_file`, an alias, the `extends`.
    pub via: Option<Origin>,
}

impl Environment {
    pub(super) fn id(&self) -> usize {
        self.id
    }

    /// What a variable is replaced with: nothing, when its own value depends on one that nothing sets.
    pub(super) fn lookup(&self, name: &str) -> Option<String> {
        known(self.variables.get(name)?)
    }

    /// The text of a variable.
    pub(in crate::model) fn get(&self, name: &str) -> Option<&Text> {
        self.variables.get(name)
    }
}

pub(super) fn known(text: &Text) -> Option<String> {
    (!text.is_unknown()).then(|| text.as_str().to_owned())
}
