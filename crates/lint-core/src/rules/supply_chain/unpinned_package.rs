use std::borrow::Cow;

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell::word::Word;

use crate::model::runs::Program;
use crate::model::runs::commands::run_of;
use crate::model::runs::packages::record::Version;
use crate::model::runs::packages::{Action, Manager, PackageCommand, PackageOption};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unpinned-package",
        docs: "A package of a language's registry is installed in whatever version is the newest.

## Why
The image holds what was the newest on the day it was built. A release that breaks, or one that somebody has
published with a stolen account, goes into the next build unasked; packages of npm, PyPI and RubyGems run
code of their own when they are installed.

## Instead
A version: `pip install flask==3.1.0`, `npm install -g pm2@5.4.3`, `gem install rails -v 8.0.1`,
`go install example.com/tool@v1.2.3`, `cargo install --version 1.2.3 tool`. Better, a lock file with hashes:
`pip install --require-hashes -r requirements.txt`, `npm ci`.

## Limits
Whatever a file decides is left alone: `-r`, `-c`, a lock file, a path. So is a variable, which may hold a
version; and what `go install` takes from `go.mod`, since nothing follows `@`. Package managers themselves (`pip`, `npm`, `yarn`) are reported below the rule's severity. Packages
of a distribution are the business of `unpinned-system-package`.
",
        severity: Severity::Medium,
        profile: Profile::Strict,
        stride: &[Stride::Tampering],
        references: &[
            Reference::Cwe(1357),
            Reference::Hadolint("DL3013"),
            Reference::Hadolint("DL3016"),
            Reference::Hadolint("DL3028"),
            Reference::Hadolint("DL3062"),
            Reference::Kics("Gem Install Without Version"),
            Reference::Kics("NPM Install Command Without Pinned Version"),
            Reference::Kics("Unpinned Package Version in Pip Install"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if run_of(subject.instruction).is_none() || !subject.is_reachable() {
        return;
    }
    for word in subject.plan.programs(subject.index).iter().filter_map(run_at_its_newest) {
        let name = word.literal_text().unwrap_or_default();
        cx.report(subject.place(word.span()), format!("`{name}` is run in whatever version is the newest"))
            .help("name a version behind the `@`");
    }
    for command in subject.plan.package_commands(subject.index) {
        if command.action != Action::Install {
            continue;
        }
        if pins_elsewhere(command) && may_have_module(subject, command) {
            continue;
        }
        if let Some(git) = newest_of_repository(command) {
            let from = git.value.as_deref().unwrap_or_default();
            cx.report(
                subject.place(git.span),
                format!("`{from}` is installed at whatever commit is the newest"),
            )
            .help("name a commit: `--rev <commit>`");
        }
        let unpinned: Vec<&Word> = unpinned(command);
        let Some(first) = unpinned.first() else { continue };
        let name = first.literal_text().unwrap_or_default().into_owned();
        let message = match unpinned.len() - 1 {
            0 => format!("`{name}` is installed in whatever version is the newest"),
            1 => format!("`{name}` and one more package are installed in whatever version is the newest"),
            more => {
                format!("`{name}` and {more} more packages are installed in whatever version is the newest")
            }
        };
        let own = unpinned.iter().all(|word| {
            let name = word.literal_text().unwrap_or_default();
            let name = name.trim_end_matches("@latest");
            matches!(name, "pip" | "setuptools" | "wheel" | "npm" | "yarn" | "pnpm")
        });
        let mut draft = cx.report(subject.place(first.span()), message);
        if own {
            draft = draft.at_most(Severity::Low);
        }
        for other in unpinned.iter().skip(1).take(9) {
            draft = draft.label(subject.place(other.span()), "no version either");
        }
        draft.help(match command.manager.record().version {
            _ if is_branch_archive(&name) => "name the archive of a tag or commit".to_owned(),
            Some(Version::After("==")) if name.starts_with("git+") => {
                "name a tag or commit: `@<commit>` after the address".to_owned()
            }
            _ if is_of_node(command.manager) && is_repository(&name) => {
                "name a tag or commit: `#<commit>` after the repository".to_owned()
            }
            Some(Version::After(sign)) => {
                format!("write `{}{sign}<version>`", name.trim_end_matches("@latest"))
            }
            Some(Version::Option(option)) => format!("write the version: `{option}`"),
            None => "name a version".to_owned(),
        });
    }
}

/// The packages that are named without a version.
fn unpinned(command: &PackageCommand) -> Vec<&Word> {
    let verb = command.verb.last().and_then(Word::literal_text).unwrap_or_default();
    let global_verb = command.verb.first().is_some_and(|first| first.is("global"));
    let is_loose: fn(&str) -> bool = match command.manager {
        Manager::Pip => {
            let bound = [
                "-c",
                "--constraint",
                "-r",
                "--requirement",
                "--require-hashes",
                "-e",
                "--editable",
                "--no-index",
            ];
            if command.option(&bound).is_some() || verb != "install" {
                return Vec::new();
            }
            |name| !name.contains(['=', '<', '>', '~', '@', '/', ':']) && !is_archive(name)
        }
        Manager::Pipx if matches!(&*verb, "install" | "inject") => {
            if command.option(&["--spec"]).is_some() {
                return Vec::new();
            }
            |name| !name.contains(['=', '<', '>', '~', '@', '/', ':']) && !is_archive(name)
        }
        Manager::Uv if command.verb.first().is_some_and(|first| first.is("tool")) => {
            |name| !name.contains(['=', '<', '>', '~', '@', '/', ':']) && !is_archive(name)
        }
        // `ci` and `install` without names read the lock file.
        Manager::Npm => loose_npm,
        Manager::Pnpm | Manager::Bun if matches!(&*verb, "add" | "install" | "i" | "a") => loose_npm,
        Manager::Yarn if verb == "add" || global_verb => loose_npm,
        Manager::Gem => {
            if command.option(&["-v", "--version", "-g", "--file", "-l", "--local"]).is_some() {
                return Vec::new();
            }
            |name| !name.contains([':', '/']) && !is_archive(name)
        }
        Manager::Go if verb == "run" => {
            // What follows the package is for the program. Without `@` the module at hand says the version.
            let package = command.operands.first().filter(|word| {
                word.literal_text()
                    .is_some_and(|name| name.contains('@') && is_name(&name) && loose_go(&name))
            });
            return package.into_iter().collect();
        }
        Manager::Go if matches!(&*verb, "install" | "get") => loose_go,
        Manager::Cargo if matches!(&*verb, "install" | "binstall") => {
            let bound = ["--version", "--vers", "--path", "--tag", "--rev", "--git", "--list"];
            if command.option(&bound).is_some() {
                return Vec::new();
            }
            |name| !name.contains(['@', '/', ':'])
        }
        // Other verbs install nothing, or what a file says.
        Manager::Pipx | Manager::Uv | Manager::Pnpm | Manager::Bun | Manager::Yarn => return Vec::new(),
        Manager::Go | Manager::Cargo | Manager::Bundler | Manager::Composer | Manager::Conda => {
            return Vec::new();
        }
        // `unpinned-system-package` judges these.
        Manager::Apt | Manager::Dpkg | Manager::Apk | Manager::Dnf => return Vec::new(),
        Manager::Rpm | Manager::Zypper | Manager::Pacman => return Vec::new(),
    };
    let is_python = matches!(command.manager, Manager::Pip | Manager::Pipx | Manager::Uv);
    let is_node = is_of_node(command.manager);
    // `foo[extra]` without quotes is a pattern to the shell, which hands it on as it is where no file is called so.
    let text = |word: &Word| {
        let pattern =
            || is_python.then(|| word.unquoted()).filter(|text| text.ends_with(']') && is_plain(text));
        word.literal_text().map(Cow::into_owned).or_else(|| pattern().map(Cow::into_owned))
    };
    let loose = |word: &&Word| {
        text(word).is_some_and(|name| {
            (is_name(&name) && is_loose(&name))
                || (is_python && is_newest_commit(&name))
                || (is_node && is_repository(&name) && !has_commit(&name))
                || ((is_python || is_node) && is_branch_archive(&name))
        })
    };
    command.operands.iter().filter(loose).collect()
}

fn is_plain(text: &str) -> bool {
    !text.contains(['$', '`', '*', '?'])
}

/// What runs a package straight from its registry: `npx tool@latest`, `uvx tool@latest`, `corepack prepare pnpm@latest`. Without a
/// version it may be one that is there already.
fn run_at_its_newest(program: &Program) -> Option<&Word> {
    let mut words = program.args().iter();
    match program.name()? {
        "npx" | "pnpx" | "bunx" | "uvx" => {}
        "pnpm" | "yarn" if words.next()?.is("dlx") => {}
        "corepack" if words.next().is_some_and(|verb| verb.is("prepare") || verb.is("use")) => {}
        _ => return None,
    }
    let package = words.find(|word| !word.static_prefix().starts_with('-'))?;
    let name = package.literal_text()?;
    let (_, version) = name.rsplit_once('@')?;
    matches!(version, "latest" | "next" | "canary" | "nightly" | "beta").then_some(package)
}

/// `go install` of what is named without `@` takes the version that `go.mod` says, and does nothing without one.
fn pins_elsewhere(command: &PackageCommand) -> bool {
    command.manager == Manager::Go
        && command.verb.last().is_some_and(|verb| verb.is("install"))
        && !command.operands.iter().any(|word| word.unquoted().contains('@'))
}

/// Whether there may be a `go.mod`: something is copied, mounted or cloned before.
fn may_have_module(subject: &InstructionSubject<'_>, command: &PackageCommand) -> bool {
    let brings = |index: usize| {
        let Some(instruction) = subject.plan.instruction(index) else { return false };
        match &instruction.kind {
            InstructionKind::Copy(_) | InstructionKind::Add(_) => true,
            InstructionKind::Run(run) => {
                let mut programs = subject.plan.programs(index).iter();
                let of_module = |program: &Program| {
                    let first = program.args().iter().find(|arg| !arg.static_prefix().starts_with('-'));
                    match program.name() {
                        Some("git" | "svn" | "hg") => {
                            first.is_some_and(|verb| verb.is("clone") || verb.is("checkout"))
                        }
                        Some("go") => first.is_some_and(|verb| verb.is("mod")),
                        Some("cd" | "tar" | "unzip") => true,
                        _ => false,
                    }
                };
                !run.mounts.is_empty() || programs.any(of_module)
            }
            _ => false,
        }
    };
    let stages = subject.plan.chain(subject.stage.index).take(8);
    let before = stages.flat_map(|stage| stage.instructions.clone()).filter(|at| *at <= subject.index);
    command.option(&["-C"]).is_some() || before.into_iter().any(brings)
}

/// Paths of the module at hand, and those of Go's own programs, have a version elsewhere.
fn loose_go(name: &str) -> bool {
    const BRANCHES: [&str; 7] = ["latest", "upgrade", "patch", "master", "main", "HEAD", "develop"];
    let is_remote = name.split('/').next().is_some_and(|host| host.contains('.') && !host.starts_with('.'));
    is_remote && name.split_once('@').is_none_or(|(_, version)| BRANCHES.contains(&version))
}

/// A package's name rather than a path, an address or a file.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['.', '/', '~', '-', '$'])
        && !name.contains("://")
        && !name.contains('\\')
}

