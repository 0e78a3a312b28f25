//! Makefiles, units of systemd, and what else holds command lines.

use crate::check;

#[test]
fn makefiles() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("Makefile", "up:\n\tdocker run --privileged a:1\n", &["privileged-service: --privileged"]),
        ("Makefile", "up:\n\t@-docker run --rm -it a:1 sh\n", &[]),
        (
            "Makefile",
            "# docker run --privileged a:1\nup:\n\t# docker run --privileged a:1\n\t@echo docker run --privileged\n",
            &[],
        ),
        (
            "Makefile",
            "define RUN\ndocker run --pid=host a:1\nendef\nup:\n\t$(RUN)\n",
            &["host-pid-namespace: host"],
        ),
        (
            "Makefile",
            "FLAGS := --pid=host\nFLAGS += --rm\nup:\n\tdocker run $(FLAGS) a:1\n",
            &["host-pid-namespace: $(FLAGS)"],
        ),
        (
            "Makefile",
            "FLAGS ?= --privileged\nup:\n\tdocker run $(FLAGS) a:1\n",
            &["privileged-service: $(FLAGS)"],
        ),
        (
            "Makefile",
            "ifdef CI\nFLAGS = --privileged\nelse\nFLAGS =\nendif\nup:\n\tdocker run $(FLAGS) a:1\n",
            &[],
        ),
        (
            "Makefile",
            "up: FLAGS = --uts=host\nup:\n\tdocker run $(FLAGS) a:1\n",
            &["host-uts-namespace: $(FLAGS)"],
        ),
        ("Makefile", "up:\n\tdocker run -v $(HOME)/.ssh:/s a:1\n", &["writable-system-mount: $(HOME)/.ssh"]),
        ("Makefile", "up:\n\tdocker run -v $(CURDIR)/data:/d -u $$(id -u) a:1\n", &[]),
        (
            "Makefile",
            ".RECIPEPREFIX = >\nup:\n> docker run --privileged a:1\n",
            &["privileged-service: --privileged"],
        ),
        ("Makefile", "up:\n\tcd sub && docker run --rm --network=host a:1; true\n", &["host-network: host"]),
        ("Makefile", "up:\n\tif [ x ]; then docker run --ipc=host a:1; fi\n", &["host-ipc-namespace: host"]),
        ("Makefile", "up:\n\t$(MAKE) -C x docker-run ARGS=--privileged\n", &["no input"]),
        (
            "Makefile",
            "IMAGE = a:1\nup: ; docker run --privileged $(IMAGE)\n",
            &["privileged-service: --privileged"],
        ),
        ("Makefile", "up:\n\tdocker run --rm $(shell cat flags) a:1 --privileged\n", &[]),
        (
            "Makefile",
            "up:\n\tdocker run \\\n\t\t--rm \\\n\t\t-v /:/host:ro \\\n\t\ta:1\n",
            &["engine-socket-exposed: /", "sensitive-host-mount: /"],
        ),
        ("Makefile", "test:\n\tdocker compose run --rm web pytest\n", &[]),
        ("docker.mk", "run:\n\t${DOCKER} run --cap-add=ALL a:1\n", &["dangerous-capability: ALL"]),
        ("Makefile", "lint:\n\tdocker run --rm -i hadolint/hadolint:v2.14.0 < Dockerfile\n", &[]),
        ("Makefile", "build:\n\tdocker build --network=host \\\n\t  -t a .\n", &["host-network-build: host"]),
        (
            "GNUmakefile",
            "up:\n\tdocker run -e X=\"a $$Y\" --security-opt apparmor=unconfined 'a:1'\n",
            &["apparmor-disabled: apparmor=unconfined"],
        ),
        ("Makefile", "up:\n\tdocker run --rm -p 127.0.0.1:80:80 a:1\n", &[]),
        ("Makefile", "up:\n\tdocker run --rm a:1 sh -c 'mount --bind / /mnt --privileged'\n", &[]),
    ];
    check(cases);
}

