use crate::model::runs::{Course, Program};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;
use lint_parser::shell::ast::Command;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "account-password",
        docs: "A `RUN` gives an account a password.

## Why
Whoever can pull the image has the hash, and in most cases the password itself, which stands in the image's
history. It is the same in every container, and it opens `su`, `sudo` and any server that asks for one. A
process in a container needs a user, not a login.

## Instead
Create accounts without a password (`useradd`, `adduser --disabled-password`). Where somebody must log in,
use keys that are mounted when the container starts.

## Limits
`passwd -l`, `usermod -L` and a hash of `*` or `!` lock an account, and are not reported; nor is a random
password (`openssl rand`, `/dev/urandom`), which nobody knows.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure, Stride::Spoofing],
        references: &[Reference::cis("4.10"), Reference::Cwe(798), Reference::Checkov("CKV2_DOCKER_17")],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    let mut course = None;
    for (at, program) in subject.run().unwrap_or_default().iter().enumerate() {
        let Some(what) = sets_password(program) else { continue };
        let course = course.get_or_insert_with(|| subject.plan.course(subject.index));
        if what == SET && is_random_there(course, at) {
            continue;
        }
        // The name alone: the words after it may hold the password.
        cx.report(subject.place(program.name_span()), what)
            .help("create the account without a password; nothing in a container needs to log in");
    }
}

const SET: &str = "this gives an account a password that everyone who has the image shares";

/// Whether the password comes from a variable that holds what a source of chance gave, so that nobody knows it:
/// `PASSWORD="$(openssl rand -hex 24)"; echo "git:$PASSWORD" | chpasswd`.
fn is_random_there(course: &Course<'_>, at: usize) -> bool {
    let Some(step) = course.steps.iter().find(|step| step.index == at) else { return false };
    let source = step.program.context.piped_from.as_ref().and_then(Command::simple);
    let command = step.program.command();
    let documents = command
        .redirections
        .iter()
        .map(|one| one.here_document().map_or(&one.target, |document| &document.body));
    let words = source.into_iter().flat_map(|source| source.words.iter());
    let mut words = words.chain(step.program.args()).chain(documents);
    words.any(|word| course.texts(step, word).iter().any(|text| is_random(text)))
}

/// What is wrong.
fn sets_password(program: &Program) -> Option<&'static str> {
    const EMPTY: &str = "this gives an account an empty password";
    let args = program.args();
    let any = |names: &[&str]| args.iter().any(|arg| names.iter().any(|name| arg.is(name)));
    match program.name()? {
        "chpasswd" if any(&["--help", "-h"]) => None,
        "chpasswd" if any(&["-e", "--encrypted"]) && is_fed_locks_alone(program) => None,
        "chpasswd" if is_fed_random(program) => None,
        "chpasswd" => Some(SET),
        // Without input it would wait for a terminal.
        "passwd" => {
            if any(&["-d", "--delete"]) {
                return Some(EMPTY);
            }
            let other = any(&["-l", "--lock", "-u", "-S", "--status", "-e", "--expire", "-n", "-x"]);
            let fed = program.context.piped_from.is_some() || any(&["--stdin"]);
            (!other && fed && !is_fed_random(program)).then_some(SET)
        }
        "useradd" | "usermod" => {
            let option = args.iter().position(|arg| {
                let prefix = arg.static_prefix();
                prefix == "-p" || prefix.starts_with("--password")
            })?;
            let word = args.get(option)?;
            let attached = word.static_prefix().starts_with("--password=");
            let value = if attached { word } else { args.get(option + 1)? };
            let text = value.unquoted();
            let text = text.strip_prefix("--password=").unwrap_or(&text);
            match text {
                "" => Some(EMPTY),
                _ if is_lock(text) || is_random(text) => None,
                _ => Some(SET),
            }
        }
        _ => None,
    }
}

/// Whether the password comes from a source of chance, so that nobody knows it: `echo "git:$(openssl rand -hex 24)" | chpasswd`.
fn is_fed_random(program: &Program) -> bool {
    let source = program.context.piped_from.as_ref().and_then(Command::simple);
    source.is_some_and(|source| source.words.iter().any(|word| is_random(word.text.text())))
}

fn is_random(text: &str) -> bool {
    const SOURCES: &[&str] = &[
        "/dev/urandom",
        "/dev/random",
        "/kernel/random/uuid",
        "openssl rand",
        "pwgen",
        "uuidgen",
        "makepasswd",
        "apg ",
        "gpg --gen-random",
        "mktemp -u",
        "secrets.token",
    ];
    text.contains(['$', '`']) && SOURCES.iter().any(|source| text.contains(source))
}

/// What stands in the place of a hash so that no password opens the account (shadow(5)).
fn is_lock(hash: &str) -> bool {
    hash.starts_with(['*', '!', 'x']) && hash.len() <= 2
}

/// `echo "git:*" | chpasswd -e`: that is how an account is kept unlocked for keys and closed to passwords.
fn is_fed_locks_alone(program: &Program) -> bool {
    let Some(words) = program.context.piped_from.as_ref().and_then(Command::simple).map(|echo| &echo.words)
    else {
        return false;
    };
    let [echo, lines @ ..] = &**words else { return false };
    (echo.is("echo") || echo.is("printf"))
        && !lines.is_empty()
        && lines.iter().all(|line| {
            line.literal_text()
                .is_some_and(|line| line.trim_end().split_once(':').is_some_and(|(_, hash)| is_lock(hash)))
        })
}
