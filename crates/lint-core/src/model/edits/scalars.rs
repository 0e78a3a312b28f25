//! Edits of names and scalars: other words in the quotes that are there.

use lint_parser::compose::ast::field::{Form, Text};
use lint_parser::compose::value::{Certainty, Origin};
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind};

use crate::model::edits::change::Change;
use crate::model::edits::editor::{Editor, has_key};
use crate::model::edits::locate::{Route, Step};
use crate::model::edits::sharing::Probe;
use crate::model::edits::sheet::Piece;
use crate::model::edits::yaml::{Flow, Yaml, restyled};
use crate::model::project::ports::PublishedPort;

impl Editor<'_> {
    /// Writes another text in place of a scalar, in the same quotes. Not where a variable is part of it.
    #[must_use]
    pub fn replace(&self, scalar: Origin, text: &str) -> Option<Change> {
        self.rewrite(scalar, |node, in_flow| match &node.kind {
            NodeKind::Scalar(old) if !old.text.text().contains('$') => restyled(text, old.style, in_flow),
            _ => None,
        })
    }

    /// Writes another value in place of a scalar, a flow collection, or an alias.
    #[must_use]
    pub fn replace_value(&self, value: Origin, new: &Yaml) -> Option<Change> {
        let json = self.sheet(value)?.json;
        self.rewrite(value, |node, in_flow| match &node.kind {
            NodeKind::Scalar(old) if old.text.text().contains('$') || old.text.text().contains('\n') => None,
            NodeKind::Scalar(_) if in_flow => Some(new.flow(Flow { json, padded: false })),
            NodeKind::Scalar(_) => Some(new.inline()),
            _ => None,
        })
    }

    /// Puts the text of a plain scalar between quotes as it stands.
    #[must_use]
    pub fn quote(&self, scalar: Origin) -> Option<Change> {
        let place = self.project.place(scalar);
        let written = place.file.slice(place.span);
        let is_simple = !written.is_empty() && !written.contains(['"', '\\', '\n', '\'', '$']);
        let quoted = format!("\"{written}\"");
        is_simple.then(|| self.rewrite(scalar, |_, _| Some(quoted))).flatten()
    }

    fn rewrite(&self, at: Origin, new: impl FnOnce(&Node, bool) -> Option<String>) -> Option<Change> {
        let sheet = self.sheet(at)?;
        let route = Route::to_value(sheet.stream, at.span)?;
        let node = route.node().filter(|node| node.tag.is_none() && !node.span.is_empty())?;
        let in_flow = route.steps.iter().any(|step| sheet.is_flow(step.parent()));
        let text = new(node, in_flow)?;
        self.change(&sheet, at, vec![Piece::new(at.span, text)], &route, &Probe::Value(at.span))
    }

    /// Writes another name for a key.
    #[must_use]
    pub fn rename_key(&self, key: Origin, name: &str) -> Option<Change> {
        let sheet = self.sheet(key)?;
        let route = Route::to_key(sheet.stream, key.span)?;
        let step = route.steps.last()?;
        let old = &step.entry()?.key;
        let NodeKind::Scalar(scalar) = &old.kind else { return None };
        if old.anchor.is_some() || old.tag.is_some() || has_key(step.parent(), &[name]) {
            return None;
        }
        let in_flow = route.steps.iter().any(|step| sheet.is_flow(step.parent()));
        let text = restyled(name, scalar.style, in_flow)?;
        let keys = [key.span];
        self.change(
            &sheet,
            key,
            vec![Piece::new(key.span, text)],
            &route,
            &Probe::Keys { keys: &keys, names: &[] },
        )
    }

    /// Writes another name where one is misspelt: a key, a scalar, or the part of a scalar that stands there.
    #[must_use]
    pub fn respell(&self, at: Origin, name: &str) -> Option<Change> {
        let sheet = self.sheet(at)?;
        if Route::to_key(sheet.stream, at.span).is_some() {
            return self.rename_key(at, name);
        }
        if Route::to_value(sheet.stream, at.span).is_some() {
            return self.replace(at, name);
        }
        let written = sheet.file.slice(at.span);
        let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
        (is_word(written) && is_word(name) && !written.is_empty())
            .then(|| self.splice(at.span, at, name))
            .flatten()
    }

    /// Whether the value of a key that is written twice says what the earlier one says.
    #[must_use]
    pub fn repeats_earlier(&self, key: Origin) -> Option<bool> {
        let sheet = self.sheet(key)?;
        let route = Route::to_key(sheet.stream, key.span)?;
        let Step::Entry { entries, index, .. } = route.steps.last()? else { return None };
        let own = entries.get(*index)?;
        let earlier = entries.get(..*index)?.iter().rfind(|entry| has_same_key(entry, own))?;
        Some(
            sheet.file.slice(own.value.span) == sheet.file.slice(earlier.value.span)
                && own.value.tag == earlier.value.tag,
        )
    }

    /// Puts a tag such as `!override` before the value of a key.
    #[must_use]
    pub fn tag_value(&self, key: Origin, tag: &str) -> Option<Change> {
        let sheet = self.sheet(key)?;
        let route = Route::to_key(sheet.stream, key.span)?;
        let entry = route.steps.last()?.entry()?;
        let value = &entry.value;
        let is_collection = matches!(value.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_));
        if !is_collection || value.tag.is_some() || value.anchor.is_some() || sheet.json {
            return None;
        }
        let colon = sheet.slice(entry.key.span.end(), value.span.start()).find(':')?;
        let at = entry.key.span.end() + colon + 1;
        if sheet.slice(entry.key.span.end(), at).trim() != ":" {
            return None;
        }
        let keys = [key.span];
        let pieces = vec![Piece::insert(at, format!(" {tag}"))];
        self.change(&sheet, key, pieces, &route, &Probe::Keys { keys: &keys, names: &[] })
    }

    /// The place of the key whose value is the list that an item stands in.
    #[must_use]
    pub fn key_of_list(&self, item: Origin) -> Option<Origin> {
        let sheet = self.sheet(item)?;
        let route = Route::to_value(sheet.stream, item.span)?;
        let above = route.steps.len().checked_sub(2)?;
        let key = &route.steps.get(above)?.entry()?.key;
        Some(Origin { source: item.source, span: key.span })
    }

    /// Writes another text for a part of a scalar that stands in the file just as it is read.
    #[must_use]
    pub fn replace_part(&self, part: &Text, text: &str) -> Option<Change> {
        let place = self.project.place(part.origin);
        let is_as_written =
            part.certainty == Certainty::Known && place.file.slice(place.span) == part.as_str();
        let is_simple =
            !part.as_str().is_empty() && !text.contains(['"', '\'', '\\', '\n', '#', ' ', '{', '[', ',']);
        (is_as_written && is_simple).then_some(())?;
        self.splice(part.origin.span, part.origin, text)
    }

    /// Puts text before the first character of a scalar, inside its quotes.
    #[must_use]
    pub fn prefix(&self, scalar: Origin, text: &str) -> Option<Change> {
        let place = self.project.place(scalar);
        let written = place.file.slice(place.span);
        if written.starts_with(['|', '>', '*', '&', '!', '$']) || written.contains('\\') {
            return None;
        }
        let quote = usize::from(written.starts_with(['"', '\'']));
        self.splice(Span::at(scalar.span.start() + quote), scalar, text)
    }

    /// Puts text behind the last character of a scalar, inside its quotes.
    #[must_use]
    pub fn suffix(&self, scalar: Origin, text: &str) -> Option<Change> {
        let place = self.project.place(scalar);
        let written = place.file.slice(place.span);
        if written.starts_with(['|', '>', '*', '&', '!'])
            || written.ends_with(['}', '\\'])
            || written.contains('\n')
        {
            return None;
        }
        let quote = usize::from(written.starts_with(['"', '\'']));
        self.splice(Span::at(scalar.span.end().checked_sub(quote)?), scalar, text)
    }

    /// Writes text over a part of a scalar, such as a variable in it.
    #[must_use]
    pub fn write_over(&self, part: Origin, text: &str) -> Option<Change> {
        self.splice(part.span, part, text)
    }

    /// Publishes a port on the loopback address alone.
    #[must_use]
    pub fn publish_on_loopback(&self, port: &PublishedPort<'_>) -> Option<Change> {
        const LOOPBACK: &str = "127.0.0.1";
        if let Some(ip) = &port.port.host_ip {
            return match ip.value.as_str() {
                "" => None,
                text if text.contains(':') => self.replace_part(&ip.value, "::1"),
                _ => self.replace_part(&ip.value, LOOPBACK),
            };
        }
        match &port.port.form {
            // A variable may bring the address along.
            Form::Short(text) if text.certainty != Certainty::Known => None,
            Form::Short(text) => {
                let between = if port.port.published.is_some() { ":" } else { "::" };
                self.prefix(text.origin, &format!("{LOOPBACK}{between}"))
            }
            Form::Long => self.add_to_value(port.origin, &[("host_ip", Yaml::text(LOOPBACK))]),
        }
    }

    /// Changes bytes of the scalar that a place lies in.
    fn splice(&self, span: Span, within: Origin, text: &str) -> Option<Change> {
        let sheet = self.sheet(within)?;
        let route = Route::to_scalar(sheet.stream, within.span)?;
        let leaf = route.node().filter(|node| node.tag.is_none())?;
        let pieces = vec![Piece::new(span, text)];
        self.change(&sheet, within, pieces, &route, &Probe::Value(leaf.span))
    }
}

fn has_same_key(one: &Entry, other: &Entry) -> bool {
    match (&one.key.kind, &other.key.kind) {
        (NodeKind::Scalar(one), NodeKind::Scalar(other)) => one.text.text() == other.text.text(),
        _ => false,
    }
}
