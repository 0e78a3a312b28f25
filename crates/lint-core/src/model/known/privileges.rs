//! What programs need beyond what containers have by default, by their names: what `privileged: true` mostly stands for.
//!
//! Read in the programs' manuals and the images' documentation. Only what a program cannot do without is here, so that the
//! list together is no more than its container needs.

/// Capabilities and devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privileges {
    /// The capabilities.
    pub capabilities: &'static [&'static str],
    /// The devices of the host.
    pub devices: &'static [&'static str],
}

const fn needs(capabilities: &'static [&'static str], devices: &'static [&'static str]) -> Privileges {
    Privileges { capabilities, devices }
}

const NETWORK: Privileges = needs(&["NET_ADMIN"], &[]);
const TUNNEL: Privileges = needs(&["NET_ADMIN"], &["/dev/net/tun"]);
const SNIFFER: Privileges = needs(&["NET_ADMIN", "NET_RAW"], &[]);
const MOUNTS: Privileges = needs(&["SYS_ADMIN"], &[]);
const FUSE: Privileges = needs(&["SYS_ADMIN"], &["/dev/fuse"]);
const MODULES: Privileges = needs(&["SYS_MODULE"], &[]);
const CLOCK: Privileges = needs(&["SYS_TIME"], &[]);
const TRACE: Privileges = needs(&["SYS_PTRACE"], &[]);

/// What a program needs; `None` for those that need nothing, and for those of which that is not known.
#[must_use]
pub fn of_program(name: &str) -> Option<Privileges> {
    Some(match name {
        "arptables" | "bridge" | "brctl" | "ebtables" | "ip" | "ip6tables" | "iptables" | "iptables-save"
        | "iptables-restore" | "ifconfig" | "ipset" | "nft" | "route" | "tc" | "wg" | "wg-quick"
        | "dnsmasq" | "keepalived" | "dhclient" | "ipvsadm" => NETWORK,
        "openvpn" | "tailscaled" | "openconnect" | "zerotier-one" | "nebula" | "vpnc" => TUNNEL,
        "tcpdump" | "tshark" | "dumpcap" | "suricata" | "snort" | "zeek" | "ntopng" => SNIFFER,
        "mount" | "umount" => MOUNTS,
        "sshfs" | "s3fs" | "rclone-mount" | "gcsfuse" | "mergerfs" | "bindfs" | "goofys" => FUSE,
        "modprobe" | "insmod" | "rmmod" => MODULES,
        "chronyd" | "ntpd" | "ntpdate" | "hwclock" => CLOCK,
        "strace" | "ltrace" | "gdb" | "gdbserver" | "dlv" => TRACE,
        "arping" | "nmap" | "masscan" | "zmap" => needs(&["NET_RAW"], &[]),
        _ => return None,
    })
}

/// What the program of an image needs, by the normalised name of its repository.
#[must_use]
pub fn of_image(repository: &str) -> Option<Privileges> {
    let path = repository.split_once('/').map_or(repository, |(_, path)| path);
    Some(match path {
        "linuxserver/wireguard" | "pihole/pihole" | "weejewel/wg-easy" | "wg-easy/wg-easy" => NETWORK,
        "qmcgaw/gluetun"
        | "kylemanna/openvpn"
        | "tailscale/tailscale"
        | "dperson/openvpn-client"
        | "haugene/transmission-openvpn"
        | "binhex/arch-delugevpn"
        | "binhex/arch-qbittorrentvpn"
        | "zerotier/zerotier" => TUNNEL,
        "jasonish/suricata" => SNIFFER,
        "cturra/ntp" => CLOCK,
        _ => return None,
    })
}

/// Programs that need everything: a daemon that starts containers of its own, an init system.
#[must_use]
pub fn needs_all(program: &str) -> bool {
    matches!(
        program,
        "dockerd"
            | "dockerd-entrypoint.sh"
            | "containerd"
            | "k3s"
            | "kubelet"
            | "podman"
            | "buildkitd"
            | "systemd"
            | "init"
            | "losetup"
            | "nsenter"
            | "chroot"
    )
}
