//! The edits that fixes of Dockerfiles are made of. Each keeps comments, blank lines, line ends and the way lines are
//! continued, and is `None` where it would not be certain what comes of it.
//!
//! Nothing is edited in a Dockerfile that stands in a Compose file: its quoting is not ours to keep.

mod joins;

use lint_parser::dockerfile::ast::{CommandLine, Healthcheck, Heredoc, Instruction, InstructionKind};
use lint_parser::shell::ast::{AndOr, AndOrOperator, Command, Script};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::finding::fix::{Applicability, Edit, Fix};
use crate::finding::label::Place;
use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::model::build::used_images::UsedImage;
use crate::model::runs::commands::run_of;
use crate::rule::check::InstructionSubject;
use crate::rule::program::{Owner, ProgramSubject};

impl Fix {
    /// A repair that needs every one of these edits; `None` when one of them cannot be made.
    pub(crate) fn of(
        title: impl Into<String>,
        applicability: Applicability,
        edits: impl IntoIterator<Item = Option<Edit>>,
    ) -> Option<Self> {
        let edits: Option<Vec<Edit>> = edits.into_iter().collect();
        edits.filter(|edits| !edits.is_empty()).map(|edits| Self::new(title, applicability, edits))
    }
}

/// The edits of one Dockerfile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edits<'a> {
    plan: &'a BuildPlan,
}

impl InstructionSubject<'_> {
    /// The edits of its Dockerfile.
    pub(crate) fn edits(&self) -> Edits<'_> {
        Edits::of(self.plan)
    }
}

impl<'a> Edits<'a> {
    pub(crate) fn of(plan: &'a BuildPlan) -> Self {
        Self { plan }
    }

