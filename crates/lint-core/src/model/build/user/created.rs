//! Users that a build creates: `useradd`, `adduser`, lines written to `/etc/passwd`, files copied over it.

pub(crate) mod arguments;

use lint_parser::dockerfile::ast::Heredoc;
use lint_parser::shell::ast::{Command, RedirectionOperator, Script, SimpleCommand};
use lint_parser::shell::walk::Site;
use lint_parser::shell::word::Word;

use crate::files;
use crate::model::build::stage::Copied;
use crate::model::build::user::created::arguments::account_arguments;
use crate::model::build::user::{Account, Accounts, atoi};
use crate::model::values::origin::SetAt;
use crate::model::values::shell_words::evaluate;
use crate::model::values::variables::Variables;

/// Commands that create no users, so that after them the users are still known. Package managers are not here:
/// packages create users (`apk add nginx`).
const HARMLESS: &[&str] = &[
    ".",
    ":",
    "[",
    "[[",
    "addgroup",
    "awk",
    "base64",
    "basename",
    "bundle",
    "cargo",
    "cat",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "chpasswd",
    "clang",
    "cmake",
    "cmp",
    "command",
    "composer",
    "cp",
    "curl",
    "cut",
    "date",
    "deno",
    "diff",
    "dirname",
    "dotnet",
    "echo",
    "egrep",
    "env",
    "exec",
    "exit",
    "export",
    "expr",
    "false",
    "fgrep",
    "find",
    "gcc",
    "gem",
    "getent",
    "git",
    "go",
    "gpg",
    "grep",
    "groupadd",
    "groupmod",
    "gunzip",
    "gzip",
    "head",
    "hostname",
    "id",
    "install",
    "java",
    "javac",
    "jar",
    "ldconfig",
    "ln",
    "ls",
    "md5sum",
    "mix",
    "mkdir",
    "mktemp",
    "mv",
    "mvn",
    "node",
    "npm",
    "npx",
    "passwd",
    "php",
    "pip",
    "pip3",
    "pnpm",
    "poetry",
    "printf",
    "pwd",
    "python",
    "python3",
    "read",
    "readlink",
    "realpath",
    "rm",
    "rmdir",
    "ruby",
    "rustc",
    "rustup",
    "sed",
    "set",
    "setcap",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "shopt",
    "sleep",
    "sort",
    "stat",
    "strip",
    "tail",
    "tar",
    "tee",
    "test",
    "touch",
    "tr",
    "true",
    "truncate",
    "type",
    "umask",
    "uname",
    "uniq",
    "unset",
    "unxz",
    "unzip",
    "update-ca-certificates",
    "usermod",
    "uv",
    "wait",
    "wc",
    "wget",
    "which",
    "whoami",
    "xargs",
    "xz",
    "yarn",
    "zip",
];

/// Whether a script may create users by name. Only a hint: a `true` costs time, nothing else.
pub(crate) fn may_create(text: &str) -> bool {
    text.contains("useradd")
        || text.contains("adduser")
        || text.contains("usermod")
        || text.contains("passwd")
}

/// Adds what a script creates.
pub(crate) fn script(accounts: &mut Accounts, script: &Script, variables: &Variables, origin: SetAt) {
    if script.unparsed.is_some() {
        accounts.others = true;
    }
    for site in script.simple_commands() {
        simple(accounts, site, variables, origin);
    }
}

fn simple(accounts: &mut Accounts, site: &Site, variables: &Variables, origin: SetAt) {
    command(accounts, &site.command, variables, origin);
    if writes_passwd(&site.command) || reader_writes_passwd(site) {
        match passwd_lines(&site.command, variables) {
            Some(lines) => lines.lines().for_each(|line| passwd_line(accounts, line, origin)),
            None => accounts.others = true,
        }
    }
}

/// Adds what one command creates.
pub(crate) fn command(
    accounts: &mut Accounts,
    command: &SimpleCommand,
    variables: &Variables,
    origin: SetAt,
) {
    for invocation in command.invocations() {
        let args = invocation.args();
        let Some(name) = invocation.name() else {
            accounts.others = true;
            continue;
        };
        match name {
            "useradd" | "adduser" => add(accounts, name, args, variables, origin),
            "usermod" => modify(accounts, args, variables, origin),
            "busybox" => {}
            // Editing or replacing the file itself.
            "sed" | "cp" | "mv" | "install" | "awk" | "ln" => {
                accounts.others |= args.iter().any(|arg| arg.text.text().contains("passwd"));
            }
            _ if let Some(inner) = invocation.script() => {
                for site in inner.simple_commands() {
                    // One level of `sh -c` is enough: what it nests deeper may create anyone.
                    let nested = site.command.name();
                    if matches!(nested, Some("sh" | "bash")) {
                        accounts.others = true;
                    } else {
                        simple(accounts, site, variables, origin);
                    }
                }
            }
            "apk" | "apt" | "apt-get" | "dnf" | "microdnf" | "yum" => {
                accounts.others |= args.iter().any(|arg| {
                    arg.literal_text().is_none_or(|arg| {
                        matches!(&*arg, "add" | "install" | "reinstall" | "groupinstall" | "build-dep")
                    })
                });
            }
            name => {
                // A script or program of one's own may do anything.
                accounts.others |= !HARMLESS.contains(&name)
                    && !is_wrapper(name)
                    && !invocation.words.first().is_some_and(|word| word.text.text().is_empty());
            }
        }
    }
}

