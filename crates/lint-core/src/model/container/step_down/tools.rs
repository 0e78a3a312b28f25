//! The programs that change the user and run another, and the wrappers around them.

use std::borrow::Cow;

use lint_parser::shell::word::Word;
use lint_parser::text::mapped::Mapped;

use crate::files;
use crate::model::values::shell_words::evaluate;
use crate::model::values::variables::Variables;

/// What a command comes down to once its wrappers are taken off.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    /// Nothing.
    None,
    /// A tool that changes the user.
    Drops(User),
    /// The value of a shell's `-c`.
    Script(Mapped),
    /// s6-overlay, runit and the like, whose services may each run as somebody else.
    Init,
    /// Any other program, by its path as written, and its arguments.
    Program(String, &'a [Word]),
}

/// The user a tool changes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum User {
    Known(String),
    /// As written.
    AtRunTime(String),
}

/// Init systems and commands that run another under the same user: name, and the options that take the next word.
const WRAPPERS: &[(&str, &[&str])] = &[
    ("tini", &["-p", "-e"]),
    ("tini-static", &["-p", "-e"]),
    ("docker-init", &["-p", "-e"]),
    ("catatonit", &[]),
    ("dumb-init", &["-r", "--rewrite"]),
    ("env", &["-u", "-C", "-S", "--unset", "--chdir"]),
    ("exec", &["-a"]),
    ("command", &[]),
    ("nice", &["-n", "--adjustment"]),
    ("ionice", &["-c", "-n", "--class", "--classdata"]),
    ("nohup", &[]),
    ("setsid", &[]),
    ("stdbuf", &["-i", "-o", "-e"]),
    ("time", &["-f", "-o"]),
    ("timeout", &["-k", "-s", "--kill-after", "--signal"]),
    ("busybox", &[]),
    ("s6-env", &[]),
    ("with-contenv", &[]),
];

/// Programs that start services, each of which may run as somebody else.
const SUPERVISORS: [&str; 8] =
    ["s6-svscan", "s6-overlay-init", "runsvdir", "runsvdir-start", "runit", "runit-init", "my_init", "dinit"];

/// How often a wrapper may stand in another.
const MOST_WRAPPERS: usize = 64;

/// Takes the wrappers off a command.
pub(super) fn read<'a>(words: &'a [Word], variables: &Variables) -> Command<'a> {
    let mut words = words;
    for _ in 0..MOST_WRAPPERS {
        let Some((first, rest)) = words.split_first() else { return Command::None };
        let Some(path) = evaluate(first, variables) else { return Command::None };
        let name = files::file_name(&path);
        if let Some(dropped) = drops(name, rest, variables) {
            return dropped.map_or(Command::None, Command::Drops);
        }
        if let Some((_, values)) = WRAPPERS.iter().find(|(wrapper, _)| *wrapper == name) {
            let own = usize::from(name == "timeout");
            words = operands(rest, values, own, name == "env");
            continue;
        }
        if is_shell(name) {
            match shell_operand(rest) {
                Some(Operand::Script(text)) => return Command::Script(text),
                Some(Operand::File(from)) => {
                    words = rest.get(from..).unwrap_or_default();
                    let file = words.first().and_then(|word| evaluate(word, variables));
                    let arguments = words.get(1..).unwrap_or_default();
                    return file.map_or(Command::None, |path| Command::Program(path, arguments));
                }
                None => return Command::Program(path, rest),
            }
        }
        if path == "/init" || SUPERVISORS.contains(&name) {
            return Command::Init;
        }
        return Command::Program(path, rest);
    }
    Command::None
}

fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "ash" | "bash" | "dash" | "ksh" | "zsh")
}

enum Operand {
    Script(Mapped),
    /// Index of the word that names the script's file.
    File(usize),
}

/// What a shell reads: the word after its options, as text under `-c`.
fn shell_operand(words: &[Word]) -> Option<Operand> {
    let mut command = false;
    let mut value = false;
    for (at, word) in words.iter().enumerate() {
        let text = word.literal_text().unwrap_or(Cow::Borrowed(""));
        if std::mem::take(&mut value) {
            continue;
        }
        if text.len() > 1 && text.starts_with(['-', '+']) {
            command |= text.starts_with('-') && !text.starts_with("--") && text.contains('c');
            value = !text.starts_with("--") && text.ends_with(['o', 'O']);
            continue;
        }
        return if command { word.literal().map(Operand::Script) } else { Some(Operand::File(at)) };
    }
    None
}

/// The words after a wrapper's options and the `own` operands it keeps.
fn operands<'a>(words: &'a [Word], values: &[&str], own: usize, assignments: bool) -> &'a [Word] {
    let mut at = 0;
    let mut own = own;
    while let Some(word) = words.get(at) {
        let text = word.literal_text().unwrap_or(Cow::Borrowed(""));
        if text == "--" {
            at += 1;
            break;
        }
        if text.len() > 1 && text.starts_with('-') {
            at += 1 + usize::from(values.contains(&&*text));
        } else if own > 0 {
            own -= 1;
            at += 1;
        } else if assignments && word.text.text().contains('=') {
            at += 1;
        } else {
            break;
        }
    }
    let rest = words.get(at..).unwrap_or_default();
    // `timeout -- 5 program`
    rest.get(own..).unwrap_or_default()
}