    fn text(self) -> &'a str {
        self.plan.dockerfile.file.text()
    }

    fn slice(self, start: usize, end: usize) -> &'a str {
        self.text().get(start..end).unwrap_or_default()
    }

    /// Puts text in the place of other text.
    pub(crate) fn replace(self, span: Span, text: impl Into<String>) -> Option<Edit> {
        let dockerfile = &self.plan.dockerfile;
        let fits = !dockerfile.inline && dockerfile.file.text().get(span.range()).is_some();
        fits.then(|| Edit::new(Place::new(&dockerfile.file, span), text))
    }

    /// Puts a word in the place of another one, which must stand there as it is read.
    pub(crate) fn replace_word(self, span: Span, word: &str, text: impl Into<String>) -> Option<Edit> {
        if span.slice(self.text()) == word { self.replace(span, text) } else { None }
    }

    pub(crate) fn insert(self, at: usize, text: impl Into<String>) -> Option<Edit> {
        self.replace(Span::at(at), text)
    }

    /// Takes away a word and the blanks before it, or behind it at the beginning of a line. A line that holds nothing else
    /// goes with it.
    pub(crate) fn remove_word(self, span: Span) -> Option<Edit> {
        let (start, end) = (self.line_start(span.start()), self.line_end(span.end()));
        let (before, after) = (self.slice(start, span.start()), self.slice(span.end(), end));
        if before.trim().is_empty() {
            let rest = after.trim();
            let is_continued = rest.len() == 1 && rest.starts_with(self.plan.dockerfile.tree.escape);
            if is_continued && start > 0 {
                return self.replace(Span::new(start, self.next_line(end)), "");
            }
            if rest.is_empty() {
                return self.remove_last_line(start, span.end());
            }
            let blanks = after.len() - after.trim_start().len();
            return self.replace(Span::new(span.start(), span.end() + blanks), "");
        }
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        self.replace(Span::new(span.start() - blanks, span.end()), "")
    }

    /// Takes away the last line of a continued instruction, and what continues the one before; not under a comment, which would
    /// become the last line.
    fn remove_last_line(self, start: usize, end: usize) -> Option<Edit> {
        let before = self.slice(0, start).trim_end();
        let kept = before.strip_suffix(self.plan.dockerfile.tree.escape)?.trim_end();
        let line = self.slice(self.line_start(before.len()), before.len());
        if line.trim_start().starts_with('#') { None } else { self.replace(Span::new(kept.len(), end), "") }
    }

    /// Adds a line behind an instruction.
    pub(crate) fn insert_line_after(self, instruction: &Instruction, line: &str) -> Option<Edit> {
        self.insert(self.line_end(instruction.span.end()), format!("\n{line}"))
    }

    /// Adds a line before an instruction, above the comment that stands right on top of it.
    pub(crate) fn insert_line_before(self, instruction: &Instruction, line: &str) -> Option<Edit> {
        let mut at = self.line_start(instruction.span.start());
        while at > 0 {
            let above = self.line_start(at - 1);
            if !self.slice(above, at).trim_start().starts_with('#') {
                break;
            }
            at = above;
        }
        // Not among the directives, which count at the very top alone.
        let directives = self.plan.dockerfile.tree.directives.last();
        let at = if directives.is_some_and(|last| at <= last.span.start()) {
            self.line_start(instruction.span.start())
        } else {
            at
        };
        self.insert(at, format!("{line}\n"))
    }

    /// Takes away an instruction with its lines. The comment above it stays, and one between its lines keeps it: what they
    /// say is not ours to lose.
    pub(crate) fn remove_instruction(self, instruction: &Instruction) -> Option<Edit> {
        let comments = &self.plan.dockerfile.tree.comments;
        let first = comments.partition_point(|comment| comment.span.start() < instruction.span.start());
        if comments.get(first).is_some_and(|comment| instruction.span.encloses(comment.span)) {
            return None;
        }
        let start = self.line_start(instruction.span.start());
        let end = self.next_line(self.line_end(instruction.span.end()));
        let is_blank = |from: usize, to: usize| from < to && self.slice(from, to).trim().is_empty();
        let above = start.checked_sub(1).map_or(start, |at| self.line_start(at));
        let below = self.next_line(self.line_end(end));
        // Two blank lines that meet are one.
        let end = if is_blank(above, start) && is_blank(end, below) { below } else { end };
        if end == self.text().len() && start > 0 && !self.text().ends_with('\n') {
            // The last line of a file without a line end: the one before it must not get one.
            let at = start - 1;
            let at = if self.slice(0, at).ends_with('\r') { at - 1 } else { at };
            return self.replace(Span::new(at, end), "");
        }
        self.replace(Span::new(start, end), "")
    }

    /// Adds an option behind a word of a command; as a string of its own in the exec form.
    pub(crate) fn add_option(self, instruction: usize, word: Span, option: &str) -> Option<Edit> {
        let strings = exec_strings(self.plan.instruction(instruction)?);
        // A word ends at a character of its own or at a closing quote, never inside an escape.
        self.plan.commands(instruction)?;
        match self.exec_word(strings, word) {
            Some((_, string)) => self.insert(string.end(), format!(", \"{option}\"")),
            None => self.insert(word.end(), format!(" {option}")),
        }
    }

    /// Takes away a word of a command; in the exec form with the comma before it.
    pub(crate) fn remove_option(self, instruction: usize, option: Span) -> Option<Edit> {
        let strings = exec_strings(self.plan.instruction(instruction)?);
        let Some((at, string)) = self.exec_word(strings, option) else { return self.remove_word(option) };
        let before = strings.get(at.checked_sub(1)?)?;
        self.replace(Span::new(before.span().end(), string.end()), "")
    }

    /// The string of an array that is one word, quotes included, and which it is.
    fn exec_word(self, strings: &[Mapped], word: Span) -> Option<(usize, Span)> {
        let at = strings.iter().position(|string| string.span().encloses(word))?;
        let string = strings.get(at)?.span();
        let is_whole =
            word == string || (word.start() == string.start() + 1 && word.end() + 1 == string.end());
        is_whole.then_some((at, string))
    }

    /// Takes away a command of a `RUN`, with what joins it to the others; the `RUN` itself where it does nothing else.
    pub(crate) fn remove_command(self, instruction: usize, command: Span) -> Option<Edit> {
        let own = self.plan.instruction(instruction)?;
        let Some((script, heredoc)) = self.script(instruction) else {
            let run = run_of(own)?;
            let is_all = matches!(&run.command, CommandLine::Exec { span, .. } if span.encloses(command));
            return if is_all { self.remove_instruction(own) } else { None };
        };
        let lists: Vec<Span> = script.commands.iter().map(|list| list.text.span()).collect();
        let at = lists.iter().position(|list| list.encloses(command))?;
        let list = script.commands.get(at)?;
        let is_joined = list.operators.iter().all(|(operator, _)| *operator == AndOrOperator::And);
        let pipelines: Vec<Span> = list.pipelines.iter().map(|pipeline| pipeline.text.span()).collect();
        let index = pipelines.iter().position(|pipeline| pipeline.encloses(command))?;
        let [Command::Simple(_)] = list.pipelines.get(index)?.commands.as_slice() else { return None };
        let (row, at) = match (pipelines.len(), lists.len()) {
            (1, 1) if heredoc.is_none() => return self.remove_instruction(own),
            (1, 1) => return None,
            (1, _) => (lists, at),
            _ => (pipelines, index),
        };
        if list.background || !is_joined {
            return None;
        }
        let own = row.get(at)?;
        let span = match at.checked_sub(1).and_then(|before| row.get(before)) {
            Some(before) => Span::new(before.end(), own.end()),
            None => Span::new(own.start(), row.get(at + 1)?.start()),
        };
        // Not the comment of a line between them.
        if self.slice(span.start(), span.end()).contains('#') { None } else { self.replace(span, "") }
    }

    /// Has a `RUN` do something more at its end.
    pub(crate) fn append_command(self, instruction: usize, command: &str) -> Option<Edit> {
        let (script, heredoc) = self.script(instruction)?;
        let last = script.commands.last()?;
        if let Some(heredoc) = heredoc {
            let terminator = heredoc.terminator?;
            let indent = self.indent(last.text.span().start());
            return self.insert(self.line_start(terminator.start()), format!("{indent}{command}\n"));
        }
        let end = last.text.span().end();
        let own = self.plan.instruction(instruction)?;
        // Nothing but the last command may follow: a `;`, a comment and a subshell's end would each change what is added.
        if last.background || leaves(last) || !self.slice(end, own.span.end()).trim().is_empty() {
            return None;
        }
        let start = self.line_start(own.span.start());
        if self.line_start(end) == start {
            return self.insert(end, format!(" && {command}"));
        }
        let (escape, indent) = (self.plan.dockerfile.tree.escape, self.indent(end));
        let text = self.slice(own.span.start(), own.span.end());
        let leads = text.lines().filter(|line| line.trim_start().starts_with("&&")).count();
        let trails =
            text.lines().filter(|line| line.trim_end().trim_end_matches(escape).trim_end().ends_with("&&"));
        let ends = trails.count();
        let indent = match self.command_indent(own) {
            Some(known) => known,
            None => indent,
        };
        // `set -eux; \` and each command on a line that ends in `;`.
        let is_sequence = leads + ends == 0 && script.commands.len() > 1 && text.contains("set -e");
        if is_sequence {
            return self.insert(end, format!("; {escape}\n{indent}{command}"));
        }
        if ends > leads {
            return self.insert(end, format!(" && {escape}\n{indent}{command}"));
        }
        self.insert(end, format!(" {escape}\n{indent}&& {command}"))
    }

    /// Has a `RUN` do something first.
    pub(crate) fn prepend_command(self, instruction: usize, command: &str) -> Option<Edit> {
        let (script, heredoc) = self.script(instruction)?;
        let first = script.commands.first()?;
        let at = first.text.span().start();
        if heredoc.is_some() {
            let line = self.line_start(at);
            let indent = self.slice(line, at);
            if !indent.trim().is_empty() {
                return None;
            }
            return self.insert(line, format!("{indent}{command}\n"));
        }
        let joint = if command == "set -e" { ";" } else { " &&" };
        self.insert(at, format!("{command}{joint} "))
    }

    /// The script of a `RUN` that a shell reads to its end, and the heredoc it is, if it is one.
    fn script(self, instruction: usize) -> Option<(&'a Script, Option<&'a Heredoc>)> {
        let own = self.plan.instruction(instruction)?;
        let run = run_of(own)?;
        let script = self.plan.script(instruction).filter(|script| script.unparsed.is_none())?;
        let holder = match &own.kind {
            InstructionKind::Onbuild(Some(trigger)) => trigger,
            _ => own,
        };
        match holder.heredocs.as_slice() {
            [] => Some((script, None)),
            [heredoc] if run.script => Some((script, Some(heredoc))),
            _ => None,
        }
    }

    fn line_start(self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |line| line + 1)
    }

    /// The end of the line, before what ends it.
    fn line_end(self, at: usize) -> usize {
        let end =
            self.text().get(at..).and_then(|rest| rest.find('\n')).map_or(self.text().len(), |end| at + end);
        if end > at && self.slice(at, end).ends_with('\r') { end - 1 } else { end }
    }

    /// The beginning of the line after one that ends here.
    fn next_line(self, end: usize) -> usize {
        let rest = self.slice(end, self.text().len());
        end + if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) }
    }

    /// The blanks that the line of a place begins with.
    fn indent(self, at: usize) -> &'a str {
        let line = self.slice(self.line_start(at), self.line_end(at));
        line.get(..line.len() - line.trim_start().len()).unwrap_or_default()
    }

    /// The blanks before the lines of a continued instruction that begin a command: those with `&&`, or else the first.
    fn command_indent(self, instruction: &Instruction) -> Option<&'a str> {
        let text = self.slice(instruction.span.start(), instruction.span.end());
        let mut lines = text.lines().skip(1).filter(|line| !line.trim_start().starts_with('#'));
        let joined = lines.clone().find(|line| line.trim_start().starts_with("&&"));
        let line = joined.or_else(|| lines.next())?;
        line.get(..line.len() - line.trim_start().len())
    }
}

