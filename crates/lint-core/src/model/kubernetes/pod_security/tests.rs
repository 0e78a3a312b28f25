use lint_parser::compose::value::SourceId;
use lint_parser::text::source::SourceFile;

use super::*;
use crate::model::kubernetes::manifest::Manifest;

/// A pod of the restricted level, with places for what is added: to the pod, its security context and those of its containers.
const POD: &str = "apiVersion: v1
kind: Pod
metadata:
  name: p
  annotations: {a: b, %annotation%}
spec:
  %pod%
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, %context%}
  containers:
  - name: container1
    image: registry.k8s.io/pause
    %container%
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL], %capabilities%}, %security%}
  initContainers:
  - name: initcontainer1
    image: registry.k8s.io/pause
    %init%
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, %initSecurity%}
";

const PLACES: [&str; 8] =
    ["annotation", "pod", "context", "container", "capabilities", "security", "init", "initSecurity"];

fn verdict_of(text: &str, version: &str) -> Verdict {
    let manifest = Manifest::read(SourceFile::new("pod.yaml", text), SourceId::default());
    assert!(manifest.errors.is_empty(), "{:?}\n{text}", manifest.errors);
    judge(&Pod::of(&manifest.objects[0]).unwrap(), version.parse().unwrap())
}

/// The level of the pod with something at a place, and the controls that it breaks.
fn level(place: &str, added: &str, version: &str) -> (PodSecurityLevel, Vec<&'static str>) {
    assert!(place.is_empty() || PLACES.contains(&place));
    let text = PLACES.iter().fold(POD.to_owned(), |text, known| {
        let blank = format!("%{known}%");
        match *known == place {
            true => text.replace(&blank, added),
            false => text.replace(&format!(", {blank}"), "").replace(&blank, ""),
        }
    });
    let verdict = verdict_of(&text, version);
    let mut controls: Vec<_> = verdict.violations.iter().map(|violation| violation.control).collect();
    controls.dedup();
    (verdict.level, controls)
}

const PRIVILEGED: PodSecurityLevel = PodSecurityLevel::Privileged;
const BASELINE: PodSecurityLevel = PodSecurityLevel::Baseline;
const RESTRICTED: PodSecurityLevel = PodSecurityLevel::Restricted;

#[test]
fn the_least_restricted_pod_is_restricted_in_every_version() {
    for minor in 0..=37 {
        assert_eq!(level("", "", &format!("v1.{minor}")), (RESTRICTED, vec![]), "v1.{minor}");
    }
}

#[test]
fn each_control_of_the_baseline_is_judged_at_each_place() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("pod", "hostNetwork: true", "v1.0", "hostNamespaces"),
        ("pod", "hostPID: true", "latest", "hostNamespaces"),
        ("pod", "hostIPC: yes", "latest", "hostNamespaces"),
        ("security", "privileged: true", "v1.0", "privileged"),
        ("initSecurity", "privileged: true", "latest", "privileged"),
        ("container", "ports: [{containerPort: 80, hostPort: 12345}]", "v1.0", "hostPorts"),
        ("init", "ports: [{containerPort: 80}, {containerPort: 81, hostPort: 12346}]", "latest", "hostPorts"),
        (
            "container",
            "livenessProbe: {httpGet: {port: 80, host: 8.8.8.8}}",
            "v1.34",
            "hostProbesAndHostLifecycle",
        ),
        (
            "container",
            "readinessProbe: {tcpSocket: {port: 80, host: a}}",
            "latest",
            "hostProbesAndHostLifecycle",
        ),
        (
            "init",
            "startupProbe: {httpGet: {port: 80, host: 127.0.0.1}}",
            "latest",
            "hostProbesAndHostLifecycle",
        ),
        (
            "container",
            "lifecycle: {postStart: {httpGet: {port: 80, host: a}}}",
            "latest",
            "hostProbesAndHostLifecycle",
        ),
        (
            "container",
            "lifecycle: {preStop: {tcpSocket: {port: 80, host: a}}}",
            "latest",
            "hostProbesAndHostLifecycle",
        ),
        (
            "annotation",
            "container.apparmor.security.beta.kubernetes.io/container1: unconfined",
            "v1.0",
            "appArmorProfile",
        ),
        ("context", "appArmorProfile: {type: Unconfined}", "latest", "appArmorProfile"),
        ("security", "appArmorProfile: {type: Unconfined}", "latest", "appArmorProfile"),
        ("initSecurity", "appArmorProfile: {}", "latest", "appArmorProfile"),
        ("context", "seLinuxOptions: {type: spc_t}", "latest", "seLinuxOptions"),
        ("security", "seLinuxOptions: {type: somevalue}", "v1.0", "seLinuxOptions"),
        ("security", "seLinuxOptions: {type: container_engine_t}", "v1.30", "seLinuxOptions"),
        ("initSecurity", "seLinuxOptions: {user: somevalue}", "latest", "seLinuxOptions"),
        ("context", "seLinuxOptions: {role: somevalue}", "latest", "seLinuxOptions"),
        ("context", "sysctls: [{name: othersysctl, value: other}]", "latest", "sysctls"),
        ("context", "sysctls: [{name: net.ipv4.ip_local_reserved_ports, value: a}]", "v1.26", "sysctls"),
        ("context", "sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '1'}]", "v1.28", "sysctls"),
        ("context", "sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]", "v1.31", "sysctls"),
        ("context", "sysctls: [{name: net.ipv4.tcp_notsent_lowat, value: '1'}]", "v1.36", "sysctls"),
        ("context", "windowsOptions: {hostProcess: true}", "latest", "windowsHostProcess"),
        ("initSecurity", "windowsOptions: {hostProcess: true}", "v1.0", "windowsHostProcess"),
        (
            "annotation",
            "seccomp.security.alpha.kubernetes.io/pod: unconfined",
            "v1.18",
            "seccompProfile_baseline",
        ),
        (
            "annotation",
            "container.seccomp.security.alpha.kubernetes.io/initcontainer1: unconfined",
            "v1.0",
            "seccompProfile_baseline",
        ),
        (
            "pod",
            "ephemeralContainers: [{name: e, securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, privileged: true}}]",
            "latest",
            "privileged",
        ),
    ];
    for (place, added, version, control) in cases {
        assert_eq!(level(place, added, version), (PRIVILEGED, vec![*control]), "{version}: {added}");
    }
    // What both levels judge is told of both.
    let both: &[(&str, &str, &str, [&str; 2])] = &[
        ("capabilities", "add: [NET_RAW]", "latest", ["capabilities_baseline", "capabilities_restricted"]),
        (
            "pod",
            "volumes: [{name: v, hostPath: {path: /a}}]",
            "v1.0",
            ["hostPathVolumes", "restrictedVolumes"],
        ),
        ("security", "procMount: Unmasked", "latest", ["procMount_baseline", "procMount_restricted"]),
        (
            "security",
            "seccompProfile: {type: Unconfined}",
            "v1.19",
            ["seccompProfile_baseline", "seccompProfile_restricted"],
        ),
    ];
    for (place, added, version, controls) in both {
        assert_eq!(level(place, added, version), (PRIVILEGED, controls.to_vec()), "{version}: {added}");
    }
    assert_eq!(level("capabilities", "add: [NET_RAW]", "v1.21"), (PRIVILEGED, vec!["capabilities_baseline"]));
}

