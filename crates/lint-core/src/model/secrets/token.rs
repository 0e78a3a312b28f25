//! Credentials that can be told by their shape, whatever they are called.

use std::ops::Range;

/// A credential found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is, with an article: `a GitHub token`.
    pub kind: &'static str,
    /// Where it stands in the text.
    pub range: Range<usize>,
    /// Whether it certainly lets its holder do something. A JSON Web Token may have expired, or be meant for
    /// everybody.
    pub is_certain: bool,
}

/// A beginning that whoever issues the credential gives to all of them, and what follows it.
struct Shape {
    kind: &'static str,
    prefix: &'static str,
    body: fn(u8) -> bool,
    /// How long the rest is, at least and at most.
    length: (usize, usize),
}

const fn shape(
    kind: &'static str,
    prefix: &'static str,
    body: fn(u8) -> bool,
    least: usize,
    most: usize,
) -> Shape {
    Shape { kind, prefix, body, length: (least, most) }
}

const SHAPES: &[Shape] = &[
    shape("an AWS access key", "AKIA", upper, 16, 16),
    shape("an AWS access key", "ASIA", upper, 16, 16),
    shape("a GitHub token", "ghp_", alphanumeric, 36, 255),
    shape("a GitHub token", "gho_", alphanumeric, 36, 255),
    shape("a GitHub token", "ghu_", alphanumeric, 36, 255),
    shape("a GitHub token", "ghs_", alphanumeric, 36, 255),
    shape("a GitHub token", "ghr_", alphanumeric, 36, 255),
    shape("a GitHub token", "github_pat_", word, 60, 255),
    shape("a GitLab token", "glpat-", url_safe, 20, 255),
    shape("a GitLab token", "glrt-", url_safe, 20, 255),
    shape("a GitLab token", "gldt-", url_safe, 20, 255),
    shape("a Slack token", "xoxb-", url_safe, 20, 255),
    shape("a Slack token", "xoxp-", url_safe, 20, 255),
    shape("a Slack token", "xoxa-", url_safe, 20, 255),
    shape("a Slack token", "xoxr-", url_safe, 20, 255),
    shape("a Slack token", "xoxs-", url_safe, 20, 255),
    shape("a Slack token", "xapp-", url_safe, 20, 255),
    shape("a Slack webhook", "hooks.slack.com/services/T", slashed, 30, 255),
    shape("a Stripe key", "sk_live_", alphanumeric, 20, 255),
    shape("a Stripe key", "rk_live_", alphanumeric, 20, 255),
    shape("a Google API key", "AIza", url_safe, 35, 35),
    shape("a SendGrid key", "SG.", dotted, 60, 80),
    shape("an npm token", "npm_", alphanumeric, 36, 36),
    shape("a PyPI token", "pypi-AgEIcHlwaS", url_safe, 50, 500),
    shape("a Docker Hub token", "dckr_pat_", url_safe, 20, 64),
    shape("an Anthropic key", "sk-ant-", url_safe, 40, 255),
    shape("an OpenAI key", "sk-proj-", url_safe, 40, 255),
    shape("an OpenAI key", "sk-", alphanumeric, 48, 48),
    shape("a Hugging Face token", "hf_", alphanumeric, 34, 40),
    shape("a DigitalOcean token", "dop_v1_", hexadecimal, 64, 64),
    shape("an age key", "AGE-SECRET-KEY-1", upper, 50, 64),
    shape("an Azure account key", "AccountKey=", base64, 86, 90),
];

/// The shortest of all of them, in bytes: an AWS access key.
const SHORTEST: usize = 20;

const PRIVATE_KEY: &str = "-----BEGIN ";
const JSON_WEB_TOKEN: &str = "eyJ";

/// The bit of a private key in [`BEGIN_WITH`], behind those of the shapes, and that of a JSON Web Token.
const KEY: usize = SHAPES.len();
const TOKEN: usize = SHAPES.len() + 1;

