use crate::model::runs::commands::run_of;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "wget-progress-bar",
        docs: "`wget` draws its progress into the build log.

## Why
Without a terminal `wget` prints a line for every 50 kilobytes: 2000 lines for a download of 100
megabytes, in which the one that matters is hard to find.

## Instead
`wget -nv` (one line per download), `-q` (nothing but errors), or `--progress=dot:giga`.

## Fix safety
What is downloaded is the same.
",
        severity: Severity::Style,
        profile: Profile::OptIn,
        references: &[Reference::Hadolint("DL3047")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if run_of(subject.instruction).is_none() {
        return;
    }
    for program in subject.plan.programs(subject.index) {
        let is_wget = program.name() == Some("wget");
        if !is_wget || program.may_have_options() || program.args().is_empty() || is_quiet(program.args()) {
            continue;
        }
        cx.report(subject.place(program.span_to(0)), "`wget` writes its progress into the build log")
            .help("add `-nv`, `-q` or `--progress=dot:giga`")
            .maybe_fix(Fix::of(
                "Add `-nv`",
                Applicability::Safe,
                [subject.edits().add_option(subject.index, program.name_span(), "-nv")],
            ));
    }
}

fn is_quiet(args: &[lint_parser::shell::word::Word]) -> bool {
    args.iter().any(|arg| {
        let text = arg.static_prefix();
        let long = [
            "--quiet",
            "--no-verbose",
            "--progress",
            "--output-file",
            "--append-output",
            "--version",
            "--help",
        ];
        if text.starts_with("--") {
            return long.iter().any(|option| text.starts_with(option));
        }
        let Some(letters) = text.strip_prefix('-') else { return false };
        // Letters with values (`-O file`, `-Ofile`) end the group; `-nv` is a pair.
        let own: String =
            letters.chars().take_while(|letter| !"OPUtTiIBADXRQlew".contains(*letter)).collect();
        own.contains(['q', 'o', 'a', 'b', 'V', 'h']) || own.contains("nv")
    })
}
