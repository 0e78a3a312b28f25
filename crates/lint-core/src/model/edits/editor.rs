//! Edits of a project: where it says something, and in the file that decides.

use std::sync::Arc;

use lint_parser::compose::ast::field::{Form, Text};
use lint_parser::compose::value::{Certainty, Origin};
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind};

use crate::finding::fix::Edit;
use crate::finding::label::Place;
use crate::model::edits::change::Change;
use crate::model::edits::locate::{Route, Step, anchored, end_of, is_unwritten, start_of};
use crate::model::edits::removal::Remark;
use crate::model::edits::sharing::{Probe, others};
use crate::model::edits::sheet::{Entries, Piece, Sheet};
use crate::model::edits::yaml::{Flow, Yaml, entry, restyled};
use crate::model::project::Project;
use crate::model::project::ports::PublishedPort;
use crate::model::project::service::Service;

/// Edits of a project's files. Each answers `None` where no edit is certain to be right.
#[derive(Clone, Copy, Debug)]
pub struct Editor<'p> {
    project: &'p Project,
    /// The service that the edits are made for.
    own: Option<&'p str>,
}

impl Project {
    /// Edits of what belongs to no service.
    #[must_use]
    pub(crate) fn editor(&self) -> Editor<'_> {
        Editor { project: self, own: None }
    }

    /// Edits that are made for a service.
    #[must_use]
    pub(crate) fn editor_for<'p>(&'p self, service: &'p Service) -> Editor<'p> {
        Editor { project: self, own: Some(&service.name) }
    }
}

impl<'p> Editor<'p> {
    /// Sets keys that a service lacks, in the file that first names it.
    #[must_use]
    pub fn add_to_service(&self, service: &Service, new: Entries<'_>) -> Option<Change> {
        // What a file takes away on purpose is not for another to bring back.
        let is_reset = |name: &str| service.spec.rest.reset.iter().any(|entry| &*entry.key == name);
        if new.iter().any(|(name, _)| is_reset(name)) {
            return None;
        }
        self.add_to_key(service.key, new)
    }

