use crate::model::runs::packages::{Manager, PackageCommand, PackageOption};
use crate::rule::check::InstructionSubject;
use crate::rule::context::Draft;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};
use lint_parser::text::mapped::Mapped;
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
`[trusted=yes]` and `gpgcheck=0` in what a `RUN` or a heredoc writes. Package files that the build checks by hash or
signature before are not reported, and neither are those that it builds itself; a signature that is checked speaks for
the file it was made for, and for no other. A repository on the build's own disk (`file:`) is trusted, unless what lies there
was downloaded and not checked.
",
        severity: Severity::High,
        stride: &[Stride::Tampering],
        references: &[Reference::cis("4.11"), Reference::Cwe(347), Reference::Cwe(494), Reference::Owasp("#13"), Reference::Nist("4.1.5"), Reference::Checkov("CKV2_DOCKER_7"), Reference::Checkov("CKV2_DOCKER_8"), Reference::Checkov("CKV2_DOCKER_9"), Reference::Checkov("CKV2_DOCKER_10"), Reference::Checkov("CKV2_DOCKER_11")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check), Check::Instruction(copied)],
};

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    // What comes from where is looked up when there is something to excuse.
    let mut provenance = None;
    for command in subject.package_commands().iter() {
        let unsigned = of_manager(command);
        if !unsigned.is_empty()
            && !provenance
                .get_or_insert_with(|| subject.provenance())
                .vouches_for(command.program_at, &command.operands)
        {
            found.extend(unsigned);
        }
    }
    for (at, program) in subject.programs.iter().enumerate() {
        for word in program.printed() {
            let text = word.unquoted();
            if in_text(&text).is_none() {
                continue;
            }
            let provenance = provenance.get_or_insert_with(|| subject.provenance());
            let read = provenance.read(at, word).unwrap_or_else(|| text.into_owned());
            if !local_repository(&read).is_some_and(|path| provenance.vouches_for_repository(path)) {
                match in_text(&read).filter(|_| !word.unquoted().contains('\n')) {
                    Some(message) => found.push((word.span(), message.to_owned())),
                    None => found.extend(lines(&word.as_script())),
                }
            }
        }
    }
    let off = subject.variables.iter().filter(|set| &*set.name == "GOSUMDB" && &*set.value == "off");
    found.extend(off.map(|set| (set.span, "modules are not compared with the checksum database".to_owned())));
    found.sort_by_key(|(span, _)| *span);
    found.dedup_by_key(|(span, _)| *span);
    for (span, message) in found {
        let fix = match &subject.owner {
            Owner::Instruction(own) => without(own, span),
            Owner::Service(_) => None,
        };
        let draft = subject.report(cx, subject.file_at(span), span, message).maybe_fix(fix);
        weigh(draft, subject.owner.is_shipped());
    }
}

/// The command without the option, where the word is nothing but that.
fn without(subject: &InstructionSubject<'_>, option: Span) -> Option<Fix> {
    let written = subject.plan.dockerfile.file.slice(option);
    let is_option = written.starts_with("--") && !written.contains(['\n', ',', ';']);
    let edit = subject.edits().remove_option(subject.index, option).filter(|_| is_option);
    Fix::of(format!("Remove `{written}`"), Applicability::Unsafe, [edit])
}

/// `COPY <<EOF /etc/yum.repos.d/a.repo`
fn copied(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if subject.copy().is_none() {
        return;
    }
    for heredoc in &subject.operation().heredocs {
        if local_repository(heredoc.content.text()).is_some() {
            continue;
        }
        for (span, message) in lines(&heredoc.content) {
            weigh(subject.report(cx, span, message), subject.is_in_target_chain());
        }
    }
}

fn weigh(draft: Draft<'_>, is_shipped: bool) {
    let draft = draft.help("install the key the packages are signed with");
    if !is_shipped {
        draft.at_most(Severity::Medium);
    }
}

/// The lines of a text that take what nobody signed; the text itself where it is one word of a command.
fn lines(text: &Mapped) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.text().split_inclusive('\n') {
        if let Some(message) = in_text(line) {
            found.push((text.span_of(start..start + line.trim_end().len()), message.to_owned()));
        }
        start += line.len();
    }
    found
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

/// Where the repository lies that a text describes, if that is the machine: `deb [trusted=yes] file:///srv/repo ./`.
fn local_repository(text: &str) -> Option<&str> {
    let addresses = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let after = |mark: &str| line.split_once(mark).map(|(_, rest)| rest.trim_start());
        let of_apt = || line.contains("deb").then(|| after("]")).flatten();
        after("baseurl=").or_else(|| after("mirrorlist=")).or_else(|| after("metalink=")).or_else(of_apt)
    });
    let mut local = None;
    for address in addresses {
        let address = address.split(|c: char| c.is_whitespace() || c == '\\').next().unwrap_or_default();
        let path = address.strip_prefix("file:").or_else(|| address.strip_prefix("copy:"))?;
        // `file:///srv` and `file:/srv`
        local = Some(path.strip_prefix("//").unwrap_or(path));
    }
    local
}
