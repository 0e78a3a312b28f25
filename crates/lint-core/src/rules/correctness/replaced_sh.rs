use crate::model::run::for_each_program;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

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
    let mut found = Vec::new();
    for_each_program(subject.plan, subject.index, &mut |program| {
        let replaces = program.name().is_some_and(|name| matches!(name.as_str(), "ln" | "cp" | "mv"))
            && program.args().len() > 1
            && program.args().last().is_some_and(|to| to.is("/bin/sh") || to.is("/usr/bin/sh"));
        if replaces {
            found.push(program.span());
        }
    });
    for span in found {
        cx.report(subject.place(span), "this replaces `/bin/sh` for every script in the image")
            .help("choose the shell of the `RUN`s with `SHELL [\"/bin/bash\", \"-c\"]`");
    }
}
