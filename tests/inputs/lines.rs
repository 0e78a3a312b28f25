//! Command lines, wherever they stand: the file's name, its text, and what is found there.

use crate::check;

#[test]
fn command_lines() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("run.sh", "docker run -itv /etc:/e a:1\n", &["writable-system-mount: /etc"]),
        ("run.sh", "docker run --privileged=false a:1\n", &[]),
        ("run.sh", "docker run --rm --privileged a:1\n", &["privileged-service: --privileged"]),
        ("run.sh", "docker run a:1 --privileged\n", &[]),
        ("run.sh", "docker run -- a:1 -v /:/host\n", &[]),
        ("run.sh", "docker run -d $IMAGE --privileged\n", &[]),
        ("run.sh", "docker run -d -e PASSWORD -e PASSWORD= -e \"DB_PASSWORD=$BAR\" a:1\n", &[]),
        ("run.sh", "cat > x.sh <<EOF\ndocker run --privileged a:1\nEOF\n", &[]),
        ("run.sh", "docker run -d a:1 sh -c \"docker run --privileged x\"\n", &[]),
        ("run.sh", "docker run ${DEBUG:+--privileged} a:1\n", &[]),
        ("run.sh", "X=; if [ \"$D\" ]; then X=--privileged; fi\ndocker run $X a:1\n", &[]),
        ("run.sh", "X='--pid host'\ndocker run $X a:1\n", &["host-pid-namespace: $X"]),
        (
            "run.sh",
            "A=(--network host)\nA+=(--cap-add=ALL)\ndocker run \"${A[@]}\" a:1\n",
            &["dangerous-capability: ${A[@]}", "host-network: ${A[@]}"],
        ),
        (
            "run.sh",
            "docker run --net=host -p 80:80 a:1\n",
            &["host-network: host", "ports-ignored-by-host-network: -p 80:80"],
        ),
        (
            "run.sh",
            "docker run \\\n  --security-opt seccomp=unconfined \\\n  'a:1'\n",
            &["seccomp-disabled: seccomp=unconfined"],
        ),
        ("run.sh", "echo docker run --privileged a:1\ncat <<X\ndocker run --privileged a:1\nX\n", &[]),
        ("run.sh", "docker run --rm --privileged tonistiigi/binfmt --install all\n", &[]),
        ("run.sh", "docker run --rm -e FOO -e BAR= -u \"$(id -u):$(id -g)\" -v \"$(pwd):/src\" a:1\n", &[]),
        (
            "run.sh",
            "docker run --pid=host --privileged a:1 nsenter -t 1 -m sh\n",
            &["privileged-service: --privileged"],
        ),
        (
            "run.sh",
            "ssh -i k host \"docker run -v /:/h a:1\"\n",
            &["engine-socket-exposed: /", "writable-system-mount: /"],
        ),
        ("run.sh", "ssh host <<'EOF'\ndocker run --pid=host a:1\nEOF\n", &["host-pid-namespace: host"]),
        ("run.sh", "bash -s <<EOF\ndocker run --ipc host a:1\nEOF\n", &["host-ipc-namespace: host"]),
        ("run.sh", "sudo -u x bash -c 'docker run --pid=host a:1'\n", &["host-pid-namespace: host"]),
        ("run.sh", "su -c 'docker run --pid=host a:1' me\n", &["host-pid-namespace: host"]),
        ("run.sh", "cat l | xargs -I % docker run --pid=host %\n", &["host-pid-namespace: host"]),
        ("run.sh", "cat l | xargs docker run --privileged\n", &["privileged-service: --privileged"]),
        ("run.sh", "docker -H ssh://h run --pid=host a:1\n", &["host-pid-namespace: host"]),
        ("run.sh", "nerdctl -n k8s.io run --pid=host a:1\n", &["host-pid-namespace: host"]),
        ("run.sh", "podman --root /r --url x run -d $OPTS a:1 --privileged\n", &[]),
        ("run.sh", "docker run --volume=~/.ssh:/s -v '~/.ssh:/s' a:1\n", &[]),
        ("run.sh", "docker run -v ~/.ssh:/s a:1\n", &["writable-system-mount: ~/.ssh"]),
        ("run.sh", "docker run -v \"$HOME/.ssh:/s\" a:1\n", &["writable-system-mount: $HOME/.ssh"]),
        (
            "run.sh",
            "docker run -d -p published=5432,target=5432,protocol=tcp -p 127.0.0.1::5433 postgres:18\n",
            &["exposed-data-store: published=5432,target=5432,protocol=tcp"],
        ),
        (
            "run.sh",
            "command -v podman && E=podman || E=docker\n$E run --pid=host a:1\n",
            &["host-pid-namespace: host"],
        ),
        ("Makefile", "up:\n\t$(CONTAINER_TOOL) run --pid=host a:1\n", &["host-pid-namespace: host"]),
        ("run.sh", "bash -c 'docker run --ipc=host \"a:1\"'\n", &["host-ipc-namespace: host"]),
        (
            "run.sh",
            "docker run --mount type=bind,src=/var/run/docker.sock,dst=/s,readonly a:1\n",
            &["engine-socket-exposed: /var/run/docker.sock"],
        ),
        (
            "run.sh",
            "docker run --device /dev/kmsg --rm false a:1\n",
            &["host-device-exposed: /dev/kmsg", "unpinned-image: false"],
        ),
        ("run.sh", "docker compose up\ndocker ps\n", &["no input"]),
        ("Makefile", "up:\n\t@docker run --rm -v $(PWD):/w -e A=$$A a:1\n", &[]),
        ("Makefile", "O = --privileged\nifdef X\nO = -d\nendif\nup:\n\tdocker run $(O) a:1\n", &[]),
        (
            "Makefile",
            "D ?= docker\nI := a\nup: ; $(D) run --uts host $(I):1\n",
            &["host-uts-namespace: host"],
        ),
        (
            "Makefile",
            "up:\n\tdocker run \\\n\t  --cap-add SYS_ADMIN \\\n\t  a:1\n",
            &["dangerous-capability: SYS_ADMIN"],
        ),
        (
            "package.json",
            "{\"scripts\": {\"db\": \"docker run -v \\\"/:/h\\\" a:1\"}}",
            &["engine-socket-exposed: /", "writable-system-mount: /"],
        ),
        ("justfile", "up:\n    @docker run --privileged {{image}}\n", &["privileged-service: --privileged"]),
        (
            "Taskfile.yml",
            "tasks:\n  up:\n    cmds:\n      - docker run --privileged {{.IMAGE}}\n",
            &["privileged-service: --privileged"],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/usr/bin/docker run --rm --name %n \\\n  --pid host a:1\n",
            &["host-pid-namespace: host"],
        ),
        (
            "a.service",
            "[Service]\nExecStart=docker run --pid=host a:1\nExecStart=\nExecStart=docker run a:1\n",
            &[],
        ),
        (
            "a.service",
            "[Service]\nEnvironment=\"OPTS=--pid=host -v /:/h:ro\" N=host\nExecStart=docker run $OPTS --ipc=${N} a:1\n",
            &[
                "engine-socket-exposed: $OPTS",
                "host-pid-namespace: $OPTS",
                "sensitive-host-mount: $OPTS",
                "host-ipc-namespace: ${N}",
            ],
        ),
        (
            "a.service",
            "[Service]\nEnvironment=O=--pid=host\nEnvironmentFile=-/etc/default/a\nExecStart=docker run $O a:1\n",
            &[],
        ),
        (
            "a.service",
            "[Service]\nExecStart=/bin/sh -c 'exec docker run --pid=host a:1'\n",
            &["host-pid-namespace: host"],
        ),
        ("Taskfile.yml", "tasks:\n  up: docker run --pid=host a:1\n", &["host-pid-namespace: host"]),
        ("Taskfile.yml", "tasks:\n  up: [echo, docker run --rm a:1]\n", &[]),
        ("a.service", "[Service]\nExecStart=/usr/bin/docker run $OPTIONS --name %p a:%i\n", &[]),
    ];
    check(cases);
}
