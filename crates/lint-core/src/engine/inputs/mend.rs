//! The fixes of what is found in command lines, units and other inputs, where the right edit is known.

use lint_parser::text::span::Span;

use crate::finding::finding::{Finding, Remedy};
use crate::finding::fix::{Applicability, Edit, Fix};
use crate::finding::label::Place;
use crate::model::project::input::{Input, InputKind};

/// The fix of a finding, by what it says would repair it.
pub(super) fn fix(finding: &Finding, input: Input) -> Option<Fix> {
    let (title, edit) = match finding.remedy {
        None => no_new_privileges(finding, input)?,
        Some(Remedy::OnLoopback) => on_loopback(finding)?,
        Some(Remedy::Without) => without(finding)?,
    };
    Some(Fix::new(title, Applicability::Unsafe, vec![edit]))
}

/// The address in front of a port that has none.
fn on_loopback(finding: &Finding) -> Option<(&'static str, Edit)> {
    let written = finding.file().slice(finding.span());
    let at = Span::at(finding.span().start());
    is_short_port(written).then(|| ("Publish it on `127.0.0.1` alone", edit(finding, at, "127.0.0.1:")))
}

fn edit(finding: &Finding, span: Span, text: &str) -> Edit {
    Edit::new(Place { file: finding.file().clone(), span }, text)
}

/// The flag behind `docker run`, the key below `[Container]`.
fn no_new_privileges(finding: &Finding, input: Input) -> Option<(&'static str, Edit)> {
    finding.absent.filter(|lines| lines.starts_with("security_opt:"))?;
    let written = finding.file().slice(finding.span());
    let (title, text) = match input.kind {
        InputKind::CommandLine if written.ends_with("run") || written.ends_with("create") => {
            ("Add `--security-opt no-new-privileges`", " --security-opt no-new-privileges")
        }
        InputKind::Quadlet if written == "[Container]" => {
            let behind = finding.file().text().get(finding.span().end()..)?;
            let line = match behind.starts_with("\r\n") {
                true => "\r\nNoNewPrivileges=true",
                false => "\nNoNewPrivileges=true",
            };
            ("Add `NoNewPrivileges=true`", line)
        }
        _ => return None,
    };
    Some((title, edit(finding, Span::at(finding.span().end()), text)))
}

/// Takes the flag away, with the blank behind it.
fn without(finding: &Finding) -> Option<(&'static str, Edit)> {
    let (span, text) = (finding.span(), finding.file().text());
    match span.slice(text) {
        "--privileged" => {
            let rest = text.get(span.end()..)?;
            let end = span.end() + usize::from(rest.starts_with(' '));
            // What stands alone between two quotes would be an empty word.
            let is_alone = text.get(..span.start())?.ends_with(['"', '\'', '=']);
            (!is_alone).then(|| ("Remove `--privileged`", edit(finding, Span::new(span.start(), end), "")))
        }
        written if written.starts_with("\"privileged\"") && written.ends_with("true") => {
            let value = Span::new(span.end() - "true".len(), span.end());
            Some(("Set `privileged` to `false`", edit(finding, value, "false")))
        }
        _ => None,
    }
}

/// `8080:80`, `53:53/udp`: nothing says where it is published.
fn is_short_port(text: &str) -> bool {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let is_number = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        [first, last].iter().all(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    matches!(protocol, "tcp" | "udp" | "sctp")
        && ports.split_once(':').is_some_and(|(host, inner)| is_number(host) && is_number(inner))
}
