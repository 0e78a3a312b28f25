use crate::model::build::exposed_ports;
use crate::model::container::Container;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;
use lint_parser::compose::value::Value;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unexposed-container-port",
        docs: "A pod speaks of a port that its image does not expose.

## Why
`EXPOSE` is where an image says which ports its program listens on. A probe or a `containerPort` of another number asks where nobody listens: the pod never
becomes ready, or its Service leads nowhere.

## Instead
Use the port that the image exposes, or correct `EXPOSE`.

## Limits
Only images that are built here are judged, and only where all of their `EXPOSE` are known. Where the pod gives the program a command, arguments or a variable
whose name speaks of a port, the program may listen elsewhere, and nothing is said.
",
        severity: Severity::Low,
        references: &[Reference::Cwe(1125)],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    if pod.object.partial {
        return;
    }
    for container in subject.containers {
        let value = container.says.value;
        let Some((plan, stage)) = container.image.as_ref().and_then(Container::target) else { continue };
        if may_listen_elsewhere(value) {
            continue;
        }
        let Some(exposed) = exposed_ports::of(plan, stage.index).filter(|exposed| !exposed.is_empty()) else {
            continue;
        };
        let is_exposed = |port: i64| {
            exposed.iter().any(|exposed| {
                i64::from(exposed.ports.first) <= port && port <= i64::from(exposed.ports.last)
            })
        };
        let declared = tree::list(value, "ports").iter().filter_map(|port| tree::get(port, "containerPort"));
        let first =
            declared.into_iter().find(|port| tree::integer(port).is_some_and(|port| !is_exposed(port)));
        let Some((at, port)) = first.and_then(|port| Some((port, tree::integer(port)?))) else { continue };
        let shown =
            exposed.iter().map(|exposed| format!("{:?}", exposed.ports)).collect::<Vec<_>>().join(", ");
        let message = format!("the image does not expose port {port}: its program listens on {shown}");
        let mut draft = subject
            .report_of(cx, &container.says, at.origin, message)
            .help("use the port that the image exposes");
        if let Some(span) = exposed.iter().rev().find_map(|exposed| exposed.span) {
            draft = draft.label(Place::new(&plan.dockerfile.file, span), "it exposes this");
        }
        let _ = draft;
    }
}

/// Whether the pod tells the program something that may move its port.
fn may_listen_elsewhere(container: &Value) -> bool {
    let is_told = ["command", "args", "envFrom"].iter().any(|key| !tree::list(container, key).is_empty());
    let names =
        tree::list(container, "env").iter().filter_map(|variable| tree::string_at(variable, &["name"]));
    is_told
        || names.into_iter().any(|name| {
            ["PORT", "LISTEN", "ADDR", "URL"].iter().any(|word| name.to_ascii_uppercase().contains(word))
        })
}
