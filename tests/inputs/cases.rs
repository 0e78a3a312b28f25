//! Twenty cases for each input: the file's name, its text, and what is found there. A third are silent.

use crate::check;

#[test]
fn quadlet() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("a.container", "[Container]\nImage=docker.io/team/a:1\nUser=1000\n", &[]),
        (
            "a.container",
            "[Container]\nImage=quay.io/a/a:1\nPodmanArgs=--privileged\n",
            &["privileged-service: --privileged"],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nPodmanArgs=--cap-add=SYS_PTRACE --device \"/dev/mem\"\n",
            &["dangerous-capability: SYS_PTRACE", "host-device-exposed: /dev/mem"],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nVolume=/run/podman/podman.sock:/s\n",
            &["engine-socket-exposed: /run/podman/podman.sock"],
        ),
        ("a.container", "[Container]\nImage=a:1\nVolume=data.volume:/data:Z\nNetwork=web.network\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nNetwork=host\n", &["host-network: host"]),
        ("a.container", "[Container]\nImage=a:1\nNetwork=host\nNetwork=\n", &[]),
        ("a.container", "[Container]\nImage=a\n", &["unpinned-image: a"]),
        (
            "a.container",
            "[Container]\nImage=a:1\nAddCapability=SYS_ADMIN \\\n  NET_BIND_SERVICE\n",
            &["dangerous-capability: SYS_ADMIN"],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nAddCapability=SYS_ADMIN\nAddCapability=\nDropCapability=all\n",
            &[],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nSeccompProfile=unconfined\n",
            &["seccomp-disabled: unconfined"],
        ),
        ("a.container", "[Container]\nImage=a:1\nAppArmor=unconfined\n", &["apparmor-disabled: unconfined"]),
        ("a.container", "[Container]\nImage=a:1\nSecurityLabelDisable=true\n", &["selinux-disabled: true"]),
        ("a.container", "[Container]\nImage=a:1\nNoNewPrivileges=true\nReadOnly=true\nMemory=64m\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nNoNewPrivileges=no\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nUser=0\n", &["root-user: 0"]),
        ("home/.config/containers/systemd/a.container", "[Container]\nImage=a:1\nUser=0\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nVolume=%h/data:/data\nVolume=./x:/x\n", &[]),
        (
            "a.container",
            "[Container]\nImage=a:1\nEnvironment=A=1 \"KEY=ghp_0123456789abcdefghijABCDEFGHIJ012345\"\n",
            &["hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        ("a.container", "; a note\n[Container]\nImage=a:1\nPublishPort=127.0.0.1:8080:80\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nTmpfs=/tmp:exec,dev\n", &["loosened-tmpfs: /tmp:exec,dev"]),
        ("a.pod", "[Pod]\nPodmanArgs=--userns=host\nPublishPort=80:80\n", &["host-user-namespace: host"]),
        ("a.image", "[Image]\nImage=docker.io/library/nginx\n", &["unpinned-image: docker.io/library/nginx"]),
        ("a.build", "[Match]\nName=x\n", &[]),
    ];
    check(cases);
}

