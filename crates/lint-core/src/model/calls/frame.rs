//! What is known around a command: its file, its variables, the directories it may run in.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::files::{directory, file_name};
use crate::model::calls::text::paths;
use crate::model::calls::trials::{is_path_of_trial, is_trial};

/// How long a command or a variable may become by what is put into it.
pub(super) const LONGEST: usize = 16 << 10;

/// How many variables are kept.
const MOST_VARIABLES: usize = 500;

/// What commands are read in.
#[derive(Clone)]
pub(super) struct Frame {
    /// The file.
    pub(super) file: String,
    /// The directories the commands may run in.
    pub(super) places: Vec<String>,
    /// The variables whose values are known, as words.
    pub(super) variables: Rc<BTreeMap<String, Vec<String>>>,
    /// The variables that whoever runs the commands sets for them.
    pub(super) environment: Rc<BTreeSet<String>>,
    /// Whether the commands are there to test or to lint.
    pub(super) is_aside: bool,
    /// Whether what they start is there for whoever develops: by the name of the file, of its directories, of what they stand in.
    pub(super) is_trial: bool,
    /// How deep in other scripts.
    pub(super) depth: usize,
    /// Whether what is read stands in another file than the one that is named.
    pub(super) is_elsewhere: bool,
    /// Whether the commands are steps of a pipeline.
    pub(super) is_step: bool,
    /// Whether the commands are run in some cases only.
    pub(super) is_branch: bool,
    /// What is run one after the other has one number: a script but for its branches, the recipe of a target.
    pub(super) group: Option<usize>,
    /// Whether the commands go on in the background.
    pub(super) is_background: bool,
    /// The variables that may have another value than the one that is known.
    doubtful: Rc<BTreeSet<String>>,
}

impl Frame {
    pub(super) fn new(file: &str, places: Vec<String>) -> Self {
        Self {
            file: file.to_owned(),
            places,
            variables: Rc::default(),
            environment: Rc::default(),
            is_aside: is_aside(file_name(file)),
            is_trial: is_path_of_trial(file),
            depth: 0,
            is_elsewhere: false,
            is_step: false,
            is_branch: false,
            group: None,
            is_background: false,
            doubtful: Rc::default(),
        }
    }

    /// Goes into something with a name: a target, a recipe, a job, a function.
    pub(super) fn name(&mut self, name: &str) {
        self.is_aside |= is_aside(name);
        self.is_trial |= is_trial(name);
    }

    /// Whether the value that is known of a variable is the one it has.
    pub(super) fn is_sure(&self, name: &str) -> bool {
        !self.doubtful.contains(name)
    }

    /// The directory of the file.
    pub(super) fn here(&self) -> &str {
        directory(&self.file)
    }

    /// The paths a text may name.
    pub(super) fn paths(&self, text: &str) -> Vec<String> {
        paths(text, &self.places, self.here())
    }

    /// Adds words to a variable that has some.
    pub(super) fn grow(&mut self, name: &str, words: Vec<String>) {
        let is_sure = self.is_sure(name) && !self.is_branch;
        self.set(name, words);
        if is_sure {
            Rc::make_mut(&mut self.doubtful).remove(name);
        }
    }

    pub(super) fn set(&mut self, name: &str, words: Vec<String>) {
        let may_differ = self.is_branch || self.variables.get(name).is_some_and(|known| *known != words);
        if may_differ && self.doubtful.len() < MOST_VARIABLES {
            Rc::make_mut(&mut self.doubtful).insert(name.to_owned());
        }
        let is_short = words.iter().map(String::len).sum::<usize>() <= LONGEST;
        let variables = Rc::make_mut(&mut self.variables);
        if is_short && (variables.len() < MOST_VARIABLES || variables.contains_key(name)) {
            variables.insert(name.to_owned(), words);
        } else {
            variables.remove(name);
        }
    }

    /// Takes note of a variable that is set for the commands.
    pub(super) fn expose(&mut self, name: &str) {
        if self.environment.len() < MOST_VARIABLES && !self.environment.contains(name) {
            Rc::make_mut(&mut self.environment).insert(name.to_owned());
        }
    }
}

/// Whether a name, of a file or of a stage, says that something is there to test or to lint.
pub(super) fn is_aside(name: &str) -> bool {
    let mut parts = name.split(['-', '_', '.', ':', '/']);
    parts
        .any(|part| matches!(part.to_ascii_lowercase().as_str(), "test" | "tests" | "lint" | "check" | "e2e"))
}

/// Whether a text may be the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The names before the `=` of each line.
pub(super) fn names_of_variables(text: &str) -> BTreeSet<String> {
    let lines =
        text.lines().map(|line| line.trim().trim_start_matches("export ").trim_start_matches(['"', '\'']));
    let names = lines.filter_map(|line| Some(line.split_once('=')?.0.trim_end()));
    names.filter(|name| is_name(name)).map(str::to_owned).collect()
}
