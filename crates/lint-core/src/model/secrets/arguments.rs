//! Secrets among the words of a command.

use std::borrow::Cow;

use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

use crate::model::secrets::{Verdict, connection, judge, name};

/// A secret in a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentSecret {
    /// How it is given: `--password`, `-p`, `PGPASSWORD`. `None` for the password of a URL.
    pub option: Option<String>,
    /// The words that give it.
    pub span: Span,
}

/// Options of a single letter that take a password, by program. Attached where the flag says so (`-psecret`),
/// else as the next word.
const SHORT: &[(&[&str], &str, bool)] = &[
    (&["mysql", "mysqladmin", "mysqldump", "mysqlshow", "mysqlcheck", "mysqlimport"], "-p", true),
    (&["mariadb", "mariadb-admin", "mariadb-dump", "mariadb-check"], "-p", true),
    (&["mongo", "mongosh", "mongodump", "mongorestore", "sshpass", "cypher-shell"], "-p", false),
    (&["redis-cli", "valkey-cli", "keydb-cli"], "-a", false),
    (&["ldapsearch", "ldapadd", "ldapmodify", "ldapwhoami"], "-w", false),
    (&["mosquitto_sub", "mosquitto_pub", "sqlcmd"], "-P", false),
];

/// Programs whose `login` takes a password.
const LOGIN: &[&str] = &["az", "buildah", "crane", "docker", "helm", "nerdctl", "oras", "podman", "skopeo"];

/// Options of `curl` whose value is `user:password`.
const LOGINS: &[&str] = &["-u", "--user", "-U", "--proxy-user"];

/// Options of `curl`, `wget` and their like whose value is a header of HTTP.
const HEADERS: &[&str] = &["-H", "--header"];

/// Headers that carry a secret, in lower case.
const SECRET_HEADERS: &[&str] =
    &["authorization", "proxy-authorization", "x-api-key", "x-auth-token", "private-token", "job-token"];

/// Programs whose `--secret` and `--password` name something else, take a hash, or ask.
const OTHER_MEANING: &[&str] =
    &["docker", "podman", "nerdctl", "buildctl", "buildah", "kubectl", "useradd", "usermod"];

/// The secrets that are spelled out among the arguments of a program; its name may be empty when it is not known.
#[must_use]
pub fn in_arguments(program: &str, words: &[Word]) -> Vec<ArgumentSecret> {
    let texts: Vec<Option<Cow<'_, str>>> = words.iter().map(Word::literal_text).collect();
    let short = SHORT.iter().find(|(programs, ..)| programs.contains(&program));
    let mut found = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let (Some(text), Some(word)) = (text.as_deref(), words.get(at)) else { continue };
        let next = texts.get(at + 1).and_then(Option::as_deref).zip(words.get(at + 1));
        let hit =
            |option: Option<&str>, span: Span| ArgumentSecret { option: option.map(str::to_owned), span };
        if let Some(option) = assigned(text) {
            found.push(hit(Some(option), word.span()));
        } else if connection::password(text).is_some() {
            found.push(hit(None, word.span()));
        } else if let Some((value, behind)) = next
            && takes_secret(program, text)
            && is_written(value)
        {
            found.push(hit(Some(text), word.span().cover(behind.span())));
        } else if let Some((value, behind)) = next
            && is_option_of(program, text, value)
        {
            found.push(hit(Some(text), word.span().cover(behind.span())));
        } else if let Some((_, option, attached)) = short {
            let value = text.strip_prefix(option).filter(|value| !value.is_empty());
            match (attached, value, next) {
                (true, Some(value), _) if judge_password(value) => found.push(hit(Some(option), word.span())),
                (false, None, Some((value, behind))) if text == *option && is_written(value) => {
                    found.push(hit(Some(option), word.span().cover(behind.span())));
                }
                _ => {}
            }
        } else if let Some((value, behind)) = next
            && is_login_password(program, &texts, text)
            && is_written(value)
        {
            found.push(hit(Some(text), word.span().cover(behind.span())));
        } else if let Some((value, behind)) = next
            && is_setting(&texts, at)
            && is_written(value)
        {
            found.push(hit(Some(text), behind.span()));
        } else if HEADERS.contains(&text)
            && let Some((value, behind)) = next
            && is_header(value)
        {
            found.push(hit(Some(text), word.span().cover(behind.span())));
        } else if is_token_of_npm(text) {
            found.push(hit(Some("_authToken"), word.span()));
        } else if program == "htpasswd"
            && at > 1
            && at + 1 == texts.len()
            && takes_batch(&texts)
            && is_written(text)
        {
            found.push(hit(Some("-b"), word.span()));
        } else if text.strip_prefix("--header=").is_some_and(is_header) {
            found.push(hit(Some("--header"), word.span()));
        } else if program == "curl"
            && LOGINS.contains(&text)
            && let Some((value, behind)) = next
            && value.split_once(':').is_some_and(|(_, password)| judge_password(password))
        {
            found.push(hit(Some(text), word.span().cover(behind.span())));
        }
    }
    found
}

