use crate::model::known::host_file_checks::file_at;
use crate::model::paths::docker_files::docker_file;
use crate::model::values::modes::{GROUP_OR_OTHERS_WRITE, granted, limit, limit_of_grant, mode_change};
use crate::rule::dockerfile_edits::narrowed;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, ProgramSubject};
use crate::rule::subject::{InstructionSubject, ServiceSubject};
use lint_parser::compose::ast::field::{Attribute, List};
use lint_parser::compose::ast::mount::FileGrant;
use lint_parser::compose::value::Origin;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "loose-file-mode",
        docs: "A file is given permissions that its kind does not allow.

## Why
Who may write a file that a program trusts decides what the program does; who may read a private key can be the server
it belongs to. A certificate needs 0444 at most, a key of the daemon 0400, its configuration 0644.

## Instead
`mode: 0440` for what one group reads, `0400` for keys. Write the zero in front: `mode: 444` is a decimal number for
Compose, and means 0674.

## Fix safety
Fewer users can then read the file.

## Limits
Compose applies `mode` to files it writes itself, from `content` or `environment`. A config or secret that is a `file` is
mounted as it is, and its mode here does nothing.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering, Stride::InformationDisclosure],
        references: &[Reference::cis("3.8"), Reference::cis("3.10"), Reference::cis("3.12"), Reference::cis("3.14"), Reference::cis("3.18"), Reference::Cwe(732), Reference::Nist("4.5.5")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Instruction(copied), Check::Program(program)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let project = subject.project;
    files(subject, cx, &spec.configs, &|name| {
        project.config(name).is_some_and(|config| config.field.value.file.is_none())
    });
    files(subject, cx, &spec.secrets, &|name| {
        project.secret(name).is_some_and(|secret| secret.field.value.file.is_none())
    });
}

fn files(
    subject: &ServiceSubject<'_>,
    cx: &mut Context<'_>,
    grants: &Attribute<List<FileGrant>>,
    is_written_by_compose: &dyn Fn(&str) -> bool,
) {
    for grant in grants.iter().flat_map(|grants| grants.value.iter()) {
        let (Some(source), Some(mode)) = (&grant.source, &grant.mode) else { continue };
        let Some(bits) = mode.value.known().map(|mode| mode.0) else { continue };
        if !is_written_by_compose(source.value.as_str()) {
            continue;
        }
        let target = grant.target.as_ref().unwrap_or(source);
        let (most, kind) = limit_of_grant(target.value.as_str());
        if bits & !most == 0 {
            continue;
        }
        let written = mode.value.text.as_str();
        let decimal = written.bytes().all(|b| b.is_ascii_digit())
            && !written.starts_with('0')
            && format!("{bits:o}") != written;
        let message = if decimal {
            format!(
                "{written} is a decimal number here and means {bits:04o}, which is looser than {kind} may be"
            )
        } else {
            format!("{bits:04o} is looser than {kind} may be")
        };
        // The zero that is missing, or what the kind allows of it.
        let meant = if decimal { u32::from_str_radix(written, 8).unwrap_or(most) } else { bits };
        let octal = format!("{:04o}", meant & most);
        let help = if decimal { format!("write `{octal}`") } else { format!("use `{most:04o}` or less") };
        let breaks = file_at(target.value.as_str()).map(|file| file.mode).into_iter().collect();
        let fix = write_mode(subject, mode.origin, &octal);
        subject.report_field(cx, mode, message).help(help).breaks(breaks).maybe_fix(fix);
    }
}

/// Another mode, without quotes where there were none: older versions of Compose take a number alone. In JSON none begins with
/// a zero.
fn write_mode(subject: &ServiceSubject<'_>, mode: Origin, octal: &str) -> Option<Fix> {
    let place = subject.project.place(mode);
    let is_plain = place.file.slice(place.span).starts_with(|c: char| c.is_ascii_digit());
    let editor = subject.editor();
    let change = match is_plain && !place.file.name().ends_with(".json") {
        true => editor.write_over(mode, octal),
        false => editor.replace(mode, octal),
    };
    change.map(|change| change.unsafely(format!("Set the mode to `{octal}`")))
}

/// `COPY --chmod`
fn copied(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if let Some(copy) = subject.copy()
        && subject.is_in_target_chain()
        && let Some(flag) = subject.operation().flag("chmod")
        && let Some(value) = &flag.value
        && let Some(bits) = subject.plan.expand(subject.index, value).text().and_then(granted)
    {
        for path in subject.plan.written_paths(subject.index, copy) {
            if let Some((message, help, breaks)) = loose(bits, &path) {
                let fix = limit(&path).and_then(|(most, _)| narrowed(subject, value.span(), !most));
                subject.report(cx, flag.span, message).help(help).breaks(breaks).maybe_fix(fix);
            }
        }
    }
}

/// `chmod`, `install -m`
fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let change = mode_change(subject.program.invocation(), subject.variables());
    let Some(change) = change.filter(|change| !change.directory && subject.owner.is_shipped()) else {
        return;
    };
    for path in &change.paths {
        if let Some((message, help, breaks)) = loose(change.granted, path) {
            let fix = match (&subject.owner, limit(path)) {
                (Owner::Instruction(own), Some((most, _))) => narrowed(own, change.span, !most),
                _ => None,
            };
            subject.report(cx, change.span, message).help(help).breaks(breaks).maybe_fix(fix);
        }
    }
}

/// What is wrong, what to do, and what else it breaks.
fn loose(bits: u32, path: &str) -> Option<(String, String, Vec<&'static str>)> {
    let (most, kind) = looser(bits, path)?;
    let breaks = file_at(path).map(|file| file.mode).into_iter().collect();
    Some((format!("{bits:04o} is looser than {kind} may be"), format!("use `{most:04o}` or less"), breaks))
}

/// The widest mode for the file, where this is looser. Where group or others may write to the daemon's files,
/// `writable-docker-host-file` says so.
fn looser(bits: u32, path: &str) -> Option<(u32, &'static str)> {
    let (most, kind) = limit(path)?;
    let said = bits & GROUP_OR_OTHERS_WRITE != 0 && docker_file(path).is_some();
    (bits & !most != 0 && !said).then_some((most, kind))
}
