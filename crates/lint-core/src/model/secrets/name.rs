//! Whether a name is a secret's: of a variable, an argument, an option, a key.

/// Words that, at the end of a name, say that its value is a secret.
const HEADS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "pass",
    "pw",
    "psw",
    "pswd",
    "creds",
    "secret",
    "token",
    "apikey",
    "secretkey",
    "privatekey",
    "psk",
    "credential",
    "credentials",
    "dbpass",
    "dbpw",
    "userpass",
    "rootpass",
    "adminpass",
    "mysqlpass",
    "smtppass",
    "mailpass",
    "requirepass",
    "masterauth",
];

/// Words that end with one of these are written without separators: `PGPASSWORD`, `AUTHTOKEN`.
const JOINED: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "secretkey",
    "privatekey",
    "authtoken",
    "accesstoken",
    "apitoken",
    "bottoken",
    "pass",
    "pwd",
    "psw",
];

/// Words that end as a password's name does and are none.
const NO_PASSWORDS: &[&str] =
    &["bypass", "compass", "encompass", "overpass", "surpass", "trespass", "underpass", "cwd", "oldpwd"];

/// Heads that people choose rather than are given.
const CHOSEN: &[&str] =
    &["password", "passwd", "passphrase", "passcode", "pwd", "psw", "pswd", "pass", "pw", "requirepass"];

/// What a `KEY` must be for it to be secret.
const KEYS: &[&str] = &[
    "secret",
    "private",
    "api",
    "encryption",
    "encrypt",
    "crypt",
    "crypto",
    "signing",
    "sign",
    "signature",
    "master",
    "session",
    "jwt",
    "hmac",
    "cookie",
    "auth",
    "account",
    "app",
    "service",
    "ssh",
    "preshared",
    "psk",
    "fernet",
    "nonce",
    "dkim",
];

/// Words behind the head that say which secret, not something about it.
const NEUTRAL: &[&str] = &[
    "value",
    "default",
    "plain",
    "plaintext",
    "base64",
    "b64",
    "base",
    "string",
    "raw",
    "prod",
    "production",
    "dev",
    "development",
    "staging",
    "test",
    "testing",
    "local",
    "old",
    "new",
    "current",
    "previous",
    "primary",
    "secondary",
    "main",
    "root",
];

/// Words in front that turn a secret's name into a question about it, or a secret into none.
const ASKING: &[&str] = &[
    "allow", "ask", "disable", "disabled", "enable", "enabled", "force", "generate", "has", "hide", "is",
    "max", "min", "no", "prompt", "public", "pub", "random", "require", "reset", "show", "skip", "use",
    "verify", "without",
];

/// The words at which BuildKit's check SecretsUsedInArgOrEnv takes a name for a secret's, wherever between underscores they
/// stand, and those that make it think better of it.
const BUILD_KIT: &[&str] =
    &["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];
const BUILD_KIT_ALLOWS: &[&str] = &["public", "file", "version"];

/// Whether `docker build` warns of an `ARG` or `ENV` of this name, whatever its value.
#[must_use]
pub fn is_warned_of_by_build_kit(name: &str) -> bool {
    let has =
        |words: &[&str]| name.split('_').any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)));
    has(BUILD_KIT) && !has(BUILD_KIT_ALLOWS)
}

/// Names longer than this are not names.
const LONGEST: usize = 200;

/// Whether a value under this name is meant to be secret. The last word decides: `DB_PASSWORD` and `jwtSecret`
/// are, `PASSWORD_FILE`, `TOKEN_TTL` and `GOPASS_VERSION` are not.
#[must_use]
pub fn is_secret(name: &str) -> bool {
    if !may_be_secret(name) {
        return false;
    }
    // The token itself, for all that it is called an identifier.
    if name.eq_ignore_ascii_case("VAULT_DEV_ROOT_TOKEN_ID") {
        return true;
    }
    let words = significant(name);
    let Some((head, before)) = words.split_last() else { return false };
    if NO_PASSWORDS.contains(&head.as_str()) {
        return false;
    }
    // `ADMIN_PASS_WORD`, `KEY_PASS_PHRASE`
    if before.last().is_some_and(|last| last == "pass") && matches!(head.as_str(), "word" | "phrase" | "code")
    {
        return true;
    }
    if HEADS.contains(&head.as_str()) || JOINED.iter().any(|joined| head.ends_with(joined)) {
        return true;
    }
    head == "key"
        && (before.last().is_some_and(|kind| KEYS.contains(&kind.as_str()))
            || before.iter().any(|word| word == "secret" || word == "private"))
}

/// Parts of every name of a secret: nearly all names have none, and are not taken apart.
const MARKS: [&str; 8] = ["pas", "psw", "psk", "cre", "sec", "tok", "key", "aut"];

/// Whether a name has one of [`MARKS`], or `pw`. A letter that is not ASCII may become one that is.
fn may_be_secret(name: &str) -> bool {
    let bytes = name.as_bytes();
    let is_marked = |three: &[u8]| MARKS.iter().any(|mark| three.eq_ignore_ascii_case(mark.as_bytes()));
    !name.is_ascii()
        || bytes.windows(3).any(is_marked)
        || bytes.windows(2).any(|two| two.eq_ignore_ascii_case(b"pw"))
}

/// Whether it is the name of a secret that people choose.
#[must_use]
pub fn is_password(name: &str) -> bool {
    significant(name).last().is_some_and(|head| {
        let joined = ["password", "passwd", "pass", "pwd", "psw"].iter().any(|end| head.ends_with(end));
        CHOSEN.contains(&head.as_str()) || (joined && !NO_PASSWORDS.contains(&head.as_str()))
    })
}

