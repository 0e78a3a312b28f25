//! The checks of the CIS Docker Benchmark, by their numbers in version 1.6.0, and what decides each.
//!
//! Which rules decide a check is not written here: they are those whose metadata carries its number.

use crate::finding::reference::Cis;
use crate::report::audit::row::{Row, files, host, part};
use crate::report::seen::Input::{Daemon, Dockerfile, Service, Socket};

/// The checks of every section, in their order.
pub(super) const CHECKS: [&[Row]; 7] =
    [SECTION_1, SECTION_2, SECTION_3, SECTION_4, SECTION_5, SECTION_6, SECTION_7];

/// What version 1.8.0 of the benchmark has besides.
pub(super) const ONLY_IN_1_8_0: Row = files(
    Cis::DEVICEMAPPER.key(),
    "The devicemapper storage driver is not used",
    &[Daemon],
    "docker info -f '{{.Driver}}'",
);

const SECTION_1: &[Row] = &[
    host(
        "1.1.1",
        "Containers are kept on a partition of their own",
        "partitions belong to the host",
        "mountpoint \"$(docker info -f '{{.DockerRootDir}}')\"",
    ),
    part(
        "1.1.2",
        "Only trusted users control the Docker daemon",
        &[Service, Dockerfile],
        "the host's own docker group is not in these files",
        "getent group docker",
    ),
    host(
        "1.1.3",
        "Audit records what happens to the Docker daemon",
        "audit rules are kept on the host",
        "auditctl -l | grep /usr/bin/dockerd",
    ),
    host(
        "1.1.4",
        "Audit records what happens to /run/containerd",
        "audit rules are kept on the host",
        "auditctl -l | grep /run/containerd",
    ),
    host(
        "1.1.5",
        "Audit records what happens to /var/lib/docker",
        "audit rules are kept on the host",
        "auditctl -l | grep /var/lib/docker",
    ),
    host(
        "1.1.6",
        "Audit records what happens to /etc/docker",
        "audit rules are kept on the host",
        "auditctl -l | grep /etc/docker",
    ),
    host(
        "1.1.7",
        "Audit records what happens to docker.service",
        "audit rules are kept on the host",
        "auditctl -l | grep docker.service",
    ),
    host(
        "1.1.8",
        "Audit records what happens to containerd.sock",
        "audit rules are kept on the host",
        "auditctl -l | grep containerd.sock",
    ),
    host(
        "1.1.9",
        "Audit records what happens to docker.socket",
        "audit rules are kept on the host",
        "auditctl -l | grep docker.socket",
    ),
    host(
        "1.1.10",
        "Audit records what happens to /etc/default/docker",
        "audit rules are kept on the host",
        "auditctl -l | grep /etc/default/docker",
    ),
    host(
        "1.1.11",
        "Audit records what happens to /etc/docker/daemon.json",
        "audit rules are kept on the host",
        "auditctl -l | grep /etc/docker/daemon.json",
    ),
    host(
        "1.1.12",
        "Audit records what happens to /etc/containerd/config.toml",
        "audit rules are kept on the host",
        "auditctl -l | grep /etc/containerd/config.toml",
    ),
    host(
        "1.1.13",
        "Audit records what happens to /etc/sysconfig/docker",
        "audit rules are kept on the host",
        "auditctl -l | grep /etc/sysconfig/docker",
    ),
    host(
        "1.1.14",
        "Audit records what happens to /usr/bin/containerd",
        "audit rules are kept on the host",
        "auditctl -l | grep /usr/bin/containerd",
    ),
    host(
        "1.1.15",
        "Audit records what happens to /usr/bin/containerd-shim",
        "audit rules are kept on the host",
        "auditctl -l | grep /usr/bin/containerd-shim",
    ),
    host(
        "1.1.16",
        "Audit records what happens to /usr/bin/containerd-shim-runc-v1",
        "audit rules are kept on the host",
        "auditctl -l | grep /usr/bin/containerd-shim-runc-v1",
    ),
    host(
        "1.1.17",
        "Audit records what happens to /usr/bin/containerd-shim-runc-v2",
        "audit rules are kept on the host",
        "auditctl -l | grep /usr/bin/containerd-shim-runc-v2",
    ),
    host(
        "1.1.18",
        "Audit records what happens to /usr/bin/runc",
        "audit rules are kept on the host",
        "auditctl -l | grep /usr/bin/runc",
    ),
    host("1.2.1", "The host is hardened", "hardening is a property of the host", "lynis audit system"),
    host(
        "1.2.2",
        "Docker is up to date",
        "the engine's version is known to the host alone",
        "docker version -f '{{.Server.Version}}'",
    ),
];

