use crate::files::file_name;
use crate::model::container::Container;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "script-not-executable",
        docs: "The script that a container starts with has no executable bit in Git.

## Why
`COPY` and bind mounts keep the mode that a file has on the disk, and in a clone that is the one that Git has. Without the executable
bit the kernel refuses to run it, and the container ends with \"permission denied\". Where the file was written it may well have
the bit: on Windows every file does, and with `core.fileMode` off Git never takes it over.

## Instead
Give it the bit in Git: `git update-index --chmod=+x entrypoint.sh`. For what is copied, `COPY --chmod=755` sets it for the image.

## Limits
The modes are those of Git's index, so nothing is said without a repository, nor of files that Git does not track. Where a command of
the image sets modes (`chmod`, `install`), nothing is said either.
",
        severity: Severity::High,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some(script) = &container.not_executable else { return };
    let name = file_name(&script.file);
    let message = format!(
        "Git has `{}` without the executable bit, so the container cannot be started with it",
        script.file
    );
    let help = match script.is_copied {
        true => format!("`git update-index --chmod=+x {}`, or `COPY --chmod=755` for the image", script.file),
        false => format!(
            "`git update-index --chmod=+x {}`, or start it with its shell: `sh {}`",
            script.file, script.path
        ),
    };
    let what = if script.is_copied {
        format!("`{name}` is copied here")
    } else {
        format!("`{name}` is mounted here")
    };
    cx.report(script.place.clone(), message).label(script.brought.clone(), what).help(help);
}
