use crate::files::{file_name, inside};
use crate::model::container::Container;
use crate::model::container::sources::MissingSource;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-copy-source",
        docs: r#"`COPY` or `ADD` names a file that the build context does not have.

## Why
The build stops with "not found". Usually the path is relative to the wrong directory: sources are relative
to the service's build context, not to the Dockerfile, and nothing outside the context can be copied.

## Instead
Write the path as it is in the context, or choose a context that holds the file. A further directory can be
handed to the build with `additional_contexts` and copied with `COPY --from=name`.

## Limits
A build may be preceded by something that makes the file: a compiler, a download. So a missing file is
reported only where it is found somewhere else and where its path leads out of the context; with the strict
profile also, as low, where it is one that people write and no program makes (`requirements.txt`,
`package.json`, `entrypoint.sh`). Paths with wildcards are not looked for. A Dockerfile by itself has no
context, so nothing is said.
"#,
        severity: Severity::Medium,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

/// Files that people write: what says which packages a program needs.
const WRITTEN: [&str; 17] = [
    "Cargo.toml",
    "Gemfile",
    "Pipfile",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "go.mod",
    "mix.exs",
    "package.json",
    "pom.xml",
    "pubspec.yaml",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "tsconfig.json",
];

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let (Some(of), Some((plan, _))) = (container.service, container.target()) else { return };
    for source in container.missing_sources() {
        let misplaced = source.elsewhere.is_some() || source.escapes;
        if !(misplaced || (cx.is_strict() && is_written(&source.path))) {
            continue;
        }
        let MissingSource { context, path, .. } = source;
        let build = of.service.spec.build.as_ref();
        let at = build.map(|build| build.value.context.as_ref().map_or(build.key, |context| context.origin));
        let draft = cx.report(
            Place::new(&plan.dockerfile.file, source.span),
            format!("there is no `{path}` in the build context `{context}`"),
        );
        let draft = match at {
            Some(at) => draft.label(of.project.place(at), "the context of this service"),
            None => draft,
        };
        match source.elsewhere.as_deref().map(|file| (file, inside(context, file))) {
            Some((file, Some(inside))) if file == inside => draft.help(format!("write `{file}`")),
            Some((file, Some(inside))) => draft.help(format!("for `{file}` write `{inside}`")),
            Some((file, None)) => {
                draft.help(format!("`{file}` is outside the context; choose a context that holds it"))
            }
            None if source.escapes => draft.help("nothing outside the build context can be copied"),
            None => draft.at_most(Severity::Low).help("paths are relative to the build context"),
        };
    }
}

fn is_written(path: &str) -> bool {
    let name = file_name(path);
    WRITTEN.contains(&name) || (name.ends_with(".sh") && name.contains("entrypoint"))
}
