use crate::model::container::docker_exec::{docker_exec, is_uid_zero};
use crate::model::runs::hooks;

use crate::rule::prelude::*;
use crate::rule::program::ProgramSubject;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "root-exec",
        docs: "A command enters the container as root.

## Why
The container runs as an ordinary user so that a break-in stays small. A lifecycle hook with `user: root`, like
`docker exec -u root`, brings root back: whoever can change the script it runs, which lies in the container, is
root in it from then on.

## Instead
Remove the user, and make the files right in the image (`COPY --chown`). What needs root once belongs in a service
of its own that ends before this one starts.

## Fix safety
The command then runs as the user of the container.

## Limits
Commands are found in the service's hooks, `develop.watch`, `entrypoint`, `command` and health check, and in scripts
they pass to a shell.

## When to allow it
A hook that gives a fresh volume to the program's user.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.24"),
            Reference::Cwe(250),
            Reference::Owasp("#2"),
            Reference::Nist("4.4.3"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Program(program)],
};

const HELP: &str = "remove the user, and give the files it is about to the program's own user in the image";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for hook in hooks(subject.spec()) {
        if let Some(user) = &hook.user
            && !user.value.is_unknown()
            && is_uid_zero(user.value.as_str())
        {
            subject.report_field(cx, user, "this command runs in the container as root").help(HELP);
        }
    }
}

/// `docker exec --user root`
fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let exec = docker_exec(subject.program.invocation());
    let Some((user, span)) = exec.and_then(|exec| exec.user) else { return };
    if is_uid_zero(&user) {
        let fix = subject.without_option(span);
        subject.report(cx, span, "`exec` enters the container as root").help(HELP).maybe_fix(fix);
    }
}
