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

/// A property of a build: what Compose says, what Bake says, the flag, and what is given to an action.
const BUILDS: [(&str, &str, &str, &str); 9] = [
    ("network: host", "network = \"host\"", "--network host", "network: host"),
    ("network: none", "network = \"none\"", "--network=none", "network: none"),
    (
        "entitlements: [security.insecure]",
        "entitlements = [\"security.insecure\"]",
        "--allow security.insecure",
        "allow: security.insecure",
    ),
    (
        "entitlements: [network.host]",
        "entitlements = [\"network.host\"]",
        "--allow=network.host",
        "allow: network.host",
    ),
    ("args: {KNOWN: '1'}", "args = { KNOWN = 1 }", "--build-arg KNOWN=1", "build-args: KNOWN=1"),
    ("args: {NOPE: '1'}", "args = { NOPE = \"1\" }", "--build-arg NOPE=1", "build-args: NOPE=1"),
    (
        "args: {KNOWN: ghp_0123456789abcdefghijABCDEFGHIJ012345}",
        "args = { KNOWN = \"ghp_0123456789abcdefghijABCDEFGHIJ012345\" }",
        "--build-arg KNOWN=ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "build-args: KNOWN=ghp_0123456789abcdefghijABCDEFGHIJ012345",
    ),
    ("target: nope", "target = \"nope\"", "--target nope", "target: nope"),
    ("target: base", "target = \"base\"", "--target base", "target: base"),
];

const DOCKERFILE: (&str, &str) = ("Dockerfile", "ARG KNOWN\nFROM debian:13 AS base\nARG KNOWN\nUSER 1000\n");

/// What an image may be called, and whether that is told.
const IMAGES: [(&str, bool); 6] = [
    ("team/a", true),
    ("team/a:latest", true),
    ("quay.io/team/a", true),
    ("team/a:1", false),
    ("quay.io/team/a:1.2", false),
    ("team/a@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
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
        // What `docker service create` has no flag for is left out.
        let has_flag =
            ["--cap-add", "--mount", "-e", "--stop-signal", "--ulimit", "--read-only", "--network"]
                .iter()
                .any(|known| flag.starts_with(known));
        let service = format!("docker service create {flag} team/a:1\n");
        let inputs = inputs.into_iter().chain(has_flag.then_some(("run.sh", service)));
        // What a stack does not hear is told as that.
        let is_heard = ["cap_add", "volumes", "environment", "stop_signal", "ulimits", "read_only"]
            .iter()
            .any(|known| compose.starts_with(known));
        let stack = format!("services:\n  a:\n    image: team/a:1\n    {compose}\n");
        let is_declared = !compose.contains("data:/data");
        let inputs = inputs.chain((is_heard && is_declared).then_some(("docker-stack.yml", stack)));
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

#[test]
fn the_same_build_yields_the_same_findings() {
    let mut wrong = Vec::new();
    let mut told = 0;
    let rules = |name: &str, text: &str| -> BTreeSet<String> {
        let all = found(&[(name, text), DOCKERFILE], RunProfile::Default);
        all.iter().map(|told| told.split(": ").next().unwrap_or_default().to_owned()).collect()
    };
    for (compose, bake, flag, action) in BUILDS {
        let compose = format!("services:\n  a:\n    build:\n      context: .\n      {compose}\n");
        let all = lint_core::Linter::default().lint_with(
            &[Source::compose("compose.yaml", &compose)],
            &std::collections::BTreeMap::from([(DOCKERFILE.0.to_owned(), DOCKERFILE.1.to_owned())]),
        );
        let of_compose = all.findings().iter().filter(|finding| finding.file().name() == "compose.yaml");
        let wanted: BTreeSet<String> = of_compose.map(|finding| finding.rule().name.to_owned()).collect();
        let wanted: BTreeSet<String> = wanted
            .into_iter()
            .filter(|rule| !ABSENCES.iter().any(|absent| absent.starts_with(&**rule)))
            .collect();
        told += usize::from(!wanted.is_empty());
        let words: Vec<String> = flag.split(' ').map(|word| format!("\"{word}\"")).collect();
        let mut inputs = vec![
            ("run.sh", format!("docker build {flag} .\n")),
            ("Makefile", format!("build:\n\tdocker buildx build -t a \\\n\t  {flag} .\n")),
            ("docker-bake.hcl", format!("target \"a\" {{\n  {bake}\n}}\n")),
            (
                ".github/workflows/a.yml",
                format!(
                    "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          {action}\n"
                ),
            ),
        ];
        if !flag.starts_with("--target") {
            let options = words.join(", ");
            inputs.push((
                ".devcontainer.json",
                format!("{{\"build\": {{\"dockerfile\": \"Dockerfile\", \"options\": [{options}]}}}}\n"),
            ));
        }
        for (name, text) in inputs {
            let found = rules(name, &text);
            if found != wanted {
                wrong.push(format!("{name}: {text}  as Compose: {wanted:?}\n  here: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told >= 6, "only {told} properties are told");
}

#[test]
fn the_same_image_yields_the_same_findings() {
    let mut wrong = Vec::new();
    for (image, is_told) in IMAGES {
        let inputs = [
            ("run.sh", format!("docker run --rm {image}\n")),
            ("run.sh", format!("docker service create {image}\n")),
            ("a.service", format!("[Service]\nExecStart=/usr/bin/podman run {image}\n")),
            ("a.container", format!("[Container]\nImage={image}\n")),
            ("a.image", format!("[Image]\nImage={image}\n")),
            (".devcontainer.json", format!("{{\"image\": \"{image}\"}}\n")),
            (".github/workflows/a.yml", format!("jobs:\n  a:\n    container: {image}\n")),
            (
                ".github/workflows/a.yml",
                format!("jobs:\n  a:\n    services:\n      b:\n        image: {image}\n"),
            ),
            (".github/workflows/a.yml", format!("jobs:\n  a:\n    steps:\n      - uses: docker://{image}\n")),
            ("action.yml", format!("runs:\n  using: docker\n  image: docker://{image}\n")),
            (".gitlab-ci.yml", format!("image: {image}\n")),
            (".gitlab-ci.yml", format!("a:\n  services:\n    - name: {image}\n")),
            (".circleci/config.yml", format!("jobs:\n  a:\n    docker:\n      - image: {image}\n")),
            ("bitbucket-pipelines.yml", format!("image: {image}\n")),
            ("azure-pipelines.yml", format!("jobs:\n  - job: a\n    container: {image}\n")),
            (".drone.yml", format!("steps:\n  - name: a\n    image: {image}\n")),
            (".woodpecker.yml", format!("steps:\n  a:\n    image: {image}\n")),
            ("docker-stack.yml", format!("services:\n  a:\n    image: {image}\n")),
        ];
        for (name, text) in inputs {
            let found = rules(name, &text);
            if found.contains("unpinned-image") != is_told {
                wrong.push(format!("{name}: {text}  here: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
