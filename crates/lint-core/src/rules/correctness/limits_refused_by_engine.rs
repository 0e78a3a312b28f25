use lint_parser::compose::ast::field::{Cast, Field};
use lint_parser::compose::ast::scalar::ByteSize;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "limits-refused-by-engine",
        docs: "Limits that the engine refuses together.

## Why
Compose passes limits on as they are. The engine refuses to create a container whose memory with swap is smaller than its memory or
has no memory limit beside it, whose reservation is larger than its limit, whose limit is below 6 MiB, or that has `cpus`
beside `cpu_quota` or `cpu_period`.

## Instead
Set `memswap_limit` to memory and swap together, at least as much as `mem_limit`; set `mem_reservation` below
`mem_limit`; use `cpus` alone.

## Fix safety
The fix adds the unit that is missing, or removes what is refused beside `cpus`. It is unsafe: before, nothing ran.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

/// The least memory the engine gives a container, in bytes.
const LEAST: i64 = 6 << 20;

/// `64` for `64m`
fn in_mebibytes(subject: &ServiceSubject<'_>, memory: &Field<Cast<ByteSize>>) -> Option<Fix> {
    let text = memory.value.text.as_str();
    let number: i64 = text.parse().ok().filter(|number| (LEAST >> 20..1 << 20).contains(number))?;
    let size = format!("{number}m");
    Some(subject.editor().replace(memory.origin, &size)?.unsafely(format!("Write `{size}`")))
}

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() {
        return;
    }
    let spec = subject.spec();
    let resources = spec.deploy.as_deref().and_then(|deploy| deploy.value.resources.as_deref());
    let limits = resources.and_then(|resources| resources.value.limits.as_deref());
    let reservations = resources.and_then(|resources| resources.value.reservations.as_deref());
    let memory = limits.and_then(|limits| limits.value.memory.as_deref()).or(spec.mem_limit.as_deref());
    let reserved = reservations
        .and_then(|reservations| reservations.value.memory.as_deref())
        .or(spec.mem_reservation.as_deref());
    let cpus = limits.and_then(|limits| limits.value.cpus.as_deref()).or(spec.cpus.as_deref());
    let known = |size: &Field<Cast<ByteSize>>| size.value.known().map(|size| size.0);
    let limit = memory.map_or(Some(0), known);

    if let (Some(memory), Some(1..LEAST)) = (memory, limit) {
        subject
            .report_field(cx, memory, "the engine refuses less than 6 MiB of memory")
            .maybe_fix(in_mebibytes(subject, memory))
            .help("sizes without a unit are bytes: write `64m`");
    }
    if let (Some(swap), Some(limit)) = (spec.memswap_limit.as_deref(), limit)
        && !subject.may_be_set(if memory.is_none() { "mem_limit" } else { "" })
        && let Some(1..) = known(swap)
    {
        let total = known(swap).unwrap_or_default();
        if limit <= 0 {
            subject
                .report_field(cx, swap, "the engine refuses `memswap_limit` without a limit of the memory")
                .help("set `mem_limit` too");
        } else if total < limit {
            subject
                .report_field(cx, swap, "this is memory and swap together, and less than the memory alone")
                .help("set it to at least `mem_limit`; equal means no swap");
        }
    }
    if let (Some(reserved), Some(limit @ 1..)) = (reserved, limit)
        && known(reserved).is_some_and(|reserved| reserved > limit)
    {
        subject
            .report_field(cx, reserved, "the engine refuses to promise more memory than the limit allows")
            .help("reserve less than the limit");
    }
    let has_cpus = cpus.is_some_and(|cpus| cpus.value.known().is_some_and(|cpus| cpus.0 > 0.0));
    for (name, field) in [("cpu_quota", &spec.cpu_quota), ("cpu_period", &spec.cpu_period)] {
        if let (Some(field), true) = (field, has_cpus)
            && field.value.known().is_some_and(|value| *value > 0)
        {
            subject
                .report_field(cx, field, format!("the engine refuses `{name}` beside a number of `cpus`"))
                .maybe_fix(
                    subject
                        .editor()
                        .remove_key(field.key)
                        .map(|change| change.unsafely(format!("Remove `{name}`"))),
                )
                .help(format!("remove `{name}`"));
        }
    }
}
