//! Credentials that stand in manifests.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};

use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::tree::{at, entries, get, is_placeholder, list, string_at, text};
use crate::model::secrets::{Exposure, in_variable};

/// The credentials of an object: what each is, and where. Nothing says what it holds.
#[must_use]
pub fn of(object: &Object) -> Vec<(String, Origin)> {
    match (object.group.as_str(), object.kind.as_str()) {
        ("", "Secret") => of_secret(object),
        ("", "Config") => of_kubeconfig(object),
        ("", "ConfigMap") => of_config_map(object),
        ("k3s.io", "Config") => of_k3s(object),
        ("talos.dev", "Config") => of_talos(object),
        ("kubeadm.k8s.io", _) => of_kubeadm(object),
        ("apiserver.config.k8s.io", "EncryptionConfiguration" | "EncryptionConfig") => of_encryption(object),
        _ => Vec::new(),
    }
}

fn of_secret(object: &Object) -> Vec<(String, Origin)> {
    let root = &object.value;
    // SOPS leaves what it has encrypted with it in the file.
    if get(root, "sops").is_some() {
        return Vec::new();
    }
    let kind = string_at(root, &["type"]).unwrap_or_default();
    let mut found = Vec::new();
    for (section, is_encoded) in [("data", true), ("stringData", false)] {
        let Some(values) = get(root, section) else { continue };
        for entry in entries(values) {
            let Some(value) = text(&entry.value) else { continue };
            let decoded = if is_encoded { decoded(value) } else { Some(value.to_owned()) };
            let Some(decoded) = decoded else { continue };
            if is_public(&entry.key, &decoded) || is_filled_in(&decoded) {
                continue;
            }
            let what = match kind {
                "kubernetes.io/tls" => {
                    format!("the private key `{}` of the Secret `{}`", entry.key, object.name)
                }
                _ => format!("`{}` of the Secret `{}`", entry.key, object.name),
            };
            found.push((what, entry.value.origin));
        }
    }
    found
}

/// What is public, and what says how a secret is used rather than what it is.
fn is_public(key: &str, value: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    let certificate = value.contains("BEGIN CERTIFICATE") && !value.contains("PRIVATE KEY");
    const PLAIN: [&str; 12] = [
        "user",
        "username",
        "host",
        "hostname",
        "port",
        "database",
        "dbname",
        "region",
        "endpoint",
        "name",
        "type",
        "namespace",
    ];
    // An address is none; a password in one is.
    let is_address = ["http://", "https://"].iter().any(|scheme| value.starts_with(scheme))
        && !value.contains(['@', '?', '#'])
        && !value.trim().contains(char::is_whitespace);
    certificate
        || is_address
        || lower.ends_with(".crt")
        || lower == "ca"
        || PLAIN.iter().any(|plain| {
            lower == *plain || lower.ends_with(&format!("_{plain}")) || lower.ends_with(&format!("-{plain}"))
        })
}

/// Whether a value is none yet.
fn is_filled_in(value: &str) -> bool {
    let value = value.trim();
    value.is_empty()
        || is_placeholder(value)
        || value.starts_with("ENC[")
        || value.starts_with("AgB")
        || is_placeholder_in_words(value)
        || value.starts_with("ref+")
        || value.starts_with("vault:")
        || value.starts_with("${")
        || matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "none" | "todo" | "xxx" | "redacted"
        )
        || value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.'))
}

/// `REPLACE_ME`, `your-password-here`, `insert-token`: what somebody is to fill in.
fn is_placeholder_in_words(value: &str) -> bool {
    let lower = value.to_ascii_lowercase().replace(['_', ' '], "-");
    let is_short = value.len() <= 48;
    is_short
        && (["replace-", "your-", "insert-", "put-your", "enter-your", "fill-"]
            .iter()
            .any(|start| lower.starts_with(start))
            || lower.ends_with("-here")
            || lower == "replaceme")
}

fn of_kubeconfig(object: &Object) -> Vec<(String, Origin)> {
    let mut found = Vec::new();
    for user in list(&object.value, "users") {
        let name = string_at(user, &["name"]).unwrap_or_default();
        for (key, what) in [("token", "token"), ("client-key-data", "private key"), ("password", "password")]
        {
            let Some(value) = at(user, &["user", key]) else { continue };
            if text(value).is_some_and(|value| !is_filled_in(value)) {
                found.push((format!("the {what} of the user `{name}` of this kubeconfig"), value.origin));
            }
        }
    }
    found
}

