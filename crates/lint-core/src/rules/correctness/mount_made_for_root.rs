use crate::model::container::assembly::Assembly;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "mount-made-for-root",
        docs: "A directory that is mounted to be written to is not there, and the program is not root.

## Why
Docker makes a directory of the host that is missing, and makes it for root. A program that runs as somebody else may not write to it:
it stops with \"permission denied\", until somebody finds the directory and gives it away, or has the program run as root again.

## Instead
Keep the directory in Git, with a `.gitkeep` in it, so that it belongs to whoever cloned the repository and the user can be theirs
(`user: \"${UID}:${GID}\"`); have a script make it; or use a volume, which takes its owner from the image.

## Limits
Docker Desktop, and engines that run without root, make it for the user who starts the project. Nothing is said of a directory that a
script, a Makefile, a pipeline or a README names, nor of one that another service mounts too.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Assembly(check)],
};

fn check(assembly: &Assembly<'_>, cx: &mut Context<'_>) {
    for made in &assembly.made_for_root {
        let part = assembly.part(&made.service.name);
        let user = part.and_then(|part| part.user.text.as_deref()).unwrap_or("another user");
        let source = made.source;
        let draft = cx
            .report(
                assembly.project.place(made.origin),
                format!("there is no `{source}`: Docker makes it for root, and the program runs as `{user}`"),
            )
            .service(Some(&made.service.name))
            .help(format!(
                "keep `{source}` in Git with a `.gitkeep`, or mount a volume at `{}`",
                made.target
            ));
        if let Some(place) = part.and_then(|part| part.user_place.clone()) {
            draft.label(place, "who the program is");
        }
    }
}
