//! The names by which a configuration selects rules and policies.

use lint_parser::text::near::nearest;

use crate::config::scalars::shown;
use crate::finding::meta::{Category, POLICY};
use crate::finding::{policy, shellcheck};
use crate::rules;

/// The selectors that stand for many rules, besides the categories.
const WORDS: [&str; 4] = ["all", "security", shellcheck::GROUP, policy::GROUP];

/// Whether a selector means anything: a rule by any of its names, a category, or a word for many.
///
/// ```
/// assert!(lint_core::config::is_selector("secrets") && !lint_core::config::is_selector("secretz"));
/// ```
#[must_use]
pub fn is_selector(name: &str) -> bool {
    let words: Vec<&str> = Category::ALL.iter().map(|category| category.name()).collect();
    words.into_iter().chain(WORDS).any(|word| word.eq_ignore_ascii_case(name))
        || policy::is_named_by(name)
        || !rules::find(name).is_empty()
}

/// What to say of a selector that selects nothing.
#[must_use]
pub fn unknown_selector(name: &str) -> String {
    let rules = rules::catalogue();
    let rules = rules.iter().map(|rule| rule.name);
    unknown(
        name,
        &nearest(name, rules.chain(Category::ALL.iter().map(|category| category.name())).chain(WORDS)),
    )
}

/// What to say of a name that no rule has.
#[must_use]
pub fn unknown_rule(name: &str) -> String {
    unknown(name, &rules::near(name))
}

fn unknown(name: &str, near: &[&str]) -> String {
    let name = shown(name);
    match near {
        [] => format!("there is no rule `{name}`; `plimsoll rules` lists them"),
        [one] => format!("there is no rule `{name}`; did you mean `{one}`?"),
        [one, other, ..] => format!("there is no rule `{name}`; did you mean `{one}` or `{other}`?"),
    }
}

/// What to say of the name of a policy, `policy/no-latset`, that is not among those that are declared. `None` where it is, or
/// where the name is no policy's.
#[must_use]
pub fn unknown_policy(name: &str, declared: &[&str]) -> Option<String> {
    let own = policy::own_name(name)?;
    if declared.iter().any(|known| known.eq_ignore_ascii_case(own)) {
        return None;
    }
    let name = shown(name);
    Some(match nearest(own, declared.iter().copied()).first() {
        Some(near) => format!("there is no policy `{name}`; did you mean `{POLICY}{near}`?"),
        None if declared.is_empty() => format!("there is no policy `{name}`; `policies` declares none"),
        None => format!("there is no policy `{name}`; there are {}", declared.join(", ")),
    })
}
