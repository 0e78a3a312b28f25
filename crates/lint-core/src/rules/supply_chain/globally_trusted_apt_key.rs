use crate::model::runs::files::{Written, removed, written};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, ProgramSubject};
use lint_parser::shell::word::Word;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "globally-trusted-apt-key",
        docs: "A vendor's key is good for every repository.

## Why
A key that `apt-key` adds, or that lies in `/etc/apt/trusted.gpg.d`, may sign any package of any repository, those of the distribution included: whoever
has the vendor's key, or its server, can replace `libc`. Debian 12 and Ubuntu 24.04 are the last with
`apt-key`; from then on the build stops.

## Instead
Put the key into a file of its own and name it for the one repository it signs:
`ADD --checksum=sha256:... https://repo.example.com/key.asc /etc/apt/keyrings/example.asc`, and
`deb [signed-by=/etc/apt/keyrings/example.asc] https://repo.example.com stable main`.

## Fix safety
Offered where one key is piped into `apt-key add -` and the Dockerfile names one repository. Its packages alone are then checked with that key: where
others were signed with it, the build stops.

## Limits
Found are keys that `ADD`, `COPY`, `curl -o`, `gpg`, `tee`, `cp` and redirections put there. The distribution's own are left
alone, and so is a key that the build removes again.
",
        severity: Severity::Low,
        stride: &[Stride::Spoofing, Stride::Tampering],
        references: &[
            Reference::cis("4.11"),
            Reference::Url("https://manpages.debian.org/bookworm/apt/apt-key.8.en.html"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Program(check), Check::Instruction(files)],
};

/// Where `apt` looks for keys that are good for all.
const KEYRING: &str = "/etc/apt/trusted.gpg";

const HELP: &str = "write the key to `/etc/apt/keyrings` and name it with `signed-by`";

fn check(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let program = subject.program;
    let args = program.args();
    if program.name() != Some("apt-key") || !subject.is_in_build() {
        return;
    }
    let has = |arg: &Word, option: &str| arg.static_prefix().starts_with(option);
    // A key ring of its own is what the repository is to name.
    if args.iter().any(|arg| has(arg, "--keyring")) {
        return;
    }
    let fetches = |arg: &Word| ["--recv", "--fetch-keys", "--import"].iter().any(|option| has(arg, option));
    let adds = |arg: &Word| arg.is("add") || (arg.is("adv") && args.iter().any(fetches));
    let Some(verb) = args.iter().position(adds) else { return };
    let message = "`apt-key` makes this key good for every repository, the distribution's own too";
    subject.report(cx, program.span_to(verb), message).help(HELP).maybe_fix(key_of_its_own(subject));
}

/// Keeps the key of the pipe in a file, and names that for the one repository there is. `apt-key` itself called `gpg`, so it is there.
fn key_of_its_own(subject: &ProgramSubject<'_>) -> Option<Fix> {
    let Owner::Instruction(own) = subject.owner else { return None };
    let [add, dash] = subject.program.args() else { return None };
    let file = &own.plan.dockerfile.file;
    if !(add.is("add") && dash.is("-")) || file.text().matches("apt-key").count() != 1 {
        return None;
    }
    let repository = only_repository(file.text())?;
    let stage = own.plan.stage_of(own.index)?;
    let holds = |&index: &usize| {
        own.plan.instruction(index).is_some_and(|one| one.span.range().contains(&repository.at))
    };
    stage.instructions.clone().find(holds)?;
    let key = format!("/usr/share/keyrings/{}.gpg", repository.host);
    let edits = own.edits();
    let kept = edits.replace(subject.program.span(), format!("gpg --dearmor -o {key}"));
    let named = match repository.has_options {
        true => edits.insert(repository.at, format!(" signed-by={key}")),
        false => edits.insert(repository.at, format!(" [signed-by={key}]")),
    };
    Fix::of("Keep the key in a file that its repository names", Applicability::Unsafe, [kept, named])
}

/// A line of `sources.list` in a script.
struct Repository<'t> {
    /// Where `signed-by` belongs.
    at: usize,
    /// Whether it has options already.
    has_options: bool,
    host: &'t str,
}

/// The repository of a text that names one alone.
fn only_repository(text: &str) -> Option<Repository<'_>> {
    let mut lines = text.match_indices("deb ").filter(|(at, _)| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\''))
    });
    let (start, _) = lines.next()?;
    if lines.next().is_some() || ["deb-src ", "signed-by", "Types:"].iter().any(|other| text.contains(other))
    {
        return None;
    }
    let behind = start + "deb ".len();
    let rest = text.get(behind..)?;
    let options = rest.strip_prefix('[').and_then(|rest| rest.find(']'));
    let address = rest.get(options.map_or(0, |end| end + 2)..)?.trim_start();
    let (_, host) = address.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
    let host = host.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).next()?;
    // The end of the options, or of the word `deb`.
    let at = options.map_or(behind - 1, |end| behind + 1 + end);
    (!host.is_empty()).then_some(Repository { at, has_options: options.is_some(), host })
}

/// What a `RUN`, a `COPY` or an `ADD` puts into `trusted.gpg.d`.
fn files(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.plan.dockerfile.file.slice(subject.instruction.span).contains("trusted.gpg") {
        return;
    }
    let mut found = Vec::new();
    if let Some(copy) = subject.copy() {
        let paths = subject.plan.written_paths(subject.index, copy);
        let destination = copy.destination.as_ref().map(|word| word.span());
        found.extend(destination.filter(|_| paths.iter().any(|path| is_global(path))));
    } else if subject.run().is_some() {
        let course = subject.plan.course(subject.index);
        let removed = removed(&course);
        let keys = written(&course).into_iter().filter(|one| is_global(&one.path));
        let stays =
            |one: &Written| !subject.plan.is_removed_later(subject.index, &removed, &one.path, one.step);
        found.extend(keys.filter(stays).map(|one| one.span));
    }
    found.sort_unstable();
    found.dedup();
    for span in found {
        let message = "a key in `trusted.gpg.d` is good for every repository, the distribution's own too";
        subject.report(cx, span, message).help(HELP);
    }
}

/// Whether `apt` trusts what is in a file for all repositories. The distribution's own keys are meant to be there.
fn is_global(path: &str) -> bool {
    let Some(rest) = path.strip_prefix(KEYRING) else { return false };
    let name = rest.strip_prefix(".d").unwrap_or(rest).trim_start_matches('/');
    let is_own = [
        "debian-archive",
        "debian-keyring",
        "ubuntu-keyring",
        "ubuntu-archive",
        "raspbian-archive",
        "kali-archive",
    ];
    (rest.is_empty() || rest.starts_with(".d") || rest == "~")
        && !is_own.iter().any(|own| name.starts_with(own))
}
