//! Files that are judged with what lies beside them: Dockerfiles, units, lock files.

use crate::{Files, check, check_beside};

#[test]
fn targets_of_bake() {
    let cases: &[(Files, &[&str])] = &[
        (
            &[
                ("docker-bake.hcl", "target \"web\" {\n  args = { A = \"1\" }\n  target = \"web\"\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("docker-bake.hcl", "target \"web\" {\n  args = { B = \"1\" }\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["undeclared-build-argument: B"],
        ),
        (
            &[
                ("docker-bake.hcl", "target \"web\" {\n  target = \"nope\"\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unknown-build-target: nope"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"a\" {\n  inherits = [\"b\"]\n}\ntarget \"b\" {\n  network = \"host\"\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["host-network-build: host"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"a\" {\n  inherits = [\"b\"]\n}\ntarget \"c\" {\n  inherits = [\"b\"]\n}\ntarget \"b\" {\n  network = \"host\"\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["host-network-build: host"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "variable \"T\" { default = \"nope\" }\ntarget \"web\" {\n  target = T\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unknown-build-target: T"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "variable \"T\" {\n  type = string\n  default = null\n}\ntarget \"web\" {\n  target = T\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("docker-bake.hcl", "T = \"nope\"\ntarget \"web\" {\n  target = \"${T}\"\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unknown-build-target: \"${T}\""],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  name = \"web-${replace(v, \".\", \"-\")}\"\n  matrix = { v = [\"1.2\", \"1.3\"] }\n  args = { A = v }\n}\ngroup \"default\" { targets = [\"web-1-2\", \"web-1-3\"] }\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  name = \"web-${v}\"\n  matrix = { v = [\"base\", \"nope\"] }\n  target = v\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unknown-build-target: v"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  args = { A = \"${GIT_TOKEN}\" }\n}\nvariable \"GIT_TOKEN\" {}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  args = { NPM_TOKEN = NPM_TOKEN, A = 1 }\n}\nvariable \"NPM_TOKEN\" {}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["secret-in-build-argument: NPM_TOKEN", "undeclared-build-argument: NPM_TOKEN"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  secret = [\"id=npm,env=NPM_TOKEN\"]\n  ssh = [\"default\"]\n  output = [\"type=registry\"]\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  attest = [\"type=provenance,mode=max\"]\n  tags = [\"a:1\"]\n  labels = { \"a.b\" = \"c\" }\n  platforms = [\"linux/amd64\"]\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("docker-bake.hcl", "target \"web\" {\n  cache_from = [\"type=gha\"]\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["invalid-bake: cache_from"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\", \"nope\"]\n}\ntarget \"web\" {}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["invalid-bake: nope"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"orphan\" {}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unused-bake-target: \"orphan\""],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  contexts = {\n    base = \"docker-image://alpine:latest\"\n  }\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unpinned-build-context: docker-image://alpine:latest"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  contexts = {\n    src = \"https://github.com/team/src.git#v1\"\n    base = \"target:other\"\n  }\n}\ntarget \"other\" {}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unpinned-build-context: https://github.com/team/src.git#v1"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  context = \"https://github.com/team/a.git#bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  dockerfile-inline = <<-EOT\n    FROM alpine:3.22\n    RUN --security=insecure true\n  EOT\n  entitlements = [\"security.insecure\"]\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["privileged-build: --security=insecure", "privileged-build: security.insecure"],
        ),
        (
            &[
                ("docker-bake.hcl", "target \"web\" {\n  entitlements = concat([\"network.host\"], [])\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["host-network-build: network.host"],
        ),
        (
            &[
                (
                    "docker-bake.hcl",
                    "target \"web\" {\n  args = {\n    A = \"%{ if true }x%{ endif }\"\n  }\n}\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("docker-bake.hcl", "target \"web\" {\n  target = true ? \"web\" : \"nope\"\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("docker-bake.hcl", "target \"web\" {\n  args = merge({ A = 1 }, { NOPE = 2 })\n}\n"),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["undeclared-build-argument: NOPE"],
        ),
        (
            &[
                (
                    "docker-bake.json",
                    "{\"target\": {\"web\": {\"args\": {\"NOPE\": \"1\"}, \"target\": \"web\"}}}",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["undeclared-build-argument: \"NOPE\""],
        ),
        (
            &[
                (
                    "compose.yaml",
                    "services:\n  web:\n    image: web:1\n    build:\n      context: .\n      x-bake:\n        contexts: {alpine: docker-image://alpine}\n        tagz: [x]\n",
                ),
                ("Dockerfile", "ARG A\nFROM alpine:3.22 AS base\nARG A\nFROM base AS web\nUSER 1000\n"),
            ],
            &["unpinned-build-context: docker-image://alpine", "invalid-bake: tagz"],
        ),
    ];
    check_beside(cases);
}

#[test]
fn units_of_podman() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("q/web.network", "[Network]\nSubnet=10.1.0.0/24\nInternal=true\n", &[]),
        ("20-wired.network", "[Match]\nName=eth0\n[Network]\nDHCP=yes\n", &[]),
        (
            "app.quadlets",
            "# FileName=web\n[Container]\nImage=a:1\nPodmanArgs=--privileged\n---\n# FileName=db\n[Container]\nImage=postgres:18\nNetwork=host\n---\n# FileName=data\n[Volume]\n",
            &["privileged-service: --privileged", "host-network: host"],
        ),
        (
            "app.quadlets",
            "# FileName=web\n[Container]\nImage=a:1\nReadOnly=true\n---\n# FileName=data\n[Volume]\nDriver=local\n",
            &[],
        ),
        (
            "a.build",
            "[Build]\nImageTag=localhost/a\nSetWorkingDirectory=https://github.com/team/a.git#main\n",
            &["unpinned-build-context: https://github.com/team/a.git#main"],
        ),
        (
            "a.build",
            "[Build]\nImageTag=localhost/a\nSetWorkingDirectory=https://github.com/team/a.git#cccccccccccccccccccccccccccccccccccccccc\n",
            &[],
        ),
        ("a.build.d/net.conf", "[Build]\nNetwork=host\n", &["host-network-build: host"]),
        ("a.image.d/x.conf", "[Image]\nImage=quay.io/a/b:latest\n", &["unpinned-image: quay.io/a/b:latest"]),
        (
            "a.volume.d/x.conf",
            "[Volume]\nType=none\nOptions=bind\nDevice=/etc\n",
            &["writable-system-mount: /etc"],
        ),
        ("a.pod.d/x.conf", "[Pod]\nVolume=/etc:/e\n", &["writable-system-mount: /etc"]),
        (
            "a.container",
            "[Container]\nImage=a:1\nPublishPort=5432:5432\n[Service]\nRestart=always\n",
            &["exposed-data-store: 5432:5432"],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nPodmanArgs=\"--privileged\"\n",
            &["privileged-service: \"--privileged\""],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nPodmanArgs=--cap-add=SYS_ADMIN \\\n  # why\n  --pid=host\n",
            &["dangerous-capability: SYS_ADMIN", "host-pid-namespace: host"],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nAddCapability=CAP_SYS_ADMIN\n",
            &["dangerous-capability: CAP_SYS_ADMIN"],
        ),
        (
            "a.container",
            "[Container]\nImage=a:1\nVolume=/var/run/docker.sock:/var/run/docker.sock:ro\n",
            &["engine-socket-exposed: /var/run/docker.sock"],
        ),
        ("a.container", "[Container]\nImage=web.build\nNetwork=web.network\nPod=p.pod\n", &[]),
        (
            "a.container",
            "[Container]\nImage=a:1\nEnvironment=\"DB_PASSWORD=hunter2trombone\" B=2\n",
            &["secret-in-environment: DB_PASSWORD"],
        ),
        ("a.container", "[Container]\nImage=a:1\nEnvironment=DB_PASSWORD=%i\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nSecret=db,type=env,target=DB_PASSWORD\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nExec=server --password ${PASS} --x\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nUserNS=host\n", &["host-user-namespace: host"]),
        (
            "a.container",
            "[Container]\nImage=a:1\nGroupAdd=docker\nTmpfs=/tmp\n",
            &["docker-group-granted: docker"],
        ),
    ];
    check(cases);
}

#[test]
fn units_of_podman_with_others() {
    let cases: &[(Files, &[&str])] = &[
        (
            &[
                ("a.build", "[Build]\nImageTag=localhost/a\nFile=./Containerfile\nBuildArg=A=1 NOPE=2\n"),
                ("Containerfile", "FROM alpine:3.22\nARG A\nUSER 1000\n"),
            ],
            &["undeclared-build-argument: NOPE"],
        ),
        (
            &[
                ("a.build.d/net.conf", "[Build]\nBuildArg=NOPE=2\n"),
                ("a.build", "[Build]\nImageTag=localhost/a\nFile=Containerfile\n"),
                ("Containerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &["undeclared-build-argument: NOPE"],
        ),
    ];
    check_beside(cases);
}

#[test]
fn features_with_a_lock_file() {
    let cases: &[(Files, &[&str])] = &[(
        &[
            (
                ".devcontainer/devcontainer.json",
                "{\"image\": \"a:1\", \"features\": {\"ghcr.io/devcontainers/features/node\": {}}}",
            ),
            (
                ".devcontainer/devcontainer-lock.json",
                "{\"features\": {\"ghcr.io/devcontainers/features/node\": {\"version\": \"1.6.3\"}}}",
            ),
        ],
        &[],
    )];
    check_beside(cases);
}

#[test]
fn targets_that_command_lines_name() {
    let cases: &[(Files, &[&str])] = &[
        (
            &[
                ("Makefile", "image:\n\tdocker buildx bake wrker\n"),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &["invalid-bake: wrker"],
        ),
        (
            &[
                ("Makefile", "image:\n\tdocker buildx bake web worker default\n"),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("Makefile", "image:\n\tdocker buildx bake -f other.hcl thing\n"),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("Makefile", "image:\n\tdocker buildx bake $(TARGET) 'w*'\n"),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &[],
        ),
        (&[("Makefile", "image:\n\tdocker buildx bake thing\n")], &[]),
        (
            &[
                ("Makefile", "image:\n\tdocker buildx bake api\n"),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
                ("compose.yaml", "services: {api: {build: .}}\n"),
            ],
            &[],
        ),
        (
            &[
                (
                    ".github/workflows/a.yml",
                    "jobs:\n  a:\n    steps:\n      - uses: docker/bake-action@v6\n        with:\n          source: .\n          targets: |\n            web\n            wroker\n",
                ),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &["invalid-bake: wroker"],
        ),
        (
            &[
                (
                    ".github/workflows/a.yml",
                    "jobs:\n  a:\n    steps:\n      - uses: docker/bake-action@v6\n        with:\n          files: ci.hcl\n          targets: other\n",
                ),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("run.sh", "docker buildx bake --set web.tags=a --push web\n"),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &[],
        ),
        (
            &[
                ("run.sh", "cd sub\ndocker buildx bake nope\n"),
                (
                    "docker-bake.hcl",
                    "group \"default\" {\n  targets = [\"web\"]\n}\ntarget \"web\" {}\ntarget \"worker\" {}\n",
                ),
                ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
            ],
            &[],
        ),
    ];
    check_beside(cases);
}
