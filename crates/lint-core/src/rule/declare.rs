//! `declare_rule!`

/// Declares a rule: the doc comment becomes its documentation, every other field passes through as written,
/// so that a forgotten one is the compiler's own error.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        $visibility:vis static $name:ident = {
            name: $rule:expr,
            severity: $severity:expr,
            category: $category:expr,
            stride: $stride:expr,
            references: $references:expr,
            fixable: $fixable:expr,
            profile: $profile:expr,
            since: $since:expr,
            checks: $checks:expr $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        $visibility static $name: $crate::rule::rule::Rule = $crate::rule::rule::Rule {
            meta: $crate::finding::meta::RuleMeta::new(
                $rule,
                concat!($($doc, "\n"),+),
                $severity,
                $profile,
                $category,
                $stride,
                $references,
                $fixable,
                $since,
                file!(),
            ),
            checks: $checks,
        };
    };
}
pub(crate) use declare_rule;