#[test]
fn units_of_systemd() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker run --privileged a:1\n",
            &["privileged-service: --privileged"],
        ),
        (
            "a.service",
            "[Service]\nExecStartPre=-/usr/bin/docker rm -f %n\nExecStart=/usr/bin/docker run --rm --name %n a:1\n",
            &[],
        ),
        (
            "a.service",
            "[Service]\nExecStart=@/usr/bin/docker docker run --privileged a:1\n",
            &["privileged-service: --privileged"],
        ),
        ("a.service", "[Service]\nExecStart=-!!docker run --pid=host a:1\n", &["host-pid-namespace: host"]),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker run \\\n# why\n; not\n  --pid=host \\\n  a:1\n",
            &["host-pid-namespace: host"],
        ),
        ("a.service", "[Service]\nExecStart=/usr/bin/docker run a:1 | tee --privileged\n", &[]),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker run -v \"/etc:/e\" a:1\n",
            &["writable-system-mount: /etc"],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker run '--volume=/etc:/e' a:1\n",
            &["writable-system-mount: /etc"],
        ),
        (
            "a.service",
            "[Service]\nEnvironment=IMG=a:1\nExecStart=/usr/bin/docker run --uts=host ${IMG}\n",
            &["host-uts-namespace: host"],
        ),
        ("a.service", "[Service]\nEnvironmentFile=/etc/x\nExecStart=/usr/bin/docker run $OPTS a:1\n", &[]),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker run -e A=$$B -v %h/.ssh:/s a:1\n",
            &["writable-system-mount: %h/.ssh"],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/bin/bash -c \"docker run --ipc=host a:1\"\n",
            &["host-ipc-namespace: host"],
        ),
        (
            "a.service",
            "[Service]\nType=oneshot\nExecStart=docker pull a:1\nExecStart=docker run --cap-add=ALL a:1\n",
            &["dangerous-capability: ALL"],
        ),
        (
            "a.service",
            "[Service]\nExecStop=/usr/bin/docker stop a\nExecStart=/usr/bin/docker start -a a\n",
            &["no input"],
        ),
        (
            "a.service",
            "[Unit]\nDescription=docker run --privileged\n[Service]\nExecStart=/usr/bin/true\n",
            &[],
        ),
        (
            "a.service.d/o.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/docker run --privileged a:1\n",
            &["privileged-service: --privileged"],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/podman run --cgroups=no-conmon --sdnotify=conmon -d --replace --name a a:1\n",
            &[],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/podman run --security-opt label=disable -v /run/podman/podman.sock:/s a:1\n",
            &["selinux-disabled: label=disable", "engine-socket-exposed: /run/podman/podman.sock"],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker run --log-opt tag={{.Name}} --rm a:1 --date +%%F\n",
            &[],
        ),
        (
            "a.service",
            "[Service]\nUser=root\nNoNewPrivileges=true\nExecStart=/usr/bin/docker run --userns=host a:1\n",
            &["host-user-namespace: host"],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker compose -f /srv/compose.yaml up\n",
            &["no input"],
        ),
        ("a.service", "[Service]\nExecStart=/usr/bin/docker run --rm --read-only a:1\n", &[]),
        ("a.service", "[Service]\nExecStart=/usr/bin/docker run --user 1000 a:1 -v /:/h\n", &[]),
        (
            "a.service",
            "[Service]\n#ExecStart=/usr/bin/docker run --privileged a:1\nExecStart=/bin/true\n",
            &[],
        ),
    ];
    check(cases);
}

#[test]
fn tasks_and_scripts() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("package.json", "{\"scripts\": {\"db\": \"docker run --rm -p 5432:5432 postgres:18\"}}", &[]),
        (
            "package.json",
            "{\"scripts\": {\"x\": \"cross-env A=b docker run --privileged a:1\"}}",
            &["privileged-service: --privileged"],
        ),
        ("package.json", "{\"name\": \"docker run --privileged a\", \"scripts\": {\"x\": \"echo\"}}", &[]),
        (
            "package.json",
            "{\"scripts\": {\"x\": \"npm run build && docker run -v \\\"$PWD:/w\\\" --ipc=host a:1\"}}",
            &["host-ipc-namespace: host"],
        ),
        ("justfile", "up:\n  docker run --privileged a:1\n", &["privileged-service: --privileged"]),
        ("justfile", "img := 'a:1'\nup *args:\n  @docker run {{args}} {{img}} --privileged\n", &[]),
        (
            "justfile",
            "up:\n  #!/usr/bin/env bash\n  set -e\n  docker run --pid=host a:1\n",
            &["host-pid-namespace: host"],
        ),
        ("justfile", "# docker run --privileged a:1\nup:\n  docker ps\n", &[]),
        (
            "Taskfile.yml",
            "version: '3'\ntasks:\n  up:\n    cmds:\n      - cmd: docker run --privileged a:1\n        silent: true\n",
            &["privileged-service: --privileged"],
        ),
        ("Taskfile.yml", "version: '3'\nvars: {IMG: a:1}\ntasks:\n  up: docker run --rm {{.IMG}}\n", &[]),
        (
            "Taskfile.yml",
            "version: '3'\ntasks:\n  up:\n    cmds:\n      - |\n        docker run \\\n          --uts=host a:1\n",
            &["host-uts-namespace: host"],
        ),
        ("scripts/run", "#!/bin/sh\ndocker run --privileged a:1\n", &["privileged-service: --privileged"]),
        (
            "deploy.sh",
            "docker run -d --restart=always -e \"DB_PASSWORD=hunter2trombone\" a:1\n",
            &["secret-in-environment: DB_PASSWORD"],
        ),
        (
            "deploy.sh",
            "ARGS=()\nARGS+=(--cap-add SYS_ADMIN)\nARGS+=(-v \"/etc:/e\")\ndocker run \"${ARGS[@]}\" a:1\n",
            &["dangerous-capability: ${ARGS[@]}", "writable-system-mount: ${ARGS[@]}"],
        ),
        ("deploy.sh", "run() { docker run --rm \"$@\"; }\nrun --privileged a:1\n", &[]),
        ("deploy.sh", "docker run --rm a:1 $'--privileged'\n", &[]),
        ("deploy.sh", "docker run $'--privileged' a:1\n", &["privileged-service: $'--privileged'"]),
        ("deploy.sh", "cat > x <<'EOF'\ndocker run --privileged a:1\nEOF\n", &[]),
        (
            "deploy.sh",
            "docker build https://github.com/team/a.git#main -t a\n",
            &["unpinned-build-context: https://github.com/team/a.git#main"],
        ),
        (
            "deploy.sh",
            "docker build https://github.com/team/a.git#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
            &[],
        ),
        (
            "deploy.sh",
            "docker buildx build --build-context base=docker-image://alpine:latest -t a .\n",
            &["unpinned-build-context: docker-image://alpine:latest"],
        ),
        (
            "deploy.sh",
            "docker buildx build --build-context lib=../lib --build-context base=docker-image://alpine:3.22 .\n",
            &[],
        ),
        (
            "deploy.sh",
            "docker buildx bake --set '*.contexts.base=docker-image://alpine' web\n",
            &["unpinned-build-context: docker-image://alpine"],
        ),
        ("deploy.sh", "docker build -t registry.example.com/a . # https://example.com\n", &[]),
    ];
    check(cases);
}
