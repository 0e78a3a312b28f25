use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;
use lint_parser::text::near::closest;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-namespace",
        docs: "A `pid` or `ipc` mode that does not exist.

## Why
Compose passes the word on, and the engine refuses to create the container.

## Instead
`pid` is `host`, `service:name` or `container:name`; `ipc` is one of these or `none`, `private`, `shareable`. Remove the
attribute for a namespace of the container's own.

## Fix safety
The fix is unsafe: the nearest word, or the service of that name, may not be what is meant.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let pid = spec.pid.as_deref().and_then(|pid| Some((pid.value.as_ref()?, pid.via)));
    let ipc = spec.ipc.as_deref().map(|ipc| (&ipc.value, ipc.via));
    for (name, written, words) in
        [("pid", pid, &["", "host"] as &[&str]), ("ipc", ipc, &["", "host", "none", "private", "shareable"])]
    {
        let Some((text, via)) = written.filter(|(text, _)| !text.is_unknown()) else { continue };
        let mode = text.as_str();
        let joins = |prefix: &str| mode.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
        if words.contains(&mode) || joins("service:") || joins("container:") {
            continue;
        }
        let meant = match subject.project.service(mode) {
            Some(_) => Some(format!("service:{mode}")),
            None => closest(mode, words.iter().copied().filter(|word| !word.is_empty())).map(str::to_owned),
        };
        let fix = meant.and_then(|meant| {
            Some(subject.editor().replace(text.origin, &meant)?.unsafely(format!("Write `{meant}`")))
        });
        let words: Vec<String> =
            words.iter().filter(|word| !word.is_empty()).map(|word| format!("`{word}`")).collect();
        subject
            .report_part(cx, text.origin, via, format!("the engine knows no such `{name}` mode"))
            .maybe_fix(fix)
            .help(format!("use {}, `service:name` or `container:name`", words.join(", ")));
    }
}
