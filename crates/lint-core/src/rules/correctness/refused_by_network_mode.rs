use lint_parser::compose::ast::field::Text;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "refused-by-network-mode",
        docs: "The engine refuses an attribute beside the network the service joins.

## Why
A service that joins the network of another container has that container's name, addresses and ports. The engine
refuses to create it with ones of its own, and Compose does not notice before `up`. The same goes for `links` on the host's
network, and for a `hostname` on the host's own UTS namespace.

## Instead
Give the attribute to the service whose network is joined.

## Fix safety
The fix is unsafe: the container starts without the setting. Ports are only shown to be removed: they belong to the service whose
network this is.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE_OR_DISPLAY),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let mode = spec.network_mode.as_deref().filter(|mode| !mode.value.is_unknown());
    if let Some(mode) = mode {
        let text = mode.value.as_str();
        let joins = text.starts_with("service:") || text.starts_with("container:");
        let attributes = [
            ("ports", spec.ports.as_deref().filter(|f| !f.value.is_empty()).map(|f| (f.key, f.via)), joins),
            ("hostname", spec.hostname.as_deref().filter(|f| says(&f.value)).map(|f| (f.key, f.via)), joins),
            ("dns", spec.dns.as_deref().filter(|f| !f.value.is_empty()).map(|f| (f.key, f.via)), joins),
            (
                "extra_hosts",
                spec.extra_hosts.as_deref().filter(|f| !f.value.items.is_empty()).map(|f| (f.key, f.via)),
                joins,
            ),
            (
                "mac_address",
                spec.mac_address.as_deref().filter(|f| says(&f.value)).map(|f| (f.key, f.via)),
                joins,
            ),
            (
                "links",
                spec.links.as_deref().filter(|f| !f.value.is_empty()).map(|f| (f.key, f.via)),
                joins || text == "host",
            ),
        ];
        for (name, place, refused) in attributes {
            if let (Some((key, via)), true) = (place, refused) {
                let message = format!("the engine refuses `{name}` beside `network_mode: {text}`");
                subject
                    .report_part(cx, key, via, message)
                    .label(subject.project.place(mode.origin), "the network it joins")
                    .maybe_fix(subject.editor().remove_key(key).map(|change| match name {
                        "ports" => change.shown("Remove `ports`"),
                        _ => change.unsafely(format!("Remove `{name}`")),
                    }))
                    .help("give it to the service whose network this is");
            }
        }
    }
    if let (Some(uts), Some(hostname)) = (&spec.uts, &spec.hostname)
        && uts.value.as_str() == "host"
        && !uts.value.is_unknown()
        && says(&hostname.value)
    {
        subject
            .report_part(cx, hostname.key, hostname.via, "the engine refuses `hostname` beside `uts: host`")
            .label(subject.project.place(uts.origin), "the host's own name")
            .maybe_fix(
                subject.editor().remove_key(hostname.key).map(|change| change.unsafely("Remove `hostname`")),
            )
            .help("remove one of them");
    }
}

/// Whether a text certainly says something.
fn says(text: &Text) -> bool {
    !text.is_unknown() && !text.as_str().is_empty()
}
