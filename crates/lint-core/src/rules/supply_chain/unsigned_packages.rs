use crate::model::runs::packages::{Manager, PackageCommand, PackageOption};
use crate::model::runs::program::Program;
use crate::rule::check::InstructionSubject;
use crate::rule::context::Draft;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};
use lint_parser::shell::word::Word;
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
`[trusted=yes]`, `Trusted: yes`, `gpgcheck=0`, `SigLevel = Never` and apt's `AllowUnauthenticated` in what a `RUN` or a heredoc writes. Package files that the build checks by hash or
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
        found.extend(of_program(program));
        for word in program.printed() {
            let text = word.unquoted();
            if in_text(&text).is_none() && !is_trusted_field(&text) {
                continue;
            }
            let provenance = provenance.get_or_insert_with(|| subject.provenance());
            let read = provenance.read(at, word).unwrap_or_else(|| text.into_owned());
            if !local_repository(&read).is_some_and(|path| provenance.vouches_for_repository(path)) {
                let trusted = is_trusted_field(&read).then_some(TRUSTED);
                match in_text(&read).or(trusted).filter(|_| !word.unquoted().contains('\n')) {
                    Some(message) => found.push((word.span(), message.to_owned())),
                    None => found.extend(lines(&word.as_script())),
                }
            }
        }
    }
    let off = subject.variables.iter().filter(|set| {
        matches!((&*set.name, &*set.value), ("GOSUMDB", "off") | ("GONOSUMDB" | "GONOSUMCHECK", "*"))
    });
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

/// What other programs than the managers themselves do: `add-apt-repository 'deb [trusted=yes] …'`, and the settings of a newer `dnf`.
fn of_program(program: &Program) -> Option<(Span, String)> {
    let is_off = |word: &&Word| is_gpgcheck_off(&word.unquoted());
    match program.name()? {
        "add-apt-repository" | "apt-add-repository" => program.args().iter().find_map(|word| {
            let is_local = || local_repository(&word.unquoted()).is_some();
            Some((word.span(), in_text(&word.unquoted()).filter(|_| !is_local())?.to_owned()))
        }),
        "dnf" | "dnf5" => {
            let is_setting = program.args().iter().any(|word| word.is("setopt"));
            let word = program.args().iter().filter(|_| is_setting).find(is_off)?;
            Some((word.span(), format!("`{}` installs packages that nobody signed", word.unquoted())))
        }
        _ => None,
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
    let has_fields = is_trusted_field(text.text());
    for line in text.text().split_inclusive('\n') {
        let is_field = has_fields && line.trim_start().to_ascii_lowercase().starts_with("trusted:");
        if let Some(message) = in_text(line).or(is_field.then_some(TRUSTED)) {
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
            // aptitude's own word for it.
            (Manager::Apt, "--allow-untrusted") => true,
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

const TRUSTED: &str = "`Trusted: yes` takes packages of this repository that nobody signed";

/// What apt, dnf and pacman take for yes and no.
const YES: [&str; 6] = ["1", "enable", "on", "true", "with", "yes"];
const NO: [&str; 4] = ["0", "false", "no", "off"];

/// A line of a repository's description, or of what writes one.
fn in_text(text: &str) -> Option<&'static str> {
    if text.trim_start().starts_with('#') {
        return None;
    }
    let options = text.split('[').skip(1).filter_map(|rest| rest.split(']').next());
    let is_trusted = |option: &str| option.strip_prefix("trusted=").is_some_and(|value| YES.contains(&value));
    if (text.contains("deb ") || text.contains("deb-src "))
        && options.into_iter().any(|list| list.split_whitespace().any(is_trusted))
    {
        return Some("`trusted=yes` takes packages of this repository that nobody signed");
    }
    let last = |name| settings(text, name).last();
    // In `s/gpgcheck=0/gpgcheck=1/` the last one is what is written.
    if last("gpgcheck").is_some_and(|value| NO.contains(&&*value)) {
        return Some("`gpgcheck=0` takes packages of this repository that nobody signed");
    }
    if last("siglevel").is_some_and(|value| value == "never") {
        return Some("`SigLevel = Never` takes packages that nobody signed");
    }
    let of_apt = ["::allowunauthenticated", "::allowinsecurerepositories"];
    of_apt
        .into_iter()
        .any(|name| last(name).is_some_and(|value| YES.contains(&&*value)))
        .then_some("apt takes packages that nobody signed from here on")
}

/// The values that a setting is given in a text: `gpgcheck = 0`, `APT::Get::AllowUnauthenticated "true";`. Names and values in small
/// letters.
fn settings(text: &str, name: &'static str) -> impl Iterator<Item = String> {
    let text = text.to_ascii_lowercase();
    let ends: Vec<usize> = text.match_indices(name).map(|(at, _)| at).collect();
    let value = move |at: usize| {
        let before = text.get(..at)?;
        let is_whole = name.starts_with(':')
            || !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            || before.ends_with("\\n");
        let rest = text.get(at + name.len()..)?;
        let is_parted = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '=' | '"'));
        let value =
            rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '\\'));
        let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
        Some(value.get(..end)?.to_owned()).filter(|value| is_whole && is_parted && !value.is_empty())
    };
    ends.into_iter().filter_map(value)
}

/// `Trusted: yes` in a description of the newer form, which has a field on each line.
fn is_trusted_field(text: &str) -> bool {
    let lower = text.to_ascii_lowercase().replace("\\n", "\n");
    let mut lines = lower.lines().map(str::trim);
    let is_trusted =
        |line: &str| line.strip_prefix("trusted:").is_some_and(|value| YES.contains(&value.trim()));
    lower.contains("uris:") && lines.any(is_trusted)
}

/// Where the repository lies that a text describes, if that is the machine: `deb [trusted=yes] file:///srv/repo ./`.
fn local_repository(text: &str) -> Option<&str> {
    let addresses = text.lines().filter_map(|line| {
        let line = line.trim_start();
        let after = |mark: &str| line.split_once(mark).map(|(_, rest)| rest.trim_start());
        let of_apt = || line.contains("deb").then(|| after("]")).flatten();
        let uris = || after("URIs:").or_else(|| after("Uris:")).or_else(|| after("uris:"));
        after("baseurl=")
            .or_else(uris)
            .or_else(|| after("mirrorlist="))
            .or_else(|| after("metalink="))
            .or_else(of_apt)
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
