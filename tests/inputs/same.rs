//! The same container, written in each input that can express it, yields the same findings.

use std::collections::BTreeSet;

use lint_core::{RunProfile, Source};

use crate::{ABSENCES, found};

/// A property: what Compose says, what `docker run` says, and what a Quadlet unit says.
const PROPERTIES: [(&str, &str, &str); 32] = [
    ("privileged: true", "--privileged", "PodmanArgs=--privileged"),
    ("cap_add: [SYS_ADMIN]", "--cap-add SYS_ADMIN", "AddCapability=SYS_ADMIN"),
    ("cap_add: [ALL]", "--cap-add=ALL", "AddCapability=ALL"),
    ("cap_add: [NET_RAW]", "--cap-add NET_RAW", "AddCapability=NET_RAW"),
    ("cap_add: [NO_SUCH]", "--cap-add NO_SUCH", "AddCapability=NO_SUCH"),
    ("pid: host", "--pid host", "PodmanArgs=--pid=host"),
    ("ipc: host", "--ipc=host", "PodmanArgs=--ipc=host"),
    ("uts: host", "--uts=host", "PodmanArgs=--uts host"),
    ("userns_mode: host", "--userns host", "UserNS=host"),
    ("cgroup: host", "--cgroupns host", "PodmanArgs=--cgroupns=host"),
    ("network_mode: host", "--network host", "Network=host"),
    ("network_mode: none", "--network none", "Network=none"),
    (
        "security_opt: ['seccomp=unconfined']",
        "--security-opt seccomp=unconfined",
        "SeccompProfile=unconfined",
    ),
    ("security_opt: ['apparmor=unconfined']", "--security-opt apparmor=unconfined", "AppArmor=unconfined"),
    ("security_opt: ['label=disable']", "--security-opt label=disable", "SecurityLabelDisable=true"),
    (
        "security_opt: ['systempaths=unconfined']",
        "--security-opt systempaths=unconfined",
        "PodmanArgs=--security-opt systempaths=unconfined",
    ),
    (
        "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
        "-v /var/run/docker.sock:/var/run/docker.sock",
        "Volume=/var/run/docker.sock:/var/run/docker.sock",
    ),
    ("volumes: ['/:/host']", "-v /:/host", "Volume=/:/host"),
    ("volumes: ['/etc:/e']", "-v/etc:/e", "Volume=/etc:/e"),
    ("volumes: ['/etc:/e:ro']", "--volume=/etc:/e:ro", "Volume=/etc:/e:ro"),
    ("volumes: ['/proc:/p']", "-v /proc:/p", "Volume=/proc:/p"),
    ("volumes: ['/srv/a:/a:shared']", "-v /srv/a:/a:shared", "Volume=/srv/a:/a:shared"),
    ("volumes: ['data:/data']", "-v data:/data", "Volume=data:/data"),
    (
        "volumes: [{type: bind, source: /boot, target: /b}]",
        "--mount type=bind,source=/boot,target=/b",
        "Mount=type=bind,source=/boot,target=/b",
    ),
    ("devices: ['/dev/mem']", "--device /dev/mem", "AddDevice=/dev/mem"),
    ("tmpfs: ['/tmp:exec']", "--tmpfs /tmp:exec", "Tmpfs=/tmp:exec"),
    (
        "environment: ['A=ghp_0123456789abcdefghijABCDEFGHIJ012345']",
        "-e A=ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "Environment=A=ghp_0123456789abcdefghijABCDEFGHIJ012345",
    ),
    ("environment: ['A=b']", "-eA=b", "Environment=A=b"),
    ("stop_signal: SIGNONE", "--stop-signal SIGNONE", "StopSignal=SIGNONE"),
    ("ulimits: {nofile: -1}", "--ulimit nofile=-1", "Ulimit=nofile=-1"),
    ("group_add: [docker]", "--group-add docker", "GroupAdd=docker"),
    ("read_only: true", "--read-only", "ReadOnly=true"),
];

/// The rules that find something in a file, without those about what is merely absent.
fn rules(name: &str, text: &str) -> BTreeSet<String> {
    let all = match name {
        "compose.yaml" => {
            let report = lint_core::Linter::default().lint(&[Source::compose(name, text)]);
            report.findings().iter().map(|finding| format!("{}: ", finding.rule().name)).collect()
        }
        _ => found(&[(name, text)], RunProfile::Default),
    };
    let rule = |told: String| told.split(": ").next().unwrap_or_default().to_owned();
    let is_absent = |told: &String| ABSENCES.iter().any(|rule| told.starts_with(rule));
    all.into_iter().filter(|told| !is_absent(told)).map(rule).collect()
}

#[test]
fn the_same_container_yields_the_same_findings() {
    let mut wrong = Vec::new();
    let mut told = 0;
    for (compose, flag, quadlet) in PROPERTIES {
        let mut wanted =
            rules("compose.yaml", &format!("services:\n  a:\n    image: team/a:1\n    {compose}\n"));
        // What a Compose file must declare, a command line need not.
        wanted.remove("invalid-compose");
        told += usize::from(!wanted.is_empty());
        let words: Vec<String> = flag.split(' ').map(|word| format!("\"{word}\"")).collect();
        let inputs = [
            ("run.sh", format!("docker run -d {flag} team/a:1\n")),
            ("Makefile", format!("up:\n\tpodman run -d \\\n\t  {flag} team/a:1\n")),
            ("justfile", format!("up:\n    docker create {flag} team/a:1\n")),
            ("Taskfile.yml", format!("tasks:\n  up:\n    cmds:\n      - docker run -d {flag} team/a:1\n")),
            ("package.json", format!("{{\"scripts\": {{\"up\": \"docker run -d {flag} team/a:1\"}}}}\n")),
            ("a.service", format!("[Service]\nExecStart=/usr/bin/docker run {flag} team/a:1\n")),
            (
                ".github/workflows/a.yml",
                format!("jobs:\n  a:\n    container:\n      image: team/a:1\n      options: {flag}\n"),
            ),
            (
                "azure-pipelines.yml",
                format!("jobs:\n  - job: a\n    container:\n      image: team/a:1\n      options: {flag}\n"),
            ),
            (
                ".devcontainer/devcontainer.json",
                format!("{{\"image\": \"team/a:1\", \"runArgs\": [{}]}}\n", words.join(", ")),
            ),
            ("a.container", format!("[Container]\nImage=team/a:1\n{quadlet}\n")),
        ];
        for (name, text) in inputs {
            let found = rules(name, &text);
            if found != wanted {
                wrong.push(format!("{name}: {text}  as Compose: {wanted:?}\n  here: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told >= 24, "only {told} properties are told");
}
