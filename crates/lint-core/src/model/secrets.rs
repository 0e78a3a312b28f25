//! What is a secret: by the name it goes under, by the shape it has, by the place it stands in.
//!
//! Neither language is known here: names, values and the words of commands go in, a verdict comes out. A name
//! alone is no evidence (`PASSWORD_FILE`, `TOKEN=`), and neither is a value, unless it has the shape of a
//! credential somebody issued.

pub mod arguments;
pub mod connection;
pub mod dockerfile;
pub mod name;
pub mod structured;
pub mod token;

use std::ops::Range;

/// What the value of a variable is, as far as secrets are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Empty,
    /// Points at where the value is: a variable, a template, a path, a vault.
    Reference,
    /// Stands for a value that somebody is to fill in: `<password>`, `xxxx`, `your-token-here`. A default that
    /// works, such as `changeme`, is none: it works for everybody.
    Placeholder,
    /// A switch or a word that asks for something: `true`, `none`, `auto`.
    Switch,
    /// Digits.
    Number,
    /// May be read by everybody: a public key, a certificate.
    Public,
    /// The hash of a password.
    Hash,
    /// Anything else: under a secret's name, a secret.
    Literal,
}

/// Where in a variable's value the secret is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// All of it, because of the variable's name.
    Value,
    /// The password of a URL or connection string.
    Connection(Range<usize>),
    /// The part behind a user's name: `NEO4J_AUTH=neo4j/password`.
    Pair(Range<usize>),
    /// A password among the settings that the value is made of: `… required username="app" password="…";`.
    Setting(Range<usize>),
}

/// The secret that a variable of this name and value gives away, if any.
#[must_use]
pub fn in_variable(name: &str, value: &str) -> Option<Exposure> {
    if let Some(range) = connection::password(value) {
        return Some(Exposure::Connection(range));
    }
    if let Some(range) = structured::password(value) {
        return Some(Exposure::Setting(range));
    }
    if name::is_login(name) {
        return login(value).map(Exposure::Pair);
    }
    if !name::is_secret(name) {
        return None;
    }
    match judge(value) {
        Verdict::Literal if name::is_of_signatures(name) && is_fingerprints(value) => None,
        Verdict::Literal if name::is_of_credentials(name) && is_file_name(name, value) => None,
        Verdict::Literal => Some(Exposure::Value),
        // Nobody is issued a token of four digits, but people choose such passwords.
        Verdict::Number if value.trim().len() >= 4 && name::is_password(name) => Some(Exposure::Value),
        _ => None,
    }
}

/// What a value is, whatever its name.
#[must_use]
pub fn judge(value: &str) -> Verdict {
    let value = value.trim();
    if value.is_empty() {
        Verdict::Empty
    } else if is_reference(value) {
        Verdict::Reference
    } else if is_switch(value) {
        Verdict::Switch
    } else if value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) {
        Verdict::Number
    } else if is_public(value) {
        Verdict::Public
    } else if is_hash(value) {
        Verdict::Hash
    } else if is_placeholder(value) {
        Verdict::Placeholder
    } else {
        Verdict::Literal
    }
}

/// Fingerprints of public keys, one or several, and the long numbers of keys that are made of them.
fn is_fingerprints(value: &str) -> bool {
    let hex = |word: &str| word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = value.split([' ', ',', ';', '\t', '\n']).filter(|word| !word.is_empty());
    let mut digits = 0;
    for word in words {
        let word = word.trim_start_matches("0x");
        if !hex(word) || !matches!(word.len(), 4 | 16 | 32 | 40 | 64) {
            return false;
        }
        digits += word.len();
    }
    digits >= 16
}

/// Whether a value names a file rather than being the secret.
fn is_file_name(name: &str, value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'));
    let has_extension = lower.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && [
                "json",
                "txt",
                "key",
                "pem",
                "creds",
                "cred",
                "yaml",
                "yml",
                "ini",
                "conf",
                "jks",
                "p12",
                "properties",
            ]
            .contains(&extension)
    });
    // Confluent's images read `/etc/kafka/secrets/` and this name.
    let of_store =
        name.to_ascii_uppercase().contains("SSL_") && name.to_ascii_uppercase().ends_with("_CREDENTIALS");
    plain && (has_extension || of_store || lower.contains("cred"))
}

/// The password in `user:password` or `user/password`.
fn login(value: &str) -> Option<Range<usize>> {
    let at = value.find([':', '/'])?;
    let password = value.get(at + 1..)?;
    let whole = !password.contains([':', '/', ' ']) && at > 0;
    (whole && judge(password) == Verdict::Literal).then(|| at + 1..value.len())
}

