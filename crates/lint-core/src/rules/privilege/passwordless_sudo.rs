use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::runs::By;
use crate::model::runs::course::{Course, Step};
use crate::model::runs::files::{How, removed, written};
use crate::model::runs::packages::{Action, PackageCommand};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "passwordless-sudo",
        docs: "An account of the image may become root without a password.

## Why
With `NOPASSWD: ALL` the account is root in all but name: whoever gets into the program that runs as it types
`sudo` and has every file of the image and every capability of the container. `USER` then protects nothing.

## Instead
Do as root what needs root, in the build, and give the account the files it has to write (`COPY --chown`,
`chown`). A program that needs one privileged command can be given that one: `NOPASSWD: /usr/sbin/nginx -s
reload`.

## Limits
Looked for is `NOPASSWD: ALL` (and `!authenticate`) in what a `RUN` or a heredoc writes to `sudoers`, in the stages the image is made
of. Files that are copied are not read. What the build takes away again, the file, the account or `sudo` itself, is
not reported.

## When to allow it
In containers that people work in, such as development containers, with nothing on the host mounted into them
that root should not have.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::cis("4.8"), Reference::Cwe(250), Reference::Owasp("#2")],
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check), Check::Instruction(copied)],
};

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let Owner::Instruction(instruction) = subject.owner else { return };
    if !instruction.is_in_target_chain() || !mentions_sudoers(&instruction) {
        return;
    }
    let mut course = None;
    for (at, program) in subject.programs.iter().enumerate().filter(|(_, program)| program.by == By::Run) {
        let is_sed = program.name() == Some("sed");
        for word in program.printed() {
            let text = word.unquoted();
            if !(if is_sed { substitutes(&text) } else { grants(&text) }) {
                continue;
            }
            let course = course.get_or_insert_with(|| subject.course());
            let account = text.split_whitespace().next().unwrap_or_default();
            if is_undone(&instruction, course, at, account) {
                continue;
            }
            let script = word.as_script();
            // Of a here-document the lines that grant it.
            let spans: Vec<_> = if text.contains('\n') { lines(&script) } else { vec![word.span()] };
            spans.into_iter().for_each(|span| tell(&instruction, cx, span));
        }
    }
}

/// `COPY <<EOF /etc/sudoers.d/app`
fn copied(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if subject.copy().is_none() || !subject.is_in_target_chain() || !mentions_sudoers(subject) {
        return;
    }
    let heredocs = &subject.operation().heredocs;
    heredocs.iter().flat_map(|heredoc| lines(&heredoc.content)).for_each(|span| tell(subject, cx, span));
}

fn tell(subject: &InstructionSubject<'_>, cx: &mut Context<'_>, span: Span) {
    subject
        .report(cx, span, "this account becomes root without being asked for a password")
        .help("do as root what needs root in the build, and leave `sudo` out of the image");
}

/// A text that only a help page or a test would show is written nowhere near that file.
fn mentions_sudoers(subject: &InstructionSubject<'_>) -> bool {
    subject.plan.dockerfile.file.slice(subject.instruction.span).contains("sudoers")
}

/// Whether the build takes it away again: the file it is written to, the account, `sudo` itself.
fn is_undone(subject: &InstructionSubject<'_>, course: &Course<'_>, program: usize, account: &str) -> bool {
    let Some(at) = course.steps.iter().position(|step| step.index == program) else { return false };
    let later = course.steps.get(at + 1..).unwrap_or_default();
    let removes = |step: &Step<'_>, programs: &[&str], name: &str| {
        step.program.name().is_some_and(|program| programs.contains(&program))
            && step.program.args().iter().any(|arg| course.texts(step, arg).iter().any(|text| text == name))
    };
    let is_gone = later.iter().any(|step| {
        removes(step, &["deluser", "userdel"], account)
            || (removes(step, &["apk", "apt-get", "apt", "dnf", "yum", "microdnf", "zypper"], "sudo")
                && PackageCommand::of(step.program.invocation())
                    .is_some_and(|call| call.action == Action::Remove))
            || edits_out(step, account)
    });
    // What is piped into `tee` is written by that.
    let is_near = |step: usize| {
        step == at || course.steps.get(step).is_some_and(|step| step.program.name() == Some("tee"))
    };
    let written = written(course);
    let files: Vec<_> =
        written.iter().filter(|one| one.path.contains("sudoers") && is_near(one.step)).collect();
    let removed = removed(course);
    is_gone
        || (!files.is_empty()
            && files.iter().all(|file| {
                let is_replaced = written.iter().any(|one| {
                    one.step > file.step
                        && one.path == file.path
                        && one.how == How::Replaced
                        && !is_near(one.step)
                });
                is_replaced || subject.plan.is_removed_later(subject.index, &removed, &file.path, file.step)
            }))
}

/// `sed -i '/^app /d' /etc/sudoers`, `sed -i /NOPASSWD/d`
fn edits_out(step: &Step<'_>, account: &str) -> bool {
    step.program.name() == Some("sed")
        && step.program.args().iter().any(|arg| {
            let text = arg.unquoted();
            text.ends_with("/d")
                && (text.contains("NOPASSWD") || (!account.is_empty() && text.contains(account)))
        })
}

/// The lines of a text that grant it.
fn lines(text: &Mapped) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.text().split_inclusive('\n') {
        if grants(line) {
            found.push(text.span_of(start..start + line.trim_end().len()));
        }
        start += line.len();
    }
    found
}

/// Whether a line of `sudoers` lets somebody but root run everything without a password.
fn grants(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let all = |(_, rest): (&str, &str)| rest.trim_start_matches([':', ' ', '\t']).starts_with("ALL");
        let is_all = line.split_once("NOPASSWD").is_some_and(all) && !line.starts_with("root ");
        is_all && !line.starts_with('#') || line.starts_with("Defaults") && line.contains("!authenticate")
    })
}

/// Whether a command of `sed` puts such a line in.
fn substitutes(text: &str) -> bool {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some('s'), Some(delimiter)) if !delimiter.is_alphanumeric() => {
            text.split(delimiter).nth(2).is_some_and(grants)
        }
        _ => {
            let verb = text.trim_start_matches(|c: char| c.is_ascii_digit() || "$ ".contains(c));
            verb.starts_with(['a', 'i'])
                && grants(verb.get(1..).unwrap_or_default().trim_start_matches(['\\', ' ']))
        }
    }
}
