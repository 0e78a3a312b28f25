use crate::files::file_name;
use crate::model::container::Container;
use crate::model::container::absent_programs::lacks_shell;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "command-without-shell",
        docs: "A pod runs a shell that its image does not have.

## Why
Images that begin with `scratch` or are made from a distroless base have no shell. A `command`, a probe or a hook that begins with `sh` fails: the container never
starts, is restarted for ever, or is stopped without its hook.

## Instead
Start the program itself, with its arguments as a list. A probe can ask over HTTP or gRPC, and a hook can sleep without a shell (`preStop: {sleep: {seconds: 5}}`).

## Limits
Only images that are known are judged: those that the repository builds on such a base, and the distroless ones themselves.
",
        severity: Severity::High,
        references: &[Reference::Url("https://github.com/GoogleContainerTools/distroless")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

const PLACES: [&[&str]; 6] = [
    &["command"],
    &["livenessProbe", "exec", "command"],
    &["readinessProbe", "exec", "command"],
    &["startupProbe", "exec", "command"],
    &["lifecycle", "preStop", "exec", "command"],
    &["lifecycle", "postStart", "exec", "command"],
];

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    for container in subject.containers {
        let value = container.says.value;
        let runs_shell = |place: &&&[&str]| {
            let first = tree::items(tree::at(value, place)).first()?;
            let name = file_name(tree::text(first)?);
            matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh").then_some((first, name))
        };
        let Some((first, name)) = PLACES.iter().find_map(|place| runs_shell(&place)) else { continue };
        let brings = tree::list(value, "volumeMounts").iter().any(|mount| {
            tree::string_at(mount, &["mountPath"])
                .is_some_and(|path| path == "/" || path.contains("bin") || path.contains("busybox"))
        });
        if brings || !container.image.as_ref().is_some_and(lacks_shell) {
            continue;
        }
        let message = format!("the image has no shell, so `{name}` is not found");
        let mut draft =
            subject.report_of(cx, &container.says, first.origin, message).help("start the program itself");
        if let Some((plan, stage)) = container.image.as_ref().and_then(Container::target) {
            let root = plan.root_of(stage);
            draft =
                draft.label(Place::new(&plan.dockerfile.file, root.base_span), "the image it begins with");
        }
        let _ = draft;
    }
}
