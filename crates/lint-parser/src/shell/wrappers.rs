//! Commands that run another command: `sudo`, `env`, `exec`, `timeout`, `sh -c`, `gosu`.
//!
//! What a rule looks for may be the innermost (`apt-get`) or a wrapper itself (`sudo`), so all of them are
//! offered, the outermost first. Option letters are those of the programs' manuals (util-linux, coreutils,
//! findutils, sudo 1.9, gosu, su-exec, tini, dumb-init, BusyBox).

use std::sync::{Arc, OnceLock};

use crate::shell;
use crate::shell::ast::Script;
use crate::shell::word::{Word, Words};
use crate::text::mapped::Mapped;

/// A command, or a command that another one runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Invocation {
    /// The command word and its arguments; never empty.
    pub words: Words,
    /// The user it runs as, when a wrapper around it changes that.
    pub user: Option<User>,
    /// The name of the wrapper that runs it; `None` for the outermost.
    pub wrapper: Option<&'static str>,
    /// See [`Invocation::name`].
    name: Option<Box<str>>,
    /// See [`Invocation::script`].
    script: OnceLock<Option<Arc<Script>>>,
}

/// The user a wrapper switches to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum User {
    /// The one that is written, with its group if there is one: `app:app`.
    Named(Mapped),
    /// One known only at run time.
    Dynamic(Word),
    /// None is written, which means root: `sudo`, `doas`, `su`.
    Root,
}

/// How a wrapper's words lead to the command it runs.
#[derive(Debug)]
struct Wrapper {
    name: &'static str,
    /// Option letters that take a value, attached or as the next word.
    short_values: &'static str,
    /// Long options that take a value as the next word when it does not follow `=`.
    long_values: &'static [&'static str],
    /// How many words before the command are the wrapper's own: the duration of `timeout`, the user of `gosu`.
    operands: usize,
    /// Whether `NAME=value` may stand before the command.
    assignments: bool,
    /// Whether the first of those operands is the user the command runs as.
    user_operand: bool,
    /// Options whose value is the user the command runs as.
    user_options: &'static [&'static str],
    /// Whether the command runs as root when no option names a user.
    root: bool,
}

const PLAIN: Wrapper = Wrapper {
    name: "",
    short_values: "",
    long_values: &[],
    operands: 0,
    assignments: false,
    user_operand: false,
    user_options: &[],
    root: false,
};

static WRAPPERS: [Wrapper; 28] = [
    Wrapper {
        name: "sudo",
        short_values: "CDRTUghprtu",
        long_values: &[
            "--chdir",
            "--chroot",
            "--close-from",
            "--command-timeout",
            "--group",
            "--host",
            "--other-user",
            "--prompt",
            "--role",
            "--type",
            "--user",
        ],
        assignments: true,
        user_options: &["-u", "--user"],
        root: true,
        ..PLAIN
    },
    Wrapper { name: "doas", short_values: "Cu", user_options: &["-u"], root: true, ..PLAIN },
    Wrapper { name: "gosu", operands: 1, user_operand: true, ..PLAIN },
    Wrapper { name: "su-exec", operands: 1, user_operand: true, ..PLAIN },
    Wrapper { name: "setpriv", long_values: SETPRIV, user_options: &["--reuid", "--ruid"], ..PLAIN },
    Wrapper { name: "chpst", short_values: "/Ubcdefmnorstu", user_options: &["-u"], ..PLAIN },
    Wrapper { name: "s6-setuidgid", operands: 1, user_operand: true, ..PLAIN },
    Wrapper {
        name: "env",
        short_values: "CSau",
        long_values: &["--argv0", "--chdir", "--split-string", "--unset"],
        assignments: true,
        ..PLAIN
    },
    Wrapper { name: "exec", short_values: "a", ..PLAIN },
    Wrapper { name: "command", ..PLAIN },
    Wrapper { name: "builtin", ..PLAIN },
    Wrapper { name: "nohup", ..PLAIN },
    Wrapper { name: "setsid", ..PLAIN },
    Wrapper { name: "time", short_values: "fo", long_values: &["--format", "--output"], ..PLAIN },
    Wrapper { name: "nice", short_values: "n", long_values: &["--adjustment"], ..PLAIN },
    Wrapper { name: "ionice", short_values: "cn", long_values: &["--class", "--classdata"], ..PLAIN },
    Wrapper { name: "chrt", operands: 1, ..PLAIN },
    Wrapper { name: "taskset", operands: 1, ..PLAIN },
    Wrapper {
        name: "timeout",
        short_values: "ks",
        long_values: &["--kill-after", "--signal"],
        operands: 1,
        ..PLAIN
    },
    Wrapper {
        name: "stdbuf",
        short_values: "eio",
        long_values: &["--error", "--input", "--output"],
        ..PLAIN
    },
    Wrapper { name: "unbuffer", ..PLAIN },
    Wrapper { name: "eatmydata", ..PLAIN },
    Wrapper { name: "fakeroot", short_values: "bils", ..PLAIN },
    Wrapper { name: "tini", short_values: "ep", ..PLAIN },
    Wrapper { name: "dumb-init", short_values: "r", long_values: &["--rewrite"], ..PLAIN },
    Wrapper {
        name: "xargs",
        short_values: "EILPadns",
        long_values: &[
            "--arg-file",
            "--delimiter",
            "--max-args",
            "--max-chars",
            "--max-lines",
            "--max-procs",
        ],
        ..PLAIN
    },
    Wrapper {
        name: "chroot",
        long_values: &["--groups", "--userspec"],
        operands: 1,
        user_options: &["--userspec"],
        ..PLAIN
    },
    Wrapper { name: "busybox", ..PLAIN },
];

