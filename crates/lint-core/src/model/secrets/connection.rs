//! Passwords in URLs and connection strings.

use std::ops::Range;

use crate::model::secrets::{Verdict, judge};

/// Where the password of a URL or connection string stands, if one is written out in the text:
/// `postgres://user:password@host`, `Server=db;User Id=sa;Password=...`, `host=db password=...`,
/// `user:password@tcp(host:3306)/name`, `jdbc:mysql://db/app?user=app&password=...`.
#[must_use]
pub fn password(text: &str) -> Option<Range<usize>> {
    // Nearly no text has what each of them needs.
    let has = |byte| text.as_bytes().contains(&byte);
    let colon = has(b':');
    let url = || in_url(text).or_else(|| in_query(text));
    let pairs = || if has(b'=') { in_pairs(text) } else { None };
    let go = || if colon && has(b'@') { in_go_dsn(text) } else { None };
    if colon { url() } else { None }.or_else(pairs).or_else(go)
}

fn in_url(text: &str) -> Option<Range<usize>> {
    text.match_indices("://").find_map(|(at, separator)| {
        let start = at + separator.len();
        let rest = text.get(start..)?;
        let end = rest.find(['/', '?', '#', ' ', '\t', '\n', '"', '\'', ',', '`']).unwrap_or(rest.len());
        let login = rest.get(..rest.get(..end)?.rfind('@')?)?;
        let colon = login.find(':')?;
        literal(text, start + colon + 1..start + login.len())
    })
}

/// The query of a database's URL. That of a web page may be about anybody's password.
fn in_query(text: &str) -> Option<Range<usize>> {
    let (scheme, _) = text.split_once("://")?;
    if scheme.ends_with("http") || scheme.ends_with("https") {
        return None;
    }
    let mut start = text.find('?')? + 1;
    let query = text.get(start..)?;
    let end = query.find([' ', '\t', '\n', '"', '\'', '#', '`']).unwrap_or(query.len());
    for part in query.get(..end)?.split('&') {
        if let Some(("password" | "pwd", value)) = part.split_once('=') {
            return literal(text, start + part.len() - value.len()..start + part.len());
        }
        start += part.len() + 1;
    }
    None
}

/// Pairs of a key and a value that belong to a connection: another of them names the server.
fn in_pairs(text: &str) -> Option<Range<usize>> {
    let separator = if text.contains(';') { ';' } else { ' ' };
    let mut found = None;
    let mut names_server = text.starts_with("jdbc:sqlserver://");
    let mut start = 0;
    for part in text.split(separator) {
        if let Some((key, value)) = part.split_once('=') {
            let is_one_of = |names: &[&str]| names.iter().any(|name| key.trim().eq_ignore_ascii_case(name));
            if is_one_of(&["password", "pwd"]) {
                let value_start = start + part.len() - value.len();
                found = found.or_else(|| literal(text, value_start..start + part.len()));
            }
            names_server |=
                is_one_of(&["server", "host", "hostname", "data source", "datasource", "addr", "address"]);
        }
        start += part.len() + separator.len_utf8();
    }
    found.filter(|_| names_server)
}

fn in_go_dsn(text: &str) -> Option<Range<usize>> {
    let at = text.find("@tcp(").or_else(|| text.find("@unix("))?;
    let login = text.get(..at)?;
    if login.contains([' ', '/']) {
        return None;
    }
    let colon = login.find(':')?;
    literal(text, colon + 1..at)
}

/// The range, when what stands in it is a password and not a variable or an example.
fn literal(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let password = text.get(range.clone())?;
    // A variable somewhere in it leaves nothing to be sure of.
    let variable = password.contains("${") || password.contains("{{") || password.contains("$(");
    let written = matches!(judge(password), Verdict::Literal | Verdict::Number);
    (written && !variable).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_found() {
        for (text, expected) in [
            ("postgres://app:hunter2@db:5432/app", "hunter2"),
            ("see amqp://guest:guest@mq, please", "guest"),
            ("redis://:pw1@cache", "pw1"),
            ("http://a.b/ https://u:p@c", "p"),
            ("Server=db;User Id=sa;Password=Str0ng;", "Str0ng"),
            ("host=db user=app password=pw1 dbname=x", "pw1"),
            ("app:pw1@tcp(db:3306)/app", "pw1"),
            ("mongodb://u:p%40ss@h1,h2/db", "p%40ss"),
            ("jdbc:mysql://db:3306/app?user=app&password=hunter2&useSSL=true", "hunter2"),
            ("jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=Str0ng", "Str0ng"),
        ] {
            assert_eq!(password(text).map(|range| &text[range]), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_none() {
        for text in [
            "",
            "redis://cache:6379/0",
            "postgres://app@db",
            "postgres://app:@db",
            "postgres://app:$PASSWORD@db",
            "postgres://app:${PASSWORD}@db",
            "postgres://app:<password>@db",
            "http://h/a:b@c",
            "password=x y=z",
            "jdbc:mysql://db/app?user=app&password=${PASSWORD}",
            "jdbc:mysql://db/app?user=app",
            "https://example.com/reset?password=new1",
            "Password=;Server=db",
            "user@tcp(db)/x",
            "é://é:",
        ] {
            assert_eq!(password(text), None, "{text}");
        }
    }
}
