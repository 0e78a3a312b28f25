use crate::rule::prelude::*;
use crate::rule::program::ProgramSubject;
use lint_parser::shell::word::Word;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "globally-trusted-apt-key",
        docs: "`apt-key` makes a key good for every repository.

## Why
A key that `apt-key` adds may sign any package of any repository, those of the distribution included: whoever
has the vendor's key, or its server, can replace `libc`. Debian 12 and Ubuntu 24.04 are the last with
`apt-key`; from then on the build stops.

## Instead
Put the key into a file of its own and name it for the one repository it signs:
`ADD --checksum=sha256:... https://repo.example.com/key.asc /etc/apt/keyrings/example.asc`, and
`deb [signed-by=/etc/apt/keyrings/example.asc] https://repo.example.com stable main`.

## Limits
A key in `/etc/apt/trusted.gpg.d` is as good for every repository, and is not reported.
",
        severity: Severity::Low,
        stride: &[Stride::Spoofing, Stride::Tampering],
        references: &[
            Reference::cis("4.11"),
            Reference::Url("https://manpages.debian.org/bookworm/apt/apt-key.8.en.html"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Program(check)],
};

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
    subject
        .report(cx, program.span_to(verb), message)
        .help("write the key to `/etc/apt/keyrings` and name it with `signed-by`");
}