const SECTION_2: &[Row] = &[
    part(
        "2.1",
        "The daemon runs without root where that is possible",
        &[Daemon],
        "a configuration file does not prove as whom the daemon runs",
        "docker info -f '{{.SecurityOptions}}'",
    ),
    files(
        "2.2",
        "Containers on the default bridge cannot reach each other",
        &[Daemon],
        "docker network inspect bridge -f '{{index .Options \"com.docker.network.bridge.enable_icc\"}}'",
    ),
    files(
        "2.3",
        "The daemon logs at level info",
        &[Daemon],
        "cat /etc/docker/daemon.json; ps -o args= -C dockerd",
    ),
    files(
        "2.4",
        "The daemon may set up iptables",
        &[Daemon],
        "cat /etc/docker/daemon.json; ps -o args= -C dockerd",
    ),
    part(
        "2.5",
        "No registry is used without verified TLS",
        &[Service, Dockerfile, Daemon],
        "the host's own daemon.json is not among these files",
        "docker info -f '{{json .RegistryConfig}}'",
    )
    .whole_with(Daemon),
    files("2.6", "The aufs storage driver is not used", &[Daemon], "docker info -f '{{.Driver}}'"),
    part(
        "2.7",
        "The daemon's API asks for TLS client certificates",
        &[Service, Dockerfile, Daemon],
        "where the host's own daemon listens is not in these files",
        "cat /etc/docker/daemon.json; ps -o args= -C dockerd",
    )
    .whole_with(Daemon),
    files("2.8", "A default ulimit is set", &[Daemon], "cat /etc/docker/daemon.json; ps -o args= -C dockerd"),
    files("2.9", "User namespaces are remapped", &[Daemon], "docker info -f '{{.SecurityOptions}}'"),
    files(
        "2.10",
        "The default cgroup is the intended one",
        &[Daemon],
        "cat /etc/docker/daemon.json; ps -o args= -C dockerd",
    ),
    files(
        "2.11",
        "The base device size is left alone",
        &[Daemon],
        "cat /etc/docker/daemon.json; ps -o args= -C dockerd",
    ),
    files(
        "2.12",
        "Docker client commands are authorised",
        &[Daemon],
        "docker info -f '{{.Plugins.Authorization}}'",
    ),
    part(
        "2.13",
        "Logs are collected at a central, remote place",
        &[Service, Daemon],
        "the daemon's default log driver is not in these files",
        "docker info -f '{{.LoggingDriver}}'",
    )
    .whole_with(Daemon),
    files(
        "2.14",
        "Containers cannot gain privileges by default",
        &[Daemon],
        "docker info -f '{{.SecurityOptions}}'",
    ),
    files(
        "2.15",
        "Containers survive a restart of the daemon",
        &[Daemon],
        "docker info -f '{{.LiveRestoreEnabled}}'",
    ),
    files(
        "2.16",
        "The userland proxy is off",
        &[Daemon],
        "cat /etc/docker/daemon.json; ps -o args= -C dockerd",
    ),
    files(
        "2.17",
        "The daemon's own seccomp profile confines containers",
        &[Daemon],
        "docker info -f '{{.SecurityOptions}}'",
    ),
    files("2.18", "Experimental features are off", &[Daemon], "docker version -f '{{.Server.Experimental}}'"),
];

