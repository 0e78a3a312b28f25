use crate::model::build::BuildPlan;
use crate::model::daemon::{
    for_each_daemon, for_each_daemon_of_image, is_daemon_image, option_values, place_of,
};
use crate::model::kit::hosts::is_loopback;
use crate::model::project::ports::{HostAddress, published};
use crate::rule::check::ServiceSubject;
use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::value::Origin;
use lint_parser::shell::word::Word;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "daemon-without-tls",
        docs: "A Docker daemon listens on TCP without asking its clients for a certificate.

## Why
Whoever reaches the API of a daemon can start a privileged container, and with it do anything to the machine
the daemon runs on. Without `--tlsverify` that is everybody in the same network.

## Instead
Leave `DOCKER_TLS_CERTDIR` of the `docker:dind` images as it is, and share its client certificates with the
service that needs them; or use a socket (`unix://`) or SSH.

## Limits
A `DOCKER_HOST` is reported where it names a daemon, in the project (`dind`) or outside it: a socket proxy
beside the service
is a good way to give it part of the API. `EXPOSE 2375` is reported as medium, and so is publishing it on one
address. On a host, a daemon that only the machine itself reaches (`127.0.0.1`) is reported below the rule's
severity, and so is one that has certificates and asks its clients for none.
",
        severity: Severity::High,
        stride: &[Stride::Spoofing, Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("2.7"),
            Reference::Cwe(306),
            Reference::Owasp("#1"),
            Reference::Nist("4.3.2"),
        ],
        ..super::DEFAULTS
    },
    checks: &[
        Check::Service(check),
        Check::Dockerfile(in_dockerfile),
        Check::Dockerfile(exposed_api),
        Check::Daemon(check_daemon),
    ],
};

const HELP: &str = "use `--tlsverify` with certificates, a Unix socket, or SSH";

const HELP_DAEMON: &str = "set `tlsverify` with certificates, or listen on a Unix socket and use SSH";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    for_each_daemon(subject.service, &mut |file, arguments| {
        let listens = tcp_hosts(arguments);
        // The entrypoint of the `dind` images puts its own certificates in front of options alone.
        let added = follows_certificates(subject, arguments);
        if listens.is_empty() || has_flag(arguments, "--tlsverify") || added {
            return;
        }
        found.extend(listens.into_iter().filter_map(|words| place_of(file, words)));
    });
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        found.extend(without_certificates(subject));
    }
    for origin in found {
        subject
            .report_at(cx, origin, "this Docker daemon takes orders over TCP from everybody who reaches it")
            .help(HELP);
    }
    for port in published(subject.service) {
        if port.is_tcp() && port.target.is_some_and(|target| target.contains(2375)) {
            let draft = subject
                .report_at(
                    cx,
                    port.origin,
                    "port 2375 is that of a Docker daemon without TLS, and is published",
                )
                .supersedes("exposed-data-store")
                .supersedes("port-on-all-interfaces")
                .help(HELP);
            if port.address == HostAddress::One {
                draft.at_most(Severity::Medium);
            }
        }
    }
    if let Some(origin) = far_host(subject) {
        subject
            .report_at(cx, origin, "this speaks to a Docker daemon over the network without TLS")
            .at_most(Severity::Medium)
            .help("use `ssh://`, or TLS on port 2376 with `DOCKER_TLS_VERIFY`");
    }
}

/// Whether the `dind` entrypoint adds `--tlsverify`: to options alone, with `DOCKER_TLS_CERTDIR` as the image sets
/// it. What is written later wins.
fn follows_certificates(subject: &ServiceSubject<'_>, arguments: &[Word]) -> bool {
    let switched_off = arguments
        .iter()
        .any(|word| word.is("--tls=false") || word.is("--tlsverify=false") || word.is("--tls=0"));
    starts_with_options(subject) && certificates_directory(subject).is_none() && !switched_off
}

/// The options that make a daemon listen on TCP beyond the machine itself.
fn tcp_hosts(arguments: &[Word]) -> Vec<&[Word]> {
    let long = option_values(arguments, &["--host", "-H"]);
    long.into_iter().filter(|(host, _)| is_open_address(host)).map(|(_, words)| words).collect()
}

fn is_open_address(host: &str) -> bool {
    host.strip_prefix("tcp://").is_some_and(|address| !is_loopback(address))
}

fn has_flag(arguments: &[Word], flag: &str) -> bool {
    arguments.iter().any(|word| {
        let text = word.literal_text();
        let value = text.as_deref().and_then(|text| text.strip_prefix(flag));
        matches!(value, Some("" | "=true" | "=1"))
    })
}

/// An empty `DOCKER_TLS_CERTDIR` of a `dind` image, whose entrypoint then opens port 2375 to everybody; unless it
/// is told what to start.
fn without_certificates(subject: &ServiceSubject<'_>) -> Option<Origin> {
    certificates_directory(subject).filter(|_| starts_with_options(subject))
}

