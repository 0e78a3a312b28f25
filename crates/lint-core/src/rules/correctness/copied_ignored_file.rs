use lint_parser::dockerfile::ast::{InstructionKind, Mount, MountOption};
use lint_parser::text::mapped::Mapped;

use crate::model::build::BuildPlan;
use crate::model::paths::dockerignore::Budget;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "copied-ignored-file",
        docs: r#"`COPY`, `ADD` or a mount of `RUN` names a file that `.dockerignore` keeps out.

## Why
The file is not part of the build context, so the build fails with "not found" though the file is there,
or, with a wildcard, copies nothing.

## Instead
Delete the source, or bring it back with a `!` pattern in `.dockerignore`.

## Limits
The build context is that of the services that build the Dockerfile. Where they build it in several, or in
one that is not on this machine, nothing is known of its `.dockerignore`; where none does, the context is
taken to be the Dockerfile's own directory. A file named after the Dockerfile (`Dockerfile.dockerignore`),
beside it, comes before the context's `.dockerignore`, as in BuildKit. A directory below which some `!`
pattern may bring something back is not reported.
"#,
        severity: Severity::Medium,
        references: &[Reference::BuildKit("CopyIgnoredFile")],
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let Some(ignored) = &plan.ignored else { return };
    let mut budget = Budget::default();
    let first = plan.stages.first().map_or(usize::MAX, |stage| stage.from);
    for (index, instruction) in plan.dockerfile.tree.instructions.iter().enumerate().skip(first) {
        if instruction.flag("from").is_some() {
            continue;
        }
        let is_add = matches!(instruction.kind, InstructionKind::Add(_));
        for source in sources(&instruction.kind) {
            let path = plan.expand(index, source);
            let Some(path) = path.text().filter(|path| !path.is_empty()) else { continue };
            if is_add && (path.contains("://") || path.starts_with("git@")) {
                continue;
            }
            let Some(pattern) = ignored.excluded_by(path, &mut budget) else { continue };
            let name = crate::files::file_name(ignored.file.name());
            cx.report(
                Place::new(&plan.dockerfile.file, source.span()),
                format!("`{name}` keeps this out of the build context"),
            )
            .label(Place::new(&ignored.file, pattern), "by this pattern")
            .help(format!("delete the source, or bring it back with a `!` pattern in `{name}`"));
        }
    }
}

/// What an instruction takes from the build context: the words of `COPY` and `ADD`, and what `RUN` has mounted of it.
fn sources(kind: &InstructionKind) -> Vec<&Mapped> {
    match kind {
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => copy.sources.iter().collect(),
        InstructionKind::Run(run) => run.mounts.iter().filter_map(bound).collect(),
        _ => Vec::new(),
    }
}

/// What a bind mount of a `RUN` takes from the build context.
fn bound(mount: &Mount) -> Option<&Mapped> {
    let option = |names: &[&str]| {
        let is_it =
            |option: &&MountOption| names.iter().any(|name| option.key.text().eq_ignore_ascii_case(name));
        mount.options.iter().find(is_it).and_then(|option| option.value.as_ref())
    };
    let is_bind = option(&["type"]).is_none_or(|kind| kind.text().eq_ignore_ascii_case("bind"));
    option(&["source", "src"]).filter(|_| is_bind && option(&["from"]).is_none())
}