/// Whether an option of a program whose words are its own takes a password: `openssl -passout pass:hunter2`.
fn is_option_of(program: &str, option: &str, value: &str) -> bool {
    match program {
        "openssl" if matches!(option, "-pass" | "-passin" | "-passout") => {
            value.strip_prefix("pass:").is_some_and(judge_password)
        }
        "keytool" | "jarsigner" if option.starts_with('-') && option.ends_with("pass") => is_written(value),
        "mysqladmin" | "mariadb-admin" if option == "password" => is_written(value),
        _ => false,
    }
}

/// `htpasswd -bc file user password`, which takes the password from the command line.
fn takes_batch(texts: &[Option<Cow<'_, str>>]) -> bool {
    let is_batch = |text: &str| text.starts_with('-') && !text.starts_with("--") && text.contains('b');
    texts.iter().flatten().any(|text| is_batch(text))
}

/// A line for `.npmrc`: `//registry.example.org/:_authToken=…`
fn is_token_of_npm(text: &str) -> bool {
    let value = text.split_once(":_authToken=").map(|(_, value)| value);
    value.and_then(|value| value.split(['\n', '\\', '"', '\'']).next()).is_some_and(judge_password)
}

/// The secret a shell assignment spells out: `PGPASSWORD=hunter2 psql`.
#[must_use]
pub fn in_variable(variable: &str, value: &str, span: Span) -> Option<ArgumentSecret> {
    let named = name::is_secret(variable) && judge_password(value);
    let given = named || connection::password(value).is_some();
    given.then(|| ArgumentSecret { option: Some(variable.to_owned()), span })
}

/// Whether what gives a secret to a step of a build is there for the step alone: `SECRET_KEY=example manage.py collectstatic`.
/// In a container that runs it would be a password that everybody knows.
#[must_use]
pub fn is_stand_in(written: &str) -> bool {
    const WORDS: &[&str] = &[
        "dummy",
        "example",
        "changeme",
        "change-me",
        "change_me",
        "placeholder",
        "fake",
        "insecure",
        "not-used",
        "notused",
        "unused",
        "build-only",
        "buildonly",
        "buildtime",
        "build-time",
        "for-build",
        "temporary",
    ];
    // `https://ci:hunter2@example.com` is about the password alone.
    if let Some(range) = connection::password(written) {
        let password = written[range].to_ascii_lowercase();
        return WORDS.iter().any(|word| password.contains(word));
    }
    // A name may say so of something else: `--example-token hunter2`.
    let ends = |c: char| matches!(c, '=' | ' ' | '\t' | '\n' | ':');
    let value = written.trim_end_matches(['"', '\'']).rsplit(ends).next().unwrap_or_default();
    let value = value.to_ascii_lowercase();
    WORDS.iter().any(|word| value.contains(word))
}

/// The name in `--name=value`, `-Dname=value` and `NAME=value`, when the value is a secret.
fn assigned(text: &str) -> Option<&str> {
    let (option, value) = text.split_once('=')?;
    if option.is_empty() || option.contains([' ', '/', '\n', '?', '&', ';', '"', '\'']) {
        return None;
    }
    let bare = option.trim_start_matches('-');
    let bare = if option.starts_with("-D") { bare.strip_prefix('D').unwrap_or(bare) } else { bare };
    (name::is_secret(bare) && judge_password(value)).then_some(option)
}

/// Whether the next word is the value of an option that is called as a secret is.
fn takes_secret(program: &str, text: &str) -> bool {
    let Some(option) = text.strip_prefix("--") else {
        // As `redis-server` reads its configuration file.
        return matches!(text, "requirepass" | "masterauth");
    };
    // `mysql --password name` asks for the password and opens `name`.
    let asks = program.starts_with("mysql") || program.starts_with("mariadb");
    !asks && !OTHER_MEANING.contains(&program) && !option.contains('=') && name::is_secret(option)
}

/// Whether an option is that of a program's `login` which takes the password.
fn is_login_password(program: &str, words: &[Option<Cow<'_, str>>], option: &str) -> bool {
    // `docker run -p 8080:80 login` is something else.
    let verbs = words.iter().flatten().take_while(|word| !word.starts_with('-')).take(3);
    let has = |verb: &str| verbs.clone().any(|word| word == verb);
    match option {
        "-p" | "--password" => LOGIN.contains(&program) && has("login"),
        "-t" => program == "doctl" && has("init"),
        _ => false,
    }
}

/// Whether a word is the name of a secret that `aws configure set` or `npm config set` is given the value of next.
fn is_setting(words: &[Option<Cow<'_, str>>], at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).and_then(|at| words.get(at)?.as_deref());
    let sets = word(1) == Some("set") && matches!(word(2), Some("config" | "configure"));
    // `//registry.npmjs.org/:_authToken`, `profile.ci.aws_secret_access_key`
    let key = word(0).and_then(|key| key.rsplit([':', '.']).next()).unwrap_or_default();
    sets && name::is_secret(key.trim_start_matches('_'))
}

/// Whether a header spells out a secret: `Authorization: Bearer ...`, `PRIVATE-TOKEN: ...`.
fn is_header(text: &str) -> bool {
    let Some((name, value)) = text.split_once(':') else { return false };
    let value = value.trim();
    // The scheme, as `Bearer`; what has no scheme is the secret.
    let secret = value.split_once(' ').map_or(value, |(_, secret)| secret.trim());
    SECRET_HEADERS.contains(&name.trim().to_ascii_lowercase().as_str()) && judge_password(secret)
}

/// Whether the word behind an option is its value, and written out.
fn is_written(value: &str) -> bool {
    !value.starts_with('-') && judge_password(value)
}

/// Whether the value is a secret where a password is certainly meant: people choose numbers too.
fn judge_password(value: &str) -> bool {
    // `$` in a word that no shell reads may still be for one that comes later.
    !value.contains("${")
        && !value.contains("$(")
        && match judge(value) {
            Verdict::Literal => true,
            Verdict::Number => value.len() >= 4,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lint_parser::text::mapped::Mapped;

    use super::*;
    use crate::model::runs::{By, Commands, Runs};

    fn found(line: &str) -> Vec<String> {
        let script = lint_parser::shell::parse(&Mapped::verbatim(line, 0)).tree;
        let runs = Runs::of(&Commands::Script(Arc::new(script)), By::Run);
        let assignments = runs.variables.iter().filter(|variable| variable.is_assignment);
        let assigned = assignments.filter_map(|set| in_variable(&set.name, &set.value, set.span));
        let programs = runs.programs.iter().take(1);
        let words = programs.flat_map(|it| in_arguments(it.name().unwrap_or_default(), it.args()));
        assigned.chain(words).map(|secret| secret.span.slice(line).to_owned()).collect()
    }

    #[test]
    fn spelled_out() {
        for (line, expected) in [
            ("redis-server --requirepass hunter2", "--requirepass hunter2"),
            ("app --db-password=hunter2 x", "--db-password=hunter2"),
            ("java -Dspring.datasource.password=hunter2 -jar a.jar", "-Dspring.datasource.password=hunter2"),
            ("mysqladmin ping -uroot -proot", "-proot"),
            ("redis-cli -a hunter2 ping", "-a hunter2"),
            ("curl -u admin:hunter2 http://x", "-u admin:hunter2"),
            ("PGPASSWORD=hunter2 psql", "PGPASSWORD=hunter2"),
            ("psql postgres://a:hunter2@db/x", "postgres://a:hunter2@db/x"),
            ("env API_KEY=abc123x run", "API_KEY=abc123x"),
            ("mongosh -u root -p 'hunter2'", "-p 'hunter2'"),
            ("curl -H 'Authorization: Bearer hunter2' https://x", "-H 'Authorization: Bearer hunter2'"),
            ("docker login -u me -p hunter2 registry.example.com", "-p hunter2"),
            ("az login -u me -p hunter2", "-p hunter2"),
            ("doctl auth init -t hunter2", "-t hunter2"),
            ("aws configure set aws_secret_access_key hunter2", "hunter2"),
            ("npm config set //registry.npmjs.org/:_authToken hunter2", "hunter2"),
            ("wget --header='PRIVATE-TOKEN: hunter2' https://x", "--header='PRIVATE-TOKEN: hunter2'"),
        ] {
            assert_eq!(found(line), [expected], "{line}");
        }
    }

    #[test]
    fn not_spelled_out() {
        for line in [
            "redis-server --requirepass $REDIS_PASSWORD",
            "redis-server --requirepass \"$REDIS_PASSWORD\"",
            "mysqladmin ping -uroot -p$MYSQL_ROOT_PASSWORD",
            "mysqladmin ping -p",
            "mysql --password name",
            "app --password-file /run/secrets/x --token-ttl 3600",
            "docker build --secret id=npm .",
            "psql -p 5432",
            "app --no-password x",
            "app --password --verbose",
            "app --token=${TOKEN}",
            "docker run -p 8080:80 login",
            "docker login -u me -p \"$PASSWORD\"",
            "docker login -u me --password-stdin",
            "npm config set registry https://registry.example.com",
            "git config set user.name me",
            "curl -H \"Authorization: Bearer $TOKEN\" https://x",
            "curl -H 'Authorization: Bearer ${TOKEN}' https://x",
            "curl -H 'Content-Type: application/json' https://x",
            "curl -H 'Authorization:' https://x",
            "curl -u admin: http://x",
            "curl http://x?token=abc",
        ] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }
}
