//! One text as documents: YAML read, variables replaced.

use std::sync::Arc;

use lint_parser::compose::read::read;
use lint_parser::compose::value::{Origin, SourceId, Value};
use lint_parser::syntax_error::SyntaxError;
use lint_parser::yaml;

use crate::model::project::environment::Environment;
use crate::model::project::fault::{About, Fault};
use crate::model::project::loader::Loader;

/// How many documents of one file are merged; each costs a walk over the whole project.
const MAX_DOCUMENTS: usize = 100;

impl Loader<'_> {
    /// The documents of a text as they are written. What is wrong with them is said once.
    pub(super) fn raw_documents(&mut self, source: SourceId) -> Vec<Arc<Value>> {
        if let Some(documents) = self.raw.get(&source) {
            return documents.clone();
        }
        let Some(file) = self.sources.get(source).map(|source| source.file.clone()) else {
            return Vec::new();
        };
        let parsed = yaml::parse(file.text());
        let values = read(&parsed.tree, source);
        for error in parsed.errors.into_iter().chain(values.errors) {
            self.opaque = true;
            self.faults.push(text_fault(error, source));
        }
        let documents: Vec<Arc<Value>> = values.tree.into_iter().map(Arc::new).collect();
        self.sources.set_stream(source, parsed.tree);
        self.raw.insert(source, documents.clone());
        documents
    }

    /// The documents of a text with their variables replaced.
    pub(super) fn interpolated(&mut self, source: SourceId, environment: &Environment) -> Vec<Arc<Value>> {
        let mut documents = self.raw_documents(source);
        if documents.len() > MAX_DOCUMENTS {
            documents.truncate(MAX_DOCUMENTS);
            let name = self.sources.get(source).map(|s| s.file.name().to_owned()).unwrap_or_default();
            let message = format!("only the first {MAX_DOCUMENTS} YAML documents of this file are read");
            self.note(None, &name, message);
        }
        let _ = environment;
        documents
    }
}

impl Loader<'_> {
    pub(super) fn quoted_variables(
        &mut self,
        source: SourceId,
        lookup: &dyn Fn(&str) -> Option<lint_parser::compose::ast::field::Text>,
    ) -> Vec<crate::model::service::Variable> {
        let _ = (source, lookup);
        Vec::new()
    }
    pub(super) fn raw_variables(&mut self, source: SourceId) -> Vec<crate::model::service::Variable> {
        let _ = source;
        Vec::new()
    }
}

fn text_fault(error: SyntaxError, source: SourceId) -> Fault {
    let mut fault = Fault::new(About::Text, Origin { source, span: error.span }, error.message);
    fault.kind = error.kind;
    fault.help = error.help;
    fault
}
