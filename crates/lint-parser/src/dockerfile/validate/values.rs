//! Values that are written out: ports, modes, checksums, stages.

use nom::branch::alt;
use nom::bytes::complete::take_while;
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::all_consuming;
use nom::multi::{many1_count, separated_list1};
use nom::sequence::separated_pair;
use nom::{IResult, Parser};

use crate::dockerfile::ast::{Copy, Instruction};
use crate::dockerfile::validate::refused;
use crate::dockerfile::wording::shown;
use crate::syntax_error::SyntaxError;
use crate::text::mapped::Mapped;

/// `COPY --from`, where a variable is never allowed and a number must be that of a stage.
pub(super) fn copy_from(instruction: &Instruction, stages: usize, errors: &mut Vec<SyntaxError>) {
    let Some(value) = instruction.flag("from").and_then(|flag| flag.value.as_ref()) else { return };
    let text = value.text();
    if text.split_once('$').is_some_and(|(_, after)| !after.is_empty()) {
        errors.push(
            refused(value.span(), "variable expansion is not supported for --from")
                .with_help("define a stage with `FROM ${VARIABLE} AS name` and copy from that"),
        );
    } else if let Ok(index) = text.parse::<i64>()
        && usize::try_from(index).map_or(true, |index| index >= stages)
    {
        errors.push(
            refused(value.span(), format!("invalid stage index {index}"))
                .with_help("stages are counted from 0; give the stage a name and copy from that"),
        );
    }
}

/// `--chmod`: octal, or symbolic as chmod(1) takes it.
pub(super) fn chmod(instruction: &Instruction, errors: &mut Vec<SyntaxError>) {
    let Some(value) = instruction.flag("chmod").and_then(|flag| flag.value.as_ref()) else { return };
    let text = value.text();
    if text.is_empty() || text.contains('$') {
        return;
    }
    let octal = u32::from_str_radix(text, 8).is_ok_and(|mode| mode <= 0o7777) && !text.starts_with('+');
    if !octal && all_consuming(symbolic).parse(text).is_err() {
        let message = format!("invalid chmod parameter: '{}'", shown(text));
        errors.push(
            refused(value.span(), message)
                .with_help("write an octal number up to 07777, or a symbolic mode such as `u+rwX,go-w`"),
        );
    }
}

fn symbolic(input: &str) -> IResult<&str, Vec<usize>> {
    let who = take_while(|c| "ugoa".contains(c));
    let action = (one_of("+-="), take_while(|c| "rwxXstugo".contains(c)));
    let clause = (who, many1_count(action)).map(|(_, count)| count);
    separated_list1(char(','), clause).parse(input)
}

/// `COPY` takes nothing from elsewhere: that is `ADD`'s work.
pub(super) fn copy_sources(copy: &Copy, errors: &mut Vec<SyntaxError>) {
    for source in &copy.sources {
        let lower = source.text().trim_start_matches(['"', '\'']).to_ascii_lowercase();
        let is_web = lower.starts_with("http://") || lower.starts_with("https://");
        let path = lower.split(['#', '?']).next().unwrap_or_default();
        let is_git = ["git://", "ssh://", "git@"].iter().any(|scheme| lower.starts_with(scheme))
            || (is_web && path.ends_with(".git"));
        if is_git || is_web {
            let what = if is_git { "git ref" } else { "URL" };
            errors.push(
                refused(source.span(), format!("source can't be a {what} for COPY"))
                    .with_help("use ADD, with `--checksum` for a file"),
            );
        }
    }
}

/// `ADD --checksum`: one source, from elsewhere.
pub(super) fn checksum(instruction: &Instruction, copy: &Copy, errors: &mut Vec<SyntaxError>) {
    let Some(flag) = instruction.flag("checksum") else { return };
    if flag.value.as_ref().is_none_or(Mapped::is_empty) {
        return;
    }
    match copy.sources.as_slice() {
        [source] => {
            let text = source.text().trim_start_matches(['"', '\'']);
            if !is_remote(text) && !text.contains('$') {
                errors.push(
                    refused(flag.span, "checksum can't be specified for non-HTTP(S) and non-Git sources")
                        .with_help("the build context is trusted; remove the flag"),
                );
            } else if let Some(value) = &flag.value {
                digest(text, value, errors);
            }
        }
        [] => {}
        _ => errors.push(refused(flag.span, "checksum can't be specified for multiple sources")),
    }
}

