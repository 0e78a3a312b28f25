use crate::model::runs::changes::changes;
use crate::model::runs::files::{Removed, removed};
use crate::model::runs::{Course, Program};
use crate::model::values::modes::{SETGID, SETUID, decided, granted, mode_change};
use crate::model::values::owners::owner_change;
use crate::model::values::shell_words::evaluate;
use crate::model::values::variables::Variables;
use crate::rule::dockerfile_edits::narrowed;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;
use std::collections::{HashMap, HashSet};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "setuid-granted",
        docs: "A program is made to run as its owner, whoever starts it.

## Why
A setuid program of root is a door from every user of the container to root, and a fault in it is the key. Nothing in
an image needs one: what must be root can start as root and step down.

## Instead
Leave the bits out, and remove those the base image brings:
`RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +`. A single power, such as binding a low port, can be given
with `setcap`.

## Fix safety
The program then runs as whoever starts it.

## Limits
Looked at are `chmod`, `install -m`, `mkdir -m` and `--chmod` of `COPY` and `ADD` in the stages that become the image.
The setgid bit of a directory only says which group new files get, and is not reported; nor are bits that a later `chown` or
`chgrp` clears.
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::cis("4.8"), Reference::Cwe(250), Reference::Cwe(732), Reference::Owasp("#4"), Reference::Nist("4.1.2")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// The bit that lets the group write.
const GROUP_WRITE: u32 = 0o020;

const HELP: &str = "leave the bit away; `setcap` can give a program the one power it needs";

fn copied(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if let Some(copy) = subject.copy()
        && subject.is_in_target_chain()
        && !is_cleared_later(subject, &subject.plan.written_paths(subject.index, copy))
        && let Some(flag) = subject.operation().flag("chmod")
        && let Some(value) = &flag.value
        && let Some(bits) = subject.plan.expand(subject.index, value).text().and_then(granted)
    {
        let fix = narrowed(subject, value.span(), SETUID | SETGID);
        report(subject, cx, flag.span, bits, false, fix);
    }
}

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(programs) = subject.run().filter(|_| subject.is_in_target_chain()) else {
        copied(subject, cx);
        return;
    };
    let mut undoing = None;
    let owners: Vec<usize> = (0..programs.len())
        .filter(|at| programs.get(*at).is_some_and(|one| matches!(one.name(), Some("chown" | "chgrp"))))
        .collect();
    let mut directories: HashSet<String> = subject
        .stage
        .instructions
        .clone()
        .take_while(|at| *at < subject.index)
        .filter_map(|at| match &subject.plan.instruction(at)?.kind {
            InstructionKind::Workdir(path) => Some(subject.plan.expand(at, path).text()?.to_owned()),
            _ => None,
        })
        .collect();
    for (at, program) in programs.iter().enumerate() {
        if program.name() == Some("mkdir") {
            directories.extend(program.args().iter().filter_map(|word| evaluate(word, subject.variables())));
        }
        let Some(change) = mode_change(program.invocation(), subject.variables()) else { continue };
        let mut later = owners.iter().filter(|owner| **owner > at).filter_map(|owner| programs.get(*owner));
        if later.any(|later| clears(later, &change.paths, subject.variables()))
            || is_cleared_later(subject, &change.paths)
        {
            continue;
        }
        if change.granted & (SETUID | SETGID) == 0
            || undoing
                .get_or_insert_with(|| Undoing::of(subject.plan.course(subject.index)))
                .undoes(subject, at)
        {
            continue;
        }
        let of_type = |pair: &[Word]| matches!(pair, [option, kind] if option.is("-type") && kind.is("d"));
        let directory = change.directory
            || change.recursive
            // `g+ws` is how a directory is shared. The kernel takes the bit off a program that its group writes to.
            || change.granted & GROUP_WRITE != 0
            || program.in_script && program.command().words.windows(2).any(of_type)
            || (!change.paths.is_empty()
                && change.paths.iter().all(|path| path.ends_with('/') || directories.contains(path)));
        let fix = narrowed(subject, change.span, SETUID | SETGID);
        report(subject, cx, program.name_span().cover(change.span), change.granted, directory, fix);
    }
}

