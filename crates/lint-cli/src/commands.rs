//! What the commands do: gather, ask the core, print.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod page;
pub(crate) mod rule;
pub(crate) mod rules;
pub(crate) mod version;

use std::process::ExitCode;

use lint_core::finding::meta::Category;
use lint_core::rules as catalogue;

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
    let mut near = catalogue::near(name).into_iter().map(|name| format!("`{name}`"));
    let meant = match (near.next(), near.next()) {
        (Some(one), None) => format!("; did you mean {one}?"),
        (Some(one), Some(other)) => format!("; did you mean {one} or {other}?"),
        _ => "; `plimsoll rules` lists them".to_owned(),
    };
    format!("there is no rule `{name}`{meant}")
}

/// Whether a selector means anything: a rule by any of its names, a category, or a word for many.
pub(crate) fn is_selector(name: &str) -> bool {
    ["all", "security"].iter().any(|word| word.eq_ignore_ascii_case(name))
        || Category::ALL.iter().any(|category| category.name().eq_ignore_ascii_case(name))
        || !catalogue::find(name).is_empty()
}
