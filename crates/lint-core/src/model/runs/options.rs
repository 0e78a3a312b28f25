//! The options of a shell that decide what a failure does.

use lint_parser::shell::ast::Script;
use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::mapped::Mapped;

/// What a script has said of them so far; `None` where it is as the shell was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `set -e`: the script ends at the first failure.
    pub errexit: Option<bool>,
    /// `set -o pipefail`: each part of a pipe can fail.
    pub pipefail: Option<bool>,
}

impl Options {
    /// What a `set` changes, or `shopt -so`. A word that is not known may say `-e`.
    pub(super) fn change(&mut self, invocation: &Invocation) {
        match invocation.name() {
            Some("set") => self.read(invocation.args()),
            Some("shopt") if invocation.args().iter().any(|arg| is_letter(arg, 'o')) => {
                let on = invocation.args().iter().any(|arg| is_letter(arg, 's'));
                invocation.args().iter().for_each(|arg| self.named(&arg.unquoted(), on));
            }
            _ => {}
        }
    }

    /// What a shell is started with, as the words of a `#!` or of `sh -ec script`.
    pub(super) fn started_with(words: &[Word]) -> Self {
        let mut options = Self::default();
        options.read(words);
        options
    }

    /// What the `#!` of a script says: `#!/bin/sh -e`, `#!/usr/bin/env -S bash -euo pipefail`.
    pub(super) fn of_first_line(script: &Script) -> Self {
        let first = script.text.text().lines().next().and_then(|line| line.strip_prefix("#!"));
        let words = first.unwrap_or_default().split_whitespace().skip(1).filter(|word| *word != "-S");
        let is_program = |word: &&str| !word.starts_with(['-', '+']);
        let mut words = words.peekable();
        // The shell that `env` runs.
        words.next_if(is_program);
        let words: Vec<Word> = words.map(|word| Word::of_literal(Mapped::verbatim(word, 0))).collect();
        Self::started_with(&words)
    }

    fn read(&mut self, words: &[Word]) {
        let mut value = None;
        for word in words {
            let Some(text) = word.literal_text() else {
                self.errexit = Some(true);
                continue;
            };
            if let Some(on) = value.take() {
                self.named(&text, on);
                continue;
            }
            let (on, letters) = match text.split_at_checked(1) {
                Some(("-", letters)) if !letters.starts_with('-') => (true, letters),
                Some(("+", letters)) => (false, letters),
                // `--norc` of `bash --norc -ec script`; what follows `--` and any other word are arguments.
                _ if text.len() > 2 && text.starts_with("--") => continue,
                _ => break,
            };
            if letters.contains('e') {
                self.errexit = Some(on);
            }
            value = letters.ends_with('o').then_some(on);
        }
    }

    fn named(&mut self, option: &str, on: bool) {
        match option {
            "errexit" => self.errexit = Some(on),
            "pipefail" => self.pipefail = Some(on),
            _ => {}
        }
    }
}

fn is_letter(word: &Word, letter: char) -> bool {
    let text = word.unquoted();
    text.starts_with('-') && !text.starts_with("--") && text.contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lint_parser::shell;

    #[test]
    fn what_set_says() {
        let (on, off) = (Some(true), Some(false));
        for (script, errexit, pipefail) in [
            ("set -e", on, None),
            ("set -euxo pipefail", on, on),
            ("set -o errexit -o pipefail", on, on),
            ("set +e", off, None),
            ("set +o pipefail -e", on, off),
            ("set -x", None, None),
            ("set -- -e", None, None),
            ("set -u e", None, None),
            ("set $OPTIONS", on, None),
            ("shopt -so pipefail", None, on),
            ("echo -e", None, None),
        ] {
            let tree = shell::parse(&Mapped::verbatim(script, 0)).tree;
            let mut options = Options::default();
            options.change(&tree.simple_commands()[0].command.invocations()[0]);
            assert_eq!((options.errexit, options.pipefail), (errexit, pipefail), "{script}");
        }
    }
}
