//! What policies are called: `policy/` and the name that the configuration gives them.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::finding::meta::{Category, POLICY, RuleMeta, Stride};
use crate::finding::severity::Severity;

/// What stands for all of them in a selection.
pub const GROUP: &str = "policy";

/// What a configuration says of a policy as of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) severity: Severity,
    pub(crate) category: Category,
    pub(crate) stride: Vec<Stride>,
}

/// The metadata of a policy. A finding holds its rule as `&'static`, so what is made once is kept for as long as the process
/// lives: as much as there are different policies in the configurations that it reads.
#[cfg_attr(not(feature = "policies"), expect(dead_code, reason = "only policies have these"))]
pub(crate) fn meta(described: &Described) -> &'static RuleMeta {
    static METAS: OnceLock<Mutex<HashMap<Described, &'static RuleMeta>>> = OnceLock::new();
    let mut metas = METAS.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = metas.get(described) {
        return known;
    }
    let meta: &'static RuleMeta = Box::leak(Box::new(RuleMeta {
        name: format!("{POLICY}{}", described.name).leak(),
        docs: described.docs.clone().leak(),
        severity: described.severity,
        stride: described.stride.clone().leak(),
        ..RuleMeta::of(described.category)
    }));
    metas.insert(described.clone(), meta);
    meta
}

/// Whether text is what a policy can be selected by, `policy` or `policy/our-registries-only`. Which there are the
/// configuration says, and no rule can be taken for one.
#[must_use]
pub fn is_named_by(selector: &str) -> bool {
    selector.eq_ignore_ascii_case(GROUP) || own_name(selector).is_some_and(is_name)
}

/// The name behind `policy/`.
#[must_use]
pub fn own_name(selector: &str) -> Option<&str> {
    let (prefix, rest) = selector.split_at_checked(POLICY.len())?;
    prefix.eq_ignore_ascii_case(POLICY).then_some(rest)
}

/// Whether a policy may be called that.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(is_plain)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Whether a rule is one of these.
#[must_use]
pub(crate) fn is_one(rule: &RuleMeta) -> bool {
    rule.name.starts_with(POLICY)
}
