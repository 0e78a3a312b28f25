//! The language server, driven as editors drive it.

#[path = "lsp/client.rs"]
mod client;

#[path = "lsp/actions.rs"]
mod actions;
#[path = "lsp/commands.rs"]
mod commands;
#[path = "lsp/corpus.rs"]
mod corpus;
#[path = "lsp/diagnostics.rs"]
mod diagnostics;
#[path = "lsp/documents.rs"]
mod documents;
#[path = "lsp/editors.rs"]
mod editors;
#[path = "lsp/language.rs"]
mod language;
#[path = "lsp/lifecycle.rs"]
mod lifecycle;
#[path = "lsp/process.rs"]
mod process;
#[path = "lsp/workspace.rs"]
mod workspace;
