use crate::files::normalise;
use crate::model::paths::host_path::HostPath;
use crate::model::project::host_mounts::{Way, host_mounts};
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "device-bound-as-volume",
        docs: "A device of the host is mounted as a volume, which does not let the container use it.

## Why
A mount makes the device's file appear in the container. Whether it can be opened is decided by the container's device rules, and
those know only what `devices` names: the program gets \"operation not permitted\".

## Instead
Name it in `devices`: `- /dev/dri:/dev/dri`. A device that comes and goes is allowed by its number: `device_cgroup_rules`.

## Limits
Not reported for services that are `privileged`, that have `device_cgroup_rules`, and that ask for a GPU in another way.
Sockets and directories in `/dev` (`/dev/log`, `/dev/shm`) are not devices.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

/// What lies in `/dev` and is no device, or is one that every container may use.
const NO_DEVICES: [&str; 18] = [
    "console",
    "fd",
    "full",
    "hugepages",
    "initctl",
    "log",
    "mqueue",
    "null",
    "ptmx",
    "pts",
    "random",
    "shm",
    "stderr",
    "stdin",
    "stdout",
    "tty",
    "urandom",
    "zero",
];

/// How many devices are compared with each mount.
const MOST_DEVICES: usize = 100;

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let is_privileged = spec.privileged.as_deref().is_some_and(|field| !field.value.is(false));
    if is_privileged
        || spec.device_cgroup_rules.is_some()
        || spec.gpus.is_some()
        || spec.runtime.is_some()
        || subject.may_be_set("devices")
        || !subject.has_linux_container()
    {
        return;
    }
    let named: Vec<String> = spec
        .devices
        .iter()
        .flat_map(|devices| devices.value.iter())
        .take(MOST_DEVICES)
        .filter_map(|device| device.source.as_ref())
        .map(|source| normalise(source.value.as_str()))
        .collect();
    for mount in host_mounts(subject.project, subject.service) {
        let HostPath::Absolute(path) = &mount.source else { continue };
        let Some(name) = path.strip_prefix("/dev/").filter(|_| mount.way == Way::Bind) else { continue };
        let first = name.split('/').next().unwrap_or_default();
        if NO_DEVICES.contains(&first)
            || name.ends_with(".sock")
            || named.iter().any(|device| covers(device, path))
        {
            continue;
        }
        subject
            .report_mount(
                cx,
                &mount,
                format!("as a volume `{path}` is there, and the container may not open it"),
            )
            .help("name it in `devices` instead");
    }
}

/// Whether the device or directory of devices holds the other, or lies in it: `/dev/bus/usb/001` of `/dev/bus/usb`.
fn covers(device: &str, path: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    within(path, device) || within(device, path)
}
