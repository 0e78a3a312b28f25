use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "capability-with-prefix",
        docs: "The name of a capability has a prefix that Kubernetes does not want.

## Why
containerd puts `CAP_` before each name, so `CAP_NET_ADMIN` becomes `CAP_CAP_NET_ADMIN`, which there is not: the container does not start, or does without
the capability. Where it is dropped, it is not. CRI-O takes both, so that the same manifest works here and not there.

## Instead
Write the name without `CAP_`, and `ALL` in capitals: Pod Security knows no other spelling.
",
        severity: Severity::Medium,
        references: &[Reference::Url("https://github.com/kubernetes/kubernetes/issues/119568")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    for container in subject.containers {
        for list in ["add", "drop"] {
            for name in tree::items(container.says.security(&["capabilities", list])) {
                let Some(text) = tree::text(name) else { continue };
                if let Some(bare) = text
                    .get(..4)
                    .filter(|prefix| prefix.eq_ignore_ascii_case("CAP_"))
                    .and_then(|_| text.get(4..))
                {
                    let message = format!(
                        "containerd knows no capability of the name `{text}`, so it is not {}",
                        if list == "add" { "added" } else { "dropped" }
                    );
                    subject
                        .report_of(cx, &container.says, name.origin, message)
                        .help(format!("write `{bare}`"));
                } else if text.eq_ignore_ascii_case("ALL") && text != "ALL" {
                    let message = format!(
                        "Pod Security takes `{text}` for no capability, and refuses the pod at the level `restricted`"
                    );
                    subject
                        .report_of(cx, &container.says, name.origin, message)
                        .help("write `ALL`")
                        .at_most(Severity::Low);
                }
            }
        }
    }
}