/// The strings of the array that an instruction's command is.
fn exec_strings(instruction: &Instruction) -> &[Mapped] {
    let line = match &instruction.kind {
        InstructionKind::Onbuild(Some(trigger)) => return exec_strings(trigger),
        InstructionKind::Run(run) => &run.command,
        InstructionKind::Cmd(line)
        | InstructionKind::Entrypoint(line)
        | InstructionKind::Healthcheck(Healthcheck::Cmd(line)) => line,
        _ => return &[],
    };
    match line {
        CommandLine::Exec { words, .. } => words,
        CommandLine::Shell(_) => &[],
    }
}

/// Whether nothing behind a list is run: it ends the shell.
fn leaves(list: &AndOr) -> bool {
    let last = list.pipelines.last().and_then(|pipeline| pipeline.commands.last());
    matches!(last, Some(Command::Simple(command)) if matches!(command.name(), Some("exit" | "exec" | "return")))
}

/// A `USER` where the stage has written its last file.
pub(crate) fn user_edit(plan: &BuildPlan, stage: &Stage, user: &str) -> Option<Edit> {
    user_lines(plan, stage, &format!("USER {user}"))
}

/// Lines behind the last instruction of a stage that writes files or needs root to: before what says how it is started, so that
/// they are where one looks for them.
pub(crate) fn user_lines(plan: &BuildPlan, stage: &Stage, lines: &str) -> Option<Edit> {
    let instructions = || stage.instructions.clone().filter_map(|index| plan.instruction(index));
    let says_start = |kind: &InstructionKind| {
        matches!(
            kind,
            InstructionKind::Cmd(_) | InstructionKind::Entrypoint(_) | InstructionKind::Healthcheck(_)
        )
    };
    let last = instructions().rev().find(|instruction| !says_start(&instruction.kind));
    let after = last.or_else(|| plan.instruction(stage.from))?;
    let next = instructions().find(|instruction| instruction.span.start() > after.span.start());
    let edits = Edits::of(plan);
    match next {
        Some(next) => edits.insert_line_before(next, lines),
        None => edits.insert_line_after(after, lines),
    }
}