const SECTION_3: &[Row] = &[
    part(
        "3.1",
        "docker.service belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G %a' \"$(systemctl show -p FragmentPath --value docker.service)\"",
    ),
    part(
        "3.2",
        "docker.service has mode 644 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c '%U:%G %a' \"$(systemctl show -p FragmentPath --value docker.service)\"",
    ),
    part(
        "3.3",
        "docker.socket belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G %a' \"$(systemctl show -p FragmentPath --value docker.socket)\"",
    ),
    part(
        "3.4",
        "docker.socket has mode 644 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c '%U:%G %a' \"$(systemctl show -p FragmentPath --value docker.socket)\"",
    ),
    part(
        "3.5",
        "/etc/docker belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /etc/docker",
    ),
    part(
        "3.6",
        "/etc/docker has mode 755 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /etc/docker",
    ),
    part(
        "3.7",
        "Each registry certificate belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "find /etc/docker/certs.d -type f -exec stat -c '%U:%G %a %n' {} +",
    ),
    part(
        "3.8",
        "Each registry certificate has mode 444 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "find /etc/docker/certs.d -type f -exec stat -c '%U:%G %a %n' {} +",
    ),
    part(
        "3.9",
        "The TLS CA certificate belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /etc/docker/ca.pem",
    ),
    part(
        "3.10",
        "The TLS CA certificate has mode 444 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /etc/docker/ca.pem",
    ),
    part(
        "3.11",
        "The daemon's certificate belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /etc/docker/server-cert.pem",
    ),
    part(
        "3.12",
        "The daemon's certificate has mode 444 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /etc/docker/server-cert.pem",
    ),
    part(
        "3.13",
        "The key of the daemon's certificate belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /etc/docker/server-key.pem",
    ),
    part(
        "3.14",
        "The key of the daemon's certificate has mode 400 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /etc/docker/server-key.pem",
    ),
    part(
        "3.15",
        "The Docker socket belongs to root:docker",
        &[Service, Dockerfile, Socket],
        "the owner of the host's own socket is not in these files",
        "stat -c '%U:%G' /var/run/docker.sock",
    )
    .whole_with(Socket),
    part(
        "3.16",
        "The Docker socket has mode 660 or stricter",
        &[Service, Dockerfile, Socket],
        "the mode of the host's own socket is not in these files",
        "stat -c %a /var/run/docker.sock",
    )
    .whole_with(Socket),
    part(
        "3.17",
        "daemon.json belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /etc/docker/daemon.json",
    ),
    part(
        "3.18",
        "daemon.json has mode 644 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /etc/docker/daemon.json",
    ),
    part(
        "3.19",
        "/etc/default/docker belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /etc/default/docker",
    ),
    part(
        "3.20",
        "/etc/default/docker has mode 644 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /etc/default/docker",
    ),
    part(
        "3.21",
        "/etc/sysconfig/docker has mode 644 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /etc/sysconfig/docker",
    ),
    part(
        "3.22",
        "/etc/sysconfig/docker belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /etc/sysconfig/docker",
    ),
    part(
        "3.23",
        "The containerd socket belongs to root:root",
        &[Service, Dockerfile],
        "the owner of the host's own file is not in these files",
        "stat -c '%U:%G' /run/containerd/containerd.sock",
    ),
    part(
        "3.24",
        "The containerd socket has mode 660 or stricter",
        &[Service, Dockerfile],
        "the mode of the host's own file is not in these files",
        "stat -c %a /run/containerd/containerd.sock",
    ),
];

const SECTION_4: &[Row] = &[
    files(
        "4.1",
        "Containers run as a user of their own",
        &[Service, Dockerfile],
        "docker inspect -f '{{.Config.User}}' CONTAINER",
    ),
    part(
        "4.2",
        "Images come from trusted bases",
        &[Service, Dockerfile],
        "whom you trust is said by `trusted-registries`, whether they signed by the registry",
        "cosign verify IMAGE",
    ),
    part(
        "4.3",
        "Images hold no unnecessary packages",
        &[Dockerfile],
        "what the base image brings is not in these files",
        "syft IMAGE",
    ),
    part(
        "4.4",
        "Images are scanned and rebuilt for security patches",
        &[Service, Dockerfile],
        "known vulnerabilities of packages are not in these files",
        "trivy image IMAGE",
    ),
    host(
        "4.5",
        "Content trust is on",
        "Docker Content Trust ends in December 2026, so it should be off by now; whether images are signed and \
         verified otherwise, with cosign or Notation, shows where they are pulled",
        "cosign verify IMAGE",
    ),
    files(
        "4.6",
        "Images say how their health is checked",
        &[Service, Dockerfile],
        "docker inspect -f '{{.Config.Healthcheck}}' IMAGE",
    ),
    files(
        "4.7",
        "Package lists are not refreshed in an instruction of their own",
        &[Dockerfile],
        "docker history --no-trunc IMAGE",
    ),
    part(
        "4.8",
        "No setuid or setgid programs are left",
        &[Dockerfile],
        "what the base image brings is not in these files",
        "docker run --rm --entrypoint find IMAGE / -xdev -perm /6000 -type f",
    ),
    files("4.9", "COPY is used in place of ADD", &[Dockerfile], "docker history --no-trunc IMAGE"),
    files(
        "4.10",
        "No secrets are stored in Dockerfiles",
        &[Service, Dockerfile],
        "docker history --no-trunc IMAGE",
    ),
    part(
        "4.11",
        "Only verified packages are installed",
        &[Dockerfile],
        "how the base image was made is not in these files",
        "docker buildx imagetools inspect IMAGE --format '{{json .Provenance}}'",
    ),
    host(
        "4.12",
        "Signatures of artefacts are validated",
        "artefacts are signed, and signatures checked, by the pipeline and the registry",
        "cosign verify IMAGE",
    ),
];

