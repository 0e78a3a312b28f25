use crate::model::runs::files::{Written, removed, written};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;
use crate::rule::program::ProgramSubject;
use lint_parser::shell::word::Word;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "globally-trusted-apt-key",
        docs: "A vendor's key is good for every repository.

## Why
A key that `apt-key` adds, or that lies in `/etc/apt/trusted.gpg.d`, may sign any package of any repository, those of the distribution included: whoever
has the vendor's key, or its server, can replace `libc`. Debian 12 and Ubuntu 24.04 are the last with
`apt-key`; from then on the build stops.

## Instead
Put the key into a file of its own and name it for the one repository it signs:
`ADD --checksum=sha256:... https://repo.example.com/key.asc /etc/apt/keyrings/example.asc`, and
`deb [signed-by=/etc/apt/keyrings/example.asc] https://repo.example.com stable main`.

## Limits
Found are keys that `ADD`, `COPY`, `curl -o`, `gpg`, `tee`, `cp` and redirections put there. The distribution's own are left
alone, and so is a key that the build removes again.
",
        severity: Severity::Low,
        stride: &[Stride::Spoofing, Stride::Tampering],
        references: &[
            Reference::cis("4.11"),
            Reference::Url("https://manpages.debian.org/bookworm/apt/apt-key.8.en.html"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Program(check), Check::Instruction(files)],
};

/// Where `apt` looks for keys that are good for all.
const KEYRING: &str = "/etc/apt/trusted.gpg";

const HELP: &str = "write the key to `/etc/apt/keyrings` and name it with `signed-by`";

fn check(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let program = subject.program;
    let args = program.args();
    if program.name() != Some("apt-key") || !subject.is_in_build() {
        return;
    }
    let has = |arg: &Word, option: &str| arg.static_prefix().starts_with(option);
    // A key ring of its own is what the repository is to name.
    if args.iter().any(|arg| has(arg, "--keyring")) {
        return;
    }
    let fetches = |arg: &Word| ["--recv", "--fetch-keys", "--import"].iter().any(|option| has(arg, option));
    let adds = |arg: &Word| arg.is("add") || (arg.is("adv") && args.iter().any(fetches));
    let Some(verb) = args.iter().position(adds) else { return };
    let message = "`apt-key` makes this key good for every repository, the distribution's own too";
    subject.report(cx, program.span_to(verb), message).help(HELP);
}

/// What a `RUN`, a `COPY` or an `ADD` puts into `trusted.gpg.d`.
fn files(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.dockerfile.file.slice(subject.instruction.span).contains("trusted.gpg") {
        return;
    }
    let mut found = Vec::new();
    if let Some(copy) = subject.copy() {
        let paths = subject.plan.written_paths(subject.index, copy);
        let destination = copy.destination.as_ref().map(|word| word.span());
        found.extend(destination.filter(|_| paths.iter().any(|path| is_global(path))));
    } else if subject.run().is_some() {
        let course = subject.plan.course(subject.index);
        let removed = removed(&course);
        let keys = written(&course).into_iter().filter(|one| is_global(&one.path));
        let stays =
            |one: &Written| !subject.plan.is_removed_later(subject.index, &removed, &one.path, one.step);
        found.extend(keys.filter(stays).map(|one| one.span));
    }
    found.sort_unstable();
    found.dedup();
    for span in found {
        let message = "a key in `trusted.gpg.d` is good for every repository, the distribution's own too";
        subject.report(cx, span, message).help(HELP);
    }
}

/// Whether `apt` trusts what is in a file for all repositories. The distribution's own keys are meant to be there.
fn is_global(path: &str) -> bool {
    let Some(rest) = path.strip_prefix(KEYRING) else { return false };
    let name = rest.strip_prefix(".d").unwrap_or(rest).trim_start_matches('/');
    let is_own = [
        "debian-archive",
        "debian-keyring",
        "ubuntu-keyring",
        "ubuntu-archive",
        "raspbian-archive",
        "kali-archive",
    ];
    (rest.is_empty() || rest.starts_with(".d") || rest == "~")
        && !is_own.iter().any(|own| name.starts_with(own))
}
