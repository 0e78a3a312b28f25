use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::model::runs::Program;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unverified-ssh-host",
        docs: "SSH does not ask whether the server is the one that is meant.

## Why
With `StrictHostKeyChecking=no` whoever stands between the build and the server answers in its name, hands
over other code and may use a forwarded key as well. Where the setting stays in the image, that is true of
every later connection too.

## Instead
Write the server's key into the image: `COPY known_hosts /etc/ssh/ssh_known_hosts`, with the lines that
GitHub, GitLab and others publish.

## Fix safety
A server whose key is not known is then refused: its key must be there.

## Limits
`ssh-keyscan` believes the first answer, at each build. It is reported with the strict profile only, as low, unless
something in the same `RUN` compares what came.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing, Stride::InformationDisclosure],
        references: &[Reference::cis("4.11"), Reference::Cwe(322)],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

const HELP: &str = "put the server's published key into `/etc/ssh/ssh_known_hosts`";

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if !subject.is_reachable() {
        return;
    }
    let operation = subject.operation();
    let mut words: Vec<Span> = Vec::new();
    // Those that may hold one of the words: whole assignments, and lines of a script.
    let mut around: Vec<Span> = Vec::new();
    let mut scanned: Vec<Span> = Vec::new();
    if let Some(programs) = subject.run() {
        scanned = of_programs(programs, &mut words);
        let set = subject.plan.variables_set(subject.index).iter();
        around.extend(set.filter(|set| trusts_all(&set.value)).map(|set| set.span));
    }
    if let InstructionKind::Env(pairs) = &operation.kind {
        let set =
            pairs.iter().filter(|pair| pair.value.as_ref().is_some_and(|value| trusts_all(value.text())));
        words.extend(set.map(|pair| pair.span));
    }
    for heredoc in &operation.heredocs {
        let text = heredoc.content.text();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if trusts_all(line) {
                around.push(heredoc.content.span_of(start..start + line.trim_end().len()));
            }
            start += line.len();
        }
    }
    words.sort_unstable();
    let holds = |around: Span| {
        let first = words.partition_point(|word| word.start() < around.start());
        words.get(first).is_some_and(|word| around.encloses(*word))
    };
    around.retain(|span| !holds(*span));
    let mut found = words;
    found.extend(around);
    found.sort_unstable();
    found.dedup();
    for span in found {
        subject
            .report(cx, span, "SSH believes every server that answers")
            .help(HELP)
            .maybe_fix(without(subject, span));
    }
    if cx.is_strict() {
        for span in scanned {
            subject
                .report(cx, span, "this believes whichever server answers during the build")
                .at_most(Severity::Low)
                .help(HELP);
        }
    }
}

/// The command without `-o` and the option.
fn without(subject: &InstructionSubject<'_>, word: Span) -> Option<Fix> {
    let file = &subject.plan.dockerfile.file;
    let line = file.line_span(file.line(word.start()));
    let before = file.slice(Span::new(line.start(), word.start())).trim_end();
    let written = file.slice(word);
    let is_word = subject.run().is_some() && written.contains('=') && !written.contains(char::is_whitespace);
    let (start, is_option) = match written.strip_prefix("-o") {
        Some(_) => (word.start(), true),
        None => (line.start() + before.len().checked_sub(2)?, before.ends_with(" -o")),
    };
    let edit = subject
        .edits()
        .remove_option(subject.index, Span::new(start, word.end()))
        .filter(|_| is_word && is_option);
    Fix::of("Remove the option", Applicability::Unsafe, [edit])
}

const OPTION: &str = "stricthostkeychecking";

/// Notes the words that switch the question off; gives where keys are fetched that nothing looks at.
fn of_programs(programs: &[Program], found: &mut Vec<Span>) -> Vec<Span> {
    let mut scanned = Vec::new();
    let mut compares = false;
    for program in programs {
        match program.name() {
            Some("ssh-keygen" | "diff" | "cmp" | "sha256sum" | "shasum" | "grep") => compares = true,
            Some("ssh-keyscan") => scanned.push(program.span()),
            _ => {}
        }
        // What a wrapper or a shell is given comes again by itself.
        let outer = program.invocation().script().is_some();
        for (at, word) in program.args().iter().enumerate().filter(|_| !outer) {
            let text = word.unquoted();
            let apart = text.eq_ignore_ascii_case(OPTION)
                && program.args().get(at + 1).is_some_and(|next| matches!(&*next.unquoted(), "no" | "off"));
            if trusts_all(&text) || apart {
                found.push(word.span());
            }
        }
    }
    if compares {
        scanned.clear();
    }
    scanned
}

/// Whether a text has the option with a value that switches the question off.
fn trusts_all(text: &str) -> bool {
    // Nearly no text has it.
    if !text.as_bytes().windows(OPTION.len()).any(|part| part.eq_ignore_ascii_case(OPTION.as_bytes())) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let comment = lower.trim_start().starts_with('#');
    !comment
        && lower.match_indices(OPTION).any(|(at, _)| {
            let rest = lower.get(at + OPTION.len()..).unwrap_or_default();
            let value = rest.trim_start_matches([' ', '\t', '=', '"', '\'']);
            let word: String = value.chars().take_while(char::is_ascii_alphanumeric).collect();
            value.len() < rest.len() && matches!(word.as_str(), "no" | "off")
        })
}
