//! Takes out of a script what cannot matter, since reading it all with the shell's grammar is most of the work.

use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;

use crate::model::calls::prose::mentions;

/// First words of lines that matter, or that others depend on.
const KEPT: [&str; 40] = [
    "cd", "pushd", "popd", "export", "source", ".", "make", "gmake", "cp", "mv", "ln", "install", "set",
    "declare", "typeset", "readonly", "local", "tee", "sh", "bash", "if", "then", "else", "elif", "fi",
    "for", "select", "while", "until", "do", "done", "case", "esac", "in", "function", "time", "sudo", "env",
    "exec", "!",
];

/// A script in which lines that certainly are commands of no interest are one `:`, so that what they stand in is still
/// whole: a line by itself, with its quotes and brackets closed, that neither assigns nor goes anywhere.
pub(super) fn thinned(text: &str) -> Mapped {
    let mut out = MappedBuilder::default();
    let mut at = 0;
    let (mut is_continued, mut is_thin) = (false, false);
    // A word by itself may be what ends a here-document.
    let has_documents = text.contains("<<");
    for whole in text.split_inclusive('\n') {
        let (start, line) = (at, whole.trim_end_matches(['\n', '\r']));
        at += whole.len();
        let trimmed = line.trim();
        let goes_on = trimmed.ends_with(['\\', '|', '&', '(', '{']) || trimmed.is_empty();
        let may_end = has_documents && !trimmed.contains([' ', '#']);
        if !is_continued && !goes_on && !may_end && is_inert(trimmed) {
            if !is_thin {
                out.push_replaced(":\n", Span::at(start));
            }
            is_thin = true;
        } else if !trimmed.is_empty() || is_continued {
            if whole.len() == line.len() + 1 {
                out.push_verbatim(whole, start);
            } else {
                out.push_verbatim(line, start);
                out.push_replaced("\n", Span::new(start + line.len(), at));
            }
            is_thin = false;
        }
        is_continued = goes_on && !trimmed.is_empty();
    }
    out.finish(Span::new(0, text.len()))
}

fn is_inert(line: &str) -> bool {
    if line.starts_with('#') {
        return !line.starts_with("#!");
    }
    let first = line.split([' ', '\t', ';']).next().unwrap_or_default();
    if KEPT.contains(&first) || !first.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        return false;
    }
    let even = |quote: u8| line.bytes().filter(|byte| *byte == quote).count() % 2 == 0;
    let as_many = |open: u8, close: u8| {
        let count = |wanted: u8| line.bytes().filter(|byte| *byte == wanted).count();
        count(open) == count(close)
    };
    !line.contains(['=', ';', '\\', '/', '<', '#'])
        && !line.contains("()")
        && even(b'\'')
        && even(b'"')
        && even(b'`')
        && as_many(b'(', b')')
        && as_many(b'{', b'}')
        && !line.contains("env")
        && !mentions(line)
}

#[cfg(test)]
mod tests {
    use super::thinned;

    #[test]
    fn what_holds_a_script_together_stays() {
        let text = "#!/bin/sh\n# about\nlog \"a b\"\necho done\n\nif true; then\n  echo it\nfi\nA=1\n./run\ncat <<E\nx\nE\n\
                    echo \"a\nb\"\nfoo() {\n  bar\n}\nwget -q \\\n  x\ncase $1 in\n  a) b ;;\nesac\ndocker build .\n";
        let kept = "#!/bin/sh\n:\nif true; then\n:\nfi\nA=1\n./run\ncat <<E\nx\nE\necho \"a\nb\"\nfoo() {\n  bar\n}\n\
                    wget -q \\\n  x\ncase $1 in\n  a) b ;;\nesac\ndocker build .\n";
        assert_eq!(thinned(text).text(), kept);
    }
}
