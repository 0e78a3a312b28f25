//! The shell that reads a script, and the options it is started with.

use lint_parser::dockerfile::ast::InstructionKind;

use crate::files::file_name;
use crate::model::build::BuildPlan;
use crate::model::shell_scripts::Shell;
use crate::model::stage::Stage;
use crate::model::system_shell::SystemShell;

/// How a shell is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) shell: Shell,
    /// `-e`: it stops at the first failure.
    pub(super) errexit: bool,
    /// `-o pipefail`: each part of a pipe can fail.
    pub(super) pipefail: bool,
}

impl Start {
    fn of(shell: Shell) -> Self {
        Self { shell, errexit: false, pipefail: false }
    }

    /// `/bin/sh -c`, which Docker puts before a shell form when no `SHELL` says otherwise.
    pub(super) fn of_system(system: SystemShell) -> Self {
        Self::of(sh(system))
    }

    /// The shell that a `SHELL`, the beginning of an exec form or a `#!` names, with its options; `None` for what is no
    /// POSIX shell, and for one that no linter knows well (zsh, mksh).
    pub(super) fn of_words<S: AsRef<str>>(words: &[S], system: SystemShell) -> Option<Self> {
        let (program, options) = words.split_first()?;
        let shell = match file_name(program.as_ref()) {
            "sh" => sh(system),
            "dash" => Shell::Dash,
            "ash" => Shell::Ash,
            "bash" => Shell::Bash,
            "ksh" | "ksh93" => Shell::Ksh,
            _ => return None,
        };
        let mut start = Self::of(shell);
        let mut named = false;
        for option in options.iter().map(AsRef::as_ref) {
            if named {
                start.errexit |= option == "errexit";
                start.pipefail |= option == "pipefail";
                named = false;
            } else if let Some(letters) = option.strip_prefix('-').filter(|rest| !rest.starts_with('-')) {
                start.errexit |= letters.contains('e');
                named = letters.ends_with('o');
            }
        }
        Some(start)
    }

    /// The same for a line that begins with `#!`, given without that: `/bin/sh -e`, `/usr/bin/env -S bash -e`.
    pub(super) fn of_interpreter(line: &str, system: SystemShell) -> Option<Self> {
        let mut words = line.split_whitespace().peekable();
        if words.next_if(|program| file_name(program) == "env").is_some() {
            words.next_if_eq(&"-S");
        }
        words.next_if(|program| program.ends_with("busybox"));
        Self::of_words(&words.collect::<Vec<_>>(), system)
    }
}

fn sh(system: SystemShell) -> Shell {
    match system {
        SystemShell::Dash => Shell::Dash,
        SystemShell::Ash => Shell::Ash,
        // It still is bash when it is called `sh`, arrays and all.
        SystemShell::Bash => Shell::Bash,
        SystemShell::Unknown => Shell::Sh,
    }
}

/// What follows `-o`.
pub(super) fn is_option(word: &str) -> bool {
    matches!(word, "errexit" | "pipefail" | "nounset" | "xtrace" | "errtrace" | "posix" | "extglob")
}

/// Whether a `RUN` of the stage or of one it is built on puts another program in the place of `/bin/sh`.
pub(super) fn replaces_sh(plan: &BuildPlan, stage: &Stage) -> bool {
    let replaces = |text: &str| {
        (text.contains("/bin/sh") && (text.contains("ln ") || text.contains("update-alternatives")))
            || (text.contains("dpkg-reconfigure") && text.contains("dash"))
    };
    plan.chain(stage.index).any(|stage| {
        stage.instructions.clone().filter_map(|index| plan.instruction(index)).any(|instruction| {
            matches!(instruction.kind, InstructionKind::Run(_)) && replaces(instruction.arguments.text())
        })
    })
}