/// What a `RUN` does to modes, and what it removes, step by step.
struct Undoing<'a> {
    course: Course<'a>,
    /// The step of each program, by its place.
    steps: HashMap<usize, usize>,
    /// The last step at which `chmod` certainly takes the bits off each path.
    taken_off: HashMap<String, usize>,
    removed: Vec<Removed>,
}

impl<'a> Undoing<'a> {
    fn of(course: Course<'a>) -> Self {
        let mut taken_off = HashMap::new();
        for (at, step) in course.steps.iter().enumerate() {
            let Some((change, paths)) = changes(&course, step) else { continue };
            let says = decided(&change.mode) & (SETUID | SETGID) != 0;
            if change.program == "chmod" && change.granted & (SETUID | SETGID) == 0 && says {
                taken_off.extend(paths.into_iter().flat_map(|(_, paths)| paths).map(|path| (path, at)));
            }
        }
        let steps = course.steps.iter().enumerate().map(|(at, step)| (step.index, at)).collect();
        let removed = removed(&course);
        Self { course, steps, taken_off, removed }
    }

    /// Whether all that a program changes is removed again, or given a mode without the bits.
    fn undoes(&self, subject: &InstructionSubject<'_>, program: usize) -> bool {
        let Some(&at) = self.steps.get(&program) else { return false };
        let changed = self.course.steps.get(at).and_then(|step| changes(&self.course, step));
        let paths: Vec<String> =
            changed.into_iter().flat_map(|(_, paths)| paths).flat_map(|(_, paths)| paths).collect();
        let is_gone = |path: &String| {
            self.taken_off.get(path).is_some_and(|step| *step > at)
                || subject.plan.is_removed_later(subject.index, &self.removed, path, at)
        };
        !paths.is_empty() && paths.iter().all(is_gone)
    }
}

/// Whether a later command gives all that was changed to another owner: the kernel takes the bits off then, for root too.
fn clears(later: &Program, paths: &[String], variables: &Variables) -> bool {
    let Some(owner) = owner_change(later.invocation(), variables) else { return false };
    let covers = |path: &String| {
        owner.paths.iter().any(|changed| {
            let below = || path.strip_prefix(changed.as_str()).is_some_and(|rest| rest.starts_with('/'));
            path == changed || owner.recursive && below()
        })
    };
    !later.may_fail() && !paths.is_empty() && paths.iter().all(covers)
}

/// How many later instructions are looked at.
const MOST_LATER: usize = 64;

/// Whether a later `RUN` of the stage does that.
fn is_cleared_later(subject: &InstructionSubject<'_>, paths: &[String]) -> bool {
    let mut later = subject.stage.instructions.clone().filter(|at| *at > subject.index).take(MOST_LATER);
    later.any(|at| {
        let is_run =
            subject.plan.instruction(at).is_some_and(|one| matches!(one.kind, InstructionKind::Run(_)));
        let variables = subject.plan.variables_at(at);
        is_run && subject.plan.programs(at).iter().any(|program| clears(program, paths, variables))
    })
}

fn report(
    subject: &InstructionSubject<'_>,
    cx: &mut Context<'_>,
    span: Span,
    bits: u32,
    directory: bool,
    fix: Option<Fix>,
) {
    let message = match (bits & SETUID != 0, bits & SETGID != 0) {
        (true, _) => "this sets the setuid bit: the program runs as its owner, whoever starts it",
        (false, true) if !directory => {
            "this sets the setgid bit: the program runs as its group, whoever starts it"
        }
        _ => return,
    };
    subject.report(cx, span, message).help(HELP).maybe_fix(fix);
}