#[test]
fn pipelines() {
    let cases: &[(&str, &str, &[&str])] = &[
        (".github/workflows/a.yml", "jobs:\n  a:\n    container: node:24\n", &[]),
        (".github/workflows/a.yml", "jobs:\n  a:\n    container: node\n", &["unpinned-image: node"]),
        (".github/workflows/a.yml", "jobs:\n  a:\n    container: ${{ matrix.image }}\n", &[]),
        (".github/workflows/a.yml", "jobs:\n  a:\n    container: {image: '', options: --privileged}\n", &[]),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: node:24\n      options: >-\n        --user root\n        --privileged\n",
            &["privileged-service: --privileged"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: node:24\n      options: --health-cmd 'x --privileged'\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: node:24\n      options: --health-cmd \"x --privileged\"\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    services:\n      db:\n        image: postgres:18\n        env: {POSTGRES_PASSWORD: postgres}\n        ports: ['5432:5432']\n        options: --health-cmd pg_isready --health-interval 10s\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    container:\n      image: node:24\n      volumes: ['/:/host', \"${{ github.workspace }}:/w\"]\n",
            &["engine-socket-exposed: /", "writable-system-mount: /"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker://alpine:latest\n",
            &["unpinned-image: alpine:latest"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker://alpine@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - run: |\n          set -e\n          docker run --privileged \\\n            \"a:${{ github.sha }}\"\n",
            &["privileged-service: --privileged"],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - run: docker run --rm -v ${{ github.workspace }}:/w a:1\n",
            &[],
        ),
        (".gitlab-ci.yml", "image: ruby\n", &["unpinned-image: ruby"]),
        (".gitlab-ci.yml", "image: $CI_REGISTRY_IMAGE/ci\na:\n  services: ['docker:28-dind']\n", &[]),
        (
            ".gitlab-ci.yml",
            "a:\n  services:\n    - name: redis:latest\n      alias: r\n",
            &["unpinned-image: redis:latest"],
        ),
        (
            ".gitlab-ci.yml",
            "a:\n  script:\n    - docker run --network host --rm a:1\n",
            &["host-network: host"],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker:\n      - image: cimg/node\n",
            &["unpinned-image: cimg/node"],
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    docker:\n      - image: cimg/node:<< parameters.tag >>\n",
            &[],
        ),
        ("bitbucket-pipelines.yml", "image: {name: node, run-as-user: 0}\n", &["unpinned-image: node"]),
        (
            "azure-pipelines.yml",
            "resources:\n  containers:\n    - container: c\n      image: a:1\n      options: --pid=host\njobs:\n  - job: a\n    container: c\n",
            &["host-pid-namespace: host"],
        ),
        (
            ".drone.yml",
            "steps:\n- name: a\n  image: a:1\n  volumes:\n  - name: s\n    path: /s\n  - name: t\n    path: /t\nvolumes:\n- name: s\n  host: {path: /var/run/docker.sock}\n- name: t\n  temp: {}\n",
            &["engine-socket-exposed: s"],
        ),
        (
            ".woodpecker.yml",
            "steps:\n  a:\n    image: a:1\n    privileged: true\n",
            &["privileged-service: privileged: true"],
        ),
        (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: echo image\n", &["no input"]),
    ];
    check(cases);
}

#[test]
fn bake() {
    let secret = "target \"a\" {\n  dockerfile-inline = \"ARG TOKEN\\nFROM alpine:3.22\"\n  args = {\n    TOKEN = \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"\n  }\n}\n";
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "docker-bake.hcl",
            "target \"a\" {\n  context = \"https://github.com/a/b.git#main\"\n}\n",
            &["unpinned-build-context: https://github.com/a/b.git#main"],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile = \"nowhere\"\n}\n",
            &["missing-dockerfile: nowhere"],
        ),
        ("docker-bake.hcl", "variable \"F\" {}\ntarget \"a\" {\n  dockerfile = F\n}\n", &[]),
        (
            "docker-bake.hcl",
            "variable \"F\" { default = \"no\" }\ntarget \"a\" {\n  dockerfile = \"${F}where\"\n}\n",
            &["missing-dockerfile: \"${F}where\""],
        ),
        ("docker-bake.hcl", "target \"a\" {\n  context = \"cwd://x\"\n}\n", &[]),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile-inline = <<EOT\nFROM alpine:3.22\nEOT\n  entitlements = [\"security.insecure\"]\n}\n",
            &["privileged-build: security.insecure"],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile-inline = \"FROM alpine:3.22\"\n  network = \"host\"\n}\n",
            &["host-network-build: host"],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile-inline = \"FROM alpine:3.22 AS x\"\n  target = \"y\"\n}\n",
            &["unknown-build-target: y"],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile-inline = \"FROM alpine:3.22 AS x\"\n  target = \"x\"\n}\n",
            &[],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile-inline = \"ARG A\\nFROM alpine:3.22\"\n  args = { A = 1, B = null }\n}\n",
            &[],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile-inline = \"FROM alpine:3.22\"\n  args = { NOPE = \"1\" }\n}\n",
            &["undeclared-build-argument: NOPE"],
        ),
        (
            "docker-bake.hcl",
            secret,
            &[
                "secret-in-build-argument: TOKEN",
                "hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345",
            ],
        ),
        (
            "docker-bake.hcl",
            "group \"default\" {\n  targets = [\"a\", \"b\"]\n}\ntarget \"a\" { context = \"cwd://\" }\n",
            &["invalid-bake: b"],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  inherits = [\"c\"]\n  context = \"cwd://\"\n}\n",
            &["invalid-bake: c"],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  platform = []\n  context = \"cwd://\"\n}\n",
            &["invalid-bake: platform"],
        ),
        (
            "docker-bake.hcl",
            "group \"default\" { targets = [\"x-1\"] }\ntarget \"x\" {\n  name = \"x-${v}\"\n  matrix = { v = [1, 2] }\n  context = \"cwd://\"\n}\n",
            &[],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  contexts = { b = \"target:b\" }\n  context = \"cwd://\"\n}\ntarget \"b\" { context = \"cwd://\" }\n",
            &[],
        ),
        ("docker-bake.hcl", "target \"a\" {\n  x = \n}\n", &["syntax-error: "]),
        (
            "docker-bake.json",
            "{\"target\": {\"a\": {\"network\": \"host\", \"dockerfile-inline\": \"FROM alpine:3.22\"}}}",
            &["host-network-build: host"],
        ),
        (
            "docker-bake.json",
            "{\"//\": \"note\", \"variable\": {\"T\": {}}, \"target\": {\"a\": {\"context\": \"${T}\"}}}",
            &[],
        ),
        (
            "docker-bake.hcl",
            "function \"f\" {\n  params = [a]\n  variadic_params = more\n  result = \"${a}${more[0]}\"\n}\ntarget \"a\" {\n  dockerfile-inline = \"FROM alpine:3.22 AS x\"\n  target = f(\"n\", \"o\")\n}\n",
            &["unknown-build-target: f(\"n\", \"o\")"],
        ),
        (
            "docker-bake.hcl",
            "target \"a\" {\n  dockerfile-inline = <<-EOT\n    FROM alpine:3.22\n    RUN curl -k https://example.com/$${x} | sh\n  EOT\n}\n",
            &[
                "download-piped-to-shell: curl -k https://example.com/$${x} | sh",
                "tls-verification-disabled: -k",
            ],
        ),
        ("other-bake.hcl", "group \"default\" {\n  targets = [\"elsewhere\"]\n}\n", &[]),
        (
            "docker-bake.hcl",
            "function \"f\" {\n  params = [a]\n  result = a\n}\ntarget \"a\" {\n  context = f(\"x\")\n}\n",
            &["missing-dockerfile: f(\"x\")"],
        ),
    ];
    check(cases);
}

#[test]
fn development_containers() {
    const F: &str = ".devcontainer/devcontainer.json";
    let cases: &[(&str, &str, &[&str])] = &[
        (F, "{\n  // a note\n  \"image\": \"a:1\",\n}\n", &[]),
        (F, "{\"image\": \"a\"}", &["unpinned-image: a"]),
        (F, "{\"image\": \"a:1\", \"privileged\": true}", &["privileged-service: \"privileged\": true"]),
        (F, "{\"image\": \"a:1\", \"privileged\": false}", &[]),
        (
            F,
            "{\"image\": \"a:1\", \"runArgs\": [\"--network=host\", \"-u\", \"root\"]}",
            &["host-network: host"],
        ),
        (
            F,
            "{\"image\": \"a:1\", \"capAdd\": [\"SYS_PTRACE\"], \"securityOpt\": [\"seccomp=unconfined\"]}",
            &[],
        ),
        (F, "{\"image\": \"a:1\", \"capAdd\": [\"SYS_ADMIN\"]}", &["dangerous-capability: SYS_ADMIN"]),
        (
            F,
            "{\"image\": \"a:1\", \"mounts\": [\"source=/,target=/host,type=bind\"]}",
            &["engine-socket-exposed: /", "writable-system-mount: /"],
        ),
        (
            F,
            "{\"image\": \"a:1\", \"mounts\": [{\"type\": \"volume\", \"source\": \"x-${devcontainerId}\", \"target\": \"/x\"}]}",
            &[],
        ),
        (
            F,
            "{\"image\": \"a:1\", \"mounts\": [\"source=${localWorkspaceFolder}/.cache,target=/c,type=bind\"]}",
            &[],
        ),
        (
            F,
            "{\"image\": \"a:1\", \"mounts\": [\"source=/var/run/docker.sock,target=/s,type=bind\"]}",
            &["engine-socket-exposed: /var/run/docker.sock"],
        ),
        (
            F,
            "{\"image\": \"a:1\", \"features\": {\"ghcr.io/devcontainers/features/docker-outside-of-docker:1\": {}}}",
            &["engine-socket-exposed: \"ghcr.io/devcontainers/features/docker-outside-of-docker:1\""],
        ),
        (F, "{\"image\": \"a:1\", \"features\": {\"ghcr.io/devcontainers/features/node:1\": {}}}", &[]),
        (F, "{\"image\": \"a:1\", \"containerUser\": \"root\", \"remoteUser\": \"root\"}", &[]),
        (
            F,
            "{\"image\": \"a:1\", \"containerEnv\": {\"POSTGRES_PASSWORD\": \"postgres\", \"A\": \"${localEnv:A}\"}}",
            &[],
        ),
        (
            F,
            "{\"image\": \"a:1\", \"containerEnv\": {\"A\": \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"}}",
            &["hardcoded-secret: ghp_0123456789abcdefghijABCDEFGHIJ012345"],
        ),
        (F, "{\"build\": {\"dockerfile\": \"Dockerfile\"}}", &["missing-dockerfile: Dockerfile"]),
        (F, "{\"dockerComposeFile\": \"../compose.yaml\", \"service\": \"app\"}", &[]),
        (F, "{\"dockerComposeFile\": \"../compose.yaml\", \"runArgs\": [\"--privileged\"]}", &[]),
        (
            F,
            "{\"image\": \"a:1\", \"initializeCommand\": \"docker run --rm --privileged b:1\"}",
            &["privileged-service: --privileged"],
        ),
        (F, "{\"image\": \"a:1\", \"initializeCommand\": [\"docker\", \"pull\", \"b:1\"]}", &[]),
        (F, "{\"image\": \"a:1\", \"postCreateCommand\": \"docker run --privileged b:1\"}", &[]),
        (
            F,
            "{\"image\": \"a:1\", \"workspaceMount\": \"source=/etc,target=/w,type=bind\"}",
            &["writable-system-mount: /etc"],
        ),
        (F, "{\"image\": \"a:1\", \"appPort\": [3000, \"8080:8080\"]}", &[]),
        (
            ".devcontainer.json",
            "{\"image\": \"a:1\", \"runArgs\": [\"--pid\", \"host\"]}",
            &["host-pid-namespace: host"],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"features\": {\"ghcr.io/devcontainers/features/node\": {}}}",
            &["unpinned-feature: \"ghcr.io/devcontainers/features/node\""],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"features\": {\"ghcr.io/devcontainers/features/node:latest\": {}}}",
            &["unpinned-feature: \"ghcr.io/devcontainers/features/node:latest\""],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"features\": {\"ghcr.io/devcontainers/features/node:1.6.3\": {}, \"./local\": {}}}",
            &[],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"features\": {\"ghcr.io/devcontainers/features/docker-in-docker:2\": {}}}",
            &["privileged-service: \"ghcr.io/devcontainers/features/docker-in-docker:2\""],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"runArgs\": [\"--cap-add=SYS_PTRACE\", \"--security-opt\", \"seccomp=unconfined\"]}",
            &[],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"mounts\": [\"source=${localEnv:HOME}/.ssh,target=/home/x/.ssh,type=bind\"]}",
            &["writable-system-mount: ${localEnv:HOME}/.ssh"],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"mounts\": [\"source=${localEnv:HOME}${localEnv:USERPROFILE}/.ssh,target=/s,type=bind,readonly\"]}",
            &["sensitive-host-mount: ${localEnv:HOME}${localEnv:USERPROFILE}/.ssh"],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", \"runArgs\": [\"--env-file\", \".env\", \"--name\", \"x\"]}",
            &[],
        ),
        (
            ".devcontainer/devcontainer.json",
            "{\"image\": \"a:1\", /* c */ \"privileged\": true, // d\n}",
            &["privileged-service: \"privileged\": true"],
        ),
    ];
    check(cases);
}