/// The user a tool changes to: `None` when it is no such tool, `Some(None)` when it changes to nobody.
fn drops(name: &str, words: &[Word], variables: &Variables) -> Option<Option<User>> {
    let user = match name {
        "gosu" | "su-exec" | "s6-setuidgid" | "setuidgid" | "setuser" | "clickhouse-su" => {
            first_operand(words, &[])
        }
        // One program of many names.
        "clickhouse" if words.first().is_some_and(|word| word.is("su")) => {
            first_operand(words.get(1..).unwrap_or_default(), &[])
        }
        "uwsgi" => option(words, &["--uid"], &["--gid", "--ini", "--http", "--socket"]),
        "chpst" => option(
            words,
            &["-u"],
            &["-U", "-b", "-d", "-f", "-m", "-n", "-o", "-p", "-r", "-t", "-c", "-e", "-/"],
        )
        .map(|user| trimmed(user, ':')),
        "s6-applyuidgid" => option(words, &["-u"], &["-g", "-G"]),
        "setpriv" => {
            option(words, &["--reuid", "--euid"], &["--regid", "--ruid", "--rgid", "--egid", "--groups"])
        }
        "runuser" => option(words, &["-u", "--user"], &["-g", "-G", "-s", "--group", "--shell"])
            .or_else(|| first_operand(words, SU_VALUES)),
        "su" => first_operand(words, SU_VALUES),
        "sudo" => option_or_letter(
            words,
            &["-u", "--user"],
            &["-g", "-h", "-p", "-C", "-D", "-R", "-r", "-t", "-T", "-U"],
        ),
        "doas" => option(words, &["-u"], &["-C"]),
        "chroot" => option(words, &["--userspec"], &["--groups"]),
        "capsh" => option(words, &["--user", "--uid"], &[]),
        "start-stop-daemon" => option(
            words,
            &["-c", "--chuid", "-u", "--user"],
            &[
                "-p",
                "-x",
                "-a",
                "-n",
                "-s",
                "-g",
                "-N",
                "-d",
                "-r",
                "--pidfile",
                "--exec",
                "--startas",
                "--name",
            ],
        ),
        _ => return None,
    };
    Some(user.map(|user| match user {
        Written::Word(word) => named(word, 0, variables),
        Written::After(word, prefix) => named(word, prefix, variables),
        Written::Trimmed(word, prefix, c) => match named(word, prefix, variables) {
            User::Known(name) => User::Known(name.trim_start_matches(c).to_owned()),
            user => user,
        },
    }))
}

const SU_VALUES: &[&str] =
    &["-c", "-s", "-g", "-G", "-w", "--command", "--shell", "--group", "--supp-group", "--session-command"];

/// Where a tool's user is written.
#[derive(Clone, Copy)]
enum Written<'a> {
    Word(&'a Word),
    /// After this many bytes of the word: `--reuid=app`.
    After(&'a Word, usize),
    /// Without a leading character: `chpst -u :1000`.
    Trimmed(&'a Word, usize, char),
}

fn trimmed(user: Written<'_>, c: char) -> Written<'_> {
    match user {
        Written::Word(word) => Written::Trimmed(word, 0, c),
        Written::After(word, prefix) => Written::Trimmed(word, prefix, c),
        trimmed @ Written::Trimmed(..) => trimmed,
    }
}

fn named(word: &Word, prefix: usize, variables: &Variables) -> User {
    match evaluate(word, variables) {
        Some(text) => User::Known(text.get(prefix..).unwrap_or_default().to_owned()),
        None => User::AtRunTime(word.text.text().to_owned()),
    }
}

/// The first word that is no option; `values` are the options that take the next word.
fn first_operand<'a>(words: &'a [Word], values: &[&str]) -> Option<Written<'a>> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.literal_text() {
            Some(text) if text == "-" || text == "--" => {}
            Some(text) if text.starts_with('-') => {
                if values.contains(&&*text) {
                    words.next();
                }
            }
            _ => return Some(Written::Word(word)),
        }
    }
    None
}

/// The same where single letters may be joined, the last of them taking the next word: `sudo -nEu app`.
fn option_or_letter<'a>(words: &'a [Word], names: &[&str], values: &[&str]) -> Option<Written<'a>> {
    let joined = |text: &str| {
        let letters = text.strip_prefix('-').filter(|letters| letters.len() > 1)?;
        let (others, last) = letters.split_at_checked(letters.len() - 1)?;
        let plain = others.bytes().all(|letter| {
            letter.is_ascii_alphabetic() && !values.iter().any(|value| value.as_bytes() == [b'-', letter])
        });
        (plain && names.contains(&format!("-{last}").as_str())).then_some(())
    };
    option(words, names, values).or_else(|| {
        let at = words.iter().position(|word| {
            let text = word.literal_text().unwrap_or_default();
            !text.starts_with('-') || joined(&text).is_some()
        })?;
        joined(&words.get(at)?.literal_text()?)?;
        words.get(at + 1).map(Written::Word)
    })
}

/// The value of an option, attached or the next word, among the options before the first operand.
fn option<'a>(words: &'a [Word], names: &[&str], values: &[&str]) -> Option<Written<'a>> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.static_prefix();
        if !text.starts_with('-') || text == "--" {
            return None;
        }
        if names.contains(&&*text) && word.literal_text().is_some() {
            return words.next().map(Written::Word);
        }
        for name in names {
            let attached = match text.strip_prefix(name) {
                Some(rest) if name.starts_with("--") => rest.starts_with('=').then_some(name.len() + 1),
                Some(_) => Some(name.len()),
                None => None,
            };
            if let Some(prefix) = attached {
                return Some(Written::After(word, prefix));
            }
        }
        if values.contains(&&*text) {
            words.next();
        }
    }
    None
}