/// Wrappers are followed to the command they run.
fn is_wrapper(name: &str) -> bool {
    matches!(
        name,
        "sudo" | "time" | "nice" | "timeout" | "exec" | "env" | "command" | "nohup" | "su-exec" | "gosu"
    )
}

fn add(accounts: &mut Accounts, program: &str, args: &[Word], variables: &Variables, origin: SetAt) {
    let Some(found) = account_arguments(program, args, variables) else { return };
    let Some(name) = found.operands.first() else { return };
    // Debian's `adduser user group` puts a user that exists into a group; BusyBox's does too.
    if program == "adduser" && found.operands.len() > 1 && accounts.known.contains_key(name) {
        return;
    }
    if name.is_empty() {
        accounts.others = true;
        return;
    }
    let uid = found.uid.as_deref().and_then(atoi);
    accounts.known.insert(name.as_str(), Account { uid, origin: Some(origin) });
}

fn modify(accounts: &mut Accounts, args: &[Word], variables: &Variables, origin: SetAt) {
    let Some(found) = account_arguments("usermod", args, variables) else { return };
    let Some(name) = found.operands.first().filter(|name| !name.is_empty()) else { return };
    let before = accounts.known.get(name).copied();
    let uid = match found.uid.as_deref().and_then(atoi) {
        Some(uid) => Some(uid),
        None if found.dynamic_uid => None,
        None => before.and_then(|account| account.uid),
    };
    if found.uid.is_none() && found.login.is_none() {
        return;
    }
    let name = found.login.as_ref().unwrap_or(name);
    accounts.known.insert(name.as_str(), Account { uid, origin: Some(origin) });
}

fn is_passwd(word: &Word) -> bool {
    word.literal_text().is_some_and(|path| files::normalise(&path) == "/etc/passwd")
}

fn writes_passwd(command: &SimpleCommand) -> bool {
    let writes = |operator| {
        !matches!(
            operator,
            RedirectionOperator::Input
                | RedirectionOperator::HereDocument
                | RedirectionOperator::HereDocumentTabs
                | RedirectionOperator::HereString
                | RedirectionOperator::DuplicateInput
        )
    };
    command
        .redirections
        .iter()
        .any(|redirection| writes(redirection.operator) && is_passwd(&redirection.target))
        || (command.name() == Some("tee") && command.args().iter().any(is_passwd))
}

/// `echo … | tee -a /etc/passwd`: the echo, not the tee, says what is written.
fn reader_writes_passwd(site: &Site) -> bool {
    site.context
        .piped_to
        .as_ref()
        .and_then(Command::simple)
        .is_some_and(|reader| reader.name() == Some("tee") && writes_passwd(reader))
}

/// The lines a command writes, as far as they are written out; nothing for a `tee`, whose input is judged where it
/// comes from.
fn passwd_lines(command: &SimpleCommand, variables: &Variables) -> Option<String> {
    match command.name()? {
        "echo" | "printf" => {
            let words: Option<Vec<String>> =
                command.args().iter().map(|word| evaluate(word, variables)).collect();
            Some(words?.join(" ").replace("\\n", "\n"))
        }
        "cat" | "tee" => {
            let document = command.redirections.iter().find_map(|redirection| redirection.here_document());
            match document {
                Some(document) => evaluate(&document.body, variables),
                None if command.name() == Some("tee") => Some(String::new()),
                None => None,
            }
        }
        _ => None,
    }
}

/// `name:password:uid:gid:comment:home:shell`
fn passwd_line(accounts: &mut Accounts, line: &str, origin: SetAt) {
    // `echo -e "app:x:…"`
    let line = line.trim_start();
    let line = line.strip_prefix("-e ").or_else(|| line.strip_prefix("-n ")).unwrap_or(line);
    let fields: Vec<&str> = line.splitn(5, ':').collect();
    if let [name, _, uid, _, ..] = fields.as_slice() {
        let uid = atoi(uid.trim());
        accounts.known.insert(*name, Account { uid, origin: Some(origin) });
    }
}

/// What copying a file or directory does to the users: `from` are those of the stage it is copied from,
/// `heredoc` the text where it is one.
pub(crate) fn copied(
    accounts: &mut Accounts,
    copied: &Copied,
    from: Option<&Accounts>,
    heredoc: Option<&Heredoc>,
) {
    let source = files::file_name(copied.source.trim_end_matches('/'));
    let is_passwd = match copied.destination.as_str() {
        "/etc/passwd" => true,
        "/etc" => source == "passwd",
        _ => false,
    };
    // A directory, an archive or a file of any name, copied over one that holds /etc/passwd.
    if !is_passwd {
        let whole = from.filter(|_| copied.destination == "/" && source.is_empty());
        match whole {
            Some(from) => *accounts = from.clone(),
            None => accounts.others |= matches!(copied.destination.as_str(), "/" | "/etc"),
        }
        return;
    }
    match (heredoc, from) {
        (Some(heredoc), _) => {
            *accounts = Accounts::none();
            heredoc.content.text().lines().for_each(|line| passwd_line(accounts, line, copied.origin));
        }
        (None, Some(from)) if files::normalise(&copied.source) == "/etc/passwd" => *accounts = from.clone(),
        (None, _) => *accounts = Accounts::unknown(),
    }
}
