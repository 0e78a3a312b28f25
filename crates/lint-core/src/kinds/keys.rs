//! The keys at the root of a mapping in YAML or JSON, as far as they can be told without parsing.

/// The keys of the root mapping, as far as they can be told without parsing: the file may be broken.
pub(super) fn root_keys(text: &str) -> Box<dyn Iterator<Item = &str> + '_> {
    let preamble =
        text.split_inclusive('\n').take_while(|line| is_blank_or_comment(line) || is_document_mark(line));
    let text = &text[preamble.map(str::len).sum()..];
    let indent = text.len() - text.trim_start_matches(' ').len();
    if text[indent..].starts_with('{') {
        return Box::new(FlowKeys { text, at: 0, depth: 0 });
    }
    let lines = text.lines().filter_map(move |line| line.split_at_checked(indent));
    Box::new(
        lines
            .filter(|(margin, _)| margin.trim_start_matches(' ').is_empty())
            .filter_map(|(_, line)| block_key(line)),
    )
}

pub(super) fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

pub(super) fn is_document_mark(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("...") || line.starts_with('%')
}

pub(super) fn block_key(line: &str) -> Option<&str> {
    if line.starts_with([' ', '\t', '#', '-']) {
        return None;
    }
    let (key, rest) = match line.chars().next()? {
        quote @ ('"' | '\'') => line[1..].split_once(quote)?,
        _ => line.split_at(line.match_indices(':').map(|(at, _)| at).find(|&at| ends_key(&line[at + 1..]))?),
    };
    let rest = rest.trim_start();
    (rest.starts_with(':') && ends_key(&rest[1..])).then(|| key.trim_end())
}

fn ends_key(after_colon: &str) -> bool {
    after_colon.is_empty() || after_colon.starts_with([' ', '\t', '\r'])
}

/// The keys of a root mapping in flow style, JSON among it.
struct FlowKeys<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Iterator for FlowKeys<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while let Some(c) = self.text[self.at..].chars().next() {
            let start = self.at;
            self.at += c.len_utf8();
            match c {
                '{' | '[' => self.depth += 1,
                '}' | ']' => self.depth = self.depth.saturating_sub(1),
                '"' | '\'' => {
                    let end = closing_quote(&self.text[self.at..], c)? + self.at;
                    let word = &self.text[self.at..end];
                    self.at = end + 1;
                    if self.depth == 1 && self.text[self.at..].trim_start().starts_with(':') {
                        return Some(word);
                    }
                }
                c if c.is_alphanumeric() => {
                    let rest = &self.text[start..];
                    let end =
                        rest.find([':', ',', '{', '}', '[', ']', '"', '\'', '\n']).unwrap_or(rest.len());
                    self.at = start + end;
                    if self.depth == 1 && rest[end..].starts_with(':') {
                        return Some(rest[..end].trim_end());
                    }
                }
                _ => {}
            }
        }
        None
    }
}

fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && quote == '"' && !escaped;
        closes.then_some(at)
    })
}
