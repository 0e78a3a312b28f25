use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};
use lint_parser::shell::ast::{Script, SimpleCommand};
use lint_parser::shell::walk::Site;

use crate::files::file_name;
use crate::finding::fix::{Applicability, Edit, Fix};
use crate::model::runs::commands::run_of;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "lost-shell-state",
        docs: "A `RUN` does nothing but change its own shell, and the change ends with it.

## Why
Each `RUN` gets a shell of its own. After `RUN cd /app` the next instruction starts in the `WORKDIR`
again; after `RUN export MODE=production`, `RUN umask 027`, `RUN alias …` or `RUN . venv/bin/activate` the
next one knows nothing of it, and neither does the container.

## Instead
`WORKDIR` for the directory, `ENV` for variables (`ENV PATH=/venv/bin:$PATH` for a virtual environment),
and for what has no instruction, the same `RUN` as the commands that need it.

## Fix safety
`RUN cd /app` becomes `WORKDIR /app`, which is what it was meant to do. It does change where all later
instructions and the container start, so the fix is applied on request only.

## Limits
Reported where the `RUN` does nothing else: a `cd` at the end of other commands is idle but harmless.
Of files that are sourced, those whose names say what they are: `activate`, `.bashrc`, `nvm.sh`.
",
        severity: Severity::Medium,
        references: &[
            Reference::Hadolint("DL3003"),
            Reference::Trivy("DS-0013"),
            Reference::Semgrep("use-workdir"),
            Reference::Kics("RUN Instruction Using 'cd' Instead of WORKDIR"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// What a command changes of the shell it runs in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Directory,
    Variables,
    /// Options, limits, aliases: named by the command.
    Other,
    /// `set -e` and the like: only said together with others.
    Options,
}

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(run) = run_of(subject.instruction) else { return };
    // A shell with start-up files of its own (`bash -l`) may be fed by what looks lost.
    let Some(script) = subject.plan.script(subject.index) else { return };
    if script.unparsed.is_some() {
        return;
    }
    let Some((site, state)) = first_change(script) else { return };
    let name = site.command.name().unwrap_or_default();
    let (message, help) = match state {
        State::Directory => (
            format!("`{name}` ends with this `RUN`: the next instruction starts in the `WORKDIR` again"),
            "use `WORKDIR`, or put it before the commands that need it in the same `RUN`",
        ),
        State::Variables => (
            "what this sets ends with the `RUN`: no later instruction sees it, nor does the container"
                .to_owned(),
            "use `ENV`, or put it before the commands that need it in the same `RUN`",
        ),
        State::Other | State::Options => (
            format!("what `{name}` sets ends with this `RUN`"),
            "put it before the commands that need it in the same `RUN`",
        ),
    };
    let mut draft =
        cx.report(subject.place(site.command.text.span()), message).supersedes("cd-instead-of-workdir");
    if let Some(target) = only_cd(script)
        && run.mounts.is_empty()
        && subject.instruction.flags.is_empty()
        && subject.instruction.heredocs.is_empty()
        && matches!(&subject.instruction.kind, InstructionKind::Run(run) if matches!(run.command, CommandLine::Shell(_)))
    {
        draft = draft.fix(Fix {
            title: format!("Set `WORKDIR {target}`"),
            applicability: Applicability::Unsafe,
            edits: vec![Edit {
                file: subject.plan.dockerfile.file.clone(),
                span: subject.instruction.span,
                text: format!("WORKDIR {target}"),
            }],
        });
    }
    draft.help(help);
}

/// The first command that changes the shell, where nothing else is done.
fn first_change(script: &Script) -> Option<(&Site, State)> {
    let mut first = None;
    for site in script.simple_commands() {
        if site.context.in_substitution && answers_a_question(&site.command) {
            continue;
        }
        let state = state(&site.command)?;
        if !site.command.redirections.is_empty() || site.context.piped_to.is_some() {
            return None;
        }
        if first.is_none() && state != State::Options {
            first = Some((site, state));
        }
    }
    first
}

fn state(command: &SimpleCommand) -> Option<State> {
    if command.words.is_empty() {
        return (!command.assignments.is_empty()).then_some(State::Variables);
    }
    let first = command.args().first().map(|word| word.static_suffix().into_owned());
    match command.name()? {
        "cd" | "pushd" => Some(State::Directory),
        "export" | "declare" | "typeset" | "readonly"
            if first.as_ref().is_some_and(|first| first != "-p") =>
        {
            Some(State::Variables)
        }
        "unset" => Some(State::Variables),
        "umask" | "ulimit" | "alias" => first.is_some().then_some(State::Other),
        "set" | "shopt" => Some(State::Options),
        "source" | "." => {
            let path = first?;
            let file = file_name(&path);
            let only_sets = matches!(
                file,
                "activate"
                    | ".bashrc"
                    | "bashrc"
                    | "bash.bashrc"
                    | ".bash_profile"
                    | ".profile"
                    | "profile"
                    | ".zshrc"
                    | "nvm.sh"
                    | "conda.sh"
            );
            (only_sets && command.args().len() == 1).then_some(State::Variables)
        }
        _ => None,
    }
}

/// Programs that only print: what a substitution asks them is lost with the variable it goes into.
fn answers_a_question(command: &SimpleCommand) -> bool {
    command.name().is_some_and(|name| {
        matches!(
            name,
            "arch"
                | "basename"
                | "cat"
                | "cut"
                | "date"
                | "dirname"
                | "dpkg"
                | "echo"
                | "head"
                | "id"
                | "ls"
                | "nproc"
                | "printf"
                | "pwd"
                | "readlink"
                | "realpath"
                | "uname"
                | "which"
        )
    })
}

/// The directory of a script that is `cd /somewhere` and no more.
fn only_cd(script: &Script) -> Option<String> {
    let sites = script.simple_commands();
    let [site] = sites else { return None };
    let [target] = site.command.args() else { return None };
    let target = target.literal_text()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    (site.command.name()? == "cd" && target.starts_with('/') && target.chars().all(plain))
        .then(|| target.into_owned())
}
