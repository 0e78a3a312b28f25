//! The arguments of `useradd`, `usermod` and `adduser`.

use lint_parser::shell::word::Word;

use crate::model::user::created::evaluate;
use crate::model::variables::Variables;

/// Options of `useradd` and `usermod` that take the next word.
pub(super) const USERADD_VALUES: &[&str] = &[
    "-b",
    "-c",
    "-d",
    "-e",
    "-f",
    "-g",
    "-G",
    "-k",
    "-K",
    "-l",
    "-p",
    "-P",
    "-R",
    "-s",
    "-u",
    "-Z",
    "--base-dir",
    "--comment",
    "--expiredate",
    "--gid",
    "--groups",
    "--home",
    "--home-dir",
    "--inactive",
    "--key",
    "--login",
    "--password",
    "--prefix",
    "--root",
    "--selinux-user",
    "--shell",
    "--skel",
    "--uid",
];

/// The same for `adduser`, of Debian and of BusyBox.
pub(super) const ADDUSER_VALUES: &[&str] = &[
    "-G",
    "-g",
    "-h",
    "-k",
    "-s",
    "-u",
    "--add_extra_groups",
    "--comment",
    "--conf",
    "--firstgid",
    "--firstuid",
    "--gecos",
    "--gid",
    "--home",
    "--ingroup",
    "--lastgid",
    "--lastuid",
    "--shell",
    "--uid",
];

/// The options and operands of a command.
pub(super) struct Arguments {
    /// `--uid`, as far as it is known.
    pub(super) uid: Option<String>,
    /// Whether a uid is given that is known only at build time.
    pub(super) dynamic_uid: bool,
    /// `--login` of `usermod`: the new name.
    pub(super) login: Option<String>,
    /// What is no option; empty where it is known at build time only.
    pub(super) operands: Vec<String>,
}

/// Takes the arguments apart; `values` are the options that take the next word.
pub(super) fn arguments(args: &[Word], values: &[&str], variables: &Variables) -> Arguments {
    let mut found = Arguments { uid: None, dynamic_uid: false, login: None, operands: Vec::new() };
    let mut args = args.iter();
    let mut options = true;
    while let Some(arg) = args.next() {
        let Some(text) = evaluate(arg, variables) else {
            if arg.static_prefix().starts_with("--uid") || arg.static_prefix().starts_with("-u") {
                found.dynamic_uid = true;
            } else {
                found.operands.push(String::new());
            }
            continue;
        };
        if options && text == "--" {
            options = false;
            continue;
        }
        if !options || !text.starts_with('-') || text == "-" {
            found.operands.push(text);
            continue;
        }
        // `-ou 0`, `-u0`, `--uid=0`, `--uid 0`
        let (option, attached) = if text.starts_with("--") {
            match text.split_once('=') {
                Some((option, value)) => (option.to_owned(), Some(value.to_owned())),
                None => (text, None),
            }
        } else {
            let letters = text.get(1..).unwrap_or_default();
            let taking = letters.char_indices().find(|(_, letter)| {
                values.iter().any(|value| value.strip_prefix('-') == Some(letter.to_string().as_str()))
            });
            match taking {
                Some((at, letter)) => {
                    let rest = letters.get(at + letter.len_utf8()..).unwrap_or_default();
                    (format!("-{letter}"), Some(rest.to_owned()).filter(|rest| !rest.is_empty()))
                }
                None => continue,
            }
        };
        let value = match attached {
            Some(value) => Some(value),
            None if values.contains(&option.as_str()) => match args.next() {
                Some(word) => {
                    let value = evaluate(word, variables);
                    found.dynamic_uid |= value.is_none() && matches!(option.as_str(), "-u" | "--uid");
                    value
                }
                None => None,
            },
            None => None,
        };
        match option.as_str() {
            "-u" | "--uid" => found.uid = value,
            "-l" | "--login" => found.login = value,
            _ => {}
        }
    }
    found
}