/// An image with another tag, where the file writes it out.
pub(crate) fn with_tag(plan: &BuildPlan, image: &UsedImage, tag: &str) -> Option<Edit> {
    let written = plan.dockerfile.file.slice(image.span);
    let name = match &image.reference.tag {
        Some(old) => written.strip_suffix(old.text())?.strip_suffix(':')?,
        None => written,
    };
    let is_plain = image.reference.digest.is_none() && !written.contains(['$', '@', '"', '\'']);
    Edits::of(plan).replace(image.span, format!("{name}:{tag}")).filter(|_| is_plain)
}

/// A mode in digits without some of its bits.
pub(crate) fn narrowed(subject: &InstructionSubject<'_>, mode: Span, bits: u32) -> Option<Fix> {
    let written = subject.plan.dockerfile.file.slice(mode);
    let is_octal = (3..=5).contains(&written.len()) && written.bytes().all(|b| (b'0'..=b'7').contains(&b));
    let old = u32::from_str_radix(written, 8).ok().filter(|_| is_octal)?;
    let new = old & !bits;
    let text = format!("{new:0width$o}", width = written.len());
    let edit = subject.edits().replace(mode, text.clone()).filter(|_| new != old);
    Fix::of(format!("Use mode `{text}`"), Applicability::Unsafe, [edit])
}

impl ProgramSubject<'_> {
    /// The command without an option, where an instruction runs it.
    pub(crate) fn without_option(&self, option: Span) -> Option<Fix> {
        let Owner::Instruction(own) = &self.owner else { return None };
        let written = own.plan.dockerfile.file.slice(option);
        // Of `-u root` the value stands by itself.
        let edit = own.edits().remove_option(own.index, option).filter(|_| written.starts_with('-'));
        Fix::of(format!("Remove `{written}`"), Applicability::Unsafe, [edit])
    }
}
