//! What there is to say of a place: hover, hints, definitions, references, outlines, lenses.

use lint_core::Finding;
use lint_core::session::{Subject, Symbol, SymbolKind as Kind};
use lint_core::syntax::text::source::SourceFile;
use lsp_types::{
    CodeLens, Command, DocumentSymbol, Hover, InlayHint, InlayHintParams, Location, MarkupContent,
    MarkupKind, Range, SymbolKind, TextDocumentPositionParams, Uri,
};
use serde_json::{Value, json};

use crate::convert::Places;
use crate::worker::{Answer, Worker};

/// How many hints and symbols one file is given.
const MOST: usize = 5_000;

impl Worker {
    /// `textDocument/hover`
    pub(crate) fn hover(&self, at: &TextDocumentPositionParams) -> Answer {
        let Some((folder, name, file)) = self.located(&at.text_document.uri.0) else {
            return Ok(Value::Null);
        };
        let places = Places::new(self.client.abilities.encoding);
        let offset = places.offset(&file, at.position);
        let findings = self.findings(folder, &name);
        let Some((span, texts)) = self.folders[folder].session.hover(&name, offset, &findings) else {
            return Ok(Value::Null);
        };
        let (kind, value) = match self.client.abilities.markdown {
            true => (MarkupKind::Markdown, texts.join("\n\n---\n\n")),
            false => (MarkupKind::PlainText, plain(&texts.join("\n\n"))),
        };
        let contents = MarkupContent { kind, value }.into();
        Ok(json!(Hover { contents, range: Some(places.range(&file, span)) }))
    }

    /// `textDocument/inlayHint`
    pub(crate) fn hints(&self, params: &InlayHintParams) -> Answer {
        let Some((folder, name, file)) = self.located(&params.text_document.uri.0) else {
            return Ok(Value::Null);
        };
        if !self.settings.enable || !self.settings.hints {
            return Ok(json!([]));
        }
        let places = Places::new(self.client.abilities.encoding);
        let (start, end) = (places.offset(&file, params.range.start), places.offset(&file, params.range.end));
        let facts = self.folders[folder].session.facts(&name);
        let hints = facts.hints.iter().filter(|hint| (start..=end).contains(&hint.at)).take(MOST);
        let hints: Vec<InlayHint> = hints
            .map(|hint| InlayHint {
                position: places.position(&file, hint.at),
                label: hint.label.as_str().into(),
                tooltip: Some(
                    MarkupContent { kind: MarkupKind::Markdown, value: hint.tooltip.clone() }.into(),
                ),
                padding_left: Some(true),
                padding_right: None,
                kind: None,
                text_edits: None,
                data: None,
            })
            .collect();
        Ok(json!(hints))
    }

    /// `textDocument/definition`
    pub(crate) fn definition(&self, at: &TextDocumentPositionParams) -> Answer {
        let Some((folder, name, file)) = self.located(&at.text_document.uri.0) else {
            return Ok(Value::Null);
        };
        let places = Places::new(self.client.abilities.encoding);
        let offset = places.offset(&file, at.position);
        let facts = self.folders[folder].session.facts(&name);
        let found = facts.links_at(offset).map(|link| {
            let uri = self.address(folder, link.target.file.name());
            let range = places.range(&link.target.file, link.target.span);
            match self.client.abilities.links {
                true => json!({
                    "originSelectionRange": places.range(&file, link.span),
                    "targetUri": uri,
                    "targetRange": range,
                    "targetSelectionRange": range,
                }),
                false => json!(Location { uri: Uri(uri), range }),
            }
        });
        Ok(Value::Array(found.collect()))
    }

    /// `textDocument/references`
    pub(crate) fn references(&self, at: &TextDocumentPositionParams, with_declaration: bool) -> Answer {
        let Some((folder, name, file)) = self.located(&at.text_document.uri.0) else {
            return Ok(Value::Null);
        };
        let places = Places::new(self.client.abilities.encoding);
        let offset = places.offset(&file, at.position);
        let session = &self.folders[folder].session;
        let mut found = session.references(&name, offset);
        if with_declaration {
            found.extend(session.definitions(&name, offset));
        }
        let found = found.iter().map(|place| Location {
            uri: Uri(self.address(folder, place.file.name())),
            range: places.range(&place.file, place.span),
        });
        Ok(json!(found.collect::<Vec<_>>()))
    }

