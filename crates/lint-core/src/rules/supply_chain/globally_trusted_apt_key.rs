use crate::model::programs::for_each_program;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "globally-trusted-apt-key",
        docs: "`apt-key` makes a key good for every repository.

## Why
A key that `apt-key` adds may sign any package of any repository, those of the distribution included: whoever
has the vendor's key, or its server, can replace `libc`. Debian 12 and Ubuntu 24.04 are the last with
`apt-key`; behind them the build stops.

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
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(commands) = subject.run() else { return };
    let mut found = Vec::new();
    for_each_program(commands, &mut |program| {
        let args = program.args();
        // A key ring of its own is what the repository is to name.
        let own_ring = args.iter().any(|arg| arg.static_prefix().starts_with("--keyring"));
        if program.name().as_deref() != Some("apt-key") || own_ring {
            return;
        }
        let fetches = || {
            args.iter().any(|arg| {
                let text = arg.static_prefix();
                text.starts_with("--recv") || text.starts_with("--fetch-keys") || text.starts_with("--import")
            })
        };
        let verb = args.iter().position(|arg| arg.is("add") || (arg.is("adv") && fetches()));
        found.extend(verb.map(|at| program.span_to(at)));
    });
    for span in found {
        subject
            .report(
                cx,
                span,
                "`apt-key` makes this key good for every repository, the distribution's own too",
            )
            .help("write the key to `/etc/apt/keyrings` and name it with `signed-by`");
    }
}
