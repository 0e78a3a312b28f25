//! A check of the benchmark, before anything has been judged.

use crate::finding::reference::{Benchmark, Cis};
use crate::report::seen::Input;

/// A check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// What rules call it: [`Cis::key`].
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

/// The checks outside of section 3 of which silence says nothing.
const UNSEEN_SAYS_NOTHING: [&str; 19] = [
    "1.1.2", "2.5", "2.7", "2.13", "4.1", "4.2", "4.3", "4.4", "4.6", "4.7", "4.8", "4.9", "4.11", "5.7",
    "5.23", "5.24", "5.27", "5.28", "7.3",
];

impl Row {
    /// Names the input that leaves nothing open.
    pub(super) const fn whole_with(self, input: Input) -> Self {
        Row { whole_with: Some(input), ..self }
    }

    /// Whether a version of the benchmark has it.
    pub(super) fn is_in(&self, benchmark: Benchmark) -> bool {
        Cis::new(self.number).is_in(benchmark)
    }

    /// With what a version of the benchmark asks under its number.
    pub(super) fn titled(&self, benchmark: Benchmark) -> Row {
        match (self.number, benchmark) {
            ("1.1.9", Benchmark::V1_8_0) => Row {
                title: "Audit records what happens to docker.sock",
                run: "auditctl -l | grep docker.sock",
                ..*self
            },
            _ => *self,
        }
    }

    /// Whether a service or a Dockerfile says nothing of it unless it speaks of it. That a service lacks a memory limit
    /// shows in the service; what mode the host's `daemon.json` has does not show in a Dockerfile that never names it.
    pub(super) fn must_be_seen(&self) -> bool {
        let number = self.number;
        number.starts_with("3.") || UNSEEN_SAYS_NOTHING.contains(&number)
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
