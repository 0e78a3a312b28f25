//! What every attribute of a Compose file is made of: a value, where it is written, and how it got there.
//!
//! Elements of lists and mappings that `!reset` takes away are not there at all.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::compose::value::{Certainty, Entry, Origin, ScalarKind, Value};
use crate::text::mapped::Mapped;

/// An attribute that may be absent. Boxed, because a service has a hundred of them and uses five.
pub type Attribute<T> = Option<Box<Field<T>>>;

/// The value of an attribute, with its provenance.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field<T> {
    /// What it says.
    pub value: T,
    /// Where the attribute's name is written. For a part of a short syntax: the part itself.
    pub key: Origin,
    /// Where the value is written: for a value reached through an alias, at the anchor.
    pub origin: Origin,
    /// Where the surrounding mapping takes the attribute from somewhere else: the alias, the `<<`, the
    /// `extends`. `None` when it is written right there.
    pub via: Option<Origin>,
}

/// An element of a list.
#[derive(Clone, PartialEq, Eq)]
pub struct Item<T> {
    /// What it says.
    pub value: T,
    /// Where it is written.
    pub origin: Origin,
}

/// A list.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct List<T> {
    /// The elements that could be read, in order.
    pub items: Vec<Item<T>>,
    /// The elements that could not; each has an error.
    pub invalid: Vec<Arc<Value>>,
    /// `false` when a single element is written without a list around it, where Compose allows that.
    pub is_list: bool,
}

/// A mapping from names the user chooses: services, networks, ulimits. Names are unique.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Map<T> {
    /// The entries that could be read, in the order of the file.
    pub entries: Vec<Named<T>>,
    /// The entries that could not; each has an error. A name may begin with `x-` and is as real as any other.
    pub invalid: Vec<Entry>,
    /// Whether names alone were written, as a list (`depends_on`, `networks`, `models`).
    pub is_list: bool,
}

/// A name the user chose, and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Named<T> {
    /// The name.
    pub name: Arc<str>,
    /// What it names; [`Field::key`] is where the name is written.
    pub field: Field<T>,
}

/// The entries of a mapping that became no attribute. Nothing is dropped.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Rest {
    /// Attributes the Compose specification does not have; each has an error.
    pub unknown: Vec<Entry>,
    /// Attributes whose value is not of their type; each has an error, and the attribute itself is `None`.
    pub invalid: Vec<Entry>,
    /// `x-` extensions.
    pub extensions: Vec<Entry>,
    /// Attributes that `!reset` takes away, whatever their value; the attribute itself is `None`.
    pub reset: Vec<Entry>,
}

/// Whether a value is written out or in the short syntax of its attribute.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Form {
    /// The long syntax: a mapping.
    #[default]
    Long,
    /// The short syntax: the whole text, of which the fields are parts.
    Short(Text),
}

/// The text of a scalar.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, mapped to the bytes of [`Text::origin`]'s file.
    pub mapped: Mapped,
    /// Where it is written, quotes included; for a part of a text, the part alone.
    pub origin: Origin,
    /// The type YAML gives the scalar.
    pub kind: ScalarKind,
    /// How much of it is certain. A part of an uncertain text is as uncertain as the whole, unless it can be
    /// seen that no variable went into it.
    pub certainty: Certainty,
}

/// The text of a scalar of any type, where Compose takes numbers and booleans as text (`driver_opts`,
/// `group_add`).
#[derive(Clone, PartialEq, Eq)]
pub struct AnyText(pub Text);

/// A scalar cast to the type of its attribute, as Compose casts it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cast<T> {
    /// What it says. `None` when that depends on a variable nothing sets, or holds `${...}` that nobody has
    /// interpolated: it cannot be said, and is no fault.
    pub value: Option<T>,
    /// What is written.
    pub text: Text,
}

/// A value the linter takes as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Anything(pub Arc<Value>);

impl<T> Field<T> {
    /// The place where the value enters the mapping that has it: where it is taken from elsewhere
    /// ([`Field::via`]), or where it is written.
    #[must_use]
    pub fn used_at(&self) -> Origin {
        self.via.unwrap_or(self.key)
    }
}

impl<T> List<T> {
    /// The values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.items.iter().map(|item| &item.value)
    }

    /// Whether nothing stands in it, readable or not.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.invalid.is_empty()
    }
}

impl<T> Map<T> {
    /// The entry of that name. Linear: who looks up many builds an index.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Named<T>> {
        self.entries.iter().find(|entry| &*entry.name == name)
    }

    /// Names and values, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Field<T>)> {
        self.entries.iter().map(|entry| (&*entry.name, &entry.field))
    }
}

impl Rest {
    /// The entry of that name, if it is written but could not be read. A rule about an absent attribute
    /// asks this first.
    #[must_use]
    pub fn invalid(&self, name: &str) -> Option<&Entry> {
        self.invalid.iter().find(|entry| &*entry.key == name)
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.unknown, &self.invalid, &self.extensions, &self.reset].into_iter().all(|kind| kind.is_empty())
    }
}

