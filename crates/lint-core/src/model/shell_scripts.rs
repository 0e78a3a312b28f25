//! The scripts that shells read in a Dockerfile, whole and as the shell gets them, for a linter of shell scripts.
//!
//! A linter sees a script alone. What the build adds is told it in lines before the script, the *preamble*: the options
//! the shell is started with, and the variables that `ENV` and `ARG` set.

use std::collections::BTreeSet;
use std::ops::Range;

use lint_parser::dockerfile::ast::{CommandLine, Healthcheck, Heredoc, Instruction, InstructionKind};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;

use crate::model::base_environment::{InBase, base_sets};
use crate::model::build::BuildPlan;
use crate::model::stage::{Base, Stage};
use crate::model::system_shell::{SystemShell, of_base};

/// A script.
#[derive(Clone, Debug)]
pub struct ShellScript {
    /// Index of the stage it stands in.
    pub stage: usize,
    /// The script, here-documents in their places.
    pub text: Mapped,
    /// Lines that stand for what the script gets from the build; each ends in a newline.
    pub preamble: String,
    /// The shell that reads it.
    pub shell: Shell,
    /// Whether it runs in the container, whose environment is made elsewhere, and not in the build.
    pub at_run_time: bool,
    /// What the image at the root sets is asked here.
    root: Base,
}

/// A shell that reads a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shell {
    /// Some `sh`: what it has besides the standard is not known.
    Sh,
    /// dash, `/bin/sh` on Debian and Ubuntu.
    Dash,
    /// BusyBox's ash, `/bin/sh` on Alpine.
    Ash,
    /// bash.
    Bash,
    /// The Korn shell.
    Ksh,
}

/// How a shell is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Start {
    shell: Shell,
    errexit: bool,
    pipefail: bool,
}

/// Variables that BuildKit sets in every `RUN` when whoever builds passes them.
const PROXIES: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// The scripts of all stages, those that nothing needs included: they are built with `--target`. Left out is what
/// another than a POSIX shell reads, and what BuildKit would refuse.
#[must_use]
pub fn of_plan(plan: &BuildPlan) -> Vec<ShellScript> {
    let mut scripts = Vec::new();
    for stage in &plan.stages {
        let root = plan.chain(stage.index).last().map_or(Base::Unknown, |root| root.base.clone());
        let mut system = if replaces_sh(plan, stage) { SystemShell::Unknown } else { of_base(&root) };
        if let Base::Scratch = root {
            system = SystemShell::Unknown;
        }
        let inherited = stage.parent().and_then(|parent| plan.stages.get(parent)?.config.shell.as_ref());
        let mut words: Option<Vec<String>> = inherited.map(|shell| shell.value.to_vec());
        for index in stage.instructions.clone() {
            let Some(instruction) = plan.instruction(index) else { continue };
            if let InstructionKind::Shell(CommandLine::Exec { words: shell, .. }) = &instruction.kind {
                words = Some(shell.iter().map(|word| word.text().to_owned()).collect());
            }
            let start = match &words {
                Some(words) => start(words, system),
                None if stage.accounts.windows => None,
                None => Some(Start::of(of_system(system))),
            };
            let Some((text, start, at_run_time)) = script(instruction, start, system) else { continue };
            if text.text().trim().is_empty() || is_meant_as_json(text.text()) {
                continue;
            }
            let preamble = preamble(plan, index, &text, start);
            let (stage, shell, root) = (stage.index, start.shell, root.clone());
            scripts.push(ShellScript { stage, text, preamble, shell, at_run_time, root });
        }
    }
    scripts
}

impl Start {
    fn of(shell: Shell) -> Self {
        Self { shell, errexit: false, pipefail: false }
    }
}

fn of_system(shell: SystemShell) -> Shell {
    match shell {
        SystemShell::Dash => Shell::Dash,
        SystemShell::Ash => Shell::Ash,
        // It still is bash when it is called `sh`, arrays and all.
        SystemShell::Bash => Shell::Bash,
        SystemShell::Unknown => Shell::Sh,
    }
}

