use crate::model::container::confinement::capabilities;
use lint_parser::compose::ast::field::Text;

use crate::model::known::capabilities::{Capability, capability};

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "undropped-capabilities",
        docs: "The container keeps capabilities it may not need.

## Why
The fourteen capabilities a container has by default include forging packets (`NET_RAW`), changing the owner of
any file (`CHOWN`) and ignoring file permissions (`DAC_OVERRIDE`). Hardly a program needs one of them once it
runs as an ordinary user; an attacker who becomes root in the container has them all.

## Instead
Set `cap_drop: [ALL]`, and give back under `cap_add` what the program turns out to need. `NET_BIND_SERVICE` is
rarely among it: the Engine lets every user bind low ports in a container's own network.

## Fix safety
The fix is unsafe. It comes with the capabilities that the image is known to need, and is offered only where these are known: for
images whose sources were read, and for programs of your own that do not run as root.

## Limits
Privileged services are not reported, since `cap_drop` has no effect on them; nor are Windows containers and
services that a `provider` runs.

## When to allow it
Images whose entrypoint changes owners and users before it starts the program need `CHOWN`, `SETUID` and
`SETGID` at least.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.4"),
            Reference::Cwe(250),
            Reference::Owasp("#3"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0006"),
            Reference::Kics("Container Capabilities Unrestricted"), Reference::CisKubernetes("5.2.8"), Reference::CisKubernetes("5.2.9"), Reference::KubeLinter("drop-net-raw-capability"), Reference::Kubescape("C-0055"), Reference::Trivy("KSV-0003"), Reference::Trivy("KSV-0004"), Reference::Trivy("KSV-0119"), Reference::Checkov("CKV_K8S_28"), Reference::Checkov("CKV_K8S_37"), Reference::Polaris("insecureCapabilities"), Reference::Trivy("KSV-0106")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "set `cap_drop: [ALL]`, and give back under `cap_add` what the program needs";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() || subject.may_be_set("cap_drop") {
        return;
    }
    // Privileged mode ignores `cap_drop`; while nobody knows whether it is on, neither is advice on it.
    if subject.spec().privileged.as_ref().is_some_and(|privileged| !privileged.value.is(false)) {
        return;
    }
    let Some(dropped) = &subject.spec().cap_drop else {
        let siblings = subject.siblings_with(|other| {
            let dropped = other.spec.cap_drop.as_ref();
            dropped.is_some_and(|dropped| dropped.value.iter().any(|text| !text.is_unknown() && is_all(text)))
        });
        let message =
            format!("this container keeps every default capability: `cap_drop` is not set{siblings}");
        let fix = dropped_all(subject);
        subject.report_absence(cx, message).maybe_fix(fix).help(HELP).absent("cap_drop: [ALL]");
        return;
    };
    if dropped.value.iter().any(|text| text.is_unknown() || is_all(text)) {
        return;
    }
    let fix = dropped_all(subject);
    subject
        .report_field(cx, dropped, "`cap_drop` leaves the other default capabilities in place")
        .maybe_fix(fix)
        .help(HELP);
}

/// `cap_drop: [ALL]`, with what the image needs under `cap_add`.
fn dropped_all(subject: &ServiceSubject<'_>) -> Option<Fix> {
    let (editor, spec) = (subject.editor(), subject.spec());
    let needed = capabilities(subject.container?)?;
    let added: Vec<&str> = spec.cap_add.iter().flat_map(|list| list.value.iter()).map(Text::as_str).collect();
    let has = |name: &str| {
        added.iter().any(|text| {
            capability(text).is_some_and(|one| matches!(one.name(), all if all == name || all == "ALL"))
        })
    };
    let missing: Vec<Yaml> = needed.iter().filter(|name| !has(name)).map(|name| Yaml::text(*name)).collect();
    let title = match missing.len() {
        0 => "Set `cap_drop: [ALL]`".to_owned(),
        _ => format!("Set `cap_drop: [ALL]`, and give back {}", needed.join(", ")),
    };
    let all = || Yaml::List(vec![Yaml::text("ALL")]);
    let mut new = Vec::new();
    let mut change: Option<Change> = None;
    let mut also = |more: Change| -> Option<()> {
        change = Some(match change.take() {
            Some(change) => change.and(more)?,
            None => more,
        });
        Some(())
    };
    match &spec.cap_drop {
        Some(dropped) => also(editor.append(dropped.origin, &[Yaml::text("ALL")])?)?,
        None => new.push(("cap_drop", all())),
    }
    match &spec.cap_add {
        _ if missing.is_empty() => {}
        Some(list) => also(editor.append(list.origin, &missing)?)?,
        None => new.push(("cap_add", Yaml::List(missing))),
    }
    if !new.is_empty() {
        also(editor.add_to_service(subject.service, &new)?)?;
    }
    Some(change?.unsafely(title))
}

fn is_all(text: &Text) -> bool {
    capability(text.as_str()) == Some(Capability::All)
}
