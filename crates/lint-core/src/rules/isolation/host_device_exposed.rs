use crate::files::normalise;

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-device-exposed",
        docs: "The container has a device of the host.

## Why
A device bypasses everything that lies between a program and the hardware. Who has the host's disk
(`/dev/sda`) reads and writes every file on it, whatever its permissions; who has `/dev/mem` reads the
memory of every process. Other devices give what they are for: a camera, a serial port, virtual machines.

## Instead
Remove the device, or narrow it: name the one device instead of `/dev`, and leave out the permissions the
program does not need (`/dev/ttyUSB0:/dev/ttyUSB0:r`). GPUs have an attribute of their own, `gpus`.

## Limits
Raw disks and memory are reported as high, other devices as medium. Names of CDI devices
(`nvidia.com/gpu=all`) and `gpus` are not reported, nor are devices every container has (`/dev/null`).

## When to allow it
A program that drives the device: home automation, VPNs (`/dev/net/tun`), video (`/dev/dri`).
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.18"),
            Reference::Cwe(668),
            Reference::Owasp("#3"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0016"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "remove it, or name one device with only the permissions the program needs";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if let Some(devices) = &subject.spec().devices {
        for device in devices.value.iter() {
            let Some(source) = &device.source else { continue };
            if device.is_cdi || source.value.is_unknown() {
                continue;
            }
            let path = normalise(source.value.as_str());
            let (message, severity) = match exposure(&path) {
                Exposure::None => continue,
                Exposure::Raw(what) => {
                    (format!("this container has {what} of the host: `{path}`"), Severity::High)
                }
                Exposure::Device => {
                    (format!("this container has a device of the host: `{path}`"), Severity::Medium)
                }
            };
            subject.report_part(cx, source.origin, devices.via, message).at_most(severity).help(HELP);
        }
    }
    let Some(rules) = &subject.spec().device_cgroup_rules else { return };
    for item in &rules.value.items {
        if item.value.is_unknown() {
            continue;
        }
        let Some(granted) = Granted::read(item.value.as_str()) else { continue };
        let (message, severity) = if granted.raw {
            ("this rule gives the container the host's disks or memory", Severity::High)
        } else {
            ("this rule gives the container devices of the host", Severity::Medium)
        };
        subject.report_part(cx, item.origin, rules.via, message).at_most(severity).help(HELP);
    }
}

enum Exposure {
    /// No device of the host, or one every container has.
    None,
    /// Disks or memory, past every permission.
    Raw(&'static str),
    Device,
}

fn exposure(path: &str) -> Exposure {
    let Some(name) = path.strip_prefix("/dev") else {
        return if path.starts_with('/') { Exposure::Device } else { Exposure::None };
    };
    let name = match name.strip_prefix('/') {
        None if name.is_empty() => return Exposure::Raw("every device"),
        None => return Exposure::Device,
        Some(name) => name,
    };
    const MEMORY: [&str; 3] = ["kmem", "mem", "port"];
    const IN_EVERY_CONTAINER: [&str; 6] = ["full", "null", "random", "tty", "urandom", "zero"];
    if MEMORY.contains(&name) {
        return Exposure::Raw("the memory");
    }
    if IN_EVERY_CONTAINER.contains(&name) {
        return Exposure::None;
    }
    if is_disk(name) { Exposure::Raw("a disk") } else { Exposure::Device }
}

/// Whether it is a name the kernel or udev gives to a disk, a part of one, or a directory of them.
fn is_disk(name: &str) -> bool {
    const DIRECTORIES: [&str; 3] = ["block", "disk", "mapper"];
    // `sg0` is a disk by another door; `sgx_enclave` is none.
    const NUMBERED: [&str; 9] = ["dm-", "loop", "md", "mmcblk", "nbd", "nvme", "sg", "sr", "zd"];
    const LETTERED: [&str; 4] = ["hd", "sd", "vd", "xvd"];
    let first = name.split('/').next().unwrap_or_default();
    let numbered = NUMBERED.iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let lettered = LETTERED.iter().any(|prefix| {
        let rest = name.strip_prefix(prefix).unwrap_or_default();
        let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
        (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_lowercase())
    });
    DIRECTORIES.contains(&first) || numbered || lettered
}

/// What a rule of the device cgroup grants.
struct Granted {
    /// Whether disks or memory are among it.
    raw: bool,
}

impl Granted {
    /// Reads `type major:minor access`; `None` when nothing is granted that containers do not have: making
    /// device nodes (`m` alone) is allowed to all of them.
    fn read(rule: &str) -> Option<Granted> {
        let mut parts = rule.split_whitespace();
        let (kind, numbers, access) = (parts.next()?, parts.next()?, parts.next()?);
        if !access.contains(['r', 'w']) {
            return None;
        }
        let (major, minor) = numbers.split_once(':')?;
        let raw = match kind {
            // Memory is 1:1, 1:2 and, as ports, 1:4.
            "c" => matches!(major, "*" | "1") && matches!(minor, "*" | "1" | "2" | "4"),
            _ => true,
        };
        let in_every_container =
            kind == "c" && ["1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2"].contains(&numbers);
        (!in_every_container).then_some(Granted { raw })
    }
}
