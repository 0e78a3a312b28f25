use crate::model::build::user::created::arguments::account_arguments;
use crate::model::values::variables::Variables;
use lint_parser::compose::ast::field::Text;
use lint_parser::shell::word::Word;

use crate::model::project::host_mounts::host_mounts;

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;
use crate::rule::program::ProgramSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "docker-group-granted",
        docs: "The container's process is in the group that controls the Docker daemon.

## Why
Members of the group `docker` may use the daemon's socket, and whoever uses it is root on the host. The group is
the key, the socket the door: with both, an ordinary user in the container needs no further step.

## Instead
Remove the group. Where the program must speak to the daemon, put a proxy between that lets through the requests it
needs.

## Limits
The group is known by its name, and by a variable such as `DOCKER_GID` whatever its value; the numbers alone tell
nothing. While nothing mounts the socket the finding is of medium severity.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("1.1.2"),
            Reference::Cwe(250),
            Reference::Owasp("#1"),
            Reference::Nist("4.5.4"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Program(program)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(groups) = &subject.spec().group_add else { return };
    let mut items = groups.value.items.iter().filter(|item| is_docker(subject, &item.value)).peekable();
    if items.peek().is_none() {
        return;
    }
    let mounts = host_mounts(subject.project, subject.service);
    let socket = mounts.iter().any(|mount| mount.source.engine_socket().is_some());
    for item in items {
        let (message, severity) = if socket {
            (
                "this container's process may use the engine's socket it is given: it is root on the host",
                Severity::High,
            )
        } else {
            ("this container's process is in the group that controls the Docker daemon", Severity::Medium)
        };
        subject
            .report_part(cx, item.origin, groups.via, message)
            .at_most(severity)
            .help("remove the group; a proxy can let through the few requests the program needs");
    }
}

fn is_docker(subject: &ServiceSubject<'_>, group: &Text) -> bool {
    let written = subject.project.place(group.origin);
    names_docker_gid(written.file.slice(written.span)) || (!group.is_unknown() && group.as_str() == "docker")
}

/// `${DOCKER_GID}`, `${HOST_DOCKER_GID:-999}`: what the variable is for is in its name.
fn names_docker_gid(written: &str) -> bool {
    let Some((_, variable)) = written.split_once('$') else { return false };
    let name: String = variable
        .trim_start_matches('{')
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    name.to_ascii_uppercase().contains("DOCKER_GID")
}

fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let program = subject.program;
    let Some(name) = program.name().filter(|_| subject.is_in_build() && subject.owner.is_shipped()) else {
        return;
    };
    if grants_docker(name, program.args(), subject.variables()) {
        let message = "this user may control the Docker daemon it is given, and so its host";
        subject
            .report(cx, program.span(), message)
            .help("leave the user out of the group; a proxy can let through the few requests it needs");
    }
}

/// `usermod -aG docker app`, `useradd -G docker app`, `adduser app docker`, `addgroup app docker`, `gpasswd -a app
/// docker`. The group by itself (`addgroup docker`) gives nobody anything.
fn grants_docker(program: &str, args: &[Word], variables: &Variables) -> bool {
    let Some(found) = account_arguments(program, args, variables) else { return false };
    let operand = match (program, found.operands.as_slice()) {
        ("adduser" | "addgroup", [user, .., group]) if !user.is_empty() => Some(group),
        ("gpasswd", [.., group]) if found.has(&["-a", "--add"]) => Some(group),
        _ => None,
    };
    found.groups.iter().chain(operand).any(|group| group == "docker")
}
