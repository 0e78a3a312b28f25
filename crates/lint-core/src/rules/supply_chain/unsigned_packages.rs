use crate::model::build::downloads::verifies;
use crate::model::runs::Program;
use crate::model::runs::packages::{Manager, PackageCommand, PackageOption};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unsigned-packages",
        docs: "Packages are installed without checking who signed them.

## Why
The signature is what tells a distribution's package from one that somebody put in its place: on a mirror, in a
cache, between the mirror and the build. Packages run scripts as root when they are installed.

## Instead
Install the key of the repository and name it (`[signed-by=/usr/share/keyrings/vendor.gpg]`, `gpgkey=`,
`/etc/apk/keys`). A single package file can be checked by its hash in the same `RUN`: `sha256sum -c`.

## Fix safety
Packages that nobody signed are then refused, so that the build stops where there are such.

## Limits
Looked for are the switches of `apt`, `apk`, `yum`, `dnf`, `rpm`, `zypper` and `pacman` on command lines, and
`[trusted=yes]` and `gpgcheck=0` in what a `RUN` or a heredoc writes. Package files that are checked by hash or
signature in the same `RUN` are not reported.
",
        severity: Severity::High,
        stride: &[Stride::Tampering],
        references: &[Reference::cis("4.11"), Reference::Cwe(347), Reference::Cwe(494), Reference::Owasp("#13"), Reference::Nist("4.1.5"), Reference::Checkov("CKV2_DOCKER_7"), Reference::Checkov("CKV2_DOCKER_8"), Reference::Checkov("CKV2_DOCKER_9"), Reference::Checkov("CKV2_DOCKER_10"), Reference::Checkov("CKV2_DOCKER_11")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    if let Some(programs) = subject.run() {
        let checked = verifies(programs);
        for command in subject.plan.package_commands(subject.index) {
            let files = !command.operands.is_empty() && command.operands.iter().all(is_local_file);
            if checked && files {
                continue;
            }
            found.extend(of_manager(command));
        }
        let writes = |program: &&Program| matches!(program.name(), Some("echo" | "printf" | "sed"));
        for word in programs.iter().filter(writes).flat_map(Program::args) {
            if let Some(message) = in_text(&word.unquoted()) {
                found.push((word.span(), message.to_owned()));
            }
        }
        let set = subject.plan.variables_set(subject.index).iter();
        for set in set.filter(|set| &*set.name == "GOSUMDB" && &*set.value == "off") {
            found.push((set.span, "modules are not compared with the checksum database".to_owned()));
        }
    }
    if subject.is_reachable() {
        for heredoc in &subject.operation().heredocs {
            let text = heredoc.content.text();
            let mut start = 0;
            for line in text.split_inclusive('\n') {
                if let Some(message) = in_text(line) {
                    let end = start + line.trim_end().len();
                    found.push((heredoc.content.span_of(start..end), message.to_owned()));
                }
                start += line.len();
            }
        }
    }
    found.sort_by_key(|(span, _)| *span);
    found.dedup_by_key(|(span, _)| *span);
    for (span, message) in found {
        let written = subject.plan.dockerfile.file.slice(span);
        let is_option =
            written.starts_with("--") && !written.contains(['\n', ',', ';']) && subject.run().is_some();
        let edit = subject.edits().remove_option(subject.index, span).filter(|_| is_option);
        let fix = Fix::of(format!("Remove `{written}`"), Applicability::Unsafe, [edit]);
        let draft = subject
            .report(cx, span, message)
            .help("install the key the packages are signed with")
            .maybe_fix(fix);
        if !subject.is_in_target_chain() {
            draft.at_most(Severity::Medium);
        }
    }
}

fn is_local_file(word: &Word) -> bool {
    let text = word.unquoted();
    let is_package = [".apk", ".deb", ".rpm"].iter().any(|extension| text.ends_with(extension));
    (is_package || text.contains('/')) && !text.contains("://")
}

fn of_manager(command: &PackageCommand) -> Vec<(Span, String)> {
    let unchecked = command.options.iter().filter(|option| {
        let value = option.value.as_deref().unwrap_or_default().to_ascii_lowercase();
        let on = || value.ends_with("=true") || value.ends_with("=1") || value.ends_with("=yes");
        let is_switch = command.manager.record().unsigned.contains(&option.name.as_str());
        let sets_off = match (command.manager, option.name.as_str()) {
            (Manager::Apt, "-o" | "--option") => {
                (value.contains("allowunauthenticated") || value.contains("allowinsecurerepositories"))
                    && on()
            }
            (Manager::Dnf, "--setopt") => is_gpgcheck_off(&value),
            _ => false,
        };
        sets_off || (is_switch && !matches!(value.as_str(), "false" | "no" | "0"))
    });
    let message = |option: &PackageOption| {
        let shown = match &option.value {
            Some(value) if option.name != "--force-yes" => value,
            _ => &option.name,
        };
        (option.span, format!("`{shown}` installs packages that nobody signed"))
    };
    unchecked.map(message).collect()
}

fn is_gpgcheck_off(setting: &str) -> bool {
    let (key, value) = setting.split_once('=').unwrap_or_default();
    let (key, value) = (key.trim(), value.trim());
    (key == "gpgcheck" || key.ends_with(".gpgcheck")) && matches!(value, "0" | "false" | "no")
}

/// A line of a repository's description, or of what writes one.
fn in_text(text: &str) -> Option<&'static str> {
    if text.trim_start().starts_with('#') {
        return None;
    }
    let options = text.split('[').skip(1).filter_map(|rest| rest.split(']').next());
    if (text.contains("deb ") || text.contains("deb-src "))
        && options.into_iter().any(|list| list.split_whitespace().any(|option| option == "trusted=yes"))
    {
        return Some("`trusted=yes` takes packages of this repository that nobody signed");
    }
    // In `s/gpgcheck=0/gpgcheck=1/` the last one is what is written.
    let off = text.match_indices("gpgcheck=0").filter(|(at, _)| !text[..*at].ends_with("repo_")).last();
    let on = text.rfind("gpgcheck=1");
    (off.is_some_and(|(at, _)| on.is_none_or(|on| on < at)))
        .then_some("`gpgcheck=0` takes packages of this repository that nobody signed")
}
