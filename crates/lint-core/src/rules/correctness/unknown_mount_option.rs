use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-mount-option",
        docs: "A mount option that Compose ignores.

## Why
Compose does not look at options it does not know. With `:r0`, `:readonly` or `:RO` in place of `:ro` the mount is writable, and
nobody is told.

## Instead
The options are `ro`, `rw`, `z`, `Z`, `nocopy` and, for bind mounts, `private`, `rprivate`, `shared`, `rshared`, `slave`,
`rslave`. `noexec` and its kin are options of a `tmpfs`, or of a volume's `driver_opts`.

## Fix safety
The fix is unsafe: what was writable no longer is. It is there where `ro` is meant.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const KNOWN: [&str; 11] =
    ["ro", "rw", "z", "Z", "nocopy", "private", "rprivate", "shared", "rshared", "slave", "rslave"];

/// What Docker Desktop had, and what changes nothing.
const HARMLESS: [&str; 4] = ["cached", "delegated", "consistent", "default"];

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let mounts = subject.spec().volumes.as_deref();
    for (field, mount) in
        mounts.into_iter().flat_map(|field| field.value.iter().map(move |mount| (field, mount)))
    {
        for option in mount.options.iter().filter(|option| !option.is_unknown()) {
            let text = option.as_str();
            if text.is_empty() || KNOWN.contains(&text) || HARMLESS.contains(&text) {
                continue;
            }
            let meant_read_only = is_meant_read_only(text);
            let message = match meant_read_only {
                true => format!("`{text}` is ignored, so the mount is writable"),
                false => format!("`{text}` is no option of a mount, so it is ignored"),
            };
            let draft = subject.report_part(cx, option.origin, field.via, message);
            let draft = if meant_read_only { draft } else { draft.at_most(Severity::Medium) };
            let fix = meant_read_only.then(|| subject.editor().replace_part(option, "ro")).flatten();
            draft.maybe_fix(fix.map(|change| change.unsafely("Write `ro`"))).help(match meant_read_only {
                true => "write `ro`".to_owned(),
                false => format!("the options are {}", KNOWN.map(|known| format!("`{known}`")).join(", ")),
            });
        }
    }
}

/// `r0`, `RO`, `readonly`, `read-only`, ` ro`.
fn is_meant_read_only(option: &str) -> bool {
    let bare: String =
        option.to_ascii_lowercase().chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    matches!(bare.as_str(), "ro" | "r0" | "readonly" | "ro0" | "or" | "read" | "r")
}
