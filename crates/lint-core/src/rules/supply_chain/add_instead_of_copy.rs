use crate::model::build::archives::{is_address, is_archive, is_copied_as_it_is};
use crate::model::build::stage::Base;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;
use lint_parser::dockerfile::ast::InstructionKind;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "add-instead-of-copy",
        docs: "`ADD` copies local files, which `COPY` does without surprises.

## Why
`ADD` looks into what it copies: an archive is unpacked, whatever its name, and a source that becomes an address is
downloaded. `COPY` copies.

## Instead
`COPY`. Keep `ADD` for archives that are to be unpacked and for addresses.

## Limits
Archives by their names, addresses, repositories and root filesystems added to `scratch` are not reported. A path that
may name an archive, because a pattern or a variable ends it, is reported as style.

## Fix safety
Safe for directories, and for files whose names end as those of text and code do. Otherwise unsafe: a file without an archive's
name may be an archive all the same.
",
        severity: Severity::Low,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("4.9"),
            Reference::Cwe(829),
            Reference::Owasp("#9"),
            Reference::Nist("4.1.5"),
            Reference::Hadolint("DL3020"),
            Reference::Trivy("DS-0005"),
            Reference::Checkov("CKV_DOCKER_4"),
            Reference::Semgrep("prefer-copy-over-add"),
            Reference::Kics("Add Instead of Copy"),
        ],
        fixable: Fixable::Sometimes(SAFE_OR_UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let operation = subject.operation();
    let (Some(copy), InstructionKind::Add(_)) = (subject.copy(), &operation.kind) else { return };
    if copy.sources.is_empty()
        || ["unpack", "checksum", "keep-git-dir"].iter().any(|f| operation.flag(f).is_some())
    {
        return;
    }
    let sources: Vec<_> =
        copy.sources.iter().map(|source| subject.plan.expand(subject.index, source)).collect();
    if sources.iter().any(|source| is_address(&source.shown) || is_archive(&source.shown)) {
        return;
    }
    let destination = copy.destination.as_ref().map(|word| word.text());
    if matches!(subject.stage.base, Base::Scratch) && destination == Some("/") {
        return;
    }
    let may_be_archive =
        sources.iter().any(|source| !source.known || source.shown.ends_with(['*', '?', ']']));
    let draft = subject
        .report(cx, operation.keyword.span, "`ADD` unpacks archives and fetches addresses; this only copies")
        .help("use `COPY`");
    if may_be_archive {
        draft.at_most(Severity::Style);
        return;
    }
    let is_certain = operation.flags.is_empty()
        && sources.iter().all(|source| source.known && is_copied_as_it_is(&source.shown));
    draft.fix(Fix {
        title: "Use `COPY`".to_owned(),
        applicability: if is_certain { Applicability::Safe } else { Applicability::Unsafe },
        edits: vec![Edit {
            file: subject.plan.dockerfile.file.clone(),
            span: operation.keyword.span,
            text: keyword(&operation.keyword.value).to_owned(),
        }],
    });
}

/// In the case the file is written in.
fn keyword(add: &str) -> &'static str {
    if add.chars().all(char::is_lowercase) { "copy" } else { "COPY" }
}
