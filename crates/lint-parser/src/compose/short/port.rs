//! `ports`: `[[host-ip:][published]:]target[/protocol]`.

use std::net::IpAddr;

use crate::compose::ast::field::{Cast, Form, Text};
use crate::compose::ast::network::Port;
use crate::compose::ast::scalar::PortRange;
use crate::compose::lower::cast::{FromScalar, is_undecided};
use crate::compose::lower::excerpt;
use crate::compose::short::split::{part, parts};
use crate::compose::value::ScalarKind;

/// Takes a port apart from the right, as Docker does: the address may have colons of its own. The error is in
/// Docker's words.
pub(crate) fn split_port(text: &Text) -> Result<Port, String> {
    let whole = text.as_str();
    let mut port = Port { form: Form::Short(text.clone()), ..Port::default() };
    let sections = parts(whole, b':');
    let mut from_right = sections.iter().rev();
    let last = from_right.next().cloned().unwrap_or(0..0);
    let published = from_right.next().map(|range| text.slice(range.clone()));
    let host_ip = from_right.next().map(|range| text.slice(0..range.end));

    let slashes = parts(whole.get(last.clone()).unwrap_or_default(), b'/');
    let within = |index: usize| {
        let range = slashes.get(index)?;
        Some(text.slice(last.start + range.start..last.start + range.end))
    };
    let target = within(0).filter(|target| !target.mapped.is_empty() || is_undecided(text));
    let Some(target) = target else { return Err(format!("No port specified: {}<empty>", excerpt(whole))) };
    if let Some(protocol) = within(1).filter(|protocol| !protocol.mapped.is_empty()) {
        let known = ["tcp", "udp", "sctp"].iter().any(|name| protocol.as_str().eq_ignore_ascii_case(name));
        if !known && !is_undecided(&protocol) {
            return Err(format!("Invalid proto: {}", excerpt(protocol.as_str())));
        }
        port.protocol = part(&protocol, protocol.clone());
    }
    if let Some(host_ip) = host_ip.filter(|ip| !ip.mapped.is_empty()) {
        let host_ip = address(&host_ip)?;
        port.host_ip = part(&host_ip, host_ip.clone());
    }

    let target = ports(target, "containerPort")?;
    if target.known().is_some_and(|range| range.first == 0) {
        return Err("missing a target port".to_owned());
    }
    let published = published.filter(|published| !published.mapped.is_empty());
    let published = published.map(|published| ports(published, "hostPort")).transpose()?;
    if let Some((inside, outside)) = target.known().zip(published.as_ref().and_then(Cast::known)) {
        // One port inside takes any one of a range outside.
        if inside.count() != outside.count() && inside.count() > 1 {
            return Err(format!(
                "Invalid ranges specified for container and host Ports: {inside:?} and {outside:?}"
            ));
        }
    }
    port.target = part(&target.text.clone(), target);
    port.published = published.and_then(|published| part(&published.text.clone(), published));
    Ok(port)
}

/// The address, without brackets.
fn address(text: &Text) -> Result<Text, String> {
    let whole = text.as_str();
    let bare = match whole.strip_prefix('[').map(|rest| rest.strip_suffix(']')) {
        Some(Some(_)) => text.slice(1..whole.len() - 1),
        Some(None) if !is_undecided(text) => {
            return Err(format!(
                "Invalid ip address {0}: address {0}:: missing ']' in address",
                excerpt(whole)
            ));
        }
        _ => text.clone(),
    };
    if is_undecided(&bare) || bare.as_str().parse::<IpAddr>().is_ok() {
        Ok(bare)
    } else {
        Err(format!("Invalid ip address: {}", excerpt(bare.as_str())))
    }
}

fn ports(text: Text, name: &str) -> Result<Cast<PortRange>, String> {
    if is_undecided(&text) {
        return Ok(Cast { value: None, text });
    }
    match PortRange::from_scalar(text.as_str(), ScalarKind::String) {
        Ok(range) => Ok(Cast { value: Some(range), text }),
        Err(_) => Err(format!("Invalid {name}: {}", excerpt(text.as_str()))),
    }
}

#[cfg(test)]
mod tests {
    use super::split_port;
    use crate::compose::short::tests::{spans, text};

    #[test]
    fn parts_and_their_places() {
        for (written, expected) in [
            ("80", "target=80"),
            ("8080:80", "published=8080 target=80"),
            ("127.0.0.1:8080:80/udp", "host_ip=127.0.0.1 published=8080 target=80 protocol=udp"),
            ("127.0.0.1::80", "host_ip=127.0.0.1 target=80"),
            ("[::1]:80:81", "host_ip=::1 published=80 target=81"),
            ("[::1]::80", "host_ip=::1 target=80"),
            ("::1:80:81", "host_ip=::1 published=80 target=81"),
            ("8000-8002:80-82", "published=8000-8002 target=80-82"),
            ("8000-8002:80", "published=8000-8002 target=80"),
            (":80", "target=80"),
            ("::80", "target=80"),
            ("80/", "target=80"),
            ("0:80", "published=0 target=80"),
            ("80/TCP", "target=80 protocol=TCP"),
            ("${IP:-127.0.0.1}:${P:-80}:80", "host_ip=${IP:-127.0.0.1} published=${P:-80} target=80"),
            ("${ALL}", "target=${ALL}"),
        ] {
            let port = split_port(&text(written)).unwrap();
            let found = spans(
                written,
                &[
                    ("host_ip", port.host_ip.as_ref().map(|f| f.origin)),
                    ("published", port.published.as_ref().map(|f| f.origin)),
                    ("target", port.target.as_ref().map(|f| f.origin)),
                    ("protocol", port.protocol.as_ref().map(|f| f.origin)),
                ],
            );
            assert_eq!(found, expected, "{written}");
        }
    }

    #[test]
    fn refused_in_dockers_words() {
        for (written, words) in [
            ("", "No port specified: <empty>"),
            ("80:", "No port specified: 80:<empty>"),
            ("host:80:80", "Invalid ip address: host"),
            ("99999:80", "Invalid hostPort: 99999"),
            ("99999", "Invalid containerPort: 99999"),
            ("80 :80", "Invalid hostPort: 80 "),
            ("+80:80", "Invalid hostPort: +80"),
            ("81-80", "Invalid containerPort: 81-80"),
            ("80/foo", "Invalid proto: foo"),
            ("80:0", "missing a target port"),
            ("8000-8002:80-81", "Invalid ranges specified for container and host Ports: 80-81 and 8000-8002"),
            ("[::1:80:80", "Invalid ip address [::1: address [::1:: missing ']' in address"),
            ("[zz]:80:80", "Invalid ip address: zz"),
        ] {
            assert_eq!(split_port(&text(written)).unwrap_err(), words, "{written}");
        }
    }
}
