//! The controls of the restricted level.

use lint_parser::compose::value::{Origin, Value};

use super::Judge;
use super::baseline::is_confined;
use crate::model::kubernetes::pod::PodContainer;
use crate::model::kubernetes::tree::{self, boolean, entries, get, integer, string, text};
use crate::settings::PodSecurityVersion;

/// The kinds of volumes that hold nothing of the node.
const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// Whether the restricted level judges in the place of a control of the baseline.
pub(super) fn replaces(control: &str, version: PodSecurityVersion) -> bool {
    match control {
        "capabilities_baseline" => version.is_since(22),
        "seccompProfile_baseline" => version.is_since(19),
        "procMount_baseline" => version.is_since(35),
        "hostPathVolumes" => true,
        _ => false,
    }
}

pub(super) fn check(judge: &mut Judge<'_, '_>) {
    let version = judge.version;
    // Since 1.25 what only Linux has is not asked of a pod for Windows.
    let is_exempt = version.is_since(25) && judge.pod.is_windows();
    // Since 1.35 a root that is nobody on the node may be root.
    let has_own_users = version.is_since(35) && judge.pod.has_own_users();
    volumes(judge);
    if version.is_since(8) && !is_exempt {
        privilege_escalation(judge);
    }
    if !has_own_users {
        run_as_non_root(judge);
        if version.is_since(23) {
            judge.of_both("runAsUser", &["runAsUser"], |user| integer(user) == Some(0));
        }
    }
    if version.is_since(19) && !is_exempt {
        seccomp(judge);
    }
    if version.is_since(22) && !is_exempt {
        capabilities(judge);
    }
    if version.is_since(35) {
        judge.of_containers("procMount_restricted", &["procMount"], |value| string(value) != Some("Default"));
    }
}

fn volumes(judge: &mut Judge<'_, '_>) {
    for (index, volume) in tree::list(judge.pod.spec, "volumes").iter().enumerate() {
        let has = |name: &str| get(volume, name).is_some();
        // One without a kind is an `emptyDir`.
        let kind =
            entries(volume).iter().find(|entry| &*entry.key != "name" && get(volume, &entry.key).is_some());
        let Some(kind) = kind.filter(|_| !VOLUMES.iter().any(|name| has(name))) else { continue };
        judge.of_pod("restrictedVolumes", &format!("volumes[{index}].{}", kind.key), &kind.value);
    }
}

fn privilege_escalation(judge: &mut Judge<'_, '_>) {
    const FIELD: &str = "allowPrivilegeEscalation";
    judge.each_container(|judge, container| {
        let set = container.security(&[FIELD]);
        if set.and_then(|value| boolean(value)) != Some(false) {
            let origin = set.map_or_else(|| Judge::missing_at(container, &[FIELD]), |value| value.origin);
            judge.of_container(FIELD, container, &format!("securityContext.{FIELD}"), origin);
        }
    });
}

fn run_as_non_root(judge: &mut Judge<'_, '_>) {
    set_well(judge, "runAsNonRoot", |value| boolean(value) == Some(true));
}

fn seccomp(judge: &mut Judge<'_, '_>) {
    let profile = |value: &Value| is_confined(value);
    let (control, name) = ("seccompProfile_restricted", "seccompProfile");
    set_well_as(judge, control, name, profile);
}

fn set_well(judge: &mut Judge<'_, '_>, name: &'static str, is_right: impl Fn(&Value) -> bool) {
    set_well_as(judge, name, name, is_right);
}

/// What must be right where it is set, and set for the pod or else for each container.
fn set_well_as(
    judge: &mut Judge<'_, '_>,
    control: &'static str,
    name: &str,
    is_right: impl Fn(&Value) -> bool,
) {
    let field = format!("securityContext.{name}");
    let of_pod = judge.pod.at(&["securityContext", name]);
    let covers = of_pod.is_some_and(|value| is_right(value));
    if let Some(value) = of_pod.filter(|_| !covers) {
        judge.of_pod(control, &field, value);
    }
    judge.each_container(|judge, container| {
        let origin = match container.security(&[name]) {
            Some(value) if is_right(value) => return,
            Some(value) => value.origin,
            None if covers => return,
            None => missing(container),
        };
        judge.of_container(control, container, &field, origin);
    });
}

fn missing(container: &PodContainer<'_>) -> Origin {
    Judge::missing_at(container, &[])
}

fn capabilities(judge: &mut Judge<'_, '_>) {
    const CONTROL: &str = "capabilities_restricted";
    judge.each_container(|judge, container| {
        let dropped = container.security(&["capabilities", "drop"]);
        if !tree::items(dropped).iter().any(|name| text(name) == Some("ALL")) {
            let origin = Judge::missing_at(container, &["capabilities"]);
            let origin = dropped.map_or(origin, |dropped| dropped.origin);
            judge.of_container(CONTROL, container, "securityContext.capabilities.drop", origin);
        }
        for (index, added) in tree::items(container.security(&["capabilities", "add"])).iter().enumerate() {
            if text(added) != Some("NET_BIND_SERVICE") {
                let field = format!("securityContext.capabilities.add[{index}]");
                judge.of_container(CONTROL, container, &field, added.origin);
            }
        }
    });
}
