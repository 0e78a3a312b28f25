use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

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
Looked for is `NOPASSWD: ALL` in what a `RUN` or a heredoc writes to `sudoers`, in the stages the image is made
of. Files that are copied are not read.

## When to allow it
In containers that people work in, such as development containers, with nothing on the host mounted into them
that root should not have.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::cis("4.8"), Reference::Cwe(250), Reference::Owasp("#2")],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_in_target_chain() {
        return;
    }
    let operation = subject.operation();
    let mut found: Vec<Span> = Vec::new();
    for program in subject.run().unwrap_or_default() {
        let writes = match program.name() {
            Some("echo" | "printf") => grants,
            Some("sed") => substitutes,
            _ => continue,
        };
        found.extend(program.args().iter().filter(|word| writes(&word.unquoted())).map(Word::span));
    }
    for heredoc in &operation.heredocs {
        let text = heredoc.content.text();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if grants(line) && !line.contains("echo") && !line.contains("printf") {
                found.push(heredoc.content.span_of(start..start + line.trim_end().len()));
            }
            start += line.len();
        }
    }
    // A text that only a help page or a test would show is written nowhere near that file.
    if found.is_empty() || !subject.plan.dockerfile.file.slice(subject.instruction.span).contains("sudoers") {
        return;
    }
    found.sort_unstable();
    found.dedup();
    for span in found {
        subject
            .report(cx, span, "this account becomes root without being asked for a password")
            .help("do as root what needs root in the build, and leave `sudo` out of the image");
    }
}

/// Whether a line of `sudoers` lets somebody but root run everything without a password.
fn grants(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let all = |(_, rest): (&str, &str)| rest.trim_start_matches([':', ' ', '\t']).starts_with("ALL");
        line.split_once("NOPASSWD").is_some_and(all) && !line.starts_with('#') && !line.starts_with("root ")
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
