//! Whether a text is a manifest, told without parsing it.

use crate::model::kubernetes::kinds::{is_built_in, is_known};

/// Groups that are none of ours although their objects look alike: build tools, catalogues, clients' own files.
const FOREIGN: [&str; 12] = [
    "skaffold",
    "backstage.io",
    "ctlptl.dev",
    "tilt.dev",
    "config.kubernetes.io",
    "kpt.dev",
    "devspace.sh",
    "garden.io",
    "scaffolder.backstage.io",
    "krew.googlecontainertools.github.com",
    "telemetry.istio.io",
    "audit.falco.org",
];

/// The keys that only the configuration of k3s and RKE2 has: flags of the components that they start, and of their own.
const K3S: [&str; 8] = [
    "kube-apiserver-arg",
    "kube-controller-manager-arg",
    "kube-scheduler-arg",
    "etcd-arg",
    "kubelet-arg",
    "kube-proxy-arg",
    "write-kubeconfig-mode",
    "secrets-encryption",
];

/// Whether some document of a text is a Kubernetes object: at its root, `apiVersion` has the form of a version, and `kind` that of
/// a kind. Of a group that Kubernetes does not have it is one if it holds containers.
#[must_use]
pub fn is_manifest(text: &str) -> bool {
    if !text.contains("apiVersion") || !text.contains("kind") {
        return is_k3s(text) || is_talos(text);
    }
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return is_json_manifest(text);
    }
    documents(text).any(|document| {
        let (mut version, mut kind) = (None, None);
        for line in document.lines() {
            version = version.or_else(|| root_value(line, "apiVersion"));
            kind = kind.or_else(|| root_value(line, "kind"));
        }
        matches!((version, kind), (Some(version), Some(kind)) if is_object(version, kind, document))
    }) || is_talos(text)
}

/// Whether a text is the configuration of a machine of Talos.
fn is_talos(text: &str) -> bool {
    let has = |key: &str, value: &str| {
        text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.trim() == value))
    };
    text.contains("\nmachine:") && has("version:", "v1alpha1") && has("machine:", "")
}

/// `{"apiVersion": …, "kind": …}`, in any order. `kubectl` writes the kind of a list last.
fn is_json_manifest(text: &str) -> bool {
    let value = |name: &str| {
        let at = text.find(&format!("\"{name}\""))?;
        let rest = text[at + name.len() + 2..].trim_start().strip_prefix(':')?.trim_start();
        rest.strip_prefix('"')?.split('"').next()
    };
    matches!((value("apiVersion"), value("kind")), (Some(version), Some(kind)) if is_object(version, kind, text))
}

fn is_object(version: &str, kind: &str, text: &str) -> bool {
    let Some((group, version)) = split(version) else { return is_template(version) && is_kind(kind) };
    if !is_version(version) || FOREIGN.contains(&group) {
        return false;
    }
    is_kind(kind) && (is_built_in(group) || is_known(group) || text.contains("containers"))
}

/// `{{ include "common.capabilities.deployment.apiVersion" . }}`: a chart leaves it open.
fn is_template(version: &str) -> bool {
    version.starts_with("{{")
}

fn is_kind(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.chars().all(|c| c.is_ascii_alphanumeric())
}

/// `apps/v1` as `apps` and `v1`; `v1` is of the group without a name.
#[must_use]
pub fn split(api_version: &str) -> Option<(&str, &str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    (group.chars().all(is_word) && !version.is_empty() && version.chars().all(is_word))
        .then_some((group, version))
}

/// `v1`, `v2beta1`.
fn is_version(version: &str) -> bool {
    let Some(rest) = version.strip_prefix('v') else { return false };
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() == rest.len() {
        return false;
    }
    let stage = digits.strip_prefix("alpha").or_else(|| digits.strip_prefix("beta"));
    digits.is_empty() || stage.is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
}

/// The value of a key at the root, without quotes and comment.
fn root_value<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let line = line.trim_start_matches('\u{feff}');
    let rest = match line.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.strip_prefix(key)?.strip_prefix(['"', '\''])?,
        None => line.strip_prefix(key)?,
    };
    let rest = rest.trim_start().strip_prefix(':')?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    let value = rest.trim();
    let value = value.split(" #").next().unwrap_or(value).trim();
    let value = value.trim_matches(['"', '\'']);
    (!value.is_empty()).then_some(value)
}

/// The documents of a stream, by their marks.
fn documents(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mark = text
            .match_indices("\n---")
            .find(|(at, _)| text[at + 4..].chars().next().is_none_or(char::is_whitespace));
        match mark {
            Some((at, _)) => {
                rest = Some(&text[at + 4..]);
                Some(&text[..at])
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// Whether a key is one that only the configuration of k3s and RKE2 has.
#[must_use]
pub fn is_k3s_key(key: &str) -> bool {
    K3S.contains(&key)
}

/// Whether a text is the configuration of k3s or RKE2, by keys that nothing else has.
#[must_use]
pub fn is_k3s(text: &str) -> bool {
    let is_key = |line: &str| {
        K3S.iter().any(|key| {
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start_matches('+').trim_start().starts_with(':'))
        })
    };
    ["-arg", "write-kubeconfig-mode", "secrets-encryption"].iter().any(|part| text.contains(part))
        && text.lines().any(is_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_told_from_other_yaml() {
        for text in [
            "apiVersion: v1\nkind: Pod\n",
            "# c\n---\napiVersion: \"apps/v1\"  # c\nkind: Deployment\n",
            "a: b\n---\nkind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n",
            "{\"apiVersion\": \"v1\", \"items\": [], \"kind\": \"List\"}",
            "apiVersion: example.com/v1\nkind: Thing\nspec: {template: {spec: {containers: []}}}\n",
            "apiVersion: {{ include \"x\" . }}\nkind: Deployment\n",
            "kubelet-arg:\n  - a=b\n",
        ] {
            assert!(is_manifest(text), "{text}");
        }
        for text in [
            "",
            "services:\n  a: {image: b}\n",
            "apiVersion: v2\nname: chart\n",
            "apiVersion: skaffold/v4beta6\nkind: Config\n",
            "apiVersion: backstage.io/v1alpha1\nkind: Component\n",
            "apiVersion: example.com/v1\nkind: Thing\nspec: {}\n",
            "- hosts: all\n  tasks:\n  - k8s: {definition: {apiVersion: v1, kind: Pod}}\n",
            "- k8s:\n    definition:\n      apiVersion: v1\n      kind: Pod\n",
            "openapi: 3.0.0\ninfo: {}\n",
            "apiVersion: 1.0\nkind: Pod\n",
            "kind: Pod\n",
            "apiVersion: v1\nkind: a pod\n",
            "apiVersion: v1\n---\nkind: Pod\n",
        ] {
            assert!(!is_manifest(text), "{text}");
        }
    }
}
