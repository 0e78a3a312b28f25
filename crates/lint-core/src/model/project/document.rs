//! One text as documents: YAML read, variables replaced.

use std::sync::Arc;

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::casts::refused_casts;
use lint_parser::compose::interpolate::{interpolate_settled, interpolate_value};
use lint_parser::compose::read::read;
use lint_parser::compose::value::{Certainty, Origin, ScalarKind, SourceId, Value};
use lint_parser::dotenv;
use lint_parser::interpolation::{VariableState, VariableUse};
use lint_parser::syntax_error::SyntaxError;
use lint_parser::text::mapped::Mapped;
use lint_parser::yaml;

use crate::model::project::fault::{About, Fault};
use crate::model::project::loader::Loader;
use crate::model::project::variables::Environment;
use crate::model::project::variables::Variable;

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
        let lookup = |name: &str| environment.lookup(name);
        let interpolate = if self.settled { interpolate_settled } else { interpolate_value };
        let mut interpolated = Vec::with_capacity(documents.len());
        for document in documents {
            let read = interpolate(&document, &lookup);
            self.refuse(refused_casts(&read.value), &document);
            for error in read.errors {
                let mut fault = text_fault(error, source);
                fault.about = About::Interpolation;
                self.faults.push(fault);
            }
            self.uses.extend(read.variables.into_iter().map(|variable| (source, variable)));
            interpolated.push(Arc::new(read.value));
        }
        interpolated
    }

    /// The lines of a text as Compose reads `.env` and `env_file`: quotes, comments, variables.
    pub(super) fn quoted_variables(
        &mut self,
        source: SourceId,
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Variable> {
        let Some(file) = self.sources.get(source).map(|source| source.file.clone()) else {
            return Vec::new();
        };
        let parsed = dotenv::parse(file.text(), lookup);
        for error in parsed.errors {
            self.faults.push(text_fault(error, source));
        }
        if self.settled {
            let uses = parsed.tree.iter().flat_map(|variable| &variable.variables);
            self.faults.extend(uses.filter_map(|used| missing(source, used)));
        }
        let settled = self.settled;
        let variables = parsed.tree.into_iter().map(|variable| {
            let mut certainty = variable.certainty;
            if settled && variable.value.is_some() {
                certainty = certainty.settled();
            }
            let name = Mapped::verbatim(&variable.name.value, variable.name.span.start());
            let value = variable.value.map(|value| text(value, source, certainty));
            pair(text(name, source, Certainty::Known), value)
        });
        variables.collect()
    }

    /// The lines of a text under `format: raw`: whatever follows the `=` is the value.
    pub(super) fn raw_variables(&mut self, source: SourceId) -> Vec<Variable> {
        let Some(file) = self.sources.get(source).map(|source| source.file.clone()) else {
            return Vec::new();
        };
        let whole = file.text();
        let mut start = if whole.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut variables = Vec::new();
        for line in whole.get(start..).unwrap_or_default().split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            let at = start + (content.len() - content.trim_start().len());
            let content = content.trim_start();
            start += line.len();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let part = |part: &str, at| text(Mapped::verbatim(part, at), source, Certainty::Known);
            variables.push(match content.split_once('=') {
                Some((name, value)) => pair(part(name, at), Some(part(value, at + name.len() + 1))),
                None => pair(part(content, at), None),
            });
        }
        variables
    }
}

/// The fault of a variable that must be set and is not.
pub(super) fn missing(source: SourceId, used: &VariableUse) -> Option<Fault> {
    let VariableState::Required(why) = &used.state else { return None };
    let colon = if why.is_empty() { "" } else { ": " };
    let message = format!("required variable {} is missing a value{colon}{why}", used.name);
    let fault = Fault::new(About::Interpolation, Origin { source, span: used.span }, message);
    Some(fault.with_help(format!("set {} in `.env`, or where Compose is run", used.name)))
}

fn text(mapped: Mapped, source: SourceId, certainty: Certainty) -> Text {
    let origin = Origin { source, span: mapped.span() };
    Text { mapped, origin, kind: ScalarKind::String, certainty }
}

fn pair(name: Text, value: Option<Text>) -> Variable {
    let end = value.as_ref().map_or(name.origin.span, |value| value.origin.span);
    let origin = Origin { source: name.origin.source, span: name.origin.span.cover(end) };
    Variable { name, value, origin, via: None }
}

fn text_fault(error: SyntaxError, source: SourceId) -> Fault {
    let mut fault = Fault::new(About::Text, Origin { source, span: error.span }, error.message);
    fault.kind = error.kind;
    fault.help = error.help;
    fault
}
