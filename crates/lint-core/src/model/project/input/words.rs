//! The words that other inputs have for the attributes of a service.
//!
//! Messages are written in the words of Compose, since most projects are Compose files; here they become those of the file
//! that somebody has in front of them.

use crate::model::project::input::InputKind;

/// An attribute, the flag of `docker run` for it, and the key of a Quadlet unit; empty where there is none.
const WORDS: &[(&str, &str, &str)] = &[
    ("annotations", "--annotation", "Annotation="),
    ("cap_add", "--cap-add", "AddCapability="),
    ("cap_drop", "--cap-drop", "DropCapability="),
    ("cgroup", "--cgroupns", "PodmanArgs=--cgroupns"),
    ("cgroup_parent", "--cgroup-parent", "PodmanArgs=--cgroup-parent"),
    ("container_name", "--name", "ContainerName="),
    ("cpus", "--cpus", "PodmanArgs=--cpus"),
    ("device_cgroup_rules", "--device-cgroup-rule", "PodmanArgs=--device-cgroup-rule"),
    ("devices", "--device", "AddDevice="),
    ("dns", "--dns", "DNS="),
    ("entrypoint", "--entrypoint", "Entrypoint="),
    ("env_file", "--env-file", "EnvironmentFile="),
    ("environment", "--env", "Environment="),
    ("expose", "--expose", "ExposeHostPort="),
    ("extra_hosts", "--add-host", "AddHost="),
    ("group_add", "--group-add", "GroupAdd="),
    ("healthcheck", "--health-cmd", "HealthCmd="),
    ("hostname", "--hostname", "HostName="),
    ("init", "--init", "RunInit="),
    ("ipc", "--ipc", "PodmanArgs=--ipc"),
    ("labels", "--label", "Label="),
    ("mem_limit", "--memory", "Memory="),
    ("memswap_limit", "--memory-swap", "PodmanArgs=--memory-swap"),
    ("network_mode", "--network", "Network="),
    ("networks", "--network", "Network="),
    ("pid", "--pid", "PodmanArgs=--pid"),
    ("pids_limit", "--pids-limit", "PidsLimit="),
    ("ports", "--publish", "PublishPort="),
    ("privileged", "--privileged", "PodmanArgs=--privileged"),
    ("pull_policy", "--pull", "Pull="),
    ("read_only", "--read-only", "ReadOnly="),
    ("restart", "--restart", "Restart="),
    ("runtime", "--runtime", "PodmanArgs=--runtime"),
    ("security_opt", "--security-opt", "PodmanArgs=--security-opt"),
    ("shm_size", "--shm-size", "ShmSize="),
    ("start_interval", "--health-start-interval", ""),
    ("start_period", "--health-start-period", "HealthStartPeriod="),
    ("stop_signal", "--stop-signal", "StopSignal="),
    ("sysctls", "--sysctl", "Sysctl="),
    ("tmpfs", "--tmpfs", "Tmpfs="),
    ("ulimits", "--ulimit", "Ulimit="),
    ("user", "--user", "User="),
    ("userns_mode", "--userns", "UserNS="),
    ("uts", "--uts", "PodmanArgs=--uts"),
    ("volumes", "--volume", "Volume="),
    ("working_dir", "--workdir", "WorkingDir="),
];

/// A devcontainer has keys for a few of them, and takes the flags for the others.
const DEV_CONTAINER: &[(&str, &str)] = &[
    ("cap_add", "capAdd"),
    ("environment", "containerEnv"),
    ("init", "init"),
    ("privileged", "privileged"),
    ("security_opt", "securityOpt"),
    ("user", "containerUser"),
    ("volumes", "mounts"),
];

/// What a pod has for them.
const KUBERNETES: &[(&str, &str)] = &[
    ("cap_add", "capabilities.add"),
    ("cap_drop", "capabilities.drop"),
    ("command", "args"),
    ("cpus", "resources.limits.cpu"),
    ("devices", "volumes"),
    ("entrypoint", "command"),
    ("environment", "env"),
    ("expose", "ports"),
    ("healthcheck", "livenessProbe"),
    ("ipc", "hostIPC"),
    ("mem_limit", "resources.limits.memory"),
    ("network_mode", "hostNetwork"),
    ("pid", "hostPID"),
    ("ports", "hostPort"),
    ("privileged", "securityContext.privileged"),
    ("pull_policy", "imagePullPolicy"),
    ("read_only", "readOnlyRootFilesystem"),
    ("security_opt", "securityContext"),
    ("stop_signal", "lifecycle.stopSignal"),
    ("tmpfs", "emptyDir"),
    ("user", "runAsUser"),
    ("volumes", "volumeMounts"),
    ("working_dir", "workingDir"),
];

