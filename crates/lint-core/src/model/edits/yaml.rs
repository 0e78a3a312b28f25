//! What is written into a Compose file.

use std::fmt::Write as _;

use lint_parser::yaml::node::ScalarStyle;

/// A value to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    /// A text, with quotes where YAML would take it for something else without them.
    Text(String),
    /// What YAML reads as it stands: `true`, `512m`, `200`.
    Bare(&'static str),
    /// A list.
    List(Vec<Yaml>),
    /// A list between brackets.
    Flow(Vec<Yaml>),
    /// A mapping.
    Map(Vec<(&'static str, Yaml)>),
    /// A mapping whose keys are names.
    Named(Vec<(String, Yaml)>),
}

/// How a file writes its YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// Whether it may be read as JSON: every text in double quotes.
    pub(super) json: bool,
    /// By how much a mapping is indented under its key.
    pub(super) step: usize,
    /// By how much a list is.
    pub(super) dash: usize,
}

/// How what stands between brackets is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flow {
    /// Whether it may be read as JSON.
    pub(super) json: bool,
    /// Whether blanks stand inside the braces.
    pub(super) padded: bool,
}

impl Yaml {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// On one line.
    pub(super) fn flow(&self, flow: Flow) -> String {
        let within = |parts: Vec<String>, open: char, close: char| match parts.as_slice() {
            [] => format!("{open}{close}"),
            parts if open == '{' && flow.padded => format!("{open} {} {close}", parts.join(", ")),
            parts => format!("{open}{}{close}", parts.join(", ")),
        };
        match self {
            Self::Text(text) => scalar(text, flow.json, true),
            Self::Bare(text) if flow.json && !is_json_literal(text) => double_quoted(text),
            Self::Bare(text) => (*text).to_owned(),
            Self::List(items) | Self::Flow(items) => {
                within(items.iter().map(|item| item.flow(flow)).collect(), '[', ']')
            }
            Self::Named(entries) => {
                within(entries.iter().map(|(key, value)| entry(key, value, flow)).collect(), '{', '}')
            }
            Self::Map(entries) => {
                within(entries.iter().map(|(key, value)| entry(key, value, flow)).collect(), '{', '}')
            }
        }
    }

    /// `key: value` on lines of its own, each with its line break.
    pub(super) fn block(&self, key: &str, indent: &str, style: Style) -> String {
        let mut lines = String::new();
        self.block_into(&mut lines, key, indent, style);
        lines
    }

    fn block_into(&self, lines: &mut String, key: &str, indent: &str, style: Style) {
        let _ = match self {
            Self::List(items) if !items.is_empty() => {
                let _ = writeln!(lines, "{indent}{}:", scalar(key, false, false));
                let deeper = format!("{indent}{}", " ".repeat(style.dash));
                items.iter().try_for_each(|item| writeln!(lines, "{deeper}- {}", item.inline()))
            }
            Self::Map(entries) if !entries.is_empty() => {
                let _ = writeln!(lines, "{indent}{}:", scalar(key, false, false));
                let deeper = format!("{indent}{}", " ".repeat(style.step));
                entries.iter().for_each(|(key, value)| value.block_into(lines, key, &deeper, style));
                Ok(())
            }
            Self::Named(entries) if !entries.is_empty() => {
                let _ = writeln!(lines, "{indent}{}:", scalar(key, false, false));
                let deeper = format!("{indent}{}", " ".repeat(style.step));
                entries.iter().for_each(|(key, value)| value.block_into(lines, key, &deeper, style));
                Ok(())
            }
            _ => writeln!(lines, "{indent}{}: {}", scalar(key, false, false), self.inline()),
        };
    }

    /// Behind a key or a dash in block style.
    pub(super) fn inline(&self) -> String {
        match self {
            Self::Text(text) => scalar(text, false, false),
            _ => self.flow(Flow::default()),
        }
    }
}

/// `key: value` between braces.
pub(super) fn entry(key: &str, value: &Yaml, flow: Flow) -> String {
    format!("{}: {}", scalar(key, flow.json, true), value.flow(flow))
}