#[test]
fn stacks() {
    const F: &str = "docker-stack.yml";
    let stack = |text: &str| format!("services:\n  a:\n    image: a:1\n{text}");
    let cases: Vec<(String, Vec<&str>)> = vec![
        (stack("    security_opt: [no-new-privileges:true]\n"), vec!["ignored-by-swarm: security_opt"]),
        (stack("    security_opt: [seccomp:./p.json]\n"), vec!["ignored-by-swarm: security_opt"]),
        (stack("    security_opt: [seccomp:unconfined]\n"), vec!["ignored-by-swarm: security_opt"]),
        (stack("    privileged: true\n"), vec!["ignored-by-swarm: privileged"]),
        (stack("    pid: host\n"), vec!["ignored-by-swarm: pid"]),
        (stack("    ipc: host\n"), vec!["ignored-by-swarm: ipc"]),
        (stack("    network_mode: host\n"), vec!["ignored-by-swarm: network_mode"]),
        (stack("    devices: [/dev/kmsg]\n"), vec!["ignored-by-swarm: devices"]),
        (stack("    tmpfs: /tmp\n"), vec!["ignored-by-swarm: tmpfs"]),
        (stack("    mem_limit: 1g\n"), vec!["ignored-by-swarm: mem_limit"]),
        (stack("    profiles: [x]\n"), vec!["ignored-by-swarm: profiles"]),
        (stack("    cap_add: [SYS_ADMIN]\n"), vec!["dangerous-capability: SYS_ADMIN"]),
        (
            stack("    volumes: ['/var/run/docker.sock:/s']\n"),
            vec!["engine-socket-exposed: /var/run/docker.sock"],
        ),
        (stack(""), vec![]),
        (stack("    deploy: {replicas: 2, resources: {limits: {memory: 1g}}}\n"), vec![]),
        (stack("    cap_drop: [ALL]\n"), vec![]),
        (stack("    read_only: true\n"), vec![]),
        (stack("    user: '1000'\n"), vec![]),
        (stack("    sysctls: [net.core.somaxconn=1024]\n"), vec![]),
        (stack("    stop_grace_period: 10s\n"), vec![]),
        (stack("    init: true\n"), vec![]),
        (format!("name: x\n{}", stack("")), vec!["ignored-by-swarm: name"]),
    ];
    let cases: Vec<(&str, &str, &[&str])> =
        cases.iter().map(|(text, expected)| (F, text.as_str(), expected.as_slice())).collect();
    check(&cases);
}

