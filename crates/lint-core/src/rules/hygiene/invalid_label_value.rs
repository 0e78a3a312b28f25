use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-label-value",
        docs: "The value of an OCI label is not what the specification says it is.

## Why
Registries, scanners and update bots read `org.opencontainers.image.*`: a link that is not one is not shown,
a
licence under another name is not matched, a date they cannot read is ignored.

## Instead
| label | value |
|---|---|
| `created` | a date and time as in RFC 3339: `2026-01-31T12:00:00Z` |
| `url`, `documentation`, `source` | a URL with its scheme |
| `licenses` | an SPDX expression: `Apache-2.0 OR MIT` |

No label of that namespace should be empty.

## Limits
SPDX expressions are judged by their form, not by the list of licences. Values that build arguments decide
are left alone; so are labels of other namespaces, whose owners alone know what they mean.
",
        severity: Severity::Style,
        profile: Profile::Strict,
        references: &[
            Reference::Hadolint("DL3051"),
            Reference::Hadolint("DL3052"),
            Reference::Hadolint("DL3053"),
            Reference::Hadolint("DL3054"),
            Reference::Url("https://github.com/opencontainers/image-spec/blob/main/annotations.md"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Label(pairs) = &subject.instruction.kind else { return };
    for pair in pairs {
        let key = subject.plan.expand(subject.index, &pair.key);
        let Some(name) = key.text().and_then(|key| key.strip_prefix("org.opencontainers.image.")) else {
            continue;
        };
        let Some(value) = &pair.value else { continue };
        let expanded = subject.plan.expand(subject.index, value);
        // `ARG VERSION` without a default is passed by whoever builds.
        if expanded.through_arguments || !expanded.unset.is_empty() {
            continue;
        }
        let Some(text) = expanded.text() else { continue };
        let (fault, help) = match name {
            _ if text.trim().is_empty() => ("the label is empty", "give it a value, or leave it out"),
            "created" if !is_rfc3339(text) => {
                ("this is no date and time as in RFC 3339", "write it as `2026-01-31T12:00:00Z`")
            }
            "url" | "documentation" | "source" if !is_url(text) => {
                ("this is no URL", "write it with its scheme: `https://example.com/`")
            }
            "licenses" if !is_spdx(text) => {
                ("this is no SPDX expression", "write SPDX identifiers: `Apache-2.0 OR MIT`")
            }
            _ => continue,
        };
        let span = if value.span().is_empty() { pair.span } else { value.span() };
        cx.report(subject.place(span), fault).help(help);
    }
}

/// `2026-01-31T12:00:00Z`, with a fraction or an offset.
fn is_rfc3339(text: &str) -> bool {
    let digits = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text
                .bytes()
                .zip(pattern.bytes())
                .all(|(c, p)| if p == b'0' { c.is_ascii_digit() } else { c.eq_ignore_ascii_case(&p) })
    };
    let Some((time, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else { return false };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if rest.len() == fraction.len() {
                return false;
            }
            rest
        }
        None => rest,
    };
    (digits(time, "0000-00-00T00:00:00") || digits(time, "0000-00-00 00:00:00"))
        && (rest.eq_ignore_ascii_case("z") || digits(rest, "+00:00") || digits(rest, "-00:00"))
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_is_one = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    // `git@host:user/repository` is how git writes an address, but no URL.
    scheme_is_one && rest.len() > 2 && rest.starts_with("//") && !text.contains(char::is_whitespace)
}

/// Identifiers joined by `AND`, `OR` and `WITH`, with parentheses.
fn is_spdx(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut depth = 0_usize;
    let mut operand = true;
    for token in spaced.split_whitespace() {
        match token {
            "(" if operand => depth += 1,
            ")" if !operand && depth > 0 => depth -= 1,
            "AND" | "OR" | "WITH" if !operand => operand = true,
            "(" | ")" | "AND" | "OR" | "WITH" => return false,
            _ if !operand => return false,
            identifier => {
                let known = |c: char| c.is_ascii_alphanumeric() || "-.+:".contains(c);
                if !identifier.chars().all(known) {
                    return false;
                }
                operand = false;
            }
        }
    }
    !operand && depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for date in ["2026-01-31T12:00:00Z", "2026-01-31t12:00:00.123+01:00", "2026-01-31 12:00:00-00:00"] {
            assert!(is_rfc3339(date), "{date}");
        }
        for date in [
            "2026-01-31",
            "2026-01-31T12:00:00",
            "2026-01-31T12:00:00.Z",
            "",
            "2026-01-31T12:00:00+1:00",
            "ääääääääääääää",
        ] {
            assert!(!is_rfc3339(date), "{date}");
        }
    }

    #[test]
    fn licences() {
        for expression in [
            "MIT",
            "Apache-2.0 OR MIT",
            "(MIT OR GPL-2.0+) AND LicenseRef-a",
            "GPL-2.0-only WITH Classpath-exception-2.0",
        ] {
            assert!(is_spdx(expression), "{expression}");
        }
        for expression in ["", "MIT License", "MIT/Apache", "MIT OR", "(MIT", "MIT)", "OR", "see LICENSE"] {
            assert!(!is_spdx(expression), "{expression}");
        }
    }

    #[test]
    fn addresses() {
        assert!(is_url("https://example.com") && is_url("git+ssh://a/b"));
        for address in ["example.com", "git@example.com:a/b", "https://", "", ":", "https://a b"] {
            assert!(!is_url(address), "{address}");
        }
    }
}
