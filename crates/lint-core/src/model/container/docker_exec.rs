//! `docker exec` and its like in the text of a command: with which options it enters a container.

use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

use crate::model::build::user::{Accounts, UserKind, classify};

/// A command that runs something in a running container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DockerExec {
    /// The option that makes it privileged.
    pub privileged: Option<Span>,
    /// The user it runs as, and where that is written.
    pub user: Option<(String, Span)>,
}

/// Options of the programs, up to their subcommand, that take the next word as their value.
const GLOBAL_VALUES: [&str; 21] = [
    "--ansi",
    "--config",
    "--context",
    "--env-file",
    "--file",
    "--host",
    "--log-level",
    "--namespace",
    "--parallel",
    "--profile",
    "--progress",
    "--project-directory",
    "--project-name",
    "--tlscacert",
    "--tlscert",
    "--tlskey",
    "-H",
    "-c",
    "-f",
    "-l",
    "-p",
];

/// Options of `exec` that take a value, besides `-u`.
const EXEC_VALUES: [&str; 8] =
    ["--detach-keys", "--env", "--env-file", "--index", "--preserve-fds", "--workdir", "-e", "-w"];

/// Reads `docker exec`, `docker container exec`, `docker compose exec`, `docker-compose exec`, `podman exec`,
/// `nerdctl exec`; `None` for any other command. What follows the container's name is the container's.
#[must_use]
pub fn docker_exec(invocation: &Invocation) -> Option<DockerExec> {
    if !matches!(invocation.name()?, "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose") {
        return None;
    }
    let mut words = invocation.args().iter();
    subcommand(&mut words)?;
    let mut found = DockerExec { privileged: None, user: None };
    while let Some(word) = words.next() {
        // A word that is expanded may be an option or the container: what follows it is not known.
        let prefix = word.static_prefix();
        let Some(text) = word.literal_text() else {
            if prefix.starts_with("--") && prefix.contains('=') {
                continue;
            }
            break;
        };
        if text == "--" || !text.starts_with('-') || text.len() < 2 {
            break;
        }
        if let Some(long) = text.strip_prefix("--") {
            match long.split_once('=') {
                Some(("user", user)) => found.user = Some((user.to_owned(), word.span())),
                Some(("privileged", value)) => {
                    found.privileged = is_true(value).then(|| word.span());
                }
                Some(_) => {}
                None if long == "privileged" => found.privileged = Some(word.span()),
                None if long == "user" => found.user = user(&mut words),
                None if EXEC_VALUES.contains(&&*text) => {
                    words.next();
                }
                None => {}
            }
            continue;
        }
        short_options(&text, word, &mut words, &mut found);
    }
    Some(found)
}

/// Goes to the word behind `exec`.
fn subcommand<'w>(words: &mut impl Iterator<Item = &'w Word>) -> Option<()> {
    while let Some(word) = words.next() {
        let text = word.literal_text()?;
        match &*text {
            "exec" => return Some(()),
            "container" | "compose" => {}
            option if option.starts_with('-') => {
                if GLOBAL_VALUES.contains(&option) {
                    words.next();
                }
            }
            _ => return None,
        }
    }
    None
}

/// `-it`, `-u0`, `-itu root`
fn short_options<'w>(
    text: &str,
    word: &Word,
    words: &mut impl Iterator<Item = &'w Word>,
    found: &mut DockerExec,
) {
    let letters = text.get(1..).unwrap_or_default();
    for (at, letter) in letters.char_indices() {
        let rest = letters.get(at + letter.len_utf8()..).unwrap_or_default();
        match letter {
            'u' if rest.is_empty() => found.user = user(words),
            'u' => {
                let user = rest.strip_prefix('=').unwrap_or(rest);
                found.user = Some((user.to_owned(), word.span()));
            }
            'e' | 'w' if rest.is_empty() => {
                words.next();
            }
            'e' | 'w' => {}
            _ => continue,
        }
        return;
    }
}

fn user<'w>(words: &mut impl Iterator<Item = &'w Word>) -> Option<(String, Span)> {
    let word = words.next()?;
    Some((word.literal_text()?.into_owned(), word.span()))
}

/// Go's `strconv.ParseBool`.
fn is_true(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

/// Whether the user a command is told to run as is uid 0. An empty text names none: the container's own counts.
#[must_use]
pub fn is_uid_zero(user: &str) -> bool {
    !user.is_empty() && matches!(classify(user, &Accounts::unknown()), UserKind::Root(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lint_parser::shell;
    use lint_parser::text::mapped::Mapped;

    fn read(line: &str) -> String {
        let parsed = shell::parse(&Mapped::verbatim(line, 0));
        let sites = parsed.tree.simple_commands();
        let Some(exec) = sites[0].command.invocations().iter().find_map(docker_exec) else {
            return "none".to_owned();
        };
        let privileged = exec.privileged.map_or("", |span| span.slice(line));
        let (user, at) = exec.user.map_or((String::new(), ""), |(user, span)| (user, span.slice(line)));
        format!("{privileged}|{user}|{at}")
    }

    #[test]
    fn options_before_the_container_alone() {
        for (line, expected) in [
            ("docker exec --privileged web id", "--privileged||"),
            ("docker exec --privileged=true web id", "--privileged=true||"),
            ("docker exec --privileged=false web id", "||"),
            ("docker exec -it -u root web sh", "|root|root"),
            ("docker exec -u0 web sh", "|0|-u0"),
            ("docker exec -itu 0:0 web sh", "|0:0|0:0"),
            ("docker exec --user=root web sh", "|root|--user=root"),
            ("docker exec web sh --privileged -u root", "||"),
            ("docker exec -e A=-u --workdir /x web -u root", "||"),
            ("docker exec $OPTIONS --privileged", "||"),
            ("docker exec --env=$X --privileged web", "--privileged||"),
            ("docker -H tcp://x container exec --privileged web", "--privileged||"),
            ("docker compose -f a.yaml -p b exec -u root web sh", "|root|root"),
            ("docker-compose exec --user root web sh", "|root|root"),
            ("sudo podman exec -u root web sh", "|root|root"),
            ("docker run --privileged web", "none"),
            ("echo docker exec --privileged web", "none"),
            ("docker ps", "none"),
            ("docker", "none"),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn uid_zero_as_the_engine_reads_it() {
        for user in ["root", "root:any", "0", "00", "+0", "-0", "0:1000", ":1000", ":"] {
            assert!(is_uid_zero(user), "{user}");
        }
        for user in ["", "1000", "1000:0", "rootless", "ROOT", "0x0", "-"] {
            assert!(!is_uid_zero(user), "{user}");
        }
    }
}