const SETPRIV: &[&str] = &[
    "--apparmor-profile",
    "--bounding-set",
    "--egid",
    "--euid",
    "--groups",
    "--inh-caps",
    "--ambient-caps",
    "--pdeathsig",
    "--regid",
    "--reuid",
    "--rgid",
    "--ruid",
    "--securebits",
    "--selinux-label",
];

/// Programs that read commands from the value of `-c`.
const SHELLS: [&str; 7] = ["ash", "bash", "dash", "ksh", "mksh", "sh", "zsh"];

/// How many commands one command line may run through wrappers; people write three.
const MAX_CHAIN: usize = 32;

/// The command these words are, then what its wrappers run. The words may be those of an exec form:
/// [`Word::of_literal`]. A chain of more than 32 wrappers is not followed further.
pub(super) fn invocations(words: Words) -> Box<[Invocation]> {
    let mut invocations = Vec::new();
    let mut waiting = vec![Invocation::new(words, None, None)];
    while let Some(current) = waiting.pop() {
        if current.words.is_empty() {
            continue;
        }
        if invocations.len() < MAX_CHAIN {
            waiting.extend(current.runs());
            if current.name() == Some("find") {
                waiting.extend(current.executed_by_find());
            }
        }
        invocations.push(current);
    }
    invocations.into()
}

impl Invocation {
    fn new(words: Words, user: Option<User>, wrapper: Option<&'static str>) -> Self {
        let name = words.first().and_then(Word::command_name).map(Into::into);
        Self { words, user, wrapper, name, script: OnceLock::new() }
    }

