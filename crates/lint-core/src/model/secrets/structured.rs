//! Passwords in values that are made of settings: a login module of JAAS, a piece of JSON, lines of properties.

use std::ops::Range;

use crate::model::secrets::{Verdict, judge, name};

/// Where the value of a setting stands that is called as a password is and is quoted: `password="…"`, `"password": "…"`.
/// Without quotes it may be anything.
#[must_use]
pub fn password(text: &str) -> Option<Range<usize>> {
    // Nearly every value has no quote and no such word.
    if !text.contains(['"', '\'']) {
        return None;
    }
    let mut end = 0;
    for (at, mark) in text.match_indices(['=', ':']) {
        if at < end {
            continue;
        }
        let after = text.get(at + mark.len()..)?;
        let blanks = after.len() - after.trim_start_matches([' ', '\t']).len();
        let Some(quote) = after.get(blanks..)?.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            continue;
        };
        let start = at + mark.len() + blanks + 1;
        let length = text.get(start..)?.find(quote)?;
        end = start + length;
        let value = start..end;
        if is_password(key_before(text, at)) && is_written(&text[value.clone()]) {
            return Some(value);
        }
    }
    None
}

/// The name in front of a `=` or `:`, without its quotes.
fn key_before(text: &str, at: usize) -> &str {
    let before = text[..at].trim_end_matches([' ', '\t', '"', '\'']);
    // A name is short.
    let from = before.len().saturating_sub(80);
    let from = (from..=before.len()).find(|&from| before.is_char_boundary(from)).unwrap_or(before.len());
    let tail = &before[from..];
    tail.rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).next().unwrap_or_default()
}

fn is_password(key: &str) -> bool {
    name::is_password(key) && name::is_secret(key)
}

fn is_written(value: &str) -> bool {
    !value.contains("${") && !value.contains("$(") && judge(value) == Verdict::Literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_among_settings() {
        let found = |text: &'static str| password(text).map(|range| &text[range]);
        assert_eq!(found(r#"required username="app" password="q8Wv3rTz";"#), Some("q8Wv3rTz"));
        assert_eq!(found("required username='app' password='q8Wv3rTz';"), Some("q8Wv3rTz"));
        assert_eq!(found(r#"{"user": "app", "password": "q8Wv3rTz"}"#), Some("q8Wv3rTz"));
        assert_eq!(found(r#"{"smtp_pass":"q8Wv3rTz"}"#), Some("q8Wv3rTz"));
        assert_eq!(found(r#"password="${PW}";"#), None);
        assert_eq!(found(r#"password="";"#), None);
        assert_eq!(found(r#"{"passwordMinLength": "12", "label": "password"}"#), None);
        assert_eq!(found(r#"{"password": true}"#), None);
        assert_eq!(found("password=q8Wv3rTz"), None);
        assert_eq!(found("say \"password\""), None);
        assert_eq!(found("é=\""), None);
    }
}
