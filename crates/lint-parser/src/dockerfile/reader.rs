//! The file from top to bottom: directives, comments, instructions and their heredocs.

use crate::dockerfile::ast::{CommandLine, Comment, Copy, Dockerfile, Heredoc, Instruction, InstructionKind};
use crate::dockerfile::directives::Directives;
use crate::dockerfile::grammar::{self};
use crate::dockerfile::heredoc::{self, LastLines};
use crate::dockerfile::lines::{Lines, Logical};
use crate::dockerfile::reading::Reading;
use crate::dockerfile::validate;
use crate::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use crate::text::span::{Span, Spanned};

/// Reads a whole file.
pub(super) fn read(text: &str) -> Parsed<Dockerfile> {
    let mut tree =
        Dockerfile { directives: Vec::new(), instructions: Vec::new(), comments: Vec::new(), escape: '\\' };
    let mut errors = Vec::new();
    if u32::try_from(text.len()).is_err() {
        let message = "the file is larger than 4 GiB";
        errors.push(SyntaxError::new(SyntaxErrorKind::Syntax, Span::at(0), message));
        return Parsed { tree, errors };
    }
    let mut lines = Lines::new(text);
    let mut directives = Directives::new();
    let mut last_lines = LastLines::default();
    while let Some(line) = lines.next() {
        let (content, start) = line.unindented();
        if content.starts_with('#') {
            if !directives.read(line, &mut errors) {
                let span = Span::new(start, start + content.len());
                tree.comments.push(comment(text, span, tree.instructions.len(), false));
            }
            continue;
        }
        directives.read_foreign(line);
        directives.end();
        if content.is_empty() {
            continue;
        }
        tree.escape = directives.escape;
        let mut reading = Reading { escape: directives.escape, trigger: false, errors: &mut errors };
        let logical = Logical::read(line, &mut lines, directives.escape);
        let instruction = instruction(text, &logical, &mut lines, &mut last_lines, &mut reading);
        let index = tree.instructions.len();
        for &span in &logical.comments {
            // After a first line of one escape, comments come before the keyword.
            let inside = span.start() >= instruction.span.start();
            tree.comments.push(comment(text, span, index, inside));
        }
        tree.instructions.push(instruction);
    }
    tree.escape = directives.escape;
    tree.directives = directives.found;
    for &span in &lines.too_long {
        let message = "dockerfile line greater than max allowed size of 65535";
        errors.push(SyntaxError::new(SyntaxErrorKind::Syntax, span, message));
    }
    validate::validate(&tree, &mut errors);
    errors.sort_by_key(|error| error.span.start());
    Parsed { tree, errors }
}

fn comment(text: &str, span: Span, instruction: usize, inside: bool) -> Comment {
    let rest = Span::new(span.start() + 1, span.end());
    Comment { span, text: Spanned::new(rest.slice(text).to_owned(), rest), instruction, inside }
}

fn instruction<'a>(
    text: &'a str,
    logical: &Logical,
    lines: &mut Lines<'a>,
    last_lines: &mut LastLines<'a>,
    reading: &mut Reading<'_>,
) -> Instruction {
    let mut instruction = grammar::instruction(&logical.joined, reading);
    let start = instruction.keyword.span.start();
    instruction.blank_lines =
        logical.blank_lines.iter().filter(|blank| blank.start() >= start).copied().collect();
    let mut end = logical.end.max(instruction.span.end());
    let holder = match trigger(&mut instruction) {
        Some(trigger) => trigger,
        None => &mut instruction,
    };
    if holds_heredocs(holder) {
        let run = matches!(holder.kind, InstructionKind::Run(_));
        let from = lines.at();
        let operators = heredoc::operators(&logical.joined, run, |name| last_lines.any(text, name, from));
        let heredocs = heredoc::bodies(text, operators, lines, reading);
        if let Some(last) = heredocs.last() {
            end = end.max(last.terminator.unwrap_or(last.content.span()).end());
        }
        take(holder, heredocs);
    }
    holder.span = Span::new(holder.keyword.span.start(), end);
    instruction.span = Span::new(instruction.keyword.span.start(), end);
    instruction
}

/// The trigger of an `ONBUILD`.
fn trigger(instruction: &mut Instruction) -> Option<&mut Instruction> {
    match &mut instruction.kind {
        InstructionKind::Onbuild(trigger) => trigger.as_deref_mut(),
        _ => None,
    }
}

fn holds_heredocs(instruction: &Instruction) -> bool {
    match &instruction.kind {
        InstructionKind::Run(run) => matches!(run.command, CommandLine::Shell(_)),
        InstructionKind::Copy(Copy { json, .. }) | InstructionKind::Add(Copy { json, .. }) => !json,
        _ => false,
    }
}

fn take(instruction: &mut Instruction, heredocs: Vec<Heredoc>) {
    if let InstructionKind::Run(run) = &mut instruction.kind {
        run.script = heredocs.len() == 1 && heredoc::operator(&instruction.arguments).is_some();
    }
    instruction.heredocs = heredocs;
}
