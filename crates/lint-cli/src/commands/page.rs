//! A rule's page in the terminal: its Markdown, with headings in bold, code in colour, and paragraphs filled to
//! the width there is. As much Markdown as the rules' documentation uses, and no more.

use owo_colors::{OwoColorize as _, Style};

use crate::terminal::Terminal;

/// Markdown for the terminal; without colour it stays Markdown, which reads well as it is.
pub(crate) fn text(markdown: &str, terminal: Terminal) -> String {
    let mut page =
        Page { terminal, width: terminal.width.unwrap_or(100), out: String::new(), paragraph: Vec::new() };
    let mut in_code = false;
    for line in markdown.lines() {
        let is_fence = line.trim_start().starts_with("```");
        if is_fence || in_code {
            page.flush();
            in_code ^= is_fence;
            page.code(line, is_fence);
        } else if line.trim().is_empty() {
            page.flush();
            page.out.push('\n');
        } else if line.starts_with('#') {
            page.flush();
            page.heading(line);
        } else if line.starts_with("    ") && page.paragraph.is_empty() {
            page.code(line, false);
        } else if is_row(line) {
            page.flush();
            page.out.push_str(&page.inline(line));
            page.out.push('\n');
        } else {
            if is_item(line) {
                page.flush();
            }
            page.paragraph.push(line.to_owned());
        }
    }
    page.flush();
    page.out
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || (number.len() < line.len() && number.starts_with(". "))
}

fn is_row(line: &str) -> bool {
    line.starts_with('|')
}

struct Page {
    terminal: Terminal,
    width: usize,
    out: String,
    paragraph: Vec<String>,
}

impl Page {
    fn heading(&mut self, line: &str) {
        let title = line.trim_start_matches('#').trim();
        match self.terminal.colour {
            true => self.out.push_str(&title.bold().to_string()),
            false => self.out.push_str(line),
        }
        self.out.push('\n');
    }

    fn code(&mut self, line: &str, is_fence: bool) {
        match (self.terminal.colour, is_fence) {
            // The colour tells where code begins and ends.
            (true, true) => return,
            (true, false) => self.out.push_str(&format!("    {}", line.style(code_style()))),
            (false, _) => self.out.push_str(line),
        }
        self.out.push('\n');
    }

    /// Ends a paragraph or a list item, filled to the width.
    fn flush(&mut self) {
        let Some(first) = self.paragraph.first() else { return };
        let indent = first.len() - first.trim_start().len();
        let marker = if is_item(first) { first.trim_start().find(' ').map_or(0, |at| at + 1) } else { 0 };
        let text = self.paragraph.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
        // What hangs below an item's text is as wide as its marker.
        let (marker, text) = text.split_at_checked(marker).unwrap_or(("", &text));
        let margin = " ".repeat(indent);
        let filled = format!("{margin}{marker}{}", fill(text, indent + marker.len(), self.width));
        self.out.push_str(&self.inline(&filled));
        self.out.push('\n');
        self.paragraph.clear();
    }

    /// Styles `code` and **bold**.
    fn inline(&self, text: &str) -> String {
        if !self.terminal.colour {
            return text.to_owned();
        }
        let mut out = String::new();
        for (index, part) in text.split('`').enumerate() {
            if index % 2 == 1 {
                out.push_str(&part.style(code_style()).to_string());
                continue;
            }
            for (index, part) in part.split("**").enumerate() {
                match index % 2 {
                    1 => out.push_str(&part.bold().to_string()),
                    _ => out.push_str(part),
                }
            }
        }
        out
    }
}

fn code_style() -> Style {
    Style::new().cyan()
}

/// Breaks a text at blanks so that it fits between two columns; the first line is for the caller to indent. Marks of
/// emphasis count as if they were shown, so that a line may end a little early.
pub(crate) fn fill(text: &str, indent: usize, width: usize) -> String {
    let mut out = String::new();
    let mut column = indent;
    for (index, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count();
        if index > 0 && column + 1 + length > width {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if index > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKDOWN: &str = "# name\n\nA `code` and **bold**\nin two lines.\n\n- one item that is long enough to be broken\n- two\n\n```yaml\na: 1\n```\n";

    #[test]
    fn without_colour_the_page_is_markdown_filled() {
        let terminal = Terminal { width: Some(30), ..Terminal::PLAIN };
        insta::assert_snapshot!(text(MARKDOWN, terminal), @r"
        # name

        A `code` and **bold** in two
        lines.

        - one item that is long enough
          to be broken
        - two

        ```yaml
        a: 1
        ```
        ");
    }

    #[test]
    fn with_colour_marks_become_styles() {
        let terminal = Terminal { colour: true, ..Terminal::PLAIN };
        insta::assert_snapshot!(text(MARKDOWN, terminal).replace('\u{1b}', "^["), @r"
        ^[[1mname^[[0m

        A ^[[36mcode^[[0m and ^[[1mbold^[[0m in two lines.

        - one item that is long enough to be broken
        - two

            ^[[36ma: 1^[[0m
        ");
    }
}
