use crate::model::kit::remote::{Moving, moving};
use crate::model::runs::checks::{Checks, verifies};
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "remote-add-without-checksum",
        docs: "`ADD` downloads a file or a repository, and nothing says what must come.

## Why
The server decides at each build what becomes part of the image. A moved branch, a replaced release or a server that
was taken over changes the image, and nobody is told.

## Instead
For a file, `ADD --checksum=sha256:... https://...`. For a repository, a commit instead of a branch or tag:
`ADD https://github.com/owner/name.git#<40 digits> /src`, or `--checksum=<commit>`.

## Limits
What a later `RUN` of the stage checks by hash or signature is not reported; a check that names another file does not count.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[Reference::cis("4.11"), Reference::Cwe(494), Reference::Owasp("#13"), Reference::Nist("4.1.5")],
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    let mut checks: Vec<Checks> = Vec::new();
    let instructions: Vec<_> = subject.instructions().collect();
    let mut found = Vec::new();
    for instruction in instructions.iter().rev() {
        if instruction.run().is_some_and(verifies) {
            checks.push(Checks::of(&subject.plan.course(instruction.index)));
        }
        let InstructionKind::Add(add) = &instruction.operation().kind else { continue };
        let paths = subject.plan.written_paths(instruction.index, add);
        let covers = |checks: &Checks| paths.is_empty() || paths.iter().any(|path| checks.cover(path, None));
        if checks.iter().any(covers) || instruction.operation().flag("checksum").is_some() {
            continue;
        }
        for source in &add.sources {
            let address = subject.plan.expand(instruction.index, source);
            if let Some(message) = unchecked(&address.shown) {
                found.push((source.span(), message));
            }
        }
    }
    for (span, message) in found.into_iter().rev() {
        cx.report(subject.place(span), message).help("add `--checksum=sha256:...`, or name a commit");
    }
}

fn unchecked(address: &str) -> Option<&'static str> {
    Some(match moving(address)? {
        Moving::File => "whatever the server sends at the time becomes part of the image",
        Moving::DefaultBranch | Moving::Branch(_) | Moving::Release(_) => {
            "whatever the branch or tag stands for at the time becomes part of the image"
        }
    })
}