/// Which of them begin with a byte, and which have it second: a bit for each. Hardly any two bytes of a text have one in common.
static BEGIN_WITH: [[u64; 256]; 2] = {
    assert!(TOKEN < 64, "as many as there are bits");
    let mut begin = [[0; 256]; 2];
    let mut at = 0;
    while at <= TOKEN {
        let prefix = match at {
            KEY => PRIVATE_KEY,
            TOKEN => JSON_WEB_TOKEN,
            _ => SHAPES[at].prefix,
        };
        begin[0][prefix.as_bytes()[0] as usize] |= 1 << at;
        begin[1][prefix.as_bytes()[1] as usize] |= 1 << at;
        at += 1;
    }
    begin
};

/// A credential in a text: of several the one whose shape comes first in the list. The time is in proportion to the text: it is
/// walked once for all shapes, and none looks further ahead than its own length.
#[must_use]
pub fn find(text: &str) -> Option<Token> {
    let bytes = text.as_bytes();
    if bytes.len() < SHORTEST {
        return None;
    }
    let mut found: Option<(usize, Token)> = None;
    let (mut has_key, mut has_token) = (false, false);
    for (at, pair) in bytes.windows(2).enumerate() {
        let &[first, second] = pair else { continue };
        let mut shapes = BEGIN_WITH[0][usize::from(first)] & BEGIN_WITH[1][usize::from(second)];
        while shapes != 0 {
            let index = shapes.trailing_zeros() as usize;
            shapes &= shapes - 1;
            has_key |= index == KEY;
            has_token |= index == TOKEN;
            let Some(shape) = SHAPES.get(index) else { continue };
            if found.as_ref().is_none_or(|(place, _)| index < *place)
                && bytes.get(at..).is_some_and(|rest| rest.starts_with(shape.prefix.as_bytes()))
                && let Some(end) = shape.end(text, at)
            {
                found = Some((index, Token { kind: shape.kind, range: at..end, is_certain: true }));
            }
        }
    }
    let private_key = || if has_key { private_key(text) } else { None };
    let json_web_token = || if has_token { json_web_token(text) } else { None };
    found.map(|(_, token)| token).or_else(private_key).or_else(json_web_token)
}

impl Shape {
    /// Where the credential that begins at `at` ends, if it is one.
    fn end(&self, text: &str, at: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        if at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|&before| word(before)) {
            return None;
        }
        let start = at + self.prefix.len();
        let body = run(bytes, start, self.body, self.length.1 + 1);
        let fits = (self.length.0..=self.length.1).contains(&body.len());
        (fits && is_varied(body)).then_some(start + body.len())
    }
}

/// The bytes from `start` that are of a class, up to `most` of them.
fn run(bytes: &[u8], start: usize, class: fn(u8) -> bool, most: usize) -> &[u8] {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = rest.iter().take(most).take_while(|&&byte| class(byte)).count();
    rest.get(..length).unwrap_or_default()
}

/// Whether it was drawn rather than typed: `xxxx...`, `1234567890` over and over, and AWS's own example are not.
fn is_varied(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    body.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    seen.iter().filter(|&&seen| seen).count() >= 8
        && !body.ends_with(b"EXAMPLE")
        && !body.ends_with(b"EXAMPLEKEY")
}

/// `-----BEGIN ... PRIVATE KEY-----` and at least a line of the key.
fn private_key(text: &str) -> Option<Token> {
    text.match_indices(PRIVATE_KEY).find_map(|(at, _)| {
        let title = at + PRIVATE_KEY.len();
        let length = text.get(title..)?.bytes().take(40).position(|byte| byte == b'-')?;
        let named = text.get(title..title + length)?;
        if !named.contains("PRIVATE KEY") {
            return None;
        }
        let body = title + length + 5;
        // Written in one line, the lines are parted by `\n`.
        let key = run(
            text.as_bytes(),
            body,
            |byte| base64(byte) || matches!(byte, b'\n' | b'\r' | b' ' | b'\\'),
            400,
        );
        let drawn: Vec<u8> = key.iter().copied().filter(|byte| byte.is_ascii_alphanumeric()).collect();
        (drawn.len() >= 20 && is_varied(&drawn)).then_some(Token {
            kind: "a private key",
            range: at..body,
            is_certain: true,
        })
    })
}

