use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::near::closest;

use crate::model::build::from_references::from_references;
use crate::model::known::image_facts;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "copied-from-undefined-stage",
        docs: "`--from` names a stage that is not there.

## Why
A name that is no stage's is taken for an image: `--from=bulider` has BuildKit ask Docker Hub for
`docker.io/library/bulider`. There is none, or worse, there is one. A number that no stage has stops the build.

## Instead
Write the name of a stage. Name images with their tag: `--from=busybox:1.37`.

## Fix safety
Offered where one name is near.

## Limits
By default only what can hardly be meant is reported: a name that differs from a stage's by a letter or two,
a number out of range. With the strict profile also, as low, every other single word without tag that is neither a
stage nor an image we know: `docker build --build-context` may give it a meaning that the file does not show. Named
contexts of a Compose file are known. A later stage is reported with the strict profile, as low: BuildKit builds
it first, and only Docker's old builder knows earlier stages alone.
",
        severity: Severity::High,
        references: &[
            Reference::Hadolint("DL3022"),
            Reference::Kics("COPY '--from' Without FROM Alias Defined Previously"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// How many stages are looked at for one name: more than anybody writes, and few enough for a file of a hundred
/// thousand.
const MOST_STAGES: usize = 200;

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let plan = subject.plan;
    let operation = subject.operation();
    // A trigger runs in another stage, perhaps in another file.
    if matches!(subject.instruction.kind, InstructionKind::Onbuild(_)) {
        return;
    }
    for (word, is_mount) in from_references(operation) {
        let text = word.text();
        if text.is_empty() || text.contains('$') || plan.contexts.contains_key(&text.to_lowercase()) {
            continue;
        }
        let stage = match text.parse::<usize>() {
            // A mount takes no numbers, but neither is there an image of that name.
            Ok(_) if is_mount => continue,
            // BuildKit refuses it: `invalid-instruction`.
            Ok(index) if index >= plan.stages.len() => continue,
            Ok(index) => Some(index),
            Err(_) => plan.names.get(&text.to_lowercase()).copied(),
        };
        let lower = text.to_lowercase();
        match stage.and_then(|stage| plan.stages.get(stage)) {
            Some(stage) if stage.index > subject.stage.index && cx.is_strict() => {
                subject
                    .report(
                        cx,
                        word.span(),
                        "this stage comes later, where Docker's old builder does not look",
                    )
                    .at_most(Severity::Low)
                    .label(subject.place(stage.from_span), "the stage")
                    .help("move the stage in front of this one");
            }
            Some(_) => {}
            None if is_word(&lower) && !is_known_image(&lower) => undefined(subject, cx, word, &lower),
            None => {}
        }
    }
}

fn undefined(subject: &InstructionSubject<'_>, cx: &mut Context<'_>, word: &Mapped, name: &str) {
    let near = subject.plan.stages.iter().take(subject.stage.index).rev().take(MOST_STAGES);
    let names = near.filter_map(|stage| stage.name.as_deref());
    let message = format!("no stage is called `{}`", name.escape_debug());
    // Between short names a letter is no slip: `app` and `api`.
    match closest(name, names).filter(|_| name.len() > 4) {
        Some(meant) => {
            let edit = subject.edits().replace_word(word.span(), word.text(), meant);
            subject
                .report(cx, word.span(), message)
                .help(format!("did you mean `{meant}`?"))
                .maybe_fix(Fix::of(format!("Copy from `{meant}`"), Applicability::Unsafe, [edit]));
        }
        None if cx.is_strict() => {
            subject
                .report(cx, word.span(), format!("{message}, so this is an image of Docker Hub"))
                .at_most(Severity::Low)
                .help("name a stage, or write the image with its tag");
        }
        None => {}
    }
}

/// Whether a name may be a stage's: no path, tag or digest.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_known_image(name: &str) -> bool {
    image_facts::lookup(&format!("docker.io/library/{name}"), "latest").is_some() || name == "scratch"
}