fn is_of_node(manager: Manager) -> bool {
    matches!(manager, Manager::Npm | Manager::Pnpm | Manager::Yarn | Manager::Bun)
}

/// Branches that go on.
const ONGOING: [&str; 7] = ["HEAD", "dev", "develop", "latest", "main", "master", "trunk"];

/// `cargo install --git` without a tag or commit.
fn newest_of_repository(command: &PackageCommand) -> Option<&PackageOption> {
    let is_bound = command.option(&["--rev", "--tag"]).is_some();
    let git = command.option(&["--git"]).filter(|_| command.manager == Manager::Cargo && !is_bound)?;
    git.value.as_ref().is_some_and(|value| value.contains("://") && !value.contains('$')).then_some(git)
}

/// `user/repository`, which is GitHub's, `github:user/repository`, `git+https://...`.
fn is_repository(name: &str) -> bool {
    let address = name.split('#').next().unwrap_or_default();
    let is_short = !address.starts_with(['@', '.', '/', '~', '-', '$'])
        && address.split('/').count() == 2
        && !address.contains([':', '$', '@'])
        && !is_archive(address);
    let hosts = ["git+", "git://", "github:", "gitlab:", "bitbucket:"];
    is_short || hosts.iter().any(|host| address.starts_with(host)) || address.ends_with(".git")
}

