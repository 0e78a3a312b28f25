use std::collections::{HashMap, HashSet};

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::dockerfile::expansion::Use;
use lint_parser::text::near::closest;
use lint_parser::text::span::Span;

use crate::model::build::BuildPlan;
use crate::model::build::base_environment::{InBase, base_sets};
use crate::model::build::stage::Base;
use crate::model::values::expanded_words;
use crate::rule::check::{InstructionSubject, StageSubject};
use crate::rule::context::Draft;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "undefined-variable",
        docs: "An instruction uses a variable that nothing defines.

## Why
BuildKit puts nothing in its place and goes on: `COPY $SRC .` copies the whole context, and a version
vanishes from a path. An `ARG` before the first `FROM` is not seen in the stages; `TARGETARCH` and its
kin need an `ARG` there too; and an `ENV` does not see what it defines itself.

## Instead
Declare it with `ARG` or `ENV` in the stage, before it is used. If it may be missing, say what
happens then: `${NAME:-}`.

## Fix safety
The variable then has the value it was meant to have.

## Limits
The base image may define variables, and BuildKit asks its registry for them. Without a registry, the
variables of common public images are known, and the finding is certain; on other images only what looks
like a slip is reported, below its severity. Commands of `RUN`, `CMD` and `ENTRYPOINT` are the shell's own
matter.
",
        severity: Severity::Medium,
        references: &[Reference::Hadolint("DL3044"), Reference::BuildKit("UndefinedVar")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

/// Names looked for among, and times it is looked, for "did you mean" in one file.
const MOST_NAMES: usize = 500;
const MOST_GUESSES: usize = 200;

/// Why a variable that the base image might define probably is not.
enum Slip {
    /// The instruction defines it itself.
    Itself,
    /// A global `ARG` of the name.
    Global,
    /// One of BuildKit's own, which need an `ARG`.
    Predefined,
    /// Nearly a name that is defined.
    Misspelt(String),
}

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    let escape = plan.dockerfile.tree.escape;
    let mut guesses = 0;
    let mut roots: Vec<&Base> = Vec::with_capacity(plan.stages.len());
    for stage in &plan.stages {
        let inherited = stage.parent().and_then(|parent| roots.get(parent)).copied();
        roots.push(inherited.unwrap_or(&stage.base));
    }
    for subject in plan.stages.iter().flat_map(|stage| StageSubject { plan, stage }.instructions()) {
        let variables = plan.variables_at(subject.index);
        let words = expanded_words::of(subject.instruction).into_iter();
        let words = words.flat_map(|word| variables.undefined(word, escape)).map(|used| (used, false));
        let bodies = expanded_words::bodies(subject.instruction);
        let bodies = bodies.flat_map(|body| variables.undefined_in_body(body)).map(|used| (used, true));
        let mut seen = HashSet::new();
        let own = Own::of(&subject);
        for (used, in_body) in words.chain(bodies) {
            if used.name.starts_with("BUILDKIT_SBOM_") || !seen.insert(used.name.clone()) {
                continue;
            }
            let root = roots.get(subject.stage.index).copied().unwrap_or(&Base::Unknown);
            let in_base = base_sets(root, &used.name);
            if in_base == InBase::Set {
                continue;
            }
            let slip = slip(&subject, &own, &used, &mut guesses);
            if in_base == InBase::Unknown && slip.is_none() {
                continue;
            }
            let draft = match slip {
                None if in_body => cx
                    .report(subject.place(used.span), format!("nothing defines `{}`", used.name))
                    .help("quote the delimiter, `<<'EOF'`, if it is for a shell to replace when it runs"),
                slip => {
                    let fix = slip.as_ref().and_then(|slip| mended(&subject, &used, slip));
                    report(cx, subject.place(used.span), &used.name, slip).maybe_fix(fix)
                }
            };
            if in_base == InBase::Unknown {
                draft.at_most(Severity::Low);
            }
        }
    }
}

fn report<'c>(cx: &'c mut Context<'_>, place: Place, name: &str, slip: Option<Slip>) -> Draft<'c> {
    let (message, help) = match slip {
        Some(Slip::Itself) => (
            format!("`{name}` is not yet defined in the instruction that defines it"),
            "define it in an instruction before this one".to_owned(),
        ),
        Some(Slip::Global) => (
            format!("`{name}` is declared before the first `FROM`, which stages do not see"),
            format!("repeat `ARG {name}` in this stage"),
        ),
        Some(Slip::Predefined) => (
            format!("no `ARG` declares `{name}` in this stage"),
            format!("add `ARG {name}` before this instruction"),
        ),
        Some(Slip::Misspelt(near)) => {
            (format!("nothing defines `{name}`"), format!("did you mean `{near}`?"))
        }
        None => (
            format!("nothing defines `{name}`"),
            format!("define it with ARG or ENV before this, or write `${{{name}:-}}` if it may be missing"),
        ),
    };
    cx.report(place, message).help(help)
}

/// An `ARG` in the stage, or the name that is meant.
fn mended(subject: &InstructionSubject<'_>, used: &Use, slip: &Slip) -> Option<Fix> {
    let (name, edits) = (&used.name, subject.edits());
    match slip {
        Slip::Itself => None,
        Slip::Global | Slip::Predefined => {
            let edit = edits.insert_line_before(subject.instruction, &format!("ARG {name}"));
            Fix::of(format!("Declare `ARG {name}`"), Applicability::Unsafe, [edit])
        }
        Slip::Misspelt(near) => {
            let written = subject.plan.dockerfile.file.slice(used.span);
            let at = used.span.start() + written.find(name.as_str())?;
            let edit = edits.replace_word(Span::new(at, at + name.len()), name, near.as_str());
            Fix::of(format!("Use `{near}`"), Applicability::Unsafe, [edit])
        }
    }
}

/// What an `ENV` itself defines, by name: the first pair of each.
struct Own<'a>(HashMap<&'a str, Span>);

impl<'a> Own<'a> {
    fn of(subject: &InstructionSubject<'a>) -> Self {
        let InstructionKind::Env(pairs) = &subject.instruction.kind else { return Self(HashMap::new()) };
        Self(pairs.iter().rev().map(|pair| (pair.key.text(), pair.span)).collect())
    }
}

fn slip(subject: &InstructionSubject<'_>, own: &Own<'_>, used: &Use, guesses: &mut usize) -> Option<Slip> {
    let name = used.name.as_str();
    match own.0.get(name) {
        // `ENV X=$X:more` asks for the X before it.
        Some(pair) if pair.encloses(used.span) => return None,
        Some(_) => return Some(Slip::Itself),
        None => {}
    }
    let plan = subject.plan;
    let arguments = &plan.dockerfile.arguments;
    if arguments.writes(name) {
        return Some(Slip::Global);
    }
    if arguments.declares(name) {
        return Some(Slip::Predefined);
    }
    *guesses += 1;
    if *guesses > MOST_GUESSES {
        return None;
    }
    // Short names are near to anything.
    let names = plan.variables_at(subject.index).names().filter(|name| name.len() > 3);
    closest(name, names.take(MOST_NAMES).chain(["PATH"])).map(|near| Slip::Misspelt(near.to_owned()))
}