    /// The name of the program; see [`SimpleCommand::name`].
    ///
    /// [`SimpleCommand::name`]: crate::shell::ast::SimpleCommand::name
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The words after the command word.
    #[must_use]
    pub fn args(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The commands in the value of `-c` of a shell or of `su`, and in the word of an `eval`: quotes taken off, expansions as written.
    /// `None` when nothing of it is known before run time.
    #[must_use]
    pub fn script_text(&self) -> Option<Mapped> {
        let name = self.name()?;
        let word = if SHELLS.contains(&name) {
            self.shell_script()?
        } else if matches!(name, "su" | "runuser") {
            let at = self.args().iter().position(|arg| {
                arg.literal_text().is_some_and(|text| text == "--command" || is_short(&text, 'c'))
            })?;
            self.args().get(at + 1)?
        } else if name == "eval" {
            // Several words are joined before they are read; only one is a text of this script.
            let [word] = self.args() else { return None };
            word
        } else {
            return None;
        };
        (!word.is_dynamic()).then(|| word.as_script())
    }

    /// `sh -c commands`, `bash -euxo pipefail -c commands`, `bash -c -- commands`
    fn shell_script(&self) -> Option<&Word> {
        let mut command = false;
        let mut value = false;
        for arg in self.args() {
            if std::mem::take(&mut value) {
                continue;
            }
            let option = arg.literal_text().filter(|text| text.starts_with(['-', '+']));
            match option.as_deref() {
                None => return command.then_some(arg),
                Some(option) => {
                    command |= is_short(option, 'c');
                    value = option.ends_with('o') && !option.starts_with("--");
                }
            }
        }
        None
    }

    /// [`Invocation::script_text`] as a tree whose spans lie in the same source. Read when somebody first asks.
    #[must_use]
    pub fn script(&self) -> Option<&Arc<Script>> {
        // What it leaves for the end is kept in the same place.
        if self.name() == Some("trap") {
            return None;
        }
        let read = || self.script_text().map(|text| Arc::new(shell::parse(&text).tree));
        self.script.get_or_init(read).as_ref()
    }

    /// What a `trap … EXIT` leaves for the end, as a tree. Read when somebody first asks.
    #[must_use]
    pub fn trapped(&self) -> Option<&Arc<Script>> {
        if self.name() != Some("trap") {
            return None;
        }
        let args = self.args();
        let args = if args.first().is_some_and(|arg| arg.is("--")) { args.get(1..)? } else { args };
        let (script, signals) = args.split_first()?;
        let is_left = !script.is("-") && signals.iter().any(|signal| signal.is("EXIT") || signal.is("0"));
        let read = || is_left.then(|| Arc::new(shell::parse(&script.as_script()).tree));
        self.script.get_or_init(read).as_ref()
    }

    /// The user a `su` or `runuser` names, which run a login shell or the commands of [`Invocation::script`].
    #[must_use]
    pub fn login_user(&self) -> Option<User> {
        if !matches!(self.name()?, "su" | "runuser") {
            return None;
        }
        let mut value = false;
        for arg in self.args() {
            if std::mem::take(&mut value) {
                continue;
            }
            match arg.literal_text().as_deref() {
                Some("-") => {}
                Some(option) if option.starts_with('-') => {
                    let long = ["--command", "--shell", "--group", "--supp-group", "--session-command"];
                    let short = !option.starts_with("--") && option.ends_with(['c', 's', 'g', 'G', 'w']);
                    value = short || long.contains(&option);
                }
                _ => return Some(user(arg, 0)),
            }
        }
        Some(User::Root)
    }

    /// What the words run, when they are a wrapper and what follows.
    fn runs(&self) -> Option<Invocation> {
        let name = self.name()?;
        let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == name)?;
        let args = self.args();
        let mut runs_as = if wrapper.root { Some(User::Root) } else { self.user.clone() };
        let mut at = 0;
        let mut operands = wrapper.operands;
        let mut options = true;
        while let Some(arg) = args.get(at) {
            let text = arg.literal_text();
            match text.as_deref() {
                Some("--") if options => options = false,
                // `command -v name` asks where it is and runs nothing.
                Some("-v" | "-V") if options && wrapper.name == "command" => return None,
                Some(option) if options && option.len() > 1 && option.starts_with('-') => {
                    let (name, value) = wrapper.take_apart(option);
                    let names_user = wrapper.user_options.contains(&name.as_str());
                    match value {
                        Some(Value::Attached(from)) if names_user => runs_as = Some(user(arg, from)),
                        Some(Value::Next) => {
                            at += 1;
                            if let Some(next) = args.get(at).filter(|_| names_user) {
                                runs_as = Some(user(next, 0));
                            }
                        }
                        _ => {}
                    }
                }
                _ if operands > 0 => {
                    if wrapper.user_operand && operands == wrapper.operands {
                        runs_as = Some(user(arg, 0));
                    }
                    operands -= 1;
                    options = false;
                }
                _ if wrapper.assignments && arg.text.text().contains('=') => options = false,
                _ => {
                    let words = self.words.slice(at + 1..self.words.len());
                    return Some(Invocation::new(words, runs_as, Some(wrapper.name)));
                }
            }
            at += 1;
        }
        None
    }

    /// What `-exec` and its kin run, without the `;` or `+` at the end.
    fn executed_by_find(&self) -> Vec<Invocation> {
        let args = self.args();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(arg) = args.get(at) {
            at += 1;
            if !["-exec", "-execdir", "-ok", "-okdir"].iter().any(|action| arg.is(action)) {
                continue;
            }
            let rest = args.get(at..).unwrap_or_default();
            let len = rest.iter().position(|word| word.is(";") || word.is("+")).unwrap_or(rest.len());
            let words = self.words.slice(at + 1..at + 1 + len);
            found.push(Invocation::new(words, self.user.clone(), Some("find")));
            at += len;
        }
        // They wait on a stack.
        found.reverse();
        found
    }
}

/// The user written in a word behind its first `from` bytes.
fn user(word: &Word, from: usize) -> User {
    match word.literal() {
        Some(literal) => User::Named(literal.slice(from..literal.text().len())),
        None => User::Dynamic(word.clone()),
    }
}

