use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "loosened-tmpfs",
        docs: "A `tmpfs` lets programs be started from it, or lets them gain rights.

## Why
The engine mounts a `tmpfs` with `noexec`, `nosuid` and `nodev`: what an attacker writes there cannot be run. `exec`, `suid` and `dev`
undo that, in the very place of a read-only container that can be written to.

## Instead
Leave the options out. A program that unpacks itself to `/tmp` can usually be given another directory, or be
unpacked when the image is
built.

## When to allow it
A program that compiles as it runs and has to load the result from there: give it a directory of its own and `exec` alone.
",
        severity: Severity::Low,
        stride: &[Stride::Tampering, Stride::ElevationOfPrivilege],
        references: &[
            Reference::ComposeLint("CL-0022"),
            Reference::Cwe(732),
            Reference::Owasp("#8"),
            Reference::Nist("4.4.3"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(mounts) = &subject.spec().tmpfs else { return };
    for item in &mounts.value.items {
        if item.value.is_unknown() {
            continue;
        }
        let Some((path, options)) = item.value.as_str().split_once(':') else { continue };
        let has = |name: &str| {
            options
                .split(',')
                .rfind(|option| option.trim_start_matches("no") == name)
                .is_some_and(|last| last == name)
        };
        let allowed: Vec<&str> = ["exec", "suid", "dev"].into_iter().filter(|name| has(name)).collect();
        let what = match allowed.as_slice() {
            [] => continue,
            ["exec"] => "programs can be started from",
            _ => "programs can gain rights through",
        };
        subject
            .report_part(cx, item.origin, mounts.via, format!("{what} `{path}`: `{}`", allowed.join("`, `")))
            .help("leave these options out; the engine forbids it by default");
    }
}
