use crate::model::container::assembly::Assembly;
use crate::model::container::missing_mounts::Need;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "file-ignored-by-git",
        docs: "A service does not start without a file that `.gitignore` keeps out of every clone.

## Why
The project works for whoever has the file, and for nobody else: a colleague, a pipeline or a server that clones the repository is
told \"env file not found\", or gets an empty directory where a configuration file belongs.

## Instead
Keep a template of it in the repository (`app.env.example`), and say that it is to be copied. Of an `env_file` that the project can do
without, say `required: false`.

## Limits
Nothing is said where a template lies beside the file, where a script, a Makefile, a pipeline or a README names it, or where it lies in
a directory for what is built, stored or secret. Of directories nothing is said, since they hold what is made where a project runs.
What Git tracks is read in its index; without a repository the `.gitignore` files alone decide.
",
        severity: Severity::Low,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Assembly(check)],
};

fn check(assembly: &Assembly<'_>, cx: &mut Context<'_>) {
    for ignored in &assembly.ignored_files {
        let path = ignored.path;
        let (message, help) = match ignored.need {
            Need::Variables => (
                format!("Git ignores `{path}`, and without it no clone of the project starts"),
                format!(
                    "keep `{path}.example` in Git to copy it from, or write `required: false` if the service can do without"
                ),
            ),
            Need::Mount => (
                format!("Git ignores `{path}`: in a clone Docker mounts an empty directory in its place"),
                format!("keep `{path}.example` in Git to copy it from, or the file itself"),
            ),
            Need::Grant => (
                format!("Git ignores `{path}`, and without it the container is not started"),
                "say in the README, or in a script, how it is made".to_owned(),
            ),
        };
        let place = assembly.project.place(ignored.origin);
        cx.report(place, message).service(Some(&ignored.service.name)).help(help);
    }
}