impl Text {
    /// The text as a program sees it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.mapped.text()
    }

    /// Where a range of the text is written.
    #[must_use]
    pub fn origin_of(&self, range: Range<usize>) -> Origin {
        Origin { source: self.origin.source, span: self.mapped.span_of(range) }
    }

    /// A part of the text. Ranges beyond the text or inside a character give an empty part.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Text {
        let certainty = if self.is_untouched(range.clone()) { Certainty::Known } else { self.certainty };
        let mapped = self.mapped.slice(range);
        let origin = Origin { source: self.origin.source, span: mapped.span() };
        Text { mapped, origin, kind: ScalarKind::String, certainty }
    }

    /// Whether what it says may differ where the project is deployed, or cannot be said before somebody
    /// interpolates it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.certainty == Certainty::Unknown
    }

    /// Whether the range and its neighbours stand in the source side by side: a variable that went into the
    /// range, or vanished at its edge (an unset variable leaves nothing), would show as a seam.
    fn is_untouched(&self, range: Range<usize>) -> bool {
        if self.certainty == Certainty::Known {
            return true;
        }
        let text = self.as_str();
        let length = text.len();
        if range.start >= range.end || range.end > length {
            return false;
        }
        let start = (0..range.start).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let end = (range.end + 1..=length).find(|&at| text.is_char_boundary(at)).unwrap_or(length);
        let written = self.mapped.span_of(start..end);
        let whole = self.mapped.span();
        // At the ends of the text at most a quote may stand before what a variable would have left.
        let open_start = start == range.start && written.start() > whole.start() + 1;
        let open_end = end == range.end && written.end() + 1 < whole.end();
        !open_start
            && !open_end
            && written.len() == end - start
            && self.mapped.slice(start..end).is_verbatim()
            && !text.get(range).is_some_and(|part| part.contains('$'))
    }
}

impl<T> Cast<T> {
    /// What it says, if that can be said.
    #[must_use]
    pub fn known(&self) -> Option<&T> {
        self.value.as_ref()
    }
}

impl<T: PartialEq> Cast<T> {
    /// Whether it certainly says this.
    #[must_use]
    pub fn is(&self, value: T) -> bool {
        self.value.as_ref() == Some(&value)
    }
}

impl std::ops::Deref for AnyText {
    type Target = Text;

    fn deref(&self) -> &Text {
        &self.0
    }
}

// `Debug` is what tests and reviewers read: present things only, one line for a leaf.

impl<T: fmt::Debug> fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)?;
        match self.via {
            Some(via) => write!(f, " via {:?}", via.span),
            None => Ok(()),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Item<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_list {
            f.write_str("single ")?;
        }
        f.debug_list()
            .entries(&self.items)
            .entries(self.invalid.iter().map(|value| Anything(Arc::clone(value))))
            .finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for Map<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_list {
            return f.debug_list().entries(self.entries.iter().map(|e| format!("{}", e.name))).finish();
        }
        let mut map = f.debug_map();
        for entry in &self.entries {
            map.entry(&entry.name, &entry.field);
        }
        for entry in &self.invalid {
            map.entry(&entry.key, &format_args!("invalid {:?}", entry.value.origin.span));
        }
        map.finish()
    }
}

impl Rest {
    /// Hands each kind that has entries to `show`.
    pub(crate) fn debug(&self, mut show: impl FnMut(&'static str, &dyn fmt::Debug)) {
        let kinds = [
            ("unknown", &self.unknown),
            ("invalid", &self.invalid),
            ("extensions", &self.extensions),
            ("reset", &self.reset),
        ];
        for (name, entries) in kinds {
            if !entries.is_empty() {
                let keys: Vec<String> =
                    entries.iter().map(|e| format!("{}@{:?}", e.key, e.key_origin.span)).collect();
                show(name, &format_args!("{}", keys.join(", ")));
            }
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{:?}", self.as_str(), self.origin.span)?;
        if self.kind != ScalarKind::String {
            write!(f, " {:?}", self.kind)?;
        }
        if self.certainty != Certainty::Known {
            write!(f, " {:?}", self.certainty)?;
        }
        Ok(())
    }
}

impl fmt::Debug for AnyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for Cast<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{value:?} = {:?}", self.text),
            None => write!(f, "? = {:?}", self.text),
        }
    }
}

impl fmt::Debug for Anything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::compose::value::ValueKind;
        let kind = match self.0.kind {
            ValueKind::Null => "null",
            ValueKind::Scalar(_) => "scalar",
            ValueKind::Sequence(_) => "sequence",
            ValueKind::Mapping(_) => "mapping",
        };
        write!(f, "{kind}@{:?}", self.0.origin.span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::mapped::MappedBuilder;
    use crate::text::span::Span;

    /// A quoted text of literal pieces and variables, each variable with what it becomes.
    fn interpolated(pieces: &[(&str, Option<&str>)]) -> Text {
        let mut builder = MappedBuilder::default();
        let mut at = 1;
        for (written, value) in pieces {
            match value {
                Some(value) => builder.push_replaced(value, Span::new(at, at + written.len())),
                None => builder.push_verbatim(written, at),
            }
            at += written.len();
        }
        let origin = Origin { span: Span::new(0, at + 1), ..Origin::default() };
        let mapped = builder.finish(origin.span);
        Text { mapped, origin, kind: ScalarKind::String, certainty: Certainty::Unknown }
    }

    #[test]
    fn a_part_no_variable_went_into_is_certain() {
        let known = |text: &Text, part: &str| {
            let at = text.as_str().find(part).unwrap();
            text.slice(at..at + part.len()).certainty == Certainty::Known
        };
        let unset = Some("");
        let port = interpolated(&[("${IP}", unset), (":8080:80", None)]);
        assert!(known(&port, "8080") && known(&port, "80"));
        let port = interpolated(&[("${P}", unset), ("80:90", None)]);
        assert!(!known(&port, "80") && known(&port, "90"));
        let port = interpolated(&[("80:90", None), ("${P}", unset)]);
        assert!(known(&port, "80") && !known(&port, "90"));
        let port = interpolated(&[("8", None), ("${P}", unset), ("0:90", None)]);
        assert!(!known(&port, "80"));
        let port = interpolated(&[("${P}", Some("80")), (":90", None)]);
        assert!(!known(&port, "80") && known(&port, "90"));
    }
}
