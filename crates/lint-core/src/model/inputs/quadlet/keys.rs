//! The keys of Podman's units that say something about a container.

use crate::model::inputs::flag::{Flag, READ_ONLY_TMPFS};

/// How a key is taken apart, and what it is to a service.
#[derive(Clone, Copy)]
pub(super) enum Key {
    /// One value; of several the last counts.
    Value(Flag),
    /// The whole line is one value of a list.
    Line(Flag),
    /// Words.
    Words(Flag),
    /// Yes or no.
    Switch(&'static str),
    /// `--security-opt`, with what stands before the value.
    Security(&'static str),
    /// A switch that is an option of `--security-opt`.
    SecuritySwitch(&'static str),
}

/// The keys of `[Container]` and `[Pod]` that say something about the container.
pub(super) const KEYS: &[(&str, Key)] = &[
    ("AddCapability", Key::Words(Flag::Item("cap_add"))),
    ("AddDevice", Key::Words(Flag::Item("devices"))),
    ("AddHost", Key::Line(Flag::Item("extra_hosts"))),
    ("AppArmor", Key::Security("apparmor=")),
    ("ContainerName", Key::Value(Flag::Text("container_name"))),
    ("DNS", Key::Line(Flag::Item("dns"))),
    ("DNSOption", Key::Line(Flag::Item("dns_opt"))),
    ("DNSSearch", Key::Line(Flag::Item("dns_search"))),
    ("DropCapability", Key::Words(Flag::Item("cap_drop"))),
    ("Entrypoint", Key::Value(Flag::Entrypoint)),
    ("Environment", Key::Words(Flag::Item("environment"))),
    ("EnvironmentFile", Key::Words(Flag::EnvFile)),
    ("ExposeHostPort", Key::Line(Flag::Item("expose"))),
    ("GroupAdd", Key::Line(Flag::Item("group_add"))),
    ("HealthCmd", Key::Value(Flag::In("healthcheck", "test"))),
    ("HealthInterval", Key::Value(Flag::In("healthcheck", "interval"))),
    ("HealthRetries", Key::Value(Flag::In("healthcheck", "retries"))),
    ("HealthStartPeriod", Key::Value(Flag::In("healthcheck", "start_period"))),
    ("HealthTimeout", Key::Value(Flag::In("healthcheck", "timeout"))),
    ("HostName", Key::Value(Flag::Text("hostname"))),
    ("Image", Key::Value(Flag::Text("image"))),
    ("Label", Key::Words(Flag::Item("labels"))),
    ("LogDriver", Key::Value(Flag::In("logging", "driver"))),
    ("LogOpt", Key::Words(Flag::LogOption)),
    ("Mask", Key::Security("mask=")),
    ("Memory", Key::Value(Flag::Text("mem_limit"))),
    ("Mount", Key::Line(Flag::Mount)),
    ("Network", Key::Line(Flag::Network)),
    ("NoNewPrivileges", Key::SecuritySwitch("no-new-privileges")),
    ("PidsLimit", Key::Value(Flag::Number("pids_limit"))),
    ("PublishPort", Key::Line(Flag::Item("ports"))),
    ("Pull", Key::Value(Flag::Text("pull_policy"))),
    ("ReadOnly", Key::Switch("read_only")),
    ("ReadOnlyTmpfs", Key::Switch(READ_ONLY_TMPFS)),
    ("RunInit", Key::Switch("init")),
    ("SeccompProfile", Key::Security("seccomp=")),
    ("SecurityLabelDisable", Key::SecuritySwitch("label=disable")),
    ("SecurityLabelFileType", Key::Security("label=filetype:")),
    ("SecurityLabelLevel", Key::Security("label=level:")),
    ("SecurityLabelNested", Key::SecuritySwitch("label=nested")),
    ("SecurityLabelType", Key::Security("label=type:")),
    ("ShmSize", Key::Value(Flag::Text("shm_size"))),
    ("StopSignal", Key::Value(Flag::Text("stop_signal"))),
    ("Sysctl", Key::Words(Flag::Item("sysctls"))),
    ("Tmpfs", Key::Line(Flag::Item("tmpfs"))),
    ("Ulimit", Key::Line(Flag::Ulimit)),
    ("Unmask", Key::Security("unmask=")),
    ("User", Key::Value(Flag::Text("user"))),
    ("UserNS", Key::Value(Flag::Text("userns_mode"))),
    ("Volume", Key::Line(Flag::Volume)),
    ("WorkingDir", Key::Value(Flag::Text("working_dir"))),
];

impl Key {
    /// The attributes that an empty assignment takes back.
    pub(super) fn attributes(self) -> &'static [&'static str] {
        match self {
            Key::Value(Flag::Text(name)) => attribute(name),
            Key::Value(Flag::Number(name)) | Key::Line(Flag::Item(name)) | Key::Words(Flag::Item(name)) => {
                attribute(name)
            }
            Key::Value(Flag::Entrypoint) => &["entrypoint"],
            Key::Value(Flag::In(outer, _)) => attribute(outer),
            Key::Line(Flag::Volume | Flag::Mount) => &["volumes"],
            Key::Line(Flag::Network) => &["network_mode", "networks"],
            Key::Line(Flag::Ulimit) => &["ulimits"],
            Key::Words(Flag::EnvFile) => &["env_file"],
            _ => &[],
        }
    }
}

fn attribute(name: &'static str) -> &'static [&'static str] {
    let all: &'static [&'static str] = &TAKEN_BACK;
    all.iter().position(|known| *known == name).map_or(&[], |at| &all[at..=at])
}

/// What an empty assignment takes back.
static TAKEN_BACK: [&str; 26] = [
    "cap_add",
    "cap_drop",
    "container_name",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "environment",
    "expose",
    "extra_hosts",
    "group_add",
    "healthcheck",
    "hostname",
    "image",
    "labels",
    "mem_limit",
    "pids_limit",
    "ports",
    "pull_policy",
    "shm_size",
    "stop_signal",
    "sysctls",
    "tmpfs",
    "user",
    "userns_mode",
    "working_dir",
];
