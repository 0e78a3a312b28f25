use crate::files::file_name;
use crate::model::build::BuildPlan;
use crate::model::build::scope::started;
use crate::model::known::image_roles;
use crate::model::project::ports::published;
use crate::model::runs::Program;
use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;
use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;
use std::collections::{BTreeSet, HashMap};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "ssh-server-in-container",
        docs: "The container runs an SSH server.

## Why
An SSH server is a second door into the container, with keys and passwords of its own that nobody rotates, and
logins that the engine's log does not show. It also means a container that is changed by hand while it runs.

## Instead
`docker compose exec service sh` opens a shell through the engine, which knows who asked.

## Limits
In a Dockerfile it shows as the package that is installed (Alpine's `openssh` is reported as low, being
mostly meant for the client), the program that is started, or `EXPOSE 22`. In a Compose file an SSH server
shows as a published container port 22, or as the program a service starts. A service whose image or name
says that SSH is what it is for (Gitea, GitLab, SFTP servers, a jump host) is not reported.

## When to allow it
SSH is what the service is for: a Git server, an SFTP server, a jump host.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing],
        references: &[
            Reference::cis("5.7"),
            Reference::Cwe(1125),
            Reference::Nist("4.4.5"),
            Reference::Trivy("DS-0004"),
            Reference::Checkov("CKV_DOCKER_1"),
            Reference::KubeLinter("ssh-port"),
        ],
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Dockerfile(in_dockerfile)],
};

const HELP: &str = "use `docker compose exec` to get into the container";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if serves_over_ssh(subject) {
        return;
    }
    for port in published(subject.service) {
        if !port.is_tcp() || !port.target.is_some_and(|target| target.contains(22)) {
            continue;
        }
        subject
            .report_at(cx, port.origin, "port 22 of the container is published: an SSH server runs in it")
            .help(HELP);
    }
    for program in subject.service.programs().iter().filter(|program| starts_server(program)) {
        let Some(source) = program.file else { continue };
        let origin = Origin { source, span: program.name_span() };
        subject.report_at(cx, origin, "this starts an SSH server in the container").help(HELP);
    }
}

/// Whether SSH is what the service is for: a Git server, a file server, a jump host.
fn serves_over_ssh(subject: &ServiceSubject<'_>) -> bool {
    let image = subject.spec().image.as_ref().map_or("", |image| image.value.as_str());
    let repository = image.split('@').next().unwrap_or_default();
    let (path, name) = repository.rsplit_once('/').unwrap_or(("", repository));
    let name = name.split(':').next().unwrap_or_default();
    [name, file_name(path), &*subject.service.name].into_iter().any(image_roles::serves_over_ssh)
}

/// What in a Dockerfile shows an SSH server, the surest sign first: one finding for all of them.
/// `sshd`, and `service ssh start` in its dialects.
fn starts_server(program: &Program) -> bool {
    match program.name() {
        Some("sshd" | "dropbear") => true,
        Some("service" | "rc-service" | "systemctl") => {
            program.args().iter().any(|word| word.is("ssh") || word.is("sshd"))
        }
        _ => false,
    }
}

fn in_dockerfile(plan: &BuildPlan, cx: &mut Context<'_>) {
    let mut found: Vec<(Span, &str, Severity)> = Vec::new();
    let started: BTreeSet<_> = plan.images().flat_map(started).map(|origin| origin.instruction).collect();
    for instruction in started {
        for program in plan.programs(instruction).iter().filter(|program| starts_server(program)) {
            let message = "this starts an SSH server in the container";
            found.push((program.name_span(), message, Severity::Medium));
        }
    }
    for index in plan.shipped().flat_map(|stage| stage.instructions.clone()) {
        let is_run = plan.instruction(index).is_some_and(|i| matches!(i.kind, InstructionKind::Run(_)));
        let calls = if is_run { plan.package_commands(index) } else { &[] };
        let mut removals: HashMap<String, usize> = HashMap::new();
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.action == Action::Remove) {
            let names = call.operands.iter().filter_map(|word| word.literal_text());
            removals.extend(names.map(|name| (name.into_owned(), at)));
        }
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.action == Action::Install) {
            let removed = |name: &str| removals.get(name).is_some_and(|&removal| removal > at);
            for word in &call.operands {
                let Some(text) = word.literal_text() else { continue };
                let name = text.split(['=', '~', '<', '>']).next().unwrap_or_default();
                if let Some(severity) = ssh_package(call, name).filter(|_| !removed(name)) {
                    found.push((word.span(), "this installs an SSH server into the image", severity));
                }
            }
        }
    }
    if let Some(origin) = plan.images().find_map(|stage| stage.config.exposed.get("22/tcp")) {
        found.push((origin.span, "port 22 is an SSH server's", Severity::Medium));
    }
    let Some(&(span, message, _)) = found.first() else { return };
    let worst = found.iter().map(|(.., severity)| *severity).max().unwrap_or(Severity::Low);
    let place = |span| Place::new(&plan.dockerfile.file, span);
    let mut draft = cx.report(place(span), message);
    for (span, message, _) in found.iter().skip(1).take(4) {
        draft = draft.label(place(*span), *message);
    }
    draft.at_most(worst).help("use `docker exec` to get into the container");
}

/// Alpine's `openssh` brings the server along, but is mostly installed for the client.
fn ssh_package(call: &PackageCommand, name: &str) -> Option<Severity> {
    match (call.manager, name) {
        (_, "openssh-server" | "openssh-server-pam" | "dropbear" | "tinyssh" | "ssh-server") => {
            Some(Severity::Medium)
        }
        (Manager::Apt, "ssh") => Some(Severity::Medium),
        (Manager::Apk | Manager::Pacman, "openssh") => Some(Severity::Low),
        _ => None,
    }
}
