//! Commands and instructions that become one.

use lint_parser::shell::ast::{AndOrOperator, Command, Script};
use lint_parser::text::span::Span;

use crate::finding::fix::Edit;
use crate::rule::dockerfile_edits::Edits;

/// What changes the shell for all that follows, or ends it.
const LASTING: [&str; 16] = [
    ".", "alias", "cd", "eval", "exec", "exit", "export", "popd", "pushd", "readonly", "return", "set",
    "source", "trap", "umask", "unset",
];

impl Edits<'_> {
    /// Joins the commands of a `RUN` that `;` parts with `&&`.
    pub(crate) fn join_with_and(self, instruction: usize) -> Option<Vec<Edit>> {
        let (script, None) = self.script(instruction)? else { return None };
        let mut edits = Vec::new();
        for pair in script.commands.windows(2) {
            let [one, next] = pair else { continue };
            let (from, to) = (one.text.span().end(), next.text.span().start());
            let between = self.slice(from, to);
            let at = between.find(';')?;
            let escape = self.plan.dockerfile.tree.escape;
            let is_clear = |c: char| c.is_whitespace() || c == ';' || c == escape;
            // Comments on lines of their own may stand behind it.
            let mut lines = between.lines().enumerate();
            let is_comment = |at: usize, line: &str| at > 0 && line.trim_start().starts_with('#');
            let is_plain = lines.all(|(at, line)| is_comment(at, line) || line.chars().all(is_clear));
            if one.background || between.matches(';').count() != 1 || !is_plain {
                return None;
            }
            let space = |needed: bool| if needed { " " } else { "" };
            let before = space(!between.get(..at)?.ends_with(char::is_whitespace));
            let after = space(!between.get(at + 1..)?.starts_with(char::is_whitespace));
            let span = Span::new(from + at, from + at + 1);
            edits.push(self.replace(span, format!("{before}&&{after}"))?);
        }
        Some(edits).filter(|edits| !edits.is_empty())
    }

    /// Makes one `RUN` of two that follow one another and hold nothing but commands with `&&` between them.
    pub(crate) fn join_runs(self, first: usize, second: usize) -> Option<Edit> {
        let ((one, None), (next, None)) = (self.script(first)?, self.script(second)?) else { return None };
        if !is_row(one) || !is_row(next) || lasts(one) {
            return None;
        }
        let (own, other) = (self.plan.instruction(first)?, self.plan.instruction(second)?);
        let (end, start) =
            (one.commands.last()?.text.span().end(), next.commands.first()?.text.span().start());
        let is_bare = |from: usize, to: usize| self.slice(from, to).trim().is_empty();
        if !is_bare(end, own.span.end()) || !is_bare(own.span.end(), other.span.start()) {
            return None;
        }
        let indent = self.command_indent(own).unwrap_or("    ");
        let escape = self.plan.dockerfile.tree.escape;
        self.replace(Span::new(end, start), format!(" {escape}\n{indent}&& "))
    }
}

/// Whether a script is one list whose commands all stop it when they fail.
fn is_row(script: &Script) -> bool {
    let [list] = script.commands.as_slice() else { return false };
    !list.background
        && script.comments.is_empty()
        && list.operators.iter().all(|(operator, _)| *operator == AndOrOperator::And)
}

/// Whether what follows in the same shell would notice: another directory, an option, a variable.
fn lasts(script: &Script) -> bool {
    let commands =
        script.commands.iter().flat_map(|list| &list.pipelines).flat_map(|pipeline| &pipeline.commands);
    commands.into_iter().any(|command| match command {
        Command::Simple(command) => command.name().is_none_or(|name| LASTING.contains(&name)),
        Command::Compound(_) | Command::Function(_) => true,
    })
}
