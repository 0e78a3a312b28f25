//! What the values of a Compose file come to when all files are merged and variables replaced.

use lint_parser::compose::value::{Certainty, SourceId, Value};
use lint_parser::interpolation::{VariableState, VariableUse};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::{Node, NodeKind};

use crate::finding::label::Place;
use crate::model::project::Project;
use crate::model::secrets::name::is_secret;
use crate::session::facts::yaml::key;
use crate::session::facts::{Fact, Facts, location};

/// The longest value that is shown whole.
const LONGEST: usize = 200;

/// Values that are overridden, and those that variables went into.
pub(super) fn of_tree(
    project: &Project,
    file: &SourceFile,
    node: &Node,
    effective: &Value,
    name: &str,
    facts: &mut Facts,
) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                let Some(name) = key(entry) else { continue };
                if let Some(effective) = effective.get(name) {
                    of_tree(project, file, &entry.value, &effective.value, name, facts);
                }
            }
        }
        NodeKind::Scalar(_) => {
            let Some(scalar) = effective.as_scalar().filter(|scalar| scalar.certainty != Certainty::Unknown)
            else {
                return;
            };
            let place = project.place(effective.origin);
            let value = shown(name, scalar.text.text());
            let is_here = place.file == *file && place.span.touches(node.span);
            if is_here {
                if file.slice(node.span).contains('$') {
                    facts.fact(node.span, format!("Comes to {value}"));
                }
                return;
            }
            let text = format!("Has no effect: it comes to {value}, as {} says", location(&place));
            let label = format!("overridden in {}", location(&place));
            facts.hint(file.line_span(file.line(node.span.end())).end(), label, text.clone());
            facts.facts.push(Fact { span: node.span, text, origin: Some(place) });
        }
        NodeKind::Sequence(_) | NodeKind::Alias(_) => {}
    }
}

/// The variables of a file: what each comes to, and where it is set.
pub(super) fn of_variables(project: &Project, sources: &[SourceId], services: &[&str], facts: &mut Facts) {
    for (_, used) in project.variables.iter().filter(|(source, _)| sources.contains(source)) {
        of_variable(project, services, used, facts);
    }
}

fn of_variable(project: &Project, services: &[&str], used: &VariableUse, facts: &mut Facts) {
    let name = used.name.as_str();
    let own = services.iter().filter_map(|service| project.service(service));
    let text = own.chain(&project.services).find_map(|service| service.project_variable(name));
    let (said, label) = match (&used.state, text) {
        (VariableState::Set, Some(text)) if !text.is_unknown() => {
            let place = project.place(text.origin);
            let value = shown(name, text.as_str());
            let from = if place.file.name().is_empty() {
                String::new()
            } else {
                format!(", set in {}", location(&place))
            };
            if !place.file.name().is_empty() {
                // The whole line: the name is not far from the value.
                let line = place.file.line_span(place.file.line(place.span.start()));
                facts.link(used.span, Place::new(&place.file, line));
            }
            (format!("`{name}` is {value}{from}"), Some(value.trim_matches('`').to_owned()))
        }
        (VariableState::Set, _) => (format!("`{name}` is set by whoever starts the project"), None),
        (VariableState::Default, _) => {
            (format!("Nothing sets `{name}`, so the default that is written here counts"), None)
        }
        (VariableState::Unset, _) => (
            format!("Nothing here sets `{name}`: it is empty unless whoever starts the project sets it"),
            Some("not set".to_owned()),
        ),
        (VariableState::Required(_), _) => (
            format!("Nothing here sets `{name}`, and Compose refuses to start without it"),
            Some("not set".to_owned()),
        ),
    };
    if let Some(label) = label.filter(|label| label.len() <= 40) {
        facts.hint(used.span.end(), format!("= {label}"), said.clone());
    }
    facts.fact(used.span, said);
}

/// A value as it may be shown: not what is called a secret.
pub(super) fn shown(name: &str, value: &str) -> String {
    if is_secret(name) {
        return "a secret, which is not shown".to_owned();
    }
    if value.is_empty() {
        return "the empty text".to_owned();
    }
    let cut = value.char_indices().nth(LONGEST).map_or(value.len(), |(at, _)| at);
    let more = if cut < value.len() { "…" } else { "" };
    let value = value.get(..cut).unwrap_or_default().replace(['\n', '\r', '`'], " ");
    format!("`{value}{more}`")
}

/// Whether two places share a byte.
trait Touches {
    fn touches(self, other: Span) -> bool;
}

impl Touches for Span {
    fn touches(self, other: Span) -> bool {
        self.start() <= other.end() && other.start() <= self.end()
    }
}