#[test]
fn what_the_baseline_allows_is_at_most_not_restricted() {
    for (place, added, version) in [
        ("pod", "hostNetwork: false", "latest"),
        ("security", "privileged: false", "latest"),
        ("container", "ports: [{containerPort: 80, hostPort: 0}]", "latest"),
        ("container", "livenessProbe: {httpGet: {port: 80, host: 8.8.8.8}}", "v1.33"),
        ("container", "livenessProbe: {httpGet: {port: 80, host: ''}}", "latest"),
        ("annotation", "container.apparmor.security.beta.kubernetes.io/container1: localhost/foo", "latest"),
        ("annotation", "container.apparmor.security.beta.kubernetes.io/container1: ''", "latest"),
        ("context", "appArmorProfile: {type: Localhost, localhostProfile: a}", "latest"),
        ("context", "seLinuxOptions: {type: container_kvm_t, level: somevalue}", "latest"),
        ("context", "seLinuxOptions: {type: container_engine_t}", "v1.31"),
        ("context", "seLinuxOptions: {type: '', user: '', role: ''}", "latest"),
        ("security", "procMount: Default", "latest"),
        ("context", "sysctls: [{name: kernel.shm_rmid_forced, value: '0'}]", "v1.0"),
        ("context", "sysctls: [{name: net.ipv4.ip_local_reserved_ports, value: a}]", "v1.27"),
        ("context", "sysctls: [{name: net.ipv4.tcp_fin_timeout, value: '1'}]", "v1.29"),
        ("context", "sysctls: [{name: net.ipv4.tcp_wmem, value: '1'}]", "v1.32"),
        ("context", "sysctls: [{name: net.ipv4.tcp_slow_start_after_idle, value: '1'}]", "latest"),
        ("context", "windowsOptions: {hostProcess: false}", "latest"),
        ("capabilities", "add: [NET_BIND_SERVICE]", "latest"),
        ("pod", "volumes: [{name: a}, {name: b, emptyDir: {}}, {name: c, image: {reference: a}}]", "latest"),
        ("annotation", "seccomp.security.alpha.kubernetes.io/pod: unconfined", "v1.19"),
        ("security", "runAsUser: 1000", "latest"),
        ("context", "runAsUser: 0", "v1.22"),
        ("security", "privileged: null", "latest"),
    ] {
        assert_eq!(level(place, added, version), (RESTRICTED, vec![]), "{version}: {added}");
    }
}

