//! What can be asked of the server by name.

use std::path::PathBuf;

use lint_core::baseline::{self, Baseline};
use lint_core::report::audit;
use lint_core::session::page;
use lint_core::{Applicability, Linter, rules};
use lsp_server::ErrorCode;
use lsp_types::Position;
use serde_json::{Value, json};

use crate::client::Weight;
use crate::convert::Places;
use crate::uri;
use crate::worker::{Answer, Refusal, Worker};

impl Worker {
    /// `workspace/executeCommand`
    pub(crate) fn execute(&mut self, name: &str, arguments: &[Value]) -> Answer {
        let uri = arguments.first().and_then(Value::as_str);
        match name {
            "plimsoll.fixAll" => Ok(self.fix_everything(uri)),
            "plimsoll.baseline" => self.write_baseline(uri),
            "plimsoll.auditReport" => self.audit(uri),
            "plimsoll.effectiveProject" => self.effective(uri.ok_or_else(no_document)?),
            "plimsoll.explain" => self.explain(uri.unwrap_or_default()),
            "plimsoll.container" => {
                let position = arguments.get(1).cloned().unwrap_or_default();
                let position: Position = serde_json::from_value(position).unwrap_or_default();
                Ok(self.container(uri.ok_or_else(no_document)?, position))
            }
            "plimsoll.apply" => {
                let edit = arguments.first().cloned().unwrap_or_default();
                self.client.ask("workspace/applyEdit", json!({"label": "Plimsoll", "edit": edit}));
                Ok(Value::Null)
            }
            "plimsoll.debug" => Ok(json!(self.debug())),
            _ => Err((ErrorCode::InvalidParams, format!("no such command: {name}"))),
        }
    }

    /// Fixes what is safe to fix, in a document or in everything.
    fn fix_everything(&self, uri: Option<&str>) -> Value {
        let places = Places::new(self.client.abilities.encoding);
        let mut files = 0;
        for (folder, name) in self.meant(uri) {
            let mut fixed = self.folders[folder].session.fix_all(&name, Applicability::Safe, &|_| true);
            fixed.retain(|file| file.name == name);
            if !fixed.is_empty() {
                files += 1;
                let edit = self.edit_of(folder, &fixed, &places);
                self.client.ask("workspace/applyEdit", json!({"label": "Plimsoll: fix all", "edit": edit}));
            }
        }
        json!({"files": files})
    }

    /// The files that a command is about.
    fn meant(&self, uri: Option<&str>) -> Vec<(usize, String)> {
        match uri {
            Some(uri) => self.located(uri).map(|(folder, name, _)| (folder, name)).into_iter().collect(),
            None => {
                let folders = self.folders.iter().enumerate();
                let names = folders
                    .flat_map(|(at, folder)| folder.kinds().keys().map(move |name| (at, name.clone())));
                names.filter(|(at, name)| self.owns(*at, name)).collect()
            }
        }
    }

    /// The folder that a command is about: the document's, or the first.
    fn folder_meant(&self, uri: Option<&str>) -> Result<usize, Refusal> {
        let of_document = uri.and_then(|uri| self.located(uri)).map(|(folder, ..)| folder);
        let of_folder =
            || uri.and_then(uri::path).and_then(|path| self.folders.iter().position(|f| f.path == path));
        let first = || {
            self.folders.iter().position(|folder| !folder.is_loose).or(if self.folders.is_empty() {
                None
            } else {
                Some(0)
            })
        };
        of_document.or_else(of_folder).or_else(first).ok_or_else(no_document)
    }

