use crate::model::container::docker_exec::docker_exec;
use crate::model::runs::hooks;

use crate::rule::prelude::*;
use crate::rule::program::ProgramSubject;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "privileged-exec",
        docs: "A command enters the container with every privilege.

## Why
A lifecycle hook with `privileged: true`, like `docker exec --privileged`, runs with all capabilities and without
the confinement the container itself was given. Whoever can change the script it runs, which lies in the
container, gets out of it.

## Instead
Remove the flag. Give the container the one capability the command needs, or do the work in an image's build or
in a service of its own.

## Fix safety
The fix is unsafe: a command that needs the privileges fails without them. A `docker exec` in a script is left alone.

## Limits
Commands are found in the service's hooks, `develop.watch`, `entrypoint`, `command` and health check, and in scripts
they pass to a shell.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.23"),
            Reference::Cwe(250),
            Reference::Owasp("#3"),
            Reference::Nist("4.4.3"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Program(program)],
};

const MESSAGE: &str = "this command runs in the container with every capability and no confinement";
const HELP: &str = "remove the flag, and give the container the one capability the command needs";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for hook in hooks(subject.spec()) {
        if let Some(privileged) = &hook.privileged
            && privileged.value.is(true)
        {
            subject
                .report_field(cx, privileged, MESSAGE)
                .remedy(Remedy::Without)
                .maybe_fix(
                    subject
                        .editor()
                        .remove_key(privileged.key)
                        .map(|change| change.unsafely("Remove `privileged`")),
                )
                .help(HELP);
        }
    }
}

/// `docker exec --privileged`
fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let exec = docker_exec(subject.program.invocation());
    let Some(span) = exec.and_then(|exec| exec.privileged) else { return };
    let fix = subject.without_option(span);
    subject
        .report(cx, span, "`exec --privileged` gives the command every capability")
        .help(HELP)
        .maybe_fix(fix);
}
