//! From the value tree to the typed view: types, short syntaxes, casts, and what Compose refuses.

pub(crate) mod attributes;
pub(crate) mod cast;
pub(crate) mod collections;
pub(crate) mod float;
pub(crate) mod readers;
mod short_forms;

use std::fmt::Write as _;

use crate::compose::ast::Project;
use crate::compose::value::{Origin, Value, ValueKind};

/// A value that Compose refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LowerError {
    /// Where: the key of an attribute that does not exist, else the value at fault.
    pub origin: Origin,
    /// What is wrong, in Compose's words, which begin with the path.
    pub message: String,
    /// What to do about it, when that is known.
    pub help: Option<String>,
    /// The name or word that is probably meant by the one at fault.
    pub meant: Option<&'static str>,
    /// Where in the tree: `services.web.ports.0`, as Compose writes it.
    pub path: String,
    /// Whether Compose finds it when all files are merged, and not after each.
    pub is_late: bool,
}

/// A project and everything Compose would refuse in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lowered {
    /// What could be read.
    pub project: Project,
    /// What is wrong, in the order of the tree.
    pub errors: Vec<LowerError>,
}

/// Reads a tree, of one file or of an effective project, as a Compose project. Never fails; time is linear in
/// the size the tree has when its shared parts are written out.
///
/// Compose checks the effective project alone. In the tree of one file that is an override of others, what is
/// missing may come from there; wrong types and unknown attributes are wrong all the same.
#[must_use]
pub fn lower(root: &Value) -> Lowered {
    let mut cx = Lowering::default();
    let project = match root.kind {
        ValueKind::Mapping(_) => attributes::read_attributes(root, Path::ROOT, &mut cx).unwrap_or_default(),
        ValueKind::Null => {
            cx.error(root.origin, Path::ROOT, "empty compose file");
            Project::default()
        }
        _ => {
            cx.error(root.origin, Path::ROOT, "top-level object must be a mapping");
            Project::default()
        }
    };
    Lowered { project, errors: cx.errors }
}

/// The errors so far.
#[derive(Debug, Default)]
pub(crate) struct Lowering {
    pub(crate) errors: Vec<LowerError>,
    suggestions: usize,
}

/// A path into the tree, linked on the stack: written out when there is an error to report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    pub(crate) const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    pub(crate) fn key(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: Step::Index(index) }
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
            if !matches!(parent.step, Step::Root) {
                f.write_char('.')?;
            }
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Key(key) => f.write_str(&excerpt(key)),
            Step::Index(index) => write!(f, "{index}"),
        }
    }
}

impl Lowering {
    /// Reports a fault; `words` go on after the path.
    pub(crate) fn error(&mut self, origin: Origin, at: Path<'_>, words: &str) -> &mut LowerError {
        let path = at.to_string();
        let message = format!("{path}{}{words}", if path.is_empty() { "" } else { " " });
        self.push(LowerError { origin, message, help: None, meant: None, path, is_late: false })
    }

    /// Reports a fault whose words are a sentence of their own: `path: words`.
    pub(crate) fn refuse(&mut self, origin: Origin, at: Path<'_>, words: &str) -> &mut LowerError {
        let path = at.to_string();
        self.push(LowerError {
            origin,
            message: format!("{path}: {words}"),
            help: None,
            meant: None,
            path,
            is_late: false,
        })
    }

    /// Reports a value of the wrong type.
    pub(crate) fn wrong_type(&mut self, value: &Value, at: Path<'_>, expected: &str) -> &mut LowerError {
        let words = format!("must be {expected}");
        self.error(value.origin, at, &words)
    }

    fn push(&mut self, error: LowerError) -> &mut LowerError {
        self.errors.push(error);
        // The element just pushed.
        let last = self.errors.len() - 1;
        &mut self.errors[last]
    }
}

impl LowerError {
    /// Adds what to do about it.
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Says what is probably meant.
    pub(crate) fn meant(&mut self, name: &'static str) {
        self.help(format!("did you mean `{name}`?")).meant = Some(name);
    }

    /// Says that Compose finds it when all files are merged.
    pub(crate) fn at_last(&mut self) {
        self.is_late = true;
    }
}

/// A text short enough for a message.
pub(crate) fn excerpt(text: &str) -> std::borrow::Cow<'_, str> {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}