    /// Sets a value deep in a service (`deploy`, `resources`, `limits`, `pids`), with as many of the mappings around it
    /// as are not there yet. `route` is the path.
    #[must_use]
    pub fn set_in_service(&self, service: &Service, route: &[&'static str], value: Yaml) -> Option<Change> {
        let (mut key, mut tree, mut at) = (service.key, &service.value, 0);
        // All but the last are mappings; the deepest one that is there gets the rest.
        while let Some(entry) = route.get(at).filter(|_| at + 1 < route.len()).and_then(|name| tree.get(name))
        {
            if entry.value.is_reset() {
                return None;
            }
            (key, tree, at) = (entry.key_origin, &entry.value, at + 1);
        }
        let (first, deeper) = route.get(at..)?.split_first()?;
        if tree.get(first).is_some() {
            return None;
        }
        let value = deeper.iter().rev().fold(value, |value, name| Yaml::Map(vec![(name, value)]));
        self.add_to_key(key, &[(first, value)])
    }

    /// Puts entries into the mapping that is the value of a key.
    #[must_use]
    pub fn add_to_key(&self, key: Origin, new: Entries<'_>) -> Option<Change> {
        let sheet = self.sheet(key)?;
        let route = Route::to_key(sheet.stream, key.span)?;
        let owner = route.steps.last()?.entry()?;
        let parent = Some(sheet.column(start_of(&owner.key)));
        let names: Vec<&'static str> = new.iter().map(|(name, _)| *name).collect();
        let (node, route) = match &owner.value.kind {
            NodeKind::Alias(name) => {
                let node = anchored(route.document, name, owner.value.span)?;
                (node, Route::to_value(sheet.stream, node.span)?)
            }
            _ => (&owner.value, route.clone()),
        };
        if let NodeKind::Mapping(entries) = &node.kind {
            let keys: Vec<Span> = entries.iter().map(|entry| entry.key.span).collect();
            if keys.is_empty() && route.is_anchored() || has_key(node, &names) {
                return None;
            }
            let pieces = sheet.add_entries(node, parent.filter(|_| node.span == owner.value.span), new)?;
            return self.change(&sheet, key, pieces, &route, &Probe::Keys { keys: &keys, names: &names });
        }
        let NodeKind::Scalar(scalar) = &node.kind else { return None };
        let is_null =
            is_unwritten(node) || matches!(scalar.text.text(), "~" | "null") && scalar.text.is_verbatim();
        if !is_null || route.is_anchored() || node.tag.is_some() {
            return None;
        }
        let pieces = if is_unwritten(node) {
            let above = route.steps.len().checked_sub(2).and_then(|at| route.steps.get(at)?.entry());
            let above = above.map(|entry| sheet.column(start_of(&entry.key)));
            if route.steps.iter().any(|step| sheet.is_flow(step.parent())) {
                return None;
            }
            sheet.add_first_entries(start_of(&owner.key), end_of(owner), above, new)?
        } else {
            let inner: Vec<String> =
                new.iter().map(|(name, value)| entry(name, value, sheet.flow(node))).collect();
            vec![Piece::new(node.span, format!("{{{}}}", inner.join(", ")))]
        };
        self.change(&sheet, key, pieces, &route, &Probe::Value(node.span))
    }

    /// Puts entries into the mapping that is written there.
    #[must_use]
    pub fn add_to_value(&self, mapping: Origin, new: Entries<'_>) -> Option<Change> {
        let sheet = self.sheet(mapping)?;
        let route = Route::to_value(sheet.stream, mapping.span)?;
        let node = route.node()?;
        let NodeKind::Mapping(entries) = &node.kind else { return None };
        let keys: Vec<Span> = entries.iter().map(|entry| entry.key.span).collect();
        let names: Vec<&'static str> = new.iter().map(|(name, _)| *name).collect();
        if keys.is_empty() || has_key(node, &names) {
            return None;
        }
        let pieces = sheet.add_entries(node, None, new)?;
        self.change(&sheet, mapping, pieces, &route, &Probe::Keys { keys: &keys, names: &[] })
    }

    /// Puts an entry into a section of the document that a service is written in, and the section too where there is none.
    #[must_use]
    pub fn add_to_section(
        &self,
        service: &Service,
        section: &'static str,
        name: &str,
        value: Yaml,
    ) -> Option<Change> {
        let sheet = self.sheet(service.key)?;
        let route = Route::to_key(sheet.stream, service.key.span)?;
        let NodeKind::Mapping(entries) = &route.root.kind else { return None };
        let is_section = |entry: &&Entry| matches!(&entry.key.kind, NodeKind::Scalar(scalar) if scalar.text.text() == section);
        let new = Yaml::Named(vec![(name.to_owned(), value)]);
        match entries.iter().find(is_section) {
            None => {
                let pieces = sheet.add_entries(route.root, None, &[(section, new)])?;
                self.change(
                    &sheet,
                    service.key,
                    pieces,
                    &Route { steps: Vec::new(), ..route.clone() },
                    &Probe::Keys { keys: &[], names: &[] },
                )
            }
            Some(entry) => {
                let NodeKind::Mapping(inner) = &entry.value.kind else { return None };
                let key = inner.last().filter(|_| !has_key(&entry.value, &[name]))?.key.span;
                let Yaml::Named(new) = new else { return None };
                let at = Route::to_key(sheet.stream, key)?;
                let pieces = sheet.add_named(&entry.value, Some(sheet.column(start_of(&entry.key))), &new)?;
                self.change(&sheet, service.key, pieces, &at, &Probe::Keys { keys: &[], names: &[] })
            }
        }
    }

    /// Puts items at the end of the list that is written there.
    #[must_use]
    pub fn append(&self, list: Origin, new: &[Yaml]) -> Option<Change> {
        let sheet = self.sheet(list)?;
        let route = Route::to_value(sheet.stream, list.span)?;
        let node = route.node()?;
        let NodeKind::Sequence(items) = &node.kind else { return None };
        let probe = items.first().map_or(node.span, |first| first.span);
        let pieces = sheet.add_items(node, new)?;
        self.change(&sheet, list, pieces, &route, &Probe::Value(probe))
    }

    /// Takes out a key and its value, and its comment on the same line. A mapping left empty goes as well, but no service.
    #[must_use]
    pub fn remove_key(&self, key: Origin) -> Option<Change> {
        self.remove(key, Remark::Goes)
    }

    /// Takes out a key and its value and leaves the comment.
    #[must_use]
    pub fn remove_key_keeping_comment(&self, key: Origin) -> Option<Change> {
        self.remove(key, Remark::Stays)
    }

    fn remove(&self, key: Origin, remark: Remark) -> Option<Change> {
        let sheet = self.sheet(key)?;
        let route = Route::to_key(sheet.stream, key.span)?;
        let pieces = sheet.remove(&route, remark)?;
        let keys = [key.span];
        self.change(&sheet, key, pieces, &route, &Probe::Keys { keys: &keys, names: &[] })
    }

    /// Takes out an item of a list. A list left empty goes as well.
    #[must_use]
    pub fn remove_item(&self, item: Origin) -> Option<Change> {
        let sheet = self.sheet(item)?;
        let route = Route::to_value(sheet.stream, item.span)?;
        if route.steps.last()?.entry().is_some() {
            return None;
        }
        let pieces = sheet.remove(&route, Remark::Goes)?;
        self.change(&sheet, item, pieces, &route, &Probe::Value(item.span))
    }

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
        let Some(step) = route.steps.last() else { return None };
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

    fn change(
        &self,
        sheet: &Sheet<'_>,
        at: Origin,
        pieces: Vec<Piece>,
        route: &Route<'_>,
        probe: &Probe<'_>,
    ) -> Option<Change> {
        // Compose files are read with these line breaks too, and nobody counts lines that way.
        if pieces.iter().any(|piece| is_strange(sheet, piece)) {
            return None;
        }
        let others: Vec<Arc<str>> = others(self.project, self.own, at.source, route, probe)?;
        let place = |span| Place::new(sheet.file, span);
        let edits = pieces.into_iter().map(|piece| Edit::new(place(piece.span), piece.text)).collect();
        Some(Change::new(edits, others))
    }

    fn sheet(&self, origin: Origin) -> Option<Sheet<'p>> {
        let source = self.project.sources.get(origin.source)?;
        let root = source.stream.documents.iter().find_map(|document| document.root.as_ref())?;
        let json = source.file.slice(root.span).starts_with('{');
        Some(Sheet { file: &source.file, stream: &source.stream, json })
    }
}

/// Whether the lines around a piece end in a lone carriage return, which is a line break to YAML alone.
fn is_strange(sheet: &Sheet<'_>, piece: &Piece) -> bool {
    let from = sheet.line_start(piece.span.start());
    let lines = sheet.slice(from, sheet.next_line(piece.span.end().max(piece.span.start())));
    lines.matches('\r').count() != lines.matches("\r\n").count()
}

fn has_same_key(one: &Entry, other: &Entry) -> bool {
    match (&one.key.kind, &other.key.kind) {
        (NodeKind::Scalar(one), NodeKind::Scalar(other)) => one.text.text() == other.text.text(),
        _ => false,
    }
}

fn has_key(mapping: &Node, names: &[&str]) -> bool {
    let NodeKind::Mapping(entries) = &mapping.kind else { return false };
    entries.iter().any(|entry| match &entry.key.kind {
        NodeKind::Scalar(scalar) => names.contains(&scalar.text.text()),
        _ => false,
    })
}
