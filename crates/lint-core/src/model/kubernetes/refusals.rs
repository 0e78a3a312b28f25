//! What the API server refuses of a pod, of those things that have to do with what a container may.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};

use crate::model::kubernetes::pod::{Pod, PodContainer, Role};
use crate::model::kubernetes::tree::{self, at, boolean, get, integer, list, string_at, text};

/// Settings of a pod that contradict each other: where, and why it is refused.
#[must_use]
pub fn contradictions(pod: &Pod<'_>) -> Vec<(Origin, String)> {
    let mut found = Vec::new();
    let containers = pod.containers();
    of_pod(pod, &mut found);
    for container in &containers {
        of_container(pod, container, &mut found);
    }
    mounts(pod, &containers, &mut found);
    if pod.is_windows() {
        windows(pod, &containers, &mut found);
    }
    found
}

type Found = Vec<(Origin, String)>;

fn is_set(value: Option<&Arc<Value>>) -> Option<Origin> {
    value.filter(|value| boolean(value) == Some(true)).map(|value| value.origin)
}

fn of_pod(pod: &Pod<'_>, found: &mut Found) {
    if pod.has_own_users() {
        for (name, what) in
            [("hostPID", "processes"), ("hostIPC", "shared memory"), ("hostNetwork", "network")]
        {
            if let Some(origin) = is_set(pod.at(&[name])) {
                let message = format!(
                    "the pod is refused: with `hostUsers: false` it cannot have the host's {what} (`{name}`)"
                );
                found.push((origin, message));
            }
        }
    }
    if let (Some(origin), Some(_)) =
        (is_set(pod.at(&["shareProcessNamespace"])), is_set(pod.at(&["hostPID"])))
    {
        found.push((
            origin,
            "the pod is refused: `shareProcessNamespace` and `hostPID` exclude each other".to_owned(),
        ));
    }
    profile(pod.at(&["securityContext", "seccompProfile"]), found);
    if !pod.object.partial
        && let Some(first) = list(pod.spec, "ephemeralContainers").first()
    {
        let message = "the pod is refused: ephemeral containers can only be added to one that runs";
        found.push((first.origin, message.to_owned()));
    }
}

fn of_container(pod: &Pod<'_>, container: &PodContainer<'_>, found: &mut Found) {
    let escalation = container.security(&["allowPrivilegeEscalation"]);
    let forbids = escalation.filter(|value| boolean(value) == Some(false));
    let privileged = is_set(container.security(&["privileged"]));
    if let (Some(forbids), Some(_)) = (forbids, privileged) {
        let message =
            "the pod is refused: a privileged container cannot have `allowPrivilegeEscalation: false`";
        found.push((forbids.origin, message.to_owned()));
    }
    let added = tree::items(container.security(&["capabilities", "add"]));
    // The API server compares the name with its prefix; `SYS_ADMIN`, which is the right one, it lets pass.
    if let Some(admin) =
        added.iter().find(|name| text(name) == Some("CAP_SYS_ADMIN")).filter(|_| forbids.is_some())
    {
        let message =
            "the pod is refused: `CAP_SYS_ADMIN` cannot be added under `allowPrivilegeEscalation: false`";
        found.push((admin.origin, message.to_owned()));
    }
    let unmasked = container.security(&["procMount"]).filter(|value| text(value) == Some("Unmasked"));
    if let Some(unmasked) = unmasked.filter(|_| !pod.has_own_users()) {
        let message = "the pod is refused: `procMount: Unmasked` needs `hostUsers: false`";
        found.push((unmasked.origin, message.to_owned()));
    }
    for name in ["privileged", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "runAsNonRoot"] {
        let Some(value) = container.security(&[name]) else { continue };
        if boolean(value).is_none() && text(value).is_some_and(|text| !tree::is_placeholder(text)) {
            found.push((
                value.origin,
                format!("the object is refused: `{name}` is `true` or `false`, without quotes"),
            ));
        }
    }
    profile(container.security(&["seccompProfile"]), found);
    if is_set(pod.at(&["hostNetwork"])).is_some() {
        for port in list(container.value, "ports") {
            let number = |name: &str| get(port, name).and_then(|port| integer(port));
            if let (Some(inside), Some(outside), Some(value)) =
                (number("containerPort"), number("hostPort"), get(port, "hostPort"))
                && inside != outside
            {
                let message = "the pod is refused: in the host's network `hostPort` is the `containerPort`";
                found.push((value.origin, message.to_owned()));
            }
        }
    }
}

