use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::Origin;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "privileged-service",
        docs: "The container runs in privileged mode.

## Why
A privileged container has every Linux capability, sees every device of the host, and runs without the
seccomp and AppArmor profiles that confine the others. Whoever gets code to run in it can mount the
host's disk and is root on the host. `cap_drop` does not help: privileged mode ignores it.

## Instead
Remove `privileged` and give the container what it needs by name: a device under `devices`, a
capability under `cap_add`. For `docker build` inside a container there are rootless builders.

## Fix safety
The fix is unsafe: it gives the capabilities and devices that the programs of its commands, or the image, are known to need, and
the devices that are mounted below `/dev`, and nothing else. Where none of that is known there is none, nor where a program needs
everything, such as a Docker daemon.

## Limits
A value that depends on a variable nobody sets (`${PRIVILEGED}`) is not reported: Compose takes it for
an error or for whatever the environment says.
",
        severity: Severity::Critical,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.5"),
            Reference::Cwe(250),
            Reference::Owasp("#3"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0002"),
            Reference::Kics("Privileged Containers Enabled"), Reference::CisKubernetes("5.2.2"), Reference::KubeLinter("privileged-container"), Reference::Kubescape("C-0057"), Reference::Trivy("KSV-0017"), Reference::Checkov("CKV_K8S_16"), Reference::Polaris("runAsPrivileged"), Reference::Kics("Container Is Privileged")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(privileged) = &subject.spec().privileged else { return };
    if !privileged.value.is(true) {
        return;
    }
    let fix = narrowed(subject, privileged.key);
    subject
        .report_field(
            cx,
            privileged,
            "this container is privileged: it has every capability and device of the host",
        )
        .remedy(Remedy::Without)
        .maybe_fix(fix)
        .help(
            "remove `privileged` and add the devices or capabilities it needs under `devices` or `cap_add`",
        );
}

/// `privileged` replaced by what the container's programs show that they need.
fn narrowed(subject: &ServiceSubject<'_>, key: Origin) -> Option<Fix> {
    let (editor, spec) = (subject.editor(), subject.spec());
    let (capabilities, devices) = subject.shown_privileges()?;
    let granted: Vec<&str> =
        spec.cap_add.iter().flat_map(|list| list.value.iter()).map(Text::as_str).collect();
    let capabilities: Vec<&str> = capabilities.into_iter().filter(|name| !granted.contains(name)).collect();
    if capabilities.is_empty() && devices.is_empty() {
        return None;
    }
    let mut change = editor.remove_key(key)?;
    let mut new = Vec::new();
    let lists = [
        ("cap_add", spec.cap_add.as_ref().map(|list| list.origin), texts(&capabilities)),
        ("devices", spec.devices.as_ref().map(|list| list.origin), texts(&devices)),
    ];
    for (name, there, items) in lists {
        match there {
            _ if items.is_empty() => {}
            Some(list) => change = change.and(editor.append(list, &items)?)?,
            None => new.push((name, Yaml::List(items))),
        }
    }
    if !new.is_empty() {
        change = change.and(editor.add_to_service(subject.service, &new)?)?;
    }
    Some(change.unsafely(format!("Replace `privileged` by {}", in_words(&capabilities, &devices))))
}

fn texts(names: &[impl AsRef<str>]) -> Vec<Yaml> {
    names.iter().map(|name| Yaml::text(name.as_ref())).collect()
}

fn in_words(capabilities: &[&str], devices: &[String]) -> String {
    let shown = devices.iter().map(|device| format!("`{}`", device.split(':').next().unwrap_or(device)));
    let names: Vec<String> = capabilities.iter().map(|name| (*name).to_owned()).chain(shown).collect();
    names.join(", ")
}
