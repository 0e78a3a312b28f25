use crate::model::build::scratch;
use crate::model::build::stage::CopySource;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "copied-from-empty-stage",
        docs: "A file is copied from a stage that has none.

## Why
The stage begins with `scratch` and neither copies nor runs anything, so the build stops: the file is not
found. The instructions that were to make it are in another stage, or are missing.

## Instead
Name the stage that holds the file.
",
        severity: Severity::High,
        references: &[Reference::Tally("tally/copy-from-empty-scratch-stage")],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let StageSubject { plan, stage } = *subject;
    let mut last = None;
    for copied in &stage.copies {
        let CopySource::Stage(index) = copied.from else { continue };
        // Of `/` and of a pattern there may be nothing.
        let names_file =
            !copied.source.contains(['*', '?', '[']) && !copied.source.trim_matches(['/', '.']).is_empty();
        let Some(source) = plan.stages.get(index).filter(|_| names_file) else { continue };
        if last == Some(copied.origin.instruction) || !scratch::is_empty(plan, source) {
            continue;
        }
        last = Some(copied.origin.instruction);
        cx.report(subject.place(copied.origin.span), "the stage this copies from holds no files")
            .label(subject.place(source.from_span), "the stage")
            .help("name the stage that holds the file");
    }
}
