use crate::model::container::Container;
use crate::model::container::volume_owner::of_root;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "volume-owned-by-root",
        docs: "A volume belongs to root, since root has the directory in the image or nobody does, and the program is somebody else.

## Why
A new volume takes its owner from the directory of the image that it is mounted at: what `WORKDIR`, `RUN mkdir` and `COPY` without
`--chown` make is root's. Where there is none, the engine makes it, for root. The program then has no right to write to its own data: it stops, or somebody runs it as root again.

## Instead
Make the directory in the Dockerfile, for the user that the program runs as, before `USER`: `RUN install -d -o 1000 -g 1000 /data`.
A volume that is there already keeps its owner, and has to be made anew or given to the user once.

## Limits
Only for images that are built here on a base that is known, and in directories that no system has: where no instruction names a part
of the path, or those that make it run as root and none may give it away. Nothing is said of a volume that another service mounts too, which may give it away, nor of volumes with a driver,
of external ones, or of bind mounts.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let volumes = of_root(container);
    let (Some(of), Some((plan, stage))) = (container.service, container.target()) else { return };
    let user = container.user.text.as_deref().unwrap_or("another user");
    let owner = user.split(':').next().unwrap_or(user);
    for volume in volumes {
        let target = &volume.target;
        let message = format!("the volume at `{target}` belongs to root, and the program runs as `{user}`");
        let draft = cx
            .report(of.project.place(volume.origin), message)
            .label(
                Place::new(&plan.dockerfile.file, volume.made.map_or(stage.from_span, |at| at.span)),
                match volume.made {
                    Some(_) => format!("root makes `{target}` here"),
                    None => format!("nothing in this image makes `{target}`"),
                },
            )
            .help(match volume.in_scratch {
                _ if volume.made.is_some() => {
                    format!("give it away in the Dockerfile, before `USER`: `RUN chown {owner} {target}`, or `COPY --chown={owner}`")
                }
                true => {
                    format!("copy a directory there: `COPY --from=… --chown={owner} /directory {target}`")
                }
                false => {
                    format!("make it in the Dockerfile, before `USER`: `RUN install -d -o {owner} {target}`")
                }
            });
        if let Some(place) = container.user_place() {
            draft.label(place, "who the program is");
        }
    }
}