/// The shell that a `SHELL`, the beginning of an exec form or a `#!` names, with its options; `None` for what is no
/// POSIX shell, and for one that no linter knows well (zsh, mksh).
fn start<S: AsRef<str>>(words: &[S], system: SystemShell) -> Option<Start> {
    let (program, options) = words.split_first()?;
    let shell = match program.as_ref().rsplit('/').next()? {
        "sh" => of_system(system),
        "dash" => Shell::Dash,
        "ash" => Shell::Ash,
        "bash" => Shell::Bash,
        "ksh" | "ksh93" => Shell::Ksh,
        _ => return None,
    };
    let mut start = Start::of(shell);
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

/// Whether a `RUN` of the stage or of one it is built on puts another program in the place of `/bin/sh`.
fn replaces_sh(plan: &BuildPlan, stage: &Stage) -> bool {
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

/// The script of an instruction, the shell that reads it, and whether it runs in the container.
fn script(
    instruction: &Instruction,
    shell: Option<Start>,
    system: SystemShell,
) -> Option<(Mapped, Start, bool)> {
    let (line, at_run_time) = match &instruction.kind {
        InstructionKind::Onbuild(Some(trigger)) => return script(trigger, shell, system),
        InstructionKind::Run(run) if run.script => {
            let [heredoc] = instruction.heredocs.as_slice() else { return None };
            let (text, start) = heredoc_script(heredoc, shell, system)?;
            return Some((text, start, false));
        }
        InstructionKind::Run(run) => (&run.command, false),
        InstructionKind::Cmd(line)
        | InstructionKind::Entrypoint(line)
        | InstructionKind::Healthcheck(Healthcheck::Cmd(line)) => (line, true),
        _ => return None,
    };
    match line {
        CommandLine::Shell(text) => {
            let text = with_heredocs(text, &instruction.heredocs)?;
            Some((text, shell?, at_run_time))
        }
        CommandLine::Exec { words, .. } => {
            // `["/bin/bash", "-c", "script"]`
            let texts: Vec<&str> = words.iter().map(Mapped::text).collect();
            let is_command =
                |word: &&str| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c');
            let at = texts.iter().skip(1).position(is_command)? + 1;
            if !texts.get(1..at)?.iter().all(|word| word.starts_with('-') || is_option(word)) {
                return None;
            }
            let start = start(texts.get(..=at)?, system)?;
            Some((words.get(at + 1)?.clone(), start, at_run_time))
        }
    }
}

/// Whether it begins as a JSON array and not as `[` or `[[` do, which are words of their own: `["npm", "ci",]`. That no
/// shell should read it is a finding of `malformed-exec-form`; what the shell makes of it need not be told as well.
fn is_meant_as_json(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix('[');
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c == '[' || c.is_whitespace()))
}

/// What follows `-o`.
fn is_option(word: &str) -> bool {
    matches!(word, "errexit" | "pipefail" | "nounset" | "xtrace" | "errtrace" | "posix" | "extglob")
}

/// A heredoc that is the whole of a `RUN`. Its first line may name the interpreter; it is not part of what is linted,
/// since the preamble stands before it.
fn heredoc_script(heredoc: &Heredoc, shell: Option<Start>, system: SystemShell) -> Option<(Mapped, Start)> {
    heredoc.terminator?;
    let content = &heredoc.content;
    let Some(first) = content.text().strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
        return Some((content.clone(), shell?));
    };
    let end = content.text().find('\n').map_or(content.text().len(), |at| at + 1);
    let mut words: Vec<&str> = first.split_whitespace().collect();
    if words.first().is_some_and(|program| program.rsplit('/').next() == Some("env")) {
        words.remove(0);
        if words.first() == Some(&"-S") {
            words.remove(0);
        }
    }
    if words.first().is_some_and(|program| program.ends_with("busybox")) {
        words.remove(0);
    }
    let start = start(&words, system)?;
    Some((content.slice(end..content.text().len()), start))
}

