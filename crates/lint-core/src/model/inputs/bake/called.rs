//! What command lines have Bake build.

use lint_parser::text::mapped::Mapped;

use crate::model::calls::Calls;
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::kit::holes::is_known;

/// The words that are no flags: targets, or where a file is fetched from.
pub(in crate::model::inputs) fn operands<'w>(flags: &mut Flags, words: &'w [Word]) -> Vec<&'w Mapped> {
    let mut named = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        rest = flags.read(Grammar::BAKE, rest);
        let Some((operand, after_it)) = rest.split_first() else { break };
        named.push(&operand.text);
        rest = after_it;
    }
    named
}

/// Whether some command line bakes targets that only a variable knows.
pub(super) fn bakes_what_is_unknown(calls: &Calls) -> bool {
    calls.bakes().any(|call| {
        let words: Vec<Word> = call.words.iter().map(Word::from).collect();
        let mut flags = Flags::default();
        let named = operands(&mut flags, &words);
        flags.is_open || named.iter().any(|name| !is_known(name.text()))
    })
}
