use crate::model::project::host_mounts::host_mounts;

use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "shared-mount-propagation",
        docs: "Mounts made in the container appear on the host.

## Why
With `shared` or `rshared` propagation a file system mounted below the target in the container is mounted on the
host too, and in every other container that shares the place. A container that may mount can thus put its own
files over the host's. The default, `rprivate`, keeps both apart; `rslave` lets mounts of the host in, not out.

## Instead
Remove the option, or use `rslave` where the container must see what the host mounts later.

## When to allow it
A storage driver that mounts file systems for the host, such as a FUSE or CSI plugin.
",
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("5.20"),
            Reference::Cwe(668),
            Reference::Owasp("#8"),
            Reference::Nist("4.5.5"),
            Reference::ComposeLint("CL-0017"),
            Reference::Kics("Volume Mounted In Multiple Containers"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for mount in host_mounts(subject.project, subject.service) {
        let Some(propagation) = &mount.propagation else { continue };
        let word = propagation.as_str();
        if propagation.is_unknown() || !matches!(word, "shared" | "rshared") {
            continue;
        }
        // The option of a volume or of another service's mount is not this service's to change.
        let at = if mount.declared.is_some() { mount.origin } else { propagation.origin };
        let message = format!("mounts made below this one in the container appear on the host: `{word}`");
        let draft = subject.report_part(cx, at, mount.via, message);
        let draft = match mount.declared {
            Some(_) => draft.label(subject.project.place(propagation.origin), "the propagation"),
            None => draft,
        };
        draft.help("remove the option, or use `rslave` to see mounts of the host without making any there");
    }
}
