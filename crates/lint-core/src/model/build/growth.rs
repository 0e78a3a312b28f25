//! How much of what variables grow to is kept.

use std::cell::Cell;

use lint_parser::text::mapped::Mapped;

use crate::model::values::variables::Expanded;

/// How much longer than they are written all values of a build may be together, in bytes. `ENV A=$A:/x` makes a line longer than
/// the one before, so that all of them are as long as the square of their number: 16,000 such lines took more than a gigabyte.
/// What people write grows by some kilobytes.
const MOST_KEPT: usize = 16 << 20;

/// What is kept of the values of one build.
#[derive(Debug, Default)]
pub(super) struct Growth {
    kept: Cell<usize>,
    given_up: Cell<bool>,
}

impl Growth {
    /// The value, or that it is unknown where there is too much of it.
    pub(super) fn keep(&self, value: Expanded, written: &Mapped) -> Expanded {
        if value.given_up {
            self.given_up.set(true);
        }
        let length = value.shown.len() + value.bare.as_ref().map_or(0, |bare| bare.len());
        let kept = self.kept.get() + length.saturating_sub(written.text().len());
        if kept <= MOST_KEPT {
            self.kept.set(kept);
            return value;
        }
        self.given_up.set(true);
        let Expanded { unset, through_arguments, .. } = value;
        Expanded { unset, through_arguments, ..Expanded::unknown(written.text()) }
    }

    /// How much longer the values are than they are written, in bytes.
    pub(super) fn kept(&self) -> usize {
        self.kept.get()
    }

    /// Whether some value was given up because it grew too large.
    pub(super) fn has_given_up(&self) -> bool {
        self.given_up.get()
    }
}
