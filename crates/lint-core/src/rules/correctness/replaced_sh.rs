use crate::model::runs::commands::run_of;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "replaced-sh",
        docs: r#"`/bin/sh` is replaced by another shell.

## Why
Every script of the image that asks for `/bin/sh`, the package manager's own among them, then runs in a
shell it was not written for, and an upgrade of the shell's package quietly puts the old one back.

## Instead
`SHELL ["/bin/bash", "-o", "pipefail", "-c"]` chooses the shell of the `RUN`s and changes no file.
"#,
        severity: Severity::Low,
        references: &[
            Reference::Hadolint("DL4005"),
            Reference::Semgrep("use-shell-instruction"),
            Reference::Kics("Changing Default Shell Using SHELL Command"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if run_of(subject.instruction).is_none() {
        return;
    }
    for program in subject.plan.programs(subject.index) {
        let replaces = matches!(program.name(), Some("ln" | "cp" | "mv"))
            && program.args().len() > 1
            && program.args().last().is_some_and(|to| to.is("/bin/sh") || to.is("/usr/bin/sh"));
        if !replaces {
            continue;
        }
        cx.report(subject.place(program.span()), "this replaces `/bin/sh` for every script in the image")
            .help("choose the shell of the `RUN`s with `SHELL [\"/bin/bash\", \"-c\"]`");
    }
}
