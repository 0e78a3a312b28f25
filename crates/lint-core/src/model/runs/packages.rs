//! What package managers are told to do: `apt-get`, `apk`, `dnf`, `pip`, `npm` and their kin, read once for all
//! rules.

mod grammars;
pub mod manager;
pub mod record;
pub mod undone;

use std::sync::LazyLock;

use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

use crate::model::runs::Program;
pub use manager::{Action, Manager};

use crate::model::runs::packages::grammars::Grammar;
use crate::model::runs::packages::grammars::table::GRAMMARS;

/// One call of a package manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageCommand {
    /// Which manager.
    pub manager: Manager,
    /// The program as it is called: `apt-get`, `pip3`.
    pub program: String,
    /// Where its name is written.
    pub program_span: Span,
    /// The words that say what to do, without options: `["install"]`, `["global", "add"]`, `["-Sy"]`; empty where
    /// none is written (`yarn`).
    pub verb: Vec<Word>,
    /// What that means.
    pub action: Action,
    /// The options, wherever they stand, in order.
    pub options: Vec<PackageOption>,
    /// The words that are neither: packages, files, addresses.
    pub operands: Vec<Word>,
    /// From the program's name to its last word.
    pub span: Span,
    /// Which of the instruction's programs it is.
    pub program_at: usize,
    /// The wrapper that runs it, such as `sudo` or `xargs`.
    pub wrapper: Option<&'static str>,
    /// Whether it may be skipped: the body of a condition, loop, `case` or function.
    pub conditional: bool,
    /// Whether another program writes its arguments (`xargs apt-get install`) or its input.
    pub fed: bool,
}

/// An option of a package manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageOption {
    /// With its dashes, without value: `-y`, `--virtual`. Of `-qqy` there are three.
    pub name: String,
    /// The value, attached or the next word; `${X}` in it is as written.
    pub value: Option<String>,
    /// The words of option and value.
    pub span: Span,
}

impl PackageCommand {
    /// Reads what a program is told; `None` for anything but a package manager.
    #[must_use]
    pub fn of(invocation: &Invocation) -> Option<Self> {
        let (first, rest) = invocation.words.split_first()?;
        let name = invocation.name()?;
        let (grammar, skipped) = grammar(name, rest)?;
        let rest = rest.get(skipped..).unwrap_or_default();
        let mut command = Self {
            manager: grammar.manager,
            program: name.to_owned(),
            program_span: first.span(),
            verb: Vec::new(),
            action: Action::Other,
            options: Vec::new(),
            operands: Vec::new(),
            span: first.span().cover(invocation.words.last().unwrap_or(first).span()),
            program_at: 0,
            wrapper: invocation.wrapper,
            conditional: false,
            fed: false,
        };
        command.read(grammar, rest);
        command.action = command.meaning(grammar);
        Some(command)
    }

    /// The first option of one of these names.
    #[must_use]
    pub fn option(&self, names: &[&str]) -> Option<&PackageOption> {
        self.options.iter().find(|option| names.contains(&option.name.as_str()))
    }

    /// Whether it needs a package index to be there: it installs, upgrades or downloads.
    #[must_use]
    pub fn uses_index(&self) -> bool {
        matches!(self.action, Action::Install | Action::Upgrade | Action::Download)
    }