/// `eyJ....eyJ....signature`
fn json_web_token(text: &str) -> Option<Token> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(JSON_WEB_TOKEN)) {
        let at = from + found;
        let header = run(bytes, at, url_safe, 512);
        // What is not followed by a dot is searched no second time.
        from = at + header.len();
        if bytes.get(from) != Some(&b'.') || header.len() < 16 {
            continue;
        }
        let claims = run(bytes, from + 1, url_safe, 4096);
        let signature = from + 1 + claims.len();
        if !claims.starts_with(b"eyJ") || bytes.get(signature) != Some(&b'.') {
            continue;
        }
        let last = run(bytes, signature + 1, url_safe, 1024);
        if last.len() >= 20 && is_varied(last) {
            return Some(Token {
                kind: "a JSON Web Token",
                range: at..signature + 1 + last.len(),
                is_certain: false,
            });
        }
    }
    None
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn hexadecimal(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn url_safe(byte: u8) -> bool {
    word(byte) || byte == b'-'
}

fn dotted(byte: u8) -> bool {
    url_safe(byte) || byte == b'.'
}

fn slashed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'/'
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joined at run time, so that nobody who scans this repository is alarmed.
    fn made(prefix: &str, body: &str) -> String {
        format!("{prefix}{body}")
    }

    #[test]
    fn shapes() {
        let drawn = "0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5Z";
        for (text, kind) in [
            (made("AKIA", "QWERTYUIOPASDFGH"), "an AWS access key"),
            (made("x ghp_", &drawn[..36]), "a GitHub token"),
            (made("glpat-", &drawn[..20]), "a GitLab token"),
            (made("-----BEGIN RSA ", &format!("PRIVATE KEY-----\n{drawn}\n")), "a private key"),
            (made("eyJ", &format!("hbGciOiJIUzI1NiJ9.eyJ{drawn}.{drawn}")), "a JSON Web Token"),
        ] {
            assert_eq!(find(&text).map(|token| token.kind), Some(kind), "{kind}");
        }
    }

    #[test]
    fn what_only_looks_like_one() {
        for text in [
            made("AKIA", "IOSFODNN7EXAMPLE"),
            made("AKIA", "QWERTYUIOPASDFGHJ"),
            made("xAKIA", "QWERTYUIOPASDFGH"),
            made("ghp_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            "-----BEGIN PRIVATE KEY-----".to_owned(),
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".to_owned(),
            "eyJhbGciOiJIUzI1NiJ9".to_owned(),
            String::new(),
        ] {
            assert_eq!(find(&text), None, "{text}");
        }
    }

    /// Shape by shape, as the list has them.
    fn slowly(text: &str) -> Option<Token> {
        let shaped = SHAPES.iter().find_map(|shape| {
            text.match_indices(shape.prefix).find_map(|(at, _)| {
                shape.end(text, at).map(|end| Token { kind: shape.kind, range: at..end, is_certain: true })
            })
        });
        shaped.or_else(|| private_key(text)).or_else(|| json_web_token(text))
    }

    proptest::proptest! {
        #[test]
        fn one_walk_finds_what_a_search_for_each_shape_finds(
            text in "(sk-|sk-ant-|AKIA|ASIA|SG\\.|xoxb-|eyJ|-----BEGIN |PRIVATE KEY-----|[ .]|[a-zA-Z0-9]{16}|[a-z0-9]{20}){0,12}",
        ) {
            proptest::prop_assert_eq!(find(&text), slowly(&text));
        }

        #[test]
        fn ranges_lie_in_the_text(text in "(eyJ|\\.|AKIA|ghp_|-----BEGIN |PRIVATE KEY|[a-zA-Z0-9é\n]){0,60}") {
            if let Some(token) = find(&text) {
                proptest::prop_assert!(text.get(token.range).is_some());
            }
        }
    }
}
