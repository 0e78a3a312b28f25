use lint_parser::compose::ast::field::Form;

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "single-letter-volume",
        docs: "A volume with a name of one letter is taken for a Windows drive.

## Why
`d:/data` looks like a path on drive `D:`. Compose takes all of it for the path in the container and mounts
an anonymous volume there: the volume `d` stays empty, and the data is lost with the container.

## Instead
Give the volume a longer name, or use the long syntax with `source` and `target`.
",
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if subject.service.is_windows() {
        return;
    }
    let mounts = subject.spec().volumes.as_deref();
    for (field, mount) in
        mounts.into_iter().flat_map(|field| field.value.iter().map(move |mount| (field, mount)))
    {
        let (Form::Short(whole), None, Some(target)) = (&mount.form, &mount.source, &mount.target) else {
            continue;
        };
        let text = target.value.as_str();
        let (Some(letter), Some(":/")) = (text.get(..1), text.get(1..3)) else { continue };
        if whole.is_unknown() || !letter.chars().all(|c| c.is_ascii_alphabetic()) {
            continue;
        }
        let message = format!("this is an anonymous volume at `{text}`, not the volume `{letter}`");
        subject
            .report_part(cx, whole.origin, field.via, message)
            .help("give the volume a longer name, or use the long syntax with `source` and `target`");
    }
}
