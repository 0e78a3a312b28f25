//! Edits of a project: where it says something, and in the file that decides.

use std::sync::Arc;

use lint_parser::compose::value::Origin;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Entry, Node, NodeKind};

use crate::finding::fix::Edit;
use crate::finding::label::Place;
use crate::model::edits::change::Change;
use crate::model::edits::locate::{Route, anchored, end_of, is_unwritten, start_of};
use crate::model::edits::removal::Remark;
use crate::model::edits::sharing::{Probe, others};
use crate::model::edits::sheet::{Entries, Piece, Sheet};
use crate::model::edits::yaml::{Yaml, entry};
use crate::model::project::Project;
use crate::model::project::service::Service;

/// With more services than these nothing is edited: for each edit all of them are asked whether they share it, and nobody
/// writes as many by hand.
const MOST_SERVICES: usize = 1000;

/// Edits of a project's files. Each answers `None` where no edit is certain to be right.
#[derive(Clone, Copy, Debug)]
pub struct Editor<'p> {
    pub(super) project: &'p Project,
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

    pub(super) fn change(
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

    pub(super) fn sheet(&self, origin: Origin) -> Option<Sheet<'p>> {
        // What was written as something else has no editor yet.
        if self.project.services.len() > MOST_SERVICES || !self.project.input.is_compose() {
            return None;
        }
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

pub(super) fn has_key(mapping: &Node, names: &[&str]) -> bool {
    let NodeKind::Mapping(entries) = &mapping.kind else { return false };
    entries.iter().any(|entry| match &entry.key.kind {
        NodeKind::Scalar(scalar) => names.contains(&scalar.text.text()),
        _ => false,
    })
}