/// Whether a repository of npm's is followed by a tag or a commit.
fn has_commit(name: &str) -> bool {
    name.split_once('#').is_some_and(|(_, commit)| !commit.is_empty() && !ONGOING.contains(&commit))
}

/// The archive of a branch, which changes with it.
fn is_branch_archive(name: &str) -> bool {
    let is_of_branch = |marker: &str| {
        name.split_once(marker).is_some_and(|(_, rest)| {
            let branch = rest.split(['/', '.', '?', '#']).next().unwrap_or_default();
            ONGOING.contains(&branch)
        })
    };
    name.contains("://")
        && (name.contains("/archive/refs/heads/")
            || ["/archive/", "/tarball/", "/zipball/"].into_iter().any(is_of_branch))
}

/// The address in `tool @ git+https://example.org/tool.git`; the whole where no name stands before one.
fn address_of(name: &str) -> &str {
    let before = name.split_once("://").map_or("", |(before, _)| before);
    before.find('@').and_then(|at| name.get(at + 1..)).unwrap_or(name).trim_start()
}

/// `git+https://example.org/tool.git`, without `@` and a tag or commit after the path.
fn is_newest_commit(name: &str) -> bool {
    let Some(address) = address_of(name).strip_prefix("git+").and_then(|rest| rest.split_once("://")) else {
        return false;
    };
    let address = address.1.split('#').next().unwrap_or_default();
    address.split_once('/').is_some_and(|(_, path)| {
        let is_open = path.rsplit_once('@').is_none_or(|(_, commit)| ONGOING.contains(&commit));
        is_open && !path.contains('$')
    })
}

fn is_archive(name: &str) -> bool {
    [".whl", ".tar.gz", ".zip", ".tgz", ".gem", ".tar"].iter().any(|ending| name.ends_with(ending))
}

fn loose_npm(name: &str) -> bool {
    let (scoped, rest) = match name.strip_prefix('@') {
        Some(rest) => (true, rest),
        None => (false, name),
    };
    // `user/repository` is GitHub's, `git+ssh:` and `file:` are addresses.
    if is_archive(name) || rest.contains(':') || (!scoped && rest.contains('/')) {
        return false;
    }
    match rest.split_once('@') {
        None => true,
        // Names of lines that go on; versions and ranges begin with a digit or a sign.
        Some((_, version)) => {
            let is_tag = version.starts_with(|c: char| c.is_ascii_alphabetic());
            let is_version =
                version.trim_start_matches(['v', 'x', 'X']).starts_with(|c: char| c.is_ascii_digit());
            matches!(version, "" | "*") || is_tag && !is_version
        }
    }
}
