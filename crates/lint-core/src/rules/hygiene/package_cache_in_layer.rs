use std::cell::OnceCell;

use crate::model::build::run_files::RunFiles;
use crate::model::runs::commands::run_of;
use crate::model::runs::files::{How, holds, removed, written};
use crate::model::runs::packages::record::Cache;
use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::rule::prelude::*;
use crate::rule::subject::{InstructionSubject, StageSubject};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "package-cache-in-layer",
        docs: "A package manager's cache stays in the image.

## Why
Package lists and downloaded archives are of no use at run time. They make up tens of megabytes that are
pulled with every copy of the image, and what a later `RUN` deletes is still in the layer of this one.

## Instead
| manager | in the same `RUN` |
|---|---|
| apt-get | `rm -rf /var/lib/apt/lists/*` after the installation, or `apt-get dist-clean` (apt 3) |
| apk | `apk add --no-cache` |
| dnf, yum, microdnf | `dnf clean all` |
| zypper | `zypper clean --all` |
| pip | `pip install --no-cache-dir`, or `ENV PIP_NO_CACHE_DIR=1` |
| npm, yarn 1 | `npm cache clean --force`, `yarn cache clean` |

Or keep the cache out of all layers, and have it for the next build: `RUN --mount=type=cache,target=…`.

## Fix safety
`--no-cache` and `--no-cache-dir` change what is kept, not what is installed.

## Limits
Only in the stages the image is made of: what a builder leaves behind ships nowhere. A `RUN` that calls a
script with `clean` in its name is trusted. `apt-get clean` is not asked for, since the images of Debian and
Ubuntu do it by themselves, unless `docker-clean` in `/etc/apt/apt.conf.d` is removed.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[
            Reference::Hadolint("DL3009"),
            Reference::Hadolint("DL3019"),
            Reference::Hadolint("DL3032"),
            Reference::Hadolint("DL3036"),
            Reference::Hadolint("DL3040"),
            Reference::Hadolint("DL3042"),
            Reference::Hadolint("DL3060"),
            Reference::Trivy("DS-0015"),
            Reference::Trivy("DS-0019"),
            Reference::Trivy("DS-0020"),
            Reference::Trivy("DS-0025"),
            Reference::Trivy("DS-0027"),
            Reference::Semgrep("remove-package-lists"),
            Reference::Semgrep("missing-apk-no-cache"),
            Reference::Semgrep("missing-yum-clean-all"),
            Reference::Semgrep("missing-dnf-clean-all"),
            Reference::Semgrep("missing-zypper-clean"),
            Reference::Semgrep("missing-pip-no-cache-dir"),
            Reference::Kics("Yum Clean All Missing"),
            Reference::Kics("Missing Dnf Clean All"),
            Reference::Kics("Pip install Keeping Cached Packages"),
            Reference::Kics("Missing Zypper Clean"),
            Reference::Kics("Apt Get Install Lists Were Not Deleted"),
            Reference::Kics("Apk Add Using Local Cache Path"),
        ],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

/// How many ancestors of a stage are looked at.
const MAX_ANCESTORS: usize = 8;

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) || subject.stage.accounts.windows {
        return;
    }
    let without = OnceCell::new();
    for instruction in subject.instructions() {
        let Some(run) = run_of(instruction.instruction) else { continue };
        let commands = subject.plan.package_commands(instruction.index);
        if commands.is_empty() {
            continue;
        }
        let files = RunFiles::of(subject.plan, instruction.index, run);
        if files.unclear {
            continue;
        }
        let first = without.get_or_init(|| without_cleaning(subject));
        let keeps_archives = first.is_some_and(|first| first <= instruction.index);
        let mut caches: Vec<(Manager, &Cache)> = Vec::new();
        for manager in Manager::ALL {
            let record = manager.record();
            caches.extend(record.cache.iter().map(|cache| (manager, cache)));
            let archives = record.archives.iter().filter(|_| keeps_archives);
            caches.extend(archives.map(|cache| (manager, cache)));
        }
        for (manager, cache) in caches {
            let commands = commands.iter().filter(|command| command.manager == manager);
            let Some(command) = filling(cache, commands, &files, subject, instruction.index) else {
                continue;
            };
            let span = command
                .verb
                .last()
                .map_or(command.program_span, |verb| command.program_span.cover(verb.span()));
            let message = format!("`{}` leaves its {} in the layer", command.program, cache.what);
            let fix = cleaned(&instruction, cache, command);
            cx.report(instruction.place(span), message).help(cache.help).maybe_fix(fix);
        }
    }
}