/// Whether it is a `dind` image whose entrypoint makes the daemon's command line.
fn starts_with_options(subject: &ServiceSubject<'_>) -> bool {
    let options_alone = match subject.spec().command.as_ref().map(|command| &command.value) {
        None | Some(Command::Null) => true,
        Some(Command::Line(text)) => {
            text.as_str().trim_start().starts_with('-') || text.as_str().trim().is_empty()
        }
        Some(Command::Words(words)) => words.first().is_none_or(|first| first.as_str().starts_with('-')),
    };
    options_alone && is_daemon_image(subject.service) && subject.spec().entrypoint.is_none()
}

/// Where `DOCKER_TLS_CERTDIR` is written to be empty.
fn certificates_directory(subject: &ServiceSubject<'_>) -> Option<Origin> {
    let directory = subject.service.variable("DOCKER_TLS_CERTDIR")?;
    let value = directory.value.as_ref()?;
    (!value.is_unknown() && value.as_str().is_empty()).then_some(directory.name.origin)
}

/// A `DOCKER_HOST` outside the project: by a full name or an address, as no other container is called.
fn far_host(subject: &ServiceSubject<'_>) -> Option<Origin> {
    let host = subject.service.variable("DOCKER_HOST")?;
    let value = host.value.as_ref().filter(|value| !value.is_unknown())?;
    let address = value.as_str().strip_prefix("tcp://")?;
    let verifies = subject
        .service
        .variable("DOCKER_TLS_VERIFY")
        .is_some_and(|verify| verify.value.is_none_or(|value| !matches!(value.as_str(), "" | "0" | "false")));
    let name = address.split(['/', ':']).next().unwrap_or_default();
    // A proxy of the same network speaks plainly, and decides what it lets through; a daemon decides nothing.
    let neighbour = subject.project.service(name).or_else(|| subject.project.container(name));
    let within = match neighbour {
        Some(neighbour) => !is_daemon_image(neighbour),
        None => {
            !(name.contains('.') || address.ends_with(":2375"))
                || name.contains("proxy")
                || name == "host.docker.internal"
                || is_loopback(address)
        }
    };
    (!within && !verifies).then_some(value.origin)
}

fn in_dockerfile(plan: &BuildPlan, cx: &mut Context<'_>) {
    for_each_daemon_of_image(plan, &mut |words| {
        if has_flag(words, "--tlsverify") {
            return;
        }
        for pair in tcp_hosts(words) {
            let (Some(first), Some(last)) = (pair.first(), pair.last()) else { continue };
            let message = "this Docker daemon takes orders over TCP from everybody who reaches it";
            cx.report(Place::new(&plan.dockerfile.file, first.span().cover(last.span())), message).help(HELP);
        }
    });
}

/// Where the image says that it listens on the port of the API without TLS.
fn exposed_api(plan: &BuildPlan, cx: &mut Context<'_>) {
    let mut exposed = plan.images().filter_map(|stage| stage.config.exposed.get("2375/tcp"));
    let Some(origin) = exposed.next() else { return };
    cx.report(
        Place::new(&plan.dockerfile.file, origin.span),
        "port 2375 is that of a Docker daemon which takes orders from everybody who reaches it",
    )
    .at_most(Severity::Medium)
    .help(HELP);
}

fn check_daemon(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let config = subject.config;
    let verifies = config.switch("tlsverify");
    if verifies.is_some_and(|(on, _)| on) {
        return;
    }
    // A socket unit alone does not say how the daemon is started.
    let may_verify = verifies.is_none() && config.absence("tlsverify").is_none();
    let encrypts = config.switch("tls").is_some_and(|(on, _)| on);
    let streams = config.socket.iter().flat_map(|socket| socket.network());
    let streams = streams.map(|stream| (stream.value.as_str(), &stream.place));
    let hosts = config.texts("hosts").filter_map(|(host, place)| Some((tcp_address(host)?, place)));
    for (address, place) in hosts.chain(streams) {
        let loopback = is_loopback(address);
        let message = match (loopback, encrypts) {
            (true, _) => "this Docker daemon takes orders over TCP from everybody on the machine",
            (false, true) => "this Docker daemon asks nobody for a certificate",
            (false, false) => "this Docker daemon takes orders over TCP from everybody who reaches it",
        };
        let draft = subject.report(cx, place, message);
        let draft = if may_verify { draft.weakened() } else { draft };
        let draft = if loopback || encrypts { draft.at_most(Severity::Medium) } else { draft };
        draft.help(HELP_DAEMON);
    }
}

/// The address of a TCP listener, which may be written without a scheme.
fn tcp_address(host: &str) -> Option<&str> {
    match host.split_once("://") {
        Some(("tcp", address)) => Some(address),
        Some(_) => None,
        None => (!host.is_empty()).then_some(host),
    }
}