/// A text in the style another one is written in. None for block scalars.
pub(super) fn restyled(text: &str, style: ScalarStyle, in_flow: bool) -> Option<String> {
    Some(match style {
        ScalarStyle::Plain => scalar(text, false, in_flow),
        ScalarStyle::SingleQuoted if !text.contains(['\n', '\r']) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        ScalarStyle::DoubleQuoted => double_quoted(text),
        _ => return None,
    })
}

/// A text as a scalar, in quotes where it needs them.
fn scalar(text: &str, json: bool, in_flow: bool) -> String {
    if json || !is_plain(text, in_flow) { double_quoted(text) } else { text.to_owned() }
}

fn is_json_literal(text: &str) -> bool {
    matches!(text, "true" | "false" | "null") || text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a text is itself without quotes, to every reader of YAML: nothing that looks like a number, a boolean of any
/// version, or a part of the syntax.
fn is_plain(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", "nan"];
    let lower = text.to_ascii_lowercase();
    let first = text.bytes().next();
    let starts = first.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'_'))
        // An address or a port mapping: digits, and something that makes it no number of any base.
        || (first.is_some_and(|b| b.is_ascii_digit()) && is_no_number(text));
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_./:=@+-%,* ".contains(&b);
    let is_word = WORDS.contains(&&*lower);
    let is_syntax = text.contains(": ") || text.ends_with([':', ' ']);
    let ends_part = in_flow && text.contains([',', ' ', '*']);
    starts && text.bytes().all(allowed) && !is_word && !is_syntax && !ends_part
}

/// `127.0.0.1:80:80`, `9200/tcp`, `10s`; not `22:22`, which is sixty times twenty-two and more to YAML 1.1.
fn is_no_number(text: &str) -> bool {
    let is_sexagesimal = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'_' | b'.'))
        && text.matches('.').count() < 3;
    !is_sexagesimal && !is_number(text)
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
        || text.starts_with("0x")
        || text.starts_with("0o")
        || text.starts_with("0b")
        // A day is a timestamp.
        || text.bytes().all(|b| b.is_ascii_digit() || b"-:tTzZ.+ ".contains(&b)) && text.contains('-')
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        let _ = match c {
            '"' | '\\' => write!(quoted, "\\{c}"),
            '\n' => write!(quoted, "\\n"),
            '\r' => write!(quoted, "\\r"),
            '\t' => write!(quoted, "\\t"),
            c if c.is_control() || c == '\u{feff}' => write!(quoted, "\\u{:04x}", c as u32),
            c => write!(quoted, "{c}"),
        };
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_get_quotes_where_a_reader_could_take_them_for_something_else() {
        for plain in [
            "ALL",
            "no-new-privileges=true",
            "/tmp",
            "/run:exec,size=64m",
            "127.0.0.1:80:80",
            "10s",
            "nginx:1.27",
        ] {
            assert_eq!(scalar(plain, false, false), plain);
        }
        for quoted in [
            "",
            "yes",
            "No",
            "22:22",
            "0777",
            "1.5",
            "1e3",
            "0x1F",
            "2020-01-01",
            "a: b",
            "a ",
            "*a",
            "&a",
            "# a",
            "${A}",
            "é",
        ] {
            assert_eq!(scalar(quoted, false, false), format!("\"{quoted}\""));
        }
        assert_eq!(scalar("/run:exec,size=64m", false, true), "\"/run:exec,size=64m\"");
        assert_eq!(scalar("a\"b\\", true, true), r#""a\"b\\""#);
    }

    #[test]
    fn values_in_both_styles() {
        let json = Flow { json: true, padded: false };
        let style = Style { json: false, step: 2, dash: 0 };
        let limits = Yaml::Map(vec![(
            "resources",
            Yaml::Map(vec![("limits", Yaml::Map(vec![("pids", Yaml::Bare("200"))]))]),
        )]);
        assert_eq!(
            limits.block("deploy", "  ", style),
            "  deploy:\n    resources:\n      limits:\n        pids: 200\n"
        );
        assert_eq!(limits.flow(json), r#"{"resources": {"limits": {"pids": 200}}}"#);
        let list = Yaml::texts(["a", "b c"]);
        assert_eq!(list.block("x", "", style), "x:\n- a\n- b c\n");
        assert_eq!(list.flow(Flow::default()), r#"[a, "b c"]"#);
        assert_eq!(Yaml::Bare("512m").flow(json), r#""512m""#);
    }
}