    fn read(&mut self, grammar: &Grammar, words: &[Word]) {
        let mut only_operands = false;
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            let prefix = word.static_prefix();
            if only_operands || !prefix.starts_with('-') || prefix.len() < 2 {
                self.operand(grammar, word);
            } else if word.is("--") {
                // `gem install x -- --with-xml2-dir=/opt`: what follows is for the build of an extension.
                if self.manager == Manager::Gem {
                    break;
                }
                only_operands = true;
            } else if grammar.takes_verb_of_dashes(&prefix) && self.verb.is_empty() {
                self.verb.push(word.clone());
            } else if self.option_word(grammar, word, words.get(at)) {
                at += 1;
            }
        }
    }

    /// Until the verb is complete, a word that is no option belongs to it.
    fn operand(&mut self, grammar: &Grammar, word: &Word) {
        let complete = match self.verb.last() {
            None => grammar.dashed_verbs,
            Some(last) => !grammar.verb_prefixes.iter().any(|prefix| last.is(prefix)),
        };
        if complete { self.operands.push(word.clone()) } else { self.verb.push(word.clone()) }
    }

    /// Adds the options of a word; whether the next word is its value.
    fn option_word(&mut self, grammar: &Grammar, word: &Word, next: Option<&Word>) -> bool {
        let text = word.unquoted();
        let mut add = |name: &str, value: Option<String>, span: Span| {
            self.options.push(PackageOption { name: name.to_owned(), value, span });
        };
        let taken = |next: &Word| Some(next.unquoted().into_owned());
        if text.starts_with("--") || grammar.long_by_one_dash {
            if let Some((name, value)) = text.split_once('=') {
                add(name, Some(value.to_owned()), word.span());
                return false;
            }
            return match next.filter(|_| grammar.long_values.contains(&&*text)) {
                Some(next) => {
                    add(&text, taken(next), word.span().cover(next.span()));
                    true
                }
                None => {
                    add(&text, None, word.span());
                    false
                }
            };
        }
        let letters = text.get(1..).unwrap_or_default();
        for (at, letter) in letters.char_indices() {
            let name = format!("-{letter}");
            if !grammar.short_values.contains(letter) {
                add(&name, None, word.span());
                continue;
            }
            let rest = letters.get(at + letter.len_utf8()..).unwrap_or_default();
            if !rest.is_empty() {
                let value = rest.strip_prefix('=').unwrap_or(rest);
                add(&name, Some(value.to_owned()), word.span());
                return false;
            }
            let Some(next) = next else { break };
            add(&name, taken(next), word.span().cover(next.span()));
            return true;
        }
        false
    }

    fn meaning(&self, grammar: &Grammar) -> Action {
        let Some(last) = self.verb.last() else { return grammar.without_verb };
        let Some(verb) = last.literal_text() else { return Action::Other };
        if grammar.dashed_verbs {
            return grammars::dashed(self.manager, &verb, &self.options, self.operands.is_empty());
        }
        let meaning = |words: &str| grammar.verbs.iter().find(|(name, _)| *name == words);
        // `npm cache rm` and `npm rm` are two things.
        let whole = match self.verb.as_slice() {
            [first, _] => first.literal_text().and_then(|first| meaning(&format!("{first} {verb}"))),
            _ => None,
        };
        whole.or_else(|| meaning(&verb)).map_or(Action::Other, |(_, action)| *action)
    }
}

/// The grammars by the names of their programs, sorted: every program that runs is looked for.
static BY_PROGRAM: LazyLock<Vec<(&str, &Grammar)>> = LazyLock::new(|| {
    let named = |grammar: &'static Grammar| grammar.programs.iter().map(move |program| (*program, grammar));
    let mut all: Vec<(&str, &Grammar)> = GRAMMARS.iter().flat_map(named).collect();
    all.sort_by_key(|(program, _)| *program);
    all
});

/// The grammar of a program, and how many words lead to what it is told: `-m pip` of `python -m pip install`.
fn grammar(name: &str, rest: &[Word]) -> Option<(&'static Grammar, usize)> {
    // `pip3.11`, `python3`
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let by_name = |name: &str| {
        let at = BY_PROGRAM.binary_search_by_key(&name, |(program, _)| program).ok()?;
        BY_PROGRAM.get(at).map(|(_, grammar)| *grammar)
    };
    if matches!(base, "python" | "pypy") {
        let at = rest.iter().position(|word| word.is("-m"))?;
        let module = rest.get(at + 1)?.literal_text()?;
        return Some((by_name(&module).filter(|grammar| grammar.manager == Manager::Pip)?, at + 2));
    }
    if name == "uv" && rest.first().is_some_and(|word| word.is("pip")) {
        return Some((by_name("pip")?, 1));
    }
    if name == "corepack" {
        let program = rest.first()?.literal_text()?;
        return Some((by_name(&program)?, 1));
    }
    Some((by_name(name).or_else(|| by_name(base))?, 0))
}

/// The package managers an instruction calls, in the order written, those in `sh -c` included.
#[must_use]
pub fn package_commands(programs: &[Program]) -> Vec<PackageCommand> {
    let read = |(at, program): (usize, &Program)| {
        let mut command = PackageCommand::of(program.invocation())?;
        command.program_at = at;
        let context = &program.context;
        command.conditional = context.conditional || context.function.is_some();
        command.fed = command.wrapper == Some("xargs") || context.piped_from.is_some();
        Some(command)
    };
    programs.iter().enumerate().filter_map(read).collect()
}

#[cfg(test)]
mod tests;