/// What messages say in Compose's way, and what is true of a pod.
const PHRASES_OF_PODS: &[(&str, &str)] = &[
    ("`no-new-privileges` is not set", "`allowPrivilegeEscalation` is not `false`"),
    ("`no-new-privileges` is switched off", "`allowPrivilegeEscalation` is `true`"),
    ("add `no-new-privileges=true` to `security_opt`", "set `allowPrivilegeEscalation: false`"),
    (
        "use a named volume, or mount only the file the program needs and add `:ro`",
        "use a volume of another kind, or mount only the file the program needs, with `readOnly: true`",
    ),
    ("`no-new-privileges=true`", "`allowPrivilegeEscalation: false`"),
    ("`no-new-privileges=false`", "`allowPrivilegeEscalation: true`"),
    ("`label=disable`", "`seLinuxOptions: {type: spc_t}`"),
    ("`systempaths=unconfined`", "`procMount: Unmasked`"),
    ("Docker's default set", "the runtime's default set"),
    ("`user: \"10001:10001\"`", "`runAsUser: 10001`"),
    ("name it in `devices` instead", "have a device plug-in hand it out"),
    ("remove the entry; `:z` or `:Z` on a mount makes its files accessible", "remove the type"),
    ("put the address in front that needs the port, such as `127.0.0.1:`", "set `hostIP`, or use a Service"),
    ("remove the port, or publish it on `127.0.0.1` alone", "remove `hostPort`, and let a Service reach it"),
    (
        "add a health check with a program that the image has",
        "add a `livenessProbe` or a `readinessProbe`: the kubelet does not run the `HEALTHCHECK` of an image",
    ),
    (
        "move it into `secrets`, or refer to a variable that is set where the project is deployed",
        "refer to a Secret by `valueFrom`, or mount it as a file",
    ),
    ("`network_mode: host`", "`hostNetwork: true`"),
    ("`pid: host`", "`hostPID: true`"),
    ("`ipc: host`", "`hostIPC: true`"),
    ("`seccomp=unconfined`", "`seccompProfile: {type: Unconfined}`"),
    ("`apparmor=unconfined`", "`appArmorProfile: {type: Unconfined}`"),
    ("`label=disable`", "the type `spc_t`"),
    ("`systempaths=unconfined`", "`procMount: Unmasked`"),
    ("this service", "this container"),
    ("the service", "the container"),
    ("The service", "The container"),
    ("services", "containers"),
    ("healthcheck", "probe"),
    ("health check", "probe"),
    ("the Docker host", "the node"),
];

/// The lines of a Compose file that set something, and those of a container of a pod.
const LINES_OF_PODS: &[(&str, &str)] = &[
    ("security_opt:", "securityContext:\n  allowPrivilegeEscalation: false"),
    ("cap_drop:", "securityContext:\n  capabilities:\n    drop: [ALL]"),
    ("read_only:", "securityContext:\n  readOnlyRootFilesystem: true"),
    ("user:", "securityContext:\n  runAsUser: 10001"),
    ("mem_limit:", "resources:\n  limits:\n    memory: 256Mi"),
    ("cpus:", "resources:\n  limits:\n    cpu: \"1\""),
    ("healthcheck:", "livenessProbe:\n  httpGet: {path: /, port: 8080}"),
];

/// The lines of a container of a pod for those of a Compose file.
pub(super) fn lines_of_pod(compose: &str) -> Option<&'static str> {
    LINES_OF_PODS.iter().find(|(lines, _)| compose.starts_with(lines)).map(|(_, own)| *own)
}

/// Whether lines that would set something are those of a container of a pod.
#[must_use]
pub fn is_of_pod(lines: &str) -> bool {
    let key = |lines: &str| lines.split(':').next().map(str::to_owned);
    LINES_OF_PODS.iter().any(|(_, own)| key(own) == key(lines))
}

/// What some messages say in Compose's way, and what is true of a flag or a key.
const PHRASES: &[(&str, &str)] = &[
    (", or `deploy.resources.limits.memory`", ""),
    (", or `deploy.resources.limits.cpus`", ""),
    (", or `deploy.resources.limits.pids`", ""),
    (
        ", so that the service joins the project's own network",
        ", and put the container into a network of its own",
    ),
    (
        ", or join the one service it is meant for: `pid: service:name`",
        ", or join the container it is meant for: `pid: container:name`",
    ),
    (
        ", or share between services: `ipc: shareable` and `ipc: service:name`",
        ", or share between containers: `ipc: shareable` and `ipc: container:name`",
    ),
    ("use `docker compose exec`", "use `docker exec`"),
    ("move it into `secrets`, or refer to", "hand it over in a file, or refer to"),
    (
        "give the database a password, from a file that `secrets` mounts",
        "give the database a password, from a file that is mounted",
    ),
];

/// The same where a unit of Podman's has a key of its own.
const PHRASES_OF_UNITS: &[(&str, &str)] = &[
    ("add `no-new-privileges=true` to `security_opt`", "set `NoNewPrivileges=true`"),
    ("`no-new-privileges` is not set", "`NoNewPrivileges` is not set"),
    ("`no-new-privileges` is switched off", "`NoNewPrivileges` is switched off"),
    ("name a profile in `security_opt`", "name a profile in `SeccompProfile`"),
];

