//! The controls of the baseline level.

use lint_parser::compose::value::Value;

use super::Judge;
use crate::model::kubernetes::tree::{self, at, boolean, get, integer, string, string_at, text};
use crate::settings::PodSecurityVersion;

const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Sysctls that are namespaced and harmless, and the version that brought each.
const SYSCTLS: [(&str, u32); 14] = [
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
    ("net.ipv4.tcp_notsent_lowat", 37),
];

const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

pub(super) fn check(judge: &mut Judge<'_, '_>) {
    let is_true = |value: &Value| boolean(value) == Some(true);
    for name in ["hostNetwork", "hostPID", "hostIPC"] {
        if let Some(value) = judge.pod.at(&[name]).filter(|value| is_true(value)) {
            judge.of_pod("hostNamespaces", name, value);
        }
    }
    judge.of_containers("privileged", &["privileged"], is_true);
    capabilities(judge);
    volumes(judge);
    host_ports(judge);
    if judge.version.is_since(34) {
        probes(judge);
    }
    app_armor(judge);
    se_linux(judge);
    let relaxed = judge.version.is_since(35) && judge.pod.has_own_users();
    if !relaxed {
        judge.of_containers("procMount_baseline", &["procMount"], |value| string(value) != Some("Default"));
    }
    if judge.version.is_since(19) {
        seccomp(judge);
    } else {
        seccomp_annotations(judge);
    }
    sysctls(judge);
    judge.of_both("windowsHostProcess", &["windowsOptions", "hostProcess"], is_true);
}

fn capabilities(judge: &mut Judge<'_, '_>) {
    judge.each_container(|judge, container| {
        for (index, added) in tree::items(container.security(&["capabilities", "add"])).iter().enumerate() {
            if !text(added).is_some_and(|name| CAPABILITIES.contains(&name)) {
                let field = format!("securityContext.capabilities.add[{index}]");
                judge.of_container("capabilities_baseline", container, &field, added.origin);
            }
        }
    });
}

fn volumes(judge: &mut Judge<'_, '_>) {
    for (index, volume) in tree::list(judge.pod.spec, "volumes").iter().enumerate() {
        if let Some(path) = get(volume, "hostPath") {
            judge.of_pod("hostPathVolumes", &format!("volumes[{index}].hostPath"), path);
        }
    }
}

fn host_ports(judge: &mut Judge<'_, '_>) {
    judge.each_container(|judge, container| {
        for (index, port) in tree::list(container.value, "ports").iter().enumerate() {
            let Some(host) = get(port, "hostPort").filter(|port| integer(port).is_some_and(|port| port != 0))
            else {
                continue;
            };
            judge.of_container("hostPorts", container, &format!("ports[{index}].hostPort"), host.origin);
        }
    });
}

/// Who probes another host through the kubelet reaches what only the node can.
fn probes(judge: &mut Judge<'_, '_>) {
    const CONTROL: &str = "hostProbesAndHostLifecycle";
    const HANDLERS: [&[&str]; 5] = [
        &["livenessProbe"],
        &["readinessProbe"],
        &["startupProbe"],
        &["lifecycle", "postStart"],
        &["lifecycle", "preStop"],
    ];
    judge.each_container(|judge, container| {
        for handler in HANDLERS {
            let Some(value) = at(container.value, handler) else { continue };
            for kind in ["httpGet", "tcpSocket"] {
                let host =
                    at(value, &[kind, "host"]).filter(|host| text(host).is_some_and(|host| !host.is_empty()));
                if let Some(host) = host {
                    let field = format!("{}.{kind}.host", handler.join("."));
                    judge.of_container(CONTROL, container, &field, host.origin);
                }
            }
        }
    });
}

fn app_armor(judge: &mut Judge<'_, '_>) {
    const CONTROL: &str = "appArmorProfile";
    let is_allowed = |profile: &str| {
        profile.is_empty() || profile == "runtime/default" || profile.starts_with("localhost/")
    };
    let annotations: Vec<_> = judge.pod.annotations().collect();
    for (key, value, _) in annotations {
        if key.starts_with(APPARMOR) && !text(value).is_none_or(is_allowed) {
            judge.annotation(CONTROL, key, value);
        }
    }
    judge.of_both(CONTROL, &["appArmorProfile"], |profile| !is_confined(profile));
}

/// `RuntimeDefault` or `Localhost`: a profile that has neither, or no type at all, confines nothing.
pub(super) fn is_confined(profile: &Value) -> bool {
    matches!(string_at(profile, &["type"]), Some("RuntimeDefault" | "Localhost"))
}

fn se_linux(judge: &mut Judge<'_, '_>) {
    const CONTROL: &str = "seLinuxOptions";
    let version = judge.version;
    judge.of_both(CONTROL, &["seLinuxOptions", "type"], |kind| !is_usual_type(kind, version));
    for name in ["user", "role"] {
        judge.of_both(CONTROL, &["seLinuxOptions", name], |value| {
            text(value).is_none_or(|text| !text.is_empty())
        });
    }
}

fn is_usual_type(kind: &Value, version: PodSecurityVersion) -> bool {
    match text(kind) {
        Some("" | "container_t" | "container_init_t" | "container_kvm_t") => true,
        Some("container_engine_t") => version.is_since(31),
        _ => false,
    }
}

fn seccomp(judge: &mut Judge<'_, '_>) {
    judge.of_both("seccompProfile_baseline", &["seccompProfile"], |profile| !is_confined(profile));
}

/// Until 1.19 seccomp was asked for by annotations.
fn seccomp_annotations(judge: &mut Judge<'_, '_>) {
    const POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
    const CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
    let names: Vec<&str> = judge.containers.iter().map(|container| container.name()).collect();
    let annotations: Vec<_> = judge.pod.annotations().collect();
    for (key, value, _) in annotations {
        let is_of_pod = key == POD || key.strip_prefix(CONTAINER).is_some_and(|name| names.contains(&name));
        let is_allowed = text(value).is_some_and(|profile| {
            matches!(profile, "runtime/default" | "docker/default") || profile.starts_with("localhost/")
        });
        if is_of_pod && !is_allowed {
            judge.annotation("seccompProfile_baseline", key, value);
        }
    }
}

/// Whether a sysctl holds for one pod alone and does no harm.
#[must_use]
pub fn is_safe_sysctl(name: &str, version: PodSecurityVersion) -> bool {
    SYSCTLS.iter().any(|(safe, since)| *safe == name && version.is_since(*since))
}

fn sysctls(judge: &mut Judge<'_, '_>) {
    let version = judge.version;
    let is_safe = |name: &str| is_safe_sysctl(name, version);
    let sysctls = tree::items(judge.pod.at(&["securityContext", "sysctls"]));
    for (index, sysctl) in sysctls.iter().enumerate() {
        let name = get(sysctl, "name").unwrap_or(sysctl);
        if !text(name).is_some_and(is_safe) {
            judge.of_pod("sysctls", &format!("securityContext.sysctls[{index}].name"), name);
        }
    }
}

impl Judge<'_, '_> {
    fn annotation(&mut self, control: &'static str, key: &str, value: &Value) {
        let holder = self.pod.path.strip_suffix("spec").unwrap_or_default();
        let field = format!("{holder}metadata.annotations[{key}]");
        self.found.push(super::Violation { level: self.level, control, field, origin: value.origin });
    }
}
