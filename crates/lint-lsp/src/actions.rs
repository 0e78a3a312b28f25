//! What can be done about a finding.

use std::collections::HashMap;

use lint_core::fix::FixedFile;
use lint_core::syntax::text::span::Span;
use lint_core::{Applicability, Finding, Fix};
use lsp_server::ErrorCode;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, Command, DocumentChange,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri,
    WorkspaceEdit,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::capabilities::FIX_ALL;
use crate::convert::Places;
use crate::worker::{Answer, Refusal, Worker};

/// How many findings under the cursor are offered something for.
const MOST: usize = 40;

/// What stands for a reason until somebody writes one.
const REASON: &str = "TODO: say why";

/// What an action needs to be worked out when it is chosen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Data {
    uri: String,
    version: Option<i32>,
    rule: String,
    /// The bytes of the finding.
    start: usize,
    end: usize,
    message: String,
    what: What,
}

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    /// Applies a fix, by its number.
    Fix(usize),
    SuppressLine,
    SuppressFile,
}

impl Worker {
    /// `textDocument/codeAction`
    pub(crate) fn actions(&self, params: &CodeActionParams) -> Answer {
        let uri = &params.text_document.uri.0;
        let Some((folder, name, file)) = self.located(uri) else { return Ok(Value::Null) };
        let only: Vec<String> = params.context.only.iter().flatten().cloned().map(String::from).collect();
        let wants = |kind: &str| only.iter().any(|only| only.is_empty() || is_below(kind, only));
        let places = Places::new(self.client.abilities.encoding);
        let mut actions: Vec<CodeAction> = Vec::new();
        // A cursor that moves asks for everything; what is done on saving is not meant then.
        if !only.is_empty() && wants(FIX_ALL) {
            let fixed = self.folders[folder].session.fix_all(&name, Applicability::Safe, &|_| true);
            let fixed: Vec<FixedFile> = fixed.into_iter().filter(|file| file.name == name).collect();
            if !fixed.is_empty() {
                actions.push(CodeAction {
                    title: "Plimsoll: fix everything that is safe to fix".to_owned(),
                    kind: Some(CodeActionKind::new(FIX_ALL)),
                    edit: Some(self.edit_of(folder, &fixed, &places)),
                    ..CodeAction::default()
                });
            }
        }
        if only.is_empty() || wants("quickfix") {
            let start = places.offset(&file, params.range.start);
            let end = places.offset(&file, params.range.end);
            let is_meant = |finding: &&Finding| {
                let span = finding.span();
                span.start() <= end && start <= span.end().max(span.start() + 1)
            };
            let findings = self.findings(folder, &name);
            for finding in findings.iter().filter(is_meant).take(MOST) {
                self.quick_fixes(folder, uri, finding, &places, &mut actions);
            }
        }
        if self.client.abilities.action_literals {
            return Ok(json!(actions));
        }
        // A client of old takes commands alone.
        let commands = actions.into_iter().filter_map(|action| {
            let edit = action.edit?;
            Some(json!({"title": action.title, "command": "plimsoll.apply", "arguments": [edit]}))
        });
        Ok(Value::Array(commands.collect()))
    }

