//! What holds in a shell and ends with it: its directory, its variables, its options.

use lint_parser::shell::walk::Context;

/// Which shell of an instruction runs a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShellId {
    /// The script, counted through the instruction in the order they begin; those in scripts have numbers of their own.
    pub script: u32,
    /// How many scripts are around it.
    pub depth: u8,
    /// The subshell of that script.
    pub subshell: u32,
    /// How many subshells of that script are around it.
    pub nesting: u16,
}

impl ShellId {
    pub(super) fn of(script: u32, depth: u8, context: &Context) -> Self {
        Self { script, depth, subshell: context.subshell, nesting: context.nesting }
    }

    fn level(self) -> (u8, u16) {
        (self.depth, self.nesting)
    }
}

/// The shells that are running at some point of an instruction, the innermost last. One that begins has what the one around
/// it has; what it changes ends with it.
#[derive(Clone, Debug, Default)]
pub struct Frames<T> {
    outer: Vec<(ShellId, T)>,
    id: ShellId,
    state: T,
}

impl<T: Clone> Frames<T> {
    /// Begins with the outermost.
    #[must_use]
    pub fn new(state: T) -> Self {
        Self { outer: Vec::new(), id: ShellId::default(), state }
    }

    /// The state of a shell, which is entered or gone back to. Commands come in the order of the script, so that one of
    /// another subshell as deep or less deep has left those that were entered since.
    pub fn enter(&mut self, id: ShellId) -> &mut T {
        while self.id != id
            && self.id.level() >= id.level()
            && let Some((outer, state)) = self.outer.pop()
        {
            self.id = outer;
            self.state = state;
        }
        if self.id != id {
            let state = self.state.clone();
            let outer = std::mem::replace(&mut self.state, state);
            self.outer.push((std::mem::replace(&mut self.id, id), outer));
        }
        &mut self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_subshell_changes_ends_with_it() {
        let id = |script, depth, subshell, nesting| ShellId { script, depth, subshell, nesting };
        let mut frames = Frames::new(0);
        let top = id(0, 0, 0, 0);
        *frames.enter(top) = 1;
        let inner = id(0, 0, 1, 1);
        *frames.enter(inner) += 10;
        let nested = id(1, 1, 0, 0);
        *frames.enter(nested) += 100;
        assert_eq!(*frames.enter(nested), 111);
        assert_eq!(*frames.enter(inner), 11);
        assert_eq!(*frames.enter(id(0, 0, 2, 1)), 1, "a sibling begins with what the outer has");
        assert_eq!(*frames.enter(top), 1);
    }
}
