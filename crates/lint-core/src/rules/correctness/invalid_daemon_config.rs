use crate::model::daemon::daemon_config::{Given, options};
use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-daemon-config",
        docs: "The Docker daemon refuses its configuration.

## Why
With an option that it does not know, one of the wrong type, or one that is set both in `daemon.json` and by
a flag, the daemon does not start. What was meant to be switched on or off is not.

## Instead
Write options as the reference of `dockerd` has them, and each in one place: take the flag out of the unit
with a drop-in that resets `ExecStart=`.

## Limits
Unknown options are reported only where they look like a misspelling: the daemon learns new ones.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Daemon(check)],
};

/// How many names are compared with all options; a file has one or two that are misspelt.
const MOST_UNKNOWN: usize = 50;

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let written: Vec<_> = subject.config.written().collect();
    let mut unknown = 0;
    for (at, setting) in written.iter().enumerate() {
        let key = setting.key.as_str();
        // A list is reported once.
        if setting.flag
            || written.get(..at).is_some_and(|before| before.last().is_some_and(|one| one.key == key))
        {
            continue;
        }
        if !options::is_option(key) {
            unknown += 1;
            if unknown <= MOST_UNKNOWN
                && let Some(meant) = options::meant(key)
            {
                subject
                    .report(cx, &setting.name, format!("the daemon has no option `{key}` and does not start"))
                    .help(format!("write `{meant}`"));
            }
            continue;
        }
        if options::is_switch(key) && !matches!(setting.value, Given::Bool(_)) {
            subject
                .report(
                    cx,
                    &setting.name,
                    format!("`{key}` is neither true nor false here, so the daemon does not start"),
                )
                .help("write `true` or `false`, without quotes");
        }
        let flag = subject.config.settings(key).find(|other| other.flag);
        if let Some(flag) = flag.filter(|_| key != "runtimes") {
            subject
                .report(
                    cx,
                    &setting.name,
                    format!("`{key}` is set here and by a flag, so the daemon does not start"),
                )
                .label(flag.place.clone(), "the flag")
                .help("remove it here, or reset `ExecStart=` in a drop-in and start the daemon without the flag");
        }
    }
}
