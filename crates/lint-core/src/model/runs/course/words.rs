//! What a word comes to, as far as literals, `ARG`, `ENV` and the shell's own variables tell.
//!
//! What is not known keeps a text: `${NAME}` for a variable that nobody here sets, and the words of a substitution for what
//! it prints, so that the same unknown thing has the same text. What `mktemp` prints is another each time.

use lint_parser::shell::ast::{Command, List};
use lint_parser::shell::word::{Parameter, Part, PartKind, Word};

use crate::files::{directory, file_name};
use crate::model::runs::course::scope::{MAX_TEXT, Scope};
use crate::model::values::variables::Variables;

/// How many texts a word may come to.
pub(super) const MOST: usize = 64;

/// The texts that a word may come to; at least one.
pub(super) fn texts(word: &Word, scope: &Scope, variables: &Variables, has_braces: bool) -> Vec<String> {
    let known = Known { scope, variables, has_braces };
    known.word(word)
}

struct Known<'k> {
    scope: &'k Scope,
    variables: &'k Variables,
    has_braces: bool,
}

impl Known<'_> {
    fn word(&self, word: &Word) -> Vec<String> {
        let mut texts = vec![String::new()];
        for part in &word.parts {
            let choices = self.part(part);
            texts = match choices.as_slice() {
                [only] => {
                    texts.iter_mut().for_each(|text| text.push_str(only));
                    texts
                }
                many => {
                    let each = texts
                        .iter()
                        .flat_map(|text| many.iter().map(move |choice| format!("{text}{choice}")));
                    each.take(MOST).collect()
                }
            };
            if texts.iter().any(|text| text.len() > MAX_TEXT) {
                return vec![word.text.text().to_owned()];
            }
        }
        texts
    }

    fn part(&self, part: &Part) -> Vec<String> {
        let written = || part.text.text().to_owned();
        match &part.kind {
            PartKind::Literal | PartKind::Escape(_) => {
                vec![part.value().map_or_else(written, std::borrow::Cow::into_owned)]
            }
            PartKind::Brace if self.has_braces => braces(part.text.text()),
            PartKind::Parameter(parameter) => {
                self.parameter(parameter).unwrap_or_else(|| vec![format!("${{{}}}", parameter.name.text())])
            }
            PartKind::CommandSubstitution(list) => vec![self.printed(list).unwrap_or_else(|| {
                let text = written();
                // Another one each time, though it is written alike.
                if text.contains("mktemp") { format!("/tmp/{{{}}}", part.text.span().start()) } else { text }
            })],
            _ => vec![written()],
        }
    }

    fn parameter(&self, parameter: &Parameter) -> Option<Vec<String>> {
        if parameter.length || parameter.indirect || parameter.subscript.is_some() {
            return None;
        }
        let name = parameter.name.text();
        let value = self.value(name);
        let operator = parameter.operator.as_ref().map(|operator| operator.text());
        let word = || parameter.word.as_ref().map_or_else(|| vec![String::new()], |word| self.word(word));
        let is_empty = |values: &[String]| values.iter().all(String::is_empty);
        match (operator, value) {
            (None | Some(":?" | "?"), value) => value,
            (Some(":-" | ":="), Some(values)) if !is_empty(&values) => Some(values),
            (Some("-" | "="), Some(values)) => Some(values),
            // What nothing here sets may still come from the base image.
            (Some(":-" | ":=" | "-" | "="), _) => Some(word()),
            (Some(cut @ ("%" | "%%" | "#" | "##")), Some(values)) => {
                let pattern = parameter.word.as_ref()?.pattern()?.into_owned();
                values.iter().map(|value| trimmed(value, cut, &pattern)).collect()
            }
            _ => None,
        }
    }

    fn value(&self, name: &str) -> Option<Vec<String>> {
        if let Some(values) = self.scope.get(name) {
            return (!values.is_empty()).then(|| values.to_vec());
        }
        match name {
            "PWD" => return self.scope.directory().map(|directory| vec![directory.to_owned()]),
            "HOME" => return Some(vec!["~".to_owned()]),
            _ => {}
        }
        Some(vec![self.variables.get(name)?.text()?.to_owned()])
    }

    /// What a substitution prints, where that is as good as written: `$(pwd)`, `$(basename "$url")`.
    fn printed(&self, list: &List) -> Option<String> {
        let [and_or] = list.as_slice() else { return None };
        let [pipeline] = and_or.pipelines.as_slice() else { return None };
        let [Command::Simple(command)] = pipeline.commands.as_slice() else { return None };
        let first = || self.word(command.args().first()?).into_iter().next();
        match command.name()? {
            "pwd" => self.scope.directory().map(str::to_owned),
            "basename" => {
                let base = file_name(first()?.trim_end_matches('/')).to_owned();
                let suffix = command.args().get(1).and_then(Word::literal_text).unwrap_or_default();
                Some(base.strip_suffix(&*suffix).map_or_else(|| base.clone(), str::to_owned))
            }
            "dirname" => Some(directory(first()?.trim_end_matches('/')).to_owned()),
            "echo" | "readlink" | "realpath" if command.args().len() == 1 => first(),
            _ => None,
        }
    }
}

/// `${value%pattern}` and its kin, for patterns with one `*` at the outer side or none.
fn trimmed(value: &str, operator: &str, pattern: &str) -> Option<String> {
    let rest = match operator {
        "%" | "%%" => match pattern.strip_suffix('*') {
            Some(fixed) if operator == "%" => value.rfind(fixed).and_then(|at| value.get(..at)),
            Some(fixed) => value.find(fixed).and_then(|at| value.get(..at)),
            None => value.strip_suffix(pattern),
        },
        _ => match pattern.strip_prefix('*') {
            Some(fixed) if operator == "#" => value.find(fixed).and_then(|at| value.get(at + fixed.len()..)),
            Some(fixed) => value.rfind(fixed).and_then(|at| value.get(at + fixed.len()..)),
            None => value.strip_prefix(pattern),
        },
    };
    let is_plain = !pattern.trim_matches('*').contains(['*', '?', '[']);
    is_plain.then(|| rest.unwrap_or(value).to_owned())
}

/// The alternatives of a pair of braces; further ones inside are left as they are.
fn braces(text: &str) -> Vec<String> {
    let inside = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match inside.filter(|inside| inside.contains(',') && !inside.contains('{')) {
        Some(inside) => {
            inside.split(',').take(MOST).map(|choice| choice.trim_matches(['"', '\'']).to_owned()).collect()
        }
        None => vec![text.to_owned()],
    }
}