#[test]
fn each_control_of_the_restricted_level_is_judged() {
    for (place, added, version, control) in [
        ("pod", "volumes: [{name: v, nfs: {server: a, path: /}}]", "v1.0", "restrictedVolumes"),
        ("pod", "volumes: [{name: v, gitRepo: {repository: a}}]", "latest", "restrictedVolumes"),
        ("capabilities", "add: [CHOWN]", "v1.22", "capabilities_restricted"),
        ("security", "runAsUser: 0", "v1.23", "runAsUser"),
        ("context", "runAsUser: 0", "latest", "runAsUser"),
        ("security", "runAsNonRoot: false", "v1.0", "runAsNonRoot"),
        ("initSecurity", "runAsNonRoot: false", "latest", "runAsNonRoot"),
        (
            "pod",
            "ephemeralContainers: [{name: e, securityContext: {capabilities: {drop: [ALL]}}}]",
            "latest",
            "allowPrivilegeEscalation",
        ),
    ] {
        assert_eq!(level(place, added, version), (BASELINE, vec![control]), "{version}: {added}");
    }
    let edited = |from: &str, to: &str| {
        let text = PLACES.iter().fold(POD.to_owned(), |text, place| {
            text.replace(&format!(", %{place}%"), "").replace(&format!("%{place}%"), "")
        });
        text.replacen(from, to, 1)
    };
    for (from, to, version, control) in [
        ("runAsNonRoot: true, ", "", "latest", "runAsNonRoot"),
        ("runAsNonRoot: true, ", "runAsNonRoot: false, ", "latest", "runAsNonRoot"),
        (", seccompProfile: {type: RuntimeDefault}", "", "v1.19", "seccompProfile_restricted"),
        ("drop: [ALL]", "drop: [all]", "latest", "capabilities_restricted"),
        ("capabilities: {drop: [ALL]}", "", "latest", "capabilities_restricted"),
        ("allowPrivilegeEscalation: false, ", "", "v1.8", "allowPrivilegeEscalation"),
        (
            "allowPrivilegeEscalation: false, ",
            "allowPrivilegeEscalation: true, ",
            "latest",
            "allowPrivilegeEscalation",
        ),
        (
            "allowPrivilegeEscalation: false, ",
            "allowPrivilegeEscalation: 'false', ",
            "latest",
            "allowPrivilegeEscalation",
        ),
    ] {
        let verdict = verdict_of(&edited(from, to), version);
        let mut controls: Vec<_> = verdict.violations.iter().map(|found| found.control).collect();
        controls.dedup();
        assert_eq!((verdict.level, controls), (BASELINE, vec![control]), "{version}: {from} -> {to}");
    }
    for (from, to, version) in [
        ("allowPrivilegeEscalation: false, ", "", "v1.7"),
        ("capabilities: {drop: [ALL]}", "", "v1.21"),
        (", seccompProfile: {type: RuntimeDefault}", "", "v1.18"),
    ] {
        assert_eq!(verdict_of(&edited(from, to), version).level, RESTRICTED, "{version}: {from} -> {to}");
    }
}

#[test]
fn windows_and_user_namespaces_are_asked_less() {
    let windows = "apiVersion: v1\nkind: Pod\nmetadata: {name: w}\nspec:\n  os: {name: windows}\n  securityContext: {runAsNonRoot: true}\n  containers: [{name: a, image: b}]\n";
    assert_eq!(verdict_of(windows, "v1.25").level, RESTRICTED);
    assert_eq!(verdict_of(windows, "v1.24").level, BASELINE);
    let own_users = "apiVersion: v1\nkind: Pod\nmetadata: {name: u}\nspec:\n  hostUsers: false\n  securityContext: {seccompProfile: {type: RuntimeDefault}, runAsUser: 0}\n  containers:\n  - name: a\n    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n";
    assert_eq!(verdict_of(own_users, "latest").level, RESTRICTED);
    assert_eq!(verdict_of(own_users, "v1.34").level, BASELINE);
    let unmasked = own_users.replace("{allow", "{procMount: Unmasked, allow");
    assert_eq!(verdict_of(&unmasked, "latest").level, BASELINE);
    assert_eq!(verdict_of(&unmasked, "v1.34").level, PRIVILEGED);
}

#[test]
fn fields_and_lines_are_those_of_the_workload() {
    let text = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\nspec:\n  jobTemplate:\n    spec:\n      template:\n        metadata:\n          annotations:\n            container.apparmor.security.beta.kubernetes.io/a: unconfined\n        spec:\n          hostPID: true\n          containers:\n          - name: a\n";
    let verdict = verdict_of(text, "latest");
    let fields: Vec<_> = verdict.violations.iter().map(|found| found.field.as_str()).collect();
    assert_eq!(fields[0], "spec.jobTemplate.spec.template.spec.hostPID");
    assert_eq!(
        fields[1],
        "spec.jobTemplate.spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]"
    );
    assert_eq!(
        fields[2],
        "spec.jobTemplate.spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation"
    );
    assert_eq!(verdict.violations[0].origin.span.slice(text), "true");
}
