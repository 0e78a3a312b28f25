use lint_parser::dockerfile::ast::{Instruction, InstructionKind};

use crate::finding::fix::Fix;
use crate::model::build::BuildPlan;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "inconsistent-instruction-casing",
        docs: "An instruction's keyword is not in the case of the others.

## Why
Keywords mean the same in any case; one case throughout sets them off from their arguments.

## Instead
Write all of them in upper case, or all in lower case.

## Fix safety
Keywords mean the same in any case.

## Limits
The case of most instructions is the right one, upper case on a tie. `ARG`s before the first `FROM` and
what stands behind `ONBUILD` do not count, as in BuildKit, nor do words that are no instructions.
",
        severity: Severity::Style,
        profile: Profile::Strict,
        references: &[Reference::BuildKit("ConsistentInstructionCasing")],
        fixable: Fixable::Always(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let first = plan.stages.first().map_or(usize::MAX, |stage| stage.from);
    // What is no instruction has no casing: `Url="http://X.example/A"` is broken, and may have been meant as anything.
    let is_known = |instruction: &&Instruction| !matches!(instruction.kind, InstructionKind::Unknown);
    let counted = || plan.dockerfile.tree.instructions.iter().skip(first).filter(is_known);
    let lower = counted().filter(|instruction| is_lower(instruction)).count();
    let upper = counted().filter(|instruction| is_upper(instruction)).count();
    let majority_is_lower = lower > upper;
    for instruction in counted() {
        if if majority_is_lower { is_lower(instruction) } else { is_upper(instruction) } {
            continue;
        }
        let keyword = &instruction.keyword;
        let (expected, case) = if majority_is_lower {
            (keyword.value.to_lowercase(), "lower")
        } else {
            (keyword.value.to_uppercase(), "upper")
        };
        let place = Place::new(&plan.dockerfile.file, keyword.span);
        cx.report(place.clone(), format!("`{}` is not in {case} case like most instructions", keyword.value))
            .help(format!("write `{expected}`"))
            .fix(Fix::replace(format!("Write `{expected}`"), place, expected));
    }
}

fn is_lower(instruction: &Instruction) -> bool {
    instruction.keyword.value == instruction.keyword.value.to_lowercase()
}

fn is_upper(instruction: &Instruction) -> bool {
    instruction.keyword.value == instruction.keyword.value.to_uppercase()
}