/// Where the value of an option is.
enum Value {
    /// In the same word, from this byte of its literal on.
    Attached(usize),
    /// The next word.
    Next,
}

impl Wrapper {
    /// The name of an option with its dashes, and where its value is; `-Eu app` and `-uapp` are both `-u`.
    fn take_apart(&self, option: &str) -> (String, Option<Value>) {
        if option.starts_with("--") {
            return match option.split_once('=') {
                Some((name, _)) => (name.to_owned(), Some(Value::Attached(name.len() + 1))),
                None => (option.to_owned(), self.long_values.contains(&option).then_some(Value::Next)),
            };
        }
        // The first letter that takes a value ends the letters.
        let letters = option.get(1..).unwrap_or_default();
        let Some(at) = letters.find(|letter| self.short_values.contains(letter)) else {
            return (option.to_owned(), None);
        };
        let letter = letters.get(at..=at).unwrap_or_default();
        let after = at + 2;
        (format!("-{letter}"), Some(if after < option.len() { Value::Attached(after) } else { Value::Next }))
    }
}

/// Whether `option` is a group of short options with this one in it.
fn is_short(option: &str, letter: char) -> bool {
    option.len() > 1 && option.starts_with('-') && !option.starts_with("--") && option.contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of an exec form.
    fn words(words: &[&str]) -> Vec<Word> {
        let mut at = 0;
        let word = |text: &&str| {
            let word = Word::of_literal(Mapped::verbatim(text, at));
            at += text.len() + 1;
            word
        };
        words.iter().map(word).collect()
    }

    #[test]
    fn exec_forms_are_followed_like_shell_forms() {
        let words = words(&["/sbin/tini", "--", "sudo", "-Eu", "app", "/bin/sh", "-ec", "exec node a.js"]);
        let found = invocations(words.into());
        let names: Vec<_> = found.iter().filter_map(Invocation::name).collect();
        assert_eq!(names, ["tini", "sudo", "sh"]);
        assert!(matches!(&found[2].user, Some(User::Named(name)) if name.text() == "app"));
        let script = found[2].script().expect("commands");
        let inner = script.simple_commands()[0].command.invocations().last().and_then(Invocation::name);
        assert_eq!(inner, Some("node"));
    }

    #[test]
    fn shells_read_commands_from_the_value_of_c_alone() {
        let read = |line: &[&str]| {
            let words = words(line);
            invocations(words.into())[0].script_text().map(|text| text.text().to_owned())
        };
        assert_eq!(read(&["sh", "-c", "a"]).as_deref(), Some("a"));
        assert_eq!(read(&["bash", "-o", "pipefail", "-c", "--", "a", "b"]).as_deref(), Some("a"));
        assert_eq!(read(&["bash", "-euxo", "pipefail", "-c", "a"]).as_deref(), Some("a"));
        assert_eq!(read(&["bash", "-lc", "a"]).as_deref(), Some("a"));
        assert_eq!(read(&["sh", "script.sh", "-c", "a"]), None);
        assert_eq!(read(&["sh", "-c"]), None);
        assert_eq!(read(&["su", "app", "-c", "a"]).as_deref(), Some("a"));
        assert_eq!(read(&["python", "-c", "a"]), None);
        assert_eq!(read(&["eval", "a b"]).as_deref(), Some("a b"));
        assert_eq!(read(&["eval", "a", "b"]), None);
    }

    #[test]
    fn users_do_not_get_lost() {
        let user = |line: &[&str]| {
            let words = words(line);
            match invocations(words.into()).last().and_then(|last| last.user.clone()) {
                Some(User::Named(name)) => name.text().to_owned(),
                Some(User::Root) => "(root)".to_owned(),
                Some(User::Dynamic(_)) => "(dynamic)".to_owned(),
                None => "(same)".to_owned(),
            }
        };
        assert_eq!(user(&["gosu", "app:app", "nice", "id"]), "app:app");
        assert_eq!(user(&["sudo", "-n", "id"]), "(root)");
        assert_eq!(user(&["sudo", "-g", "adm", "--user", "web", "id"]), "web");
        assert_eq!(user(&["chroot", "--userspec=1:2", "/mnt", "id"]), "1:2");
        assert_eq!(user(&["gosu", "app", "sudo", "id"]), "(root)");
        assert_eq!(user(&["timeout", "5", "id"]), "(same)");
    }

    #[test]
    fn long_chains_are_cut() {
        assert_eq!(invocations(words(&["sudo"; 100]).into()).len(), MAX_CHAIN + 1);
    }
}
