use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

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
            Reference::Kics("Privileged Containers Enabled"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(privileged) = &subject.spec().privileged else { return };
    if !privileged.value.is(true) {
        return;
    }
    subject
        .report_field(
            cx,
            privileged,
            "this container is privileged: it has every capability and device of the host",
        )
        .help(
            "remove `privileged` and add the devices or capabilities it needs under `devices` or `cap_add`",
        );
}
