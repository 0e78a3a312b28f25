use lint_parser::shell::word::Word;

use crate::model::runs::commands::run_of;
use crate::model::runs::packages::record::Version;
use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unpinned-system-package",
        docs: "A package of the distribution is installed without a version.

## Why
Two builds of one commit, a week apart, may hold different programs.

## Instead
`apt-get install curl=8.5.0-2ubuntu10`, `apk add curl=8.9.1-r1` or `curl~8.9`, `dnf install nginx-1.26.2`,
`zypper install nginx=1.26.2`. Or install from a dated snapshot of the distribution, which pins everything
at once: `snapshot.debian.org`, `snapshot.ubuntu.com`.

## When to allow it
Mostly. A stable distribution changes a package for security fixes and for little else, and its mirrors
delete
the version that was fixed: a pinned build breaks on the day of the fix, and an image that is rebuilt with
old pins keeps the hole. That is why the rule runs on request only. A base image pinned by digest does more
for less.

## Limits
One finding for each command, at its first package. Variables, files and addresses are left alone.
",
        severity: Severity::Low,
        profile: Profile::OptIn,
        stride: &[Stride::Tampering],
        references: &[
            Reference::Hadolint("DL3008"),
            Reference::Hadolint("DL3018"),
            Reference::Hadolint("DL3033"),
            Reference::Hadolint("DL3037"),
            Reference::Hadolint("DL3041"),
            Reference::Kics("Apt Get Install Pin Version Not Defined"),
            Reference::Kics("Yum install Without Version"),
            Reference::Kics("Missing Version Specification In dnf install"),
            Reference::Kics("Zypper Install Without Version"),
            Reference::Kics("Unpinned Package Version in Apk Add"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if run_of(subject.instruction).is_none() || !subject.is_reachable() {
        return;
    }
    for command in subject.plan.package_commands(subject.index) {
        let loose: Vec<&Word> = command.operands.iter().filter(|word| is_loose(command, word)).collect();
        let Some(first) = loose.first() else { continue };
        let name = first.literal_text().unwrap_or_default();
        let message = match loose.len() - 1 {
            0 => format!("no version of `{name}` is named"),
            1 => format!("no versions of `{name}` and one more package are named"),
            more => format!("no versions of `{name}` and {more} more packages are named"),
        };
        let help = match command.manager.record().version {
            _ if is_module(command) => format!("write `{name}:<stream>`"),
            Some(Version::After(sign)) => format!("write `{name}{sign}<version>`"),
            Some(Version::Option(option)) => format!("write the version: `{option}`"),
            None => "name a version".to_owned(),
        };
        cx.report(subject.place(first.span()), message).help(help);
    }
}

fn is_loose(command: &PackageCommand, word: &Word) -> bool {
    if command.action != Action::Install || command.only_says() {
        return false;
    }
    let verb = command.verb.last().and_then(Word::literal_text).unwrap_or_default();
    let Some(name) =
        word.literal_text().filter(|name| !name.is_empty() && !name.starts_with(['/', '.', '-']))
    else {
        return false;
    };
    if name.contains("://") {
        return false;
    }
    match command.manager {
        // `curl-` takes a package away, `curl/bookworm` names its release.
        Manager::Apt if verb == "install" => {
            command.option(&["-t", "--target-release", "--default-release"]).is_none()
                && !name.contains(['=', '/'])
                && !name.ends_with([',', '-'])
                && !name.ends_with(".deb")
        }
        Manager::Apk if verb == "add" => {
            // A virtual package of other versions' making, a file, a repository's tag.
            !name.contains(['=', '<', '>', '~', '@']) && !name.starts_with('!') && !name.ends_with(".apk")
        }
        // `nginx-1.26.2`; names have hyphens before letters as a rule. Groups and modules have `@` and `:`.
        // Groups and patterns have no version; a module has streams.
        Manager::Dnf if is_module(command) => verb == "install" && !name.contains(':'),
        Manager::Dnf
            if matches!(&*verb, "install" | "in" | "reinstall" | "rei") && command.verb.len() == 1 =>
        {
            !name.split('-').skip(1).any(|part| part.starts_with(|c: char| c.is_ascii_digit()))
                && !name.starts_with('@')
                && !name.contains(':')
                && !name.ends_with(".rpm")
        }
        Manager::Zypper if matches!(&*verb, "install" | "in" | "install-new-recommends" | "inr") => {
            let kind = command.option(&["-t", "--type"]).and_then(|option| option.value.as_deref());
            !name.contains(['=', '<', '>', '~', ':'])
                && !name.ends_with(".rpm")
                && !name.starts_with('!')
                && matches!(kind, None | Some("package"))
        }
        // What their other verbs install, and what the rest installs, has a version elsewhere or none.
        Manager::Apt | Manager::Apk | Manager::Dnf | Manager::Zypper => false,
        Manager::Dpkg | Manager::Rpm | Manager::Pacman => false,
        Manager::Pip | Manager::Uv | Manager::Pipx | Manager::Conda => false,
        Manager::Npm | Manager::Yarn | Manager::Pnpm | Manager::Bun => false,
        Manager::Gem | Manager::Bundler | Manager::Go | Manager::Cargo | Manager::Composer => false,
    }
}

/// `dnf module install nodejs:22`
fn is_module(command: &PackageCommand) -> bool {
    command.manager == Manager::Dnf && command.verb.first().is_some_and(|verb| verb.is("module"))
}
