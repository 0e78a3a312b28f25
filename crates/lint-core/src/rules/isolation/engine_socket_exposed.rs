use crate::model::paths::host_path::{EngineSocket, HostPath};
use crate::model::project::host_mounts::{Way, host_mounts};
use crate::rule::subject::InstructionSubject;
use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "engine-socket-exposed",
        docs: "The container can reach the socket of a container engine.

## Why
Whoever can write to the socket can start a container that mounts the host's disk: it is root on the host, and
none of the container's other confinement matters. A read-only mount changes nothing, since connecting to a
socket is not writing a file. A directory above the socket exposes it just the same.

## Instead
Do without it where you can. Where a program must watch containers, put a proxy between that lets through the
few requests it needs, in a container of its own, and give the program the proxy. A rootless engine limits the
damage to one user.

There is no fix. Adding `:ro` to the mount would look like one, and a socket that is mounted read-only takes every request; and
without the mount the program does nothing.

## Limits
A source that depends on a variable nobody sets is judged by its ending alone (`${DIR}/docker.sock`).

## When to allow it
The proxy itself; a tool that manages the engine and that you trust with the host.
",
        severity: Severity::Critical,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.32"),
            Reference::Cwe(250),
            Reference::Cwe(668),
            Reference::Owasp("#1"),
            Reference::Nist("4.4.3"),
            Reference::Nist("4.5.5"),
            Reference::ComposeLint("CL-0001"),
            Reference::Kics("Docker Socket Mounted In Container"),
            Reference::Semgrep("exposing-docker-socket-volume"),
            Reference::Semgrep("dockerfile-dockerd-socket-mount"), Reference::CisKubernetes("5.2.11"), Reference::KubeLinter("docker-sock"), Reference::Kubescape("C-0074"), Reference::Trivy("KSV-0006"), Reference::Checkov("CKV_K8S_27")],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(in_dockerfile)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for mount in host_mounts(subject.project, subject.service) {
        let Some(socket) = mount.source.engine_socket() else { continue };
        let message = match (mount.way, socket) {
            (Way::ApiSocket, _) => {
                "this container gets the engine's socket and your registry credentials, and so is root on the host"
                    .to_owned()
            }
            (_, EngineSocket::Inside) => {
                "this directory of the host holds the engine's socket, and so this container is root on the host"
                    .to_owned()
            }
            (_, EngineSocket::Itself) if mount.read_only == Some(true) => {
                "this container can control the engine, and so is root on the host: a read-only socket takes \
                 every request"
                    .to_owned()
            }
            (_, EngineSocket::Itself) => {
                "this container can control the engine, and so is root on the host".to_owned()
            }
        };
        let draft = subject.report_mount(cx, &mount, message);
        draft.help("remove the mount, or put a proxy between that lets through only the requests it needs");
    }
}

/// A volume of the image is no mount of the host's socket, but it asks for one.
fn in_dockerfile(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Volume(paths) = &subject.operation().kind else { return };
    if !subject.is_in_target_chain() {
        return;
    }
    for path in paths {
        let shown = subject.plan.expand(subject.index, path);
        let socket = shown.text().and_then(|path| HostPath::parse(path).engine_socket());
        if socket == Some(EngineSocket::Itself) {
            subject
                .report(
                    cx,
                    path.span(),
                    "this image is made to be given the engine's socket, and so the host",
                )
                .at_most(Severity::Medium)
                .help("remove it; a proxy can let through the few requests the program needs");
        }
    }
}
