use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "local-only-logging",
        docs: "The output of containers stays on the host, or is thrown away.

## Why
Whoever has taken over a host can change what is written there. With `none` nothing is kept at all, and
nobody can tell
afterwards what happened.

## Instead
Send it elsewhere: `syslog`, `fluentd`, `gelf`, `journald` with a forwarder.

## Limits
That the output stays on the host (`json-file`, `local`, or nothing set) is reported under the strict
profile, with low severity: an agent may collect the files.
",
        severity: Severity::Medium,
        stride: &[Stride::Repudiation],
        references: &[
            Reference::cis("2.13"),
            Reference::Cwe(778),
            Reference::Owasp("#10"),
            Reference::Nist("4.4.5"),
        ],
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

const HELP: &str = "use a driver that sends the output to another machine, such as `syslog` or `fluentd`";

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    match subject.config.text("log-driver") {
        Some(("none", place)) => {
            subject
                .report(cx, place, "everything containers write to their output is thrown away")
                .help(HELP);
        }
        Some((driver @ ("json-file" | "local"), place)) if cx.is_strict() => {
            subject
                .report(
                    cx,
                    place,
                    format!("the output of containers stays on this host: the log driver is `{driver}`"),
                )
                .at_most(Severity::Low)
                .help(HELP);
        }
        Some(_) => {}
        None => {
            let Some(absence) = subject.strict_absence(cx, "log-driver") else { return };
            subject
                .report_absence(
                    cx,
                    absence,
                    "the output of containers stays on this host: no log driver is set",
                )
                .at_most(Severity::Low)
                .help(HELP);
        }
    }
}
