use crate::model::known::capabilities::{capability, near};

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unknown-capability",
        docs: "There is no such capability, and the Engine refuses the container.

## Why
Compose hands `cap_add` and `cap_drop` to the Engine as they are written, and the Engine creates no container
for a name it does not know (`unknown capability`). A misspelled name in `cap_drop` shows the same way, at the
latest possible moment.

## Instead
Write the name as capabilities(7) has it, with or without `CAP_`, in upper or lower case: `NET_ADMIN`. `ALL`
stands for all of them, and takes no `CAP_`.
",
        severity: Severity::Medium,
        references: &[Reference::cis("5.4")],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    for list in [&spec.cap_add, &spec.cap_drop].into_iter().flatten() {
        for item in &list.value.items {
            let name = item.value.as_str();
            if item.value.is_unknown() || capability(name).is_some() {
                continue;
            }
            let message = "there is no capability of this name, so the engine refuses the container";
            let draft = subject.report_part(cx, item.origin, list.via, message);
            match near(name) {
                Some(meant) => draft.help(format!("did you mean `{meant}`?")),
                None => draft.help("capabilities(7) lists the names"),
            };
        }
    }
}
