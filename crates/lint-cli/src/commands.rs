//! What the commands do: gather, ask the core, print.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod page;
pub(crate) mod project;
pub(crate) mod rule;
pub(crate) mod rules;
pub(crate) mod version;

use std::process::ExitCode;

use lint_core::finding::meta::Category;
use lint_core::rules as catalogue;
use lint_core::syntax::text::near::nearest;

/// How the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: nothing is wrong.
    Clean,
    /// 1: findings fail the run.
    Findings,
    /// 2: the run itself went wrong.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => ExitCode::SUCCESS,
            Exit::Findings => ExitCode::from(1),
            Exit::Failed => ExitCode::from(2),
        }
    }
}

/// What to say of a name that no rule has.
pub(crate) fn unknown_rule(name: &str) -> String {
    unknown(name, &catalogue::near(name))
}

/// What to say of a selector that selects nothing.
pub(crate) fn unknown_selector(name: &str) -> String {
    let rules = catalogue::catalogue();
    let rules = rules.iter().map(|rule| rule.name);
    unknown(name, &nearest(name, rules.chain(Category::ALL.map(Category::name)).chain(WORDS)))
}

fn unknown(name: &str, near: &[&str]) -> String {
    match near {
        [] => format!("there is no rule `{name}`; `plimsoll rules` lists them"),
        [one] => format!("there is no rule `{name}`; did you mean `{one}`?"),
        [one, other, ..] => format!("there is no rule `{name}`; did you mean `{one}` or `{other}`?"),
    }
}

/// The selectors that stand for many rules, besides the categories.
const WORDS: [&str; 2] = ["all", "security"];

/// Whether a selector means anything: a rule by any of its names, a category, or a word for many.
pub(crate) fn is_selector(name: &str) -> bool {
    let words = Category::ALL.map(Category::name);
    words.into_iter().chain(WORDS).any(|word| word.eq_ignore_ascii_case(name))
        || !catalogue::find(name).is_empty()
}
