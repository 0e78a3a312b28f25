use crate::model::project::Project;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unpinned-feature",
        docs: "A development container takes the newest release of a feature.

## Why
The installer of a feature runs as root while the container is built, in front of the sources and of what whoever develops is logged in to. Without a version
it is whatever was published last, so two colleagues work in different containers, and a release that somebody smuggled in is in all of
them the next day.

## Instead
Name a version, `ghcr.io/devcontainers/features/node:1`, or a digest. A lock file, `devcontainer-lock.json`, holds what
`devcontainer upgrade` found, and is heeded when it is committed.

## Limits
Features in a directory of the repository have no version, and neither has an archive that is named by its address. What the lock file
holds is pinned, whatever stands in `devcontainer.json`; where there is a lock file that does not know a feature, that is told too.
",
        severity: Severity::Low,
        stride: &[Stride::Tampering],
        references: &[Reference::Cwe(829), Reference::Owasp("#13")],
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    for feature in project.besides.features.iter().filter(|feature| !feature.is_pinned) {
        let name = &feature.name;
        let (message, help) = match (&feature.version, feature.is_unlocked) {
            (_, true) => (
                format!("the lock file does not hold `{name}`, so whatever is newest is installed"),
                "bring the lock file up to date: `devcontainer upgrade`",
            ),
            (None, false) => (
                format!("`{name}` has no version, so whatever is newest is installed"),
                "name a version behind `:`, or commit a lock file",
            ),
            (Some(version), false) => (
                format!("`{name}:{version}` is whatever is newest at the time"),
                "name a version behind `:`, or commit a lock file",
            ),
        };
        cx.report(project.place(feature.origin), message).help(help);
    }
}
