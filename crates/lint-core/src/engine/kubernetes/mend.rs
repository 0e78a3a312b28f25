//! The fixes of what a container of a pod lacks.

use crate::finding::finding::Finding;
use crate::finding::fix::{Applicability, Edit, Fix};
use crate::model::container::Container;
use crate::model::container::confinement::escalates;
use crate::model::container::needed_paths;
use crate::model::kubernetes::edit::Additions;
use crate::model::kubernetes::pod::{Pod, PodContainer};

/// The fix of a finding of a rule that judges services too, where the right edit is known.
pub(super) fn fix(
    finding: &Finding,
    pod: &Pod<'_>,
    container: &PodContainer<'_>,
    runs: Option<&Container<'_>>,
) -> Option<Fix> {
    if pod.object.partial {
        return None;
    }
    match finding.rule.name {
        "new-privileges-allowed" => no_escalation(finding, pod, container, runs),
        "writable-root-filesystem" => read_only(pod, container, runs),
        "undropped-capabilities" => {
            let added = set(pod, container, &["securityContext", "capabilities", "drop"], "[ALL]")?;
            Some(Fix::new("Drop all capabilities", Applicability::Unsafe, added))
        }
        // How much a program needs nobody knows but who runs it.
        "unlimited-memory" => limited(pod, container, "memory", "256Mi"),
        "unlimited-cpu" => limited(pod, container, "cpu", "\"1\""),
        _ => None,
    }
}

fn limited(pod: &Pod<'_>, container: &PodContainer<'_>, resource: &str, amount: &str) -> Option<Fix> {
    let edits = set(pod, container, &["resources", "limits", resource], amount)?;
    Some(Fix::new(format!("Set a limit of {}", amount.trim_matches('"')), Applicability::Display, edits))
}

fn set(pod: &Pod<'_>, container: &PodContainer<'_>, path: &[&str], value: &str) -> Option<Vec<Edit>> {
    Some(Additions::default().set(pod.object, container.value, path, value)?.finish())
}

fn no_escalation(
    finding: &Finding,
    pod: &Pod<'_>,
    container: &PodContainer<'_>,
    runs: Option<&Container<'_>>,
) -> Option<Fix> {
    let edits = match container.security(&["allowPrivilegeEscalation"]) {
        Some(_) => vec![Edit::new(finding.place.clone(), "false")],
        None => set(pod, container, &["securityContext", "allowPrivilegeEscalation"], "false")?,
    };
    let applicability = match runs.is_some_and(escalates) {
        true => Applicability::Display,
        false => Applicability::Unsafe,
    };
    Some(Fix::new("Set `allowPrivilegeEscalation: false`", applicability, edits))
}

/// A read-only root file system, with a volume for each path that the program has to write to.
fn read_only(pod: &Pod<'_>, container: &PodContainer<'_>, runs: Option<&Container<'_>>) -> Option<Fix> {
    let needed = runs.and_then(needed_paths::unmounted)?;
    let path = ["securityContext", "readOnlyRootFilesystem"];
    let mut added = Additions::default().set(pod.object, container.value, &path, "true")?;
    if !needed.paths.is_empty() {
        let name = |path: &str| volume_name(container.name(), path);
        let mounts: Vec<String> =
            needed.paths.iter().map(|path| format!("{{name: {}, mountPath: {path}}}", name(path))).collect();
        let volumes: Vec<String> =
            needed.paths.iter().map(|path| format!("{{name: {}, emptyDir: {{}}}}", name(path))).collect();
        added = added.push(pod.object, container.value, "volumeMounts", &mounts)?;
        added = added.push(pod.object, pod.spec, "volumes", &volumes)?;
    }
    Some(Fix::new("Make the root file system read-only", Applicability::Unsafe, added.finish()))
}

/// `web-var-cache-nginx`
fn volume_name(container: &str, path: &str) -> String {
    let plain = format!("{container}{}", path.replace(['/', '.', '_'], "-")).to_ascii_lowercase();
    plain.trim_end_matches('-').chars().take(63).collect()
}
