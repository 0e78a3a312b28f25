//! Who a container runs as and what it may do, by both of its security contexts.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};

use crate::model::kubernetes::lower::make::{self, Map};
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::{self, boolean, string_at, text};

pub(super) fn add(service: &mut Map, pod: &Pod<'_>, container: &PodContainer<'_>) {
    user(service, pod, container);
    let own = |name: &str| container.security(&[name]);
    let privileged = own("privileged").filter(|value| boolean(value) == Some(true));
    for (name, attribute) in [("privileged", "privileged"), ("readOnlyRootFilesystem", "read_only")] {
        if let Some(value) = own(name)
            && let Some(is) = boolean(value)
        {
            service.set(attribute, value.origin, make::boolean(is, value.origin));
        }
    }
    // A privileged container has all of them, whatever is written.
    if privileged.is_none() {
        capabilities(service, container);
    }
    options(service, pod, container);
}

/// The user that the manifest says; where it only asks that it be none but root, it is not known, and certainly not root.
fn user(service: &mut Map, pod: &Pod<'_>, container: &PodContainer<'_>) {
    match pod.effective(container, "runAsUser") {
        Some(value) => {
            let Some(user) = tree::integer(value) else {
                return service.set("user", value.origin, make::unknown(value.origin));
            };
            let group = pod.effective(container, "runAsGroup").and_then(|group| tree::integer(group));
            let shown = group.map_or_else(|| user.to_string(), |group| format!("{user}:{group}"));
            service.set("user", value.origin, make::text(&shown, value.origin));
        }
        None => {
            if let Some(value) =
                pod.effective(container, "runAsNonRoot").filter(|value| boolean(value) == Some(true))
            {
                service.set("user", value.origin, make::unknown(value.origin));
            }
        }
    }
}

/// containerd adds all, drops all, adds each and drops each, in this order. A name with `CAP_` it does not know.
fn capabilities(service: &mut Map, container: &PodContainer<'_>) {
    let named = |list: &str| {
        let items = tree::items(container.security(&["capabilities", list])).iter();
        items
            .filter(|item| text(item).is_some_and(|name| !name.to_ascii_uppercase().starts_with("CAP_")))
            .collect::<Vec<_>>()
    };
    let (added, dropped) = (named("add"), named("drop"));
    let has = |list: &[&Arc<Value>], name: &str| {
        list.iter().any(|item| text(item).is_some_and(|t| t.eq_ignore_ascii_case(name)))
    };
    let drops_all = has(&dropped, "ALL");
    for item in &added {
        let name = text(item).unwrap_or_default().to_ascii_uppercase();
        let is_lost = name == "ALL" && drops_all || name != "ALL" && has(&dropped, &name);
        if !is_lost {
            service.push("cap_add", item.origin, make::text(&name, item.origin));
        }
    }
    for item in &dropped {
        let name = text(item).unwrap_or_default().to_ascii_uppercase();
        service.push("cap_drop", item.origin, make::text(&name, item.origin));
    }
}

fn options(service: &mut Map, pod: &Pod<'_>, container: &PodContainer<'_>) {
    let mut add = |option: &str, origin: Origin| {
        service.push("security_opt", origin, make::text(option, origin));
    };
    if let Some(value) = container.security(&["allowPrivilegeEscalation"]) {
        match boolean(value) {
            Some(true) => add("no-new-privileges=false", value.origin),
            Some(false) => add("no-new-privileges=true", value.origin),
            None => {}
        }
    }
    let is_unconfined = |profile: &&Arc<Value>| string_at(profile, &["type"]) == Some("Unconfined");
    if let Some(profile) = pod.effective(container, "seccompProfile").filter(is_unconfined) {
        add("seccomp=unconfined", tree::origin_of(profile, &["type"]));
    }
    if let Some(profile) = pod.effective(container, "appArmorProfile") {
        if is_unconfined(&profile) {
            add("apparmor=unconfined", tree::origin_of(profile, &["type"]));
        }
    } else {
        let key = format!("container.apparmor.security.beta.kubernetes.io/{}", container.name());
        let annotation =
            pod.annotations().find(|(name, value, _)| *name == key && text(value) == Some("unconfined"));
        if let Some((_, value, _)) = annotation {
            add("apparmor=unconfined", value.origin);
        }
    }
    let options = pod.effective(container, "seLinuxOptions");
    if let Some(options) = options.filter(|options| string_at(options, &["type"]) == Some("spc_t")) {
        add("label=disable", tree::origin_of(options, &["type"]));
    }
    if let Some(mount) = container.security(&["procMount"]).filter(|mount| text(mount) == Some("Unmasked")) {
        add("systempaths=unconfined", mount.origin);
    }
}
