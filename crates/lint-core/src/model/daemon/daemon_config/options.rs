//! The daemon's options: what they are called in `daemon.json` and on the command line.

use lint_parser::text::near;

/// How an option is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// On or off; as a flag alone it is on.
    Switch,
    /// A value.
    Value,
    /// A list, of which each flag gives one item.
    List,
    /// A map, of which each flag gives one entry. `daemon.json` alone has some of these.
    Map,
}

use OptionKind::{List, Map, Switch, Value};

/// Every option of Docker Engine 20 to 28, by its name in `daemon.json`, with its flag where that is called
/// otherwise, and its letter.
const OPTIONS: &[(&str, &str, Option<char>, OptionKind)] = &[
    ("allow-direct-routing", "", None, Switch),
    ("allow-nondistributable-artifacts", "", None, List),
    ("api-cors-header", "", None, Value),
    ("authorization-plugins", "authorization-plugin", None, List),
    ("bip", "", None, Value),
    ("bip6", "", None, Value),
    ("bridge", "", Some('b'), Value),
    ("bridge-accept-fwmark", "", None, Value),
    ("builder", "", None, Map),
    ("cdi-spec-dirs", "cdi-spec-dir", None, List),
    ("cgroup-parent", "", None, Value),
    ("cluster-advertise", "", None, Value),
    ("cluster-store", "", None, Value),
    ("cluster-store-opts", "cluster-store-opt", None, Map),
    ("config-file", "", None, Value),
    ("containerd", "", None, Value),
    ("containerd-namespace", "", None, Value),
    ("containerd-plugins-namespace", "containerd-plugins-namespace", None, Value),
    ("cpu-rt-period", "", None, Value),
    ("cpu-rt-runtime", "", None, Value),
    ("cri-containerd", "", None, Switch),
    ("data-root", "", None, Value),
    ("debug", "", Some('D'), Switch),
    ("default-address-pools", "default-address-pool", None, List),
    ("default-cgroupns-mode", "", None, Value),
    ("default-gateway", "", None, Value),
    ("default-gateway-v6", "", None, Value),
    ("default-ipc-mode", "", None, Value),
    ("default-network-opts", "default-network-opt", None, Map),
    ("default-runtime", "", None, Value),
    ("default-shm-size", "", None, Value),
    ("default-ulimits", "default-ulimit", None, Map),
    ("dns", "", None, List),
    ("dns-opts", "dns-opt", None, List),
    ("dns-search", "", None, List),
    ("exec-opts", "exec-opt", None, List),
    ("exec-root", "", None, Value),
    ("experimental", "", None, Switch),
    ("features", "", None, Map),
    ("firewall-backend", "", None, Value),
    ("fixed-cidr", "", None, Value),
    ("fixed-cidr-v6", "", None, Value),
    ("graph", "", Some('g'), Value),
    ("group", "", Some('G'), Value),
    ("host-gateway-ip", "", None, Value),
    ("host-gateway-ips", "host-gateway-ip", None, List),
    ("hosts", "host", Some('H'), List),
    ("http-proxy", "", None, Value),
    ("https-proxy", "", None, Value),
    ("icc", "", None, Switch),
    ("init", "", None, Switch),
    ("init-path", "", None, Value),
    ("insecure-registries", "insecure-registry", None, List),
    ("ip", "", None, Value),
    ("ip-forward", "", None, Switch),
    ("ip-forward-no-drop", "", None, Switch),
    ("ip-masq", "", None, Switch),
    ("ip6tables", "", None, Switch),
    ("iptables", "", None, Switch),
    ("ipv6", "", None, Switch),
    ("labels", "label", None, List),
    ("live-restore", "", None, Switch),
    ("log-driver", "", None, Value),
    ("log-format", "", None, Value),
    ("log-level", "", Some('l'), Value),
    ("log-opts", "log-opt", None, Map),
    ("max-concurrent-downloads", "", None, Value),
    ("max-concurrent-uploads", "", None, Value),
    ("max-download-attempts", "", None, Value),
    ("metrics-addr", "", None, Value),
    ("min-api-version", "", None, Value),
    ("mtu", "", None, Value),
    ("network-control-plane-mtu", "", None, Value),
    ("network-diagnostic-port", "", None, Value),
    ("no-new-privileges", "", None, Switch),
    ("no-proxy", "", None, Value),
    ("node-generic-resources", "node-generic-resource", None, List),
    ("oom-score-adjust", "", None, Value),
    ("pidfile", "", Some('p'), Value),
    ("proxies", "", None, Map),
    ("raw-logs", "", None, Switch),
    ("registry-mirrors", "registry-mirror", None, List),
    ("rootless", "", None, Switch),
    ("runtimes", "add-runtime", None, Map),
    ("seccomp-profile", "", None, Value),
    ("selinux-enabled", "", None, Switch),
    ("shutdown-timeout", "", None, Value),
    ("storage-driver", "", Some('s'), Value),
    ("storage-opts", "storage-opt", None, List),
    ("swarm-default-advertise-addr", "", None, Value),
    ("tls", "", None, Switch),
    ("tlscacert", "", None, Value),
    ("tlscert", "", None, Value),
    ("tlskey", "", None, Value),
    ("tlsverify", "", None, Switch),
    ("userland-proxy", "", None, Switch),
    ("userland-proxy-path", "", None, Value),
    ("userns-remap", "", None, Value),
    ("validate", "", None, Switch),
];

/// Whether `daemon.json` has an option of that name.
#[must_use]
pub fn is_option(name: &str) -> bool {
    OPTIONS.iter().any(|option| option.0 == name)
}

/// Whether an option is on or off and nothing else.
#[must_use]
pub fn is_switch(name: &str) -> bool {
    OPTIONS.iter().any(|option| option.0 == name && option.3 == Switch)
}

/// The option somebody meant by a name that is none: a flag's, with its dashes or without, or a misspelling.
#[must_use]
pub fn meant(name: &str) -> Option<&'static str> {
    let bare = name.trim_start_matches('-').replace('_', "-");
    let flag = of_flag(&bare).map(|(key, _)| key).filter(|key| *key != name);
    flag.or_else(|| near::nearest(&bare, OPTIONS.iter().map(|option| option.0)).into_iter().next())
}

/// The option of a long flag, without its dashes.
pub(super) fn of_flag(name: &str) -> Option<(&'static str, OptionKind)> {
    let flag =
        |option: &(&'static str, &'static str, _, _)| if option.1.is_empty() { option.0 } else { option.1 };
    OPTIONS.iter().find(|option| flag(option) == name).map(|option| (option.0, option.3))
}

/// The option of a letter.
pub(super) fn of_letter(letter: char) -> Option<(&'static str, OptionKind)> {
    OPTIONS.iter().find(|option| option.2 == Some(letter)).map(|option| (option.0, option.3))
}
