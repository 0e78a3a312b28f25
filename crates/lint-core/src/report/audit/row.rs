//! A check of the benchmark, before anything has been judged.

use crate::finding::reference::{Benchmark, Cis};
use crate::report::seen::Input;

/// A check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Its number in version 1.6.0 of the benchmark.
    pub(super) number: &'static str,
    /// What is so when the check passes.
    pub(super) title: &'static str,
    /// Any of these has something to say about it; when empty, no file has.
    pub(super) needs: &'static [Input],
    /// What files leave open; empty when they decide the check.
    pub(super) rest: &'static str,
    /// The input that leaves nothing open.
    pub(super) whole_with: Option<Input>,
    /// What to run on the host to learn what files cannot say.
    pub(super) run: &'static str,
}

/// A check that the host alone decides.
pub(super) const fn host(
    number: &'static str,
    title: &'static str,
    rest: &'static str,
    run: &'static str,
) -> Row {
    Row { number, title, needs: &[], rest, whole_with: None, run }
}

/// A check that files decide.
pub(super) const fn files(
    number: &'static str,
    title: &'static str,
    needs: &'static [Input],
    run: &'static str,
) -> Row {
    Row { number, title, needs, rest: "", whole_with: None, run }
}

/// A check that files can fail, and that they pass as far as they go.
pub(super) const fn part(
    number: &'static str,
    title: &'static str,
    needs: &'static [Input],
    rest: &'static str,
    run: &'static str,
) -> Row {
    Row { number, title, needs, rest, whole_with: None, run }
}

impl Row {
    /// Names the input that leaves nothing open.
    pub(super) const fn whole_with(self, input: Input) -> Self {
        Row { whole_with: Some(input), ..self }
    }

    /// Its number in a version of the benchmark.
    pub(super) fn number_in(&self, benchmark: Benchmark) -> String {
        Cis::new(self.number).number_in(benchmark)
    }
}

/// The order of numbers: 1.1.2 before 1.1.10, 5.9 before 5.10.
pub(super) fn order(number: &str) -> Vec<u32> {
    number.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect()
}
