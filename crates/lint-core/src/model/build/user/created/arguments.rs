//! The arguments of the commands that make accounts and put them into groups.

use lint_parser::shell::word::Word;

use crate::model::values::shell_words::evaluate;
use crate::model::values::variables::Variables;

/// Options of `useradd` and `usermod` that take the next word, but for `-l`: to `usermod` it gives a name, to `useradd` it is
/// `--no-log-init` and takes none.
const USERADD_VALUES: &[&str] = &[
    "-b",
    "-c",
    "-d",
    "-e",
    "-f",
    "-g",
    "-G",
    "-k",
    "-K",
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
const ADDUSER_VALUES: &[&str] = &[
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

/// The same for `gpasswd`.
const GPASSWD_VALUES: &[&str] =
    &["-A", "-M", "-Q", "-a", "-d", "--add", "--administrators", "--delete", "--members", "--root"];

/// The options and operands of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The options by name, in the order they are written: `-m` and `-u` of `-mu0`, `--uid` of `--uid=0`.
    pub options: Vec<String>,
    /// `--uid`, as far as it is known.
    pub uid: Option<String>,
    /// Whether a uid is given that is known only at build time.
    pub dynamic_uid: bool,
    /// `--login` of `usermod`: the new name.
    pub login: Option<String>,
    /// The groups the account is put into by options, as far as they are known.
    pub groups: Vec<String>,
    /// `-g` of `adduser`: to BusyBox the text that describes the account.
    pub comment: Option<String>,
    /// What is no option; empty where it is known at build time only.
    pub operands: Vec<String>,
}

impl Arguments {
    /// Whether one of these options is given.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|option| names.contains(&option.as_str()))
    }
}

/// Takes apart the arguments of `useradd`, `usermod`, `adduser`, `addgroup` and `gpasswd`; `None` for other programs.
#[must_use]
pub fn account_arguments(program: &str, args: &[Word], variables: &Variables) -> Option<Arguments> {
    let (values, groups): (_, &[&str]) = match program {
        "useradd" | "usermod" => (USERADD_VALUES, &["-g", "-G", "--gid", "--groups"]),
        "adduser" | "addgroup" => (ADDUSER_VALUES, &["-G", "--ingroup"]),
        "gpasswd" => (GPASSWD_VALUES, &[]),
        _ => return None,
    };
    let takes_value = |option: &str| values.contains(&option) || (program == "usermod" && option == "-l");
    let mut found = Arguments::default();
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
        let attached = found.take_options(&text, takes_value);
        let Some(option) = found.options.last().cloned() else { continue };
        let value = match attached {
            Some(value) => Some(value),
            None if takes_value(&option) => {
                let word = args.next();
                let value = word.and_then(|word| evaluate(word, variables));
                found.dynamic_uid |=
                    word.is_some() && value.is_none() && matches!(option.as_str(), "-u" | "--uid");
                value
            }
            None => continue,
        };
        match option.as_str() {
            "-u" | "--uid" => found.uid = value,
            "-l" | "--login" => found.login = value,
            "-g" if program == "adduser" => found.comment = value,
            option if groups.contains(&option) => {
                found.groups.extend(value.iter().flat_map(|list| list.split(',')).map(str::to_owned));
            }
            _ => {}
        }
    }
    Some(found)
}

impl Arguments {
    /// Takes the options of a word and gives the value attached to the last: `-ou0`, `--uid=0`.
    fn take_options(&mut self, text: &str, takes_value: impl Fn(&str) -> bool) -> Option<String> {
        if text.starts_with("--") {
            let (option, value) =
                text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
            self.options.push(option.to_owned());
            return value.map(str::to_owned);
        }
        let letters = text.strip_prefix('-').unwrap_or(text);
        for (at, letter) in letters.char_indices() {
            let option = format!("-{letter}");
            let takes = takes_value(&option);
            self.options.push(option);
            if takes {
                let rest = letters.get(at + letter.len_utf8()..).unwrap_or_default();
                return Some(rest.to_owned()).filter(|rest| !rest.is_empty());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use lint_parser::shell::parse;
    use lint_parser::text::mapped::Mapped;

    use super::*;

    fn of(text: &str) -> Arguments {
        let script = parse(&Mapped::verbatim(text, 0)).tree;
        let site = script.simple_commands().first().expect("a command");
        let name = site.command.name().expect("a name");
        account_arguments(name, site.command.args(), &Variables::default()).expect("a known program")
    }

    #[test]
    fn options_take_what_is_theirs() {
        for text in [
            "useradd -mlu 7 a",
            "useradd -l -u7 a",
            "useradd --no-log-init --uid=7 a",
            "useradd --uid 7 -- a",
        ] {
            let found = of(text);
            assert_eq!(
                (found.uid.as_deref(), found.operands.as_slice()),
                (Some("7"), &["a".to_owned()][..]),
                "{text}"
            );
        }
        assert!(of("useradd -mlu 7 a").has(&["-l"]) && !of("useradd -c l a").has(&["-l"]));
        let renamed = of("usermod -l b a");
        assert_eq!(
            (renamed.login.as_deref(), renamed.operands.as_slice()),
            (Some("b"), &["a".to_owned()][..])
        );
        assert!(of("useradd -u $X a").dynamic_uid && of("useradd -u$X a").dynamic_uid);
        assert_eq!(of("useradd $X a").operands, ["", "a"]);
    }

    #[test]
    fn groups_are_told_apart() {
        assert_eq!(of("usermod -aG a,b c").groups, ["a", "b"]);
        assert_eq!(of("useradd -g a --groups=b c").groups, ["a", "b"]);
        assert_eq!(of("adduser -g 'a b' -G c d").groups, ["c"]);
        assert_eq!(of("gpasswd -a a b").operands, ["b"]);
    }
}
