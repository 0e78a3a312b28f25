//! The rules.

use std::sync::OnceLock;

use crate::finding::meta::RuleMeta;
use crate::finding::shellcheck;
use crate::rule::rule::Rule;

mod correctness;
mod elsewhere;
mod hygiene;
mod isolation;
mod network;
mod observability;
mod privilege;
mod resources;
mod secrets;
mod supply_chain;

pub use crate::rules::elsewhere::{Answer, Elsewhere, LeftOut, answer, elsewhere, left_out};

/// The rules of every category, in the order of [`Category::ALL`](crate::finding::meta::Category::ALL).
static CATEGORIES: &[&[&Rule]] = &[
    privilege::RULES,
    isolation::RULES,
    network::RULES,
    resources::RULES,
    observability::RULES,
    secrets::RULES,
    supply_chain::RULES,
    correctness::RULES,
    hygiene::RULES,
];

/// All rules, in the order of `rules.md`.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    CATEGORIES.iter().flat_map(|rules| rules.iter().copied())
}

/// What every rule says of itself, by category and name.
///
/// ```
/// for rule in lint_core::rules::catalogue() {
///     println!("{:8} {}: {}", rule.severity, rule.name, rule.summary());
/// }
/// ```
#[must_use]
pub fn catalogue() -> Vec<&'static RuleMeta> {
    sorted().to_vec()
}

/// The same, sorted once.
fn sorted() -> &'static [&'static RuleMeta] {
    static SORTED: OnceLock<Vec<&'static RuleMeta>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let mut rules: Vec<_> = all().map(|rule| &rule.meta).collect();
        rules.sort_by_key(|rule| (rule.category, rule.name));
        rules
    })
}

/// The rules a name stands for: a rule's own name, or what another tool calls it. A code of ShellCheck's stands for
/// itself, whether or not anything is there that could report it: a configuration must not depend on that.
///
/// ```
/// let names = |name| lint_core::rules::find(name).iter().map(|rule| rule.name).collect::<Vec<_>>();
/// assert_eq!(names("root-user"), ["root-user"]);
/// assert!(names("DL3002").contains(&"root-user"));
/// assert!(names("no-such-rule").is_empty());
/// ```
#[must_use]
pub fn find(name: &str) -> Vec<&'static RuleMeta> {
    let rules = sorted();
    match rules.iter().find(|rule| rule.name.eq_ignore_ascii_case(name)) {
        Some(rule) => vec![rule],
        None => {
            let named = rules.iter().copied().filter(|rule| rule.answers_to(name));
            named.chain(shellcheck::find(name)).collect()
        }
    }
}

/// Rule names near to one that is none, nearest first: for "did you mean".
///
/// ```
/// assert_eq!(lint_core::rules::near("root-usr"), ["root-user"]);
/// ```
#[must_use]
pub fn near(name: &str) -> Vec<&'static str> {
    lint_parser::text::near::nearest(name, sorted().iter().map(|rule| rule.name))
}
