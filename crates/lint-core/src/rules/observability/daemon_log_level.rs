use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "daemon-log-level",
        docs: "The Docker daemon logs too much or too little.

## Why
Above `info` the daemon no longer says who started and removed what; below it, the log is so full that
nobody finds it, and may hold what should not be in a log.

## Instead
Leave `log-level` out, or set it to `info`; set `debug` for as long as something is looked for.
",
        severity: Severity::Low,
        stride: &[Stride::Repudiation],
        references: &[
            Reference::cis("2.3"),
            Reference::Cwe(778),
            Reference::Cwe(779),
            Reference::Owasp("#10"),
            Reference::Nist("4.5.4"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    if let Some((level, place)) = subject.config.text("log-level") {
        let message = match level.to_ascii_lowercase().as_str() {
            "debug" | "trace" => "the daemon's log is flooded: its level is below `info`",
            "warn" | "warning" | "error" | "fatal" | "panic" => {
                "the daemon's log does not say what was started and removed: its level is above `info`"
            }
            _ => return,
        };
        subject.report(cx, place, message).help("set `\"log-level\": \"info\"`, or leave it away");
        return;
    }
    if let Some((true, place)) = subject.config.switch("debug") {
        subject
            .report(cx, place, "the daemon's log is flooded: `debug` is switched on")
            .help("leave `debug` away but while something is looked for");
    }
}