/// Whether a user and a password stand together under this name: `NEO4J_AUTH`.
#[must_use]
pub fn is_login(name: &str) -> bool {
    significant(name).last().is_some_and(|head| matches!(head.as_str(), "auth" | "basicauth" | "userpass"))
}

/// Whether it names a key that others check signatures with: those are published, and known by their fingerprints.
/// `JWT_SIGNING_KEY` is the other half.
#[must_use]
pub fn is_of_signatures(name: &str) -> bool {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    has(&["key", "keys", "signing", "signature"])
        && has(&["sign", "signing", "signature", "gpg", "pgp", "release", "archive", "master"])
        && !has(&["jwt", "token", "session", "cookie", "hmac", "secret", "private", "webhook"])
}

/// Whether its value may be the name of a file with the secret in it: `SSL_KEY_CREDENTIALS` of Kafka's images.
#[must_use]
pub fn is_of_credentials(name: &str) -> bool {
    significant(name)
        .last()
        .is_some_and(|head| matches!(head.as_str(), "credential" | "credentials" | "creds"))
}

/// Whether a name holds arguments of a program: `REDIS_ARGS`, `JAVA_OPTS`.
#[must_use]
pub fn is_arguments(name: &str) -> bool {
    let last = words(name).pop().unwrap_or_default();
    matches!(
        last.as_str(),
        "args" | "arguments" | "opts" | "options" | "flags" | "params" | "cmd" | "command"
    )
}

/// The words of a name up to its head; none when the name asks something.
fn significant(name: &str) -> Vec<String> {
    // The shell's working directory.
    if matches!(name, "PWD" | "OLDPWD") || name.len() > LONGEST {
        return Vec::new();
    }
    let mut words = words(name);
    while words.len() > 1 && words.last().is_some_and(|last| is_neutral(last)) {
        words.pop();
    }
    if let Some(last) = words.last_mut() {
        let head = last.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        last.truncate(head);
    }
    let asks = words.iter().rev().skip(1).any(|word| ASKING.contains(&word.as_str()));
    if asks { Vec::new() } else { words }
}

fn is_neutral(word: &str) -> bool {
    NEUTRAL.contains(&word) || word.bytes().all(|b| b.is_ascii_digit())
}

/// The words of `SNAKE_CASE`, `kebab-case`, `dotted.names` and `camelCase`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().take(LONGEST).collect();
    for (at, &c) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| characters.get(before));
        let after = characters.get(at + 1);
        let begins = c.is_ascii_uppercase()
            && (before.is_some_and(char::is_ascii_lowercase)
                || (before.is_some_and(char::is_ascii_uppercase)
                    && after.is_some_and(char::is_ascii_lowercase)));
        if (begins || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_is_marked() {
        for name in HEADS.iter().chain(JOINED).chain(CHOSEN).chain(&["key", "pass_word"]) {
            assert!(may_be_secret(name) && may_be_secret(&name.to_uppercase()), "{name}");
        }
        assert!(!may_be_secret("NODE_ENV") && may_be_secret("TO\u{212A}EN"));
    }

    #[test]
    fn names_of_secrets() {
        for name in [
            "PASSWORD",
            "DB_PASSWORD",
            "POSTGRES_PASSWORD",
            "PGPASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "db_pass",
            "jwtSecret",
            "SECRET_KEY",
            "SECRET_KEY_BASE",
            "AWS_SECRET_ACCESS_KEY",
            "API_KEY",
            "OPENAI_API_KEY",
            "apiKey",
            "GITHUB_TOKEN",
            "PASSWORD_1",
            "PASSWORD2",
            "ENCRYPTION_KEY",
            "APP_KEY",
            "SMTP_PASS",
            "spring.datasource.password",
            "GF_SECURITY_ADMIN_PASSWORD",
            "NPM_TOKEN",
            "PRIVATE_KEY",
            "VNC_PW",
            "DOMAINPASS",
            "DBPWD",
            "ARTIFACTORY_PSW",
            "KEY_PASS_PHRASE",
            "REGISTRY_CREDS",
            "xpack.security.PASSWORD",
        ] {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn names_of_other_things() {
        for name in [
            "",
            "_",
            "PWD",
            "OLDPWD",
            "PASSWORD_FILE",
            "DB_PASSWORD_FILE",
            "SECRET_NAME",
            "SECRET_ID",
            "TOKEN_PATH",
            "TOKEN_TTL",
            "TOKENIZERS_PARALLELISM",
            "MAX_TOKENS",
            "GOPASS_VERSION",
            "SSH_AUTH_SOCK",
            "PUBLIC_KEY",
            "GPG_KEY",
            "SSH_PUBLIC_KEY",
            "AWS_ACCESS_KEY_ID",
            "ALLOW_EMPTY_PASSWORD",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "PASSWORD_HASH",
            "KEYBOARD",
            "COMPASS",
            "BYPASS",
            "PROXY_BYPASS",
            "DISABLED_PASSWORD",
            "TOKEN_ISSUER",
            "CWD",
            "ARTIFACTORY_USR",
            "NO_PASSWORD",
            "TOKEN_URL",
            "PASSWORD_MIN_LENGTH",
            "POSTGRES_HOST_AUTH_METHOD",
            "KEY",
            "SORT_KEY",
            "PRIMARY_KEY",
            "ÉTÉ",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
