//! Edits that belong together, and whom they touch.

use std::sync::Arc;

use crate::finding::fix::{Applicability, Edit, Fix};

/// Edits of one purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    edits: Vec<Edit>,
    /// The other services that change with the one it is made for.
    others: Vec<Arc<str>>,
}

impl Change {
    pub(super) fn new(edits: Vec<Edit>, others: Vec<Arc<str>>) -> Self {
        Self { edits, others }
    }

    /// Both. What both put in one place comes in the order of the two. `None` when they touch.
    #[must_use]
    pub fn and(mut self, other: Self) -> Option<Self> {
        for edit in other.edits {
            let same =
                self.edits.iter_mut().find(|own| own.file.name() == edit.file.name() && touches(own, &edit));
            match same {
                None => self.edits.push(edit),
                Some(own) if own.span == edit.span && own.span.is_empty() => own.text.push_str(&edit.text),
                Some(_) => return None,
            }
        }
        for name in other.others {
            if !self.others.contains(&name) {
                self.others.push(name);
            }
        }
        Some(self)
    }

    /// The repair, after which what runs is the same.
    #[must_use]
    pub fn safely(self, title: impl Into<String>) -> Fix {
        self.fix(title, Applicability::Safe)
    }

    /// The repair, after which something else runs, in the way that is asked for.
    #[must_use]
    pub fn unsafely(self, title: impl Into<String>) -> Fix {
        self.fix(title, Applicability::Unsafe)
    }

    /// The repair, for a person to decide on.
    #[must_use]
    pub fn shown(self, title: impl Into<String>) -> Fix {
        self.fix(title, Applicability::Display)
    }

    /// The repair. Its title says which other services it changes.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, applicability: Applicability) -> Fix {
        let mut title = title.into();
        let others: Vec<String> = self.others.iter().map(|name| format!("`{name}`")).collect();
        match others.as_slice() {
            [] => {}
            [one] => title.push_str(&format!(", for {one} too")),
            [one, two] => title.push_str(&format!(", for {one} and {two} too")),
            [one, two, rest @ ..] => {
                title.push_str(&format!(", for {one}, {two} and {} more services too", rest.len()));
            }
        }
        Fix::new(title, applicability, self.edits)
    }
}

fn touches(a: &Edit, b: &Edit) -> bool {
    a.span == b.span || (a.span.start() < b.span.end() && b.span.start() < a.span.end())
}