/// `localhostProfile` and the type that needs it go together.
fn profile(profile: Option<&Arc<Value>>, found: &mut Found) {
    let Some(profile) = profile else { return };
    let Some(kind) = get(profile, "type") else { return };
    let file = get(profile, "localhostProfile");
    match (text(kind), file) {
        (Some("Localhost"), None) => {
            let message = "the pod is refused: a profile of the type `Localhost` needs a `localhostProfile`";
            found.push((kind.origin, message.to_owned()));
        }
        (Some("RuntimeDefault" | "Unconfined"), Some(file)) => {
            let message =
                "the pod is refused: only a profile of the type `Localhost` has a `localhostProfile`";
            found.push((file.origin, message.to_owned()));
        }
        _ => {}
    }
}

fn mounts(pod: &Pod<'_>, containers: &[PodContainer<'_>], found: &mut Found) {
    if pod.object.partial {
        return;
    }
    let name = |value: &Arc<Value>| string_at(value, &["name"]).map(str::to_owned);
    let mut names: Vec<String> = list(pod.spec, "volumes").iter().filter_map(name).collect();
    let claims = tree::items(at(&pod.object.value, &["spec", "volumeClaimTemplates"]));
    names
        .extend(claims.iter().filter_map(|claim| string_at(claim, &["metadata", "name"])).map(str::to_owned));
    for container in containers {
        let privileged = container.security_flag("privileged") == Some(true);
        for mount in list(container.value, "volumeMounts") {
            if let Some(value) = get(mount, "name")
                && let Some(volume) = text(value)
                && !tree::is_placeholder(volume)
                && !names.iter().any(|name| name == volume)
            {
                found.push((value.origin, format!("the pod is refused: it has no volume `{volume}`")));
            }
            let spreads = get(mount, "mountPropagation").filter(|value| text(value) == Some("Bidirectional"));
            if let Some(spreads) = spreads.filter(|_| !privileged && container.role != Role::Ephemeral) {
                let message = "the pod is refused: only a privileged container can mount for the host (`Bidirectional`)";
                found.push((spreads.origin, message.to_owned()));
            }
            let deep = get(mount, "recursiveReadOnly").filter(|value| text(value) == Some("Enabled"));
            let is_read_only = get(mount, "readOnly").and_then(|value| boolean(value)) == Some(true);
            if let Some(deep) = deep.filter(|_| !is_read_only) {
                let message = "the pod is refused: `recursiveReadOnly` needs `readOnly: true`";
                found.push((deep.origin, message.to_owned()));
            }
        }
    }
}

/// Fields that only Linux has.
fn windows(pod: &Pod<'_>, containers: &[PodContainer<'_>], found: &mut Found) {
    const OF_POD: [&str; 11] = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "fsGroup",
        "fsGroupChangePolicy",
        "sysctls",
        "shareProcessNamespace",
        "runAsUser",
        "runAsGroup",
        "supplementalGroups",
        "supplementalGroupsPolicy",
    ];
    const OF_CONTAINER: [&str; 10] = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "capabilities",
        "readOnlyRootFilesystem",
        "privileged",
        "allowPrivilegeEscalation",
        "procMount",
        "runAsUser",
        "runAsGroup",
    ];
    let mut refuse = |name: &str, value: &Value| {
        found.push((value.origin, format!("the pod is refused: Windows has no `{name}`")));
    };
    for name in ["hostPID", "hostIPC", "hostUsers"] {
        if let Some(value) = pod.at(&[name]) {
            refuse(name, value);
        }
    }
    for name in OF_POD {
        if let Some(value) = pod.at(&["securityContext", name]) {
            refuse(name, value);
        }
    }
    for container in containers {
        for name in OF_CONTAINER {
            if let Some(value) = container.security(&[name]) {
                refuse(name, value);
            }
        }
    }
}
