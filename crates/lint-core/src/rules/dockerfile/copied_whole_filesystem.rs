use lint_parser::dockerfile::ast::InstructionKind;

use crate::model::stage::Base;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

declare_rule! {
    /// Everything of another stage or image is copied over this one.
    ///
    /// ## Why
    /// `COPY --from=build / /` brings along all that a build leaves lying about: compilers, caches, keys and
    /// tokens, setuid programs; and it overwrites the base image's own files, package database included, with
    /// another image's.
    ///
    /// ## Instead
    /// Copy what the image needs: `COPY --from=build /out/app /usr/local/bin/`. Let the builder install into a
    /// folder (`make install DESTDIR=/out`) and copy that.
    ///
    /// ## Limits
    /// Onto `scratch` it is how layers are flattened, and not reported: there the other stage *is* the image.
    pub(super) static RULE = {
        name: "copied-whole-filesystem",
        severity: Severity::Medium,
        category: Category::SupplyChain,
        stride: &[Stride::InformationDisclosure, Stride::Tampering],
        references: &[Reference::Hadolint("DL3067")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Instruction(check)],
    }
}

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
    // The chain is walked for the few instructions that get here.
    let scratch =
        subject.plan.chain(subject.stage.index).last().is_some_and(|root| matches!(root.base, Base::Scratch));
    if scratch || !is_root(&destination) {
        return;
    }
    cx.report(subject.place(source.span()), "everything of the other image is copied over this one")
        .help("copy the files that are needed");
}

fn is_root(path: &str) -> bool {
    !path.is_empty() && path.starts_with('/') && path.trim_matches(['/', '.', '*']).is_empty()
}
