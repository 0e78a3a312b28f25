//! Hosts of networks.

use std::net::IpAddr;

/// Whether a host, with a port or without, is the machine itself. Docker speaks HTTP to those by default.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let host = host.split('/').next().unwrap_or(host);
    let bare = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, _)) => inside,
        None if host.matches(':').count() > 1 => host,
        None => host.split(':').next().unwrap_or(host),
    };
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn loopback() {
        for host in
            ["localhost", "localhost:5000", "127.0.0.1", "127.1.2.3:80", "::1", "[::1]:5000", "127.0.0.0/8"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "registry", "10.0.0.0/8", "localhost.example.com", "[::]:5000", "0.0.0.0:5000"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