fn is_reference(value: &str) -> bool {
    const STORES: &[&str] = &[
        "/run/secrets/",
        "op://",
        "vault:",
        "vault://",
        "ref+",
        "secret://",
        "secretref:",
        "arn:aws:",
        "env:",
        "env://",
        "file:",
        "http://",
        "https://",
        "gcp://",
        "awssm://",
        "azurekeyvault://",
        "keyring:",
    ];
    let variable = value.strip_prefix('$').is_some_and(|rest| {
        let braced = rest.starts_with(['{', '(']) && rest.ends_with(['}', ')']);
        let named = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        // `$1$...` is a hash, `$pa55` could be either: a name begins with a letter.
        braced || (named && rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_'))
    });
    let template = (value.starts_with("{{") && value.ends_with("}}"))
        || (value.starts_with("<%") && value.ends_with("%>"))
        || (value.len() > 2 && value.starts_with('%') && value.ends_with('%'));
    variable || template || STORES.iter().any(|store| value.starts_with(store)) || is_path(value)
}

/// A path rather than base64, in which slashes are common too.
fn is_path(value: &str) -> bool {
    if value.starts_with("./") || value.starts_with("../") || value.starts_with("~/") {
        return true;
    }
    let Some(rest) = value.strip_prefix('/') else { return false };
    let first = rest.split('/').next().unwrap_or_default();
    let directories = [
        "app", "bin", "certs", "config", "data", "dev", "etc", "home", "keys", "mnt", "opt", "root", "run",
        "secrets", "srv", "ssl", "tmp", "usr", "var", "vault",
    ];
    // `/credentials.json`: base64 has no dots.
    let extension =
        rest.rsplit('/').next().unwrap_or_default().rsplit_once('.').map(|(_, extension)| extension);
    let extensions =
        ["cfg", "conf", "crt", "env", "ini", "json", "key", "p12", "pem", "toml", "txt", "yaml", "yml"];
    directories.contains(&first) || extension.is_some_and(|extension| extensions.contains(&extension))
}

fn is_switch(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "enabled",
        "disabled",
        "enable",
        "disable",
        "none",
        "null",
        "nil",
        "undefined",
        "auto",
        "automatic",
        "generate",
        "generated",
        "random",
        "required",
        "optional",
    ];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn is_public(value: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "ssh-rsa ",
        "ssh-ed25519 ",
        "ssh-dss ",
        "ecdsa-sha2-",
        "sk-ssh-",
        "sk-ecdsa-",
        "-----BEGIN CERTIFICATE",
        "-----BEGIN PUBLIC KEY",
        "-----BEGIN RSA PUBLIC KEY",
        "-----BEGIN PGP PUBLIC KEY",
        "-----BEGIN TRUSTED CERT",
    ];
    BEGINNINGS.iter().any(|beginning| value.starts_with(beginning))
}

/// The hash of a password, alone or behind a user's name as in a `htpasswd` file.
fn is_hash(value: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "$1$",
        "$2a$",
        "$2b$",
        "$2x$",
        "$2y$",
        "$5$",
        "$6$",
        "$7$",
        "$y$",
        "$apr1$",
        "$argon2",
        "$pbkdf2",
        "$scrypt$",
        "pbkdf2_sha",
        "pbkdf2:",
        "scrypt:",
        "argon2:",
        "argon2$",
        "SCRAM-SHA-",
        "{SHA}",
        "{SSHA}",
        "{SSHA512}",
        "{CRYPT}",
        "{BCRYPT}",
        "sha1:",
        "sha256:",
        "sha512:",
        "md5:",
    ];
    let begins = |value: &str| BEGINNINGS.iter().any(|beginning| value.starts_with(beginning));
    begins(value) || value.split_once(':').is_some_and(|(_, behind)| begins(behind))
}

