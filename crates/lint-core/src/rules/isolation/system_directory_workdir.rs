use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "system-directory-workdir",
        docs: "`WORKDIR` lies in a directory of the kernel or of the boot loader.

## Why
`/proc`, `/sys` and `/dev` are mounted over when a container starts: what the build puts there is gone, and
what the program writes goes to the kernel. A working directory below `/proc/self/fd` has been a way out of
the container (CVE-2024-21626).

## Instead
A directory of the application's own: `/app`, `/srv`, `/opt/name`.
",
        severity: Severity::High,
        stride: &[Stride::Tampering, Stride::ElevationOfPrivilege],
        references: &[Reference::Trivy("DS-0030")],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Workdir(word) = &subject.instruction.kind else { return };
    if !subject.is_reachable() || subject.stage.accounts.windows {
        return;
    }
    let expanded = subject.plan.expand(subject.index, word);
    let Some(path) = expanded.text() else { return };
    let first =
        path.strip_prefix('/').and_then(|path| path.split('/').find(|part| !part.is_empty() && *part != "."));
    let Some(directory) = first else { return };
    // Shared memory and devices of no consequence: `/dev/shm` is a place for files.
    if path.starts_with("/dev/shm") || path.contains("..") {
        return;
    }
    if !matches!(directory, "proc" | "sys" | "dev" | "boot" | "initrd" | "lost+found") {
        return;
    }
    cx.report(subject.place(word.span()), format!("`/{directory}` is no place for an application"))
        .help("use a directory of the application's own, such as `/app`");
}