#[test]
fn what_is_like_a_stack_may_be_one() {
    let stack = |text: &str| {
        format!(
            "services:\n  a:\n    image: a:1\n    security_opt: [no-new-privileges:true]\n    pid: host\n{text}"
        )
    };
    let told = |text: &str, script: &str| -> Vec<String> {
        let texts = std::collections::BTreeMap::from([
            ("prod.yml".to_owned(), text.to_owned()),
            ("deploy.sh".to_owned(), script.to_owned()),
        ]);
        let sources = [
            lint_core::Source::path("prod.yml", lint_core::SourceKind::Compose),
            lint_core::Source::path("deploy.sh", lint_core::SourceKind::Commands),
        ];
        let report = lint_core::Linter::default().lint_with(&sources, &Listed(texts));
        let findings = report.findings().iter();
        let wanted = ["ignored-by-swarm", "host-pid-namespace"];
        let told = findings.map(|finding| finding.rule().name.to_owned());
        told.filter(|rule| wanted.contains(&&**rule)).collect()
    };
    // Somebody deploys it.
    let deploys = "docker stack deploy -c prod.yml app\n";
    assert_eq!(told(&stack(""), deploys), ["ignored-by-swarm", "ignored-by-swarm"]);
    // Compose is given it.
    assert_eq!(told(&stack(""), "docker compose -f prod.yml up -d\n"), ["host-pid-namespace"]);
    // Nobody is seen: what only Swarm reads shows it.
    let placed = stack("    deploy: {placement: {constraints: [node.role == manager]}}\n");
    assert_eq!(told(&placed, "true\n"), ["ignored-by-swarm", "host-pid-namespace"]);
    assert_eq!(told(&placed, "docker compose -f prod.yml up -d\n"), ["host-pid-namespace"]);
    assert_eq!(told(&stack("    deploy: {replicas: 2}\n"), "true\n"), ["host-pid-namespace"]);
}

/// Files in memory of which the scripts are listed.
struct Listed(std::collections::BTreeMap<String, String>);

impl lint_core::Files for Listed {
    fn read(&self, path: &str) -> Result<String, lint_core::FileError> {
        self.0.read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    fn scripts(&self) -> Vec<String> {
        self.0.keys().filter(|path| lint_core::path::may_call(path)).cloned().collect()
    }
}