fn is_placeholder(value: &str) -> bool {
    let bracketed = (value.starts_with('<') && value.ends_with('>'))
        || (value.starts_with('[') && value.ends_with(']'))
        || (value.starts_with('{') && value.ends_with('}') && !value.contains([':', ',']));
    let masked =
        value.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '-' | '_' | '#' | '?' | '•' | '…'));
    if bracketed || masked {
        return true;
    }
    // What people write has no more than a few words; a long text is not compared word by word.
    if value.len() > 80 {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    let mut words = lower.split(['_', '-', ' ', '.', '<', '>']).filter(|word| !word.is_empty());
    let first = words.clone().next().unwrap_or_default();
    let several = words.clone().nth(1).is_some();
    let last = words.next_back().unwrap_or_default();
    let asks =
        ["replace", "insert", "enter", "put", "set", "fill", "add", "paste", "todo", "fixme", "tbd", "your"];
    (several && (asks.contains(&first) || last == "here"))
        || matches!(&*lower, "todo" | "fixme" | "tbd" | "replaceme" | "setme" | "fillme" | "placeholder")
        || [first, last].iter().any(|word| matches!(*word, "dummy" | "unused"))
        || (several && first == "not")
        || (first.starts_with("your")
            && ["password", "secret", "token", "key", "apikey"].iter().any(|kind| first.ends_with(kind)))
        || lower.contains("placeholder")
        || lower.contains("dummy")
        || lower.contains("-your-")
        || lower.contains("_your_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, expected) in [
            ("", Verdict::Empty),
            ("  ", Verdict::Empty),
            ("$DB_PASSWORD", Verdict::Reference),
            ("${DB_PASSWORD:?}", Verdict::Reference),
            ("$(cat /run/secrets/x)", Verdict::Reference),
            ("{{ vault_password }}", Verdict::Reference),
            ("/run/secrets/db", Verdict::Reference),
            ("/etc/ssl/private/key.pem", Verdict::Reference),
            ("op://vault/item/field", Verdict::Reference),
            ("https://example.com/token", Verdict::Reference),
            ("/9j4AAQSkZJRg/k+8=", Verdict::Literal),
            ("true", Verdict::Switch),
            ("None", Verdict::Switch),
            ("3600", Verdict::Number),
            ("ssh-ed25519 AAAAC3Nza me", Verdict::Public),
            ("$2y$10$abcdefghijkl", Verdict::Hash),
            ("admin:$apr1$H6uskkkW$IgXLP6ew", Verdict::Hash),
            ("<your password>", Verdict::Placeholder),
            ("xxxxxxxx", Verdict::Placeholder),
            ("your-token-here", Verdict::Placeholder),
            ("YOUR_API_KEY", Verdict::Placeholder),
            ("yourpassword", Verdict::Placeholder),
            ("replace_me", Verdict::Placeholder),
            ("dummyKeyForTheBuild", Verdict::Placeholder),
            ("sk-your-key", Verdict::Placeholder),
            ("changeme", Verdict::Literal),
            ("pa$word", Verdict::Literal),
            ("$pa55word", Verdict::Literal),
            ("hunter2", Verdict::Literal),
            ("enterprise", Verdict::Literal),
            ("settled-9", Verdict::Literal),
            ("é", Verdict::Literal),
        ] {
            assert_eq!(judge(value), expected, "{value}");
        }
    }

    #[test]
    fn variables() {
        let found = |name, value| in_variable(name, value);
        assert_eq!(found("DB_PASSWORD", "hunter2"), Some(Exposure::Value));
        assert_eq!(found("DB_PASSWORD", "123456"), Some(Exposure::Value));
        assert_eq!(found("API_TOKEN", "123456"), None);
        assert_eq!(found("DB_PASSWORD_FILE", "hunter2"), None);
        assert_eq!(found("MODE", "hunter2"), None);
        assert_eq!(found("DATABASE_URL", "postgres://app:pw1@db/x"), Some(Exposure::Connection(15..18)));
        assert_eq!(found("NEO4J_AUTH", "neo4j/hunter2"), Some(Exposure::Pair(6..13)));
        assert_eq!(found("NEO4J_AUTH", "none"), None);
        let fingerprint = "7C3D19A0B24EF85561D08E92F4A7BB3C6D0915EE";
        assert_eq!(found("VENDOR_SIGNING_KEY", fingerprint), None);
        assert_eq!(found("SIGNING_KEY", "7C3D 19A0 B24E F855 61D0  8E92 F4A7 BB3C 6D09 15EE"), None);
        assert_eq!(found("JWT_SIGNING_KEY", fingerprint), Some(Exposure::Value));
        assert_eq!(found("API_KEY", fingerprint), Some(Exposure::Value));
        assert_eq!(found("KAFKA_SSL_KEY_CREDENTIALS", "b1_key_creds"), None);
        assert_eq!(found("CLOUD_CREDENTIALS", "gcp.json"), None);
        assert_eq!(found("CLOUD_CREDENTIALS", "hunter2"), Some(Exposure::Value));
        let login = r#"PlainLoginModule required username="app" password="q8Wv3rTz";"#;
        assert_eq!(found("JAAS_CONFIG", login), Some(Exposure::Setting(50..58)));
        assert_eq!(found("JAAS_CONFIG", r#"required username="app" password="${PW:?}";"#), None);
        assert_eq!(found("BASIC_AUTH", "a:${PW}"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_verdict_and_ranges_lie_in_it(name in ".{0,40}", value in "(://|:|@|=|;|password|host|\\$|\\{|é|.){0,40}") {
            let _ = judge(&value);
            for name in [name.as_str(), "PASSWORD", "NEO4J_AUTH"] {
                let range = match in_variable(name, &value) {
                    Some(Exposure::Connection(range) | Exposure::Pair(range) | Exposure::Setting(range)) => range,
                    Some(Exposure::Value) | None => continue,
                };
                proptest::prop_assert!(value.get(range).is_some_and(|part| !part.is_empty()));
            }
        }
    }
}
