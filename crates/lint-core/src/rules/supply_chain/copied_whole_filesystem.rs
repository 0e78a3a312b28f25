use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::build::base::facts_of;
use crate::model::build::stage::{Base, CopySource};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "copied-whole-filesystem",
        docs: "Everything of another stage or image is copied over this one.

## Why
`COPY --from=build / /` brings along all that a build leaves lying about: compilers, caches, keys and
tokens, setuid programs; and it overwrites the base image's own files, package database included, with
another image's.

## Instead
Copy what the image needs: `COPY --from=build /out/app /usr/local/bin/`. Let the builder install into a
folder (`make install DESTDIR=/out`) and copy that.

## Limits
Onto `scratch` it is how layers are flattened, and not reported: there the other stage *is* the image. Nor is
an image we know nothing of, which may hold a few files and no more: `COPY --from=tonistiigi/xx / /` is how
those are meant to be used. A stage counts where it runs something or is built on a well-known image.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure, Stride::Tampering],
        references: &[Reference::Hadolint("DL3067")],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// How many stages and instructions are looked at for each `COPY`. A file may hold a hundred thousand of either.
const NEAR: usize = 100;

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Copy(copy) = &subject.instruction.kind else { return };
    if subject.instruction.flag("from").is_none() || !subject.is_reachable() {
        return;
    }
    let expand = |word| subject.plan.expand(subject.index, word).text().map(str::to_owned);
    let Some(source) = copy.sources.iter().find(|source| expand(source).is_some_and(|path| is_root(&path)))
    else {
        return;
    };
    let Some(destination) = copy.destination.as_ref().and_then(expand) else { return };
    if !is_root(&destination) || !holds_a_system(subject) {
        return;
    }
    // The chains are walked for the few instructions that get here.
    if subject
        .plan
        .chain(subject.stage.index)
        .take(NEAR)
        .last()
        .is_some_and(|root| matches!(root.base, Base::Scratch))
    {
        return;
    }
    cx.report(subject.place(source.span()), "everything of the other image is copied over this one")
        .help("copy the files that are needed");
}

/// Whether what is copied from is known to be a whole system rather than a few files.
fn holds_a_system(subject: &InstructionSubject<'_>) -> bool {
    let plan = subject.plan;
    let copied = subject.stage.copies.iter().find(|copied| copied.origin.instruction == subject.index);
    match copied.map(|copied| &copied.from) {
        Some(CopySource::Stage(from)) => plan.chain(*from).take(NEAR).any(|stage| {
            matches!(&stage.base, Base::Image(image) if image.facts.is_some())
                || stage.instructions.clone().take(NEAR).any(|index| {
                    plan.instruction(index)
                        .is_some_and(|instruction| matches!(instruction.kind, InstructionKind::Run(_)))
                })
        }),
        Some(CopySource::Elsewhere) => {
            let flag = subject.instruction.flag("from").and_then(|flag| flag.value.as_ref());
            let Some(name) = flag.map(|value| plan.expand(subject.index, value)) else { return false };
            name.text()
                .and_then(|name| image::parse(&Mapped::replaced(name, Span::default())).ok())
                .is_some_and(|reference| facts_of(&reference).is_some())
        }
        _ => false,
    }
}

fn is_root(path: &str) -> bool {
    !path.is_empty() && path.starts_with('/') && path.trim_matches(['/', '.', '*']).is_empty()
}
