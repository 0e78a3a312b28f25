//! What ShellCheck prints with `-f json1`: lines and columns from 1, columns in characters, a tab being one.

use std::ops::Range;

use lint_core::Severity;
use lint_core::shell::ScriptFinding;
use serde_json::Value;

/// A comment of ShellCheck's, and the name of the file it is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub(super) file: String,
    code: u16,
    severity: Severity,
    message: String,
    start: (usize, usize),
    end: (usize, usize),
}

/// Reads the comments; `None` when it is something else.
pub(super) fn read(output: &[u8]) -> Option<Vec<Comment>> {
    let output: Value = serde_json::from_slice(output).ok()?;
    output.get("comments")?.as_array()?.iter().map(comment).collect()
}

fn comment(value: &Value) -> Option<Comment> {
    let number = |key: &str| value.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Comment {
        file: text("file")?,
        code: number("code").and_then(|code| u16::try_from(code).ok())?,
        severity: match value.get("level")?.as_str()? {
            "error" => Severity::High,
            "warning" => Severity::Medium,
            "info" => Severity::Low,
            "style" => Severity::Style,
            _ => return None,
        },
        message: text("message")?,
        start: (number("line")?, number("column")?),
        end: (number("endLine")?, number("endColumn")?),
    })
}

impl Comment {
    /// The comment as a finding in the text it is about.
    pub(super) fn into_finding(self, lines: &Lines<'_>) -> ScriptFinding {
        let start = lines.offset(self.start);
        let end = lines.offset(self.end).max(start);
        ScriptFinding {
            code: self.code,
            range: Range { start, end },
            severity: self.severity,
            message: self.message,
        }
    }
}

/// The lines of a text.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The byte of a line and column; what lies beyond the line or the text is its end.
    fn offset(&self, (line, column): (usize, usize)) -> usize {
        let Some(&start) = line.checked_sub(1).and_then(|line| self.starts.get(line)) else {
            return self.text.len();
        };
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        let line = self.text.get(start..end).unwrap_or_default();
        line.char_indices().nth(column.saturating_sub(1)).map_or(end, |(at, _)| start + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_a_tab_is_one() {
        let text = "a\n\té$x\nb";
        let lines = Lines::of(text);
        let at = |line, column| &text[lines.offset((line, column))..];
        assert_eq!((at(1, 1), at(2, 2), at(2, 3), at(3, 1)), (text, "é$x\nb", "$x\nb", "b"));
        assert_eq!((at(1, 9), at(2, 9), at(9, 1), at(0, 0)), ("\n\té$x\nb", "\nb", "", ""));
    }

    #[test]
    fn what_is_not_json1_is_nothing() {
        let good = br#"{"comments":[{"file":"0","line":1,"endLine":1,"column":6,"endColumn":8,"level":"info","code":2086,"message":"Quote.","fix":null}]}"#;
        let finding = read(good).unwrap().remove(0).into_finding(&Lines::of("echo $x"));
        assert_eq!((finding.code, finding.range, finding.severity), (2086, 5..7, Severity::Low));
        for bad in
            ["", "[]", "{}", "no", r#"{"comments":[{}]}"#, r#"{"comments":[{"file":"0","code":99999}]}"#]
        {
            assert_eq!(read(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(read(br#"{"comments":[]}"#), Some(Vec::new()));
    }
}
