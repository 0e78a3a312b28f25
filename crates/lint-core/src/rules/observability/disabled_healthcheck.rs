use crate::model::build::stage::ImageHealthcheck;
use crate::model::container::Container;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;
use lint_parser::compose::ast::pairs::Command;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "disabled-healthcheck",
        docs: "The health check of the image is switched off.

## Why
The image has a way to tell that its program no longer works, and it is not used: a container that hangs keeps
getting requests, and services that wait for it to be healthy cannot.

## Instead
Remove the entry, or write a check that works here. `interval` and `timeout` can be changed without replacing the
image's own `test`.

## Fix safety
The fix is unsafe: the check that the image brings runs, and may fail here. A `HEALTHCHECK NONE` of a Dockerfile is left alone.

## Limits
`test: NONE` as a text is no switch: Compose runs a command called `NONE`.
",
        severity: Severity::Medium,
        stride: &[Stride::DenialOfService],
        references: &[Reference::cis("4.6"), Reference::cis("5.27"), Reference::Nist("4.4.3"), Reference::Kics("Healthcheck Not Set")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Container(in_image)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(healthcheck) = &subject.spec().healthcheck else { return };
    let healthcheck = &healthcheck.value;
    let help = "remove it, or write a check that works here";
    if let Some(disable) = healthcheck.disable.as_ref().filter(|disable| disable.value.is(true)) {
        let fix = subject.editor().remove_key(disable.key);
        subject
            .report_field(cx, disable, "the health check is switched off")
            .maybe_fix(fix.map(|change| change.unsafely("Remove `disable`")))
            .help(help);
    } else if let Some(test) = &healthcheck.test
        && let Command::Words(words) = &test.value
        && words.first().is_some_and(|first| first.as_str() == "NONE" && !first.is_unknown())
    {
        let fix = subject.editor().remove_key(test.key);
        subject
            .report_field(cx, test, "the health check is switched off")
            .maybe_fix(fix.map(|change| change.unsafely("Remove `test`")))
            .help(help);
    }
}

/// `HEALTHCHECK NONE`, when the service brings no check of its own.
fn in_image(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some((plan, stage)) = container.target() else { return };
    let Some(setting) = stage.config.healthcheck.as_ref() else { return };
    if setting.value != ImageHealthcheck::Disabled {
        return;
    }
    if let Some(of) = container.service {
        let spec = &of.service.spec;
        let check = spec.healthcheck.as_ref().map(|healthcheck| &healthcheck.value);
        let decided = check.is_some_and(|check| check.test.is_some() || check.disable.is_some());
        if decided
            || of.service.fragment
            || !of.service.complete
            || spec.rest.invalid("healthcheck").is_some()
        {
            return;
        }
    }
    let place = Place::new(&plan.dockerfile.file, setting.origin.span);
    let mut draft = cx.report(place, "the health check is switched off");
    if let Some(key) = container.service_key() {
        draft = draft.label(key, "which this service runs");
    }
    draft.help("remove it, or write a check that works here");
}
