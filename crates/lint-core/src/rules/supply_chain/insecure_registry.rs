use crate::model::build::BuildPlan;
use crate::model::daemon::{for_each_daemon_of_image, option_values, place_of};
use crate::model::kit::hosts::is_loopback;
use crate::rule::check::ServiceSubject;
use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "insecure-registry",
        docs: "A daemon is told to trust a registry without TLS.

## Why
What comes from such a registry is taken without asking who sends it, over HTTP or with a certificate that
nobody vouches for. Whoever sits in between gives the daemon any image they like.

## Instead
Give the registry a certificate. One that is signed by yourselves is trusted for this registry alone when its
authority lies in `/etc/docker/certs.d/<registry>/ca.crt`.

## Limits
Registries on the machine itself (`localhost`, `127.0.0.0/8`) are not reported: Docker speaks to those
without TLS anyway. Looked for in the commands of services and of images, in `daemon.json`, and in the
daemon's unit.
",
        severity: Severity::High,
        stride: &[Stride::Tampering, Stride::Spoofing],
        references: &[
            Reference::cis("2.5"),
            Reference::Cwe(295),
            Reference::Owasp("#13"),
            Reference::Nist("4.2.1"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Dockerfile(in_dockerfile), Check::Daemon(check_daemon)],
};

const MESSAGE: &str = "this makes a daemon pull images without TLS";
const HELP: &str = "give the registry a certificate, and its authority a place in `/etc/docker/certs.d`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    for program in subject.service.programs() {
        // What is printed or searched for is no option.
        if matches!(program.name(), Some("echo" | "printf" | "grep")) {
            continue;
        }
        for (registry, words) in option_values(&program.invocation().words, &["--insecure-registry"]) {
            if let (false, Some(file)) = (is_loopback(&registry), program.file) {
                found.extend(place_of(file, words));
            }
        }
    }
    // `sudo dockerd ...` is seen as what `sudo` is given, and again as what it runs.
    found.sort_unstable();
    found.dedup();
    for origin in found {
        subject.report_at(cx, origin, MESSAGE).help(HELP);
    }
}

fn in_dockerfile(plan: &BuildPlan, cx: &mut Context<'_>) {
    for_each_daemon_of_image(plan, &mut |words| {
        for (host, pair) in option_values(words, &["--insecure-registry"]) {
            let (Some(first), Some(last)) = (pair.first(), pair.last()) else { continue };
            if !is_loopback(&host) {
                cx.report(Place::new(&plan.dockerfile.file, first.span().cover(last.span())), MESSAGE)
                    .help(HELP);
            }
        }
    });
}

fn check_daemon(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    for (registry, place) in subject.config.texts("insecure-registries") {
        if !is_loopback(registry) {
            subject.report(cx, place, MESSAGE).help(HELP);
        }
    }
}
