//! The shell that reads a script, and the options it is started with.

use lint_parser::dockerfile::ast::{CommandLine, InstructionKind};

use crate::files::file_name;
use crate::model::build::plan::BuildPlan;
use crate::model::build::shell_scripts::Shell;
use crate::model::build::stage::Stage;
use crate::model::build::system_shell::{Features, SystemShell};
use crate::model::runs::Program;

/// The shell that reads a `RUN`, what it understands, and whether it is started with `-o pipefail`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The program: `/bin/sh`, `bash`.
    pub program: String,
    /// What it understands.
    pub features: Features,
    /// Whether it is started with `-o pipefail`.
    pub pipefail: bool,
    /// Whether it is started with `-e`.
    pub errexit: bool,
}

impl Reader {
    /// Whether a failure of any part of a pipe counts, where a program stands.
    #[must_use]
    pub fn pipefail_at(&self, program: &Program) -> bool {
        program.options.pipefail.unwrap_or(program.shell.depth == 0 && self.pipefail)
    }

    /// Whether the script ends at a failure, where a program stands.
    #[must_use]
    pub fn errexit_at(&self, program: &Program) -> bool {
        program.options.errexit.unwrap_or(program.shell.depth == 0 && self.errexit)
    }
}

/// The shell that reads the shell form of an instruction of the stage.
#[must_use]
pub fn reader(plan: &BuildPlan, stage: &Stage, index: usize) -> Reader {
    let heredoc = || {
        let instruction = plan.instruction(index)?;
        let [heredoc] = instruction.heredocs.as_slice() else { return None };
        let InstructionKind::Run(run) = &instruction.kind else { return None };
        let line = heredoc.content.text().strip_prefix("#!")?.lines().next()?;
        run.script.then(|| interpreter(line).iter().map(|word| (*word).to_owned()).collect())
    };
    let words: Vec<String> =
        heredoc().or_else(|| shell_before(plan, stage, index)).unwrap_or_else(|| vec!["/bin/sh".to_owned()]);
    let program = words.first().cloned().unwrap_or_default();
    let features = if file_name(&program) == "sh" && stage.replaces_sh {
        Features::UNKNOWN
    } else {
        features(plan, stage, &program)
    };
    let pipefail = words.iter().any(|word| word.contains("pipefail"));
    // `-e`, `-ec`, `-euxo`; not `--norc`, nor a program's name.
    let stops = |word: &String| {
        word == "errexit" || (word.starts_with('-') && !word.starts_with("--") && word.contains('e'))
    };
    let errexit = words.iter().skip(1).any(stops);
    Reader { program, features, pipefail, errexit }
}

fn features(plan: &BuildPlan, stage: &Stage, program: &str) -> Features {
    let root = plan.root_of(stage);
    match file_name(program) {
        // Nearly all of them, and what it is must be read off the name of the image.
        "sh" => plan.asked.features_of_sh(root.index, plan.stages.len(), || Features::of("sh", &root.base)),
        program => Features::of(program, &root.base),
    }
}

/// The words of the `SHELL` in force at an instruction.
fn shell_before(plan: &BuildPlan, stage: &Stage, index: usize) -> Option<Vec<String>> {
    let set = stage.config.shell.as_ref()?;
    // Most stages set it once, before everything.
    if set.origin.instruction < index {
        return Some(set.value.to_vec());
    }
    let own = stage.instructions.clone().filter(|at| *at < index).rev();
    let own = own.filter_map(|at| match &plan.instruction(at)?.kind {
        InstructionKind::Shell(CommandLine::Exec { words, .. }) => Some(words),
        _ => None,
    });
    let own: Option<Vec<String>> =
        own.map(|words| words.iter().map(|word| word.text().to_owned()).collect()).next();
    own.or_else(|| {
        let parent = stage.parent().and_then(|parent| plan.stages.get(parent))?;
        Some(parent.config.shell.as_ref()?.value.to_vec())
    })
}

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
        Self::of_words(&interpreter(line), system)
    }
}

/// The words that a line which begins with `#!` starts, given without that.
fn interpreter(line: &str) -> Vec<&str> {
    let mut words = line.split_whitespace().peekable();
    if words.next_if(|program| file_name(program) == "env").is_some() {
        words.next_if_eq(&"-S");
    }
    words.next_if(|program| program.ends_with("busybox"));
    words.collect()
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
