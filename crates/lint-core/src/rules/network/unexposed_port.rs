use crate::model::build::exposed_ports;
use crate::model::container::Container;
use crate::model::project::ports::{PublishedPort, published};
use crate::rule::prelude::*;
use lint_parser::compose::ast::scalar::PortRange;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unexposed-port",
        docs: "A service publishes a port that its image does not expose.

## Why
`EXPOSE` is where an image says which ports its program listens on. A published port that is none of them is
either a mistake, so that the host answers and nobody listens behind it, or a way into the container that
the image's author did not mean to be used: a debugger, an administration page.

## Instead
Publish the port that the image exposes, or add `EXPOSE` to the stage that is built.

## Limits
Only images that are built here are judged, and only where all of their `EXPOSE` are known, those of the
base image among them. A port that the service lists under `expose` is taken for meant.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.9"),
            Reference::Cwe(1125),
            Reference::Owasp("#5a"),
            Reference::Nist("4.4.2"),
        ],
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let (Some(of), Some((plan, stage))) = (container.service, container.target()) else { return };
    let ports = published(of.service);
    if ports.is_empty() {
        return;
    }
    let Some(exposed) = exposed_ports::of(plan, stage.index) else { return };
    let expose = of.service.spec.expose.iter().flat_map(|expose| expose.value.iter());
    let meant: Vec<&str> = expose.map(|port| port.as_str()).collect();
    for port in ports {
        let Some(target) = port.target else { continue };
        let protocol = protocol(&port);
        let same = exposed.iter().filter(|exposed| exposed.protocol == protocol);
        let mut ranges: Vec<PortRange> = same.map(|exposed| exposed.ports).collect();
        ranges.sort_by_key(|range| range.first);
        if covered(target, &ranges) || (!meant.is_empty() && meant.iter().any(|text| names(text, target))) {
            continue;
        }
        let message = match target.count() {
            1 => format!("the image does not expose port {}", shown(target, &protocol)),
            _ => format!("the image does not expose all of the ports {}", shown(target, &protocol)),
        };
        let file = &plan.dockerfile.file;
        let mut draft = cx.report(of.project.place(port.origin), message);
        match exposed.iter().rev().find_map(|exposed| exposed.span) {
            Some(span) => draft = draft.label(Place::new(file, span), "it exposes this"),
            None if exposed.is_empty() => {
                draft = draft.label(Place::new(file, stage.from_span), "the stage exposes no port");
            }
            None => {
                let port = exposed.first().map(|exposed| shown(exposed.ports, &exposed.protocol));
                let message = format!("its base image exposes {}", port.unwrap_or_default());
                draft = draft.label(Place::new(file, stage.from_span), message);
            }
        }
        draft.help("publish a port that the image exposes, or add `EXPOSE` to the Dockerfile");
    }
}

fn protocol(port: &PublishedPort<'_>) -> String {
    let written = port.port.protocol.as_ref().map(|protocol| protocol.value.as_str().to_ascii_lowercase());
    written.filter(|protocol| !protocol.is_empty()).unwrap_or_else(|| "tcp".to_owned())
}

/// Whether the ranges together, in the order of their first ports, hold all of the ports.
fn covered(ports: PortRange, ranges: &[PortRange]) -> bool {
    let mut next = u32::from(ports.first);
    for range in ranges {
        if u32::from(range.first) <= next {
            next = next.max(u32::from(range.last) + 1);
        }
    }
    next > u32::from(ports.last)
}

/// Whether an element of `expose` names the ports: `8080`, `8080/tcp`, `8000-8010`.
fn names(text: &str, ports: PortRange) -> bool {
    let text = text.split('/').next().unwrap_or(text);
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) => first <= ports.first && ports.last <= last,
        _ => true,
    }
}

fn shown(ports: PortRange, protocol: &str) -> String {
    let ports = format!("{ports:?}");
    if protocol == "tcp" { ports } else { format!("{ports}/{protocol}") }
}