/// A command with the lines of its here-documents after it, as the shell gets them.
fn with_heredocs(command: &Mapped, heredocs: &[Heredoc]) -> Option<Mapped> {
    if heredocs.is_empty() {
        return Some(command.clone());
    }
    let mut builder = MappedBuilder::default();
    let mut span = command.span();
    builder.push_mapped(command);
    for heredoc in heredocs {
        let terminator = heredoc.terminator?;
        if !builder.text().ends_with('\n') {
            builder.push_replaced("\n", Span::at(span.end()));
        }
        builder.push_mapped(&heredoc.content);
        builder.push_replaced(&heredoc.name.value, terminator);
        span = span.cover(terminator);
    }
    Some(builder.finish(span))
}

/// What the script gets from the build, written as a script.
///
/// A variable whose value is known to be one word without patterns gets such a value, since no quotes are needed around
/// it; any other gets a value that shows they are.
fn preamble(plan: &BuildPlan, index: usize, text: &Mapped, start: Start) -> String {
    let mut preamble = String::new();
    if start.errexit {
        preamble.push_str("set -e\n");
    }
    if start.pipefail {
        preamble.push_str("set -o pipefail\n");
    }
    let variables = plan.variables_at(index);
    for name in names(text.text()) {
        let defined = variables.is_declared(name) || variables.origin(name).is_some();
        let value = match variables.get(name) {
            _ if matches!(name, "IFS" | "PATH") => continue,
            Some(value) if value.text().is_some_and(is_one_word) => "1",
            _ if defined || PROXIES.contains(&name) => "'* *'",
            _ => continue,
        };
        preamble.push_str(&format!("export {name}={value}\n"));
    }
    // What ShellCheck is told before the first command holds for the whole script, so it stays before the first.
    let directives: String = if preamble.is_empty() { String::new() } else { directives(text.text()) };
    directives + &preamble
}

/// The lines for ShellCheck at the head of a script.
fn directives(text: &str) -> String {
    let head = text.lines().take_while(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    let is_directive = |line: &&str| line.trim_start_matches(['#', ' ', '\t']).starts_with("shellcheck ");
    head.filter(is_directive).map(|line| format!("{}\n", line.trim())).collect()
}

fn is_one_word(value: &str) -> bool {
    !value.contains(|c: char| c.is_whitespace() || matches!(c, '*' | '?' | '[' | '\\'))
}

/// Everything in a script that may be the name of a variable.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')).collect()
}