    /// `textDocument/documentSymbol`
    pub(crate) fn symbols(&self, uri: &str) -> Answer {
        let Some((folder, name, file)) = self.located(uri) else { return Ok(Value::Null) };
        let places = Places::new(self.client.abilities.encoding);
        let facts = self.folders[folder].session.facts(&name);
        if self.client.abilities.outline {
            let mut left = MOST;
            return Ok(json!(outline(&facts.symbols, &file, &places, &mut left)));
        }
        let mut flat = Vec::new();
        flatten(&facts.symbols, "", &mut |symbol, container| {
            let range = places.range(&file, symbol.span);
            flat.push(json!({
                "name": symbol.name, "kind": kind(symbol.kind), "containerName": container,
                "location": {"uri": uri, "range": range},
            }));
        });
        flat.truncate(MOST);
        Ok(Value::Array(flat))
    }

    /// `textDocument/codeLens`
    pub(crate) fn lenses(&self, uri: &str) -> Answer {
        let Some((folder, name, file)) = self.located(uri) else { return Ok(Value::Null) };
        if !self.settings.enable || !self.settings.lenses {
            return Ok(json!([]));
        }
        let places = Places::new(self.client.abilities.encoding);
        let facts = self.folders[folder].session.facts(&name);
        let findings = self.findings(folder, &name);
        let lens = |subject: &Subject| {
            let is_its = |finding: &&Finding| match subject.is_service {
                true => finding.service.as_deref() == Some(&subject.name),
                false => true,
            };
            let count = match findings.iter().filter(is_its).count() {
                0 => "no findings".to_owned(),
                1 => "1 finding".to_owned(),
                count => format!("{count} findings"),
            };
            let title =
                if subject.runs_as.is_empty() { count } else { format!("{} · {count}", subject.runs_as) };
            let range = places.range(&file, subject.name_span);
            let command = Command {
                title,
                command: "plimsoll.container".to_owned(),
                arguments: Some(vec![json!(uri), json!(range.start)]),
                ..Command::default()
            };
            CodeLens { range: first_line(range), command: Some(command), data: None }
        };
        Ok(json!(facts.subjects.iter().take(MOST).map(lens).collect::<Vec<_>>()))
    }
}

/// A lens stands above one line.
fn first_line(range: Range) -> Range {
    let end = if range.end.line == range.start.line { range.end } else { range.start };
    Range { start: range.start, end }
}

fn outline(symbols: &[Symbol], file: &SourceFile, places: &Places, left: &mut usize) -> Vec<DocumentSymbol> {
    let mut made = Vec::new();
    for symbol in symbols {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let children = outline(&symbol.children, file, places, left);
        made.push(DocumentSymbol {
            name: if symbol.name.is_empty() { "?".to_owned() } else { symbol.name.clone() },
            detail: Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
            kind: kind(symbol.kind),
            range: places.range(file, symbol.span),
            selection_range: places.range(file, symbol.name_span),
            children: (!children.is_empty()).then_some(children),
            tags: None,
            #[allow(deprecated)]
            deprecated: None,
        });
    }
    made
}

fn flatten(symbols: &[Symbol], container: &str, take: &mut dyn FnMut(&Symbol, &str)) {
    for symbol in symbols {
        take(symbol, container);
        flatten(&symbol.children, &symbol.name, take);
    }
}

fn kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Stage => SymbolKind::Class,
        Kind::Instruction => SymbolKind::Method,
        Kind::Section => SymbolKind::Namespace,
        Kind::Service => SymbolKind::Class,
        _ => SymbolKind::Property,
    }
}

/// Markdown without its marks.
fn plain(text: &str) -> String {
    text.replace("**", "").replace('`', "")
}
