//! What an image is for, as its name tells.

use lint_parser::image::ImageReference;

use crate::files::file_name;

/// Proxies: what others stand behind.
const PROXIES: [&str; 27] = [
    "apisix",
    "bunkerweb",
    "caddy",
    "cloudflared",
    "envoy",
    "frps",
    "haproxy",
    "haproxy-alpine",
    "haproxy-ingress",
    "ingress-nginx",
    "kong",
    "kong-gateway",
    "nginx",
    "nginx-ingress",
    "nginx-proxy",
    "nginx-proxy-manager",
    "nginx-unprivileged",
    "openresty",
    "pomerium",
    "pound",
    "socat",
    "squid",
    "swag",
    "tengine",
    "traefik",
    "varnish",
    "zoraxy",
];

/// Images whose service is reached over SSH: Git servers, file transfer, jump hosts.
const SSH_SERVICES: [&str; 19] = [
    "bastion",
    "borg",
    "cowrie",
    "endlessh",
    "forgejo",
    "gerrit",
    "gitea",
    "gitlab",
    "gitolite",
    "git-server",
    "gogs",
    "jumphost",
    "onedev",
    "openssh",
    "sftp",
    "soft-serve",
    "sshd",
    "ssh-",
    "teleport",
];

/// Whether it is a reverse proxy or a load balancer.
#[must_use]
pub fn is_proxy(image: &ImageReference) -> bool {
    PROXIES.contains(&file_name(&image.normalized_name()))
}

/// Whether SSH is the service, or one of the services, that a name promises: an image's, or a service's.
#[must_use]
pub fn serves_over_ssh(name: &str) -> bool {
    let name = file_name(name);
    name == "ssh" || name == "git" || SSH_SERVICES.iter().any(|server| name.contains(server))
}

/// What the names of images begin or end with that exist for one platform alone.
const ONE_PLATFORM: [&str; 34] = [
    "386",
    "aarch64",
    "amd64",
    "android",
    "arm",
    "arm32v5",
    "arm32v6",
    "arm32v7",
    "arm64",
    "arm64v8",
    "armhf",
    "armv6",
    "armv7",
    "armv7hf",
    "i386",
    "i686",
    "jetpack",
    "jetson",
    "l4t",
    "mips64le",
    "nanoserver",
    "ppc64le",
    "raspberry",
    "raspberrypi",
    "raspberrypi3",
    "raspberrypi4",
    "riscv64",
    "rocm",
    "rpi",
    "s390x",
    "servercore",
    "windows",
    "x64",
    "x86",
];

/// Whether an image exists for one platform, as its name or tag says: `arm64v8/debian`, `nvcr.io/nvidia/l4t-base`,
/// `manylinux2014_x86_64`.
#[must_use]
pub fn has_one_platform(reference: &str) -> bool {
    let plain = reference.to_ascii_lowercase().replace("x86_64", "amd64");
    let mut words = plain.split(['/', '-', '_', '.', ':']);
    plain.starts_with("mcr.microsoft.com/mssql/") || words.any(|word| ONE_PLATFORM.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_platform() {
        for name in [
            "arm64v8/debian:13",
            "nvcr.io/nvidia/l4t-jetpack:r36.4.0",
            "quay.io/pypa/manylinux2014_x86_64",
            "rocm/pytorch:latest",
            "public.ecr.aws/lambda/python:3.12-arm64",
        ] {
            assert!(has_one_platform(name), "{name}");
        }
        for name in ["ruby:3.4-slim", "alpine/helm", "charmed/postgres", "armory/clouddriver"] {
            assert!(!has_one_platform(name), "{name}");
        }
    }
}
