use crate::files::{FileError, inside, join};
use crate::model::container::{Container, Image, Presence};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-dockerfile",
        docs: "A service is built from a Dockerfile, or in a build context, that does not exist.

## Why
`docker compose build`, and `up` on a machine that does not have the image yet, stop with an error.

## Instead
Mend the path. The context is relative to the Compose file that names it, and `dockerfile` is relative to the
context, not to the Compose file.

## Fix safety
The fix names the Dockerfile that is near. It is unsafe: another one may be meant.

## Limits
Where every command line of the tree that starts the project names another `--project-directory`, paths start there. Nothing
is reported where the linter was not allowed to look (`--no-follow`), where the path depends on a variable, and
for a service that says with `image` and `pull_policy` that its image comes from a registry.
",
        severity: Severity::High,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Image::Unreadable { path, error: FileError::NotFound, context, context_presence, nearby } =
        &container.image
    else {
        return;
    };
    let Some(of) = container.service else { return };
    let spec = &of.service.spec;
    let Some(build) = &spec.build else { return };
    let pulled = spec.pull_policy.as_ref().is_some_and(|policy| policy.value.as_str() != "build");
    if spec.image.is_some() && pulled {
        return;
    }
    if *context_presence == Presence::Missing {
        let field = build.value.context.as_ref().map_or(build.origin, |context| context.origin);
        cx.report(of.project.place(field), format!("there is no build context `{context}`"))
            .help("the path is relative to the file that names it");
        return;
    }
    let origin = match (&build.value.dockerfile, &build.value.context) {
        (Some(dockerfile), _) => dockerfile.origin,
        (None, Some(context)) => context.origin,
        (None, None) => build.key,
    };
    let draft = cx.report(of.project.place(origin), format!("there is no Dockerfile `{path}`"));
    match nearby {
        Some(nearby) => {
            let relative = inside(context, nearby).map_or_else(|| up_to(context, nearby), str::to_owned);
            let editor = of.project.editor_for(of.service);
            let change = match &build.value.dockerfile {
                Some(dockerfile) => editor.replace(dockerfile.origin, &relative),
                None => editor.add_to_key(build.key, &[("dockerfile", Yaml::text(&*relative))]),
            };
            let fix = change.map(|change| change.unsafely(format!("Write `{relative}`")));
            draft.maybe_fix(fix).help(format!(
                "the path is relative to the build context; for `{nearby}` write `{relative}`"
            ));
        }
        None => {
            draft.help("the path is relative to the build context");
        }
    }
}

/// A path outside the context, seen from it.
fn up_to(context: &str, path: &str) -> String {
    let depth = context.split('/').filter(|part| !part.is_empty() && *part != ".").count();
    let mut relative = "../".repeat(depth);
    relative.push_str(path);
    if join(context, &relative) == path { relative } else { path.to_owned() }
}