/// The digest of a file, as Docker writes those of images. Of a repository it is the name of a commit, or its beginning.
fn digest(source: &str, value: &Mapped, errors: &mut Vec<SyntaxError>) {
    let text = value.text();
    let lower = source.to_ascii_lowercase();
    let path = lower.split(['#', '?']).next().unwrap_or_default();
    let is_web = (lower.starts_with("http://") || lower.starts_with("https://")) && !path.ends_with(".git");
    if text.contains(['$', '"', '\'', '\\']) || source.contains('$') || !is_web {
        return;
    }
    let fault = match text.split_once(':') {
        None => "invalid checksum digest format",
        Some((algorithm, hex)) => {
            let length = match algorithm {
                "sha256" => 64,
                "sha384" => 96,
                "sha512" => 128,
                _ => {
                    errors.push(
                        refused(value.span(), "unsupported digest algorithm").with_help("use `sha256:`"),
                    );
                    return;
                }
            };
            let is_hex = hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            match (hex.len() == length, is_hex) {
                (true, true) => return,
                (false, _) => "invalid checksum digest length",
                (true, false) => "invalid checksum digest format",
            }
        }
    };
    errors
        .push(refused(value.span(), fault).with_help("write `sha256:` and 64 lower-case hexadecimal digits"));
}

fn is_remote(source: &str) -> bool {
    let lower = source.to_ascii_lowercase();
    let schemes = ["http://", "https://", "git://", "ssh://", "git@", "github.com/"];
    schemes.iter().any(|scheme| lower.starts_with(scheme))
        || lower.split_once('@').is_some_and(|(_, rest)| rest.contains(':'))
}

/// `EXPOSE`: `[[ip:]host:]port[-port][/protocol]`.
pub(super) fn ports(ports: &[Mapped], escape: char, errors: &mut Vec<SyntaxError>) {
    for port in ports {
        let text = port.text();
        if !text.contains(['$', '\'', '"', escape]) {
            errors.extend(port_fault(text).map(|message| refused(port.span(), message)));
        }
    }
}

fn port_fault(text: &str) -> Option<String> {
    let (address, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    if !protocol.is_empty() && !["tcp", "udp", "sctp"].contains(&protocol.to_ascii_lowercase().as_str()) {
        return Some(format!("invalid proto: {}", shown(protocol)));
    }
    let container = address.rsplit(':').next().unwrap_or(address);
    match all_consuming(alt((port_range, one_port))).parse(container) {
        Err(_) => Some(format!("invalid port: {}", shown(text))),
        Ok((_, (from, to))) => match (from.parse::<u16>(), to.parse::<u16>()) {
            (Ok(from), Ok(to)) if from <= to => None,
            (Ok(_), Ok(_)) => Some(format!("invalid port range: {}", shown(container))),
            _ => Some(format!("port number out of range (0-65535): {}", shown(container))),
        },
    }
}

fn port_range(input: &str) -> IResult<&str, (&str, &str)> {
    separated_pair(digit1, char('-'), digit1).parse(input)
}

fn one_port(input: &str) -> IResult<&str, (&str, &str)> {
    digit1.map(|port| (port, port)).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_ranges_with_protocols() {
        for good in ["80", "80/TCP", "0-65535/udp", "127.0.0.1:80:81", "80:81-82/sctp", "[::1]:80:80"] {
            assert_eq!(port_fault(good), None, "{good}");
        }
        for bad in ["", "a", "80/http", "65536", "9-8", "80-", "99999999999999999999"] {
            assert!(port_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn symbolic_modes_are_clauses() {
        for good in ["u=rwX,go=rX", "+x", "a-w+r", "ug=o"] {
            assert!(all_consuming(symbolic).parse(good).is_ok(), "{good}");
        }
        for bad in ["", "u", "rwx", "u+q", "u+x,"] {
            assert!(all_consuming(symbolic).parse(bad).is_err(), "{bad}");
        }
    }
}
