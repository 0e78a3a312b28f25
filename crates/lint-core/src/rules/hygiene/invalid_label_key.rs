use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-label-key",
        docs: "A label's key is not of the form Docker recommends, or in a namespace that is Docker's own.

## Why
Docker accepts any key. Its guidelines ask for lower-case letters, digits, single dots and hyphens, so that
tools can filter by them, and keep `com.docker`, `io.docker` and `org.dockerproject` for Docker itself.

## Instead
A key in a domain of your own, `com.example.release-date`, or one of the OCI's:
`org.opencontainers.image.source`.

## Fix safety
What looks for the label must look for the new key.
",
        severity: Severity::Style,
        profile: Profile::OptIn,
        references: &[
            Reference::Hadolint("DL3048"),
            Reference::Url("https://docs.docker.com/engine/manage-resources/labels/"),
            Reference::Tally("tally/labels/valid-key"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Label(pairs) = &subject.instruction.kind else { return };
    for pair in pairs {
        let expanded = subject.plan.expand(subject.index, &pair.key);
        let Some(key) = expanded.text() else { continue };
        // Docker Desktop tells the authors of extensions to use these.
        let extension = key.starts_with("com.docker.desktop.") || key.starts_with("com.docker.extension.");
        let message = if RESERVED.iter().any(|prefix| key.starts_with(prefix)) && !extension {
            "this namespace is Docker's own".to_owned()
        } else if let Some(fault) = fault(key) {
            format!("a label's key {fault}")
        } else {
            continue;
        };
        cx.report(subject.place(pair.key.span()), message)
            .help("use lower-case letters, digits, single dots and hyphens, in a domain of your own")
            .maybe_fix(Fix::of(
                "Write it in lower case, with hyphens",
                Applicability::Unsafe,
                [valid(key).and_then(|valid| subject.edits().replace_word(pair.key.span(), key, valid))],
            ));
    }
}

/// The key in lower case with hyphens for what stands between words, where that is all it needs.
fn valid(key: &str) -> Option<String> {
    let valid = key.to_ascii_lowercase().replace(['_', ' '], "-");
    let is_own = !RESERVED.iter().any(|prefix| valid.starts_with(prefix));
    (is_own && valid != key && fault(&valid).is_none()).then_some(valid)
}

fn fault(key: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
    let ends_well = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if key.chars().any(|c| c.is_ascii_uppercase()) {
        Some("should be in lower case")
    } else if !key.chars().all(allowed) {
        Some("should have letters, digits, dots and hyphens alone")
    } else if !key.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("should begin with a letter")
    } else if !key.ends_with(ends_well) {
        Some("should end with a letter or a digit")
    } else if key.contains("..") || key.contains("--") || key.contains(".-") || key.contains("-.") {
        Some("should have no two dots or hyphens in a row")
    } else {
        None
    }
}
