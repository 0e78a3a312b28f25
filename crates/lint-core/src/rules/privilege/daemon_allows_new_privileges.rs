use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "daemon-allows-new-privileges",
        docs: r#"Processes in containers can gain privileges unless each service says otherwise.

## Why
A program with the setuid bit runs as its owner: whoever takes over a process of an ordinary user can become
root in the container through one. With `no-new-privileges` the kernel refuses that.

## Instead
Set `"no-new-privileges": true`. A service that needs a setuid program says `no-new-privileges=false` in its
`security_opt`.

## Limits
That the option is not set is reported under the strict profile.
"#,
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("2.14"),
            Reference::Cwe(269),
            Reference::Owasp("#4"),
            Reference::Nist("4.4.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

const HELP: &str = "set `\"no-new-privileges\": true`";

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if let Some((false, place)) = subject.config.switch("no-new-privileges") {
        subject
            .report(
                cx,
                place,
                "processes in containers can gain new privileges: `no-new-privileges` is switched off",
            )
            .help(HELP);
    }
    if let Some(absence) = subject.strict_absence(cx, "no-new-privileges") {
        subject
            .report_absence(
                cx,
                absence,
                "processes in containers can gain new privileges: `no-new-privileges` is not set",
            )
            .help(HELP);
    }
}
