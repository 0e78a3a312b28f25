//! ShellCheck as a program of its own.
//!
//! It is run only when the command line names it; no configuration can, since that comes with the repository. Starting it
//! takes as long as judging half a dozen scripts, so each run of it is given many.

use std::collections::HashMap;
use std::fs::{self, DirBuilder};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lint_core::report::concise::printable;
use lint_core::shell::{Script, ScriptFinding, ScriptLinter, Shell};

use crate::shell_lint::json1::{self, Lines};
use crate::shell_lint::process;

/// How many scripts one process is given.
const BATCH: usize = 200;
/// How long a process may take, and how much longer for each script.
const PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE_FOR_EACH: Duration = Duration::from_secs(1);

type Known = HashMap<(Shell, String), Vec<ScriptFinding>>;

/// The program.
#[derive(Debug)]
pub(super) struct ShellCheck {
    path: PathBuf,
    /// As it was given, for messages.
    shown: String,
    /// BusyBox's shell is a dialect of its own since version 0.10.
    has_busybox: bool,
    /// What was found in scripts that have been judged: `--fix` lints the same ones again and again.
    known: Mutex<Known>,
}

impl ShellCheck {
    /// Asks the program whether it is ShellCheck.
    ///
    /// # Errors
    /// When it cannot be run or is something else.
    pub(super) fn new(given: &Path) -> Result<Self, String> {
        let shown = printable(&given.display().to_string());
        let fail = |why: &str| Err(format!("--shellcheck: {shown} {why}"));
        // It runs in a directory of ours. A bare name is looked for in PATH, never in the working directory.
        let path = match given.components().count() {
            1 if !given.is_absolute() => given.to_path_buf(),
            _ => match given.canonicalize() {
                Ok(path) => path,
                Err(error) => return fail(&format!("cannot be run: {error}")),
            },
        };
        let ended = match process::run(command(&path).arg("--version"), PATIENCE) {
            Ok(ended) => ended,
            Err(error) => return fail(&error),
        };
        let said = String::from_utf8_lossy(&ended.stdout);
        let version = said.lines().find_map(|line| line.strip_prefix("version: "));
        match version {
            Some(version) if ended.code == Some(0) && said.contains("ShellCheck") => {
                let has_busybox = has_busybox(version);
                Ok(Self { path, shown, has_busybox, known: Mutex::default() })
            }
            _ => fail("is not ShellCheck: it does not say so when asked for its --version"),
        }
    }

    /// Judges scripts of one dialect.
    fn judge(&self, shell: Shell, scripts: &[&str]) -> Result<Vec<Vec<ScriptFinding>>, String> {
        let directory =
            Directory::new().map_err(|error| format!("cannot make a temporary directory: {error}"))?;
        let mut command = command(&self.path);
        command.current_dir(&directory.0).args(["--norc", "-f", "json1", "-s", self.dialect(shell), "--"]);
        for (index, script) in scripts.iter().enumerate() {
            let name = index.to_string();
            fs::write(directory.0.join(&name), script)
                .map_err(|error| format!("cannot write to {}: {error}", directory.0.display()))?;
            command.arg(name);
        }
        let patience = PATIENCE + PATIENCE_FOR_EACH * u32::try_from(scripts.len()).unwrap_or(u32::MAX);
        let fail = |why: &str| format!("--shellcheck: {} {why}", self.shown);
        let ended = process::run(&mut command, patience).map_err(|error| fail(&error))?;
        // 1 is that it found something.
        if !matches!(ended.code, Some(0 | 1)) {
            let said = String::from_utf8_lossy(&ended.stderr);
            let said = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("without a word");
            let code = ended.code.map_or("a signal".to_owned(), |code| format!("exit code {code}"));
            return Err(fail(&format!("failed with {code}: {}", printable(said))));
        }
        let garbage = || fail("answered with something else than its format json1");
        let comments = json1::read(&ended.stdout).ok_or_else(garbage)?;
        let lines: Vec<Lines<'_>> = scripts.iter().map(|script| Lines::of(script)).collect();
        let mut found: Vec<Vec<ScriptFinding>> = vec![Vec::new(); scripts.len()];
        for comment in comments {
            let index: usize = comment.file.parse().map_err(|_| garbage())?;
            let (Some(lines), Some(found)) = (lines.get(index), found.get_mut(index)) else {
                return Err(garbage());
            };
            let finding = comment.into_finding(lines);
            if shell != Shell::Ash || self.has_busybox || !is_about_portability(finding.code) {
                found.push(finding);
            }
        }
        Ok(found)
    }