const SECTION_5: &[Row] = &[
    host(
        "5.1",
        "Swarm mode is off where it is not needed",
        "swarm mode is a state of the engine",
        "docker info -f '{{.Swarm.LocalNodeState}}'",
    ),
    part(
        "5.2",
        "An AppArmor profile confines containers",
        &[Service],
        "whether the host has AppArmor is not in these files",
        "docker info -f '{{.SecurityOptions}}'",
    ),
    part(
        "5.3",
        "SELinux confines containers",
        &[Service],
        "whether the host has SELinux is not in these files",
        "docker info -f '{{.SecurityOptions}}'",
    ),
    files(
        "5.4",
        "Containers have few kernel capabilities",
        &[Service],
        "docker inspect -f '{{.HostConfig.CapAdd}}' CONTAINER",
    ),
    files(
        "5.5",
        "No container is privileged",
        &[Service],
        "docker inspect -f '{{.HostConfig.Privileged}}' CONTAINER",
    ),
    files(
        "5.6",
        "No sensitive directory of the host is mounted",
        &[Service],
        "docker inspect -f '{{.Mounts}}' CONTAINER",
    ),
    part(
        "5.7",
        "No SSH server runs in a container",
        &[Service, Dockerfile],
        "what the base image starts is not in these files",
        "docker top CONTAINER",
    ),
    files("5.8", "No privileged port of the host is mapped", &[Service], "docker port CONTAINER"),
    part(
        "5.9",
        "Only needed ports are open",
        &[Service],
        "which ports an image exposes is not in these files unless they build it",
        "docker port CONTAINER",
    ),
    files(
        "5.10",
        "The host's network is not shared",
        &[Service],
        "docker inspect -f '{{.HostConfig.NetworkMode}}' CONTAINER",
    ),
    files("5.11", "Memory is limited", &[Service], "docker inspect -f '{{.HostConfig.Memory}}' CONTAINER"),
    files(
        "5.12",
        "CPU time is limited",
        &[Service],
        "docker inspect -f '{{.HostConfig.NanoCpus}}' CONTAINER",
    ),
    files(
        "5.13",
        "The root filesystem is read-only",
        &[Service],
        "docker inspect -f '{{.HostConfig.ReadonlyRootfs}}' CONTAINER",
    ),
    files(
        "5.14",
        "Published ports are bound to one address of the host",
        &[Service],
        "docker port CONTAINER",
    ),
    files(
        "5.15",
        "Restarts after failures end after five",
        &[Service],
        "docker inspect -f '{{.HostConfig.RestartPolicy}}' CONTAINER",
    ),
    files(
        "5.16",
        "The host's processes are not shared",
        &[Service],
        "docker inspect -f '{{.HostConfig.PidMode}}' CONTAINER",
    ),
    files(
        "5.17",
        "The host's interprocess communication is not shared",
        &[Service],
        "docker inspect -f '{{.HostConfig.IpcMode}}' CONTAINER",
    ),
    files(
        "5.18",
        "No device of the host is exposed",
        &[Service],
        "docker inspect -f '{{.HostConfig.Devices}}' CONTAINER",
    ),
    files(
        "5.19",
        "Ulimits are not lifted",
        &[Service],
        "docker inspect -f '{{.HostConfig.Ulimits}}' CONTAINER",
    ),
    files(
        "5.20",
        "Mounts do not propagate to the host",
        &[Service],
        "docker inspect -f '{{.Mounts}}' CONTAINER",
    ),
    files(
        "5.21",
        "The host's name is not shared",
        &[Service],
        "docker inspect -f '{{.HostConfig.UTSMode}}' CONTAINER",
    ),
    files(
        "5.22",
        "The seccomp profile is not switched off",
        &[Service],
        "docker inspect -f '{{.HostConfig.SecurityOpt}}' CONTAINER",
    ),
    part(
        "5.23",
        "docker exec is not used with --privileged",
        &[Service, Dockerfile],
        "what people type on the host is not in these files",
        "ausearch -k docker | grep exec | grep privileged",
    ),
    part(
        "5.24",
        "docker exec is not used with --user=root",
        &[Service, Dockerfile],
        "what people type on the host is not in these files",
        "ausearch -k docker | grep exec | grep user",
    ),
    files(
        "5.25",
        "Containers stay in Docker's cgroup",
        &[Service],
        "docker inspect -f '{{.HostConfig.CgroupParent}}' CONTAINER",
    ),
    files(
        "5.26",
        "Containers cannot gain privileges",
        &[Service],
        "docker inspect -f '{{.HostConfig.SecurityOpt}}' CONTAINER",
    ),
    files(
        "5.27",
        "Health is checked at run time",
        &[Service, Dockerfile],
        "docker inspect -f '{{.State.Health.Status}}' CONTAINER",
    ),
    part(
        "5.28",
        "Images are named so that they stay the same",
        &[Service, Dockerfile],
        "whether a newer version exists is known to the registry",
        "docker buildx imagetools inspect IMAGE",
    ),
    files(
        "5.29",
        "The number of processes is limited",
        &[Service],
        "docker inspect -f '{{.HostConfig.PidsLimit}}' CONTAINER",
    ),
    files(
        "5.30",
        "Docker's default bridge is not used",
        &[Service],
        "docker network inspect bridge -f '{{.Containers}}'",
    ),
    files(
        "5.31",
        "The host's user namespace is not shared",
        &[Service],
        "docker inspect -f '{{.HostConfig.UsernsMode}}' CONTAINER",
    ),
    files(
        "5.32",
        "The Docker socket is not mounted",
        &[Service],
        "docker inspect -f '{{.Mounts}}' CONTAINER",
    ),
];