    /// Accepts everything that is found in a folder.
    fn write_baseline(&self, uri: Option<&str>) -> Answer {
        let at = self.folder_meant(uri)?;
        let folder = &self.folders[at];
        let path = folder.baseline();
        let report = folder.session.report();
        let mut all: Vec<_> = report.findings.iter().chain(&report.baselined).cloned().collect();
        baseline::sort(&mut all);
        let directory =
            path.parent().map(|parent| parent.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        let here = folder.path.to_string_lossy().replace('\\', "/");
        let written = Baseline::of(&all, &directory, &here);
        let (text, count) = (written.to_json(), written.entries.len());
        self.write(&path, &text)?;
        self.client.show(Weight::Info, &format!("{} accepts {count} findings", path.display()));
        Ok(json!({"uri": uri::of_path(&path), "entries": count}))
    }

    /// Writes a file through the editor where it can, else itself.
    fn write(&self, path: &PathBuf, text: &str) -> Result<(), Refusal> {
        let able = self.client.abilities;
        if able.applies_edits && able.creates_files && able.document_changes {
            let uri = uri::of_path(path);
            let nowhere = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
            let edit = json!({"documentChanges": [
                {"kind": "create", "uri": uri, "options": {"overwrite": true}},
                {"textDocument": {"uri": uri, "version": null}, "edits": [{"range": nowhere, "newText": text}]},
            ]});
            self.client.ask("workspace/applyEdit", json!({"label": "Plimsoll: baseline", "edit": edit}));
            return Ok(());
        }
        std::fs::write(path, text)
            .map_err(|error| (ErrorCode::RequestFailed, format!("{}: {error}", path.display())))
    }

    /// The report of `plimsoll audit`, as a page.
    fn audit(&self, uri: Option<&str>) -> Answer {
        let folder = &self.folders[self.folder_meant(uri)?];
        let session = &folder.session;
        let Some(first) = session.sources().first() else { return Ok(json!({"html": ""})) };
        let mut settings = session.linter().settings_of(&first.name).clone();
        settings.gather_evidence = true;
        settings.select = vec!["all".to_owned()];
        settings.ignore.clear();
        let linter = Linter::new(settings);
        let report = linter.lint_with(session.sources(), session.files());
        let audit = audit::audit(&report, &linter.rules(), lint_core::Benchmark::default());
        Ok(json!({"html": audit::html::write(&audit)}))
    }

    /// The project that a file belongs to, as `plimsoll project` prints it.
    fn effective(&self, uri: &str) -> Answer {
        let (folder, name, _) = self.located(uri).ok_or_else(no_document)?;
        let folder = &self.folders[folder];
        let root = folder.key("");
        let effective = folder.session.effective(&name, root.trim_end_matches('/'));
        let effective = effective
            .ok_or_else(|| (ErrorCode::RequestFailed, format!("{name} is part of no Compose project")))?;
        let language = if effective.is_refused { "plaintext" } else { "yaml" };
        Ok(json!({"language": language, "text": effective.text, "refused": effective.is_refused}))
    }

    /// The page of a rule; it is shown too, where the client can.
    fn explain(&self, name: &str) -> Answer {
        let rules = rules::find(name);
        let rule = rules.first().ok_or((ErrorCode::InvalidParams, format!("no such rule: {name}")))?;
        if self.client.abilities.shows_documents {
            self.client.ask("window/showDocument", json!({"uri": rule.url(), "external": true}));
        } else {
            self.client.show(Weight::Info, &format!("{}: {} ({})", rule.name, rule.summary(), rule.url()));
        }
        Ok(json!({"name": rule.name, "markdown": page(rule), "url": rule.url()}))
    }

    /// The container that a line of a file is about.
    fn container(&self, uri: &str, position: Position) -> Value {
        let Some((folder, name, file)) = self.located(uri) else { return Value::Null };
        let places = Places::new(self.client.abilities.encoding);
        let offset = places.offset(&file, position);
        let facts = self.folders[folder].session.facts(&name);
        let text =
            facts.at(offset).map(|fact| fact.text.as_str()).find(|text| text.contains("as it would run"));
        let Some(text) = text else { return Value::Null };
        self.client.show(Weight::Info, &text.replace("**", "").replace('`', ""));
        json!({"markdown": text})
    }

    /// What somebody who reports a fault is asked for.
    fn debug(&self) -> String {
        let mut text = format!("plimsoll {}\n{:?}\n", env!("CARGO_PKG_VERSION"), self.client.abilities);
        for folder in &self.folders {
            let sources = folder.session.sources();
            text.push_str(&format!(
                "\n{}: {} files, {} texts held{}\n",
                folder.path.display(),
                sources.len(),
                folder.session.held(),
                if folder.is_loose { ", no folder of the workspace" } else { "" }
            ));
        }
        for (key, document) in self.documents.iter() {
            let Some((folder, name, _)) = self.located(&document.uri) else { continue };
            let folder = &self.folders[folder];
            let kind = folder.kinds().get(&name).map_or("not one of ours", |kind| kind.name());
            let configured = folder.configured_by(&name);
            let configured =
                if configured.is_empty() { "no configuration".to_owned() } else { configured.join(", ") };
            text.push_str(&format!("{key}: {kind}, version {}, {configured}\n", document.version));
        }
        text
    }
}

fn no_document() -> Refusal {
    (ErrorCode::InvalidParams, "no such document".to_owned())
}
