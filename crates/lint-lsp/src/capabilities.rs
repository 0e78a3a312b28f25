//! What the client can do, and what the server offers.

use lint_core::session::Encoding;
use serde_json::{Value, json};

/// The commands.
const COMMANDS: [&str; 8] = [
    "plimsoll.fixAll",
    "plimsoll.baseline",
    "plimsoll.auditReport",
    "plimsoll.effectiveProject",
    "plimsoll.explain",
    "plimsoll.container",
    "plimsoll.apply",
    "plimsoll.debug",
];

/// The kind of the action that fixes everything.
pub(crate) const FIX_ALL: &str = "source.fixAll.plimsoll";

/// What the client can do. What it does not say it can do, it is not asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Abilities {
    pub(crate) encoding: Encoding,
    /// Whether it asks for findings; else they are sent to it.
    pub(crate) pulls: bool,
    pub(crate) refreshes_diagnostics: bool,
    pub(crate) refreshes_hints: bool,
    pub(crate) refreshes_lenses: bool,
    pub(crate) code_description: bool,
    pub(crate) related_information: bool,
    pub(crate) tags: bool,
    pub(crate) diagnostic_data: bool,
    pub(crate) action_literals: bool,
    /// Whether an action may come without its edit.
    pub(crate) resolves_actions: bool,
    pub(crate) document_changes: bool,
    pub(crate) creates_files: bool,
    pub(crate) applies_edits: bool,
    pub(crate) markdown: bool,
    pub(crate) links: bool,
    pub(crate) outline: bool,
    pub(crate) configuration: bool,
    pub(crate) registers_configuration: bool,
    pub(crate) watches: bool,
    pub(crate) shows_documents: bool,
}

impl Abilities {
    /// Reads what the client says. It is read as it comes: a client that is wrong about one thing can still do the others.
    pub(crate) fn of(initialize: &Value) -> Self {
        let at = |path: &str| initialize.pointer(&format!("/capabilities/{path}"));
        let is = |path: &str| at(path).and_then(Value::as_bool).unwrap_or(false);
        let holds = |path: &str, wanted: &str| {
            let list = at(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(wanted)))
        };
        Self {
            encoding: encoding(at("general/positionEncodings")),
            pulls: at("textDocument/diagnostic").is_some_and(Value::is_object),
            // Some clients write the one, some the other.
            refreshes_diagnostics: is("workspace/diagnostics/refreshSupport")
                || is("workspace/diagnostic/refreshSupport"),
            refreshes_hints: is("workspace/inlayHint/refreshSupport"),
            refreshes_lenses: is("workspace/codeLens/refreshSupport"),
            code_description: is("textDocument/publishDiagnostics/codeDescriptionSupport")
                || is("textDocument/diagnostic/codeDescriptionSupport"),
            related_information: is("textDocument/publishDiagnostics/relatedInformation")
                || is("textDocument/diagnostic/relatedInformation"),
            tags: at("textDocument/publishDiagnostics/tagSupport").is_some_and(|tags| !tags.is_null())
                || at("textDocument/diagnostic/tagSupport").is_some_and(|tags| !tags.is_null()),
            diagnostic_data: is("textDocument/publishDiagnostics/dataSupport")
                || is("textDocument/diagnostic/dataSupport"),
            action_literals: at("textDocument/codeAction/codeActionLiteralSupport")
                .is_some_and(Value::is_object),
            resolves_actions: is("textDocument/codeAction/dataSupport")
                && holds("textDocument/codeAction/resolveSupport/properties", "edit"),
            document_changes: is("workspace/workspaceEdit/documentChanges"),
            creates_files: holds("workspace/workspaceEdit/resourceOperations", "create"),
            applies_edits: is("workspace/applyEdit"),
            markdown: holds("textDocument/hover/contentFormat", "markdown"),
            links: is("textDocument/definition/linkSupport"),
            outline: is("textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            configuration: is("workspace/configuration"),
            registers_configuration: is("workspace/didChangeConfiguration/dynamicRegistration"),
            watches: is("workspace/didChangeWatchedFiles/dynamicRegistration"),
            shows_documents: is("window/showDocument/support"),
        }
    }

    /// What the server offers.
    pub(crate) fn offer(&self) -> Value {
        let mut offer = json!({
            "positionEncoding": match self.encoding {
                Encoding::Utf8 => "utf-8",
                Encoding::Utf32 => "utf-32",
                _ => "utf-16",
            },
            "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentSymbolProvider": true,
            "inlayHintProvider": {"resolveProvider": false},
            "codeLensProvider": {"resolveProvider": false},
            "codeActionProvider": true,
            "executeCommandProvider": {"commands": COMMANDS},
            "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
        });
        if self.action_literals {
            offer["codeActionProvider"] =
                json!({"codeActionKinds": ["quickfix", FIX_ALL], "resolveProvider": self.resolves_actions});
        }
        if self.pulls {
            offer["diagnosticProvider"] = json!({"identifier": "plimsoll", "interFileDependencies": true, "workspaceDiagnostics": true});
        }
        offer
    }
}

/// The first that is offered of those that cost least; UTF-16 where nothing is.
fn encoding(offered: Option<&Value>) -> Encoding {
    let offered = offered.and_then(Value::as_array);
    let holds = |name: &str| offered.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(name)));
    if holds("utf-8") {
        Encoding::Utf8
    } else if holds("utf-32") {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_encoding_that_is_offered_is_taken() {
        let of = |offered: Value| {
            Abilities::of(&json!({"capabilities": {"general": {"positionEncodings": offered}}})).encoding
        };
        assert_eq!(of(json!(["utf-16", "utf-8"])), Encoding::Utf8);
        assert_eq!(of(json!(["utf-16", "utf-32"])), Encoding::Utf32);
        assert_eq!(of(json!(["utf-16"])), Encoding::Utf16);
        assert_eq!(of(Value::Null), Encoding::Utf16);
        assert_eq!(Abilities::of(&json!({})).offer()["positionEncoding"], "utf-16");
    }

    #[test]
    fn the_offer_is_what_the_protocol_calls_one() {
        let all = Abilities { pulls: true, action_literals: true, ..Abilities::default() };
        for abilities in [Abilities::default(), all] {
            let offer: lsp_types::ServerCapabilities = serde_json::from_value(abilities.offer()).unwrap();
            assert!(offer.hover_provider.is_some() && offer.text_document_sync.is_some());
        }
    }
}
