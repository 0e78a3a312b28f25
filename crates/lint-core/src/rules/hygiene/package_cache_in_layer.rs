use crate::finding::fix::{Applicability, Fix};
use crate::model::packages::{Action, Manager, PackageCommand};
use crate::model::run_files::RunFiles;
use crate::model::runs::commands::run_of;
use crate::rule::check::StageSubject;
use crate::rule::prelude::*;

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
Ubuntu do it by themselves.
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
        fixable: Fixable::Sometimes,
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

/// Where a manager keeps what it fetches, and how to be rid of it.
struct Cache {
    manager: Manager,
    /// Paths that hold it, or part of it: mounted or deleted, nothing is left. `~` is any home.
    paths: &'static [&'static str],
    /// The option that keeps it from being filled.
    option: Option<&'static str>,
    what: &'static str,
    help: &'static str,
}

static CACHES: [Cache; 7] = [
    Cache {
        manager: Manager::Apt,
        paths: &["/var/lib/apt/lists"],
        option: None,
        what: "package lists",
        help: "end the `RUN` with `rm -rf /var/lib/apt/lists/*`",
    },
    Cache {
        manager: Manager::Apk,
        paths: &["/var/cache/apk", "/etc/apk/cache"],
        option: Some("--no-cache"),
        what: "package index",
        help: "use `apk add --no-cache`, without `apk update`",
    },
    Cache {
        manager: Manager::Dnf,
        paths: &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf"],
        option: None,
        what: "package cache",
        help: "end the `RUN` with `clean all`",
    },
    Cache {
        manager: Manager::Zypper,
        paths: &["/var/cache/zypp"],
        option: None,
        what: "package cache",
        help: "end the `RUN` with `zypper clean --all`",
    },
    Cache {
        manager: Manager::Pip,
        paths: &["~/.cache/pip"],
        option: Some("--no-cache-dir"),
        what: "download cache",
        help: "use `pip install --no-cache-dir`",
    },
    Cache {
        manager: Manager::Npm,
        paths: &["~/.npm", "~/.npm/_cacache"],
        option: None,
        what: "download cache",
        help: "end the `RUN` with `npm cache clean --force`, or mount a cache at `/root/.npm`",
    },
    Cache {
        manager: Manager::Yarn,
        paths: &[
            "/usr/local/share/.cache",
            "/usr/local/share/.cache/yarn",
            "~/.cache/yarn",
            "~/.yarn",
            "~/.yarn/cache",
        ],
        option: None,
        what: "download cache",
        help: "end the `RUN` with `yarn cache clean`, or mount a cache",
    },
];

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.is_in_target_chain(subject.stage.index) || subject.stage.accounts.windows {
        return;
    }
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
        for cache in &CACHES {
            let Some(command) = filling(cache, commands, &files, subject, instruction.index) else {
                continue;
            };
            let span = command
                .verb
                .last()
                .map_or(command.program_span, |verb| command.program_span.cover(verb.span()));
            let message = format!("`{}` leaves its {} in the layer", command.program, cache.what);
            let mut draft = cx.report(instruction.place(span), message);
            if let Some(option) = cache.option
                && let Some(verb) = command.verb.last()
                && command.action == Action::Install
                && let Some(edit) =
                    subject.plan.insert_after(instruction.index, verb.span(), &format!(" {option}"))
            {
                draft = draft.fix(Fix {
                    title: format!("Add `{option}`"),
                    applicability: Applicability::Safe,
                    edits: vec![edit],
                });
            }
            draft.help(cache.help);
        }
    }
}

/// The command that fills a cache which is still there when the `RUN` ends.
fn filling<'a>(
    cache: &Cache,
    commands: &'a [PackageCommand],
    files: &RunFiles,
    subject: &StageSubject<'_>,
    instruction: usize,
) -> Option<&'a PackageCommand> {
    let mut filled = None;
    for command in commands.iter().filter(|command| command.manager == cache.manager) {
        if fills(command) {
            filled = filled.or(Some(command));
        } else if empties(command) {
            filled = None;
        }
    }
    let command = filled?;
    let kept_out =
        cache.paths.iter().any(|path| files.mounts_over(path) || files.deletes(path, command.span));
    let variables = subject.plan.variables_at(instruction);
    let set = |name: &str| variables.get(name).is_some() && subject.stage.variables.origin(name).is_some();
    let switched_off = match cache.manager {
        Manager::Pip => set("PIP_NO_CACHE_DIR") || set("PIP_CACHE_DIR") || files.mentions("PIP_NO_CACHE_DIR"),
        // Where the cache is elsewhere, we do not follow it.
        Manager::Npm => {
            set("npm_config_cache") || set("NPM_CONFIG_CACHE") || files.mentions("npm_config_cache")
        }
        Manager::Yarn => set("YARN_CACHE_FOLDER") || files.mentions("YARN_CACHE_FOLDER"),
        Manager::Dnf => files.mentions("keepcache=0"),
        _ => false,
    };
    (!kept_out && !switched_off).then_some(command)
}

fn fills(command: &PackageCommand) -> bool {
    let verb = |name: &str| command.verb.last().is_some_and(|verb| verb.is(name));
    let has = |names: &[&str]| command.option(names).is_some();
    if has(&["--help", "--version", "--dry-run", "--simulate"]) {
        return false;
    }
    match command.manager {
        // Packages themselves are deleted as they are installed; the lists stay.
        Manager::Apt => command.action == Action::Refresh,
        // Into another root: not this image's.
        Manager::Apk => {
            (command.uses_index() || command.action == Action::Refresh)
                && !has(&["--no-cache", "--root", "-p", "--cache-dir", "--no-network"])
        }
        Manager::Dnf => {
            (command.uses_index() || command.action == Action::Refresh)
                && !has(&["--installroot", "-C", "--cacheonly"])
        }
        Manager::Zypper => command.uses_index() || command.action == Action::Refresh,
        Manager::Pip => {
            // `uv pip` and pip with an own folder have other caches.
            (command.program.starts_with("pip") || command.program.starts_with("python"))
                && (verb("install") || verb("wheel"))
                && !has(&["--no-cache-dir", "--cache-dir", "--no-index"])
        }
        Manager::Npm => {
            command.action == Action::Install
                && !has(&["--cache", "--offline"])
                && (verb("install") || verb("i") || verb("ci") || verb("add"))
        }
        // Version 1 installs without a verb or with `install`; where a `.yarnrc.yml` or Corepack shows a later one,
        // its cache is part of the project.
        Manager::Yarn => {
            command.action == Action::Install
                && !has(&["--cache-folder", "--immutable", "--offline", "--version", "-v"])
        }
        _ => false,
    }
}

fn empties(command: &PackageCommand) -> bool {
    let verb = |name: &str| command.verb.last().is_some_and(|verb| verb.is(name));
    match command.manager {
        Manager::Apt => verb("distclean") || verb("dist-clean"),
        Manager::Pip => {
            command.action == Action::Clean && command.operands.iter().any(|word| word.is("purge"))
        }
        _ => command.action == Action::Clean,
    }
}
