use std::collections::HashMap;

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::files::{file_name, join};
use crate::model::build::stage::{Copied, CopySource};
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "extracted-archive",
        docs: "An archive is copied into the image and unpacked there.

## Why
The layer of the `COPY` keeps the archive for ever, and a later `rm` only hides it: the image carries
everything twice.

## Instead
`ADD archive.tar.gz /opt/` unpacks while it copies, and leaves no archive behind. So does a mount:
`RUN --mount=type=bind,source=archive.tar.gz,target=/tmp/archive.tar.gz tar ...`, with which `tar` keeps its
options.

## Limits
Reported where the `RUN` that follows calls `tar -x` with exactly that file, a `.tar` or one that gzip, bzip2,
xz or zstd has compressed, in a stage the image is made of.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[Reference::Hadolint("DL3010")],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

const ARCHIVES: [&str; 9] =
    [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tar.Z"];

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) {
        return;
    }
    let mut copies: HashMap<usize, Vec<&Copied>> = HashMap::new();
    for copied in subject.stage.copies.iter().filter(|copied| !copied.origin.trigger) {
        let archive = ARCHIVES.iter().any(|extension| copied.source.ends_with(extension));
        if archive && copied.from == CopySource::Context {
            copies.entry(copied.origin.instruction).or_default().push(copied);
        }
    }
    if copies.is_empty() {
        return;
    }
    let mut open: Vec<(&Copied, String)> = Vec::new();
    for instruction in subject.instructions() {
        match &instruction.instruction.kind {
            InstructionKind::Copy(_) => {
                let archives = copies.remove(&instruction.index).unwrap_or_default();
                open.extend(archives.into_iter().map(|copied| (copied, target(copied))));
            }
            InstructionKind::Run(_) => {
                let unpacked = unpacked(subject, instruction.index);
                for (copied, path) in open.drain(..) {
                    let Some(span) = unpacked.get(&path) else { continue };
                    cx.report(
                        subject.place(copied.origin.span),
                        "the image keeps this archive beside what is in it",
                    )
                    .label(subject.place(*span), "it is unpacked here")
                    .help("let `ADD` unpack it, or mount it with `RUN --mount=type=bind`");
                }
            }
            _ => {}
        }
    }
}

/// Where the file of a `COPY` comes to lie: below a destination that is not called as it is.
fn target(copied: &Copied) -> String {
    let name = file_name(&copied.source);
    if ARCHIVES.iter().any(|extension| copied.destination.ends_with(extension)) {
        copied.destination.clone()
    } else {
        join(&copied.destination, name)
    }
}

/// The archives that a `RUN` has `tar` unpack, by their absolute path.
fn unpacked(subject: &StageSubject<'_>, index: usize) -> HashMap<String, Span> {
    let mut found = HashMap::new();
    let workdir = subject.stage.config.workdir.as_ref();
    let own = workdir.filter(|set| set.origin.instruction < index).and_then(|set| set.value.clone());
    let mut directory = own.unwrap_or_else(|| "/".to_owned());
    for program in subject.plan.programs(index) {
        let args = program.args();
        let first = args.first().and_then(|arg| arg.literal_text()).unwrap_or_default().into_owned();
        match program.name() {
            Some("cd") => directory = join(&directory, &first),
            Some("tar" | "bsdtar") => {
                let letters =
                    |text: &str| text.bytes().all(|b| b.is_ascii_alphabetic()) && text.contains('x');
                let extracts = letters(first.trim_start_matches('-'))
                    || args.iter().any(|arg| {
                        let text = arg.static_prefix();
                        text == "--extract"
                            || (text.starts_with('-')
                                && letters(text.trim_start_matches('-'))
                                && !text.starts_with("--"))
                    });
                if !extracts {
                    continue;
                }
                for arg in args {
                    let Some(text) = arg.literal_text() else { continue };
                    let text = text.strip_prefix("--file=").unwrap_or(&text);
                    if ARCHIVES.iter().any(|extension| text.ends_with(extension)) {
                        found.insert(join(&directory, text), program.span());
                    }
                }
            }
            _ => {}
        }
    }
    found
}