/// Whether what follows is part of the value in an `export PATH=/app:$PATH`. The shells of today split it no more than in an
/// assignment by itself; ShellCheck asks for quotes only where it may be any `sh`.
fn is_declared(before: &str) -> bool {
    let command = before.rsplit([';', '&', '|', '(', '{', '\n']).next().unwrap_or_default();
    let mut words = command.split_whitespace();
    let declares = words.next().is_some_and(|word| matches!(word, "export" | "readonly" | "local"));
    let last = command.rsplit(char::is_whitespace).next().unwrap_or_default();
    let name = last.split_once('=').map_or("", |(name, _)| name);
    declares && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl ShellScript {
    /// Why a finding of a code about this part of the text would say nothing here; `None` when it does say something.
    #[must_use]
    pub fn is_moot(&self, code: u16, range: Range<usize>) -> Option<&'static str> {
        let text = self.text.text();
        let (before, part) =
            (text.get(..range.start).unwrap_or_default(), text.get(range).unwrap_or_default());
        let name = part.trim_start_matches(['$', '{', '#', '!', '"']);
        let name = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        let is_upper = !name.contains(|c: char| c.is_ascii_lowercase());
        let may_be_set = || self.at_run_time || base_sets(&self.root, name) != InBase::Unset;
        match code {
            2148 | 1008 => Some("what a RUN holds has no first line that names an interpreter"),
            1090 | 1091 | 1094 => Some("the file that is sourced lies in the image"),
            2086 if is_declared(before) => Some("the shells of today do not split it"),
            2187 => Some("it tells that ash is judged as dash"),
            2153 | 2154 if may_be_set() => Some("the base image, or whoever runs the container, may set it"),
            // Set for the programs that follow, if the base image exports it.
            2034 if is_upper && may_be_set() => Some("the base image may export it"),
            3028 if self.shell == Shell::Ash && name == "RANDOM" => Some("BusyBox sets it"),
            // The names of variables that `sh` does not set itself: `ENV` or the base image may.
            3028 if may_be_set() => Some("the base image, or whoever runs the container, may set it"),
            3000..=3999 if self.shell == Shell::Sh => {
                Some("which `sh` it is, and what that has, is not known")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lint_parser::text::source::SourceFile;

    use super::*;
    use crate::model::build::{BuildRequest, ParsedDockerfile, plan};

    fn scripts(text: &str) -> Vec<ShellScript> {
        let parsed = ParsedDockerfile::parse(SourceFile::new("Dockerfile", text));
        of_plan(&plan(Arc::new(parsed), &BuildRequest::default()))
    }

    fn shells(text: &str) -> Vec<Shell> {
        scripts(text).iter().map(|script| script.shell).collect()
    }

    fn only(text: &str) -> ShellScript {
        let mut scripts = scripts(text);
        assert_eq!(scripts.len(), 1, "{text}");
        scripts.remove(0)
    }

    #[test]
    fn the_shell_is_the_one_that_reads_the_script() {
        use Shell::{Ash, Bash, Dash, Ksh, Sh};
        for (text, expected) in [
            (
                "FROM debian\nRUN a\nFROM alpine\nRUN b\nFROM fedora\nRUN c\nFROM x\nRUN d",
                &[Dash, Ash, Bash, Sh][..],
            ),
            (
                "FROM alpine AS a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN a\nSHELL [\"sh\", \"-c\"]\nRUN b",
                &[Bash, Ash],
            ),
            ("FROM alpine AS a\nSHELL [\"/bin/bash\", \"-c\"]\nFROM a\nRUN a", &[Bash]),
            ("FROM debian\nONBUILD RUN a\nCMD b\nENTRYPOINT c\nHEALTHCHECK CMD d", &[Dash; 4]),
            ("FROM debian\nRUN ln -sf /bin/bash /bin/sh\nRUN a", &[Sh, Sh]),
            (
                "FROM debian\nRUN <<E\n#!/usr/bin/env -S bash -e\na\nE\nRUN <<E\n#!/bin/sh\na\nE",
                &[Bash, Dash],
            ),
            ("FROM debian\nRUN <<E\n#!/bin/ksh\na\nE\nRUN <<E\n#!/bin/busybox sh\na\nE", &[Ksh, Dash]),
            (
                "FROM debian\nRUN [\"/bin/bash\", \"-o\", \"pipefail\", \"-ec\", \"a\"]\nCMD [\"sh\", \"-c\", \"b\"]",
                &[Bash, Dash],
            ),
        ] {
            assert_eq!(shells(text), expected, "{text}");
        }
        for text in [
            "FROM debian\nSHELL [\"pwsh\", \"-c\"]\nRUN a\nSHELL [\"/bin/zsh\", \"-c\"]\nRUN b\nCMD c",
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN a\nSHELL [\"cmd\", \"/S\", \"/C\"]\nRUN b",
            "FROM debian\nRUN <<E\n#!/usr/bin/env python3\nimport os\nE\nRUN <<E\n#!/usr/bin/perl -e\na\nE",
            "FROM debian\nRUN [\"a\", \"-c\", \"b\"]\nRUN [\"bash\", \"script\", \"-c\", \"b\"]\nRUN [\"sh\"]\nRUN [\"sh\", \"-c\"]",
            "FROM debian\nRUN <<E\na",
            "FROM debian\nCMD ['node', 'a']\nRUN [\"npm\", \"ci\",]\nRUN",
            "FROM debian\nCMD [\"node\"]\nHEALTHCHECK NONE\nCOPY <<E /x\n$a\nE",
        ] {
            assert_eq!(shells(text), [], "{text}");
        }
        assert_eq!(shells("FROM debian\nRUN [ -e /x ] && [[ a = b ]]"), [Dash]);
    }

    #[test]
    fn here_documents_stand_in_their_places_and_everything_maps_back() {
        let text = "FROM debian\nRUN cat <<A > f && \\\n  # why\n  3<<-B  id $x\n$y\nA\n\t\tz $z\n\tB\nRUN <<-E\n\tq\n\t\t$w\n\tE\n";
        let scripts = scripts(text);
        let first = &scripts[0].text;
        assert_eq!(first.text(), "cat <<A > f &&   3<<-B  id $x\n$y\nA\nz $z\nB");
        for part in ["$x", "$y", "$z", "A\n", "z $z"] {
            let at = first.text().find(part).unwrap();
            let part = part.trim_end();
            assert_eq!(first.span_of(at..at + part.len()).slice(text), part);
        }
        let second = &scripts[1].text;
        assert_eq!(second.text(), "q\n$w\n");
        assert_eq!(second.span_of(2..4).slice(text), "$w");
        assert_eq!(second.span_of(0..4).slice(text), "q\n\t\t$w");
        let backtick = "# escape=`\nFROM debian\nRUN a `\n  $x\n";
        let script = only(backtick);
        assert_eq!(script.text.text(), "a   $x");
        assert_eq!(script.text.span_of(4..6).slice(backtick), "$x");
    }

    #[test]
    fn the_preamble_tells_what_the_build_sets() {
        let script = only(
            "ARG G=1\nFROM debian\nARG A=1.2\nARG B\nARG G\nENV C=x D=\"a b\" E=$B IFS=x\nENV F=*.c\nSHELL [\"bash\", \"-euo\", \"pipefail\", \"-c\"]\nRUN $A $B ${C} $D $E $F $G $IFS $PATH $H $http_proxy # C",
        );
        let expected = "set -e\nset -o pipefail\nexport A=1\nexport B='* *'\nexport C=1\nexport D='* *'\nexport E='* *'\nexport F='* *'\nexport G=1\nexport http_proxy='* *'\n";
        assert_eq!(script.preamble, expected);
        assert_eq!(only("FROM debian\nENV A=1\nRUN b").preamble, "");
        let script = "FROM debian\nENV A=1\nRUN <<E\n# b\n # shellcheck disable=SC2086\n\n$A\n# shellcheck disable=all\nE";
        assert_eq!(only(script).preamble, "# shellcheck disable=SC2086\nexport A=1\n");
        assert_eq!(only("FROM debian\nRUN <<E\n#!/bin/bash -e\na\nE").preamble, "set -e\n");
        assert_eq!(only("FROM debian\nRUN a $A\nENV A=1").preamble, "");
    }

    #[test]
    fn findings_about_what_nobody_knows_here_are_moot() {
        let moot = |text: &str, code, part: &str| {
            let script = only(text);
            let at = script.text.text().rfind(part).expect("it is there");
            script.is_moot(code, at..at + part.len()).is_some()
        };
        assert!(moot("FROM debian\nRUN a", 2148, "") && moot("FROM debian\nRUN . x", 1091, "x"));
        assert!(!moot("FROM debian\nRUN $a", 2154, "$a") && moot("FROM x/y\nRUN ${a:-b}", 2154, "${a:-b}"));
        assert!(moot("FROM debian\nCMD $a", 2154, "$a"));
        assert!(
            !moot("FROM debian\nRUN local a", 3043, "local") && moot("FROM x/y\nRUN local a", 3043, "local")
        );
        assert!(moot("FROM x/y\nRUN A_B=c", 2034, "A_B") && !moot("FROM x/y\nRUN a_b=c", 2034, "a_b"));
        assert!(!moot("FROM debian\nRUN A_B=c", 2034, "A_B"));
        assert!(moot("FROM alpine\nRUN $RANDOM", 3028, "$RANDOM"));
        assert!(!moot("FROM debian\nRUN $RANDOM", 3028, "$RANDOM"));
        let quoted = |text: &str| moot(&format!("FROM debian\nRUN {text}"), 2086, "$a");
        assert!(quoted("b && export A=1 P=/x:$a") && quoted("readonly a_1=$a"));
        for text in [
            "$a",
            "make A=$a",
            "export A=1; make B=$a",
            "export $a",
            "export -p=$a",
            "export A $a",
            "export A=b $a",
        ] {
            assert!(!quoted(text), "{text}");
        }
    }
}