/// The option that keeps the cache empty, or the command that empties it at the end.
fn cleaned(subject: &InstructionSubject<'_>, cache: &Cache, command: &PackageCommand) -> Option<Fix> {
    let edits = subject.edits();
    if let (Some(option), Some(verb), Action::Install) = (cache.option, command.verb.last(), command.action) {
        let edit = edits.add_option(subject.index, verb.span(), option);
        return Fix::of(format!("Add `{option}`"), Applicability::Safe, [edit]);
    }
    let cleaner = match command.manager {
        // The archives that stay where nothing cleans are told apart by where they lie.
        Manager::Apt if cache.paths.contains(&"/var/lib/apt/lists") => {
            "rm -rf /var/lib/apt/lists/*".to_owned()
        }
        Manager::Apt => "apt-get clean".to_owned(),
        Manager::Dnf => format!("{} clean all", command.program),
        Manager::Zypper => "zypper clean --all".to_owned(),
        Manager::Npm => "npm cache clean --force".to_owned(),
        Manager::Yarn => "yarn cache clean".to_owned(),
        _ => return None,
    };
    let cleaner = match command.wrapper {
        Some("sudo") if !subject.plan.runs_as_root(subject.index) => format!("sudo {cleaner}"),
        _ => cleaner,
    };
    let edit = edits.append_command(subject.index, &cleaner);
    Fix::of(format!("End with `{cleaner}`"), Applicability::Safe, [edit])
}

/// The first instruction after which `docker-clean` is gone, by which the images of Debian and Ubuntu delete what `apt-get` has
/// downloaded: one of the stage, or of those it is built on, removes or replaces it.
fn without_cleaning(subject: &StageSubject<'_>) -> Option<usize> {
    const FILE: &str = "/etc/apt/apt.conf.d/docker-clean";
    let stages = subject.plan.chain(subject.stage.index).take(MAX_ANCESTORS);
    let instructions = stages.flat_map(|stage| stage.instructions.clone());
    let takes_away = |at: &usize| {
        let text = subject.plan.instruction(*at).map(|one| subject.plan.dockerfile.file.slice(one.span));
        if !text.is_some_and(|text| text.contains("apt.conf.d")) {
            return false;
        }
        let course = subject.plan.course(*at);
        removed(&course).iter().any(|one| holds(&one.path, FILE))
            || written(&course).iter().any(|one| one.path == FILE && one.how == How::Replaced)
    };
    instructions.filter(takes_away).min()
}

/// The command that fills a cache which is still there when the `RUN` ends.
fn filling<'a>(
    cache: &Cache,
    commands: impl Iterator<Item = &'a PackageCommand>,
    files: &RunFiles,
    subject: &StageSubject<'_>,
    instruction: usize,
) -> Option<&'a PackageCommand> {
    let mut filled = None;
    for command in commands {
        if command.fills(cache) {
            filled = filled.or(Some(command));
        } else if command.empties(cache) {
            filled = None;
        }
    }
    let command = filled?;
    let kept_out =
        cache.paths.iter().any(|path| files.mounts_over(path) || files.deletes(path, command.span));
    let variables = subject.plan.variables_at(instruction);
    let set = |name: &str| variables.get(name).is_some() && subject.stage.variables.origin(name).is_some();
    let switched_off = cache.variables.iter().any(|name| set(name) || files.mentions(name))
        || (command.manager == Manager::Dnf && files.mentions("keepcache=0"));
    (!kept_out && !switched_off).then_some(command)
}
