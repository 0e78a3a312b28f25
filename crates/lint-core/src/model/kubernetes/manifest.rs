//! A file of manifests: YAML or JSON, several documents, lists of objects.

use std::sync::Arc;

use lint_parser::compose::read::read;
use lint_parser::compose::value::{Certainty, Origin, Scalar, ScalarKind, SourceId, Value, ValueKind};
use lint_parser::syntax_error::{SyntaxError, SyntaxErrorKind};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml;
use lint_parser::yaml::node::Stream;

use crate::model::kubernetes::inner;
use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::texts::documents_in;
use crate::model::kubernetes::tree::{self, string_at};

/// How deep lists may hold lists.
const MOST_LISTS: usize = 16;

/// A file of manifests.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The file.
    pub file: SourceFile,
    /// The files that its values stand in, by number.
    pub files: Arc<[SourceFile]>,
    /// The YAML, with its comments.
    pub stream: Stream,
    /// The documents, those that are no objects included.
    pub documents: Vec<Arc<Value>>,
    /// Its objects, those of lists taken out of them.
    pub objects: Vec<Object>,
    /// What `kubectl` would refuse to read.
    pub errors: Vec<SyntaxError>,
    /// Whether a template engine is still to go over it.
    pub is_template: bool,
}

impl Manifest {
    /// Reads a file. `source` is its number, where that counts.
    #[must_use]
    pub fn read(file: SourceFile, source: SourceId) -> Self {
        let parsed = yaml::parse(file.text());
        let values = read(&parsed.tree, source);
        let mut errors = parsed.errors;
        // What Compose refuses beyond YAML, such as keys that are numbers, a manifest may have.
        errors.extend(values.errors.into_iter().filter(|error| error.kind == SyntaxErrorKind::DuplicateKey));
        errors.sort_by_key(|error| error.span);
        let mut documents: Vec<Arc<Value>> = values.tree.into_iter().map(Arc::new).collect();
        if !errors.is_empty()
            && let Some(values) = json_values(file.text(), source)
        {
            (documents, errors) = (values, Vec::new());
        }
        let is_template = is_unfinished(file.text(), !errors.is_empty());
        let files: Arc<[SourceFile]> = Arc::from([file.clone()]);
        let mut manifest =
            Self { files, file, stream: parsed.tree, documents, objects: Vec::new(), errors, is_template };
        if !is_template {
            for document in manifest.documents.clone() {
                manifest.add(&document, 0);
            }
        }
        manifest
    }

    /// Adds an object; of a list, its items.
    fn add(&mut self, value: &Arc<Value>, depth: usize) {
        let is_list = string_at(value, &["kind"]).is_some_and(|kind| kind.ends_with("List"));
        match tree::get(value, "items").map(|items| &items.kind) {
            Some(ValueKind::Sequence(items)) if is_list => {
                if depth < MOST_LISTS {
                    items.iter().for_each(|item| self.add(item, depth + 1));
                }
            }
            _ => {
                let object = Object::of(&self.files, value);
                let Some(object) = object.or_else(|| Object::of_distribution(&self.files, value)) else {
                    return;
                };
                let inner = inner::configurations(&object);
                self.objects.push(object);
                self.objects.extend(inner);
            }
        }
    }
}

/// Whether a text becomes a manifest when a template engine has been over it: its marks broke the YAML, or it takes values of a chart.
/// Argo's `"{{inputs.parameters.x}}"` does neither, nor does a template of an alert in a ConfigMap.
fn is_unfinished(text: &str, is_broken: bool) -> bool {
    const OF_HELM: [&str; 6] =
        ["{{ .Values", "{{.Values", "{{- .Values", "{{ .Release", "{{.Release", "{{ include "];
    let marks = ["{{", "{%", "<%", "${"].iter().any(|mark| text.contains(mark));
    marks && (is_broken || OF_HELM.iter().any(|action| text.contains(action)))
}

/// The values of a text that has several of JSON one after the other, as `kubectl` reads them; `None` where it is something else.
fn json_values(text: &str, source: SourceId) -> Option<Vec<Arc<Value>>> {
    let mut values = Vec::new();
    let (mut depth, mut start, mut in_string, mut is_escaped) = (0_usize, None, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' if start.is_some() => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                start.get_or_insert(at);
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let from = start.take()?;
                    values.push((from, text.get(from..=at)?));
                }
            }
            _ if start.is_none() && !byte.is_ascii_whitespace() => return None,
            _ => {}
        }
    }
    if depth > 0 || values.len() < 2 {
        return None;
    }
    let documents = values.into_iter().map(|(from, json)| {
        let origin = Origin { source, span: Span::new(from, from + json.len()) };
        let text = Mapped::verbatim(json, from);
        let scalar = Scalar { text, kind: ScalarKind::String, certainty: Certainty::Known };
        documents_in(&Arc::new(Value { origin, kind: ValueKind::Scalar(scalar), mark: None }))
    });
    let documents: Vec<Arc<Value>> = documents.flatten().collect();
    documents.iter().all(|document| tree::is_mapping(document)).then_some(documents)
}
