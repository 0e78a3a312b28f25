//! Commands that a script keeps in a variable or lets a function print, and runs later: `exec $run "$@"`.

use lint_parser::shell;
use lint_parser::shell::ast::{AssignmentValue, List, Script};
use lint_parser::shell::walk::Site;
use lint_parser::shell::word::{PartKind, Word};

/// Values looked at for one command.
const MOST_VALUES: usize = 16;

/// What a command comes to with each of the values its first word may have; nothing where that is written out.
pub(super) fn alternatives(script: &Script, sites: &[Site], words: &[Word]) -> Vec<Vec<Word>> {
    let at = usize::from(words.first().is_some_and(|word| word.is("exec")));
    let Some((word, rest)) = words.get(at..).and_then(|words| words.split_first()) else { return Vec::new() };
    let [part] = word.parts.as_slice() else { return Vec::new() };
    let values = match &part.kind {
        PartKind::Parameter(parameter) if parameter.operator.is_none() && !parameter.length => {
            assigned(sites, parameter.name.text())
        }
        PartKind::CommandSubstitution(list) => printed(script, sites, list),
        _ => Vec::new(),
    };
    values.into_iter().take(MOST_VALUES).map(|value| [value.as_slice(), rest].concat()).collect()
}

/// The commands a variable is set to.
fn assigned(sites: &[Site], name: &str) -> Vec<Vec<Word>> {
    let mut values = Vec::new();
    for site in sites {
        for assignment in site.command.assignments.iter().filter(|one| one.name.text() == name) {
            match &assignment.value {
                AssignmentValue::Word(word) => values.extend(command(word)),
                AssignmentValue::Array(words) => values.push(words.clone()),
            }
        }
    }
    values
}

/// The commands that a function prints.
fn printed(script: &Script, sites: &[Site], call: &List) -> Vec<Vec<Word>> {
    let called = call.first().and_then(|list| list.pipelines.first()?.commands.first()?.simple()?.name());
    let Some(called) =
        called.filter(|_| script.text.text().contains("echo") || script.text.text().contains("printf"))
    else {
        return Vec::new();
    };
    let of_function = sites.iter().filter(|site| {
        let function = site.context.function.as_ref().is_some_and(|function| function.name.text() == called);
        function && matches!(site.command.name(), Some("echo" | "printf"))
    });
    of_function
        .filter_map(|site| match site.command.args() {
            [one] => command(one),
            words => Some(words.to_vec()),
        })
        .collect()
}

/// The words of a command that is kept as a text.
fn command(text: &Word) -> Option<Vec<Word>> {
    let script = shell::parse(&text.literal().unwrap_or_else(|| text.as_script())).tree;
    let words = script.simple_commands().first()?.command.words.to_vec();
    (!words.is_empty()).then_some(words)
}

/// Whether a word is the variable of a `for` over what a directory holds: `for f in /start.d/*; do . "$f"`.
pub(super) fn is_of_directory(script: &Script, word: &Word) -> bool {
    let mut names = word.parts.iter().filter_map(|part| match &part.kind {
        PartKind::Parameter(parameter) => Some(parameter.name.text()),
        _ => None,
    });
    let Some(name) = names.next() else { return false };
    let header = format!("for {name} in ");
    let after = script.text.text().split_once(header.as_str()).map(|(_, after)| after);
    let over = after.and_then(|after| after.split(['\n', ';']).next());
    over.is_some_and(|over| over.contains(['*', '?']) || over.contains("$("))
}