    fn dialect(&self, shell: Shell) -> &'static str {
        match shell {
            Shell::Sh => "sh",
            Shell::Ash if self.has_busybox => "busybox",
            Shell::Dash | Shell::Ash => "dash",
            Shell::Bash => "bash",
            Shell::Ksh => "ksh",
        }
    }

    fn recall(&self, script: &Script<'_>) -> Option<Vec<ScriptFinding>> {
        let known = self.known.lock().ok()?;
        known.get(&(script.shell, script.text.to_owned())).cloned()
    }
}

impl ScriptLinter for ShellCheck {
    fn lint(&self, scripts: &[Script<'_>]) -> Vec<Result<Vec<ScriptFinding>, String>> {
        let mut answers: Vec<Option<Result<Vec<ScriptFinding>, String>>> =
            scripts.iter().map(|script| self.recall(script).map(Ok)).collect();
        // Each text once, by dialect, with the scripts it is the text of.
        let mut open: HashMap<Shell, Vec<(&str, Vec<usize>)>> = HashMap::new();
        let mut places: HashMap<(Shell, &str), usize> = HashMap::new();
        for (index, script) in scripts.iter().enumerate().filter(|(index, _)| answers[*index].is_none()) {
            let texts = open.entry(script.shell).or_default();
            let place = *places.entry((script.shell, script.text)).or_insert(texts.len());
            match texts.get_mut(place) {
                Some((_, indices)) => indices.push(index),
                None => texts.push((script.text, vec![index])),
            }
        }
        for (shell, texts) in open {
            for batch in texts.chunks(BATCH) {
                let scripts: Vec<&str> = batch.iter().map(|(text, _)| *text).collect();
                let judged = self.judge(shell, &scripts);
                for (place, (text, indices)) in batch.iter().enumerate() {
                    let answer = match &judged {
                        Ok(found) => Ok(found.get(place).cloned().unwrap_or_default()),
                        Err(error) => Err(error.clone()),
                    };
                    if let (Ok(found), Ok(mut known)) = (&answer, self.known.lock()) {
                        known.insert((shell, (*text).to_owned()), found.clone());
                    }
                    for &index in indices {
                        if let Some(slot) = answers.get_mut(index) {
                            *slot = Some(answer.clone());
                        }
                    }
                }
            }
        }
        let none = || Err(format!("--shellcheck: {} gave no answer", self.shown));
        answers.into_iter().map(|answer| answer.unwrap_or_else(none)).collect()
    }

    /// Which codes a version has is not told.
    fn knows(&self, _: u16) -> bool {
        true
    }
}

fn command(path: &Path) -> Command {
    let mut command = Command::new(path);
    // The same files give the same findings, whatever the environment says. Characters are UTF-8 to it in this locale.
    command.env_remove("SHELLCHECK_OPTS").env("LC_ALL", "C.UTF-8");
    command
}

fn has_busybox(version: &str) -> bool {
    let mut numbers = version.trim().split('.').map(|part| part.parse().unwrap_or(0_u32));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (0, 10)
}

fn is_about_portability(code: u16) -> bool {
    (3000..4000).contains(&code)
}

/// A directory that nobody else can read; gone when dropped.
struct Directory(PathBuf);

impl Directory {
    fn new() -> std::io::Result<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.subsec_nanos());
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let mut tries = 0;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("plimsoll-{}-{time:x}-{number}", std::process::id());
            let path = std::env::temp_dir().join(name);
            // Making it fails when anything has the name already, a link somebody laid there included.
            match builder.create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && tries < 100 => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // What is left behind is a handful of scripts that stand in the linted files anyway.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_tell_which_dialects_there_are() {
        assert!(has_busybox("0.10.0") && has_busybox("0.11.0") && has_busybox("1.0"));
        assert!(!has_busybox("0.9.0") && !has_busybox("nonsense"));
    }

    #[test]
    fn a_directory_goes_when_it_is_done_with() {
        let directory = Directory::new().unwrap();
        let (path, other) = (directory.0.clone(), Directory::new().unwrap());
        assert!(path.is_dir() && path != other.0);
        drop(directory);
        assert!(!path.exists());
    }
}
