use lint_parser::shell::ast::Script;
use lint_parser::shell::word::Word;

use crate::model::runs::Program;
use crate::model::runs::commands::run_of;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "pointless-command",
        docs: "A `RUN` calls a program that can do nothing for an image.

## Why
A build has no terminal, no init system, no privileges over the host, and a `RUN` leaves files behind and
nothing else: a service it starts is gone when it ends, an editor waits for keys nobody presses, `mount`
and `modprobe` are refused, and what `top` shows is the builder's machine.

## Instead
Start services in `ENTRYPOINT` or `CMD`; change files with `sed` or `COPY`; leave out the rest.

## Fix safety
The command is left out.

## Limits
A service that is started for other commands of the same `RUN` (`service mysql start && mysql -e …`) is not
reported, nor is an editor that is given its commands (`vim +PlugInstall +qall`). With
`RUN --security=insecure` some of the refused commands do work.
",
        severity: Severity::Low,
        references: &[
            Reference::Hadolint("DL3001"),
            Reference::Semgrep("nonsensical-command"),
            Reference::Kics("Run Utilities And POSIX Commands"),
            Reference::Tally("tally/gpu/no-buildtime-gpu-queries"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if subject.instruction.flag("security").is_some() || run_of(subject.instruction).is_none() {
        return;
    }
    let last = subject.plan.script(subject.index).and_then(last_command);
    let programs = subject.plan.programs(subject.index);
    for (at, program) in programs.iter().enumerate() {
        // Whether nothing before it could have started what it looks for.
        let is_first = || programs.iter().take(at).all(starts_nothing);
        if program.context.function.is_some() || program.may_fail() {
            continue;
        }
        let is_last = match last {
            Some(last) => last.encloses(program.name_span()),
            None => !program.in_script,
        };
        if let Some((message, help)) = pointless(program, is_last, &is_first) {
            let edit = subject.edits().remove_command(subject.index, program.command().text.span());
            let title = format!("Leave out `{}`", program.name().unwrap_or_default());
            let fix = Fix::of(title, Applicability::Unsafe, [edit.filter(|_| program.is_all_of_command())]);
            cx.report(subject.place(program.span_to(0)), message).help(help).maybe_fix(fix);
        }
    }
}

fn killed() -> Option<(String, &'static str)> {
    let message = "no process of an earlier `RUN` is alive here to be killed".to_owned();
    Some((message, "leave it out; what a `RUN` starts ends with it"))
}

/// Where the last command of a script stands.
fn last_command(script: &Script) -> Option<lint_parser::text::span::Span> {
    let last = script.commands.last()?.pipelines.last()?;
    Some(last.text.span())
}

/// Whether a word is the number of a process or of a signal, as it is written.
fn is_number(word: &Word) -> bool {
    word.literal_text().is_some_and(|text| {
        let number = text.strip_prefix('-').unwrap_or(&text);
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a program leaves nothing running behind it.
fn starts_nothing(program: &Program) -> bool {
    let is_quiet = matches!(
        program.name(),
        Some(
            "cat"
                | "cd"
                | "echo"
                | "head"
                | "kill"
                | "killall"
                | "pgrep"
                | "pidof"
                | "pkill"
                | "set"
                | "sleep"
                | "true"
        )
    );
    is_quiet || program.context.in_substitution
}

fn pointless(
    program: &Program,
    is_last: bool,
    is_first: &dyn Fn() -> bool,
) -> Option<(String, &'static str)> {
    let name = program.name()?;
    let args = program.args();
    let first = args.first().and_then(|arg| arg.literal_text()).unwrap_or_default().into_owned();
    let any = |letters: &[&str]| {
        args.iter().any(|arg| letters.iter().any(|prefix| arg.static_prefix().starts_with(prefix)))
    };
    let asks = matches!(first.as_str(), "--version" | "--help" | "-V" | "-v" | "-h");
    match name {
        _ if asks => None,
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "pico" if !any(&["+", "-c", "-e", "-E", "-s", "--"]) => {
            Some((
                format!("`{name}` waits for a terminal, which a build does not have"),
                "edit with `sed`, or `COPY` the file",
            ))
        }
        "top" | "htop" | "ps" | "free" | "vmstat" | "iotop" | "lsof"
            if program.context.piped_to.is_none() && !program.context.in_substitution =>
        {
            Some((format!("`{name}` shows the builder's machine and changes nothing"), "leave it out"))
        }
        "shutdown" | "reboot" | "halt" | "poweroff" => {
            Some((format!("there is nothing `{name}` could stop in a build"), "leave it out"))
        }
        // `kill $!` ends what this `RUN` has started.
        "kill" if !args.is_empty() && args.iter().all(is_number) => killed(),
        "kill" if args.iter().any(Word::is_dynamic) && is_first() => killed(),
        "killall" | "pkill" if !args.is_empty() && is_first() => killed(),
        "mount" | "umount" if !args.is_empty() => Some((
            format!("a build may not `{name}`"),
            "use `RUN --mount` for the build, a volume for the container",
        )),
        "modprobe" | "insmod" | "rmmod" => Some((
            format!("`{name}` is refused in a build, and modules belong to the host's kernel"),
            "load modules on the host",
        )),
        "sysctl" if any(&["-w", "-p", "--system", "--load"]) => Some((
            "kernel parameters are the builder's and do not go into the image".to_owned(),
            "set them where the container is run: `docker run --sysctl`, `sysctls:`",
        )),
        "ifconfig" | "iwconfig" if args.len() > 1 => Some((
            format!("`{name}` configures the build's network, which ends with the `RUN`"),
            "leave it out",
        )),
        "nvidia-smi" => Some((
            "`nvidia-smi` asks for a GPU, which a build does not have".to_owned(),
            "run it in the container",
        )),
        "systemctl"
            if matches!(
                first.as_str(),
                "start" | "restart" | "reload" | "stop" | "status" | "daemon-reload"
            ) =>
        {
            Some((
                format!("`systemctl {first}` needs a running systemd, which a build does not have"),
                "start the program in `ENTRYPOINT` or `CMD`",
            ))
        }
        "service" if is_last && args.get(1).is_some_and(|verb| verb.is("start") || verb.is("restart")) => {
            Some((
                "the service ends with this `RUN`".to_owned(),
                "start the program in `ENTRYPOINT` or `CMD`",
            ))
        }
        _ => None,
    }
}