    fn quick_fixes(
        &self,
        folder: usize,
        uri: &str,
        finding: &Finding,
        places: &Places,
        actions: &mut Vec<CodeAction>,
    ) {
        let rule = finding.rule();
        let diagnostic = self.diagnostic(folder, finding, places);
        let lazy = self.client.abilities.resolves_actions;
        let mut offer = |title: String, what: What, is_preferred: bool| {
            let data = Data {
                uri: uri.to_owned(),
                version: self.documents.get(&crate::uri::key(uri)).map(|document| document.version),
                rule: rule.name.to_owned(),
                start: finding.span().start(),
                end: finding.span().end(),
                message: finding.message().to_owned(),
                what,
            };
            let edit = if lazy { None } else { self.work_out(folder, finding, what, places).ok() };
            if !lazy && edit.is_none() {
                return;
            }
            actions.push(CodeAction {
                title,
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(vec![diagnostic.clone()]),
                is_preferred: is_preferred.then_some(true),
                edit,
                data: lazy.then(|| json!(data)),
                ..CodeAction::default()
            });
        };
        let mut preferred = true;
        for (number, fix) in finding.fixes.iter().enumerate() {
            if fix.edits.is_empty() || fix.applicability == Applicability::Display {
                continue;
            }
            let elsewhere = fix.edits.iter().find(|edit| edit.file.name() != finding.file().name());
            let place = elsewhere.map(|edit| format!(" in {}", edit.file.name())).unwrap_or_default();
            let is_safe = fix.applicability == Applicability::Safe;
            let title = format!("{}{place} ({})", fix.title, rule.name);
            offer(title, What::Fix(number), is_safe && preferred);
            preferred = false;
        }
        if rule.suppressible && !lint_core::rules::find(rule.name).is_empty() {
            offer(format!("Accept here with a comment ({})", rule.name), What::SuppressLine, false);
            offer(format!("Accept in this file with a comment ({})", rule.name), What::SuppressFile, false);
        }
        actions.push(CodeAction {
            title: format!("Explain {}", rule.name),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic]),
            command: Some(Command {
                title: format!("Explain {}", rule.name),
                command: "plimsoll.explain".to_owned(),
                arguments: Some(vec![json!(rule.name)]),
                ..Command::default()
            }),
            ..CodeAction::default()
        });
    }

    /// `codeAction/resolve`
    pub(crate) fn resolve_action(&self, mut action: CodeAction) -> Answer {
        let Some(data) = action.data.clone().and_then(|data| serde_json::from_value::<Data>(data).ok())
        else {
            return Ok(json!(action));
        };
        let stale = || (ErrorCode::InvalidParams, "the text has changed; ask again".to_owned());
        let (folder, name, _) = self.located(&data.uri).ok_or_else(stale)?;
        let version = self.documents.get(&crate::uri::key(&data.uri)).map(|document| document.version);
        if version != data.version {
            return Err(stale());
        }
        let findings = self.findings(folder, &name);
        let span = Span::new(data.start, data.end.max(data.start));
        let is_it = |finding: &&Finding| {
            finding.rule().name == data.rule && finding.span() == span && finding.message() == data.message
        };
        let finding = findings.iter().find(is_it).ok_or_else(stale)?;
        let places = Places::new(self.client.abilities.encoding);
        action.edit = Some(self.work_out(folder, finding, data.what, &places)?);
        Ok(json!(action))
    }

    fn work_out(
        &self,
        folder: usize,
        finding: &Finding,
        what: What,
        places: &Places,
    ) -> Result<WorkspaceEdit, Refusal> {
        let session = &self.folders[folder].session;
        let refuse = |why: String| (ErrorCode::RequestFailed, format!("no comment can stand there: {why}"));
        match what {
            What::Fix(number) => {
                let fix = finding.fixes.get(number);
                let fix = fix.ok_or((ErrorCode::InvalidParams, "there is no such fix".to_owned()))?;
                Ok(self.edit_of_fix(folder, fix, places))
            }
            What::SuppressLine => {
                let fixed = session.suppress(finding, REASON).map_err(refuse)?;
                Ok(self.edit_of(folder, &[fixed], places))
            }
            What::SuppressFile => {
                let fixed = session.suppress_in_file(finding, REASON).map_err(refuse)?;
                Ok(self.edit_of(folder, &[fixed], places))
            }
        }
    }

    fn edit_of_fix(&self, folder: usize, fix: &Fix, places: &Places) -> WorkspaceEdit {
        let mut by_file: Vec<(String, Vec<TextEdit>)> = Vec::new();
        for edit in &fix.edits {
            let made =
                TextEdit { range: places.range(&edit.file, edit.span), new_text: edit.text_as_in_file() };
            match by_file.iter_mut().find(|(name, _)| name == edit.file.name()) {
                Some((_, edits)) => edits.push(made),
                None => by_file.push((edit.file.name().to_owned(), vec![made])),
            }
        }
        self.edit_of_files(folder, by_file)
    }

    /// Texts that change, as an edit of the workspace.
    pub(crate) fn edit_of(&self, folder: usize, fixed: &[FixedFile], places: &Places) -> WorkspaceEdit {
        let edits = fixed.iter().map(|file| (file.name.clone(), places.edits(&file.before, &file.after)));
        self.edit_of_files(folder, edits.collect())
    }

    fn edit_of_files(&self, folder: usize, files: Vec<(String, Vec<TextEdit>)>) -> WorkspaceEdit {
        if !self.client.abilities.document_changes {
            let changes: HashMap<Uri, Vec<TextEdit>> =
                files.into_iter().map(|(name, edits)| (Uri(self.address(folder, &name)), edits)).collect();
            return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
        }
        let change = |(name, edits): (String, Vec<TextEdit>)| {
            let key = self.folders[folder].key(&name);
            let version = self.documents.get(&key).map(|document| document.version);
            DocumentChange::TextDocumentEdit(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier {
                    version,
                    text_document_identifier: TextDocumentIdentifier {
                        uri: Uri(self.address(folder, &name)),
                    },
                },
                edits: edits.into_iter().map(Into::into).collect(),
            })
        };
        WorkspaceEdit {
            document_changes: Some(files.into_iter().map(change).collect()),
            ..WorkspaceEdit::default()
        }
    }
}

/// Whether a kind of action is one of those that a client asks for: `source` asks for `source.fixAll.plimsoll` too.
fn is_below(kind: &str, asked: &str) -> bool {
    kind.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