fn of_k3s(object: &Object) -> Vec<(String, Origin)> {
    let tokens = ["token", "agent-token"].into_iter().filter_map(|key| Some((key, get(&object.value, key)?)));
    let held = tokens.filter(|(_, value)| text(value).is_some_and(|value| !is_filled_in(value)));
    held.map(|(key, value)| (format!("`{key}`, by which nodes join the cluster,"), value.origin)).collect()
}

/// What is in a ConfigMap is for everybody to read who may read the namespace.
fn of_config_map(object: &Object) -> Vec<(String, Origin)> {
    let data = get(&object.value, "data").map_or(&[][..], |data| entries(data));
    let held = data.iter().filter(|entry| {
        text(&entry.value).is_some_and(|value| {
            let is_key = value.contains("PRIVATE KEY-----") && value.contains("-----BEGIN ");
            let is_secret = || matches!(in_variable(&entry.key, value), Some(Exposure::Value));
            is_key || !value.trim().contains('\n') && !is_filled_in(value) && is_secret()
        })
    });
    let found =
        held.map(|entry| (format!("`{}` of the ConfigMap `{}`", entry.key, object.name), entry.value.origin));
    found.collect()
}

/// The configuration of a machine of Talos holds the keys of the whole cluster.
fn of_talos(object: &Object) -> Vec<(String, Origin)> {
    const KEYS: [(&[&str], &str); 11] = [
        (&["machine", "token"], "the token by which machines join the cluster"),
        (&["machine", "ca", "key"], "the private key of the machines' authority"),
        (&["cluster", "secret"], "the secret of the cluster"),
        (&["cluster", "token"], "the bootstrap token of the cluster"),
        (&["cluster", "secretboxEncryptionSecret"], "the key with which the cluster encrypts its Secrets"),
        (&["cluster", "aescbcEncryptionSecret"], "the key with which the cluster encrypts its Secrets"),
        (&["cluster", "ca", "key"], "the private key of the cluster's authority"),
        (&["cluster", "aggregatorCA", "key"], "the private key of the aggregation authority"),
        (&["cluster", "serviceAccount", "key"], "the private key that signs tokens of service accounts"),
        (&["cluster", "etcd", "ca", "key"], "the private key of etcd's authority"),
        (&["cluster", "acceptedCAs", "key"], "a private key of an authority"),
    ];
    held(object, &KEYS)
}

/// By these a stranger's machine becomes a node, or a second control plane.
fn of_kubeadm(object: &Object) -> Vec<(String, Origin)> {
    const KEYS: [(&[&str], &str); 4] = [
        (&["discovery", "bootstrapToken", "token"], "the token by which nodes join the cluster"),
        (&["discovery", "tlsBootstrapToken"], "the token by which nodes join the cluster"),
        (&["certificateKey"], "the key to the certificates of the control plane"),
        (&["controlPlane", "certificateKey"], "the key to the certificates of the control plane"),
    ];
    let mut found = held(object, &KEYS);
    for token in list(&object.value, "bootstrapTokens") {
        let Some(value) = get(token, "token") else { continue };
        if text(value).is_some_and(is_held) {
            found.push(("the token by which nodes join the cluster".to_owned(), value.origin));
        }
    }
    found
}

/// The token of kubeadm's documentation, which stands in a thousand examples.
const EXAMPLE_TOKEN: &str = "abcdef.0123456789abcdef";

fn is_held(value: &str) -> bool {
    !is_filled_in(value) && value != EXAMPLE_TOKEN
}

fn held(object: &Object, keys: &[(&[&str], &str)]) -> Vec<(String, Origin)> {
    let found = keys.iter().filter_map(|(path, what)| Some((*what, at(&object.value, path)?)));
    let held = found.filter(|(_, value)| text(value).is_some_and(is_held));
    held.map(|(what, value)| (what.to_owned(), value.origin)).collect()
}

fn of_encryption(object: &Object) -> Vec<(String, Origin)> {
    let providers = list(&object.value, "resources").iter().flat_map(|resource| list(resource, "providers"));
    let keys = providers
        .flat_map(|provider| entries(provider))
        .flat_map(|entry| list(&entry.value, "keys").iter())
        .filter_map(|key| Some((string_at(key, &["name"]).unwrap_or_default(), get(key, "secret")?)));
    let held = keys.filter(|(_, secret)| text(secret).is_some_and(|secret| !is_filled_in(secret)));
    held.map(|(name, secret): (&str, &Arc<Value>)| {
        (format!("the key `{name}`, with which the cluster encrypts its Secrets,"), secret.origin)
    })
    .collect()
}

/// What base64 stands for; `None` when it is none, or no text.
fn decoded(text: &str) -> Option<String> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if byte == b'=' {
            break;
        }
        bits = bits << 6 | u32::from(value(byte)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    // What is no text is a secret all the same.
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