const SECTION_6: &[Row] = &[
    host(
        "6.1",
        "No images lie about unused",
        "the images on a host are known to the host alone",
        "docker system df",
    ),
    host(
        "6.2",
        "No containers lie about unused",
        "the containers on a host are known to the host alone",
        "docker container ls --all",
    ),
];

const SECTION_7: &[Row] = &[
    host(
        "7.1",
        "A swarm has no more managers than it needs",
        "the state of a swarm is known to its managers",
        "docker node ls --filter role=manager",
    ),
    host(
        "7.2",
        "Swarm services listen on one interface",
        "a node's listening address is known to the host alone",
        "ss -lntp | grep -E ':(2377|7946)'",
    ),
    files(
        "7.3",
        "Overlay networks are encrypted",
        &[Service],
        "docker network inspect -f '{{.Name}} {{.Options}}' $(docker network ls -q --filter driver=overlay)",
    ),
    part(
        "7.4",
        "Secrets are handed over as secrets",
        &[Service],
        "the secrets of a running swarm are not in these files",
        "docker secret ls",
    ),
    host(
        "7.5",
        "Swarm managers are locked after a restart",
        "the state of a swarm is known to its managers",
        "docker swarm unlock-key",
    ),
    host(
        "7.6",
        "The key that unlocks managers is rotated",
        "the state of a swarm is known to its managers",
        "docker swarm unlock-key",
    ),
    host(
        "7.7",
        "Node certificates are rotated",
        "the state of a swarm is known to its managers",
        "docker info -f '{{.Swarm.Cluster.Spec.CAConfig.NodeCertExpiry}}'",
    ),
    host(
        "7.8",
        "CA certificates are rotated",
        "the state of a swarm is known to its managers",
        "docker info -f '{{.Swarm.Cluster.RootRotationInProgress}} {{.Swarm.Cluster.TLSInfo.CertIssuerPublicKey}}'",
    ),
    host(
        "7.9",
        "Management traffic is apart from data traffic",
        "the state of a swarm is known to its managers",
        "docker node inspect self -f '{{.Status.Addr}} {{.ManagerStatus.Addr}}'",
    ),
];
