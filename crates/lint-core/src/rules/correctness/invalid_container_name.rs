use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-container-name",
        docs: "A container name that the engine refuses.

## Why
The engine takes names of at least two characters: a letter or a digit, then letters, digits, `_`, `.` and `-`. Compose checks
only that some part of the name is like that, so the project loads and `up` fails.

## Instead
Write a name of such characters, or remove `container_name` and let Compose name the container.

## Fix safety
The fix puts a `-` in place of what is not allowed, and is unsafe: whoever uses the name has to use the other one.
",
        severity: Severity::High,
        references: &[Reference::Dclint("service-container-name-regex")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(name) = &subject.spec().container_name else { return };
    let text = name.value.as_str();
    if name.value.is_unknown() || text.is_empty() || is_valid(text) || !is_valid_somewhere(text) {
        return;
    }
    subject
        .report_field(cx, name, "the engine refuses this container name")
        .maybe_fix(corrected(text).and_then(|name| {
            let title = format!("Call it `{name}`");
            Some(
                subject
                    .editor()
                    .replace(subject.spec().container_name.as_ref()?.origin, &name)?
                    .unsafely(title),
            )
        }))
        .help("begin with a letter or digit, and use letters, digits, `_`, `.` and `-`");
}

fn corrected(name: &str) -> Option<String> {
    let replaced: String =
        name.chars().map(|c| if c.is_ascii() && is_name_byte(c as u8) { c } else { '-' }).collect();
    let trimmed = replaced.trim_matches(['-', '_', '.']).to_owned();
    is_valid(&trimmed).then_some(trimmed)
}

fn is_valid(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphanumeric()) && name.len() > 1 && bytes.all(is_name_byte)
}

/// What Compose itself asks for; a name without it is `invalid-compose`.
fn is_valid_somewhere(name: &str) -> bool {
    name.as_bytes().windows(2).any(|two| two[0].is_ascii_alphanumeric() && is_name_byte(two[1]))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)
}
