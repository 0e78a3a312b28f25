use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unlimited-ulimit",
        docs: "A limit of the container's processes is lifted.

## Why
The daemon sets ulimits for all containers. A container that lifts the one on open files or on processes can
use up the host's, and then nothing on the host opens a file or starts a program any more.

## Instead
Write the number the program needs: `nofile: {soft: 65536, hard: 65536}`.

## Limits
Only `nofile` and `nproc`. `memlock: -1` is what databases ask for so that their memory is not swapped out;
it is bounded by the container's memory limit.
",
        severity: Severity::Low,
        stride: &[Stride::DenialOfService],
        references: &[
            Reference::cis("5.19"),
            Reference::Cwe(770),
            Reference::Owasp("#7"),
            Reference::Nist("4.4.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() {
        return;
    }
    let ulimits = subject.spec().ulimits.iter().flat_map(|ulimits| ulimits.value.iter());
    for (name, ulimit) in ulimits {
        let what = match name {
            "nofile" => "files open",
            "nproc" => "processes",
            _ => continue,
        };
        // What a process may raise its limit to is the limit.
        let Some(hard) = ulimit.value.hard.as_ref().or(ulimit.value.soft.as_ref()) else { continue };
        if hard.value.known() != Some(&-1) {
            continue;
        }
        subject
            .report_field(cx, hard, format!("this container may have any number of {what}"))
            .help(format!("write the number the program needs in `{name}`"));
    }
}