/// The text in the words of an input. What somebody wrote is no attribute, though it is called like one: `written` is the text
/// that the finding points at.
pub(super) fn translated(text: &str, kind: InputKind, written: &[&str]) -> String {
    // Bake calls what it has as Compose does.
    if matches!(kind, InputKind::Compose | InputKind::Bake) {
        return text.to_owned();
    }
    let own: &[(&str, &str)] = match kind {
        InputKind::Kubernetes => PHRASES_OF_PODS,
        InputKind::Quadlet => PHRASES_OF_UNITS,
        _ => &[],
    };
    let phrases = || own.iter().chain(PHRASES);
    let mut text = text.to_owned();
    for (compose, other) in phrases().filter(|(compose, _)| compose.contains('`')) {
        if text.contains(compose) {
            text = text.replace(compose, other);
        }
    }
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        if at % 2 == 0 {
            let mut part = part.to_owned();
            for (compose, other) in phrases().filter(|(compose, _)| !compose.contains('`')) {
                if part.contains(compose) {
                    part = part.replace(compose, other);
                }
            }
            out.push_str(&part);
        } else {
            let own = word(part, kind).filter(|_| !written.iter().any(|text| is_datum(part, text)));
            out.push_str(own.as_deref().unwrap_or(part));
        }
    }
    out
}

/// Whether a word stands in a text as a value: by itself, and not as the key of something.
fn is_datum(word: &str, text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let after = after.strip_prefix(['"', '\'']).unwrap_or(after);
        !before.ends_with(is_part) && !after.starts_with(is_part) && !after.starts_with([':', '='])
    })
}

/// `read_only: true` becomes `--read-only`, `cap_drop: [ALL]` becomes `DropCapability=ALL`.
fn word(inside: &str, kind: InputKind) -> Option<String> {
    let (name, value) = match inside.split_once(": ") {
        Some((name, value)) => (name, Some(value)),
        None => (inside, None),
    };
    // Where pipelines say anything of a container, they say it as Compose does.
    if kind == InputKind::PlainJob {
        return None;
    }
    let name = word_of(name, kind)?;
    if kind == InputKind::Kubernetes {
        return Some(value.map_or_else(|| name.to_owned(), |value| format!("{name}: {value}")));
    }
    let value = value.map(|value| value.trim_matches(['[', ']']).trim_matches('"'));
    Some(match value {
        None => name.trim_end_matches('=').to_owned(),
        Some(value) if name.ends_with('=') => format!("{name}{value}"),
        Some("true") if name.contains("--") => name.to_owned(),
        Some(value) if name.contains("--") => format!("{name}={value}"),
        Some(value) => {
            format!("\"{name}\": {}", if value == "true" { value.to_owned() } else { format!("\"{value}\"") })
        }
    })
}

fn word_of(attribute: &str, kind: InputKind) -> Option<&'static str> {
    if kind == InputKind::Kubernetes {
        return KUBERNETES.iter().find(|(name, _)| *name == attribute).map(|(_, own)| *own);
    }
    let (_, flag, key) = WORDS.iter().find(|(name, ..)| *name == attribute)?;
    let own = DEV_CONTAINER.iter().find(|(name, _)| *name == attribute);
    let word = match (kind, own) {
        (InputKind::Quadlet, _) => *key,
        (InputKind::DevContainer, Some((_, own))) => own,
        _ => *flag,
    };
    Some(word).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_told_in_the_words_of_the_file() {
        let text = "set `read_only: true`, with `tmpfs` or volumes, or `deploy.resources.limits.memory`; not `nginx`";
        let translated = |text: &str, kind: InputKind| translated(text, kind, &[]);
        let flags = translated(text, InputKind::CommandLine);
        assert_eq!(flags, "set `--read-only`, with `--tmpfs` or volumes; not `nginx`");
        let quadlet = translated(text, InputKind::Quadlet);
        assert_eq!(quadlet, "set `ReadOnly=true`, with `Tmpfs` or volumes; not `nginx`");
        assert_eq!(translated(text, InputKind::Compose), text);
        let user = "such as `user: \"10001:10001\"`, `cap_drop: [ALL]`";
        assert_eq!(
            translated(user, InputKind::DevContainer),
            "such as `\"containerUser\": \"10001:10001\"`, `--cap-drop=ALL`"
        );
        assert_eq!(translated(user, InputKind::Job), "such as `--user=10001:10001`, `--cap-drop=ALL`");
    }

    #[test]
    fn what_somebody_wrote_stays_what_it_is() {
        let pod = |text: &str, written: &[&str]| translated(text, InputKind::Kubernetes, written);
        let text = "the image `registry/services/app` of services without a health check";
        assert_eq!(pod(text, &[]), "the image `registry/services/app` of containers without a probe");
        let flags = |written: &[&str]| translated("`user` has no tag", InputKind::CommandLine, written);
        assert_eq!(flags(&["user"]), "`user` has no tag");
        assert_eq!(flags(&["\"user\""]), "`user` has no tag");
        assert_eq!(flags(&["a", "-v user /b"]), "`user` has no tag");
        for key in ["--user", "user: root", "\"user\": 0", "user=0", "users", ""] {
            assert_eq!(flags(&[key]), "`--user` has no tag", "{key}");
        }
    }
}
